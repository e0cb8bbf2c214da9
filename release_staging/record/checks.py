"""The eight asset checks, each a question that a person asks, answered for a packet from its exceptions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from release_staging.model.exceptions import Code, ReviewException


@dataclass(frozen=True)
class Check:
    """``asks`` is the question; ``codes`` the exceptions that answer it with no (None: any that blocks)."""

    name: str
    asks: str
    codes: frozenset[Code] | None


@dataclass(frozen=True)
class Verdict:
    """A check's answer for one packet."""

    name: str
    passed: bool
    summary: str


def _check(name: str, asks: str, *codes: Code) -> Check:
    return Check(name, asks, frozenset(codes) or None)


DRAFT_CHECKS: tuple[Check, ...] = (
    _check(
        "required_fields", "Is everything there that the contract and policy require?", Code.REQUIRED_FIELD_MISSING, Code.EVIDENCE_MISSING
    ),
    _check("single_candidate", "Is all evidence of one candidate?", Code.MIXED_CANDIDATE, Code.ATTESTATION_MISMATCH),
    _check("timestamps_within_policy", "Is the evidence recent enough, and in order?", Code.TIMESTAMP_OUT_OF_POLICY),
    _check("no_contradictions", "Do the documents agree?", Code.CONTRADICTION),
    _check(
        "disclosure_boundary",
        "Is the packet free of what must not be disclosed?",
        Code.DISCLOSURE_SECRET,
        Code.DISCLOSURE_CUSTOMER_DATA,
        Code.DISCLOSURE_INCIDENT_INTERNAL,
    ),
)
HANDOFF_CHECKS: tuple[Check, ...] = (
    _check("contract_valid", "Do the descriptor and the document keep to their contracts?", Code.SCHEMA_INVALID),
    _check("traceable", "Does every consequential value lead to its source?", Code.TRACE_INCOMPLETE),
    _check("reviewable", "Can it be reviewed as it is?"),
)


def verdicts(checks: Iterable[Check], exceptions: Iterable[ReviewException]) -> list[Verdict]:
    """Each check's answer: it fails on a blocking exception of its codes; others are mentioned."""
    found = list(exceptions)
    return [_verdict(check, [one for one in found if check.codes is None or one.code in check.codes]) for check in checks]


def _verdict(check: Check, concerning: list[ReviewException]) -> Verdict:
    blocking = [one for one in concerning if one.blocking]
    if not blocking:
        noted = "" if check.codes is None or not concerning else f"; {len(concerning)} noted that do not block"
        return Verdict(check.name, True, "yes" + noted)
    told = "; ".join(f"{one.code.value} {one.subject}" for one in blocking[:5])
    return Verdict(check.name, False, told[:500] + (f"; and {len(blocking) - 5} more" if len(blocking) > 5 else ""))
