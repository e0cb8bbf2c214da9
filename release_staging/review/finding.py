"""A finding: what a reviewer says about a hold, on what grounds. Input of the next revision; never an approval.

``schemas/finding-1.json`` is made from these models.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field, StrictBool, ValidationError, model_validator

from release_staging.config.disclosure import DisclosureRules
from release_staging.model.exceptions import Code, Role
from release_staging.packet.descriptor import Path, Sha256
from release_staging.packet.descriptor import Text as Scalar
from release_staging.review.words import Digest, Line, Locator, Part, Said, Words, load, refuse_beyond, refuse_invalid

KINDS = ("supply", "exclude", "read", "adjudicate", "map", "boundary", "absent", "retract", "withdraw")
_FREE = {"boundary", "retract", "withdraw"}  # kinds that answer no exception


class Answers(Part):
    """The exception of the hold that the finding answers, by the code and subject that the hold shows."""

    code: Annotated[Code, Field(strict=False)]
    subject: Line


class Place(Part):
    """A place that the finding rests on."""

    document: Digest
    locator: Locator | None = None


class Supply(Part):
    """A document that joins the packet, under ``path``. What is said beside that is what a packet descriptor may say."""

    path: Path
    sha256: Sha256
    source: Scalar | None = None
    format: Scalar | None = None
    level: Literal["unit", "integration", "load", "smoke"] | None = None
    environment: Scalar | None = None
    run: Scalar | None = None
    baseline: StrictBool | None = None


class Exclude(Part):
    """A document of the packet that does not belong to it."""

    document: Digest


class Read(Part):
    """The value of a record field, as the reviewer read it in the first of the places that the finding rests on."""

    field: Line
    value: Line


class Adjudicate(Part):
    """The side of a contradiction that holds. Both stay in the record."""

    field: Line
    value: Line


class Map(Part):
    """What a name means, for this packet; ``propose`` puts it on the list for the registry."""

    registry: Literal["services", "environments", "repositories", "levels"]
    name: Line
    id: Line
    propose: StrictBool = False


class Boundary(Part):
    """A passage that lies beyond the disclosure boundary."""

    document: Digest
    locator: Locator
    kind: Literal["secret", "customer_data", "incident_internal"]


class Absent(Part):
    """An evidence that will not come, by the subject of its EVIDENCE_MISSING exception. Counts until an instant."""

    evidence: Line
    until: Annotated[AwareDatetime, Field(strict=False)]


class Retract(Part):
    """An earlier finding that no longer counts."""

    finding: Digest


class Withdraw(Part):
    """The whole packet is withdrawn: it holds nobody's attention any more. The reason says why."""


class Finding(Said):
    """Who says what, in which role, why and on what grounds, about which revision; exactly one of the kinds."""

    finding: Literal["1"]
    packet: Line
    revision: Annotated[int, Field(ge=1)]
    reviewer: Line
    role: Annotated[Role, Field(strict=False)]
    reason: Words
    answers: Answers | None = None
    rests_on: Annotated[tuple[Place, ...], Field(strict=False, max_length=50)] = ()
    supply: Supply | None = None
    exclude: Exclude | None = None
    read: Read | None = None
    adjudicate: Adjudicate | None = None
    map: Map | None = None
    boundary: Boundary | None = None
    absent: Absent | None = None
    retract: Retract | None = None
    withdraw: Withdraw | None = None

    @model_validator(mode="after")
    def _whole(self) -> Finding:
        said = [kind for kind in KINDS if getattr(self, kind) is not None]
        if len(said) != 1:
            raise ValueError(f"expected exactly one of {', '.join(KINDS)}; there are {len(said)}")
        if self.answers is None and self.kind not in _FREE:
            raise ValueError(f"answers: expected the code and subject of the exception that a finding of kind {self.kind} answers")
        if self.kind in ("exclude", "read", "adjudicate", "map") and not self.rests_on:
            raise ValueError(f"rests_on: expected the places that a finding of kind {self.kind} rests on")
        if self.kind == "read" and self.rests_on[0].locator is None:
            raise ValueError("rests_on: the first place of a finding of kind read is where the value stands; it needs a locator")
        return self

    @property
    def kind(self) -> str:
        return next(kind for kind in KINDS if getattr(self, kind) is not None)

    @property
    def target(self) -> str:
        """What it is about: two findings in force on one packet never have the same kind and target."""
        match self.kind:
            case "supply":
                return str(self.said.path)
            case "exclude":
                return str(self.said.document)
            case "read" | "adjudicate":
                return str(self.said.field)
            case "map":
                return f"{self.said.registry}: {self.said.name}"
            case "boundary":
                return f"{self.said.document} {self.said.locator}"
            case "absent":
                return str(self.said.evidence)
            case "retract":
                return str(self.said.finding)
        return self.packet

    @property
    def said(self) -> Any:
        """The one part that is there."""
        return getattr(self, self.kind)

    @property
    def path(self) -> str:
        """Where it stands among the packet's documents."""
        return f"findings/{self.name[7:19]}.json"


def parse(data: bytes, boundary: DisclosureRules) -> Finding:
    """The finding in ``data`` (JSON or YAML). Raises Refused."""
    return of(load(data, "finding"), boundary)


def of(value: Mapping[str, Any], boundary: DisclosureRules) -> Finding:
    """The finding that ``value`` is. Raises Refused where it breaks the schema, speaks with authority, or discloses."""
    try:
        found = Finding.model_validate(value)
    except ValidationError as error:
        raise refuse_invalid(error, "finding") from None
    refuse_beyond(found.body, [found.reason], "finding", boundary)
    return found
