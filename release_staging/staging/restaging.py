"""What of a packet must be made again: as little as the change asks for, so that a large document is not read twice."""

from __future__ import annotations

from collections.abc import Iterable

from release_staging.model.sources import SOURCES

INTAKE = ("evidence_packet", "review_findings")
EXTRACTION = tuple(source.name for source in SOURCES)
JUDGEMENT = ("normalized_evidence", "contradictions")
RECORD = ("staging_record_draft", "handoff_outcome", "deployment_review_staging_record", "exception_hold")
KEPT = (*INTAKE, *EXTRACTION, *JUDGEMENT)  # what a later run can start from, where it need not be made again
EVERYTHING = (*KEPT, *RECORD)


def for_findings(kinds: Iterable[str]) -> tuple[str, ...]:
    """The assets to make again when findings of these kinds come or go.

    Findings bring their own documents, and take others out after they were read; only what must not be told any more has to go from
    everything that was made.
    """
    return EVERYTHING if "boundary" in set(kinds) else ("review_findings", *JUDGEMENT, *RECORD)
