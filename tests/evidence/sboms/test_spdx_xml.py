"""SPDX in XML: the JSON reader's facts, from elements."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows
from tests.evidence.test_reports import walk, xml_drift

SAMPLE = (Path(__file__).parent / "samples" / "spdx-2.3.xml").read_bytes()
FORMAT = "spdx-xml@2.3"
DIGEST = "sha256:3b1f7c2d9e8a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4"


def test_the_described_package_makes_the_claims_although_its_relation_stands_after_it() -> None:
    found = extract(SAMPLE, FORMAT)
    assert claims(found, "candidate.version") == ["4.12.0-rc.3"]
    assert claims(found, "artifact.digest") == [DIGEST]
    assert claims(found, "repository.url") == ["https://github.com/acme/billing-api"]
    assert claims(found, "candidate.commit") == ["1f0e2d3c4b5a69788796a5b4c3d2e1f001122334"]
    assert claims(found, "produced_at") == ["2026-11-20T08:12:44Z"]
    assert (claims(found, "tool.name"), claims(found, "tool.version")) == (["spdx-tools"], ["1.1.8"])
    assert problems(found) == []
    assert not_understood(found) == []


def test_every_package_is_a_row_and_what_asserts_nothing_is_no_value() -> None:
    first, second = rows(extract(SAMPLE, FORMAT), "packages")
    assert [first[key] for key in ("ref", "name", "version", "kind")] == [
        "SPDXRef-billing-api",
        "billing-api",
        "4.12.0-rc.3",
        "APPLICATION",
    ]
    assert [first[key] for key in ("purl", "licence", "digest")] == ["pkg:generic/billing-api@4.12.0-rc.3", "Apache-2.0", DIGEST]
    assert [second[key] for key in ("name", "version", "licence", "digest")] == ["zlib", "1.3.1", "Zlib", None]


@pytest.mark.parametrize(
    "said",
    [
        b"<documentDescribes>SPDXRef-billing-api</documentDescribes>",
        b"<relationships><spdxElementId>SPDXRef-billing-api</spdxElementId><relationshipType>DESCRIBED_BY</relationshipType>"
        b"<relatedSpdxElement>SPDXRef-DOCUMENT</relatedSpdxElement></relationships>",
    ],
)
def test_the_other_ways_to_describe_say_the_same(said: bytes) -> None:
    data = SAMPLE.replace(b"DESCRIBES", b"OTHER").replace(b"</Document>", said + b"</Document>")
    assert claims(extract(data, FORMAT), "candidate.version") == ["4.12.0-rc.3"]


def test_nothing_described_claims_nothing() -> None:
    found = extract(SAMPLE.replace(b"DESCRIBES", b"OTHER"), FORMAT)
    assert claims(found, "candidate.version") == []
    assert len(rows(found, "packages")) == 2


def test_a_described_element_that_is_not_there_is_told_and_a_file_is_there() -> None:
    described = b"<relatedSpdxElement>SPDXRef-billing-api"
    missing = extract(SAMPLE.replace(described, b"<relatedSpdxElement>SPDXRef-gone"), FORMAT)
    assert [code for code, _ in problems(missing)] == ["SCHEMA_DRIFT"]
    assert problems(extract(SAMPLE.replace(described, b"<relatedSpdxElement>SPDXRef-main"), FORMAT)) == []


def test_no_package_is_told() -> None:
    start, end = SAMPLE.index(b"  <packages>"), SAMPLE.index(b"  <files>")
    assert "EVIDENCE_EMPTY" in [code for code, _ in problems(extract(SAMPLE[:start] + SAMPLE[end:], FORMAT))]


def test_another_document_is_not_this_format() -> None:
    assert recognised(b"<Document><SPDXID>SPDXRef-DOCUMENT</SPDXID></Document>") == []
    assert recognised(SAMPLE.replace(b"<Document>", b'<Document xmlns="urn:other">')) == []


def test_an_unknown_element_is_not_understood() -> None:
    data = SAMPLE.replace(b"</Document>", b"<unheard>of</unheard></Document>")
    assert not_understood(extract(data, FORMAT)) == ["/Document/unheard/text()"]


def test_drift_is_told() -> None:
    xml_drift.assert_drift_is_told(SAMPLE, [])


def test_the_corpus_is_read() -> None:
    for path, extraction in walk.extractions("sbom/spdx-xml"):
        assert extraction.format.startswith("spdx-xml@2."), path
        assert not_understood(extraction) == [], path
        assert rows(extraction, "packages"), path
