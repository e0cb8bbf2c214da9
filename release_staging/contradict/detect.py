"""Detecting contradictions: all sides kept, with who says what and where, and the rule that found them. No side wins."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from release_staging.contradict import references
from release_staging.contradict.asserted import Asserted, differing
from release_staging.contradict.candidate import Candidate
from release_staging.contradict.digests import DigestGraph
from release_staging.contradict.fields import ONE_VOICE, OneVoice
from release_staging.contradict.reconcile import without_attempt
from release_staging.contradict.tags import Pin, parts
from release_staging.disclosure.conceal import WITHHELD
from release_staging.model.claims import Claim
from release_staging.model.exceptions import Code, Evidence
from release_staging.model.fields import DESCRIPTOR

_NUMBER = re.compile(r"(?<=[/=])\d+(?=[/&#]|$)")
_BUILT_FROM = ("candidate.commit", "repository.url", "build.id")  # what provenance says an artifact was made from, and in which run
_FORMS = {"number": re.compile(r"\d+"), "uuid": re.compile(r"\{?[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\}?")}


@dataclass(frozen=True)
class Contradiction:
    """``sides`` maps each value to the places that say it."""

    code: Code
    field: str
    rule: str
    sides: dict[str, list[Evidence]]


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
        sides = _sets(said) if voice.together else _values(said)
        if len(sides) > 1:
            yield _named(voice, sides)
    yield from _opposed_canaries(by_field["verdict"])
    yield from _foreign_digests([*by_field["artifact.digest"], *_pinned(by_field["artifact.reference"])], candidate)
    yield from _unlisted_manifests(by_field["artifact.digest"], manifests)
    yield from _foreign_attestations(by_field["build.url"])
    yield from _foreign_workflows(by_field["build.workflow"], by_field["build.url"])
    yield from _foreign_records(by_field["build.id"])
    yield from _declared_addresses(by_field["build.url"])
    moved = [*_moved_tags(pins, graph)]
    yield from moved
    told = _places(moved)
    yield from _other_versions([claim for claim in claims if (claim.document, claim.locator) not in told], candidate)
    yield from _other_images(claims, candidate)
    yield from _other_rollbacks(claims, candidate)
    yield from _compared_with_itself(by_field["baseline.version"], by_field["candidate.version"])


def of_documents(
    asserted: Iterable[Asserted], claims: list[Claim], candidate: Candidate, found: Iterable[Contradiction]
) -> Iterator[Contradiction]:
    """What the descriptor says of documents that say otherwise themselves; not what is ``found`` to contradict more than that."""
    told, said = _places(found), _by_document(claims)
    descriptor = next((Evidence(claim.document, claim.path, None) for claim in claims if claim.source is DESCRIPTOR), None)
    for document in asserted:
        if descriptor is None:
            return
        for field, sides in differing(document, descriptor, said.get(document.document, []), candidate):
            if not {(place.document, place.locator) for places in sides.values() for place in places} & told:
                yield Contradiction(Code.CONTRADICTION, field, "asserted-of-document", sides)


def _places(found: Iterable[Contradiction]) -> set[tuple[str, str | None]]:
    return {(place.document, place.locator) for one in found for places in one.sides.values() for place in places}


def speaks_of_candidate(claim: Claim) -> bool:
    """Whether a version names the candidate; scanners and bills of materials put an image digest there at times."""
    return not (claim.field == "candidate.version" and claim.value.startswith("sha256:"))


def _values(claims: Iterable[Claim]) -> dict[str, list[Claim]]:
    sides: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        sides[claim.agreed].append(claim)
    return dict(sorted(sides.items()))


def _sets(claims: Iterable[Claim]) -> dict[str, list[Claim]]:
    """Sides where each document names a whole set: documents that name the same set are one side."""
    sides: dict[str, list[Claim]] = defaultdict(list)
    for said in _by_document(claims).values():
        sides[", ".join(sorted({claim.agreed for claim in said}))] += said
    return dict(sorted(sides.items()))


def _by_document(claims: Iterable[Claim]) -> dict[str, list[Claim]]:
    found: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        found[claim.document].append(claim)
    return found


def _contradiction(code: Code, field: str, rule: str, sides: dict[str, list[Claim]]) -> Contradiction:
    return Contradiction(code, field, rule, {value: [claim.evidence for claim in said] for value, said in sides.items()})


def _named(voice: OneVoice, sides: dict[str, list[Claim]]) -> Contradiction:
    """Where only attestations differ in what they were made from, it is they that do not match. Two commits else mix candidates."""
    others = {value for value, said in sides.items() if any(claim.source != "provenance_attestations" for claim in said)}
    commit = voice.field == "candidate.commit"
    code = Code.MIXED_CANDIDATE if commit else Code.CONTRADICTION
    if voice.field in _BUILT_FROM and len(others) == 1:
        code = Code.ATTESTATION_MISMATCH
    return _contradiction(code, voice.field, "one-commit" if commit else "one-voice", sides)


def _opposed_canaries(verdicts: list[Claim]) -> Iterator[Contradiction]:
    """One canary analysis that passed and another that failed. What is inconclusive opposes nothing."""
    said = _by_document(claim for claim in verdicts if claim.source == "canary_analyses")
    clear = {document: {claim.agreed for claim in claims} for document, claims in said.items()}
    sides = _values(claim for document, claims in said.items() if clear[document] in ({"passed"}, {"failed"}) for claim in claims)
    if len(sides) > 1:
        yield _contradiction(Code.CONTRADICTION, "canary.outcome", "opposed-canaries", sides)


# What a scanner calls a part of an image, and the role under which a registry's documents list it.
_PARTS = {"image config": "config", "image manifest": "platform"}


def _can_be_told(claim: Claim, candidate: Candidate) -> bool:
    """Whether a digest is of what is deployed, or of a part of it as the packet's registry documents list: not one they leave open."""
    part = next((role for words, role in _PARTS.items() if (claim.subject or "").startswith(words)), None)
    return part is None or part in candidate.parts


