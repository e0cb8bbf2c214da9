"""Queue health: the open holds by code, role and age, and which of them are overdue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from release_staging.model.exceptions import Code, Role
from release_staging.operations.queue import Waiting

_NEVER = timedelta.max
AGES = (
    ("up to 1 day", timedelta(days=1)),
    ("1 to 3 days", timedelta(days=3)),
    ("3 to 7 days", timedelta(days=7)),
    ("1 to 4 weeks", timedelta(weeks=4)),
    ("more than 4 weeks", _NEVER),
)


@dataclass(frozen=True)
class Overdue:
    """A hold that waits longer for a role than policy allows."""

    packet: str
    role: Role
    age: timedelta
    codes: tuple[Code, ...]


@dataclass(frozen=True)
class Health:
    """A hold counts once for each code, role and age that it has."""

    holds: int
    oldest: timedelta
    by_code: Mapping[Code, int]
    by_role: Mapping[Role, int]
    by_age: Mapping[str, int]
    overdue: tuple[Overdue, ...]  # longest waiting first

    @property
    def overdue_holds(self) -> int:
        return len({one.packet for one in self.overdue})


def health(waiting: Sequence[Waiting], allowed: Mapping[Role, timedelta], now: datetime) -> Health:
    """The health of the queue at ``now``; ``allowed`` is how long a hold may wait for each role."""
    by_code: Counter[Code] = Counter(dict.fromkeys(Code, 0))
    by_role: Counter[Role] = Counter(dict.fromkeys(Role, 0))
    by_age: Counter[str] = Counter(dict.fromkeys((name for name, _ in AGES), 0))
    overdue = []
    for one in waiting:
        age, reasons = now - one.since, one.reasons()
        by_age[next(name for name, most in AGES if age <= most)] += 1
        by_role.update(list(reasons))
        by_code.update({said.code for listed in reasons.values() for said in listed})
        overdue += [
            Overdue(one.packet, role, age, tuple(dict.fromkeys(said.code for said in reasons[role]))) for role in one.overdue(allowed, now)
        ]
    overdue.sort(key=lambda one: (-one.age, one.packet, one.role))
    oldest = max((now - one.since for one in waiting), default=timedelta())
    return Health(len(waiting), oldest, by_code, by_role, by_age, tuple(overdue))
