"""A contract that changes under clean packets: each published version, and one with a new required field (measure 4)."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from release_staging.evaluation.edits import dumped
from release_staging.evaluation.packets import Packet
from release_staging.evaluation.toolchains import toolchains
from release_staging.model.exceptions import Code
from release_staging.record import contract
from release_staging.record.contract import Contract
from release_staging.record.handoff import HELD, Outcome
from release_staging.record.traceability import value_at
from release_staging.staging.in_memory import Memory, Reference, handed_off, judged
from release_staging.staging.intake import Admitted, admit

NEW = "99.0.0"
_FIELD = "candidate.change_review"


@dataclass(frozen=True)
class UnderContract:
    """One packet under one contract. ``wrong`` says what came out that should not have; empty where all is as it should be."""

    contract: str
    toolchain: str
    wrong: str


def under_contracts(by: Reference, seed: int) -> list[UnderContract]:
    """A clean packet of each toolchain under each contract version, and under one that asks for a review's reference too.

    Some of the packets have such a reference and are staged with it; the others are held, and the field is named.
    """
    packets = [toolchain.packet(f"{seed}/contract") for toolchain in toolchains()]
    with TemporaryDirectory(prefix="release-staging-evaluation-") as folder:
        memory = Memory()
        ids = [_admitted(packet, Path(folder) / str(number), memory, by) for number, packet in enumerate(packets)]
        found: list[UnderContract] = []
        for made_to in (*map(contract.load, contract.versions()), _extended(by.contract, Path(folder))):
            now = replace(by, contract=made_to)
            outcomes = handed_off(judged(dict.fromkeys(ids), memory, now), memory, now)
            for packet, identity in zip(packets, ids, strict=True):
                wrong = "; ".join(_wrong(packet, outcomes[identity], made_to.version))
                found.append(UnderContract(made_to.version, packet.toolchain.name, wrong))
    return found


def _extended(base: Contract, folder: Path) -> Contract:
    """The contract with one more required field, filled by a claim that readers yield already."""
    schema: dict[str, Any] = deepcopy(base.schema) | {"x-contract": NEW}
    candidate = schema["properties"]["candidate"]
    candidate["required"] = [*candidate["required"], "change_review"]
    candidate["properties"]["change_review"] = {
        "description": "Reference of the review of this release's changes.",
        "type": "string",
        "x-claim": "security_review.reference",
        "x-owner": "security_reviewer",
        "x-consequential": True,
        "x-consequence": "It is not known where the changes were reviewed.",
        "x-sources": ["release_manifest"],
    }
    if "contract" in schema["properties"] and "const" in schema["properties"]["contract"]:
        schema["properties"]["contract"]["const"] = NEW
    (folder / f"{NEW}.json").write_bytes(dumped(schema))
    return contract.load(NEW, folder)


def _admitted(packet: Packet, folder: Path, memory: Memory, by: Reference) -> str:
    folder.mkdir()
    path, arrived = packet.write(folder, packet.builder.id), packet.world.submitted + timedelta(minutes=5)
    taken = admit(path, memory, memory, arrived, by.policy.disclosure, aside=False)
    if not isinstance(taken, Admitted):
        raise TypeError(taken.reason)
    return taken.packet_id


def _wrong(packet: Packet, outcome: Outcome, version: str) -> Iterator[str]:
    reviewed = bool(packet.having("review", "release_manifest"))
    blocking = [one for one in outcome.exceptions if one.blocking]
    if version == NEW and not reviewed:
        told = {(one.code, one.subject) for one in blocking}
        if told != {(Code.REQUIRED_FIELD_MISSING, _FIELD)}:
            yield f"held for {sorted(f'{code.value} {subject}' for code, subject in told)}, not for the missing field alone"
        return
    if outcome.outcome == HELD:
        yield f"held: {', '.join(sorted({f'{one.code.value} {one.subject}' for one in blocking}))}"
    if outcome.document["contract"] != version:
        yield f"made to contract {outcome.document['contract']}"
    if version == NEW and value_at(outcome.document, "/candidate/change_review") is None:
        yield "the new field is empty"
