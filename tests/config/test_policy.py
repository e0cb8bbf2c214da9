"""The policy: what its file says is what holds, and a mistake in it is found before anything runs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from release_staging.config.load import ConfigurationError
from release_staging.config.policy import Policy
from release_staging.config.registries import Registries
from release_staging.evidence.gather import options
from release_staging.model.sources import SOURCE_BY_NAME
from tests.config.support import POLICY, REGISTRIES, ROOT, changed_policy
from tests.evidence.provenance_attestations.sigstore_instance import Instance

SAMPLE = Policy.load(POLICY)
NO_ROOTS = "trust_roots: []"
KEY = "{id: acme-pay-builder, file: keys/acme-pay-builder.pem}"


def pem() -> str:
    return generate_private_key(SECP256R1()).public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def exchange_key() -> str:
    return X25519PrivateKey.generate().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


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


@pytest.mark.parametrize("written", [lambda text: text.replace("\n", "\r\n"), lambda text: "# ours\n" + text, str.strip])
def test_a_key_is_read_however_its_lines_end(tmp_path: Path, written: Callable[[str], str]) -> None:
    (tmp_path / "ci.pem").write_bytes(written(pem()).encode())
    assert [key.id for key in Policy.load(changed_policy(tmp_path, KEY, "{id: ci, file: ci.pem}")).trusted_keys] == ["ci"]


def test_a_file_of_two_keys_is_refused_and_neither_silently_left_out(tmp_path: Path) -> None:
    (tmp_path / "ci.pem").write_text(pem() + pem())
    with pytest.raises(ConfigurationError, match=r"trusted_keys\.0\.file: more than one PEM text: list each key by itself"):
        Policy.load(changed_policy(tmp_path, KEY, "{id: ci, file: ci.pem}"))


def test_two_keys_of_one_name_are_refused_at_the_second(tmp_path: Path) -> None:
    path = changed_policy(tmp_path, f"- {KEY}", f"- {KEY}\n  - {KEY}")
    with pytest.raises(ConfigurationError, match=r"trusted_keys\.1\.id: two trusted keys are called 'acme-pay-builder'"):
        Policy.load(path)


def rooted(identities: str = "[{exact: a, issuer: b}]", file: str = "acme.json", more: str = "") -> str:
    return f"trust_roots: [{{id: acme, file: {file}, identities: {identities}}}{more}]"


def test_a_trust_root_beside_the_policy_is_read_and_the_digest_is_over_it_and_who_is_accepted(tmp_path: Path) -> None:
    digests = {SAMPLE.digest}
    for content in (Instance().trusted_root(), Instance().trusted_root()):
        (tmp_path / "acme.json").write_text(content)
        for identities in ("[{exact: a, issuer: b}]", "[{pattern: a, issuer: b}]", "[{exact: a, issuer: c}]"):
            policy = Policy.load(changed_policy(tmp_path, NO_ROOTS, rooted(identities)))
            assert [(root.id, root.content) for root in policy.trust_roots] == [("acme", content)]
            assert options(policy).trust_roots == policy.trust_roots
            digests.add(policy.digest)
    assert len(digests) == 7


@pytest.mark.parametrize(
    ("identities", "told"),
    [
        ("[]", "trust_roots.0.identities: name at least one: anybody can get a certificate"),
        ("[{issuer: b}]", "trust_roots.0.identities.0: give either exact or pattern"),
        ("[{exact: a, pattern: a, issuer: b}]", "trust_roots.0.identities.0: give either exact or pattern"),
        ("[{exact: a}]", "trust_roots.0.identities.0.issuer: Field required"),
        ("[{pattern: 'a(', issuer: b}]", "trust_roots.0.identities.0.pattern: not a regular expression of RE2"),
        ("[{pattern: '\\Qa', issuer: b}]", "trust_roots.0.identities.0.pattern: not a regular expression of RE2"),  # would swallow the end
        ("[{exact: '', issuer: b}]", "trust_roots.0.identities.0.exact: String should have at least 1 character"),
    ],
)
def test_who_is_accepted_under_a_trust_root_is_checked(tmp_path: Path, identities: str, told: str) -> None:
    (tmp_path / "acme.json").write_text(Instance().trusted_root())
    with pytest.raises(ConfigurationError, match=re.escape(told)):
        Policy.load(changed_policy(tmp_path, NO_ROOTS, rooted(identities)))


def test_a_policy_without_who_is_accepted_or_with_one_root_twice_is_refused(tmp_path: Path) -> None:
    (tmp_path / "acme.json").write_text(Instance().trusted_root())
    for text, told in (
        ("trust_roots: [{id: acme, file: acme.json}]", "trust_roots.0.identities: Field required"),
        ("trust_roots: [{id: acme, identities: [{exact: a, issuer: b}]}]", "trust_roots.0: give either content or file"),
        (
            rooted(more=", {id: acme, file: acme.json, identities: [{exact: c, issuer: d}]}"),
            "trust_roots.1.id: two trust roots are called 'acme'",
        ),
        (rooted(file="none.json"), "trust_roots.0.file: none.json cannot be read: No such file"),
    ):
        with pytest.raises(ConfigurationError, match=re.escape(told)):
            Policy.load(changed_policy(tmp_path, NO_ROOTS, text))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "not valid JSON"),
        ("[]", "document: "),
        ("{}", "mediaType: Field required"),
        (Instance().trusted_root(tlogs=[]), "tlogs: Tuple should have at least 1 item"),
        (Instance().trusted_root(certificateAuthorities=[]), "certificateAuthorities: Tuple should have at least 1 item"),
        (Instance().trusted_root(ctlogs=[]), "ctlogs: Tuple should have at least 1 item"),
        (
            Instance().trusted_root(mediaType="application/json"),
            "mediaType: Input should be 'application/vnd.dev.sigstore.trustedroot+json",
        ),
        (Instance().trusted_root(surprise=1), "surprise: Extra inputs are not permitted"),
        (Instance().trusted_root(surprise=1.5), "document: holds a number where none belongs"),
        (Instance().trusted_root().replace("MII", "!II", 1), "certificateAuthorities.0.certChain.certificates.0.rawBytes: not an"),
        (Instance().trusted_root().replace("MFkw", "!Fkw", 1), "tlogs.0.publicKey.rawBytes: not base64"),
        (Instance().trusted_root().replace("MII", "AII", 1), "not an X.509 certificate"),
        (Instance().trusted_root().replace("MFkw", "AFkw", 1), "tlogs.0.publicKey.rawBytes: not a public key"),
        (Instance().trusted_root().replace("2026-01-01T00:00:00+00:00", "2026-01-01T00:00:00", 1), "should have timezone info"),
        (Instance().trusted_root().replace('"mediaType"', '"mediaType":"","mediaType"', 1), "duplicate key"),
    ],
)
def test_a_file_that_is_no_trusted_root_is_refused(tmp_path: Path, content: str, told: str) -> None:
    (tmp_path / "acme.json").write_text(content)
    with pytest.raises(
        ConfigurationError, match=r"\A[^\n]*default.yaml:\d+: trust_roots.0.file: not a Sigstore trusted root: [^\n]+\Z"
    ) as caught:
        Policy.load(changed_policy(tmp_path, NO_ROOTS, rooted()))
    assert told in str(caught.value)


def test_a_policy_with_trust_roots_does_not_load_the_library(tmp_path: Path) -> None:
    (tmp_path / "acme.json").write_text(Instance().trusted_root())
    path = changed_policy(tmp_path, NO_ROOTS, rooted())
    program = "import sys; from pathlib import Path; from release_staging.config.policy import Policy; Policy.load(Path(sys.argv[1]))"
    told = "print([name for name in sys.modules if name.partition('.')[0] in ('sigstore', 'requests', 'tuf')])"
    run = subprocess.run([sys.executable, "-c", f"{program}; {told}", str(path)], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


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
        (KEY, f"{{id: a, pem: {orjson.dumps(exchange_key()).decode()}}}", "trusted_keys.0.pem: not a key that signs attestations"),
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
