"""Rules on identity: one candidate, and contradictions between documents."""

from __future__ import annotations

from collections.abc import Iterator

from release_staging.model.exceptions import Code, Evidence, Role
from release_staging.record.rules.rule import Context, Raised, rule


def _sides(context: Context, code: Code) -> Iterator[Raised]:
    for found in context.view.contradictions:
        if found.code == code.value:
            sides = sorted(found.sides, key=lambda side: (len(side[1]), side[0]))  # the odd one out first
            evidence = tuple(evidence for _, said in sides for evidence in said)
            yield Raised(found.field, f"{found.field}: {_told(sides)}", evidence)


def _told(sides: list[tuple[str, tuple[Evidence, ...]]]) -> str:
    """What each side says, and which documents say it; bounded."""
    told = []
    for value, said in sides[:8]:
        paths = sorted({evidence.path for evidence in said})
        told.append(f"{value[:120]} in {', '.join(paths[:5])}" + (f" and {len(paths) - 5} more" if len(paths) > 5 else ""))
    return "; ".join(told)


@rule(
    Code.MIXED_CANDIDATE,
    title="Documents of more than one candidate",
    looks_at="commits and artifact digests that the documents name, and the manifests of images beside what is declared",
    remedy="Take out the documents of the other candidate, or submit them as a packet of their own. A registry's document that was"
    " formatted again has another digest: export its exact bytes.",
    owner=Role.RELEASE_MANAGER,
    revision=3,
)
def mixed_candidate(context: Context) -> Iterator[Raised]:
    return _sides(context, Code.MIXED_CANDIDATE)


@rule(
    Code.CONTRADICTION,
    title="Documents contradict one another",
    looks_at="fields that a packet must speak of with one voice; what the descriptor says of a document beside what it says itself",
    remedy="Find out which side is true, and submit the packet with the document corrected at its source.",
    owner=Role.RELEASE_MANAGER,
    revision=2,
)
def contradiction(context: Context) -> Iterator[Raised]:
    return _sides(context, Code.CONTRADICTION)


@rule(
    Code.ATTESTATION_MISMATCH,
    title="Attestations are of something else",
    looks_at="subjects, sources and runs of attestations beside what the rest of the packet says of them",
    remedy="Submit the attestation of the artifacts in the manifest and of their build, or correct the manifest.",
    owner=Role.SECURITY_REVIEWER,
    revision=2,
)
def attestation_mismatch(context: Context) -> Iterator[Raised]:
    return _sides(context, Code.ATTESTATION_MISMATCH)
