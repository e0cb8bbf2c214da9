"""What goes wrong in staging, said to the person who must act."""

from __future__ import annotations


class StagingError(Exception):
    """Something kept a packet, record or hold from being stored or found. ``remedy`` says what to do about it."""

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(f"{message}; {remedy}" if remedy else message)
        self.message = message
        self.remedy = remedy


class NotFound(StagingError):
    """A name means no packet, record or hold, or several packets."""


class VaultError(StagingError):
    """A document that the vault should hold is missing or is not what was put there."""


class RevisionTaken(StagingError):
    """Another run took the revision number between ``next_revision`` and ``hand_off``. Running again settles it."""
