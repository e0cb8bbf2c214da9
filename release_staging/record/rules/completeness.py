"""Rules on what is not there: required evidence, required fields, required test levels, weak sources."""

from __future__ import annotations

from collections.abc import Iterator

from release_staging.model.confidence import Confidence
from release_staging.model.exceptions import Code, Role
from release_staging.model.sources import SOURCE_BY_NAME
from release_staging.record.rules.rule import UNREAD, Context, Raised, rule

_ATTESTATIONS = "provenance_attestations"


@rule(
    Code.EVIDENCE_MISSING,
    title="Required evidence is missing",
    looks_at="the sources and test levels that policy requires",
    remedy="Add the document to the packet and submit it again.",
    owner=Role.RELEASE_MANAGER,
    revision=2,
)
def required_evidence(context: Context) -> Iterator[Raised]:
    view = context.view
    if not view.documents:  # opening told why
        return
    for source in view.policy.required_sources:
        if not view.meant_for(source):
            title = SOURCE_BY_NAME[source].title
            yield Raised(
                source, f"no document of {source} ({title}) is in the packet", source=source, owner=Role(SOURCE_BY_NAME[source].owner)
            )
    levels = context.assembly.tree.get("tests", {}).get("levels") or []
    reports = view.of_source("test_reports")
    present = {document.level for document in reports}
    for level in view.policy.required_test_levels if reports else ():
        if level not in levels and not _level_is_told(context, level):
            why = "holds reports, but none of their tests ran" if level in present else "has no report"
            yield Raised(f"test_reports: {level}", f"required test level {level} {why}", source="test_reports", owner=Role.SERVICE_OWNER)


@rule(
    Code.EVIDENCE_MISSING,
    title="No attestation says who built",
    looks_at="the builders that the packet's attestations name, where policy requires attestations",
    remedy="Submit the provenance of the build (SLSA), signed by its builder.",
    owner=Role.SECURITY_REVIEWER,
)
def provenance(context: Context) -> Iterator[Raised]:
    """Attestations of tests, scans or of a type that is not read here are no provenance. What could not be read is told as that."""
    view = context.view
    documents = view.of_source(_ATTESTATIONS)
    required = _ATTESTATIONS in view.policy.required_sources
    if required and documents and not view.claimed("builder.id", _ATTESTATIONS) and not _has_trouble(context, _ATTESTATIONS):
        message = f"none of the {len(documents)} attestation documents says who built the artifacts, and of what"
        yield Raised(f"{_ATTESTATIONS}: builder", message, tuple(document.at() for document in documents), source=_ATTESTATIONS)


def _level_is_told(context: Context, level: str) -> bool:
    """Whether a report said to be of the level is there, and something that blocks says why it was not read."""
    view = context.view
    blocking = {code for code in UNREAD if view.policy.blocks(code.value, "test_reports", default=True)}
    troubled = {problem["document"] for problem in view.problems if problem["code"] in blocking}
    return any(one.level == level and one.sha256 in troubled for one in view.meant_for("test_reports"))


@rule(
    Code.REQUIRED_FIELD_MISSING,
    title="A required field has no value",
    looks_at="the fields that the contract requires",
    remedy="Add the value to the document that should name it, and submit the packet again.",
    owner=Role.RELEASE_MANAGER,
)
def required_field(context: Context) -> Iterator[Raised]:
    """A field whose evidence is missing or unread, or whose values contradict, is told by those exceptions, not twice.

    A document that the descriptor promises and that is not there may hold any of them.
    """
    view = context.view
    contradicted, promised = {sides.field for sides in view.contradictions}, view.lacks_a_document
    for slot in context.assembly.missing:
        contradicts = isinstance(slot.what, str) and slot.what in contradicted
        told = contradicts or promised or any(_is_told(context, source) for source in slot.sources)
        if slot.required and not told:
            asked = ", ".join(slot.sources)
            yield Raised(
                slot.name,
                f"{slot.name} has no value: {slot.consequence}",
                tuple(document.at() for source in slot.sources for document in view.of_source(source)),
                owner=Role(slot.owner),
                remedy=f"Name {slot.name} in a document of {asked}, and submit the packet again." if asked else None,
            )


def _is_told(context: Context, source: str) -> bool:
    """Whether something else says why this source brings nothing: it is missing, or a document of it was not read as it should be."""
    view = context.view
    missing = not view.meant_for(source) and source in view.policy.required_sources
    return not view.documents or missing or _has_trouble(context, source)


def _has_trouble(context: Context, source: str) -> bool:
    troubled = {problem["document"] for problem in context.view.problems if problem["code"] in UNREAD}
    return any(document.sha256 in troubled for document in context.view.meant_for(source))


@rule(
    Code.LOW_CONFIDENCE,
    title="A consequential field rests on a guess",
    looks_at="the confidence of consequential fields",
    remedy="Look at the place named; let a document say it outright.",
    owner=Role.RELEASE_MANAGER,
    revision=2,
)
def low_confidence(context: Context) -> Iterator[Raised]:
    """A name that is in no registry is told as that, not twice."""
    view = context.view
    unmapped = {
        problem["subject"]
        for problem in view.problems
        if problem["code"] == Code.UNMAPPED_IDENTIFIER and view.policy.blocks(problem["code"], _source(context, problem["document"]))
    }
    for slot in context.contract.slots:
        entry = context.assembly.provenance.get(slot.pointer)
        if slot.consequential and entry is not None and entry["confidence"] == Confidence.LOW.value and slot.what not in unmapped:
            claims = view.claimed(slot.what) if slot.how == "x-claim" else []
            yield Raised(
                slot.name,
                f"{slot.name} is known from a pattern or in part only",
                tuple(claim.evidence for claim in claims),
                owner=Role(slot.owner),
            )


def _source(context: Context, document: str) -> str | None:
    found = context.view.documents.get(document)
    return found.source if found is not None else None
