"""helm-diff (``helm diff upgrade``, ``helm diff revision``): its default output and ``--output simple``.

A header line names the object and what becomes of it; below it stand the lines of its manifest, each behind two characters that
say whether it is added, removed or context. Rows of ``config_changes`` name the object as ``Kind/namespace/name``: one row for an
object that is added, removed, changes its owner, or whose changes are not shown; and one for each key that changes (see
``changed_keys``). ``sensitive`` is true where helm-diff hides the value of a Secret or all of its changes, else null: it marks
nothing else.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from release_staging.evidence.config_diffs.changed_keys import keyed_changes
from release_staging.evidence.config_diffs.terminal import outside_fences, plain
from release_staging.evidence.reader import TEXT, Extract, Head, Reader, TextDocument
from release_staging.model.exceptions import Code

_HEADER = re.compile(
    r"(?P<namespace>[a-z0-9.-]{0,253}), (?P<name>\S{1,253}), (?P<kind>\w{1,100}) \((?P<api>[^()\s]{0,253})\) (?P<what>"
    r"has been added:|has been removed:|has changed:|changed ownership:|has changed, but diff is empty after suppression\."
    r"|to be added\.|to be removed\.|to be changed\.|to change ownership\.)\Z"
)
_WHOLE = {"has been added:": "added", "has been removed:": "removed", "to be added.": "added", "to be removed.": "removed"}
_SUPPRESSED = re.compile(r"\+ Changes suppressed on sensitive content of type (?P<kind>\w+)\Z")
_HIDDEN = re.compile(r"(?:-{8}|\+{8}|REDACTED) # \(\d+ bytes\)")
_PLAN = re.compile(
    r"Plan: (?P<added>\d{1,9}) to add, (?P<changed>\d{1,9}) to change, (?P<removed>\d{1,9}) to destroy, \d{1,9} to change ownership\.\Z"
)


def recognise(head: Head) -> str | None:
    return "" if any(_HEADER.match(line) for _, line in outside_fences(head.root)) else None


def read(document: TextDocument, out: Extract) -> None:
    lines = [plain(line) for line in document.lines]
    starts = [(number, match) for number, line in enumerate(lines) if (match := _HEADER.match(line))]
    ends = [number for number, _ in starts[1:]] + [len(lines)]
    objects: Counter[str] = Counter()
    for (start, match), end in zip(starts, ends, strict=True):
        what = match["what"]
        name = "/".join(part for part in (match["kind"], match["namespace"], match["name"]) if part)
        objects[_WHOLE.get(what, "changed")] += 1
        document.mark(start)
        if what != "has changed:":
            out.row("config_changes", document.span(start), file=name, action=_WHOLE.get(what, "changed"))
        _read_lines(document, lines, range(start + 1, end), name, _WHOLE.get(what, "changed"), out)
    for number, line in enumerate(lines):
        if match := _PLAN.match(line):
            document.mark(number)
            _compare(document, number, match, objects, out)


def _read_lines(document: TextDocument, lines: Sequence[str], numbers: range, name: str, action: str, out: Extract) -> None:
    changes: list[tuple[int, str, str]] = []
    for number in numbers:
        line = lines[number]
        if _SUPPRESSED.match(line):
            document.mark(number)
            out.row("config_changes", document.span(number), file=name, action=action, sensitive=True)
        elif line == "..." or line.startswith("  ") or not line.strip():
            changes.append((number, " ", line[2:]))
            document.summarise(number, number + 1, rule="context")
        elif line.startswith(("+ ", "- ")) or line in ("+", "-"):
            changes.append((number, line[0], line[2:]))
        # Whatever else stands here is left, and not understood.
    for change in keyed_changes([item for item in changes if item[1] == " " or item[2].strip()]):
        hidden = any(_HIDDEN.search(lines[number]) for number in change.lines)
        place = document.span(change.lines[0], change.lines[-1] + 1)
        out.row("config_changes", place, file=name, key=change.key, action=change.action, sensitive=hidden or None)
    for number, sign, _ in changes:
        if sign != " ":
            document.mark(number)


def _compare(document: TextDocument, number: int, match: re.Match[str], objects: Counter[str], out: Extract) -> None:
    for action in ("added", "removed"):
        if int(match[action]) != objects[action]:
            message = f"the plan declares {match[action]} objects {action}, {objects[action]} are listed"
            out.problem(Code.CONTRADICTION, message, document.span(number), expected=str(objects[action]), found=match[action])


READER = Reader(
    source="config_diffs",
    format="helm-diff",
    title="helm-diff output",
    reference="databus23/helm-diff v3, diff/report.go and diff/diff.go",
    encodings=(TEXT,),
    media_type="text/x-diff",
    recognise=recognise,
    read=read,
)
