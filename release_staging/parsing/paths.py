"""Names of documents in a packet: plain relative paths, or refused.

The same rules hold for archive members, files of a folder, manifests and what a descriptor names.
"""

from __future__ import annotations

import re
import unicodedata

from release_staging.parsing.limits import LIMITS, Limits, Unreadable

_DRIVE = re.compile(r"[A-Za-z]:")
_CONTROL = {"Cc", "Cs", "Zl", "Zp"}  # control characters, lone surrogates (bytes that are not UTF-8), line separators
_BIDI = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")  # would show another name than the real one
_SHOWN = 120
_PART_OF_A_WORD = re.compile(r"[\w+=-]*\Z")


def shown(name: str) -> str:
    """``name`` as a message may quote it: bounded, on one line, with nothing that could act on a terminal.

    It is cut between words: half a token is still most of a secret, and no longer looks like one.
    """
    cut = name if len(name) <= _SHOWN else _PART_OF_A_WORD.sub("", name[: _SHOWN - 1]) + "…"
    return "".join(c if c.isprintable() and c not in _BIDI else c.encode("unicode_escape", "surrogatepass").decode() for c in cut)


def checked(name: str, limits: Limits = LIMITS) -> str:
    """``name`` without a leading ``./``, when it is a plain relative path with forward slashes. Raises Unreadable naming it."""
    path = name.removeprefix("./")
    reason = _fault(path, limits)
    if reason:
        raise Unreadable(
            f"{shown(name) or 'a member without a name'!r} is refused: {reason}",
            remedy="pack it again with plain relative names in UTF-8, for example with `release-staging pack`",
        )
    return path


def _fault(path: str, limits: Limits) -> str:
    if not path:
        return "the name is empty"
    if len(path) > limits.path_chars:
        return f"the name is longer than {limits.path_chars} characters"
    if any(unicodedata.category(c) in _CONTROL for c in path):
        return "the name holds a control character or is not UTF-8"
    if not _BIDI.isdisjoint(path):
        return "the name holds a character that reorders text"
    if "\\" in path:
        return "the name holds a backslash"
    if path.startswith("/"):
        return "the name is absolute"
    if _DRIVE.match(path):
        return "the name begins with a drive letter"
    segments = path.split("/")
    if ".." in segments:
        return "the name climbs out with '..'"
    if "." in segments or "" in segments:
        return "the name has an empty or '.' segment"
    return ""


class Names:
    """The names seen so far in one packet. Two that a file system could take for one are refused."""

    def __init__(self) -> None:
        self._seen: dict[str, str] = {}

    def add(self, path: str) -> None:
        """Raises Unreadable where ``path`` was seen before, also after Unicode normalisation (NFC) and case folding."""
        folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())
        if folded in self._seen:
            first = self._seen[folded]
            same = "" if first == path else f", once as {shown(first)!r}"
            raise Unreadable(f"{shown(path)!r} is there twice{same}", remedy="give every document its own name and pack again")
        self._seen[folded] = path
