"""The policy: what its file says is what holds, and a mistake in it is found before anything runs."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from release_staging.config.load import ConfigurationError
from release_staging.config.policy import Policy
from release_staging.config.registries import Registries
from release_staging.model.sources import SOURCE_BY_NAME
from tests.config.support import POLICY, REGISTRIES, ROOT, changed_policy

SAMPLE = Policy.load(POLICY)
KEY = "{id: acme-pay-builder, file: keys/acme-pay-builder.pem}"


def pem() -> str:
    return generate_private_key(SECP256R1()).public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def test_the_sample_policy_says_of_every_source_whether_it_is_required() -> None:
    assert SAMPLE.required_evidence.keys() == SOURCE_BY_NAME.keys()
    assert set(SOURCE_BY_NAME) - set(SAMPLE.required_sources) == {"incident_notes", "service_catalog"}


def test_required_test_levels_are_of_the_registry() -> None:
    levels = Registries.load(REGISTRIES).levels
    assert [level for level in SAMPLE.required_test_levels if level not in levels] == []


def test_ages_are_time_spans() -> None:
    assert SAMPLE.freshness.sources["test_reports"].max_age == timedelta(days=7)
    assert SAMPLE.freshness.vulnerability_database.max_age == timedelta(days=5)
    assert SAMPLE.rollback.exercised_within == timedelta(days=90)


def test_a_rule_says_whether_it_blocks_unless_policy_says_otherwise(tmp_path: Path) -> None:
    policy = Policy.load(changed_policy(tmp_path, "codes: {}", "codes: {CONTRADICTION: false}"))
    assert policy.blocks("EVIDENCE_EMPTY", "sboms", default=True)
    assert not policy.blocks("EVIDENCE_EMPTY", "sboms", default=False)
    assert not policy.blocks("CONTRADICTION", "sboms", default=True)
    assert not policy.blocks("SCHEMA_DRIFT", "service_catalog", default=True)
    assert policy.blocks("SCHEMA_DRIFT", "sboms", default=True)


def test_only_verified_signatures_are_accepted_in_the_sample() -> None:
    assert SAMPLE.accepted_signatures == ("verified",)


def test_a_key_beside_the_policy_is_read(tmp_path: Path) -> None:
    text = pem()
    (tmp_path / "ci.pem").write_text(text)
    policy = Policy.load(changed_policy(tmp_path, KEY, "{id: ci, file: ci.pem}"))
    assert [(key.id, key.pem) for key in policy.trusted_keys] == [("ci", text)]
    assert policy.digest != SAMPLE.digest


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("pipeline_runs: true", "pipeline_run: true", "required_evidence.pipeline_run: 'pipeline_run' is no source"),
        ("max_future_skew: 10m", "max_future_skew: 10", "freshness.max_future_skew: not a time span"),
        ("max_future_skew: 10m", "max_skew: 10m", "freshness.max_skew: Extra inputs are not permitted"),
        ("codes: {}", "codes: {WRONG: true}", "blocking.codes.WRONG: "),
        ("accepted: [verified]", "accepted: [good]", "signature.accepted.0: Input should be 'verified'"),
        ("hosts: []", "hosts: [evidence]", "links.hosts.0: String should match"),
        (KEY, "{id: a}", "trusted_keys.0: give either pem or file"),
        (KEY, "{id: a, pem: abc}", "trusted_keys.0.pem: not a public key in PEM"),
        (KEY, "{id: a, file: no.pem}", "trusted_keys.0.file: no.pem cannot be read"),
        ("(?i)pass(word|wd|phrase)", "(?i)pass(word|wd", "secret_change_patterns.keys.1: not a regular expression of RE2"),
        ("digest_key: sample packets only, not a secret", "digest_key: short", "disclosure.digest_key: the digest key must have"),
    ],
)
def test_a_mistake_is_refused_with_line_and_key(tmp_path: Path, old: str, new: str, told: str) -> None:
    path = changed_policy(tmp_path, old, new)
    line = next(number for number, text in enumerate(path.read_text().splitlines(), 1) if new.split("\n")[0] in text)
    with pytest.raises(ConfigurationError) as caught:
        Policy.load(path)
    assert f"default.yaml:{line}: " in str(caught.value)
    assert told in str(caught.value)


def test_the_digest_key_of_a_deployment_replaces_that_of_the_file() -> None:
    policy = Policy.load(POLICY, digest_key="a deployment's own key")
    assert policy.disclosure.digest_key.get_secret_value() == b"a deployment's own key"
    assert policy.digest == SAMPLE.digest
    assert "deployment's" not in repr(policy)


def test_the_digest_is_the_same_in_every_process() -> None:
    program = (
        f"from pathlib import Path; from release_staging.config.policy import Policy; print(Policy.load(Path({str(POLICY)!r})).digest)"
    )
    for seed in ("1", "2"):
        run = subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        assert run.stdout.strip() == SAMPLE.digest
