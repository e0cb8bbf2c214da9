"""Detecting contradictions: all sides kept, with who says what and where, and the rule that found them. No side wins."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from release_staging.contradict.candidate import Candidate
from release_staging.contradict.fields import ONE_VOICE, OneVoice
from release_staging.model.claims import Claim
from release_staging.model.exceptions import Code


@dataclass(frozen=True)
class Contradiction:
    """``sides`` maps each value to the claims that make it."""

    code: Code
    field: str
    rule: str
    sides: dict[str, list[Claim]]


def contradictions(claims: list[Claim], candidate: Candidate) -> Iterator[Contradiction]:
    """Every contradiction of a packet, in the order of the fields."""
    by_field: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        by_field[claim.field].append(claim)
    for voice in ONE_VOICE:
        said = [
            claim
            for claim in by_field[voice.field]
            if speaks_of_candidate(claim) and (voice.sources is None or claim.source in voice.sources)
        ]
        sides = _sets(said) if voice.together else _values(said)
        if len(sides) > 1:
            yield _named(voice, sides)
    yield from _foreign_digests(by_field["artifact.digest"], candidate)


def speaks_of_candidate(claim: Claim) -> bool:
    """Whether a version names the candidate; scanners and bills of materials put an image digest there at times."""
    return not (claim.field == "candidate.version" and claim.value.startswith("sha256:"))


def _values(claims: list[Claim]) -> dict[str, list[Claim]]:
    sides: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        sides[claim.agreed].append(claim)
    return dict(sorted(sides.items()))


def _sets(claims: list[Claim]) -> dict[str, list[Claim]]:
    """Sides where each document names a whole set: documents that name the same set are one side."""
    by_document: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        by_document[claim.document].append(claim)
    sides: dict[str, list[Claim]] = defaultdict(list)
    for said in by_document.values():
        sides[", ".join(sorted({claim.agreed for claim in said}))] += said
    return dict(sorted(sides.items()))


def _named(voice: OneVoice, sides: dict[str, list[Claim]]) -> Contradiction:
    """A commit with two values mixes candidates; where only attestations differ, it is they that do not match."""
    if voice.field != "candidate.commit":
        return Contradiction(Code.CONTRADICTION, voice.field, "one-voice", sides)
    others = {value for value, said in sides.items() if any(claim.source != "provenance_attestations" for claim in said)}
    code = Code.ATTESTATION_MISMATCH if len(others) == 1 else Code.MIXED_CANDIDATE
    return Contradiction(code, voice.field, "one-commit", sides)


def _names_artifact(claim: Claim) -> bool:
    """Whether a digest is of what is deployed, and not of a part of it that only a registry's documents could tie to it."""
    return not (claim.subject or "").startswith(("image config", "image manifest"))


def _foreign_digests(claims: list[Claim], candidate: Candidate) -> Iterator[Contradiction]:
    """Documents that name digests which are of no declared artifact: evidence of something else."""
    declared = [claim for claim in claims if claim.source == "release_manifest"]
    by_document: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.source not in (None, "release_manifest") and candidate.comparable(claim.agreed):
            by_document[claim.document].append(claim)
    foreign: dict[Code, list[Claim]] = defaultdict(list)
    for said in by_document.values():
        attested = said[0].source == "provenance_attestations"
        strange = [claim for claim in said if not candidate.has_digest(claim.agreed)]
        # An attestation may have subjects beside the declared artifacts; what else is scanned or described may not.
        if len(strange) == len(said) or (not attested and any(_names_artifact(claim) for claim in strange)):
            foreign[Code.ATTESTATION_MISMATCH if attested else Code.MIXED_CANDIDATE] += strange
    for code, said in sorted(foreign.items()):
        yield Contradiction(code, "artifact.digest", "declared-artifact", _values([*declared, *said]))
