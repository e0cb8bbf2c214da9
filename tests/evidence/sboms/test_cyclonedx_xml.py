"""CycloneDX in XML: what it says is what the JSON form says, read one component at a time."""

from __future__ import annotations

from pathlib import Path

import pytest

from release_staging.parsing import xml
from release_staging.parsing.xml_elements import Element
from tests.evidence import corpus
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows
from tests.evidence.test_reports import xml_drift

SAMPLES = Path(__file__).parent / "samples"
SAMPLE = (SAMPLES / "cyclonedx-1.6.xml").read_bytes()
SCAN = (SAMPLES / "cyclonedx-1.5-scan.xml").read_bytes()
EXTENSION = (SAMPLES / "cyclonedx-1.2-extension.xml").read_bytes()
FORMAT = "cyclonedx-xml@1.6"
DIGEST = "sha256:1f0e3dad99908345f7439f8ffabdffc4e0b8d2f5c0c3b4a59687786950413223"


def changed(old: str, new: str, count: int = -1) -> bytes:
    assert old.encode() in SAMPLE
    return SAMPLE.replace(old.encode(), new.encode(), count)


def codes(data: bytes, format_id: str = FORMAT) -> list[str]:
    return [code for code, _ in problems(extract(data, format_id))]


def test_the_described_component_makes_the_claims() -> None:
    found = extract(SAMPLE, FORMAT)
    assert claims(found, "candidate.version") == ["4.12.0-rc.3"]
    assert claims(found, "artifact.digest") == [DIGEST]
    assert claims(found, "repository.url") == ["https://git.example.com/payments/billing-api"]
    assert claims(found, "produced_at") == ["2026-03-02T09:15:31+00:00"]
    assert claims(found, "tool.name") == ["syft"]
    assert claims(found, "tool.version") == ["1.9.0"]
    assert problems(found) == []
    assert not_understood(found) == []


def test_every_component_is_a_row_however_deep_and_one_of_a_pedigree_or_of_the_tools_is_not() -> None:
    found = rows(extract(SAMPLE, FORMAT), "packages")
    assert [(row["name"], row["version"], row["kind"], row["licence"]) for row in found] == [
        ("tables.go", None, "file", None),
        ("golang.org/x/text", "v0.14.0", "library", "BSD-3-Clause"),
        ("alpine", "3.20.1", "operating-system", "MIT AND BSD-2-Clause"),
    ]
    assert found[1]["digest"] == "sha256:6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b"
    assert found[1]["ref"] == "c1"


ADDRESS = "<url>https://opensource.org/license/bsd-3-clause</url>"


@pytest.mark.parametrize(
    ("licence", "told"),
    [
        (ADDRESS, []),  # of old NuGet packages
        ("", []),  # retire.js writes an empty one of each component
        (f"<identifier>BSD-3-Clause</identifier>{ADDRESS}", ["SCHEMA_DRIFT"]),
        ("BSD-3-Clause", ["SCHEMA_DRIFT"]),
    ],
)
def test_a_licence_may_be_without_a_name(licence: str, told: list[str]) -> None:
    start, end = SAMPLE.index(b"<id>BSD-3"), SAMPLE.index(b"</license>", SAMPLE.index(b"<id>BSD-3"))
    found = extract(SAMPLE[:start] + licence.encode() + SAMPLE[end:], FORMAT)
    assert rows(found, "packages")[1]["licence"] is None
    assert [code for code, _ in problems(found)] == told


def test_tools_before_version_1_5_are_a_list_of_tools() -> None:
    tools = "<tool><vendor>Anchore</vendor><name>syft</name><version>0.9</version></tool>"
    start, end = SAMPLE.index(b"<tools>") + 7, SAMPLE.index(b"</tools>")
    found = extract(SAMPLE[:start] + tools.encode() + SAMPLE[end:], FORMAT)
    assert claims(found, "tool.version") == ["0.9"]
    assert not_understood(found) == []


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2", "1.3", "1.4", "1.5", "1.7"])
def test_the_version_stands_in_the_namespace(version: str) -> None:
    assert codes(changed("schema/bom/1.6", f"schema/bom/{version}"), f"cyclonedx-xml@{version}") == []


def test_another_version_is_read_and_said_to_be_drift() -> None:
    assert codes(changed("schema/bom/1.6", "schema/bom/2.0"), "cyclonedx-xml@2.0") == ["SCHEMA_DRIFT"]


@pytest.mark.parametrize("namespace", ["", ' xmlns="http://maven.apache.org/POM/4.0.0"'])
def test_another_bom_is_not_one(namespace: str) -> None:
    assert recognised(f"<bom{namespace}><components/></bom>".encode()) == []


def test_no_components_are_not_a_clean_bill() -> None:
    assert codes(b'<bom xmlns="http://cyclonedx.org/schema/bom/1.6"><components/></bom>') == ["EVIDENCE_EMPTY"]


