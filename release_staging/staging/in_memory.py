"""From packets to outcomes in this process: the same domain functions as the assets, in their order, without Dagster and PostgreSQL."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from release_staging.config.policy import Policy
from release_staging.config.registries import Registries
from release_staging.contradict.judge import judge
from release_staging.disclosure.tables import concealed
from release_staging.evidence.gather import extract_source, options
from release_staging.model.gathered import Tables, merged
from release_staging.model.sources import SOURCES
from release_staging.model.tables import gathered
from release_staging.normalize.normalise import normalise
from release_staging.record.contract import Contract
from release_staging.record.draft import Draft
from release_staging.record.drafts import draft_all, drafts_of
from release_staging.record.handoff import Outcome, hand_off
from release_staging.record.software import opened_with
from release_staging.record.withhold import rescanning
from release_staging.review.effects import Recorded, reviewed
from release_staging.staging.concealing import Concealing
from release_staging.staging.earlier import releases_before
from release_staging.staging.entries import Packet, Release
from release_staging.staging.evidence_packet import evidence_of
from release_staging.staging.resolving import Resolving
from release_staging.staging.review_evidence import review_of

Between = Callable[[Tables], Tables]


class Memory:
    """What a vault and a store hold, for as long as the object lives."""

    def __init__(self) -> None:
        self.documents: dict[str, bytes] = {}
        self.packets: dict[str, Packet] = {}
        self.findings: dict[str, list[Recorded]] = {}

    def put(self, data: bytes) -> str:
        digest = "sha256:" + hashlib.sha256(data).hexdigest()
        self.documents[digest] = data
        return digest

    def get(self, digest: str) -> bytes:
        return self.documents[digest]

    def adding(self) -> AbstractContextManager[None]:
        return nullcontext()  # nothing is ever removed

    def receive(self, packet: Packet) -> bool:
        return self.packets.setdefault(packet.packet_id, packet) is packet

    def packet_by_digest(self, digest: str) -> Packet | None:
        return next((packet for packet in self.packets.values() if packet.digest == digest), None)

    def packet(self, packet_id: str) -> Packet | None:
        return self.packets.get(packet_id)

    def released_before(self, service: str, instant: datetime) -> list[Release]:  # noqa: ARG002 - nothing was staged before
        return []

    def in_force(self, packets: Iterable[str]) -> dict[str, list[Recorded]]:
        return {packet: self.findings[packet] for packet in packets if packet in self.findings}


class Standing(Protocol):
    """What judging in this process needs of a vault and a store."""

    def put(self, data: bytes) -> str: ...

    def get(self, digest: str) -> bytes: ...

    def receive(self, packet: Packet) -> bool: ...

    def packet(self, packet_id: str) -> Packet | None: ...

    def packet_by_digest(self, digest: str) -> Packet | None: ...

    def released_before(self, service: str, instant: datetime) -> list[Release]: ...

    def in_force(self, packets: Iterable[str]) -> dict[str, list[Recorded]]:
        """The findings that count, of the packets that have any."""


@dataclass(frozen=True)
class Reference:
    """What judgement refers to."""

    policy: Policy
    registries: Registries
    contract: Contract


@dataclass(frozen=True)
class Judged:
    """Packets after judgement: every table of the run, and each packet's draft."""

    tables: Tables
    drafts: dict[str, Draft]


def judged(packets: Iterable[str], memory: Standing, by: Reference, between: Between = lambda tables: tables) -> Judged:
    """Admitted packets, as far as their drafts; ``between`` is what tables go through from one step to the next."""
    packets = list(packets)
    evidence = between(merged(tables for packet in packets for tables in _opened(packet, memory, by)))
    concealing = Concealing(memory.get)
    review = between(review_of(memory.in_force(packets), evidence, memory.get, by.policy, concealing))
    documents = evidence.get("documents", gathered("documents").empty_table())
    withheld = concealing.of(merged([evidence, review]), by.policy.disclosure)
    extracted = [between(concealed(extract_source(source, documents, memory.get, options(by.policy)), withheld)) for source in SOURCES]
    read = reviewed(evidence, review, *extracted)
    normalised = between({**read, **normalise(read, by.registries, by.policy)})
    tables = merged([normalised, between(judge(normalised))])
    return Judged(tables, drafts_of(between(draft_all(tables, by.contract, by.registries.digest, by.policy))))


def _opened(packet: str, memory: Standing, by: Reference) -> tuple[Tables, Tables]:
    policy = by.policy
    evidence = evidence_of(packet, memory, memory, policy.disclosure, opened_with(policy.digest, policy.disclosure.key_id))
    return evidence, releases_before(packet, evidence, memory, by.registries, memory.get)


def handed_off(found: Judged, memory: Memory, by: Reference) -> dict[str, Outcome]:
    """Each packet's outcome, as its first revision."""
    resolving, rescan = Resolving(memory.get), rescanning(by.policy.disclosure)
    return {packet: hand_off(by.contract, draft, 1, resolving, rescan) for packet, draft in found.drafts.items()}
