"""dyff (``dyff between``): its human output (``path``, then ``± value change``) and its GitHub style (``@@ path @@``).

Below each path stand one or more statements, and below them the values, which are never read. Rows of ``config_changes``: ``key``
is the path as dyff writes it, with the entry's name where an entry of a map is added or removed; ``file`` is the Kubernetes object
or the document that dyff names beside the path.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from release_staging.evidence.config_diffs.changed_keys import key_of
from release_staging.evidence.config_diffs.terminal import outside_fences, plain
from release_staging.evidence.reader import TEXT, Extract, Head, Reader, TextDocument

_STATEMENT = re.compile(
    r"(?:  |! )?(?:(?P<sign>[±⇆]) (?:value change|type change|content change|certificate change|whitespace only change|order changed)\b"
    r"|(?P<list>[+-]) \w{1,20} (?P<kind>list entr(?:y|ies)|map entr(?:y|ies)|documents?) (?:added|removed):)"
)
_BESIDE = re.compile(r"\s{2,}(?P<list>[+-]) \w{1,20} (?:list entr(?:y|ies)|map entr(?:y|ies)|documents?) (?:added|removed):")
_HUMAN_PATH = re.compile(r"(?P<path>\S(?:.{0,998}?\S)??)(?:  \((?P<file>[^()]{1,500})\))?\Z")
_GITHUB_PATH = re.compile(r"@@ (?P<path>\S.{0,998}?) @@\Z")
_GITHUB_FILE = re.compile(r"# (?P<file>\S.{0,499})\Z")
_ROOT = "(root level)"
_BANNER = re.compile(r"[\s_/|\\'(),-]{12,}(?:between .*|and .*|returned .* differences?)?\Z")
_ACTIONS = {"+": "added", "-": "removed", "±": "changed", "⇆": "changed"}


@dataclass(frozen=True)
class Difference:
    """A path at line ``start``, its first statement at ``stated``, and the line before which it ends."""

    path: str
    file: str | None
    start: int
    stated: int
    end: int


def recognise(head: Head) -> str | None:
    lines = dict(outside_fences(head.root))
    return "" if any(_path_at(lines, number) for number in lines) else None


def _path_at(lines: dict[int, str], number: int) -> tuple[str, str | None, int] | None:
    """``(path, file, line of the first statement)`` where a path stands at this line: a statement follows."""
    line, after = lines[number], lines.get(number + 1, "")
    if line.startswith("@@ "):
        path = _GITHUB_PATH.match(line)
        named = _GITHUB_FILE.match(after)
        stated = number + 2 if named else number + 1
        if path and lines.get(stated, "").startswith(("! ", "+ ", "- ")) and _STATEMENT.match(lines[stated]):
            return path["path"], named["file"] if named else None, stated
    elif line[:1] not in ("", " ", "+", "-", "!", "#") and _STATEMENT.match(after) and not after.startswith("! "):
        human = _HUMAN_PATH.match(line)
        if human:
            return human["path"], human["file"], number + 1
    return None


def read(document: TextDocument, out: Extract) -> None:
    lines = [plain(line) for line in document.lines]
    found = list(_differences(lines))
    for difference in found:
        document.mark(difference.start, difference.stated)
        _pass_over_values(document, lines, difference)
        _read_difference(document, lines, difference, out)
    for number in range(found[0].start if found else 0):
        if _BANNER.match(lines[number]):
            document.summarise(number, number + 1, rule="banner")


def _pass_over_values(document: TextDocument, lines: Sequence[str], difference: Difference) -> None:
    """Values are indented or signed: a line that is not may be the path of a statement that nobody declared."""
    github = lines[difference.start].startswith("@@ ")
    for number in range(difference.stated, difference.end):
        known = not lines[number].startswith("@@ ") if github else lines[number][:1] in ("", " ", "+", "-")
        if known:
            document.summarise(number, number + 1, rule="values")


def _differences(lines: Sequence[str]) -> Iterator[Difference]:
    numbered = dict(enumerate(lines))
    starts = [(number, known) for number in numbered if (known := _path_at(numbered, number))]
    ends = [number for number, _ in starts[1:]] + [len(lines)]
    for (start, (path, file, stated)), end in zip(starts, ends, strict=True):
        yield Difference(path, file, start, stated, end)


def _read_difference(document: TextDocument, lines: Sequence[str], difference: Difference, out: Extract) -> None:
    key = None if difference.path == _ROOT else difference.path
    for number in range(difference.stated, difference.end):
        match = _STATEMENT.match(lines[number])
        if match is None:
            continue
        document.mark(number)
        beside = _BESIDE.search(lines[number], match.end())
        action = _ACTIONS[match["sign"] or match["list"]]
        entries = _entries(lines, number, difference.end) if (match["kind"] or "").startswith("map") and not beside else {}
        for entry, name in entries.items():
            document.mark(entry)
            out.row("config_changes", document.span(entry), file=difference.file, key=_joined(key, name), action=action)
        if not entries:
            out.row("config_changes", document.span(number), file=difference.file, key=key, action=action)
        if beside:
            out.row("config_changes", document.span(number), file=difference.file, key=key, action=_ACTIONS[beside["list"]])


def _entries(lines: Sequence[str], statement: int, end: int) -> dict[int, str]:
    """Lines and names of the map entries that a statement lists: the keys that stand furthest left below it."""
    names: dict[int, tuple[int, str]] = {}
    for number in range(statement + 1, end):
        line = lines[number]
        if not line.strip() or _STATEMENT.match(line):
            break
        body = line[2:] if line.startswith(("+ ", "- ")) else line
        name = key_of(body)
        if name is not None:
            names[number] = len(body) - len(body.lstrip()), name
    first = min((indent for indent, _ in names.values()), default=0)
    return {number: name for number, (indent, name) in names.items() if indent == first}


def _joined(path: str | None, name: str) -> str:
    """The path of an entry: in Spruce style behind a dot, in go-patch style behind a slash."""
    if path is None:
        return name
    return f"{path.rstrip('/')}/{name}" if path.startswith("/") else f"{path}.{name}"


READER = Reader(
    source="config_diffs",
    format="dyff",
    title="dyff output (human, GitHub)",
    reference="homeport/dyff, pkg/dyff/output_human.go and output_diff_syntax.go",
    encodings=(TEXT,),
    media_type="text/plain",
    recognise=recognise,
    read=read,
)
