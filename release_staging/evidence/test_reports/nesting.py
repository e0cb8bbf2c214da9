"""What readers of reports whose suites nest to any depth share: loss rules by shape, and containers that failed by themselves.

Path patterns cannot follow what nests in itself, so what is left out is said of each shape when it is first met.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from release_staging.evidence.elements import XmlNode, XmlNodes
from release_staging.evidence.ledger import DROPPED, SUMMARISED
from release_staging.evidence.tree import Node
from release_staging.parsing.xml_elements import Element

Rules = Mapping[str, tuple[str, ...]]  # rule name -> keys of members; of XML: names of child elements, or of attributes with an @ in front


@dataclass
class Losses:
    """Says of a shape, once, which of its attributes and children are dropped and which are only condensed."""

    drops: Rules = field(default_factory=dict)
    summarises: Rules = field(default_factory=dict)
    _done: set[int] = field(default_factory=set)

    def apply(self, node: XmlNode | XmlNodes | Node) -> None:
        shape = node.shape
        if id(shape) in self._done:
            return
        self._done.add(id(shape))
        for use, rules in ((DROPPED, self.drops), (SUMMARISED, self.summarises)):
            for rule, names in rules.items():
                for name in names:
                    shape.child(name).mark(use, rule)


@dataclass
class Failures:
    """Which open elements have a failed case below them: a container that failed without one failed by itself."""

    _above: set[int] = field(default_factory=set)

    def case(self, element: Element) -> None:
        """Notes a case that failed, with all its containers."""
        for above in ancestors(element):
            self._above.add(id(above))

    def explained(self, container: Element) -> bool:
        """Whether a case below this container, which ends now, failed."""
        found = id(container) in self._above
        self._above.discard(id(container))  # another element may get its number
        return found


def ancestors(element: Element) -> Iterator[Element]:
    above = element.parent
    while above is not None:
        yield above
        above = above.parent
