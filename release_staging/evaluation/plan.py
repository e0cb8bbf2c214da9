"""What packet is to be made: enough to make it again anywhere."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Plan:
    """A packet to be made. ``family`` is None for a clean one; ``real`` is the path of a real document that goes into it."""

    name: str
    toolchain: str
    family: str | None = None
    form: str | None = None
    real: str | None = None
