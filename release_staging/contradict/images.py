"""What documents say of images, by digest and by name, held against what the manifest declares."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from release_staging.contradict import references
from release_staging.contradict.candidate import Candidate
from release_staging.contradict.digests import DigestGraph
from release_staging.contradict.sides import Contradiction, by_document, contradiction, places, values
from release_staging.contradict.tags import Pin, parts
from release_staging.model.claims import Claim
from release_staging.model.exceptions import Code, Evidence
from release_staging.model.fields import DECLARING, DESCRIPTOR


def of_digests(by_field: Mapping[str, list[Claim]], candidate: Candidate, manifests: Iterable[Evidence]) -> Iterator[Contradiction]:
    """Digests of something else than what is declared. ``manifests`` are those of another image, by their digests."""
    yield from _foreign_digests([*by_field["artifact.digest"], *_pinned(by_field["artifact.reference"])], candidate)
    yield from _unlisted_manifests(by_field["artifact.digest"], manifests)


def of_names(claims: list[Claim], candidate: Candidate, graph: DigestGraph, pins: Iterable[Pin]) -> Iterator[Contradiction]:
    """Tags that moved, and names of other versions and images. What moved is told as that alone."""
    moved = [*_moved_tags(pins, graph)]
    yield from moved
    told = places(moved)
    yield from _other_versions([claim for claim in claims if (claim.document, claim.locator) not in told], candidate)
    yield from _other_images(claims, candidate)
    yield from _other_rollbacks(claims, candidate)


# What a scanner calls a part of an image, and the role under which a registry's documents list it.
_PARTS = {"image config": "config", "image manifest": "platform"}


def _can_be_told(claim: Claim, candidate: Candidate) -> bool:
    """Whether a digest is of what is deployed, or of a part of it as the packet's registry documents list: not one they leave open."""
    part = next((role for words, role in _PARTS.items() if (claim.subject or "").startswith(words)), None)
    return part is None or part in candidate.parts


def _pinned(claims: Iterable[Claim]) -> Iterator[Claim]:
    """References by digest, as what they say of digests: of the declared repositories, or by a document about one image.

    What attestations are of are their subjects alone.
    """
    claims = list(claims)
    declared = {parts(claim.agreed)[0] for claim in claims if claim.source == "release_manifest"}
    for claim in claims:
        repository, _, digest = parts(claim.agreed)
        if digest and claim.source not in DECLARING and (repository in declared or claim.source in references.ABOUT_AN_IMAGE):
            yield replace(claim, agreed=digest)


def _foreign_digests(claims: list[Claim], candidate: Candidate) -> Iterator[Contradiction]:
    """Documents that name digests which are of no declared artifact: evidence of something else."""
    declared = [claim for claim in claims if claim.source == "release_manifest"]
    comparable = (claim for claim in claims if claim.source not in (None, "release_manifest") and candidate.comparable(claim.agreed))
    foreign: dict[Code, list[Claim]] = defaultdict(list)
    for said in by_document(comparable).values():
        attested = said[0].source == "provenance_attestations"
        strange = [claim for claim in said if not candidate.has_digest(claim.agreed)]
        # An attestation may have subjects beside the declared artifacts; what else is scanned or described may not.
        if len(strange) == len(said) or (not attested and any(_can_be_told(claim, candidate) for claim in strange)):
            foreign[Code.ATTESTATION_MISMATCH if attested else Code.MIXED_CANDIDATE] += strange
    for code, said in sorted(foreign.items()):
        yield contradiction(code, "artifact.digest", "declared-artifact", values([*declared, *said]))


def _unlisted_manifests(claims: list[Claim], manifests: Iterable[Evidence]) -> Iterator[Contradiction]:
    """Image manifests beside the declared artifacts, which list none of them."""
    sides: dict[str, list[Evidence]] = defaultdict(list)
    for manifest in manifests:
        sides[manifest.source_value or ""].append(manifest)
    if sides:
        for claim in claims:
            if claim.source == "release_manifest":
                sides[claim.agreed].append(claim.evidence)
        yield Contradiction(Code.MIXED_CANDIDATE, "artifact.digest", "unlisted-manifest", dict(sorted(sides.items())))


def _moved_tags(pins: Iterable[Pin], graph: DigestGraph) -> Iterator[Contradiction]:
    """A tag that stands for one artifact here and for another there. An index and a manifest it lists are one artifact."""
    by_tag: dict[str, dict[str, list[Evidence]]] = defaultdict(lambda: defaultdict(list))
    for pin in pins:
        by_tag[pin.tag][pin.digest].append(pin.evidence)
    for tag, sides in sorted(by_tag.items()):
        if not graph.family([min(sides)]) >= sides.keys():
            told = {f"{tag}@{digest}": evidence for digest, evidence in sorted(sides.items())}
            yield Contradiction(Code.MIXED_CANDIDATE, "artifact.reference", "moved-tag", told)


def _other_versions(claims: list[Claim], candidate: Candidate) -> Iterator[Contradiction]:
    """The declared image under the tag of another version. Where a digest says that it is the candidate's all the same, and in what
    declares or deploys it, the names contradict one another, unless it may bear both.
    """
    bound = _bound(claims, candidate)
    strange: dict[Code, list[Claim]] = defaultdict(list)
    for claim in references.other_versions(claims, candidate):
        same = claim.document in bound or claim.source in (DESCRIPTOR, "release_manifest", "config_diffs")
        if not same or references.cannot_be(parts(claim.agreed)[1], candidate):
            strange[Code.CONTRADICTION if same else Code.MIXED_CANDIDATE].append(claim)
    yield from _of_references("other-version", strange, claims)


def _other_images(claims: list[Claim], candidate: Candidate) -> Iterator[Contradiction]:
    """A document about an image of the same registry under a name that no declared one has."""
    bound = _bound(claims, candidate)
    strange: dict[Code, list[Claim]] = defaultdict(list)
    for claim in references.other_images(claims):
        strange[Code.CONTRADICTION if claim.document in bound else Code.MIXED_CANDIDATE].append(claim)
    yield from _of_references("other-image", strange, claims)


def _bound(claims: list[Claim], candidate: Candidate) -> set[str]:
    """Documents that name a digest of the candidate."""
    return {claim.document for claim in claims if claim.field == "artifact.digest" and candidate.has_digest(claim.agreed)}


def _other_rollbacks(claims: list[Claim], candidate: Candidate) -> Iterator[Contradiction]:
    """What to return to is named by version and by reference, and the two are not of one release."""
    strange = [*references.other_rollbacks(claims, candidate)]
    beside = [claim for claim in claims if claim.field == "rollback.version"] or [
        claim for claim in claims if claim.field == "artifact.reference" and claim.source == "release_manifest"
    ]
    if strange and beside:
        yield contradiction(Code.CONTRADICTION, "rollback.reference", "one-rollback", values([*strange, *beside]))


def _of_references(rule: str, strange: Mapping[Code, list[Claim]], claims: list[Claim]) -> Iterator[Contradiction]:
    """Against what the manifest calls the image; where that is what is strange, against the version that is declared."""
    for code, said in sorted(strange.items()):
        declared = [claim for claim in claims if claim.source == "release_manifest" and claim not in said]
        others = [claim for claim in declared if claim.field == "artifact.reference" and claim.agreed not in {one.agreed for one in said}]
        others = others or [
            claim for claim in claims if claim.field == "candidate.version" and claim.source in (DESCRIPTOR, "release_manifest")
        ]
        yield contradiction(code, "artifact.reference", rule, values([*said, *others]))
