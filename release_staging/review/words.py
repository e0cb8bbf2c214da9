"""What a reviewer may write: about a hold or a record. Words that decide about the release, and secrets, are refused."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from release_staging.config.disclosure import DisclosureRules
from release_staging.disclosure.conceal import discloses
from release_staging.evidence.authority import statements
from release_staging.model import locators
from release_staging.parsing import json, yaml
from release_staging.parsing.limits import Unreadable
from release_staging.record.canonical import canonical, digest

MOST_BYTES = 1 << 20
_AUTHORITY = re.compile(
    r"\b(?:(?:dis)?approv\w*|authori[sz]\w*|waiv\w*|sign(?:ed|ing)?[- ]?off|lgtm|green[- ]?li(?:ght\w*|t)|go[- ]ahead"
    r"|clear(?:ed)? (?:for|to)|safe to (?:deploy|release|ship|roll\w*|promote)|(?:may|can|ok(?:ay)?|good) to (?:go|ship|deploy|release))\b",
    re.IGNORECASE,
)

Line = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
Words = Annotated[str, StringConstraints(min_length=3, max_length=1000, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$")]
Digest = Annotated[str, StringConstraints(pattern=r"^sha256:[0-9a-f]{64}$")]
Locator = Annotated[str, StringConstraints(min_length=1, max_length=2000)]


class Refused(Exception):
    """What a reviewer handed in cannot be taken. ``remedy`` says what to do about it; neither quotes what may not be shown."""

    def __init__(self, message: str, *, remedy: str) -> None:
        super().__init__(f"{message}; {remedy}")
        self.message, self.remedy = message, remedy


class Outrun(Refused):
    """It answers a revision that is not the last any more: somebody was faster."""


class Part(BaseModel):
    """Base of everything a reviewer writes: no unknown member, no silent conversion."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Said(Part):
    """What somebody said, named by the digest of what they said."""

    @property
    def body(self) -> bytes:
        """Canonical JSON of what was said; its digest is the name."""
        return canonical(self.model_dump(mode="json", exclude_none=True))

    @property
    def name(self) -> str:
        return digest(self.body)


def load(data: bytes, kind: str) -> Any:
    """The JSON or YAML of a finding or receipt (``kind``). Raises Refused."""
    if len(data) > MOST_BYTES:
        raise Refused(f"the {kind} has more than {MOST_BYTES} bytes", remedy="refer to documents by digest and locator")
    try:
        return json.parse(data) if data.lstrip()[:1] == b"{" else yaml.parse(data)
    except Unreadable as error:
        raise Refused(f"the {kind} cannot be read: {error}", remedy=error.remedy or "write it as JSON or YAML") from None


def refuse_invalid(error: ValidationError, kind: str) -> Refused:
    """The refusal that says where a finding or receipt breaks its schema, without what stands there."""
    faults = [
        f"{locators.pointer(*one['loc']).removeprefix('json-pointer:') or '/'}: {one['msg']}"
        for one in error.errors(include_url=False, include_input=False)[:5]
    ]
    return Refused(f"the {kind} breaks its schema: " + "; ".join(faults), remedy=f"see schemas/{kind}-1.json")


def refuse_beyond(canonical: bytes, words: Iterable[str], kind: str, boundary: DisclosureRules) -> None:
    """Raises Refused where it speaks with authority over the release, or holds what must not be disclosed.

    ``canonical`` is the whole; ``words`` are its free texts, in which no word of authority may stand at all.
    """
    text = canonical.decode()
    spoken = [one["value"] for one in statements(text)] + [match[0] for one in words for match in _AUTHORITY.finditer(one)]
    if spoken:
        raise Refused(
            f"the {kind} speaks of the release ({spoken[0]}): nothing here approves, waives or schedules",
            remedy="say what was found in the evidence, and where; decisions belong to the system that takes them",
        )
    if discloses(text, boundary):
        raise Refused(f"the {kind} holds what must not be disclosed", remedy="refer to the place by document and locator instead")
