"""in-toto link and layout metadata, from before there were Statements."""

import pytest

from tests.evidence import corpus, drift
from tests.evidence.provenance_attestations.signing import as_bytes
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

SIGNATURES = [{"keyid": "d3ffd108", "sig": "7d42ca77", "cert": ""}]
LINK = {
    "signed": {
        "_type": "link",
        "name": "package",
        "materials": {"src/app.py": {"sha256": "ee" * 32}},
        "products": {"dist/billing-api.tar.gz": {"sha256": "5f" * 32}},
        "byproducts": {"return-value": 0, "stderr": "password=hunter2", "stdout": ""},
        "command": ["tar", "zcvf"],
        "environment": {"TOKEN": "hunter2"},
    },
    "signatures": SIGNATURES,
}
STEP = {"_type": "step", "name": "package", "pubkeys": ["d3ffd108"], "expected_command": [], "threshold": 1}
MATERIALS = {"expected_materials": [["DISALLOW", "*"]], "expected_products": [["ALLOW", "a.tar.gz"]]}
LAYOUT = {
    "signed": {
        "_type": "layout",
        "steps": [STEP | MATERIALS],
        "inspect": [{"_type": "inspection", "name": "untar", "run": ["tar", "xfz"]} | MATERIALS],
        "keys": {"d3ffd108": {"keyid": "d3ffd108", "keytype": "rsa", "keyval": {"public": "-----BEGIN PUBLIC KEY-----"}}},
        "expires": "2030-11-18T16:06:36Z",
        "readme": "",
    },
    "signatures": SIGNATURES,
}


def test_a_link_speaks_for_its_products_and_not_for_its_materials():
    extraction = extract(as_bytes(LINK), "in-toto-link")
    [digest] = [claim for claim in rows(extraction, "claims") if claim["field"] == "artifact.digest"]
    assert (digest["value"], digest["subject"]) == ("sha256:" + "5f" * 32, "dist/billing-api.tar.gz")
    assert digest["locator"] == "json-pointer:/signed/products/dist~1billing-api.tar.gz/sha256"
    assert claims(extraction, "verdict") == ["zero"]
    [row] = rows(extraction, "attestations")
    assert (row["subject_name"], row["predicate_type"], row["signature"]) == ("dist/billing-api.tar.gz", "link", "not_attempted")
    assert "hunter2" not in str([table.to_pylist() for table in extraction.tables.values()])
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_a_link_without_products_is_still_unverified_evidence():
    value = LINK | {"signed": LINK["signed"] | {"products": {}}}
    assert [row["signature"] for row in rows(extract(as_bytes(value), "in-toto-link"), "attestations")] == ["not_attempted"]


@pytest.mark.parametrize("product", [{}, None, "text", {"sha256": 7}])
def test_a_product_without_digest_is_told(product):
    value = LINK | {"signed": LINK["signed"] | {"products": {"a": product}}}
    extraction = extract(as_bytes(value), "in-toto-link")
    assert claims(extraction, "artifact.digest") == []
    assert {code for code, _ in problems(extraction)} == {"SCHEMA_DRIFT"}


def test_a_layout_says_nothing_of_a_candidate():
    extraction = extract(as_bytes(LAYOUT), "in-toto-layout")
    assert rows(extraction, "claims") == []
    [row] = rows(extraction, "attestations")
    assert (row["predicate_type"], row["signature"]) == ("layout", "not_attempted")
    assert problems(extraction) == []
    assert not_understood(extraction) == []


@pytest.mark.parametrize(("value", "known"), [(LINK, "in-toto-link"), (LAYOUT, "in-toto-layout")])
def test_unknown_members_are_not_understood(value, known):
    changed = value | {"signed": value["signed"] | {"surprise": 1}}
    assert not_understood(extract(as_bytes(changed), known)) == ["/signed/surprise"]


@pytest.mark.parametrize("value", [LINK["signed"], {"signed": {"_type": "targets"}, "signatures": []}, {"signed": LINK["signed"]}])
def test_another_shape_is_neither(value):
    assert recognised(as_bytes(value)) == []


def test_drift_is_told():
    bare = LINK | {"signed": LINK["signed"] | {"products": {}}}  # names of products are data, not structure
    drift.assert_drift_is_told(as_bytes(bare), ["/signed/name", "/signed/products"])
    drift.assert_drift_is_told(as_bytes(LAYOUT), ["/signed/steps", "/signed/steps/*/name", "/signed/inspect"])


def test_the_corpus_is_read():
    for folder in ("in-toto-link", "in-toto-layout"):
        for path, known in corpus.read_all(f"provenance/{folder}").items():
            assert [match.format for match in known] == [folder], path
            assert problems(known[0]) == [], path
