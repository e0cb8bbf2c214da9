"""Open Test Reporting, hierarchy (root ``execution``): a tree of ``root`` and ``child`` elements.

Elements without a ``child`` are the cases. A container that failed although nothing below it did is a case by itself. An
element without a ``result`` never ended: its status is ``unfinished``, this reader's word for it.
"""

from __future__ import annotations

from release_staging.evidence.elements import XmlNode
from release_staging.evidence.reader import XML, Extract, Head, Reader, XmlDocument
from release_staging.evidence.test_reports.nesting import Failures, Losses
from release_staging.evidence.test_reports.open_test_reporting import NOT_FAILED, VOCABULARY, claim_identity, drops, namespaced, status_of
from release_staging.evidence.test_reports.units import iso_seconds
from release_staging.model.confidence import Confidence
from release_staging.model.exceptions import Code

_DROPS = {"failure-detail": ("result",), "test-output": ("attachments",)}  # may hold secrets
_DETAIL = {"test-detail": ("metadata", "sources")}


def recognise(head: Head) -> str | None:
    return namespaced(head.root.namespace, "hierarchy") if head.root.name == "execution" else None


def read(document: XmlDocument, out: Extract) -> None:
    failures, losses, cases, first = Failures(), Losses(_DROPS, _DETAIL), 0, None
    node: XmlNode | None = None
    for node in document.stream("root", "child"):
        if node.name not in ("root", "child"):
            continue
        losses.apply(node)
        status, name = status_of(node) or "unfinished", node.text("name", required=True)
        failed, above = status not in NOT_FAILED, node.element.parent
        duration = node.text("duration")
        node.text("start")
        if node.name == "root" and first is None:
            first = node.attribute("start")
        if "child" in node.element.within and (failures.explained(node.element) or not failed):
            continue
        cases += 1
        if failed:
            failures.case(node.element)
        seconds = iso_seconds(duration) if duration else None
        if duration and seconds is None:
            out.drift(node.attribute("duration"), "an ISO 8601 duration")
        out.row(
            "test_cases",
            node,
            suite=above.attributes.get("name") if above is not None else None,
            name=name,
            status=status,
            vocabulary=VOCABULARY,
            duration_s=seconds,
        )
    if node is None:
        return
    claim_identity(node, out)
    if first is not None:
        out.claim("started_at", first, confidence=Confidence.DERIVED, loss="time of the first root")
    if not cases:
        out.problem(Code.EVIDENCE_EMPTY, "the report holds no test; no test run is not a passed test run", node)


READER = Reader(
    source="test_reports",
    format="open-test-reporting-hierarchy",
    title="Open Test Reporting, hierarchy",
    reference="ota4j-team/open-test-reporting, schema hierarchy-0.2.0.xsd, core-0.2.0.xsd, git-0.2.0.xsd",
    encodings=(XML,),
    media_type="application/xml",
    recognise=recognise,
    read=read,
    versions=("0.1.0", "0.2.0"),
    drops=drops("execution"),
)
