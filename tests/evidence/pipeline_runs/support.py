"""What the tests of pipeline run readers share."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

import orjson

from release_staging.model.extraction import Extraction
from tests.evidence import corpus, drift
from tests.evidence.support import extract, not_understood, problems, rows

COMMIT = "9f2c4e1b7a6d5c3f8e0b1a2d4c6e8f0a1b3c5d7e"
OTHER_COMMIT = "0123456789abcdef0123456789abcdef01234567"
REPOSITORY = "https://github.com/acme-pay/billing-api"
DIGEST = "sha256:" + "4a" * 32
SECRETS = ("not-a-real-token", "dev.one@example.com", "dev-one", "Dev One", "build-7", "Round invoices")


def sample(name: str) -> bytes:
    return (Path(__file__).parent / "samples" / name).read_bytes()


def changed(name: str, change: Callable[[Any], Any]) -> bytes:
    """The sample after ``change`` worked on it, or what ``change`` returned."""
    value = orjson.loads(sample(name))
    result = change(value)
    return orjson.dumps(value if result is None else result)


def said(extraction: Extraction) -> list[tuple[str, str, str]]:
    """Field, value and pointer of each claim."""
    return [(claim["field"], claim["value"], claim["locator"].removeprefix("json-pointer:")) for claim in rows(extraction, "claims")]


def jobs(extraction: Extraction) -> list[tuple[str, str | None, str | None, str | None]]:
    return [(row["kind"], row["parent"], row["name"], row["status"]) for row in rows(extraction, "jobs")]


def claimed(extraction: Extraction, field: str) -> list[tuple[str, str, str | None]]:
    """Value, confidence and loss of each claim of a field."""
    return [(claim["value"], claim["confidence"], claim["loss"]) for claim in rows(extraction, "claims") if claim["field"] == field]


def assert_read_whole(name: str, format_id: str) -> Extraction:
    """The sample is recognised as exactly this format and understood to the last element; no person or secret is copied."""
    extraction = extract(sample(name), format_id)
    assert problems(extraction) == []
    assert not_understood(extraction) == []
    copied = str([rows(extraction, table) for table in extraction.tables])
    assert [secret for secret in SECRETS if secret in copied] == []
    return extraction


def assert_drift_is_told(name: str, required: Collection[str], *, joined: Collection[str] = ()) -> None:
    drift.assert_drift_is_told(sample(name), required, joined=joined, parse=orjson.loads)


def assert_corpus_is_read(format_id: str, folder: str, *, least: int, told: Collection[str] = ()) -> None:
    """At least this many documents below the folder are of the format; no other reader knows them, and nothing but ``told`` is told."""
    known = {path: found for path, found in corpus.read_all(folder).items() if any(one.format.startswith(format_id) for one in found)}
    assert len(known) >= least, sorted(known)
    for path, extractions in known.items():
        assert len(extractions) == 1, path
        assert {code for code, _ in problems(extractions[0])} <= {*told}, path
