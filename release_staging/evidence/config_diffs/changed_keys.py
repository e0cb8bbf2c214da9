"""Which keys the changed lines of a hunk assign. Only names leave this module, never what is assigned to them."""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_NAME = r"[A-Za-z_$@][\w.$@/-]{0,99}"
_QUOTED = re.compile(r"""\s*(?:-\s+)?(?P<quote>["'])(?P<key>[\w.$@/ -]{1,100})(?P=quote)\s*[:=](?!=)""")
_COLON = re.compile(rf"\s*(?:-\s+)?(?P<key>{_NAME})\s*:(?=\s|$)")
_EQUALS = re.compile(rf"\s*(?:export\s+)?(?P<key>{_NAME})\s*=(?![=>])(?P<value>.*)$")
_EMPTY_VALUED = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\Z")
_ENTRY_NAME = re.compile(r"""(?P<indent>\s*)-\s+name:\s*["']?(?P<name>[A-Za-z_][\w.-]{0,99})["']?\s*$""")
_ENTRY_VALUE = re.compile(r"(?P<indent>\s*)(?:value|valueFrom)\s*:")


@dataclass(frozen=True)
class KeyedChange:
    """``lines`` are the document's line numbers (from 0), in order; ``key`` is None for a run of lines without one."""

    lines: tuple[int, ...]
    key: str | None
    action: str


def key_of(line: str) -> str | None:
    """The key that a line assigns, or None. ``KEY=`` without a value is a key only where it looks like one: base64 ends in ``=`` too."""
    if match := _QUOTED.match(line) or _COLON.match(line):
        return match["key"]
    match = _EQUALS.match(line)
    if match and (match["value"].strip() or _EMPTY_VALUED.match(match["key"])):
        return match["key"]
    return None


def keyed_changes(hunk: Sequence[tuple[int, str, str]]) -> list[KeyedChange]:
    """The changes of one hunk, given as ``(line number, "+", "-" or " ", text)``, in the order in which they stand."""
    removed: dict[str, deque[int]] = defaultdict(deque)
    added: dict[str, deque[int]] = defaultdict(deque)
    loose: list[tuple[int, str]] = []
    for number, sign, key in _keys(hunk):
        if sign == " ":
            continue
        if key is None:
            loose.append((number, sign))
        else:
            (removed if sign == "-" else added)[key].append(number)
    found = list(_runs(loose))
    for key in {**removed, **added}:
        while removed[key] and added[key]:
            found.append(KeyedChange(tuple(sorted((removed[key].popleft(), added[key].popleft()))), key, "changed"))
        found += [KeyedChange((number,), key, "removed") for number in removed[key]]
        found += [KeyedChange((number,), key, "added") for number in added[key]]
    return sorted(found, key=lambda change: change.lines)


def _keys(hunk: Sequence[tuple[int, str, str]]) -> Iterator[tuple[int, str, str | None]]:
    """Each line with its key; the value of a named list entry has the entry's name, on either side of the change."""
    entries: dict[str, tuple[int, str] | None] = {"-": None, "+": None}
    for number, sign, text in hunk:
        key = key_of(text)
        sides = "-+" if sign == " " else sign
        if match := _ENTRY_NAME.match(text):
            for side in sides:
                entries[side] = (len(match["indent"]), match["name"])
        elif match := _ENTRY_VALUE.match(text):
            entry = entries[sides[-1]]
            if entry is not None and len(match["indent"]) > entry[0]:
                key = entry[1]
        elif text.strip():
            indent = len(text) - len(text.lstrip())
            for side in sides:
                entry = entries[side]
                if entry is not None and indent <= entry[0]:
                    entries[side] = None
        yield number, sign, key


def _runs(lines: Sequence[tuple[int, str]]) -> Iterator[KeyedChange]:
    """Neighbouring lines without a key, as one change."""
    start = 0
    for index in range(1, len(lines) + 1):
        if index == len(lines) or lines[index][0] != lines[index - 1][0] + 1:
            signs = {sign for _, sign in lines[start:index]}
            action = "changed" if len(signs) == 2 else "added" if "+" in signs else "removed"
            yield KeyedChange(tuple(number for number, _ in lines[start:index]), None, action)
            start = index
