"""Times that load tools write as numbers since 1970."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECONDS, SECONDS = Decimal(1000), Decimal(1_000_000)  # microseconds in one
LOSS = {MILLISECONDS: "milliseconds since 1970 written as RFC 3339", SECONDS: "seconds since 1970 written as RFC 3339"}


def rfc3339(number: str, unit: Decimal) -> str | None:
    """``number`` of ``unit`` since 1970 as RFC 3339 in UTC, to the microsecond; None where it is no such time."""
    try:
        instant = _EPOCH + timedelta(microseconds=int(Decimal(number) * unit))
    except (InvalidOperation, OverflowError, ValueError):
        return None
    return instant.isoformat(timespec="milliseconds" if instant.microsecond % 1000 == 0 else "microseconds").replace("+00:00", "Z")
