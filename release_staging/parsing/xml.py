"""The one entry point for XML: a streaming pull over expat, in flat memory, with exact lines.

Refused: any DOCTYPE (so no entities, no injected default attributes), too much depth, too many attributes, too much
text in one element. Names are local names; ``namespace`` is kept beside them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from release_staging.parsing.limits import LIMITS, Limits, Unreadable

_CHUNK = 1 << 20  # expat before 2.6 is quadratic in a large token fed in small pieces


@dataclass(slots=True, eq=False)
class Element:
    """One element. ``position`` is the number in its XPath step, from 1; ``children`` leaves out streamed elements."""

    name: str
    namespace: str
    attributes: dict[str, str]
    position: int
    line: int
    parent: Element | None = None
    text: str = ""
    children: list[Element] = field(default_factory=list)
    seen: dict[str, int] = field(default_factory=dict)

    @property
    def step(self) -> str:
        """The last step of ``xpath``."""
        return f"{self.name}[{self.position}]" if not self.namespace else f"*[local-name()='{self.name}'][{self.position}]"

    @property
    def xpath(self) -> str:
        """XPath 1.0 of this element, with positions; resolves with any XPath engine."""
        return f"{self.parent.xpath if self.parent else ''}/{self.step}"

    @property
    def shape(self) -> str:
        """The element's path without positions."""
        return f"{self.parent.shape if self.parent else ''}/{self.name}"


def root_of(data: bytes, limits: Limits = LIMITS) -> Element:
    """The root element with its attributes and no children, read from a bounded head. Raises Unreadable."""
    for element in _pull(data, frozenset(), limits, starts=True):
        return element
    raise Unreadable("XML has no root element", remedy="export the document again; it may have been cut off")


def stream(data: bytes, names: frozenset[str], limits: Limits = LIMITS) -> Iterator[Element]:
    """Each element whose local name is in ``names``, complete, in the order in which they end; the root comes last.

    A streamed element is not kept in its parent's ``children``: memory holds one of them, not the document.
    Raises Unreadable.
    """
    return _pull(data, names, limits, starts=False)


def _pull(data: bytes, names: frozenset[str], limits: Limits, *, starts: bool) -> Iterator[Element]:
    if len(data) > limits.document_bytes:
        raise Unreadable(f"document has {len(data)} bytes, more than the {limits.document_bytes} allowed")
    builder = _Builder(names, limits, starts)
    view = memoryview(data)
    for start in range(0, max(len(data), 1), _CHUNK):
        builder.feed(bytes(view[start : start + _CHUNK]), final=start + _CHUNK >= len(data))
        while builder.ready:
            yield builder.ready.popleft()


class _Builder:
    def __init__(self, names: frozenset[str], limits: Limits, starts: bool) -> None:
        self.names, self.limits, self.starts = names, limits, starts
        self.ready: deque[Element] = deque()
        self.stack: list[Element] = []
        self.texts: list[list[str]] = []
        self.sizes: list[int] = []  # characters of text so far, for each open element
        self.kept: list[int] = []  # elements held in memory when each open element began
        self.held = 0
        parser = self.parser = expat.ParserCreate(namespace_separator="\x1f")
        parser.buffer_text = True
        parser.ordered_attributes = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.StartDoctypeDeclHandler = self._doctype

    def feed(self, chunk: bytes, *, final: bool) -> None:
        try:
            self.parser.Parse(chunk, final)
        except expat.ExpatError as error:
            raise Unreadable(
                "not valid XML: " + expat.errors.messages.get(error.code, str(error.code)),
                where=f"line {error.lineno}, column {error.offset + 1}",
                remedy="export the document again; it may have been cut off",
            ) from None
        except Unreadable:
            raise
        except (ValueError, LookupError) as error:  # an encoding declaration that names what Python cannot map to single bytes
            raise Unreadable(f"not valid XML: {error}", where="line 1", remedy="export the document as UTF-8") from None

    def _doctype(self, *_: Any) -> None:
        raise Unreadable("XML with a DOCTYPE is not accepted", where=f"line {self.parser.CurrentLineNumber}", remedy="remove the DOCTYPE")

    def _start(self, tag: str, flat: list[str]) -> None:
        limits = self.limits
        if len(self.stack) >= limits.xml_depth:
            raise Unreadable(f"XML is nested deeper than {limits.xml_depth} levels", where=f"line {self.parser.CurrentLineNumber}")
        if len(flat) > 2 * limits.xml_attributes:
            raise Unreadable(f"XML element has more than {limits.xml_attributes} attributes", where=f"line {self.parser.CurrentLineNumber}")
        namespace, _, name = tag.rpartition("\x1f")
        parent = self.stack[-1] if self.stack else None
        position = 1
        if parent is not None:
            # `a[2]` counts elements without a namespace only, `*[local-name()='a'][2]` all of that local name.
            position = parent.seen[name] = parent.seen.get(name, 0) + 1
            if not namespace:
                position = parent.seen["\x1f" + name] = parent.seen.get("\x1f" + name, 0) + 1
        everything = "".join(flat)
        if len(everything) > limits.xml_text_bytes:
            raise Unreadable(
                f"XML attributes of one element are larger than {limits.xml_text_bytes} characters",
                where=f"line {self.parser.CurrentLineNumber}",
            )
        attributes = dict(zip(flat[::2], flat[1::2], strict=True))
        if "\x1f" in everything:  # of `type` and `xsi:type` the one without a namespace is what `@type` means in XPath
            attributes = {key.rpartition("\x1f")[2]: attributes[key] for key in sorted(attributes, key=_without_namespace)}
        element = Element(name, namespace, attributes, position, self.parser.CurrentLineNumber, parent)
        self.stack.append(element)
        self.texts.append([])
        self.sizes.append(0)
        self.kept.append(self.held)
        self.held += 1
        if self.held > limits.xml_kept_elements:
            raise Unreadable(f"XML has more than {limits.xml_kept_elements} elements to be held at once", remedy="split the document")
        if self.starts:
            self.ready.append(element)

    def _characters(self, text: str) -> None:
        self.texts[-1].append(text)
        self.sizes[-1] += len(text)
        if self.sizes[-1] > self.limits.xml_text_bytes:
            raise Unreadable(
                f"XML text of one element is larger than {self.limits.xml_text_bytes} characters",
                where=f"line {self.parser.CurrentLineNumber}",
            )

    def _end(self, _: str) -> None:
        element = self.stack.pop()
        element.text = "".join(self.texts.pop())
        self.sizes.pop()
        before = self.kept.pop()
        if element.name in self.names or element.parent is None:
            self.held = before
            if not self.starts:
                self.ready.append(element)
        else:
            element.parent.children.append(element)


def _without_namespace(name: str) -> bool:
    return "\x1f" not in name
