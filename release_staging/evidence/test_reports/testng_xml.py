"""TestNG results (root ``testng-results``).

A status is ``@status`` of a ``test-method`` (``PASS FAIL SKIP``, vocabulary ``testng-status``). A method with ``@is-config`` sets up or
tears down and is no test: it is a case only where it failed, which no counter of the report tells. Root counters are
declared totals; old versions have none. In them ``ignored`` (7.x) counts as skipped.
"""

from __future__ import annotations

from release_staging.evidence.elements import XmlNode
from release_staging.evidence.reader import XML, Extract, Head, Reader, XmlDocument
from release_staging.evidence.test_reports.nesting import Losses
from release_staging.evidence.test_reports.totals import Listed, compare
from release_staging.evidence.test_reports.units import scaled
from release_staging.model.confidence import Confidence
from release_staging.model.exceptions import Code

_DROPS = {
    "test-output": ("reporter-output", "attributes"),  # may hold secrets
    "failure-detail": ("exception",),
    "test-parameters": ("params",),
}
_DETAIL = {
    "test-detail": (
        *("@signature", "@started-at", "@finished-at", "@description", "@data-provider", "@groups", "@depends-on-methods"),
        *("@depends-on-groups", "@test-instance-name"),
    )
}


def recognise(head: Head) -> str | None:
    return "" if head.root.name == "testng-results" and not head.root.namespace else None


def read(document: XmlDocument, out: Extract) -> None:
    cases, losses, listed = 0, Losses(_DROPS, _DETAIL), Listed()
    root: XmlNode | None = None
    for root in document.stream("test-method", wanted={"test-method": ()}):
        if root.name == "test-method":
            losses.apply(root)
            cases += _case(root, listed, out)
    if root is None:
        return
    skipped, ignored = root.integer("skipped"), root.integer("ignored")
    out.row(
        "test_suites",
        root,
        tests=root.integer("total"),
        passed=root.integer("passed"),
        failed=root.integer("failed"),
        skipped=skipped if ignored is None else (skipped or 0) + ignored,
    )
    _compare(root, listed, out)
    suites = list(root.children("suite"))
    for field, name, chosen, which in (
        ("started_at", "started-at", suites[:1], "first"),
        ("finished_at", "finished-at", suites[-1:], "last"),
    ):
        for suite in chosen:
            out.claim(field, suite.attribute(name), confidence=Confidence.DERIVED, loss=f"time of the {which} suite")
    for suite in suites:
        suite.text("name")
        for test in suite.children("test"):
            out.row(
                "test_suites",
                test,
                name=test.text("name"),
                duration_s=_seconds(test, out),
                started_at=test.text("started-at"),
            )
            for group in test.children("class"):
                group.text("name")
    if not cases:
        out.problem(Code.EVIDENCE_EMPTY, "the report holds no test method; no test run is not a passed test run", root)


def _compare(root: XmlNode, listed: Listed, out: Extract) -> None:
    """What the report declares of its test methods; one that was tried again is counted or not, one that is ignored is not listed."""
    listed.add("ignored", root, root.integer("ignored") or 0)
    root.integer("retried")
    for key, kinds in {"total": ("PASS", "FAIL", "SKIP"), "passed": ("PASS",), "failed": ("FAIL",), "skipped": ("SKIP",)}.items():
        ways = (kinds, (*kinds, "tried again"), (*kinds, "ignored"), (*kinds, "tried again", "ignored"))
        compare(out, root.attribute(key), root.integer(key), key if key != "total" else "tests", ways, listed)


def _case(method: XmlNode, listed: Listed, out: Extract) -> bool:
    """Adds the row of a method; whether it is a test, or failed as one."""
    status, name = method.text("status", required=True) or "absent", method.text("name", required=True)
    if method.text("is-config") != "true":
        listed.add(status if method.text("retried") != "true" else "tried again", method)
    is_config, above = method.text("is-config") == "true", method.element.parent
    duration = _seconds(method, out)
    if is_config and status in ("PASS", "SKIP"):
        return False
    out.row(
        "test_cases",
        method,
        suite=above.attributes.get("name") if above is not None else None,
        name=name,
        status=status,
        vocabulary="testng-status",
        duration_s=duration,
    )
    return True


def _seconds(node: XmlNode, out: Extract) -> str | None:
    text = node.text("duration-ms")
    if text is None or text.isdecimal():
        return scaled(text, 3) if text else None
    out.drift(node.attribute("duration-ms"), "milliseconds")
    return None


READER = Reader(
    source="test_reports",
    format="testng-xml",
    title="TestNG results",
    reference="testng-results.xml; testng-team/testng, org.testng.reporters.XMLReporter 7.x",
    encodings=(XML,),
    media_type="application/xml",
    recognise=recognise,
    read=read,
    revision=2,
    drops={"test-output": ("/testng-results/reporter-output/**", "/testng-results/suite/test/reporter-output/**")},
    summarises={
        "suite-detail": (
            *(f"/testng-results/suite/@{name}" for name in ("duration-ms", "started-at", "finished-at", "url")),
            "/testng-results/suite/groups/**",
            "/testng-results/suite/test/@finished-at",
        )
    },
)
