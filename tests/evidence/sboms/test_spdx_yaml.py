"""SPDX in YAML: the JSON reader's facts, with versions as they were written."""

from __future__ import annotations

from pathlib import Path

from release_staging.parsing import yaml
from tests.evidence import drift
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

SAMPLE = (Path(__file__).parent / "samples" / "spdx-2.3.yaml").read_bytes()


def test_the_described_package_makes_the_claims_and_its_version_keeps_its_text() -> None:
    found = extract(SAMPLE, "spdx-yaml@2.3")
    assert claims(found, "candidate.version") == ["1.10"]
    assert [claim["locator"] for claim in rows(found, "claims")][-1] == "yaml=0;json-pointer:/packages/0/checksums/0/checksumValue"
    assert problems(found) == []
    assert not_understood(found) == []


def test_the_same_in_json_is_the_json_format() -> None:
    assert recognised(drift.as_json(yaml.parse(SAMPLE))) == ["spdx-json@2.3"]


def test_an_unknown_key_is_not_understood() -> None:
    assert not_understood(extract(SAMPLE + b"unheard: of\n", "spdx-yaml@2.3")) == ["/unheard"]


def test_drift_is_told() -> None:
    required = {"/packages/*/name", "/packages/*/SPDXID", "/creationInfo", "/creationInfo/created", "/SPDXID", "/spdxVersion"}
    drift.assert_drift_is_told(SAMPLE, required, parse=yaml.parse, dump=yaml.dump)
