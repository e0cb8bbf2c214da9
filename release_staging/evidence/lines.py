"""Reading text by lines: Markdown, diffs, CSV. Each line that is not blank is one element of the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from release_staging.evidence.extract import Extract
from release_staging.evidence.ledger import MAPPED, SUMMARISED
from release_staging.evidence.tree import Node
from release_staging.model import locators
from release_staging.parsing import json, yaml
from release_staging.parsing.limits import Unreadable


class Span:
    """Lines ``start`` to before ``end`` (from 0), or characters of one line."""

    __slots__ = ("chars", "document", "end", "start")

    def __init__(self, document: TextDocument, start: int, end: int, chars: tuple[int, int] | None = None) -> None:
        self.document, self.start, self.end, self.chars = document, start, end, chars

    @property
    def locator(self) -> str:
        step = locators.lines(self.start, self.end)
        return f"{step};{locators.chars(*self.chars)}" if self.chars else step

    @property
    def raw(self) -> Any:
        text = "\n".join(self.document.lines[self.start : self.end])
        return text[slice(*self.chars)] if self.chars else text

    def mark(self) -> None:
        self.document.mark(self.start, self.end)


class TextDocument:
    """A document of lines. Lines nobody marked are not understood, under the shape ``/line``."""

    def __init__(self, lines: Sequence[str], out: Extract) -> None:
        self.lines, self.out = lines, out
        self._marks: dict[int, tuple[str, int, str | None]] = {}
        self._embedded: set[int] = set()

    def span(self, start: int, end: int | None = None, chars: tuple[int, int] | None = None) -> Span:
        """A place: lines ``start`` to before ``end`` (one line, without it), or characters of line ``start``."""
        return Span(self, start, start + 1 if end is None else end, chars)

    def find(self, line: int, text: str, begin: int = 0) -> Span:
        """The place of ``text`` in ``line``. Raises ValueError where it is not there."""
        at = self.lines[line].index(text, begin)
        return self.span(line, chars=(at, at + len(text)))

    def mark(self, start: int, end: int | None = None, *, shape: str = "line", use: int = MAPPED, rule: str | None = None) -> None:
        """Notes what became of lines ``start`` to before ``end``; ``shape`` names their kind in the ledger."""
        for line in range(start, start + 1 if end is None else end):
            self._marks[line] = (shape, use, rule)

    def summarise(self, start: int, end: int, *, shape: str = "line", rule: str | None = None) -> None:
        self.mark(start, end, shape=shape, use=SUMMARISED, rule=rule)

    def yaml(self, start: int, end: int) -> Node | None:
        """The YAML in these lines as a tree; its leaves take the place of the lines in the ledger. None where it is not YAML."""
        try:
            value = yaml.parse("\n".join(self.lines[start:end]).encode())
        except Unreadable as error:
            self.out.drift(self.span(start, end), f"YAML ({error})")
            return None
        self._embedded.update(range(start, end))
        shape = self.out.shapes.child("front-matter")
        shape.count_tree(value)
        return Node(self.out, value, shape, base=f"{locators.lines(start, end)};yaml=0;")

    def json(self, line: int) -> Node | None:
        """The JSON object in ``line`` as a tree; its leaves take the place of the line in the ledger. None where it is none."""
        try:
            value = json.parse(self.lines[line].encode())
        except Unreadable:
            return None
        if not isinstance(value, dict):
            return None
        self._embedded.add(line)
        self.out.shapes.count_tree(value)
        return Node(self.out, value, self.out.shapes, base=f"{locators.lines(line, line + 1)};")

    def count(self) -> None:
        """Puts every line into the ledger; called once, when the reader is done."""
        for number, line in enumerate(self.lines):
            if line.strip() and number not in self._embedded:
                name, use, rule = self._marks.get(number, ("line", 0, None))
                shape = self.out.shapes.child(name).child(("not understood", "mapped", "summarised", "dropped")[use])
                shape.count += 1
                if use:
                    shape.mark(use, rule)
