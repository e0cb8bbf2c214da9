"""What goes into the staging store and comes out of it, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from release_staging.model.exceptions import ReviewException
from release_staging.staging.vault import digest_of

Outcome = Literal["staged", "held"]
EventName = Literal["received", "staged", "held", "repeated", "finding", "receipt", "withdrawn", "superseded", "archived", "restored"]


@dataclass(frozen=True)
class PacketDocument:
    """One document of a packet. ``sha256`` names it as the vault does; ``source`` and ``format`` are None where it was not recognised."""

    path: str
    sha256: str
    size: int
    source: str | None = None
    format: str | None = None


@dataclass(frozen=True)
class Packet:
    """One submission. ``packet_id`` is the partition key; the times have a time zone; ``origin`` is where it was found."""

    packet_id: str
    declared_id: str
    digest: str
    origin: str
    received_at: datetime
    effective_time: datetime
    size_bytes: int
    documents: tuple[PacketDocument, ...] = ()


@dataclass(frozen=True)
class Handoff:
    """A finished record or hold. ``body`` is its canonical JSON; its ``exceptions`` become rows beside it.

    ``basis`` names all that decided the outcome (packet, contract, rules, registries, findings ...): the same basis
    must give the same bytes; ``made_from`` is what it is the digest of. ``revision`` is what ``next_revision`` said for that basis.
    """

    packet_id: str
    revision: int
    basis: str
    outcome: Outcome
    contract: str
    body: str
    run_id: str | None = None
    made_from: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[str, ...] = ()

    @property
    def document_digest(self) -> str:
        """``sha256:<hex>`` of the body's UTF-8 bytes."""
        return digest_of(self.body.encode())


@dataclass(frozen=True)
class HandoffResult:
    """What a hand-off came to: ``revision`` is the one that stands for this basis, ``repeated`` that it stood already."""

    packet_id: str
    revision: int
    outcome: Outcome
    document_digest: str
    repeated: bool


@dataclass(frozen=True)
class RevisionHead:
    """A revision without its body: enough to list it. The exceptions are in the body's order, blocking first."""

    packet_id: str
    revision: int
    basis: str
    outcome: Outcome
    contract: str
    document_digest: str
    run_id: str | None
    created_at: datetime
    made_from: Mapping[str, str]
    findings: list[str]
    exceptions: tuple[ReviewException, ...]


@dataclass(frozen=True)
class Revision(RevisionHead):
    """A revision with its body, the canonical JSON exactly as it was handed off."""

    body: str


@dataclass(frozen=True)
class Standing:
    """The last revision of a packet, as far as it takes to say whether it is out of date."""

    packet_id: str
    revision: int
    outcome: Outcome
    contract: str
    made_from: Mapping[str, str]


@dataclass(frozen=True)
class Release:
    """What an earlier staged record brings to a later packet of the same service: digests of its artifacts, its bills of materials."""

    packet_id: str
    record_id: str
    version: str
    digests: tuple[str, ...]
    sboms: tuple[PacketDocument, ...]


@dataclass(frozen=True)
class HandoffEvent:
    """Something that happened to a packet; ``repeated`` is a run that brought nothing new."""

    packet_id: str
    revision: int | None
    event: EventName
    at: datetime
    run_id: str | None
    detail: dict[str, Any]
