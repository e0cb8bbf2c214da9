"""What the XML entry point hands out: elements, and groups of them, that know where they stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, Protocol

IN = "\x1f"  # between a namespace and a local name; no XML document can hold it


class Steps(Protocol):
    """A place in a tree that grows with the paths of elements: what stands for ``/a/b`` is ``child("b")`` of that for ``/a``."""

    def child(self, segment: str) -> Steps: ...


Wanted = frozenset[str] | None  # names of the children that an element keeps; None: all


class Element:
    """One element. ``position`` is the number in its XPath step, from 1.

    ``flat`` holds the names and values of its attributes in turn. ``steps`` is its place in the tree that the stream was given.
    """

    __slots__ = (
        *("_children", "_has_groups", "_seen", "_xpath"),
        *("attributes", "flat", "name", "namespace", "parent", "position", "steps", "text", "wanted"),
    )

    def __init__(
        self, name: str, namespace: str, flat: list[str], position: int, parent: Element | None, steps: Any, wanted: Wanted = None
    ) -> None:
        self.name, self.namespace, self.flat, self.position = name, namespace, flat, position
        self.parent, self.steps, self.wanted, self.text = parent, steps, wanted, ""
        self._children, self._seen = _NO_CHILDREN, _NONE_SEEN  # of its own once there is a child
        self.attributes: dict[str, str]  # by local name; see __getattr__
        self._has_groups, self._xpath = False, ""

    def __getattr__(self, name: str) -> dict[str, str]:
        """The attributes are made when they are first asked for; from then on they are there."""
        if name != "attributes":
            raise AttributeError(name)
        self.attributes = by_name(self.flat) if self.flat else {}
        return self.attributes

    @property
    def children(self) -> list[Element]:
        """Its child elements, but for those that are streamed, or not wanted."""
        if self._has_groups:
            self._children = [child for part in self._children for child in (part if isinstance(part, Group) else (part,))]
            self._has_groups = False
        return self._children  # type: ignore[return-value]

    @property
    def groups(self) -> list[Group]:
        """Its children, those of one name in a row together. For where they are many: no ``Element`` is made of what holds nothing."""
        return [part if isinstance(part, Group) else _group_of(part) for part in self._children]

    @property
    def within(self) -> tuple[str, ...]:
        """The name of each of its child elements, wanted or not."""
        return tuple([name for key, times in self._seen.items() for name in [key.removeprefix(IN)] * times])

    @property
    def step(self) -> str:
        """The last step of ``xpath``."""
        return f"{_step(self.name, self.namespace)}{self.position}]"

    @property
    def xpath(self) -> str:
        """XPath 1.0 of this element, with positions; resolves with any XPath engine. It holds neither ``;`` nor ``%``: no name does."""
        if not self._xpath:
            self._xpath = f"{self.parent.xpath if self.parent else ''}/{self.step}"
        return self._xpath

    def number(self, name: str, namespace: str, times: int = 1) -> int:
        """Counts child elements; gives the position of the first of them."""
        if self._seen is _NONE_SEEN:
            self._seen = {}
        seen = self._seen
        before = seen.get(name, 0)
        if not namespace:  # `a[2]` counts elements without a namespace only, `*[local-name()='a'][2]` all of that local name
            seen[name] = before + times
            return before + 1
        others = seen.get(IN + name, 0)
        seen[IN + name] = others + times
        return before + others + 1

    def adopt(self, part: Element | Group) -> None:
        """Takes the next among the children."""
        if self._children is _NO_CHILDREN:
            self._children = []
        self._children.append(part)
        self._has_groups = self._has_groups or isinstance(part, Group)

    def release(self) -> None:
        """Lets go of all below: parents and children hold each other, and only the collector could free them."""
        children, self._children = self._children, _NO_CHILDREN
        for child in children:
            if type(child) is Element and child._children:
                child.release()


_NONE_SEEN: dict[str, int] = {}  # how many child elements of each name; IN before it: with a namespace
_NO_CHILDREN: list[Element | Group] = []


Leaf = tuple[
    Any, ...
]  # what is known of an element that is not wanted and holds no other: its tag, whether it has text, the names of its attributes


class Group:
    """Elements of one name below one parent, in a row. What reports have by the hundred thousand is cheap as columns.

    ``flats`` are the attributes of each (see ``Element``). Few are an ``Element`` before one is asked for: ``elements``, by their
    number from 0. Of the others, those that hold something hold what is ``inside``. ``passed`` are tags of what is not wanted in them.
    """

    __slots__ = (
        *("_cells", "_dicts", "_names", "contents", "elements", "flats", "inside", "name", "namespace"),
        *("numbered", "parent", "passed", "position", "shapes", "steps", "tag", "wanted"),
    )

    def __init__(self, tag: str, position: int, parent: Element | None, steps: Any, wanted: Wanted = None) -> None:
        self.tag, self.position, self.parent, self.steps, self.wanted = tag, position, parent, steps, wanted
        self.namespace, _, self.name = tag.rpartition(IN)
        self.flats: list[list[str]] = []
        self.elements: dict[int, Element] = {}
        self.inside: dict[int, tuple[Leaf, ...]] = {}
        self.passed: set[str] = set()
        self.numbered = 0  # how many of them the parent has counted
        self.shapes: Mapping[tuple[str, ...], int] = {}  # how many have attributes of which names,
        self.contents: Mapping[tuple[Leaf, ...], int] = {}  # and how many hold what
        self._names: list[str] | None = None  # of the attributes, where all have the same
        self._cells: list[str] = []
        self._dicts: list[dict[str, str]] = []

    def settle(self) -> None:
        """Has the parent count those that it has not counted yet."""
        new = len(self.flats) - self.numbered
        if new and self.parent is not None:
            self.parent.number(self.name, self.namespace, new)
            self.numbered += new

    def close(self) -> None:
        """There are no more of them."""
        self.settle()
        names = [flat[::2] for flat in self.flats]
        if names.count(names[0]) == len(names):
            self._names = None if IN in "".join(names[0]) else names[0]
            self.shapes = {tuple(names[0]): len(names)}
        else:
            self.shapes = Counter(map(tuple, names))
        if self.inside:
            self.contents = Counter(self.inside.values())

    def __len__(self) -> int:
        return len(self.flats)

    def __iter__(self) -> Iterator[Element]:
        for at in range(len(self.flats)):
            yield self.elements.get(at) or self[at]

    def __getitem__(self, at: int) -> Element:
        if at in self.elements:
            return self.elements[at]
        element = Element(self.name, self.namespace, self.flats[at], self.position + at, self.parent, self.steps)
        for tag, *_ in self.inside.get(at, ()):
            namespace, _, name = tag.rpartition(IN)
            element.number(name, namespace)
        return element

    def column(self, name: str) -> Sequence[str | None]:
        """The attribute's value of each; None where it has none."""
        names = self._names
        if names is None:
            self._dicts = self._dicts or [by_name(flat) for flat in self.flats]
            return [attributes.get(name) for attributes in self._dicts]
        if name not in names:
            return [None] * len(self.flats)
        self._cells = self._cells or list(chain.from_iterable(self.flats))
        return self._cells[2 * names.index(name) + 1 :: 2 * len(names)]

    @property
    def holding(self) -> list[int]:
        """The numbers of those that may hold something."""
        return sorted({*self.inside, *self.elements})

    @property
    def within(self) -> list[tuple[str, ...]]:
        """The names of the child elements of each, wanted or not."""
        within: list[tuple[str, ...]] = [()] * len(self.flats)
        if not self.inside and not self.elements:
            return within
        names = {leaves: tuple([leaf[0].rpartition(IN)[2] for leaf in leaves]) for leaves in self.contents}
        for at, leaves in self.inside.items():
            within[at] = names[leaves]
        for at, element in self.elements.items():
            within[at] = element.within
        return within

    def xpaths(self, before: str = "") -> list[str]:
        """The XPath of each, with ``before`` in front."""
        start = f"{before}{self.parent.xpath if self.parent else ''}/{_step(self.name, self.namespace)}"
        return [f"{start}{number}]" for number in range(self.position, self.position + len(self.flats))]

    def release(self) -> None:
        """Lets go of all below."""
        for element in self.elements.values():
            element.release()


def _group_of(element: Element) -> Group:
    tag = element.namespace + IN + element.name if element.namespace else element.name
    group = Group(tag, element.position, element.parent, element.steps)
    group.flats, group.elements, group.numbered = [element.flat], {0: element}, 1
    group.close()
    return group


def by_name(flat: list[str]) -> dict[str, str]:
    """Attributes by local name. Of `type` and `xsi:type` the one without a namespace is what `@type` means in XPath."""
    pairs = iter(flat)
    attributes = dict(zip(pairs, pairs, strict=True))
    if IN not in "".join(attributes):
        return attributes
    return {key.rpartition(IN)[2]: attributes[key] for key in sorted(attributes, key=lambda key: IN not in key)}


def _step(name: str, namespace: str) -> str:
    """A step of an XPath, up to its position."""
    return f"*[local-name()='{name}'][" if namespace else f"{name}["
