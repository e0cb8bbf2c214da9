"""Elements made of what an XML parser calls: as few as the reader wants, in groups, within bounds."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from release_staging.parsing.limits import Limits, Unreadable
from release_staging.parsing.xml_elements import IN, Element, Group, Leaf, Steps


class Tally:
    """What was found at each place: how many elements with attributes of which names, and how many texts."""

    def __init__(self) -> None:
        self.attributes: defaultdict[tuple[Any, tuple[str, ...]], int] = defaultdict(int)
        self.texts: defaultdict[Any, int] = defaultdict(int)

    def count(self, steps: Steps, names: Sequence[str], text: bool, times: int = 1) -> None:
        """Counts elements with attributes of these names, and with or without text."""
        if names:
            self.attributes[steps, tuple(names)] += times
        if text:
            self.texts[steps] += times


class Builder:
    """Gathers streamed elements, and the root as the last, in groups.

    An element that has begun is but a ``leaf`` until something is found in it. One that ends as a leaf joins the ``group`` of its
    neighbours of the same name; so does one (``outer``) that holds but leaves that are not wanted. What holds more becomes an
    ``Element``. ``start`` and ``end`` are called for every tag: what is common in reports is done there, without another call.
    """

    def __init__(
        self,
        names: frozenset[str],
        wanted: Mapping[str, frozenset[str]],
        limits: Limits,
        top: Steps,
        tally: Tally,
        line: Callable[[], str],
    ) -> None:
        self.names, self.wanted, self.limits, self.top, self.tally, self.line = names, wanted, limits, top, tally, line
        self._most_flat, self._most_text, self._most_held = 2 * limits.xml_attributes, limits.xml_text_bytes, limits.xml_kept_elements
        self.pieces: list[str] = []  # of the text since the last tag
        self.large = False  # whether the parser has so many bytes before it that the attributes of one element may be too long
        self._ready: deque[Group] = deque()
        self._group = _NO_GROUP  # of the elements that ended last
        self._stack: list[Element] = []
        self._texts: dict[int, list[str]] = {}  # of open elements, by their depth, where they have any
        self._sizes: dict[int, int] = {}  # characters of them
        self._held = 0  # elements in memory,
        self._held_before: list[int] = []  # and when each open element began
        self._outer: list[str] | None = None  # attributes, as those of the leaf
        self._inside: list[Leaf] = []
        self._passed: dict[str, set[str]] = {name: set() for name in wanted}  # tags of what was not wanted in elements of a name
        self._last_tag = ""
        self._last_parent: Element | None = None  # of the last leaf that a parent keeps
        self._names: dict[str, tuple[str, str]] = {}  # namespace and local name of each tag; they are asked for often
        self._tag = ""
        self._leaf: list[str] | None = None  # names and values of its attributes in turn

    def groups(self) -> Iterator[Group]:
        """What is complete, between two pieces of the document. What is not may not grow without bound."""
        self._end_group()
        if self.pieces:
            self.pieces[:] = ["".join(self.pieces)]
            self._check_text(len(self.pieces[0]) + (self._sizes.get(len(self._stack), 0) if self._leaf is None else 0))
        while self._ready:
            yield self._ready.popleft()

    def begun(self) -> Element | None:
        """The root with what has begun below it, complete or not; nothing can follow."""
        for group in self.groups():
            return group[0]
        if self._leaf is not None:
            self._open(self._tag, self._leaf)
        for parent, child in pairwise(self._stack):
            parent.adopt(child)
        return self._stack[0] if self._stack else None

    def start(self, tag: str, flat: list[str]) -> None:
        text, pieces = "", self.pieces
        if pieces:
            if len(pieces) == 1 and pieces[0].isspace():
                pieces.clear()
            else:
                text = self._text()
        leaf, group = self._leaf, self._group
        if leaf is not None:
            if self._outer is None and self._tag == group.tag and group.wanted is not None and not text and group.parent is self._stack[-1]:
                self._outer = leaf
                self._check_depth(len(self._stack) + 1)
            else:
                self._enter(leaf)
        if text:
            self._add(text)
        if len(flat) > self._most_flat or self.large:
            check_attributes(flat, self.limits, self.line)
        self._tag = tag
        self._leaf = flat

    def end(self, tag: str) -> None:
        text, pieces = "", self.pieces
        if pieces:
            if len(pieces) == 1 and pieces[0].isspace():
                pieces.clear()
            else:
                text = self._text()
        leaf, group = self._leaf, self._group
        if self._outer is not None:
            if leaf is None and not text:
                group.inside[len(group.flats)] = tuple(self._inside)
                group.flats.append(self._outer)
                self._outer, self._inside = None, []
            elif leaf is None:
                self._leave(tag, text)
            elif tag in group.passed and len(text) <= self._most_text:
                self._inside.append((tag, text != "", *leaf[::2]))
            else:
                self._end_leaf(tag, leaf, text)
        elif leaf is not None and tag == group.tag and not text and group.parent is self._stack[-1]:
            group.flats.append(leaf)
        elif leaf is not None:
            self._end_leaf(tag, leaf, text)
        else:
            self._leave(tag, text)
        self._leaf = None

    def _text(self) -> str:
        """The text since the last tag; none where it is but white space."""
        pieces = self.pieces
        text = pieces[0] if len(pieces) == 1 else "".join(pieces)
        pieces.clear()
        return "" if text.isspace() else text

    def _enter(self, leaf: list[str]) -> None:
        """In the leaf another element begins."""
        if self._outer is not None:
            self._open_outer()
        self._open(self._tag, leaf)
        self._check_depth(len(self._stack))

    def _leave(self, tag: str, text: str) -> None:
        """An element ends that holds something, the last of it ``text``."""
        if text:
            self._add(text)
        self._close(tag)

    def _end_leaf(self, tag: str, flat: list[str], text: str) -> None:
        if len(text) > self._most_text:
            self._check_text(len(text))
        namespace, name = self._names.get(tag) or self._split(tag)
        streamed = name in self.names
        if self._outer is not None:
            if not streamed and name not in (self._group.wanted or ()):
                self._group.passed.add(tag)
                self._inside.append((tag, text != "", *flat[::2]))
                return
            self._open_outer()
        parent = self._stack[-1] if self._stack else None
        if parent is None or (streamed and text):
            element = self._element(tag, flat)
            element.text = text
            self._join(tag, element)
        elif streamed:
            self._begin_group(tag, flat, parent)
        elif parent.wanted is not None and name not in parent.wanted:
            parent.number(name, namespace)
            self.tally.count(parent.steps.child(name), flat[::2], text != "")
        elif not text and tag == self._last_tag and parent is self._last_parent:
            self._begin_group(tag, flat, parent)
        else:
            element = self._element(tag, flat)
            element.text = text
            self._keep(parent, element)
            self._held += 1
            self._last_tag, self._last_parent = tag, parent

    def _add(self, text: str) -> None:
        """The text is the innermost open element's."""
        if self._outer is not None:
            self._open_outer()
        depth = len(self._stack)
        self._texts.setdefault(depth, []).append(text)
        self._sizes[depth] = size = self._sizes.get(depth, 0) + len(text)
        self._check_text(size)

    def _open_outer(self) -> None:
        """What nobody wants the content of holds more than leaves."""
        assert self._outer is not None
        outer, self._outer = self._outer, None
        element = self._open(self._group.tag, outer)
        inside, self._inside = self._inside, []
        for tag, text, *names in inside:
            namespace, name = self._names.get(tag) or self._split(tag)
            element.number(name, namespace)
            self.tally.count(element.steps.child(name), names, text)

    def _open(self, tag: str, flat: list[str]) -> Element:
        element = self._element(tag, flat)
        self._stack.append(element)
        self._held_before.append(self._held)
        self._held += 1
        return element

    def _close(self, tag: str) -> None:
        """The innermost open element ends."""
        element, held_before = self._stack[-1], self._held_before.pop()
        if self._group.parent is element:
            self._end_group()
        if self._texts:
            depth = len(self._stack)
            self._sizes.pop(depth, None)
            element.text = "".join(self._texts.pop(depth, ()))
        self._stack.pop()
        parent = element.parent
        if parent is None or element.name in self.names:
            self._held = held_before
            self._join(tag, element)
        elif parent.wanted is None or element.name in parent.wanted:
            self._keep(parent, element)
        else:
            self._held = held_before
            self.tally.count(element.steps, element.flat[::2], element.text != "")

    def _element(self, tag: str, flat: list[str]) -> Element:
        if self._held >= self._most_held:
            self._check_held(self._held + 1)
        namespace, name = self._names.get(tag) or self._split(tag)
        wanted = self.wanted.get(name)
        if not self._stack:
            return Element(name, namespace, flat, 1, None, self.top.child(name), wanted)
        parent = self._stack[-1]
        if self._group.parent is parent:
            self._group.settle()
        if parent.wanted is not None and name not in parent.wanted and name not in self.names:
            wanted = _NOTHING  # of what is not wanted nothing is
        return Element(name, namespace, flat, parent.number(name, namespace), parent, parent.steps.child(name), wanted)

    def _keep(self, parent: Element, element: Element) -> None:
        if element.flat or element.text:
            self.tally.count(element.steps, element.flat[::2], element.text != "")
        if self._group.parent is parent:  # its children stay in order
            self._end_group()
        parent.adopt(element)

    def _join(self, tag: str, element: Element) -> None:
        """A streamed element, or the root, joins its neighbours."""
        if tag != self._group.tag or element.parent is not self._group.parent:
            self._end_group()
            self._start_group(Group(tag, element.position, element.parent, element.steps, element.wanted))
        group = self._group
        group.elements[len(group.flats)] = element
        group.flats.append(element.flat)
        group.numbered = len(group.flats)
        if element.text:
            self.tally.texts[element.steps] += 1

    def _begin_group(self, tag: str, flat: list[str], parent: Element) -> None:
        """The leaf is the first of its neighbours."""
        self._end_group()
        namespace, name = self._names.get(tag) or self._split(tag)
        self._start_group(Group(tag, parent.number(name, namespace), parent, parent.steps.child(name), self.wanted.get(name)))
        self._group.flats.append(flat)
        self._group.numbered = 1

    def _start_group(self, group: Group) -> None:
        self._group = group
        if group.wanted is not None:
            group.passed = self._passed[group.name]

    def _end_group(self) -> None:
        if self._outer is not None:
            self._open_outer()
        group, self._group = self._group, _NO_GROUP
        if not group.flats:
            return
        group.close()
        for names, times in group.shapes.items():
            self.tally.attributes[group.steps, names] += times
        for leaves, times in group.contents.items():
            for tag, text, *within in leaves:
                self.tally.count(group.steps.child(self._split(tag)[1]), within, text, times)
        if group.parent is None or group.name in self.names:
            self._ready.append(group)
        else:
            group.parent.adopt(group)
            self._held += len(group)
            self._check_held(self._held)

    def _split(self, tag: str) -> tuple[str, str]:
        namespace, _, name = tag.rpartition(IN)
        return self._names.setdefault(tag, (namespace, name))

    def _check_depth(self, depth: int) -> None:
        if depth >= self.limits.xml_depth:
            raise Unreadable(f"XML is nested deeper than {self.limits.xml_depth} levels", where=self.line())

    def _check_held(self, held: int) -> None:
        most = self.limits.xml_kept_elements
        if held > most:
            raise Unreadable(f"XML has more than {most} elements to be held at once", remedy="split the document")

    def _check_text(self, size: int) -> None:
        most = self.limits.xml_text_bytes
        if size > most:
            raise Unreadable(f"XML text of one element is larger than {most} characters", where=self.line())


_NO_GROUP = Group("", 0, None, None)
_NOTHING: frozenset[str] = frozenset()


def check_attributes(flat: list[str], limits: Limits, line: Callable[[], str]) -> None:
    if len(flat) > 2 * limits.xml_attributes:
        raise Unreadable(f"XML element has more than {limits.xml_attributes} attributes", where=line())
    if len("".join(flat)) > limits.xml_text_bytes:
        raise Unreadable(f"XML attributes of one element are larger than {limits.xml_text_bytes} characters", where=line())
