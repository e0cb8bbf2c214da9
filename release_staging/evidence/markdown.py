"""Reading Markdown (CommonMark with tables): front matter, sections, blocks of prose and labelled fields, each with its lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from release_staging.evidence import prose
from release_staging.evidence.lines import Span, TextDocument
from release_staging.evidence.tree import Node
from release_staging.parsing.limits import Unreadable

MOST_CHARS = 1_000_000  # of a text that is read as Markdown; its parser does some hundred thousand a second
_MOST_FRONT_MATTER = 200  # lines
_HUNK = re.compile(r"@@ -\d")
_LABEL = re.compile(
    r"""(?P<lead> ?(?:[-*+]\s{1,8}|>\s{0,8}|\|\s{0,8})?)(?P<mark>[*_]{0,2})(?P<name>[A-Za-z][\w /()-]{0,48}?)"""
    r"""(?:(?P=mark))?[ \t]{0,80}(?P<colon>:(?=[\s*_]|\Z)|\|)[ \t]{0,8}(?:(?P=mark))?[ \t]*"""
)
_LINK_DEFINITION = re.compile(r" {0,3}\[[^\]]{1,200}\]:\s")
_NUMBERED = re.compile(r"(\d{1,3})[.)]\s+(.*)", re.DOTALL)
_STEP = re.compile(r"step\s+(\d{1,9})\b[\s:.–—-]*(.*)", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True)
class Heading:
    """``above`` is the heading of the section that this one's section stands in."""

    level: int
    text: str
    line: int
    above: Heading | None = None

    @property
    def chain(self) -> Iterator[Heading]:
        """This heading and those above it."""
        heading: Heading | None = self
        while heading is not None:
            yield heading
            heading = heading.above


@dataclass(frozen=True)
class Block:
    """A paragraph, heading, table row or HTML block: lines ``start`` to before ``end``, and the heading it stands under."""

    start: int
    end: int
    section: Heading | None
    heading: bool = False


@dataclass(frozen=True)
class Step:
    """An item of an outermost list, or a heading ``Step N``. ``number`` counts as the reader sees it."""

    number: int
    text: str
    start: int
    end: int
    section: Heading | None


@dataclass(frozen=True)
class Labelled:
    """A line ``Name: value``; ``start`` and ``end`` are the characters of the value."""

    name: str
    value: str
    line: int
    start: int
    end: int


@dataclass(frozen=True)
class Outline:
    """What a Markdown text is made of. Line numbers count from the document's first line."""

    headings: tuple[Heading, ...]
    blocks: tuple[Block, ...]
    steps: tuple[Step, ...]  # items of ordered lists, and headings
    numbered: tuple[Step, ...]  # headings that begin with a number: steps, or the sections of a text that numbers them
    bullets: tuple[Step, ...]  # items of lists without numbers, counted in each list
    code: tuple[tuple[int, int], ...]
    layout: tuple[tuple[int, int], ...]

    @property
    def title(self) -> Heading | None:
        """The first heading."""
        return self.headings[0] if self.headings else None


def front_matter_end(lines: Sequence[str]) -> int:
    """The line of the closing mark of YAML front matter, or 0 where there is none."""
    if lines and lines[0].rstrip() == "---":
        for number in range(1, min(len(lines), _MOST_FRONT_MATTER)):
            if lines[number].rstrip() in ("---", "..."):
                return number if any(re.match(r"[\w.-]+\s*:", line) for line in lines[1:number]) else 0
    return 0


def front_matter(document: TextDocument) -> Node | None:
    """The front matter as a tree; its marks count as understood. None where there is none, or drift where it is not YAML."""
    end = front_matter_end(document.lines)
    if not end:
        return None
    document.mark(0)
    document.mark(end)
    return document.yaml(1, end)


def heading_lines(lines: Sequence[str]) -> Iterator[str]:
    """Lines that may be headings, found without parsing: for a first, cheap look at a text."""
    for number, line in enumerate(lines):
        if line.startswith(("#", " #", "  #", "   #")):
            yield line
        elif number and line.startswith(("===", "---")):
            yield lines[number - 1]


def is_markdown(lines: Sequence[str]) -> bool:
    """Whether the text may be Markdown: not too long, and no diff (the diff of a Markdown file has its headings too)."""
    fenced = False
    if sum(map(len, lines)) > MOST_CHARS:
        return False
    for line in lines:
        if line.startswith(("```", "~~~")):
            fenced = not fenced
        elif not fenced and (line.startswith("diff --git ") or _HUNK.match(line)):
            return False
    return True


def outline(lines: Sequence[str]) -> Outline:
    """Parses the text below the front matter. Raises Unreadable where it is longer than prose is."""
    if sum(map(len, lines)) > MOST_CHARS:
        raise Unreadable(f"Markdown is longer than {MOST_CHARS} characters", remedy="attach the part that bears on the release")
    first = front_matter_end(lines)
    first = first + 1 if first else 0
    return _Walk(first).walk(_parser().parse("\n".join(lines[first:])))


