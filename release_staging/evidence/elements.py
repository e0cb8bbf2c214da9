"""Reading XML: streamed elements that know where they stand and note in the ledger what was used of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from release_staging.evidence.extract import MISSING, Extract
from release_staging.evidence.ledger import MAPPED, SUMMARISED, Shape
from release_staging.model import locators
from release_staging.parsing import xml


@dataclass(frozen=True)
class XmlValue:
    """An attribute or the text of an element, present or missing."""

    locator: str
    raw: Any
    shape: Shape

    def mark(self) -> None:
        self.shape.mark(MAPPED)


class XmlNode:
    """An element; see ``parsing.xml.Element``. Reading methods mark what they use."""

    __slots__ = ("element", "out", "shape")

    def __init__(self, out: Extract, element: xml.Element, shape: Shape) -> None:
        self.out, self.element, self.shape = out, element, shape

    @property
    def name(self) -> str:
        return self.element.name

    @property
    def locator(self) -> str:
        return "xpath:" + locators.escape(self.element.xpath)

    @property
    def raw(self) -> Any:
        return self.element

    def mark(self) -> None:
        """An element is a place for rows; its attributes and text are what the ledger counts."""

    @property
    def parent(self) -> XmlNode | None:
        above = self.element.parent
        return XmlNode(self.out, above, above.steps) if above is not None else None

    def attribute(self, name: str) -> XmlValue:
        """The place of an attribute."""
        return XmlValue(f"{self.locator}/@{name}", self.element.attributes.get(name, MISSING), self.shape.child("@" + name))

    def content(self) -> XmlValue:
        """The place of the element's text."""
        return XmlValue(f"{self.locator}/text()", self.element.text if self.element.text.strip() else MISSING, self.shape.child("text()"))

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
                yield XmlNode(self.out, child, self.shape.child(child.name))

    def summarise(self, rule: str | None = None) -> None:
        """Notes that this element's attributes and text, and all below, are only counted or condensed."""
        self.shape.mark(SUMMARISED, rule)


class XmlDocument:
    """An XML document, read as a stream in flat memory."""

    def __init__(self, data: bytes, out: Extract) -> None:
        self.data, self.out = data, out
        self._attributes: Counter[tuple[Shape, tuple[str, ...]]] = Counter()

    def stream(self, *names: str) -> Iterator[XmlNode]:
        """Each element of these names when it ends, and the root last. Read it to its end: the ledger counts on the way."""
        for element in xml.stream(self.data, frozenset(names), top=self.out.shapes):
            self._count(element)
            yield XmlNode(self.out, element, element.steps)

    def count(self) -> None:
        """Puts what was read into the ledger; called once, when the reader is done."""
        for (shape, names), times in self._attributes.items():
            for name in names:
                shape.child("@" + name).count += times

    def _count(self, element: xml.Element) -> None:
        if element.attributes:
            self._attributes[element.steps, tuple(element.attributes)] += 1
        if element.text and not element.text.isspace():
            element.steps.child("text()").count += 1
        for child in element.children:
            self._count(child)
