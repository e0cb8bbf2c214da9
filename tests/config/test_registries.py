"""Registries: a name means one thing, whatever its case; a mistake in the data is found when it is loaded."""

from __future__ import annotations

from pathlib import Path

import pytest

from release_staging.config.load import ConfigurationError
from release_staging.config.registries import Registries, key
from tests.config.support import REGISTRIES, changed_registries

SAMPLE = Registries.load(REGISTRIES)


def test_an_alias_names_its_entry_in_any_case() -> None:
    assert SAMPLE.services[key(" Billing ")].id == "billing-api"
    assert SAMPLE.environments[key("PROD-EU")].id == "production-eu"
    assert SAMPLE.environments["production-eu"].environment_class == "production"


def test_a_service_names_its_owner_tier_and_repositories() -> None:
    service = SAMPLE.services["billing-api"]
    assert (service.owner, service.tier, service.repositories) == ("team-billing", "tier-1", ("billing-api",))


def test_no_word_that_did_not_pass_is_a_pass() -> None:
    good = {"success", "passed", "pass", "met", "successful"}
    suspicious = (
        "skip",
        "cancel",
        "neutral",
        "pending",
        "running",
        "progress",
        "wait",
        "queue",
        "warn",
        "unknown",
        "stale",
        "inconclusive",
        "none",
        "no",
    )
    passes = {word for (_, word), meaning in SAMPLE.words["outcome"].items() if meaning.canonical == "passed"}
    assert good <= passes
    assert [
        word for word in passes for part in suspicious if part in word.replace("-", " ").split() or (len(part) > 4 and part in word)
    ] == []


def test_the_digest_is_of_what_the_files_say_not_of_how(tmp_path: Path) -> None:
    commented = changed_registries(tmp_path / "a", "services.yaml", "version: 1", "# another comment\nversion:   1")
    renamed = changed_registries(tmp_path / "b", "services.yaml", "owner: team-billing", "owner: team-payments")
    assert Registries.load(commented).digest == SAMPLE.digest
    assert Registries.load(renamed).digest != SAMPLE.digest
    assert SAMPLE.digest.startswith("sha256:")


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("services.yaml", "billing-service]", "Billing]", "services.0.aliases.1: 'Billing' is already a name of 'billing-api'"),
        ("services.yaml", "repositories: [billing-api]", "repositories: [web]", "services.0.repositories.0: 'web' is no id"),
        ("environments.yaml", "class: staging", "class: live", "class: Input should be 'production', 'staging' or 'test'"),
        ("environments.yaml", "prod-us, us-production", "prod-eu, us-production", "'prod-eu' is already a name of 'production-eu'"),
        ("environments.yaml", "(^|/)(values", "(^|/(values", "paths.0: not a regular expression of RE2"),
        ("repositories.yaml", "url: https://", "url: ssh://", "repositories.0.url: String should match pattern"),
        ("outcomes.yaml", "    failed: [failure]\n", "    failed: [failure, Success]\n", "'Success' already means 'passed'"),
        ("outcomes.yaml", "      neutral: branch", "      neutrel: branch", "'neutrel' is not a word of this vocabulary"),
        ("outcomes.yaml", "    failed: [failure]\n", "    wrong: [failure]\n", "vocabularies.github-conclusion.wrong: Extra inputs"),
        ("outcomes.yaml", "version: 1", "version: '1'", "version: Input should be a valid integer"),
    ],
)
def test_a_mistake_is_refused_with_file_line_and_key(tmp_path: Path, file: str, old: str, new: str, told: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        Registries.load(changed_registries(tmp_path, file, old, new))
    assert told in str(caught.value)
    assert f"{file}:" in str(caught.value)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    folder = changed_registries(tmp_path, "outcomes.yaml", "version: 1", "version: 2")
    (folder / "severities.yaml").unlink()
    with pytest.raises(ConfigurationError, match=r"severities\.yaml: cannot be read"):
        Registries.load(folder)
