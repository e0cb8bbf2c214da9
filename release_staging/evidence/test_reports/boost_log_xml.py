"""Boost.Test XML log (root ``TestLog``).

A case's status is the name of what stands in it, worst first (``FatalError Exception Error``, vocabulary ``boost-log``), or
``skipped``; ``passed`` is this reader's word where there is none, and what nobody knows is given as it is named. An error outside
any case (of a fixture) and a suite that was skipped are cases by themselves. The log does not say which failures were expected:
they are failures here. ``TestingTime`` is in microseconds.
"""

from __future__ import annotations

from release_staging.evidence.elements import XmlNode
from release_staging.evidence.reader import XML, Extract, Head, Reader, XmlDocument
from release_staging.evidence.test_reports.nesting import Losses
from release_staging.evidence.test_reports.units import scaled
from release_staging.model.exceptions import Code

VOCABULARY = "boost-log"
_BROKEN = ("FatalError", "Exception", "Error")
_SILENT = {"Info", "Message", "Warning", "TestingTime", "Context"}
_DROPS = {"test-output": ("Info", "Message", "Warning", "Context", *_BROKEN)}  # with what was compared, which may be a secret
_DETAIL = {"test-detail": ("@file", "@line", "@reason")}


def recognise(head: Head) -> str | None:
    return "" if head.root.name == "TestLog" and not head.root.namespace and not head.root.attributes else None


def read(document: XmlDocument, out: Extract) -> None:
    cases, losses = 0, Losses({**_DROPS, **_DETAIL})
    node: XmlNode | None = None
    for node in document.stream("TestCase", "TestSuite"):
        if node.name in ("TestCase", "TestSuite"):
            losses.apply(node)
            cases += _case(node, out) if node.name == "TestCase" else _suite(node, out)
    if node is not None and not cases:
        out.problem(Code.EVIDENCE_EMPTY, "the log holds no test case; no test run is not a passed test run", node)


def _case(case: XmlNode, out: Extract) -> int:
    took = next((_seconds(place) for place in case.children("TestingTime")), None)
    above = case.parent
    suite = above.text("name") if above is not None else None
    name = case.text("name", required=True)
    out.row("test_cases", case, suite=suite, name=name, status=_word(case) or "passed", vocabulary=VOCABULARY, duration_s=took)
    return 1


def _seconds(time: XmlNode) -> str | None:
    text = (time.out.scalar(time.content()) or "").strip()
    if not text.isdecimal():
        time.out.drift(time.content(), "a whole number of microseconds")
        return None
    return scaled(text, 6)


def _suite(suite: XmlNode, out: Extract) -> int:
    name, word = suite.text("name"), _word(suite)
    if word is None:
        return 0
    out.row("test_cases", suite, suite=name, name=name, status=word, vocabulary=VOCABULARY)
    return 1


def _word(node: XmlNode) -> str | None:
    """What tells that a case or a suite did not pass."""
    inside = {child.name for child in node.element.children}
    broken = next((name for name in (*_BROKEN, *sorted(inside - _SILENT)) if name in inside), None)
    skipped = node.text("skipped")
    return broken or ("skipped" if skipped == "yes" else skipped)


READER = Reader(
    source="test_reports",
    format="boost-log-xml",
    title="Boost.Test log (XML)",
    reference="boostorg/test boost/test/impl/xml_log_formatter.ipp; Boost 1.33 to 1.86",
    encodings=(XML,),
    media_type="application/xml",
    recognise=recognise,
    read=read,
    drops={"build-machine": ("/TestLog/BuildInfo/**",)},
)
