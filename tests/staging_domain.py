"""From packets to outcomes without Dagster and PostgreSQL: the same domain functions as the assets, in their order, in memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from release_staging.config.policy import Policy
from release_staging.config.registries import Registries
from release_staging.config.settings import Settings
from release_staging.model.gathered import Tables
from release_staging.record import contract
from release_staging.record.draft import Draft
from release_staging.record.handoff import Outcome
from release_staging.staging.in_memory import Memory, Reference, handed_off, judged
from release_staging.staging.intake import Admitted, admit
from tests.packets import PacketBuilder

RECEIVED = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
SETTINGS = Settings.of({})


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
    memory, by = Memory(), by or policy()
    admitted = admit(path, memory, memory, RECEIVED, by.disclosure, aside=False)
    assert isinstance(admitted, Admitted), admitted
    reference = Reference(by, registries(), contract.load(version))
    found = judged([admitted.packet_id], memory, reference, between)
    [outcome] = handed_off(found, memory, reference).values()
    [draft] = found.drafts.values()
    return Staged(outcome, found.tables, draft, memory)