def test_vulnerabilities_beside_components_are_rows_in_what_they_affect() -> None:
    found = extract(SCAN, "cyclonedx-xml@1.5")
    library = "pkg:apk/alpine/libcrypto3@3.1.4-r1"
    assert [(row["id"], row["target"], row["version"], row["status"]) for row in rows(found, "vulnerabilities")] == [
        ("CVE-2024-0727", library, "3.1.4-r1", "affected"),
        ("CVE-2024-0727", library, "vers:apk/>=3.1.4-r5", "unaffected"),
        ("CVE-2023-6129", "image", None, None),
    ]
    row = rows(found, "vulnerabilities")[0]
    assert (row["severity"], row["score"], row["aliases"], row["purl"]) == ("medium", "5.5", "GHSA-9v9h-cgj8-h64p", library)
    assert problems(found) == []
    assert not_understood(found) == []


def test_vulnerabilities_of_the_extension_before_1_4_are_rows_too() -> None:
    found = extract(EXTENSION, "cyclonedx-xml@1.2")
    (row,) = rows(found, "vulnerabilities")
    assert (row["id"], row["target"], row["severity"]) == ("CVE-2019-14697", "pkg:apk/alpine/musl@1.1.22-r2", "Critical")
    assert (row["score"], row["cvss"]) == ("9.8", "AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H")
    assert not_understood(found) == []


def test_vulnerabilities_without_components_are_no_empty_bill() -> None:
    head, _, rest = SCAN.partition(b"  <components>")
    found = extract(head + rest.partition(b"</components>")[2], "cyclonedx-xml@1.5")
    assert len(rows(found, "vulnerabilities")) == 3
    assert problems(found) == []


@pytest.mark.parametrize("name", ["id", "affects", "ref", "versions", "status", "ratings", "severity", "score", "references"])
def test_a_renamed_element_of_a_vulnerability_is_told_or_not_understood(name: str) -> None:
    renamed = SCAN.replace(f"<{name}>".encode(), f"<{name}2>".encode()).replace(f"</{name}>".encode(), f"</{name}2>".encode())
    found = extract(renamed, "cyclonedx-xml@1.5")
    assert not_understood(found) or problems(found)


def test_a_component_in_the_schema_of_somebody_else_is_no_component() -> None:
    foreign = '<components><component type="library" xmlns="urn:other"><name>x</name></component>'
    found = extract(changed("  <components>\n    <component bom", foreign + "<component bom"), FORMAT)
    assert len(rows(found, "packages")) == 3
    assert "/bom/components/component/name/text()" in {loss["path"] for loss in rows(found, "losses")}


def test_a_version_that_is_a_digest_is_a_digest() -> None:
    found = extract(changed("<version>4.12.0-rc.3<", f"<version>{DIGEST}<"), FORMAT)
    assert claims(found, "candidate.version") == []
    assert claims(found, "artifact.digest") == [DIGEST, DIGEST]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<name>alpine</name>", "<title>alpine</title>"),
        ('bom-ref="c2" type="operating-system"', 'bom-ref="c2"'),
        ('<hash alg="SHA-1">', "<hash>"),
        ("aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d", ""),
        ("<expression>MIT AND BSD-2-Clause</expression>", "<expression/>"),
        ("<id>BSD-3-Clause</id>", "<identifier>BSD-3-Clause</identifier>"),
        ('<reference type="vcs">', "<reference>"),
    ],
)
def test_a_missing_fact_is_told(old: str, new: str) -> None:
    assert codes(changed(old, new)) == ["SCHEMA_DRIFT"]


@pytest.mark.parametrize("name", ["version", "purl", "timestamp", "licenses", "hashes", "group", "components", "metadata"])
def test_a_renamed_element_never_vanishes_in_silence(name: str) -> None:
    found = extract(
        SAMPLE.replace(f"<{name}>".encode(), f"<{name}2>".encode()).replace(f"</{name}>".encode(), f"</{name}2>".encode()), FORMAT
    )
    assert not_understood(found) or problems(found)


def test_drift_of_any_attribute_or_element_is_told() -> None:
    # Without its group, a package has another name.
    xml_drift.assert_drift_is_told(SAMPLE, {"component@type", "hash@alg", "reference@type"}, joined={"text"})


def test_the_ledger_adds_up() -> None:
    assert sum(extract(SAMPLE, FORMAT).loss().values()) == sum(
        len(element.attributes) + bool(element.text.strip()) for element in _everything(SAMPLE)
    )


def test_the_corpus_is_read() -> None:
    for path, found in corpus.read_all("sbom/cyclonedx-xml").items():
        assert [one.format.partition("@")[0] for one in found] == ["cyclonedx-xml"], path


def _everything(data: bytes) -> list[Element]:
    *_, root = xml.stream(data, frozenset())
    found = [root]
    for element in found:
        found.extend(element.children)
    return found
