"""What a hold or record must say of a packet: which exceptions, and where."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from release_staging.model.exceptions import Code, ReviewException


@dataclass(frozen=True)
class Expected:
    """One exception: its code, and what it is about: a document (and a place in it), or else a subject.

    ``locators`` are the places that show it, any of them; without them it is about the whole document, or about something
    that is not there. ``holds`` is whether it blocks under the default policy; None where that is for policy to say.
    """

    code: Code
    path: str | None = None
    locators: tuple[str, ...] = ()
    subject: str | None = None
    holds: bool | None = True

    def is_met_by(self, exception: ReviewException) -> bool:
        if exception.code is not self.code or (self.holds is not None and exception.blocking is not self.holds):
            return False
        if self.subject is not None and exception.subject == self.subject:
            return True
        return self.path is not None and any(self._shows(seen.path, seen.locator) for seen in exception.evidence)

    def _shows(self, path: str, locator: str | None) -> bool:
        if path != self.path:
            return False
        return not self.locators or any(
            locator == wanted or (locator or "").startswith((f"{wanted}/", f"{wanted};")) for wanted in self.locators
        )


@dataclass(frozen=True)
class Says:
    """Something that a record must say: what stands at a pointer, in words and as a condition."""

    pointer: str
    wanted: str
    holds: Callable[[Any], bool]


@dataclass(frozen=True)
class Expectation:
    """What must come of a packet: exceptions, and what record or hold must say."""

    exceptions: tuple[Expected, ...] = ()
    says: tuple[Says, ...] = ()

    @property
    def held(self) -> bool:
        """Whether the packet must be held."""
        return any(one.holds for one in self.exceptions)

    @property
    def codes(self) -> frozenset[str]:
        """Codes that may hold the packet."""
        return frozenset(one.code.value for one in self.exceptions if one.holds is not False)

    def missed(self, exceptions: Iterable[ReviewException]) -> list[Expected]:
        """The expected exceptions that are not among ``exceptions``."""
        found = list(exceptions)
        return [one for one in self.exceptions if not any(map(one.is_met_by, found))]


CLEAN = Expectation()
