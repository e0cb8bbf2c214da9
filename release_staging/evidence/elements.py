"""Reading XML: streamed elements that know where they stand and note in the ledger what was used of them.

A reader takes them one by one (``stream``), or in groups of those that are alike, as columns (``grouped``): what a report has by
the hundred thousand is then read several times as fast.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from release_staging.evidence.extract import MISSING, Extract
from release_staging.evidence.ledger import MAPPED, SUMMARISED, Shape
from release_staging.parsing import xml
from release_staging.parsing.xml_builder import Tally
from release_staging.parsing.xml_elements import IN, Element, Group

Wanted = Mapping[str, Collection[str]]


class XmlValue:
    """An attribute or the text of an element, present or missing; or the mere place of an element.

    ``at`` is its locator, or the element that it is the part ``part`` of.
    """

    __slots__ = ("_at", "_part", "raw", "shape")

    def __init__(self, at: str | Element, raw: Any, shape: Shape, part: str = "") -> None:
        self._at, self.raw, self.shape, self._part = at, raw, shape, part

    @property
    def locator(self) -> str:
        return self._at if isinstance(self._at, str) else f"xpath:{self._at.xpath}{self._part}"

    def mark(self) -> None:
        self.shape.mark(MAPPED)


class XmlNode:
    """An element; see ``parsing.xml_elements.Element``. Reading methods mark what they use."""

    __slots__ = ("element", "out", "shape")

    def __init__(self, out: Extract, element: Element) -> None:
        self.out, self.element, self.shape = out, element, element.steps

    @property
    def name(self) -> str:
        return self.element.name

    @property
    def locator(self) -> str:
        return f"xpath:{self.element.xpath}"

    @property
    def raw(self) -> Any:
        return self.element

    def mark(self) -> None:
        """An element is a place for rows; its attributes and text are what the ledger counts."""

    @property
    def parent(self) -> XmlNode | None:
        above = self.element.parent
        return XmlNode(self.out, above) if above is not None else None

    def attribute(self, name: str) -> XmlValue:
        """The place of an attribute."""
        return XmlValue(self.element, self.element.attributes.get(name, MISSING), self.shape.child("@" + name), f"/@{name}")

    def content(self) -> XmlValue:
        """The place of the element's text."""
        return XmlValue(self.element, self.element.text or MISSING, self.shape.child("text()"), "/text()")

    def text(self, name: str, *, required: bool = False) -> str | None:
        """The attribute's text; None where it is missing or empty."""
        raw = self.element.attributes.get(name)
        if raw:  # the common case, without a place
            name = "@" + name
            (self.shape.children.get(name) or self.shape.child(name)).use = MAPPED
            return raw
        return None if raw is None and not required else self.out.scalar(self.attribute(name), required=required)

    def integer(self, name: str) -> int | None:
        """The attribute as a whole number; drift where it is something else."""
        text = self.text(name)
        if text is None:
            return None
        try:
            value = int(text.replace(",", ""))
        except ValueError:
            value = 2**63
        if abs(value) >= 2**63:
            self.out.drift(self.attribute(name), "a whole number")
            return None
        return value

    def children(self, *names: str) -> Iterator[XmlNode]:
        """Child elements with one of these local names (all, without one); streamed elements are not among them."""
        for child in self.element.children:
            if not names or child.name in names:
                yield XmlNode(self.out, child)

    def groups(self, *names: str) -> Iterator[XmlNodes]:
        """As ``children``, with neighbours of one name together."""
        for group in self.element.groups:
            if not names or group.name in names:
                yield XmlNodes(self.out, group)

    def summarise(self, rule: str | None = None) -> None:
        """Notes that this element's attributes and text, and all below, are only counted or condensed."""
        self.shape.mark(SUMMARISED, rule)


class XmlNodes:
    """Elements of one name in a row below one parent; see ``parsing.xml_elements.Group``. Reading methods mark what they use."""

    __slots__ = ("group", "out", "shape")

    def __init__(self, out: Extract, group: Group) -> None:
        self.out, self.group, self.shape = out, group, group.steps

    def __len__(self) -> int:
        return len(self.group)

    def __iter__(self) -> Iterator[XmlNode]:
        for element in self.group:
            yield XmlNode(self.out, element)

    @property
    def name(self) -> str:
        return self.group.name

    def __getitem__(self, at: int) -> XmlNode:
        return XmlNode(self.out, self.group[at])

    @property
    def locators(self) -> list[str]:
        return self.group.xpaths("xpath:")

    def raw(self, name: str) -> Sequence[str | None]:
        """The attribute of each as it stands, without a mark in the ledger; None where it has none."""
        return self.group.column(name)

    def texts(self, name: str, *, required: bool = False) -> Sequence[str | None]:
        """The attribute's text of each; None where it is missing or empty."""
        column = self.group.column(name)
        if not all(column) and (required or "" in column):
            return [node.text(name, required=required) for node in self]
        if any(column):
            self.shape.child("@" + name).mark(MAPPED)
        return column


class XmlDocument:
    """An XML document, read as a stream in flat memory."""

    def __init__(self, data: bytes, out: Extract) -> None:
        self.data, self.out = data, out
        self._tally = Tally()

    def stream(self, *names: str, wanted: Wanted | None = None) -> Iterator[XmlNode]:
        """Each element of these names when it ends, and the root last. Read it to its end: the ledger counts on the way.

        ``wanted`` says of elements of a name which children they keep, by name. Of the others only the names are known (``within``).
        """
        for nodes in self.grouped(*names, wanted=wanted):
            for element in nodes.group:
                yield XmlNode(self.out, element)

    def grouped(self, *names: str, wanted: Wanted | None = None) -> Iterator[XmlNodes]:
        """As ``stream``, with neighbours of one name together."""
        keep = {name: frozenset(children) for name, children in (wanted or {}).items()}
        for group in xml.grouped(self.data, frozenset(names), top=self.out.shapes, wanted=keep, tally=self._tally):
            yield XmlNodes(self.out, group)

    def count(self) -> None:
        """Puts what was read into the ledger; called once, when the reader is done."""
        for (shape, names), times in self._tally.attributes.items():
            for name in dict.fromkeys(name.rpartition(IN)[2] for name in names):
                shape.child("@" + name).count += times
        for shape, times in self._tally.texts.items():
            shape.child("text()").count += times
