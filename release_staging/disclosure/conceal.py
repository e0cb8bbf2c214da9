"""Taking what was found out of other texts: names, messages, tables. The found values never leave this package."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from release_staging.config.disclosure import DisclosureRules
from release_staging.disclosure.scan import MOST_HITS, Find, finds

WITHHELD = "(withheld)"

SHORTEST = 6  # characters of a value that is looked for by itself; shorter ones are found by what stands around them
_CUT = 8  # characters of a value at the end of a text that tell that it was cut off there
_MOST_CUT = 200  # values for which that is looked at
_MOST_ALTERNATIVES = 2_000  # values in one pattern; of more, whole words are compared
_WORD = re.compile(r"[^\s\"'<>,;()\[\]{}]+")
_CUT_OUT = 20  # characters of a text that is a part of a marked passage, and not a word that may stand anywhere
_MARKUP = re.compile(r"^[\s>#*+-]*(?:\d+[.)])?\s*")  # of Markdown: quotes, headings, lists
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_APART = "\n\x1e\n"


def masked(text: str, rules: DisclosureRules, source: str | None = None) -> str:
    """``text`` without what it discloses."""
    data = text.encode("utf-8", "surrogatepass")
    return _without(data, finds(data, rules, source)).decode("utf-8", "surrogatepass") if text else text


def discloses(text: str, rules: DisclosureRules, source: str | None = None) -> bool:
    return bool(text) and bool(finds(text.encode("utf-8", "surrogatepass"), rules, source))


@dataclass
class Concealment:
    """What was found in some documents, to be taken out of whatever was made of them, and of what is said about them."""

    rules: DisclosureRules
    source: str | None = None  # what the texts are judged as that it is applied to
    _values: set[str] = field(default_factory=set, repr=False)
    _passages: list[str] = field(default_factory=list, repr=False)
    _everything: bool = False  # more was found than can be told apart from the rest

    def __bool__(self) -> bool:
        return bool(self._values)

    def add(self, found: Iterable[Find]) -> None:
        """The found values, as they stand in the document and as they are decoded on the way to them; of several lines each."""
        found = list(found)
        self._everything = self._everything or len(found) >= MOST_HITS
        for find in found:
            for text in find.place.texts:
                value = text.decode("utf-8", "replace").strip()
                self._values |= {line.strip() for line in (value, *value.splitlines()) if len(line.strip()) >= SHORTEST}

    def hide(self, passage: str) -> None:
        """A passage that a person marked: as it stands, each line and sentence of it without its markup, and what was cut out of it."""
        lines = [_MARKUP.sub("", line) for line in passage.splitlines()]
        parts = [passage, *passage.splitlines(), *lines, *(sentence for line in lines for sentence in _SENTENCE.split(line))]
        self._values |= {part.strip() for part in parts if len(part.strip()) >= SHORTEST}
        self._passages.append(" ".join(passage.split()))

    def changed(self, texts: Iterable[str]) -> dict[str, str]:
        """Those of ``texts`` from which something is taken, with what is left of them."""
        if self._everything:
            return dict.fromkeys(filter(None, texts), WITHHELD)
        conceal = self._concealing()
        originals = list(dict.fromkeys(texts))
        left = [WITHHELD if self._is_cut_out(text) else conceal(text) for text in originals]
        for number, text in self._searched(left):
            left[number] = text
        return {text: rest for text, rest in zip(originals, left, strict=True) if text != rest}

    def tree(self, value: Any) -> Any:
        """Objects and lists with every text in them concealed; the names of members are of our own making."""
        return _replaced(value, self.changed(_texts(value)))

    def _is_cut_out(self, text: str) -> bool:
        return len(text) >= _CUT_OUT and any(" ".join(text.split()) in passage for passage in self._passages)

    def _concealing(self) -> Callable[[str], str]:
        """Takes the known values out of a text."""
        values = sorted(self._values, key=lambda value: (-len(value), value))
        if len(values) > _MOST_ALTERNATIVES:
            return lambda text: _WORD.sub(lambda word: WITHHELD if word[0] in self._values else word[0], text)
        if not values:
            return lambda text: text
        pattern = re.compile("|".join(map(re.escape, values)))
        beginnings = values if len(values) <= _MOST_CUT else []
        return lambda text: _without_a_beginning(pattern.sub(WITHHELD, text), beginnings)

    def _searched(self, texts: list[str]) -> Iterator[tuple[int, str]]:
        """What a search of the texts themselves finds: readers decode, join and trim."""
        encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
        joined = _APART.encode().join(encoded)
        found = iter(sorted(finds(joined, self.rules, self.source), key=lambda find: find.place.start))
        find = next(found, None)
        start = 0
        for number, data in enumerate(encoded):
            end = start + len(data)
            within = []
            while find is not None and find.place.start < end:
                within.append((find.place.start - start, min(find.place.end, end) - start))
                find = next(found, None)
            if within:
                yield number, _cut_out(data, within).decode("utf-8", "replace")
            start = end + len(_APART)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for below in value.values() if isinstance(value, dict) else value:
            yield from _texts(below)


def _replaced(value: Any, changed: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return changed.get(value, value)
    if isinstance(value, dict):
        return {name: _replaced(below, changed) for name, below in value.items()}
    return [_replaced(below, changed) for below in value] if isinstance(value, list) else value


def _without(data: bytes, found: Iterable[Find]) -> bytes:
    return _cut_out(data, [(find.place.start, find.place.end) for find in found])


def _cut_out(data: bytes, stretches: Iterable[tuple[int, int]]) -> bytes:
    parts, at = [], 0
    for start, end in sorted(stretches):
        if end > at:
            parts += [data[at : max(at, start)], WITHHELD.encode()] if start >= at else []
            at = end
    return b"".join([*parts, data[at:]])


def _without_a_beginning(text: str, values: list[str]) -> str:
    """``text`` without the beginning of a value with which it ends: excerpts are cut somewhere."""
    rest = text.removesuffix("…")
    for value in values:
        at = rest.rfind(value[:_CUT])
        if at >= 0 and len(value) > _CUT and value.startswith(rest[at:]):
            return rest[:at] + WITHHELD
    return text
