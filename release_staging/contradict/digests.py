"""Which digests belong together and so contradict nothing: an index lists its manifests, a manifest its config and layers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping


class DigestGraph:
    """What lists what, by the registry's own documents: links are ``(digest of the list, digest of what it lists)``."""

    def __init__(self, links: Iterable[tuple[str, str]], roles: Mapping[str, str] | None = None) -> None:
        """``roles`` tells what each listed digest is of: ``platform``, ``config``, ``layer``."""
        self.roles = roles or {}
        self._below: dict[str, set[str]] = defaultdict(set)
        self._above: dict[str, set[str]] = defaultdict(set)
        for above, below in links:
            self._below[above].add(below)
            self._above[below].add(above)

    def family(self, digests: Iterable[str]) -> frozenset[str]:
        """These digests, what lists them, and whatever any of those lists.

        Another list that shares a part (two images with one base layer) is not of the family.
        """
        return _reached(_reached(digests, self._above), self._below)


def _reached(start: Iterable[str], steps: Mapping[str, set[str]]) -> frozenset[str]:
    """What ``steps`` lead to from ``start``, itself included; lists may name one another in a circle."""
    found, left = set(start), list(start)
    while left:
        fresh = steps.get(left.pop(), set()) - found
        found |= fresh
        left += fresh
    return frozenset(found)


def algorithm(digest: str) -> str:
    """The algorithm of a digest in OCI form (``sha256:…``)."""
    return digest.partition(":")[0]
