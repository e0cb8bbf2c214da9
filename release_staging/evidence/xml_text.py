"""Facts of XML that stand as the text of child elements, and lists within an element of their own."""

from __future__ import annotations

from collections.abc import Iterator

from release_staging.evidence.elements import XmlNode, XmlValue
from release_staging.evidence.extract import MISSING


def listed(node: XmlNode, container: str, *names: str) -> Iterator[XmlNode]:
    for holder in node.children(container):
        yield from holder.children(*names)


def child(node: XmlNode, name: str) -> XmlValue:
    """The place of the text of the first child element of this name."""
    for child in node.children(name):
        return child.content()
    return XmlValue(node.locator, MISSING, node.shape.child(name))


def text(node: XmlNode, name: str, *, required: bool = False) -> str | None:
    text = node.out.scalar(child(node, name), required=required)
    return None if text is None else text.strip()
