"""Check (C) XML log: a root called ``testsuites`` as in JUnit, but in Check's own namespace and with another structure below.

A test's status is ``@result`` (``success failure error``, vocabulary ``check-result``). A test that runs in a loop has a result for each
iteration, whose number is in its name. ``datetime`` is local time without a zone.
"""

from __future__ import annotations

from release_staging.evidence.elements import XmlNode
from release_staging.evidence.reader import XML, Extract, Head, Reader, XmlDocument
from release_staging.evidence.test_reports.nesting import Losses
from release_staging.model.exceptions import Code

_DROPS = {"failure-detail": ("message",), "build-machine": ("path",)}  # a message may hold secrets
_DETAIL = {"test-detail": ("fn", "description")}


def recognise(head: Head) -> str | None:
    return "" if head.root.name == "testsuites" and head.root.namespace == "http://check.sourceforge.net/ns" else None


def read(document: XmlDocument, out: Extract) -> None:
    cases, losses = 0, Losses(_DROPS, _DETAIL)
    node: XmlNode | None = None
    for node in document.stream("test"):
        if node.name == "test":
            losses.apply(node)
            _case(node, out)
            cases += 1
    if node is None:
        return
    for datetime in node.children("datetime"):
        out.claim("started_at", datetime.content())
    for suite in node.children("suite"):
        for title in suite.children("title"):
            out.scalar(title.content())
    duration = next((out.scalar(place.content()) for place in node.children("duration")), None)
    out.row("test_suites", node, duration_s=duration)
    if not cases:
        out.problem(Code.EVIDENCE_EMPTY, "the report holds no test; no test run is not a passed test run", node)


def _case(test: XmlNode, out: Extract) -> None:
    above = test.element.parent
    suite = next((child.text.strip() for child in above.children if child.name == "title"), None) if above is not None else None
    iteration = next((out.scalar(place.content()) for place in test.children("iteration")), None)
    name = next((out.scalar(place.content(), required=True) for place in test.children("id")), None)
    if name is None:
        out.drift(test, "a test with an id")
    took = next((out.scalar(place.content()) for place in test.children("duration")), None)
    out.row(
        "test_cases",
        test,
        suite=suite,
        name=f"{name} [{iteration}]" if name and iteration not in (None, "0") else name,
        status=test.text("result", required=True) or "absent",
        vocabulary="check-result",
        duration_s=None if took is not None and took.startswith("-") else took,  # a test that broke off has none
    )


READER = Reader(
    source="test_reports",
    format="check-xml",
    title="Check (C) XML log",
    reference="libcheck/check doc and xml/check_unittest.xslt, namespace http://check.sourceforge.net/ns",
    encodings=(XML,),
    media_type="application/xml",
    recognise=recognise,
    read=read,
    revision=2,
)
