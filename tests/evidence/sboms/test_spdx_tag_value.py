"""SPDX tag-value: a package is its lines, and only what the document describes makes claims."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.evidence import corpus
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

SAMPLE = (Path(__file__).parent / "samples" / "spdx-2.3.spdx").read_bytes()
FORMAT = "spdx-tag-value@2.3"


def changed(old: str, new: str) -> bytes:
    assert old.encode() in SAMPLE
    return SAMPLE.replace(old.encode(), new.encode(), 1)


def test_the_described_package_makes_the_claims() -> None:
    found = extract(SAMPLE, FORMAT)
    assert [(claim["field"], claim["value"], claim["locator"]) for claim in rows(found, "claims")] == [
        ("produced_at", "2026-03-02T09:15:31Z", "line=7,8;char=9,29"),
        ("tool.name", "syft", "line=6,7;char=9,25"),
        ("tool.version", "1.9.0", "line=6,7;char=9,25"),
        ("candidate.version", "4.12.0-rc.3", "line=13,14;char=16,27"),
        ("artifact.digest", "sha256:1f0e3dad99908345f7439f8ffabdffc4e0b8d2f5c0c3b4a59687786950413223", "line=16,17;char=25,89"),
        ("repository.url", "https://git.example.com/payments/billing-api", "line=14,15;char=25,114"),
        ("candidate.commit", "9f2c1e0a7b3d4c5e6f708192a3b4c5d6e7f80912", "line=14,15;char=25,114"),
    ]
    assert problems(found) == []
    assert not_understood(found) == []


def test_every_package_is_a_row_and_neither_a_file_nor_a_text_is() -> None:
    found = rows(extract(SAMPLE, FORMAT), "packages")
    assert [(row["locator"], row["ref"], row["name"], row["licence"]) for row in found] == [
        ("line=11,22", "SPDXRef-Package-billing-api", "billing-api", "Apache-2.0"),
        ("line=23,33", "SPDXRef-Package-text", "text", "BSD-3-Clause"),
    ]
    assert found[1]["purl"] == "pkg:golang/golang.org/x/text@v0.14.0"


def test_a_value_may_stand_between_text_marks_on_one_line() -> None:
    found = extract(changed("PackageVersion: 4.12.0-rc.3", "PackageVersion: <text>4.12.0-rc.3</text>"), FORMAT)
    assert claims(found, "candidate.version") == ["4.12.0-rc.3"]


def test_a_document_that_describes_nothing_makes_no_claim_of_a_candidate() -> None:
    found = extract(changed("SPDXRef-DOCUMENT DESCRIBES", "SPDXRef-DOCUMENT CONTAINS"), FORMAT)
    assert claims(found, "candidate.version") == []


def test_the_inverse_relationship_describes_as_well() -> None:
    data = changed("SPDXRef-DOCUMENT DESCRIBES SPDXRef-Package-billing-api", "SPDXRef-Package-billing-api DESCRIBED_BY SPDXRef-DOCUMENT")
    assert claims(extract(data, FORMAT), "candidate.version") == ["4.12.0-rc.3"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("PackageName: text\n", ""),
        ("PackageName: text", "PackageNames: text"),
        ("PackageName: billing-api\n", ""),
        ("PackageName: text", "PackageName: <text>text\nmore</text>"),
        ("SPDXID: SPDXRef-Package-text\n", ""),
        ("Created: 2026-03-02T09:15:31Z\n", ""),
        ("PackageChecksum: SHA256: 1f", "PackageChecksum: 1f"),
        ("SPDXID: SPDXRef-Package-billing-api\n", "SPDXID: SPDXRef-Package-other\n"),
    ],
)
def test_drift_is_told(old: str, new: str) -> None:
    assert "SCHEMA_DRIFT" in [code for code, _ in problems(extract(changed(old, new), FORMAT))]


@pytest.mark.parametrize(
    "tag", ["PackageVersion", "PrimaryPackagePurpose", "PackageLicenseDeclared", "Relationship", "Creator", "ExternalRef"]
)
def test_a_renamed_tag_is_not_understood(tag: str) -> None:
    assert not_understood(extract(changed(f"\n{tag}: ", f"\nX{tag}: "), FORMAT)) == ["/line/not understood"]


@pytest.mark.parametrize("tag", sorted(set(re.findall(r"^([A-Z][A-Za-z]+):", SAMPLE.decode(), re.MULTILINE))))
def test_without_a_tag_nothing_else_is_said_and_under_another_name_it_shows(tag: str) -> None:
    before = facts(SAMPLE)
    for kind, replacement in (("rename", f"X{tag}: "), ("remove", None)):
        lines = SAMPLE.decode().splitlines()
        kept = [replacement + line[len(tag) + 2 :] if line.startswith(f"{tag}:") and replacement else line for line in lines]
        data = "\n".join(line for line in kept if replacement or not line.startswith(f"{tag}:")).encode()
        if not recognised(data) or problems(extract(data, FORMAT)):
            continue
        after = facts(data)
        assert after <= before, kind
        if kind == "rename":
            assert after == before or not_understood(extract(data, FORMAT)), kind


def facts(data: bytes) -> set[tuple[str, ...]]:
    """Claims by field and value, rows by their cells: without locators, which change with the lines above."""
    found = extract(data, FORMAT)
    said = {(claim["field"], claim["value"]) for claim in rows(found, "claims")}
    return said | {(row["ref"], name, cell) for row in rows(found, "packages") for name, cell in row.items() if name != "locator" and cell}


def test_no_package_is_not_a_clean_bill() -> None:
    head = SAMPLE[: SAMPLE.index(b"#####")]
    assert [code for code, _ in problems(extract(head, FORMAT))] == ["EVIDENCE_EMPTY"]


def test_the_ledger_counts_every_line_that_is_not_blank() -> None:
    assert sum(extract(SAMPLE, FORMAT).loss().values()) == sum(1 for line in SAMPLE.decode().splitlines() if line.strip())


def test_a_document_in_utf_16_is_read_and_prose_is_not_one() -> None:
    assert claims(extract(SAMPLE.decode().encode("utf-16"), FORMAT), "candidate.version") == ["4.12.0-rc.3"]
    assert recognised(b"See SPDXVersion: SPDX-2.3 for the format.\n") == []


def test_a_version_before_2_2_is_read_and_said_to_be_drift() -> None:
    assert problems(extract(changed("SPDX-2.3", "SPDX-2.1"), "spdx-tag-value@2.1")) == [("SCHEMA_DRIFT", None)]


def test_the_corpus_is_read() -> None:
    for path, found in corpus.read_all("sbom/spdx-tagvalue").items():
        assert [one.format.partition("@")[0] for one in found] == ["spdx-tag-value"], path