def _pinned(claims: Iterable[Claim]) -> Iterator[Claim]:
    """References by digest, as what they say of digests: of the declared repositories, or by a document about one image."""
    claims = list(claims)
    declared = {parts(claim.agreed)[0] for claim in claims if claim.source == "release_manifest"}
    for claim in claims:
        repository, _, digest = parts(claim.agreed)
        if digest and claim.source != "release_manifest" and (repository in declared or claim.source in references.ABOUT_AN_IMAGE):
            yield replace(claim, agreed=digest)


def _foreign_digests(claims: list[Claim], candidate: Candidate) -> Iterator[Contradiction]:
    """Documents that name digests which are of no declared artifact: evidence of something else."""
    declared = [claim for claim in claims if claim.source == "release_manifest"]
    comparable = (claim for claim in claims if claim.source not in (None, "release_manifest") and candidate.comparable(claim.agreed))
    foreign: dict[Code, list[Claim]] = defaultdict(list)
    for said in _by_document(comparable).values():
        attested = said[0].source == "provenance_attestations"
        strange = [claim for claim in said if not candidate.has_digest(claim.agreed)]
        # An attestation may have subjects beside the declared artifacts; what else is scanned or described may not.
        if len(strange) == len(said) or (not attested and any(_can_be_told(claim, candidate) for claim in strange)):
            foreign[Code.ATTESTATION_MISMATCH if attested else Code.MIXED_CANDIDATE] += strange
    for code, said in sorted(foreign.items()):
        yield _contradiction(code, "artifact.digest", "declared-artifact", _values([*declared, *said]))


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


def _foreign_attestations(claims: list[Claim]) -> Iterator[Contradiction]:
    """Attestations of a build in a CI run that is none of those whose records are in the packet, where the two can be compared."""
    recorded = [claim for claim in claims if claim.source == "pipeline_runs"]
    runs, shapes = {_run(claim) for claim in recorded}, {_shape(claim) for claim in recorded}
    attested = [claim for claim in claims if claim.source == "provenance_attestations"]
    strange = [claim for claim in attested if _shape(claim) in shapes and _run(claim) not in runs]
    if strange:
        yield _contradiction(Code.ATTESTATION_MISMATCH, "build.url", "attested-run", _values([*recorded, *strange]))


def _foreign_workflows(claims: list[Claim], addresses: list[Claim]) -> Iterator[Contradiction]:
    """Attestations of a build by a workflow that no CI run in the packet is of or called, where each run tells which those are."""
    recorded = [claim for claim in claims if claim.source == "pipeline_runs"]
    tells = {claim.document for claim in recorded}
    runs = [claim for claim in addresses if claim.source == "pipeline_runs"]
    silent = {_run(claim) for claim in runs} - {_run(claim) for claim in runs if claim.document in tells}
    known = {claim.agreed for claim in recorded}
    strange = [claim for claim in claims if claim.source == "provenance_attestations" and claim.agreed not in known]
    if known and strange and not silent:
        yield _contradiction(Code.ATTESTATION_MISMATCH, "build.workflow", "attested-workflow", _values([*recorded, *strange]))


