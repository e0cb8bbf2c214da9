"""What a source's text comes to as an identifier."""

from __future__ import annotations

from typing import NamedTuple


class Identifier(NamedTuple):
    """``text`` is the form to compare; ``understood`` is false where it is only what was written; ``note`` says what was lost."""

    text: str
    understood: bool = True
    note: str | None = None
