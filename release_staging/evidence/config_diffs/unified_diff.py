"""Unified diff: git (with its extended headers and combined diffs), GNU diff, ``kubectl diff``, ``git format-patch``.

Reference: git-diff, "Generating patch text with -p" and "Combined diff format"; GNU diffutils, "Detailed Unified".
Rows of ``config_changes`` name the keys that change and never copy a value:

- a changed line that assigns a key (``key: value``, ``KEY=value``, ``"key": value``) is a row with that key; a removed and
  an added line of one key in one hunk are one row, ``changed``, located from the first of the two to the last;
- the ``value`` of a list entry is named after the entry (``- name: DB_PASSWORD`` / ``value: ...`` is ``DB_PASSWORD``);
- other changed lines are one row a run, without a key;
- a file added, removed, renamed, made executable or binary is a row without a key. A rename is a removal and an addition.

What image a change brings in (``image: R:T``, or repository and tag) is claimed as ``artifact.reference``: it is what will run.

Lines in a hunk are counted against its header, so that a removed line ``-- x`` (in the diff: ``--- x``) is no file header.
Commit messages are read for trailers (``Security-Review: SEC-482``) and for words of authority.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from release_staging.evidence import prose
from release_staging.evidence.config_diffs.changed_keys import KeyedChange, keyed_changes
from release_staging.evidence.config_diffs.diff_paths import file_named, git_header_paths, unquoted
from release_staging.evidence.config_diffs.images import images
from release_staging.evidence.config_diffs.terminal import plain
from release_staging.evidence.lines import Span
from release_staging.evidence.reader import TEXT, Extract, Head, Reader, TextDocument
from release_staging.model.confidence import Confidence
from release_staging.model.exceptions import Code

_HUNK = re.compile(r"(?P<at>@@+) (?P<ranges>(?:-\d{1,9}(?:,\d{1,9})? )+\+\d{1,9}(?:,\d{1,9})?) (?P=at)")
_GIT = re.compile(r"diff --(?:git|cc|combined) ")
_EXTENDED = re.compile(
    r"(?:old mode|new mode|mode|deleted file mode|new file mode|similarity index|dissimilarity index"
    r"|rename (?:old|new|from|to)|copy from|copy to|index [0-9a-f,]+\.\.[0-9a-f]+|GIT binary patch|Binary files )"
)
_ABOUT_A_FILE = re.compile(r"(?:diff |Index: |={20,}$|=== (?:added|removed|modified|renamed) |Only in |Property changes on: )")
_MAIL_HEADER = re.compile(
    r"(?:From [0-9a-f]{40} |commit [0-9a-f]{40}|(?:From|Date|Subject|Author|AuthorDate|Commit|CommitDate|Merge|MIME-Version)\b.*: ?)"
)
_REVIEW = re.compile(r"(?: {4})?security-review:\s*(?P<reference>\S*\d\S*)\s*\Z", re.IGNORECASE)
_GIT_VERSION = re.compile(r"\d+\.\d+")
_FENCE = re.compile(r" {0,3}(?:```|~~~)")
_REFERENCE_CHARS = 200


@dataclass
class File:
    """What is known of the file that the lines below speak of."""

    name: str | None = None
    old: str | None = None
    whole: str | None = None  # the action on the file itself, where a header says it


def recognise(head: Head) -> str | None:
    """A file header that is followed by what only a diff has, outside any Markdown fence."""
    lines = [plain(line) for line in head.root]
    fenced = False
    for number, line in enumerate(lines):
        if line.startswith(("--- ", "diff --")):
            if not fenced and _starts_file(lines, number):
                return ""
        elif line.startswith((" ", "`", "~")) and _FENCE.match(line):
            fenced = not fenced
    return None


def _starts_file(lines: Sequence[str], number: int) -> bool:
    line = lines[number]
    after = lines[number + 1] if number + 1 < len(lines) else ""
    if line.startswith("--- "):
        return after.startswith("+++ ") and number + 2 < len(lines) and _HUNK.match(lines[number + 2]) is not None
    return bool(_GIT.match(line)) and bool(_EXTENDED.match(after) or after.startswith("--- "))


def read(document: TextDocument, out: Extract) -> None:
    _Scan(document, out).run()


class _Scan:
    """One pass over the lines; ``at`` is the line looked at."""

    def __init__(self, document: TextDocument, out: Extract) -> None:
        self.document, self.out = document, out
        self.lines = [plain(line) for line in document.lines]
        self.at = 0
        self.file = File()

    def run(self) -> None:
        self._read_preamble()
        while self.at < len(self.lines):
            line = self.lines[self.at]
            if (hunk := _HUNK.match(line)) and hunk["ranges"].count(" ") == len(hunk["at"]) - 1:
                self._read_hunk(hunk)
            elif line == "GIT binary patch":
                self._read_binary()
            elif line.startswith("--- ") and self._next().startswith("+++ "):
                self._read_names()
            elif _GIT.match(line):
                self.file = File(*git_header_paths(line))
                self._skip("file-header")
            elif line.startswith("Binary files ") and line.endswith(" differ"):
                self._tell("changed", self.file.name, unless_whole=True)
                self.at += 1
            elif _EXTENDED.match(line):
                self._read_extended(line)
            elif _ABOUT_A_FILE.match(line):
                self.file = File()
                self._skip("file-header")
            elif line.rstrip() == "--" and _GIT_VERSION.match(self._next()):
                self._skip("mail-signature")
                self._skip("mail-signature")
            elif _MAIL_HEADER.match(line):  # the next patch of a series
                self._read_preamble()
            else:
                self._pass_over(line)

    def _pass_over(self, line: str) -> None:
        """A line nobody declared; where it looks like a change, a hunk header counted too few."""
        if line.startswith(("+", "-")) and self.file.name:
            self.out.problem(
                Code.EVIDENCE_UNREADABLE,
                "a changed line stands outside every hunk; the diff was edited, or its hunk headers are wrong",
                self.document.span(self.at),
                subject=self.file.name,
            )
        self.at += 1

    def _next(self) -> str:
        return self.lines[self.at + 1] if self.at + 1 < len(self.lines) else ""

    def _skip(self, rule: str) -> None:
        self.document.summarise(self.at, self.at + 1, rule=rule)
        self.at += 1

    def _read_preamble(self) -> None:
        """Lines before a first file: a commit message where a mail or log header begins it, else words nobody declared."""
        start = self.at
        while self.at < len(self.lines) and not self._at_file():
            if _ABOUT_A_FILE.match(self.lines[self.at]):
                self.document.summarise(self.at, self.at + 1, rule="file-header")
            self.at += 1
        if start == self.at or not _MAIL_HEADER.match(self.lines[start]):
            return
        self.document.summarise(start, self.at, rule="commit-message")
        for number in range(start, self.at):
            if match := _REVIEW.match(self.lines[number]):
                reference = match["reference"][:_REFERENCE_CHARS]
                self.out.claim("security_review.reference", self.document.find(number, reference))
        prose.claim_authority(self.document, start, self.at, self.out)

    def _at_file(self) -> bool:
        line = self.lines[self.at]
        return _starts_file(self.lines, self.at) or bool(_GIT.match(line) or _HUNK.match(line)) or line.startswith(("Index: ", "=== "))

    def _read_names(self) -> None:
        old, new = (unquoted(self.lines[number][4:]) for number in (self.at, self.at + 1))
        self.file.name = file_named(old, new)
        self.document.mark(self.at, self.at + 2)
        self.at += 2

    def _read_extended(self, line: str) -> None:
        file = self.file
        match line.split(" "):
            case ["new", "file", *_]:
                self._tell("added", file.name, whole=True)
            case ["deleted", "file", *_]:
                self._tell("removed", file.old or file.name, whole=True)
            case ["new", "mode", *_]:
                self._tell("changed", file.name)
            case ["rename", "from" | "old", *rest]:
                self._tell("removed", unquoted(" ".join(rest)), whole=True)
            case ["rename", "to" | "new", *rest]:
                file.name = unquoted(" ".join(rest))
                self._tell("added", file.name, whole=True)
            case ["copy", "to", *rest]:
                file.name = unquoted(" ".join(rest))
                self._tell("added", file.name, whole=True)
            case _:
                self.document.summarise(self.at, self.at + 1, rule="file-header")
        self.at += 1

    def _tell(self, action: str, name: str | None, *, whole: bool = False, unless_whole: bool = False) -> None:
        """A row about the file itself, at the line looked at."""
        self.document.mark(self.at)
        if unless_whole and self.file.whole:
            return
        if whole:
            self.file.whole = action
        self.out.row("config_changes", self.document.span(self.at), file=name, action=action)

    def _read_binary(self) -> None:
        self._tell("changed", self.file.name, unless_whole=True)
        self.at += 1
        start = self.at
        while self.at < len(self.lines) and not _GIT.match(self.lines[self.at]) and self.lines[self.at] != "-- ":
            self.at += 1
        self.document.summarise(start, self.at, rule="binary-patch")

    def _read_hunk(self, header: re.Match[str]) -> None:
        start = self.at
        self.document.summarise(start, start + 1, rule="hunk-header")
        columns = len(header["at"]) - 1
        left = [int(part.partition(",")[2] or 1) for part in header["ranges"].split(" ")]
        self.at += 1
        changes: list[tuple[int, str, str]] = []  # (line, "+", "-" or " ", text)
        while self.at < len(self.lines) and any(count > 0 for count in left):
            line = self.lines[self.at]
            if line.startswith("\\"):
                self._skip("no-newline-marker")
                continue
            prefix, text = line[:columns].ljust(columns), line[columns:]
            if set(prefix) - {" ", "+", "-"}:
                break
            sign = "-" if "-" in prefix else "+" if "+" in prefix else " "
            changes.append((self.at, sign, text))
            for parent, mark in enumerate(prefix):
                left[parent] -= mark == "-" or (mark == " " and sign != "-")
            left[-1] -= sign != "-"
            self.at += 1
        if any(left):
            self.out.problem(
                Code.EVIDENCE_UNREADABLE,
                f"the hunk at line {start + 1} does not hold as many lines as its header says; the diff was cut off or edited",
                self.document.span(start),
                subject=self.file.name,
            )
        if self.at < len(self.lines) and self.lines[self.at].startswith("\\"):
            self._skip("no-newline-marker")
        self._tell_changes(changes)

    def _tell_changes(self, changes: list[tuple[int, str, str]]) -> None:
        for number, sign, _ in changes:
            if sign == " ":
                self.document.summarise(number, number + 1, rule="context")
        for change in keyed_changes(changes):
            self.out.row("config_changes", self._place(change), file=self.file.name, key=change.key, action=change.action)
        for image in images(changes):
            whole = image.text == image.reference
            self.out.claim(
                "artifact.reference",
                self.document.find(image.line, image.text),
                value=image.reference,
                confidence=Confidence.EXACT if whole else Confidence.DERIVED,
                loss=None if whole else "put together from the members of a name and a tag",
            )

    def _place(self, change: KeyedChange) -> Span:
        for number in change.lines:
            self.document.mark(number)
        return self.document.span(change.lines[0], change.lines[-1] + 1)


READER = Reader(
    source="config_diffs",
    format="unified-diff",
    title="Unified diff",
    reference="git-diff, Generating patch text with -p; GNU diffutils, Detailed Unified",
    encodings=(TEXT,),
    media_type="text/x-diff",
    recognise=recognise,
    read=read,
    revision=3,
)
