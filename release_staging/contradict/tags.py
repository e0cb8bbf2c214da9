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


def pins(claims: Iterable[Claim]) -> Iterator[Pin]:
    """What the documents of a packet say that tags stand for.

    A document says so by a reference that has both tag and digest, or by a tagged reference and the one digest that it
    gives for the same subject or repository. Only sha256 is compared: registries answer with that.
    """
    references: list[Claim] = []
    digests: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.field == "artifact.reference":
            references.append(claim)
        elif claim.field == "artifact.digest" and algorithm(claim.agreed) == "sha256":
            digests[claim.document].append(claim)
    for reference in references:
        tag, at, digest = reference.agreed.partition("@")
        repository, colon, _ = tag.rpartition(":")
        if not colon or "/" in tag[len(repository) :]:
            continue
        if at:
            yield Pin(tag, digest, reference.evidence)
            continue
        named = {
            claim.agreed
            for claim in digests[reference.document]
            if claim.subject is not None and claim.subject in (reference.subject, repository)
        }
        if len(named) == 1:
            yield Pin(tag, named.pop(), reference.evidence)
