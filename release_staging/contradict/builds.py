"""Which CI run built the candidate, and by which workflow: attestations, records and declarations held against one another."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from release_staging.contradict.reconcile import without_attempt
from release_staging.contradict.sides import Contradiction, contradiction, values
from release_staging.model.claims import Claim
from release_staging.model.exceptions import Code
from release_staging.model.fields import DESCRIPTOR

_NUMBER = re.compile(r"(?<=[/=])\d+(?=[/&#]|$)")
_FORMS = {"number": re.compile(r"\d+"), "uuid": re.compile(r"\{?[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\}?")}


def of_builds(by_field: Mapping[str, list[Claim]]) -> Iterator[Contradiction]:
    """Builds in other runs, or by other workflows, than those that the packet has records of or declares."""
    yield from _foreign_attestations(by_field["build.url"])
    yield from _foreign_workflows(by_field["build.workflow"], by_field["build.url"], by_field["repository.url"])
    yield from _foreign_records(by_field["build.id"])
    yield from _declared_addresses(by_field["build.url"])


def _foreign_attestations(claims: list[Claim]) -> Iterator[Contradiction]:
    """Attestations of a build in a CI run that is none of those whose records are in the packet, where the two can be compared."""
    recorded = [claim for claim in claims if claim.source == "pipeline_runs"]
    runs, shapes = {_run(claim) for claim in recorded}, {_shape(claim) for claim in recorded}
    attested = [claim for claim in claims if claim.source == "provenance_attestations"]
    strange = [claim for claim in attested if _shape(claim) in shapes and _run(claim) not in runs]
    if strange:
        yield contradiction(Code.ATTESTATION_MISMATCH, "build.url", "attested-run", values([*recorded, *strange]))


def _foreign_workflows(claims: list[Claim], addresses: list[Claim], repositories: list[Claim]) -> Iterator[Contradiction]:
    """Attestations of a build by a workflow that no CI run in the packet is of or called, where each run tells which those are.

    Where the run names another repository than the declared one, and that alone differs, it is told by the repository.
    """
    recorded = [claim for claim in claims if claim.source == "pipeline_runs"]
    tells = {claim.document for claim in recorded}
    runs = [claim for claim in addresses if claim.source == "pipeline_runs"]
    silent = {_run(claim) for claim in runs} - {_run(claim) for claim in runs if claim.document in tells}
    known = {claim.agreed for claim in recorded}
    paths = {workflow.split("/", 3)[-1] for workflow in known}  # behind host, owner and name of the repository
    declared = {claim.agreed.partition("://")[2].lower() for claim in repositories if claim.source in (DESCRIPTOR, "release_manifest")}
    known |= {f"{repository}/{path}" for repository in declared for path in paths}
    strange = [claim for claim in claims if claim.source == "provenance_attestations" and claim.agreed not in known]
    if recorded and strange and not silent:
        yield contradiction(Code.ATTESTATION_MISMATCH, "build.workflow", "attested-workflow", values([*recorded, *strange]))


def _foreign_records(claims: list[Claim]) -> Iterator[Contradiction]:
    """Records of other CI runs than the one that the packet declares, where ids can be compared: both numbers, or both UUIDs."""
    declared = [claim for claim in claims if claim.source in (DESCRIPTOR, "release_manifest")]
    recorded = [claim for claim in claims if claim.source == "pipeline_runs"]
    forms = {_form(claim) for claim in declared}
    comparable = [claim for claim in recorded if _form(claim) in forms - {None}]
    if comparable and {claim.agreed for claim in declared}.isdisjoint(claim.agreed for claim in recorded):
        yield contradiction(Code.CONTRADICTION, "build.id", "recorded-run", values([*declared, *comparable]))


def _declared_addresses(claims: list[Claim]) -> Iterator[Contradiction]:
    """Descriptor and manifest name different runs of one pipeline as the build, by addresses that differ in numbers only."""
    by_shape: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.source in (DESCRIPTOR, "release_manifest"):
            by_shape[_shape(claim)].append(claim)
    for said in by_shape.values():
        if len({_run(claim) for claim in said}) > 1:
            yield contradiction(Code.CONTRADICTION, "build.url", "declared-run", values(said))


def _form(run: Claim) -> str | None:
    return next((name for name, form in _FORMS.items() if form.fullmatch(run.agreed)), None)


def _run(address: Claim) -> str:
    return without_attempt(address.agreed)


def _shape(address: Claim) -> str:
    """An address without its numbers: those of two runs of one pipeline are alike, those of a run and a job are not."""
    return _NUMBER.sub("*", _run(address))
