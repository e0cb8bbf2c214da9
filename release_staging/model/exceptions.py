"""Exception codes, and the exception itself: a typed, located reason why a person must look."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """Who is asked."""

    RELEASE_MANAGER = "release_manager"
    SERVICE_OWNER = "service_owner"
    SECURITY_REVIEWER = "security_reviewer"


class Code(StrEnum):
    """The closed list of exception codes."""

    REQUIRED_FIELD_MISSING = "REQUIRED_FIELD_MISSING"
    EVIDENCE_MISSING = "EVIDENCE_MISSING"
    EVIDENCE_UNREADABLE = "EVIDENCE_UNREADABLE"
    EVIDENCE_UNRECOGNISED = "EVIDENCE_UNRECOGNISED"
    EVIDENCE_EMPTY = "EVIDENCE_EMPTY"
    DIGEST_MISMATCH = "DIGEST_MISMATCH"
    LINK_UNRESOLVED = "LINK_UNRESOLVED"
    MIXED_CANDIDATE = "MIXED_CANDIDATE"
    CONTRADICTION = "CONTRADICTION"
    ATTESTATION_MISMATCH = "ATTESTATION_MISMATCH"
    ATTESTATION_UNVERIFIED = "ATTESTATION_UNVERIFIED"
    ENVIRONMENT_MISMATCH = "ENVIRONMENT_MISMATCH"
    TIMESTAMP_OUT_OF_POLICY = "TIMESTAMP_OUT_OF_POLICY"
    UNMAPPED_IDENTIFIER = "UNMAPPED_IDENTIFIER"
    LOW_CONFIDENCE = "LOW_CONFIDENCE"
    SCHEMA_DRIFT = "SCHEMA_DRIFT"
    UNREVIEWED_SECRET_CHANGE = "UNREVIEWED_SECRET_CHANGE"
    UNSUPPORTED_CONCLUSION = "UNSUPPORTED_CONCLUSION"
    DISCLOSURE_SECRET = "DISCLOSURE_SECRET"
    DISCLOSURE_CUSTOMER_DATA = "DISCLOSURE_CUSTOMER_DATA"
    DISCLOSURE_INCIDENT_INTERNAL = "DISCLOSURE_INCIDENT_INTERNAL"
    AUTHORITY_CLAIM = "AUTHORITY_CLAIM"
    SCHEMA_INVALID = "SCHEMA_INVALID"
    TRACE_INCOMPLETE = "TRACE_INCOMPLETE"


# What to look at first: what must be contained, whether the packet is of one candidate, whether its statements hold together, then
# what could not be read or is not there, and last what only needs to be known.
_LOOK_FIRST = (
    *(Code.DISCLOSURE_SECRET, Code.DISCLOSURE_CUSTOMER_DATA, Code.DISCLOSURE_INCIDENT_INTERNAL),
    *(Code.DIGEST_MISMATCH, Code.MIXED_CANDIDATE, Code.ATTESTATION_MISMATCH, Code.ATTESTATION_UNVERIFIED),
    *(Code.CONTRADICTION, Code.UNREVIEWED_SECRET_CHANGE, Code.ENVIRONMENT_MISMATCH, Code.TIMESTAMP_OUT_OF_POLICY),
    *(Code.UNSUPPORTED_CONCLUSION, Code.EVIDENCE_UNREADABLE, Code.EVIDENCE_UNRECOGNISED, Code.EVIDENCE_EMPTY, Code.SCHEMA_DRIFT),
    *(Code.LINK_UNRESOLVED, Code.EVIDENCE_MISSING, Code.REQUIRED_FIELD_MISSING, Code.SCHEMA_INVALID, Code.UNMAPPED_IDENTIFIER),
    *(Code.LOW_CONFIDENCE, Code.TRACE_INCOMPLETE, Code.AUTHORITY_CLAIM),
)
_URGENCY = {code: rank for rank, code in enumerate(_LOOK_FIRST)}


DISCLOSURES = frozenset({Code.DISCLOSURE_SECRET, Code.DISCLOSURE_CUSTOMER_DATA, Code.DISCLOSURE_INCIDENT_INTERNAL})


@dataclass(frozen=True)
class Evidence:
    """Where something was seen: a document, its path in the packet, a locator, and (bounded) what stood there."""

    document: str
    path: str
    locator: str | None
    source_value: str | None = None


@dataclass(frozen=True)
class ReviewException:
    """One reason for review. ``subject`` is what it is about: a record field, a document path, a source."""

    code: Code
    subject: str
    message: str
    remedy: str
    owner: Role
    blocking: bool
    evidence: tuple[Evidence, ...] = field(default=())

    @property
    def sort_key(self) -> tuple[bool, int, str, str, tuple[str, ...]]:
        """Blocking first, then what to look at first, then by subject and message: stable across reruns."""
        places = tuple(one.document + (one.locator or "") for one in self.evidence)
        return (not self.blocking, _URGENCY[self.code], self.subject, self.message, places)


def sentence(subject: str, message: str) -> str:
    """What an exception says, with its subject named once."""
    return message if message.startswith(subject) else f"{subject}: {message}"
