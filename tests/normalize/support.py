"""What tests of normalisation share: tables of a few rows, and the sample registries and policy."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from release_staging.config.policy import Policy
from release_staging.config.registries import Registries
from release_staging.model.tables import gathered
from release_staging.normalize.normalise import normalise
from tests.config.support import POLICY, REGISTRIES

SAMPLE = Registries.load(REGISTRIES)
RULES = Policy.load(POLICY)

Rows = list[dict[str, Any]]


def table(name: str, rows: Rows) -> pa.Table:
    """Rows of packet ``p``, document ``d``, unless they say otherwise."""
    return pa.Table.from_pylist(
        [{"packet": "p", "document": "d", "locator": f"line={i},{i + 1}", **row} for i, row in enumerate(rows)], schema=gathered(name)
    )


def run(**tables: Rows) -> dict[str, Rows]:
    """The normalised rows of every table."""
    made = normalise({name: table(name, rows) for name, rows in tables.items()}, SAMPLE, RULES)
    return {name: one.to_pylist() for name, one in made.items()}


def claim(field: str, value: str, vocabulary: str | None = None, confidence: str = "exact", **more: str) -> dict[str, Any]:
    return {"field": field, "value": value, "source_value": value, "vocabulary": vocabulary, "confidence": confidence, **more}


def normal(field: str, value: str, vocabulary: str | None = None, confidence: str = "exact") -> tuple[str, str | None, str]:
    """What one claim comes to: normal, rule, confidence."""
    (row,) = run(claims=[claim(field, value, vocabulary, confidence)])["claims"]
    return row["normal"], row["rule"], row["confidence"]


def problems(made: dict[str, Rows]) -> list[tuple[str, str, str | None]]:
    """Subject, found and locator of each problem; every one is of an identifier."""
    assert {row["code"] for row in made["problems"]} <= {"UNMAPPED_IDENTIFIER"}
    return [(row["subject"], row["found"], row["locator"]) for row in made["problems"]]
