"""TAP, the Test Anything Protocol, versions 12 (which does not say so), 13 and 14.

A test point is ``ok`` or ``not ok``; with a directive it is ``skip`` or ``todo`` (vocabulary ``tap-result``): a failing TODO is not a
failure, and a passing one is not counted on. ``Bail out!`` is a case ``bail-out``, a plan ``1..0`` that skips all is ``skip``. The
points of a subtest, indented by four, are the cases; the point they belong to, which stands behind them or opens a brace before
them, is one too only where it failed and none of them did. A plan that does not match the points at its level is a
contradiction: TAP counts missing points as failed.

Diagnostics and YAML blocks may hold secrets and are left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from release_staging.evidence.ledger import DROPPED
from release_staging.evidence.lines import Span, TextDocument
from release_staging.evidence.reader import TEXT, Extract, Head, Reader
from release_staging.evidence.test_reports.units import scaled
from release_staging.model.exceptions import Code

_VERSION = re.compile(r"TAP version (?P<version>\d+)\s*")
_PLAN = re.compile(r"(?P<indent>(?: {4}){0,32})1\.\.(?P<last>\d{1,9})(?:\s+#\s*(?P<reason>.*))?\s*")
_POINT = re.compile(r"(?P<indent>(?: {4}){0,32})(?P<result>not ok|ok)\b(?:[ \t]+(?P<number>\d{1,9}))?(?P<rest>.*)")
_DIRECTIVE = re.compile(r"(?<!\\)#\s*(?P<word>skip|todo)", re.IGNORECASE)
_TIME = re.compile(r"\s*(?<!\\)#\s*time=(?P<milliseconds>\d{1,12}(?:\.\d{1,9})?)ms\s*\Z")  # a comment of node-tap and Vitest
_BAIL = re.compile(r"\s*Bail out!.*")
_YAML_OPEN, _YAML_END = re.compile(r"(?P<indent>\s+)---\s*"), "..."
_NEAR = 40  # lines at either end within which a plan, which may come first or last, is looked for


def recognise(head: Head) -> str | None:
    lines: Sequence[str] = head.root
    near = [line for line in (*lines[:_NEAR], *(lines[_NEAR:][-_NEAR:])) if line.strip()]
    start = next((line for line in near if not line.startswith("#")), "")
    if version := _VERSION.fullmatch(start):
        return version["version"]
    plans = sum(1 for line in near if line.startswith("1..") and _PLAN.fullmatch(line))
    points = [line for line in near if _POINT.fullmatch(line)]
    empty = any(line.startswith("1..0") for line in near)
    begins = _PLAN.fullmatch(start) or _POINT.fullmatch(start)
    return "12" if begins and plans == 1 and (points or empty) else None


def read(document: TextDocument, out: Extract) -> None:
    stream = _Stream(document, out)
    block: str | None = None
    for number, line in enumerate(document.lines):
        if block is not None:
            document.mark(number, shape="diagnostic", use=DROPPED, rule="diagnostics")
            block = None if line.strip() == _YAML_END and line.startswith(block) else block
        elif opened := _YAML_OPEN.fullmatch(line):
            document.mark(number, shape="diagnostic", use=DROPPED, rule="diagnostics")
            block = opened["indent"]
        else:
            stream.line(number, line)
    stream.end()


@dataclass
class _Level:
    """What was seen at one depth since the last point of the level above."""

    points: int = 0
    failed: bool = False
    plan: int | None = None
    place: Span | None = None


@dataclass(frozen=True)
class _Point:
    place: Span
    name: str | None
    status: str
    depth: int
    seconds: str | None


@dataclass
class _Stream:
    document: TextDocument
    out: Extract
    levels: list[_Level] = field(default_factory=lambda: [_Level()])
    braces: list[_Point] = field(default_factory=list)
    cases: int = 0
    bailed: bool = False

    def line(self, number: int, line: str) -> None:
        document = self.document
        if point := _POINT.fullmatch(line):
            self._point(number, point)
        elif plan := _PLAN.fullmatch(line):
            self._plan(number, plan)
        elif _BAIL.fullmatch(line):
            self.bailed = True
            self._case(document.span(number), "Bail out!", "bail-out")
        elif line.lstrip().startswith("#"):
            document.mark(number, shape="diagnostic", use=DROPPED, rule="diagnostics")
        elif line.strip() == "}" and self.braces:
            document.mark(number)
            self._subtest(self.braces.pop())
        elif _VERSION.fullmatch(line) or line.strip().startswith("pragma "):
            document.mark(number)

    def end(self) -> None:
        while self.braces:
            self._subtest(self.braces.pop())
        while len(self.levels) > 1:
            self._close()
        top = self.levels[0]
        self._compare(top)
        if top.plan is None and not self.bailed:
            self.out.problem(
                Code.SCHEMA_DRIFT, "the stream has no plan 1..N: nothing tells whether it is whole", expected="a plan", found="nothing"
            )
        if not self.cases:
            self.out.problem(Code.EVIDENCE_EMPTY, "the stream holds no test point; no test run is not a passed test run")

    def _point(self, number: int, match: re.Match[str]) -> None:
        self.document.mark(number)
        depth, rest = len(match["indent"]) // 4, match["rest"].rstrip()
        opens, rest = rest.endswith("{"), rest.removesuffix("{")
        below = self._descend(depth)
        took = _TIME.search(rest)
        seconds, rest = (scaled(took["milliseconds"], 3), rest[: took.start()]) if took else (None, rest)
        directive = _DIRECTIVE.search(rest)
        name = (rest[: directive.start()] if directive else rest).strip().removeprefix("- ").strip()
        status = directive["word"].lower() if directive else match["result"]
        point = _Point(self.document.span(number), name or match["number"], status, depth, seconds)
        self.levels[depth].points += 1
        if opens:
            self.braces.append(point)
        else:
            self._result(point, below)

    def _subtest(self, point: _Point) -> None:
        """A point whose subtest stood behind it, in braces."""
        self._result(point, self._descend(point.depth))

    def _result(self, point: _Point, below: _Level | None) -> None:
        failed, below = point.status == "not ok", below or _Level()
        level = self.levels[point.depth]
        level.failed = level.failed or failed or below.failed
        if point.status == "ok" and below.failed:
            what = "the test point is ok, but a test point of its subtest is not"
            self.out.problem(Code.CONTRADICTION, what, point.place, expected="not ok", found="ok")
        if not below.points or (failed and not below.failed):
            self._case(point.place, point.name, point.status, point.seconds)

    def _plan(self, number: int, plan: re.Match[str]) -> None:
        self.document.mark(number)
        depth, last = len(plan["indent"]) // 4, int(plan["last"])
        self._descend(depth)
        level = self.levels[depth]
        if level.plan is not None:
            self.out.drift(self.document.span(number), "one plan a level")
        level.plan, level.place = last, self.document.span(number)
        if depth == 0:
            self.out.row("test_suites", level.place, tests=last)
        if last == 0 and not level.points:
            self._case(level.place, "all tests", "skip")

    def _descend(self, depth: int) -> _Level | None:
        """Makes ``depth`` the current level. Returns the level right below it, which ends with this line."""
        below = None
        while len(self.levels) > depth + 1:
            below = self._close()
        while len(self.levels) < depth + 1:
            self.levels.append(_Level())
        return below

    def _close(self) -> _Level:
        level = self.levels.pop()
        self._compare(level)
        return level

    def _compare(self, level: _Level) -> None:
        if level.plan is not None and level.place is not None and level.plan != level.points and not self.bailed:
            message = f"the plan says {level.plan} test points, {level.points} are there"
            self.out.problem(Code.CONTRADICTION, message, level.place, expected=str(level.plan), found=str(level.points))

    def _case(self, place: Span, name: str | None, status: str, seconds: str | None = None) -> None:
        place.mark()
        self.cases += 1
        self.out.row("test_cases", place, name=name, status=status, vocabulary="tap-result", duration_s=seconds)


READER = Reader(
    source="test_reports",
    format="tap",
    title="TAP stream",
    reference="Test Anything Protocol 12, 13 and 14, testanything.org",
    encodings=(TEXT,),
    media_type="text/plain",
    recognise=recognise,
    read=read,
    revision=2,
    versions=("12", "13", "14"),
)
