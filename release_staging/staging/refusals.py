"""What the database says, in words for the person who must act. Never with the rows themselves, which may hold what must not leave them."""

from __future__ import annotations

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, IntegrityError

from release_staging.staging.errors import StagingError

_REFUSALS = {
    "a_staged_record_has_no_blocking_exception": "a record with a blocking exception cannot be staged: it is a hold",
    "body_agrees_with_outcome": "the body of a record or hold must agree with its outcome (a staged record has no blocking exception, "
    "a hold has at least one), and name the packet and revision it is recorded for",
    "packet_id_is_safe": "a packet id has letters, digits, '.', '_' and '-' only, and no '..'",
    "packet_documents_pkey": "a packet holds each path once",
}


def explained(error: DBAPIError, engine: Engine) -> StagingError:
    """The StagingError for a statement that failed."""
    words = _diagnosis(error, "message_primary") or str(error.orig).strip()
    if isinstance(error, IntegrityError):
        words = _REFUSALS.get(_diagnosis(error, "constraint_name"), words)
        return StagingError(f"the staging database refused: {words}", remedy="nothing was recorded")
    return StagingError(
        f"the staging database {engine.url.render_as_string()} failed: {words}",
        remedy="nothing was recorded; see that the database runs and is migrated, and run again",
    )


def _diagnosis(error: DBAPIError, name: str) -> str:
    return getattr(getattr(error.orig, "diag", None), name, None) or ""
