"""The law of drift on real documents: of each format the smallest two of the corpus; skipped without it.

Every shape of member is renamed, retyped, nested and removed once. Formats of lines and of XML have their own laws.
"""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import Any

import orjson
import pytest

from release_staging.evidence.open import Opened
from release_staging.evidence.read import read
from release_staging.evidence.reader import JSON, YAML
from release_staging.evidence.recognise import Recognised, recognise
from release_staging.parsing import yaml
from release_staging.parsing.limits import Unreadable
from tests.evidence import corpus, drift

# Columns and claims that are put together from several members, or fall back on another that says the same less exactly.
JOINED = ("name", "id", "resource", "target", "purl", "platform", "licence", "policy", "reference", "package", "aliases", "location")
ALSO_JOINED = {
    "trivy-json": ("score", "cvss"),  # of the source of the severity, else of NVD
    "trivy-json-0": ("score", "cvss"),
    "gitlab-security-report": ("kind",),  # by the category of the finding, else the type of the scan
    "csaf-json": ("kind", "vocabulary", "locator", "suppressed"),  # a vulnerability that names no product is a row itself
}
# Members whose names are data: under another name they are another fact.
NAMED = {
    "cargo-dist-manifest": r"/artifacts/[^/]+",
    "cnab-bundle": r"/images/[^/]+",
    "in-toto-link": r"/signed/products/[^/]+(/[^/]+)?",
    "release-please-manifest": r"/.*",
    "kubescape-json": r"/summaryDetails/controls/[^/]+",
    "npm-audit": r"/vulnerabilities/[^/]+",
    "npm-audit-1": r"/advisories/[^/]+",
    "helm-index": r"/entries/[^/]+",
}
# Their digest is of the bytes between the signatures: every mutation gives another.
OF_BYTES = {"docker-manifest-v2s1"}
SOURCES = (
    *("sboms", "vulnerability_scans", "policy_checks", "provenance_attestations", "artifact_registry", "release_manifest"),
    *("incident_notes", "service_catalog"),
)
_LEAST, _MOST, _TRIED = 100, 6000, 12  # bytes of a document, and documents of a format that are looked at


@cache
def _candidates() -> dict[str, list[bytes]]:
    """Small documents by format, smallest first."""
    found: dict[str, list[bytes]] = defaultdict(list)
    for _, data in sorted(corpus.documents("."), key=lambda document: len(document[1])):
        if _LEAST <= len(data) <= _MOST and (known := _known(data)) is not None and known.reader.source in SOURCES:
            found[known.reader.format].append(data)
    return found


def _known(data: bytes) -> Recognised | None:
    try:
        known = recognise(Opened(data))
    except Unreadable:
        return None
    return known[0] if len(known) == 1 and known[0].encoding in (JSON, YAML) else None


def _formats() -> list[str]:
    return sorted(_candidates().keys() - OF_BYTES) if os.environ.get(corpus.VARIABLE) else [""]


def _parsed(data: bytes, encoding: str) -> Any:
    """The only value of a document; None where it has several, or bytes that would not come back as they were."""
    try:
        values = [orjson.loads(data)] if encoding == JSON else yaml.parse_all(data)
    except ValueError:
        return None
    return values[0] if len(values) == 1 else None


def _samples(format_id: str) -> Iterator[bytes]:
    """JSON of the documents that say something without a problem."""
    for data in islice(_candidates()[format_id], _TRIED):
        known = _known(data)
        value = _parsed(data, known.encoding) if known is not None else None
        if known is not None and value is not None and known.encoding in known.reader.encodings:
            plain = drift.as_json(value)
            again = _known(plain)
            if again is not None and again.reader is known.reader and "problems" not in read(Opened(plain), again).tables:
                yield plain


def _once(value: Any) -> Iterator[tuple[str, str, Any]]:
    seen: set[tuple[str, str]] = set()
    for kind, shape, mutated in drift.mutations(value):
        if (kind, shape) not in seen:
            seen.add((kind, shape))
            yield kind, shape, mutated


@pytest.mark.parametrize("format_id", _formats())
def test_drift_of_a_real_document_is_told(format_id):
    if not format_id:
        pytest.skip(f"{corpus.VARIABLE} is not set")
    named = re.compile(NAMED.get(format_id, "(?!)"))
    joined = (*JOINED, *ALSO_JOINED.get(format_id, ()))
    samples = [*islice(_samples(format_id), 2)]
    if not samples:
        pytest.skip("no small document of the corpus is read without a problem")
    for data in samples:
        for kind, path, effect in drift.effects(data, joined=joined, parse=orjson.loads, mutate=_once):
            if effect not in (None, drift.TOLD) and not (kind == "rename" and named.fullmatch(path)):
                raise AssertionError(f"{kind} {path}: {effect}")
