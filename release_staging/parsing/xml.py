"""The one entry point for XML: a streaming pull over expat, in flat memory, with exact lines.

Refused: any DOCTYPE (so no entities, no injected default attributes), too much depth, too many attributes, too much
text in one element. Names are local names; ``namespace`` is kept beside them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Any, Protocol
from xml.parsers import expat

from release_staging.parsing.limits import LIMITS, Limits, Unreadable

_CHUNK = 1 << 20  # expat before 2.6 is quadratic in a large token fed in small pieces


class Steps(Protocol):
    """A place in a tree that grows with the paths of elements: what stands for ``/a/b`` is ``child("b")`` of that for ``/a``."""

    def child(self, segment: str) -> Steps: ...


class _Nowhere:
    def child(self, segment: str) -> _Nowhere:  # noqa: ARG002
        return self


_NONE_SEEN: dict[str, int] = {}


class Element:
    """One element. ``position`` is the number in its XPath step, from 1; ``children`` leaves out streamed elements.

    ``seen`` counts the names of child elements, streamed or not. ``steps`` is its place in the tree that ``stream`` was given.
    """

    __slots__ = ("attributes", "children", "line", "name", "namespace", "parent", "position", "seen", "steps", "text")

    def __init__(
        self, name: str, namespace: str, attributes: dict[str, str], position: int, line: int, parent: Element | None, steps: Any
    ) -> None:
        self.name, self.namespace, self.attributes, self.position = name, namespace, attributes, position
        self.line, self.parent, self.steps, self.text = line, parent, steps, ""
        self.children: list[Element] = []
        self.seen = _NONE_SEEN  # a dictionary of its own once there is a child

    @property
    def step(self) -> str:
        """The last step of ``xpath``."""
        return f"{self.name}[{self.position}]" if not self.namespace else f"*[local-name()='{self.name}'][{self.position}]"

    @property
    def xpath(self) -> str:
        """XPath 1.0 of this element, with positions; resolves with any XPath engine."""
        return f"{self.parent.xpath if self.parent else ''}/{self.step}"


def root_of(data: bytes, limits: Limits = LIMITS) -> Element:
    """The root element, read from a bounded head; its children, and theirs, are the elements that begin there. Raises Unreadable."""
    for element in _pull(data, frozenset(), limits, starts=True):
        return element
    raise Unreadable("XML has no root element", remedy="export the document again; it may have been cut off")


def stream(data: bytes, names: frozenset[str], limits: Limits = LIMITS, top: Steps | None = None) -> Iterator[Element]:
    """Each element whose local name is in ``names``, complete, in the order in which they end; the root comes last.

    ``top`` is the place above the root. An element keeps its children until the next is asked for, and is itself not among
    its parent's: memory holds one of them, not the document.
    Raises Unreadable.
    """
    return _pull(data, names, limits, starts=False, top=top)


def _pull(data: bytes, names: frozenset[str], limits: Limits, *, starts: bool, top: Steps | None = None) -> Iterator[Element]:
    if len(data) > limits.document_bytes:
        raise Unreadable(f"document has {len(data)} bytes, more than the {limits.document_bytes} allowed")
    builder = _Builder(names, limits, starts, top or _Nowhere())
    view = memoryview(data)
    for start in range(0, max(len(data), 1), _CHUNK):
        builder.feed(bytes(view[start : start + _CHUNK]), final=start + _CHUNK >= len(data))
        while builder.ready:
            element = builder.ready.popleft()
            yield element
            if element.parent is not None:  # parents and children hold each other: else only the collector could free them
                element.children = []


class _Builder:
    def __init__(self, names: frozenset[str], limits: Limits, starts: bool, top: Steps) -> None:
        self.names, self.limits, self.starts, self.top = names, limits, starts, top
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
        limits, stack = self.limits, self.stack
        line = self.parser.CurrentLineNumber
        if len(stack) >= limits.xml_depth:
            raise Unreadable(f"XML is nested deeper than {limits.xml_depth} levels", where=f"line {line}")
        attributes = self._attributes(flat, line) if flat else {}
        namespace, _, name = tag.rpartition("\x1f") if "\x1f" in tag else ("", "", tag)
        parent = stack[-1] if stack else None
        if parent is not None:
            seen, steps = parent.seen, parent.steps.child(name)
            if seen is _NONE_SEEN:
                seen = parent.seen = {}
            # `a[2]` counts elements without a namespace only, `*[local-name()='a'][2]` all of that local name.
            position = seen[name] = seen.get(name, 0) + 1
            if not namespace:
                bare = "\x1f" + name
                position = seen[bare] = seen.get(bare, 0) + 1
        else:
            position, steps = 1, self.top.child(name)
        element = Element(name, namespace, attributes, position, line, parent, steps)
        stack.append(element)
        self.texts.append([])
        self.sizes.append(0)
        self.kept.append(self.held)
        self.held += 1
        if self.held > limits.xml_kept_elements:
            raise Unreadable(f"XML has more than {limits.xml_kept_elements} elements to be held at once", remedy="split the document")
        if self.starts:
            self.ready.append(element)
            if parent is not None:
                parent.children.append(element)

    def _attributes(self, flat: list[str], line: int) -> dict[str, str]:
        limits = self.limits
        if len(flat) > 2 * limits.xml_attributes:
            raise Unreadable(f"XML element has more than {limits.xml_attributes} attributes", where=f"line {line}")
        everything = "".join(flat)
        if len(everything) > limits.xml_text_bytes:
            raise Unreadable(f"XML attributes of one element are larger than {limits.xml_text_bytes} characters", where=f"line {line}")
        attributes = dict(zip(flat[::2], flat[1::2], strict=True))
        if "\x1f" in everything:  # of `type` and `xsi:type` the one without a namespace is what `@type` means in XPath
            return {key.rpartition("\x1f")[2]: attributes[key] for key in sorted(attributes, key=_without_namespace)}
        return attributes

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
        texts = self.texts.pop()
        if texts:
            element.text = "".join(texts)
        self.sizes.pop()
        before = self.kept.pop()
        if element.name in self.names or element.parent is None:
            self.held = before
            if not self.starts:
                self.ready.append(element)
        elif not self.starts:
            element.parent.children.append(element)


def _without_namespace(name: str) -> bool:
    return "\x1f" not in name
