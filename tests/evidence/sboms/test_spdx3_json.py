"""SPDX 3: a graph in any order; what the document's roots lead to makes the claims."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from release_staging.parsing import json
from tests.evidence import corpus, drift
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

SAMPLE = (Path(__file__).parent / "samples" / "spdx-3.0.json").read_bytes()
FORMAT = "spdx3-json@3.0"


def changed(change: Callable[[dict[str, Any]], object]) -> bytes:
    value = json.parse(SAMPLE)
    change(value)
    return drift.as_json(value)


def element(value: dict[str, Any], kind: str) -> dict[str, Any]:
    return next(one for one in value["@graph"] if one["type"] == kind)


def test_the_roots_of_the_sbom_that_is_the_documents_root_make_the_claims() -> None:
    found = extract(SAMPLE, FORMAT)
    assert [(claim["field"], claim["value"], claim["locator"]) for claim in rows(found, "claims")] == [
        ("produced_at", "2026-03-02T09:15:31Z", "json-pointer:/@graph/8/created"),
        ("tool.name", "syft", "json-pointer:/@graph/7/name"),
        ("tool.version", "1.9.0", "json-pointer:/@graph/7/name"),
        ("candidate.version", "4.12.0-rc.3", "json-pointer:/@graph/3/software_packageVersion"),
        (
            "artifact.digest",
            "sha256:1f0e3dad99908345f7439f8ffabdffc4e0b8d2f5c0c3b4a59687786950413223",
            "json-pointer:/@graph/3/verifiedUsing/0/hashValue",
        ),
        ("repository.url", "https://git.example.com/payments/billing-api", "json-pointer:/@graph/3/software_downloadLocation"),
        ("candidate.commit", "9f2c1e0a7b3d4c5e6f708192a3b4c5d6e7f80912", "json-pointer:/@graph/3/software_downloadLocation"),
    ]
    assert problems(found) == []
    assert not_understood(found) == []


def test_licences_are_reached_through_relationships() -> None:
    found = rows(extract(SAMPLE, FORMAT), "packages")
    assert [(row["name"], row["licence"], row["kind"]) for row in found] == [
        ("billing-api", "Apache-2.0 OR MIT", "application"),
        ("text", "BSD-3-Clause", None),
    ]


def test_the_order_of_the_graph_means_nothing() -> None:
    value = json.parse(SAMPLE)
    random.Random(7).shuffle(value["@graph"])
    found = extract(drift.as_json(value), FORMAT)
    assert claims(found, "candidate.version") == ["4.12.0-rc.3"]
    assert {row["licence"] for row in rows(found, "packages")} == {"Apache-2.0 OR MIT", "BSD-3-Clause"}


def test_a_describes_relationship_leads_to_the_candidate_as_well() -> None:
    def change(value: dict[str, Any]) -> None:
        document = element(value, "SpdxDocument")
        del document["rootElement"]
        relation = {"type": "Relationship", "spdxId": "r3", "creationInfo": "_:creationinfo", "relationshipType": "describes"}
        value["@graph"].append(relation | {"from": document["spdxId"], "to": ["https://sbom.example.com/billing-api"]})

    assert claims(extract(changed(change), FORMAT), "candidate.version") == ["4.12.0-rc.3"]


def test_a_document_without_roots_claims_no_candidate() -> None:
    assert claims(extract(changed(lambda value: element(value, "SpdxDocument").pop("rootElement")), FORMAT), "candidate.version") == []


def test_the_creation_info_may_stand_inside_the_document() -> None:
    def change(value: dict[str, Any]) -> None:
        element(value, "SpdxDocument")["creationInfo"] = value["@graph"].pop()

    assert claims(extract(changed(change), FORMAT), "produced_at") == ["2026-03-02T09:15:31Z"]


def test_an_external_identifier_gives_the_purl_inside_or_elsewhere() -> None:
    def change(value: dict[str, Any]) -> None:
        packages = [one for one in value["@graph"] if one["type"] == "software_Package"]
        del packages[1]["software_packageUrl"]
        packages[0]["externalIdentifier"] = [
            {"type": "ExternalIdentifier", "externalIdentifierType": "packageUrl", "identifier": "pkg:a/b"}
        ]
        packages[1]["externalIdentifier"] = ["x"]
        identifier = {"type": "ExternalIdentifier", "spdxId": "x", "externalIdentifierType": "purl", "identifier": "pkg:c/d"}
        value["@graph"].append(identifier)

    assert [row["purl"] for row in rows(extract(changed(change), FORMAT), "packages")] == ["pkg:a/b", "pkg:c/d"]


@pytest.mark.parametrize(
    "context",
    [
        "https://spdx.org/rdf/3.0.0/spdx-context.jsonld",
        ["https://spdx.org/rdf/3.0.1/spdx-context.jsonld", {"own": "https://example.com/"}],
        {"spdx": "https://spdx.org/rdf/3.0.1/terms/"},
    ],
)
def test_the_context_may_be_an_address_a_list_or_an_object(context: Any) -> None:
    assert recognised(changed(lambda value: value.update({"@context": context}))) == [FORMAT]


def test_another_graph_is_not_spdx() -> None:
    assert recognised(b'{"@context": "https://schema.org", "@graph": []}') == []


def test_a_root_that_is_not_there_and_an_empty_graph_are_told() -> None:
    gone = changed(lambda value: element(value, "SpdxDocument").update(rootElement=["https://sbom.example.com/none"]))
    assert problems(extract(gone, FORMAT)) == [("SCHEMA_DRIFT", "json-pointer:/@graph/6/rootElement/0")]
    empty = changed(lambda value: value["@graph"].clear())
    assert ("EVIDENCE_EMPTY", "json-pointer:/@graph") in problems(extract(empty, FORMAT))


def test_an_unknown_key_is_not_understood() -> None:
    assert not_understood(extract(changed(lambda value: value["@graph"][3].update(unheard="of")), FORMAT)) == ["/@graph/*/unheard"]


def test_drift_is_told() -> None:
    required = {"/@graph/*/type", "/@graph/*/name", "/@graph/*/relationshipType", "/@graph/*/from", "/@graph/*/to", "/@graph/*/created"}
    drift.assert_drift_is_told(SAMPLE, required, joined={"licence"})


def test_the_corpus_is_read() -> None:
    for path, found in corpus.read_all("sbom/spdx3-jsonld").items():
        # The model of SPDX 3 itself is no document of it, and one document has no array for its graph.
        expected = [] if "spdx-model" in path or "bad-graph" in path else [FORMAT]
        assert [one.format for one in found] == expected, path
