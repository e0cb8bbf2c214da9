"""Detecting contradictions: all sides kept, with who says what and where, and the rule that found them. No side wins."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from release_staging.contradict.asserted import Asserted, differing
from release_staging.contradict.builds import of_builds
from release_staging.contradict.candidate import Candidate
from release_staging.contradict.digests import DigestGraph
from release_staging.contradict.fields import ONE_VOICE, OneVoice
from release_staging.contradict.images import of_digests, of_names
from release_staging.contradict.sides import Contradiction, by_document, contradiction, places, sets, values
from release_staging.contradict.tags import Pin, parts
from release_staging.disclosure.conceal import WITHHELD
from release_staging.model.claims import Claim
from release_staging.model.exceptions import Code, Evidence
from release_staging.model.fields import DESCRIPTOR

_BUILT_FROM = ("candidate.commit", "repository.url", "build.id")  # what provenance says an artifact was made from, and in which run


def contradictions(
    claims: list[Claim], candidate: Candidate, graph: DigestGraph, pins: Iterable[Pin] = (), manifests: Iterable[Evidence] = ()
) -> Iterator[Contradiction]:
    """Every contradiction of a packet, in the order of the fields. ``manifests`` are those of another image, by their digests."""
    claims = [claim for claim in claims if WITHHELD not in claim.value]  # what is left of it is no value
    by_field: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        by_field[claim.field].append(claim)
    for voice in ONE_VOICE:
        said = [
            claim
            for claim in by_field[voice.field]
            if speaks_of_candidate(claim) and (voice.sources is None or claim.source in voice.sources)
        ]
        if voice.field == "rollback.artifact":
            said += [replace(claim, agreed=digest) for claim in by_field["rollback.reference"] if (digest := parts(claim.normal)[2])]
        sides = sets(said) if voice.together else values(said)
        if len(sides) > 1:
            yield _named(voice, sides)
    yield from _opposed_canaries(by_field["verdict"])
    yield from of_digests(by_field, candidate, manifests)
    yield from of_builds(by_field)
    yield from of_names(claims, candidate, graph, pins)
    yield from _compared_with_itself(by_field["baseline.version"], by_field["candidate.version"])


def of_documents(
    asserted: Iterable[Asserted], claims: list[Claim], candidate: Candidate, found: Iterable[Contradiction]
) -> Iterator[Contradiction]:
    """What the descriptor says of documents that say otherwise themselves; not what is ``found`` to contradict more than that."""
    told, said = places(found), by_document(claims)
    descriptor = next((Evidence(claim.document, claim.path, None) for claim in claims if claim.source is DESCRIPTOR), None)
    for document in asserted:
        if descriptor is None:
            return
        for field, sides in differing(document, descriptor, said.get(document.document, []), candidate):
            if not {(place.document, place.locator) for seen in sides.values() for place in seen} & told:
                yield Contradiction(Code.CONTRADICTION, field, "asserted-of-document", sides)


def speaks_of_candidate(claim: Claim) -> bool:
    """Whether a version names the candidate; scanners and bills of materials put an image digest there at times."""
    return not (claim.field == "candidate.version" and claim.value.startswith("sha256:"))


def _named(voice: OneVoice, sides: dict[str, list[Claim]]) -> Contradiction:
    """Where only attestations differ in what they were made from, it is they that do not match. Two commits else mix candidates."""
    others = {value for value, said in sides.items() if any(claim.source != "provenance_attestations" for claim in said)}
    commit = voice.field == "candidate.commit"
    code = Code.MIXED_CANDIDATE if commit else Code.CONTRADICTION
    if voice.field in _BUILT_FROM and len(others) == 1:
        code = Code.ATTESTATION_MISMATCH
    return contradiction(code, voice.field, "one-commit" if commit else "one-voice", sides)


def _opposed_canaries(verdicts: list[Claim]) -> Iterator[Contradiction]:
    """One canary analysis that passed and another that failed. What is inconclusive opposes nothing."""
    said = by_document(claim for claim in verdicts if claim.source == "canary_analyses")
    clear = {document: {claim.agreed for claim in claims} for document, claims in said.items()}
    sides = values(claim for document, claims in said.items() if clear[document] in ({"passed"}, {"failed"}) for claim in claims)
    if len(sides) > 1:
        yield contradiction(Code.CONTRADICTION, "canary.outcome", "opposed-canaries", sides)


def _compared_with_itself(baselines: Iterable[Claim], versions: Iterable[Claim]) -> Iterator[Contradiction]:
    """A canary whose baseline is the candidate: nothing was compared."""
    declared = [claim for claim in versions if claim.source in (DESCRIPTOR, "release_manifest")]
    same = {claim.agreed for claim in declared}
    strange = [claim for claim in baselines if claim.source == "canary_analyses" and claim.agreed in same]
    if strange:
        sides = {f"{value} as baseline": [one.evidence for one in said] for value, said in values(strange).items()}
        sides |= {value: [one.evidence for one in said] for value, said in values(declared).items()}
        yield Contradiction(Code.CONTRADICTION, "baseline.version", "compared-with-itself", sides)
