"""What the descriptor says of a document beside what the document says itself: which CI run made it, and in which environment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from release_staging.contradict.candidate import Candidate
from release_staging.model.claims import Claim
from release_staging.model.confidence import Confidence
from release_staging.model.exceptions import Evidence
from release_staging.model.fields import DECLARING


@dataclass(frozen=True)
class Asserted:
    """``values`` maps a field to what the descriptor says of the document; what it does not say is not there."""

    document: str
    values: dict[str, str]


def differing(
    asserted: Asserted, descriptor: Evidence, claims: list[Claim], candidate: Candidate
) -> Iterator[tuple[str, dict[str, list[Evidence]]]]:
    """The fields in which the document says something else than the descriptor says of it, with both sides.

    A run differs where ids can be compared, and the document does not name the candidate's build instead: a report of another
    pipeline says which build it tried. What declares or attests the build is held against that elsewhere. An environment differs
    where it is none of those that the document names.
    """
    for field, value in asserted.values.items():
        # What no registry knows is told as that.
        said = [claim for claim in claims if claim.field == field and claim.confidence != Confidence.LOW]
        if field == "build.id":
            known = candidate.values.get(field, frozenset())
            said = [one for one in said if one.source not in DECLARING and _comparable(one.agreed, value) and one.agreed not in known]
        strange = [claim for claim in said if claim.agreed != value]
        if strange and (field == "build.id" or len(strange) == len(said)):
            sides: dict[str, list[Evidence]] = {value: [replace(descriptor, source_value=value)]}
            for claim in strange:
                sides.setdefault(claim.agreed, []).append(claim.evidence)
            yield field, dict(sorted(sides.items()))


def _comparable(one: str, other: str) -> bool:
    """Whether two ids of runs are of one kind: numbers of about one length. A run also has a number in its pipeline, and where ids
    are UUIDs a pipeline, its workflows and their jobs have one each.
    """
    return one.isdecimal() and other.isdecimal() and abs(len(one) - len(other)) <= 1
