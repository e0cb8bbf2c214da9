"""What a packet says the candidate is: the declared identity that its documents are held against."""

from __future__ import annotations

from dataclasses import dataclass

from release_staging.contradict.digests import DigestGraph, algorithm
from release_staging.model.claims import Claim
from release_staging.model.fields import DESCRIPTOR


@dataclass(frozen=True)
class Candidate:
    """``values`` maps each identity field to everything declared for it; ``digests`` are the declared artifacts and their families.

    ``parts`` are the roles of what the families list: whether a digest of such a part could be told to be of the candidate.
    """

    values: dict[str, frozenset[str]]
    digests: frozenset[str]
    algorithms: frozenset[str]
    parts: frozenset[str]

    def has_digest(self, digest: str) -> bool:
        """Whether the digest is of a declared artifact, of what lists it, or of something listed with it."""
        return digest in self.digests

    def comparable(self, digest: str) -> bool:
        """Whether a declared digest of the same algorithm exists to compare with."""
        return algorithm(digest) in self.algorithms


def declared(claims: list[Claim], graph: DigestGraph) -> Candidate:
    """The identity declared by the descriptor and the release manifests; every value is kept, none is chosen."""
    values: dict[str, set[str]] = {}
    for claim in claims:
        if claim.source in (DESCRIPTOR, "release_manifest"):
            values.setdefault(claim.field, set()).add(claim.agreed)
    digests = values.get("artifact.digest", set())
    family = graph.family(digests)
    return Candidate(
        values={field: frozenset(found) for field, found in values.items()},
        digests=family,
        algorithms=frozenset(map(algorithm, digests)),
        parts=frozenset(graph.roles[digest] for digest in family if digest in graph.roles),
    )
