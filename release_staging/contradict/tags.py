"""Which digest a document says that a tag of a repository stands for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from release_staging.contradict.digests import algorithm
from release_staging.model.claims import Claim
from release_staging.model.exceptions import Evidence


@dataclass(frozen=True)
class Pin:
    """``tag`` is repository and tag, with what Docker implies written out; ``digest`` what it stands for, there."""

    tag: str
    digest: str
    evidence: Evidence


# A reference, and the digest that a document gives for the same thing.
_PAIRS = {"artifact.reference": "artifact.digest", "rollback.reference": "rollback.artifact"}


def pins(claims: Iterable[Claim]) -> Iterator[Pin]:
    """What the documents of a packet say that tags stand for.

    A document says so by a reference that has both tag and digest, or by a tagged reference and the one digest that it
    gives for the same subject or repository. Only sha256 is compared: registries answer with that.
    """
    references = [claim for claim in claims if claim.field in _PAIRS]
    digests: dict[tuple[str, str], list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.field in _PAIRS.values() and algorithm(claim.agreed) == "sha256":
            digests[claim.document, claim.field].append(claim)
    for reference in references:
        repository, tag, digest = parts(reference.normal)  # what the document itself says
        if not tag:
            continue
        if digest:
            yield Pin(f"{repository}:{tag}", digest, reference.evidence)
            continue
        beside = digests[reference.document, _PAIRS[reference.field]]
        named = {claim.agreed for claim in beside if _same(claim.subject, reference.subject, repository)}
        if len(named) == 1:
            yield Pin(f"{repository}:{tag}", named.pop(), reference.evidence)


def parts(reference: str) -> tuple[str, str, str]:
    """Repository, tag and digest of a normalised OCI reference; what is not there is empty."""
    name, _, digest = reference.partition("@")
    path, colon, tag = name.rpartition(":")
    return (path, tag, digest) if colon and "/" not in tag else (name, "", digest)


def _same(subject: str | None, of_reference: str | None, repository: str) -> bool:
    return subject == of_reference if subject is None else subject in (of_reference, repository)
