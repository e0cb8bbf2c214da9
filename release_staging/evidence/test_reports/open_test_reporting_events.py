"""Open Test Reporting, events (root ``events``): a stream of ``started`` and ``finished`` elements, joined by ``@id``.

What started and was nobody's parent is a case; JUnit says ``CONTAINER`` of a container that turned out to be empty. A container
that failed although nothing below it did is a case by itself. What started and never finished died with the run: its status
is ``unfinished``, this reader's word for it. Events may come in any order.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from release_staging.evidence.elements import XmlNode, XmlValue
from release_staging.evidence.reader import XML, Extract, Head, Reader, XmlDocument
from release_staging.evidence.test_reports.nesting import Losses
from release_staging.evidence.test_reports.open_test_reporting import NOT_FAILED, VOCABULARY, claim_identity, drops, namespaced, status_of
from release_staging.model.confidence import Confidence
from release_staging.model.exceptions import Code

_DROPS = {"failure-detail": ("result",), "test-output": ("attachments",)}  # may hold secrets
_DETAIL = {"test-detail": ("sources", "@time")}
_METADATA_DETAIL = {"test-detail": ("uniqueId", "legacyReportingName", "tags")}


@dataclass
class _Test:
    place: XmlValue
    name: str | None
    parent: str | None
    kind: str | None
    ended: XmlValue | None = None
    status: str = "unfinished"
    has_children: bool = False
    explained: bool = False


@dataclass
class _Events:
    losses: Losses = field(default_factory=lambda: Losses(_DROPS, _DETAIL))
    metadata_losses: Losses = field(default_factory=lambda: Losses(summarises=_METADATA_DETAIL))
    tests: dict[str, _Test] = field(default_factory=dict)
    ends: list[tuple[str, XmlValue, str]] = field(default_factory=list)
    begin: XmlValue | None = None
    end: XmlValue | None = None


def recognise(head: Head) -> str | None:
    return namespaced(head.root.namespace, "events") if head.root.name == "events" else None


def read(document: XmlDocument, out: Extract) -> None:
    events = _Events()
    node: XmlNode | None = None
    for node in document.stream("started", "reported", "finished"):
        if node.name in ("started", "reported", "finished"):
            events.losses.apply(node)
            _event(node, events, out)
    if node is None:
        return
    claim_identity(node, out)
    for field_name, place, which in (("started_at", events.begin, "first"), ("finished_at", events.end, "last")):
        if place is not None:
            out.claim(field_name, place, confidence=Confidence.DERIVED, loss=f"time of the {which} event")
    _join(events, out)
    cases = [test for test in events.tests.values() if _is_case(test)]
    for test in cases:
        above = events.tests.get(test.parent or "")
        out.row(
            "test_cases",
            test.ended or test.place,
            suite=above.name if above is not None else None,
            name=test.name,
            status=test.status,
            vocabulary=VOCABULARY,
        )
    if not cases:
        out.problem(Code.EVIDENCE_EMPTY, "the report holds no test; no test run is not a passed test run", node)


def _event(node: XmlNode, events: _Events, out: Extract) -> None:
    key, place = node.text("id", required=True), XmlValue(node.locator, node.name, node.shape)
    if node.element.attributes.get("time"):
        if events.begin is None:
            events.begin = node.attribute("time")
        events.end = node.attribute("time")
    if key is None:
        return
    if node.name == "started":
        kind = None
        for metadata in node.children("metadata"):
            events.metadata_losses.apply(metadata)
            kind = next((out.scalar(place.content()) for place in metadata.children("type")), None)
        name, parent = node.text("name", required=True), node.text("parentId")
        if key in events.tests:
            out.drift(node.attribute("id"), "an id that no other started has")
        events.tests[key] = _Test(place, name, parent, kind)
    elif node.name == "finished":
        status = status_of(node)
        if status is None:
            out.drift(node, "a result")
        else:
            events.ends.append((key, place, status))


def _join(events: _Events, out: Extract) -> None:
    """Gives each test its end, and tells containers which of them have a failed test below."""
    for key, place, status in events.ends:
        if key in events.tests:
            events.tests[key].ended, events.tests[key].status = place, status
        else:
            out.drift(place, "the end of something that started")
    for test in events.tests.values():
        if test.parent in events.tests:
            events.tests[test.parent].has_children = True
        elif test.parent is not None:
            out.drift(test.place, "a parent that started")
    leaves = [test for test in events.tests.values() if not test.has_children]
    for test in (*leaves, *(test for test in reversed(events.tests.values()) if test.has_children)):  # inner containers first
        if test.status not in NOT_FAILED and not test.explained:
            above = events.tests.get(test.parent or "")
            while above is not None and above is not test and not above.explained:
                above.explained = True
                above = events.tests.get(above.parent or "")


def _is_case(test: _Test) -> bool:
    """Leaves, and containers that did not end well although everything below them did."""
    if test.has_children or (test.kind == "CONTAINER" and test.status == "SUCCESSFUL"):
        return test.status not in NOT_FAILED and not test.explained
    return True


READER = Reader(
    source="test_reports",
    format="open-test-reporting-events",
    title="Open Test Reporting, events",
    reference="ota4j-team/open-test-reporting, schema events-0.2.0.xsd, core-0.2.0.xsd, git-0.2.0.xsd; JUnit 5.9 and later",
    encodings=(XML,),
    media_type="application/xml",
    recognise=recognise,
    read=read,
    versions=("0.1.0", "0.2.0"),
    drops=drops("events"),
)
