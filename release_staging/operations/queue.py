"""The exception queue: which holds are open, since when, and whose they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from release_staging.model.exceptions import ReviewException, Role
from release_staging.staging.entries import RevisionHead


@dataclass(frozen=True)
class Waiting:
    """An open hold, and since when its packet is held without a record in between: a new revision does not make it young again."""

    hold: RevisionHead
    since: datetime

    @property
    def packet(self) -> str:
        return self.hold.packet_id

    def reasons(self, role: Role | None = None) -> dict[Role, list[ReviewException]]:
        """What holds it, by who is asked, in the order of the hold; only what ``role`` is asked, where one is given."""
        found: dict[Role, list[ReviewException]] = {}
        for one in self.hold.exceptions:
            if one.blocking and role in (None, one.owner):
                found.setdefault(one.owner, []).append(one)
        return found

    def overdue(self, allowed: Mapping[Role, timedelta], now: datetime) -> list[Role]:
        """For whom it waits longer than it may."""
        return [role for role in self.reasons() if now - self.since > allowed[role]]


def queue(holds: Iterable[RevisionHead], since: Mapping[str, datetime]) -> list[Waiting]:
    """The open holds, longest waiting first. ``since`` tells of each packet when it came to be held."""
    waiting = [Waiting(hold, since.get(hold.packet_id, hold.created_at)) for hold in holds]
    return sorted(waiting, key=lambda one: (one.since, one.packet))


def described(one: Waiting, role: Role | None, allowed: Mapping[Role, timedelta], now: datetime) -> dict[str, object]:
    """A hold of the queue for programs; only what ``role`` is asked, where one is given."""
    return {
        "packet_id": one.packet,
        "revision": one.hold.revision,
        "since": one.since.isoformat(),
        "contract": one.hold.contract,
        "exceptions": [
            {"code": said.code.value, "subject": said.subject, "message": said.message, "owner": said.owner.value, "remedy": said.remedy}
            for reasons in one.reasons(role).values()
            for said in reasons
        ],
        "age_seconds": int((now - one.since).total_seconds()),
        "revised": one.hold.created_at.isoformat(),
        "roles": {asked.value: len(reasons) for asked, reasons in one.reasons().items()},
        "overdue": [role.value for role in one.overdue(allowed, now)],
    }


def span(age: timedelta) -> str:
    """An age for people: its two largest units."""
    minutes = max(int(age.total_seconds()), 0) // 60
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return f"{days} d {hours} h" if hours else f"{days} d"
    if hours:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{minutes} min"
