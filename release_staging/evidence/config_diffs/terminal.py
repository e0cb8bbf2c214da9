"""What tools print to a terminal: lines without their colours, and those that stand outside Markdown fences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_COLOUR = re.compile(r"\x1b\[[0-9;:]*m")
_FENCE = re.compile(r" {0,3}(?:```|~~~)")


def plain(line: str) -> str:
    """The line without colours (ECMA-48 SGR sequences); places in the document keep counting them."""
    return _COLOUR.sub("", line) if "\x1b" in line else line


def outside_fences(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Number and plain text of the lines that are not an example in Markdown."""
    fenced = False
    for number, line in enumerate(lines):
        if line.lstrip(" ").startswith(("```", "~~~")) and _FENCE.match(line):
            fenced = not fenced
        elif not fenced:
            yield number, plain(line)
