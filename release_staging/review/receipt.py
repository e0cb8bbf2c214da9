"""A receipt: what the downstream review says of a record's usability, field by field. About the record alone, never about the release.

``schemas/receipt-1.json`` is made from these models.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, ValidationError, model_validator

from release_staging.config.disclosure import DisclosureRules
from release_staging.evidence.resolve import Resolver, Unresolved
from release_staging.model import locators
from release_staging.review.words import Digest, Line, Part, Said, Words, load, refuse_beyond, refuse_invalid

_MOST_FIELDS = 500
# A JSON Pointer (RFC 6901) that is not the whole document.
Pointer = Annotated[str, StringConstraints(max_length=1000, pattern=r"^(/([^~/\x00-\x1f\x7f]|~[01])*)+$")]


class By(Part):
    """Who says it: the system that reads records, or a person there."""

    kind: Literal["system", "person"]
    name: Line


class Used(Part):
    """What became of one field of the record: taken as it stands, reconstructed by hand from elsewhere, or missed."""

    field: Pointer
    use: Literal["taken", "reconstructed", "missing"]
    note: Words | None = None


class Receipt(Said):
    """Who says what of which record, named by its ``record_id`` or by the digest of the whole document."""

    receipt: Literal["1"]
    record: Digest
    by: By
    usable: Literal["as_it_was", "with_reconstruction", "not_usable"]
    fields: Annotated[tuple[Used, ...], Field(strict=False, max_length=_MOST_FIELDS)] = ()
    note: Words | None = None

    @model_validator(mode="after")
    def _whole(self) -> Receipt:
        twice = [field for field, times in Counter(one.field for one in self.fields).items() if times > 1]
        if twice:
            raise ValueError(f"fields: expected each field once; {twice[0]} stands there more than once")
        untold = next((one for one in self.fields if one.use != "taken" and one.note is None), None)
        if untold:
            raise ValueError(f"fields: expected a note that says how {untold.field} was {untold.use}")
        uses = {one.use for one in self.fields}
        if self.usable == "as_it_was" and uses - {"taken"}:
            raise ValueError("usable: a record with fields that were reconstructed or missing was not usable as_it_was")
        if self.usable == "with_reconstruction" and "reconstructed" not in uses:
            raise ValueError("fields: expected the fields that were reconstructed")
        if self.usable == "not_usable" and self.note is None:
            raise ValueError("note: expected why the record is not usable")
        return self

    def unknown_fields(self, record: bytes) -> list[str]:
        """Those of its fields that the record does not have."""
        resolver = Resolver(record)
        return [one.field for one in self.fields if not _stands(one.field, resolver)]


def _stands(field: str, record: Resolver) -> bool:
    try:
        record.value(locators.pointer(*locators.tokens_of(field)))
    except Unresolved:
        return False
    return True


def parse(data: bytes, boundary: DisclosureRules) -> Receipt:
    """The receipt in ``data`` (JSON or YAML). Raises Refused."""
    return of(load(data, "receipt"), boundary)


def of(value: Mapping[str, Any], boundary: DisclosureRules) -> Receipt:
    """The receipt that ``value`` is. Raises Refused where it breaks the schema, speaks of the release, or discloses."""
    try:
        found = Receipt.model_validate(value)
    except ValidationError as error:
        raise refuse_invalid(error, "receipt") from None
    notes = (found.note, *(one.note for one in found.fields))
    refuse_beyond(found.body, [note for note in notes if note], "receipt", boundary)
    return found
