"""``argocd app diff`` in the normal format of ``diff`` (POSIX): a header for each object, ``35c35``, and lines behind ``<`` and ``>``.

With an external differ that writes the unified format the output is a unified diff and read as such. Rows of ``config_changes``
name the object as ``Kind/namespace/name``: one row for an object that only one side has, one for each key that changes (see
``changed_keys``). Argo CD masks the values of Secrets with plus signs; it marks nothing as sensitive.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from release_staging.evidence.config_diffs.changed_keys import keyed_changes
from release_staging.evidence.config_diffs.terminal import outside_fences, plain
from release_staging.evidence.reader import TEXT, Extract, Head, Reader, TextDocument
from release_staging.model.exceptions import Code

_HEADER = re.compile(r"={5,6} (?P<group>[\w.-]*)/(?P<kind>\w+) (?P<namespace>[\w.-]*)/(?P<name>\S+) ={5,6}\Z")
_COMMAND = re.compile(r"(?P<left>\d{1,9}(?:,\d{1,9})?)(?P<command>[acd])(?P<right>\d{1,9}(?:,\d{1,9})?)\Z")
_SIGNS = {"<": "-", ">": "+"}


def recognise(head: Head) -> str | None:
    header = False
    for _, line in outside_fences(head.root):
        if header and _COMMAND.match(line):
            return ""
        header = _HEADER.match(line) is not None
    return None


def read(document: TextDocument, out: Extract) -> None:
    lines = [plain(line) for line in document.lines]
    name: str | None = None
    at = 0
    while at < len(lines):
        if header := _HEADER.match(lines[at]):
            name = "/".join(part for part in (header["kind"], header["namespace"], header["name"]) if part)
            document.mark(at)
            at += 1
        elif name is not None and (command := _COMMAND.match(lines[at])):
            at = _read_hunk(document, lines, at, command, name, out)
        else:
            at += 1  # a line nobody declared


def _read_hunk(document: TextDocument, lines: Sequence[str], start: int, command: re.Match[str], name: str, out: Extract) -> int:
    """Reads the lines below a command; returns the line after them."""
    expected = {
        "<": 0 if command["command"] == "a" else _count(command["left"]),
        ">": 0 if command["command"] == "d" else _count(command["right"]),
    }
    found = {"<": 0, ">": 0}
    changes: list[tuple[int, str, str]] = []
    at = start + 1
    while at < len(lines) and (lines[at][:1] in _SIGNS or lines[at] == "---" or lines[at].startswith("\\ ")):
        sign = lines[at][:1]
        if sign in _SIGNS:
            found[sign] += 1
            changes.append((at, _SIGNS[sign], lines[at][2:]))
            document.mark(at)
        else:
            document.summarise(at, at + 1, rule="layout")
        at += 1
    if found != expected:
        message = f"the change at line {start + 1} does not hold as many lines as its command says; the diff was cut off or edited"
        out.problem(Code.EVIDENCE_UNREADABLE, message, document.span(start), subject=name)
    _tell_whole(document, start, command, name, changes, out)
    for change in keyed_changes(changes):
        place = document.span(change.lines[0], change.lines[-1] + 1)
        out.row("config_changes", place, file=name, key=change.key, action=change.action)
    return at


def _tell_whole(
    document: TextDocument, start: int, command: re.Match[str], name: str, changes: Sequence[tuple[int, str, str]], out: Extract
) -> None:
    """A row for the object itself, where one side is empty: lines from the first on, with all that makes an object."""
    document.summarise(start, start + 1, rule="hunk-header")
    action = {"0a": "added", "d0": "removed"}.get(command[0][:2] if command["command"] == "a" else command[0][-2:])
    if action and any(text.startswith("apiVersion:") for *_, text in changes):
        document.mark(start)
        out.row("config_changes", document.span(start), file=name, action=action)


def _count(lines: str) -> int:
    """How many lines a range ``3`` or ``3,5`` has."""
    first, _, last = lines.partition(",")
    return int(last or first) - int(first) + 1


READER = Reader(
    source="config_diffs",
    format="argocd-diff",
    title="argocd app diff output (normal format)",
    reference="argo-cd, cmd/argocd/commands/app.go; POSIX.1-2017, diff, Default Output Format",
    encodings=(TEXT,),
    media_type="text/x-diff",
    recognise=recognise,
    read=read,
)
