"""What is wrong with a packet as it came: told, never raised, so that a bad packet still opens and is held with reasons."""

from __future__ import annotations

from dataclasses import dataclass

from release_staging.model.exceptions import Code
from release_staging.parsing.limits import Unreadable


@dataclass(frozen=True)
class Problem:
    """``subject`` is a path in the packet; ``document`` and ``locator`` say where the fault stands, where it stands somewhere."""

    code: Code
    subject: str
    message: str
    remedy: str
    locator: str | None = None
    document: str | None = None


class UnusableName(ValueError):
    """A packet whose declared id cannot name a partition. The intake puts it aside; its sender must name it anew."""


def unreadable(subject: str, error: Unreadable, document: str | None = None) -> Problem:
    """The problem that ``error`` tells of."""
    return Problem(Code.EVIDENCE_UNREADABLE, subject, str(error), error.remedy or "correct the document and submit again", None, document)
