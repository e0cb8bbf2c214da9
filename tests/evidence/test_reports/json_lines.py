"""JSON Lines for the law of drift: a list of the events, and back."""

from __future__ import annotations

from typing import Any

import orjson


def parse(data: bytes) -> list[Any]:
    return [orjson.loads(line) for line in data.splitlines() if line.strip()]


def dump(values: list[Any]) -> bytes:
    return b"\n".join(orjson.dumps(value, default=float) for value in values) + b"\n"
