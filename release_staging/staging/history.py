"""How a packet came to where it stands: its revisions, what became of it, and what changed since what stood before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from release_staging.model.gathered import Gathered, Tables
from release_staging.parsing import json
from release_staging.record.comparison import Difference, differences, package_differences, packages_of
from release_staging.staging.entries import HandoffEvent, Revision, RevisionHead
from release_staging.staging.store import StagingStore

Normalised = Callable[[str], Tables | None]  # what was normalised of a packet, where it is still there


@dataclass(frozen=True)
class Changes:
    """What changed in a revision ``since`` what stood before it. ``packages_compared``: or the other packet's are not there any more."""

    since: str
    found: tuple[Difference, ...]
    packages_compared: bool = True


@dataclass(frozen=True)
class History:
    """``superseded`` are the packets that this one stands in place of, ``events`` what happened to it."""

    revisions: tuple[RevisionHead, ...]
    events: tuple[HandoffEvent, ...]
    superseded: tuple[str, ...]
    changes: tuple[Changes, ...]

    @property
    def superseded_by(self) -> str | None:
        return next((str(event.detail["by"]) for event in self.events if event.event == "superseded"), None)


def history(store: StagingStore, revision: Revision, normalised: Normalised) -> History:
    """The history of the revision's packet, and what changed in it since the revision before, and since the packets it supersedes."""
    packet = revision.packet_id
    superseded = store.superseded_by(packet)
    return History(tuple(store.history(packet)), tuple(store.events(packet)), superseded, changes(store, revision, superseded, normalised))


def changes(store: StagingStore, revision: Revision, superseded: tuple[str, ...], normalised: Normalised) -> tuple[Changes, ...]:
    """Since the revision before, and since the newest packet that it supersedes."""
    found = []
    before = store.revision(revision.packet_id, revision.revision - 1)
    if before is not None:
        found.append(Changes(f"revision {before.revision}", tuple(_between(before, revision))))
    older = store.latest(superseded[0]) if superseded else None
    if older is not None:
        packages = [packages_of(Gathered(tables), one.packet_id) for one in (older, revision) if (tables := normalised(one.packet_id))]
        compared = len(packages) == 2
        more = package_differences(*packages) if compared else []
        found.append(Changes(f"packet {older.packet_id}", (*_between(older, revision), *more), compared))
    return tuple(found)


def _between(before: Revision, after: Revision) -> list[Difference]:
    return differences(*(json.parse(one.body.encode()) for one in (before, after)))
