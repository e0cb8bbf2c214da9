"""From packets to outcomes without Dagster and PostgreSQL: the same domain functions as the assets, in their order, in memory."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from release_staging.config.policy import Policy
from release_staging.config.registries import Registries
from release_staging.config.settings import Settings
from release_staging.contradict.judge import judge
from release_staging.evidence.gather import extract_source, options
from release_staging.model.gathered import Tables, merged
from release_staging.model.sources import SOURCES
from release_staging.model.tables import gathered
from release_staging.normalize.normalise import normalise
from release_staging.record import contract
from release_staging.record.draft import Draft
from release_staging.record.drafts import draft_all, drafts_of
from release_staging.record.handoff import Outcome, hand_off
from release_staging.record.withhold import rescanning
from release_staging.staging.entries import Packet
from release_staging.staging.evidence_packet import evidence_of
from release_staging.staging.intake import Admitted, admit
from release_staging.staging.resolving import Resolving
from tests.packets import PacketBuilder

RECEIVED = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
SETTINGS = Settings.of({})


class Memory:
    """What a vault and a store hold, for as long as the object lives."""

    def __init__(self) -> None:
        self.documents: dict[str, bytes] = {}
        self.packets: dict[str, Packet] = {}

    def put(self, data: bytes) -> str:
        digest = "sha256:" + hashlib.sha256(data).hexdigest()
        self.documents[digest] = data
        return digest

    def get(self, digest: str) -> bytes:
        return self.documents[digest]

    def receive(self, packet: Packet) -> bool:
        return self.packets.setdefault(packet.packet_id, packet) is packet

    def packet_by_digest(self, digest: str) -> Packet | None:
        return next((packet for packet in self.packets.values() if packet.digest == digest), None)

    def packet(self, packet_id: str) -> Packet | None:
        return self.packets.get(packet_id)


@dataclass(frozen=True)
class Staged:
    """The outcome of one packet, and what led to it: the tables after normalisation and judgement, the draft, the documents."""

    outcome: Outcome
    tables: Tables
    draft: Draft
    memory: Memory

    @property
    def held(self) -> bool:
        return self.outcome.outcome == "held"

    @property
    def blocking(self) -> list[str]:
        """The codes of the exceptions that hold the packet, sorted."""
        return sorted(one.code.value for one in self.outcome.exceptions if one.blocking)


@cache
def policy(file: Path = SETTINGS.policy) -> Policy:
    return Policy.load(file)


@cache
def registries() -> Registries:
    return Registries.load(SETTINGS.registries)


def stage(packet: PacketBuilder, by: Policy | None = None, version: str = SETTINGS.contract) -> Staged:
    """The packet, written as a folder, admitted and processed."""
    with TemporaryDirectory() as folder:
        return stage_path(packet.write_folder(Path(folder), "packet"), by, version)


def stage_path(
    path: Path, by: Policy | None = None, version: str = SETTINGS.contract, between: Callable[[Tables], Tables] = lambda tables: tables
) -> Staged:
    """The packet at ``path``, admitted and processed; ``between`` is what tables go through from one step to the next."""
    by, made_to, memory = by or policy(), contract.load(version), Memory()
    admitted = admit(path, memory, memory, RECEIVED, aside=False)
    assert isinstance(admitted, Admitted), admitted
    evidence = between(evidence_of(admitted.packet_id, memory, memory, by.disclosure))
    documents = evidence.get("documents", gathered("documents").empty_table())
    extracted = [between(extract_source(source, documents, memory.get, options(by))) for source in SOURCES]
    read = merged([evidence, *extracted])
    normalised = between({**read, **normalise(read, registries(), by)})
    judged = merged([normalised, between(judge(normalised))])
    [draft] = drafts_of(between(draft_all(judged, made_to, registries().digest, by))).values()
    return Staged(hand_off(made_to, draft, 1, Resolving(memory.get), rescanning(by.disclosure)), judged, draft, memory)
