"""Declared totals beside what a report lists: where they differ, it contradicts itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from release_staging.evidence.elements import XmlNode
from release_staging.evidence.extract import Extract, Place
from release_staging.evidence.test_reports.nesting import ancestors
from release_staging.model.exceptions import Code
from release_staging.parsing.xml_elements import Element

Way = tuple[str, ...]  # kinds that are counted together


@dataclass
class Listed:
    """How many cases of each kind are listed, and where the first of a kind stands. A case may be of several kinds."""

    counts: Counter[str] = field(default_factory=Counter)
    first: dict[str, str] = field(default_factory=dict)

    def add(self, kind: str, place: Place, times: int = 1) -> None:
        self.counts[kind] += times
        if kind not in self.first:
            self.first[kind] = place.locator

    def add_each(self, kinds: Sequence[str | None], locators: Sequence[str]) -> None:
        """Adds a case of each kind that is not None, at the locator of the same number."""
        for kind, times in Counter(kinds).items():
            if kind is not None:
                self.counts[kind] += times
                self.first.setdefault(kind, locators[kinds.index(kind)])

    def merge(self, other: Listed) -> None:
        self.counts.update(other.counts)
        self.first = {**other.first, **self.first}

    def of(self, way: Way) -> int:
        return sum(self.counts[kind] for kind in way)


def compare(out: Extract, place: Place, declared: int | None, what: str, ways: tuple[Way, ...], *listed: Listed) -> None:
    """Compares the number ``declared`` at ``place`` with what is listed of it, in the first of ``listed`` as a rule.

    Writers count in different ways: ``declared`` agrees where one of ``ways`` gives it, in one of ``listed``. A total
    that is left out declares nothing.
    """
    if declared is None or any(one.of(way) == declared for one in listed for way in ways):
        return
    everything, way = listed[0], ways[0]
    first = next((everything.first[kind] for kind in way if everything.counts[kind]), None)
    where = f", the first at {first}" if first else ""
    message = f"{declared} {what} declared at {place.locator}, but {everything.of(way)} listed{where}"
    out.problem(Code.CONTRADICTION, message, place, expected=str(everything.of(way)), found=str(declared))


class Nested:
    """What is listed in the containers of an XML report that are open: of its own, and in those within it."""

    def __init__(self, *containers: str) -> None:
        self._names = frozenset(containers)
        self._own: dict[int, Listed] = {}
        self._below: dict[int, Listed] = {}

    def around(self, case: XmlNode) -> Listed:
        """What the container around a case, or around another container, lists of its own."""
        key = id(self._above(case.element))
        return self._own.get(key) or self._own.setdefault(key, Listed())

    def end(self, container: XmlNode) -> tuple[Listed, Listed]:
        """What a container that ends lists: all, and of its own."""
        key = id(container.element)
        own, everything = self._own.pop(key, None) or Listed(), self._below.pop(key, None) or Listed()
        everything.merge(own)
        if (above := self._above(container.element)) is not None:
            self._below.setdefault(id(above), Listed()).merge(everything)
        return everything, own

    def _above(self, element: Element) -> Element | None:
        """The nearest container above, or else the root."""
        above = None
        for above in ancestors(element):
            if above.name in self._names:
                return above
        return above
