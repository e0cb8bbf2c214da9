"""Rules on what prose says: conclusions without evidence, and words of authority."""

from __future__ import annotations

from collections.abc import Iterator

from release_staging.model.exceptions import Code, Evidence, Role
from release_staging.record.rules.rule import Context, Raised, rule


@rule(
    Code.UNSUPPORTED_CONCLUSION,
    title="A conclusion without evidence in the packet",
    looks_at="conclusions that incident notes draw about this release, and the documents they cite",
    remedy="Cite the document in the packet that shows it, or take the conclusion out.",
    owner=Role.SERVICE_OWNER,
    revision=2,
)
def unsupported_conclusion(context: Context) -> Iterator[Raised]:
    view = context.view
    known = view.paths | set(view.documents)
    for claim in view.claimed("incident.conclusion"):
        cited = [
            evidence
            for evidence in view.claimed("incident.evidence")
            if evidence.document == claim.document and evidence.subject == claim.locator
        ]
        if not any(evidence.value in known for evidence in cited):
            why = f"cites {', '.join(sorted({evidence.value for evidence in cited}))}, not in the packet" if cited else "cites no document"
            yield Raised(claim.path, f"a conclusion about this release {why}", (_place(claim.evidence),), source=claim.source)


@rule(
    Code.AUTHORITY_CLAIM,
    title="Words of authority in evidence",
    looks_at="statements of approval, waiver, clearance or scheduling in any document",
    remedy="Nothing to repair: a record carries no authority. Decide for yourself, outside this record.",
    owner=Role.RELEASE_MANAGER,
    blocking=False,
    revision=2,
)
def authority_claim(context: Context) -> Iterator[Raised]:
    for claim in context.view.claimed("authority.statement"):
        yield Raised(
            claim.path,
            f"the document makes a statement of {claim.value}; it is not carried into the record",
            (_place(claim.evidence),),
            source=claim.source,
        )


def _place(evidence: Evidence) -> Evidence:
    """The place without its words: the statement is quoted by locator only."""
    return Evidence(evidence.document, evidence.path, evidence.locator)