def labelled(lines: Sequence[str], blocks: Sequence[Block]) -> Iterator[Labelled]:
    """Lines of prose of the form ``Name: value`` (plain, list item, bold name, two-column table); the value may be empty."""
    for block in blocks:
        if not block.heading:
            for number in range(block.start, block.end):
                line = lines[number]
                match = _LABEL.match(line)
                if match and (match["colon"] == ":" or "|" in match["lead"]):
                    value = line[match.end() :].rstrip().removesuffix("|").rstrip()
                    if "|" not in value:
                        yield Labelled(" ".join(match["name"].split()).lower(), value, number, match.end(), match.end() + len(value))


def summarise(document: TextDocument, found: Outline) -> None:
    """Notes in the ledger that prose is read for what it states and not copied. What readers use they mark afterwards."""
    for start, end in found.layout:
        document.summarise(start, end, rule="layout")
    for number, line in enumerate(document.lines):
        if _LINK_DEFINITION.match(line):
            document.summarise(number, number + 1, rule="link-definition")
    for block in found.blocks:
        document.summarise(block.start, block.end, rule="heading" if block.heading else "prose")
    for start, end in found.code:
        document.summarise(start, end, rule="code-block")


def claim_authority(document: TextDocument, found: Outline) -> None:
    """Claims the words of authority in all prose of the text."""
    for block in found.blocks:
        prose.claim_authority(document, block.start, block.end, document.out)


def span_of(document: TextDocument, field: Labelled) -> Span:
    """The place of a labelled field's value."""
    return document.span(field.line, chars=(field.start, field.end))


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark").enable("table").disable("inline")  # blocks are what is asked for


class _Walk:
    """One pass over the tokens of markdown-it; their ``map`` is the range of lines of a block."""

    def __init__(self, first: int) -> None:
        self.first = first
        self.headings: list[Heading] = []
        self.blocks: list[Block] = []
        self.steps: list[Step] = []
        self.numbered: list[Step] = []
        self.bullets: list[Step] = []
        self.code: list[tuple[int, int]] = []
        self.layout: list[tuple[int, int]] = []  # rules, and the whole of tables and quotes, whose rows and paragraphs are blocks too
        self.ordinals: list[int | None] = []  # for each open list: the last number of an ordered one, None for bullets
        self.bullet = 0  # the last one of an outermost list
        self.item: tuple[list[Step], int, int, int] | None = None  # where to, number and lines of the outermost item that awaits its text

    def walk(self, tokens: Sequence[Token]) -> Outline:
        opened: Token | None = None
        for token in tokens:
            if token.type == "heading_open":
                opened = token
            elif token.type in ("bullet_list_open", "ordered_list_open"):
                self.bullet = self.bullet if self.ordinals else 0
                self.ordinals.append(None if token.type.startswith("bullet") else int(token.attrs.get("start", 1)) - 1)
            elif token.type in ("bullet_list_close", "ordered_list_close"):
                self.ordinals.pop()
            elif token.type == "list_item_open":
                self._open_item(token)
            elif token.type == "list_item_close" and self.item is not None:  # it holds no text of its own
                into, number, start, end = self.item
                into.append(Step(number, "", start, end, self._section()))
                self.item = None
            elif token.type == "inline":
                self._inline(token, opened)
                opened = None
            elif token.type in ("fence", "code_block"):
                self.code.append(self._lines(token))
            elif token.type == "html_block":
                self.blocks.append(Block(*self._lines(token), self._section()))
            elif token.type in ("hr", "table_open", "blockquote_open"):
                self.layout.append(self._lines(token))
        return Outline(
            *(tuple(self.headings), tuple(self.blocks), tuple(self.steps), tuple(self.numbered), tuple(self.bullets)),
            *(tuple(self.code), tuple(self.layout)),
        )

    def _lines(self, token: Token) -> tuple[int, int]:
        start, end = token.map or (0, 0)
        return start + self.first, end + self.first

    def _section(self) -> Heading | None:
        return self.headings[-1] if self.headings else None

    def _open_item(self, token: Token) -> None:
        ordinal = self.ordinals[-1]
        if ordinal is not None:
            self.ordinals[-1] = ordinal + 1
            if sum(other is not None for other in self.ordinals) == 1:
                self.item = (self.steps, ordinal + 1, *self._lines(token))
        elif len(self.ordinals) == 1:
            self.bullet += 1
            self.item = (self.bullets, self.bullet, *self._lines(token))

    def _inline(self, token: Token, opened: Token | None) -> None:
        if opened is not None:
            self._heading(int(opened.tag[1:]), token.content.strip(), *self._lines(opened))
            return
        block = Block(*self._lines(token), self._section())
        if not self.blocks or self.blocks[-1] != block:  # the cells of one table row share its lines
            self.blocks.append(block)
        if self.item is not None:
            into, number, start, end = self.item
            into.append(Step(number, token.content.strip(), start, end, self._section()))
            self.item = None

    def _heading(self, level: int, text: str, start: int, end: int) -> None:
        last = self._section()
        above = next((other for other in last.chain if other.level < level), None) if last else None
        heading = Heading(level, text, start, above)
        self.headings.append(heading)
        self.blocks.append(Block(start, end, heading, heading=True))
        if match := _STEP.match(heading.text):
            self.steps.append(Step(int(match[1]), match[2] or heading.text, start, end, above))
        elif match := _NUMBERED.match(heading.text):
            self.numbered.append(Step(int(match[1]), match[2], start, end, above))
