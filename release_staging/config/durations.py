"""Time spans in configuration: ``14d``, ``36h``, ``30m``, or ISO 8601 (``P14D``, ``PT36H``, ``P1DT12H``)."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema

# Years and months are left out: their length depends on the calendar.
_SHORT = r"[0-9]{1,6}[dhm]"
_ISO = r"P(?=[0-9T])(?:[0-9]{1,6}W|(?:[0-9]{1,6}D)?(?:T(?=[0-9])(?:[0-9]{1,6}H)?(?:[0-9]{1,6}M)?(?:[0-9]{1,6}S)?)?)"
_UNITS = {"W": "weeks", "D": "days", "H": "hours", "M": "minutes", "S": "seconds"}


def duration(text: object) -> timedelta:
    """The time span that ``text`` writes. Raises ValueError."""
    if not isinstance(text, str) or not re.fullmatch(f"{_SHORT}|{_ISO}", text):
        raise ValueError("not a time span; write for example 14d, 36h, 30m or P14D")
    return timedelta(**{_UNITS[unit.upper()]: int(number) for number, unit in re.findall(r"([0-9]+)([a-zA-Z])", text)})


Duration = Annotated[
    timedelta,
    BeforeValidator(duration),
    WithJsonSchema({"type": "string", "pattern": f"^({_SHORT}|{_ISO})$", "description": "Time span: 14d, 36h, 30m or ISO 8601"}),
]
