"""Which digests belong together: an index names its manifests, a manifest its config. A member of the family is no contradiction."""

from __future__ import annotations

from collections.abc import Iterable


class DigestFamilies:
    """The connected components of "A lists B" among digests (union-find)."""

    def __init__(self, links: Iterable[tuple[str, str]]) -> None:
        self._above: dict[str, str] = {}
        for parent, child in links:
            one, other = sorted((self.family(parent), self.family(child)))
            self._above[other] = one

    def family(self, digest: str) -> str:
        """The digest that stands for the family; the digest itself where nothing links it."""
        while (above := self._above.get(digest, digest)) != digest:
            digest = above
        return digest


def algorithm(digest: str) -> str:
    """The algorithm of a digest in OCI form (``sha256:…``)."""
    return digest.partition(":")[0]