def _foreign_records(claims: list[Claim]) -> Iterator[Contradiction]:
    """Records of other CI runs than the one that the packet declares, where ids can be compared: both numbers, or both UUIDs."""
    declared = [claim for claim in claims if claim.source in (DESCRIPTOR, "release_manifest")]
    recorded = [claim for claim in claims if claim.source == "pipeline_runs"]
    forms = {_form(claim) for claim in declared}
    comparable = [claim for claim in recorded if _form(claim) in forms - {None}]
    if comparable and {claim.agreed for claim in declared}.isdisjoint(claim.agreed for claim in recorded):
        yield _contradiction(Code.CONTRADICTION, "build.id", "recorded-run", _values([*declared, *comparable]))


def _declared_addresses(claims: list[Claim]) -> Iterator[Contradiction]:
    """Descriptor and manifest name different runs of one pipeline as the build, by addresses that differ in numbers only."""
    by_shape: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.source in (DESCRIPTOR, "release_manifest"):
            by_shape[_shape(claim)].append(claim)
    for said in by_shape.values():
        if len({_run(claim) for claim in said}) > 1:
            yield _contradiction(Code.CONTRADICTION, "build.url", "declared-run", _values(said))


def _form(run: Claim) -> str | None:
    return next((name for name, form in _FORMS.items() if form.fullmatch(run.agreed)), None)


def _run(address: Claim) -> str:
    return without_attempt(address.agreed)


def _shape(address: Claim) -> str:
    """An address without its numbers: those of two runs of one pipeline are alike, those of a run and a job are not."""
    return _NUMBER.sub("*", _run(address))


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
    bound = {claim.document for claim in claims if claim.field == "artifact.digest" and candidate.has_digest(claim.agreed)}
    strange: dict[Code, list[Claim]] = defaultdict(list)
    for claim in references.other_versions(claims, candidate):
        same = claim.document in bound or claim.source in (DESCRIPTOR, "release_manifest", "config_diffs")
        if not same or references.cannot_be(parts(claim.agreed)[1], candidate):
            strange[Code.CONTRADICTION if same else Code.MIXED_CANDIDATE].append(claim)
    yield from _of_references("other-version", strange, claims)


def _other_images(claims: list[Claim], candidate: Candidate) -> Iterator[Contradiction]:
    """A document about an image of the same registry under a name that no declared one has."""
    bound = {claim.document for claim in claims if claim.field == "artifact.digest" and candidate.has_digest(claim.agreed)}
    strange: dict[Code, list[Claim]] = defaultdict(list)
    for claim in references.other_images(claims):
        strange[Code.CONTRADICTION if claim.document in bound else Code.MIXED_CANDIDATE].append(claim)
    yield from _of_references("other-image", strange, claims)


def _other_rollbacks(claims: list[Claim], candidate: Candidate) -> Iterator[Contradiction]:
    """What to return to is named by version and by reference, and the two are not of one release."""
    strange = [*references.other_rollbacks(claims, candidate)]
    beside = [claim for claim in claims if claim.field == "rollback.version"] or [
        claim for claim in claims if claim.field == "artifact.reference" and claim.source == "release_manifest"
    ]
    if strange and beside:
        yield _contradiction(Code.CONTRADICTION, "rollback.reference", "one-rollback", _values([*strange, *beside]))


def _compared_with_itself(baselines: Iterable[Claim], versions: Iterable[Claim]) -> Iterator[Contradiction]:
    """A canary whose baseline is the candidate: nothing was compared."""
    declared = [claim for claim in versions if claim.source in (DESCRIPTOR, "release_manifest")]
    same = {claim.agreed for claim in declared}
    strange = [claim for claim in baselines if claim.source == "canary_analyses" and claim.agreed in same]
    if strange:
        sides = {f"{value} as baseline": [one.evidence for one in said] for value, said in _values(strange).items()}
        sides |= {value: [one.evidence for one in said] for value, said in _values(declared).items()}
        yield Contradiction(Code.CONTRADICTION, "baseline.version", "compared-with-itself", sides)


def _of_references(rule: str, strange: Mapping[Code, list[Claim]], claims: list[Claim]) -> Iterator[Contradiction]:
    """Against what the manifest calls the image; where that is what is strange, against the version that is declared."""
    for code, said in sorted(strange.items()):
        declared = [claim for claim in claims if claim.source == "release_manifest" and claim not in said]
        others = [claim for claim in declared if claim.field == "artifact.reference" and claim.agreed not in {one.agreed for one in said}]
        others = others or [
            claim for claim in claims if claim.field == "candidate.version" and claim.source in (DESCRIPTOR, "release_manifest")
        ]
        yield _contradiction(code, "artifact.reference", rule, _values([*said, *others]))
