"""The environment of a change is stated, told by its path, or asserted of its document; two answers are none."""

from __future__ import annotations

from typing import Any

import pytest

from tests.normalize.support import problems, run


@pytest.mark.parametrize(
    ("change", "asserted", "expected"),
    [
        ({"environment": "prod-eu", "file": "production-us/a.yaml"}, "ci", ("production-eu", "environment-stated")),
        ({"environment": "prod-apac", "file": "production-us/a.yaml"}, "ci", (None, None)),
        ({"file": "config/production-eu/secrets.yaml"}, "ci", ("production-eu", "environment-from-path")),
        ({"file": "deploy/eu-production.yaml"}, None, ("production-eu", "environment-from-path")),
        ({"file": "charts/billing/values-prod-us.yaml"}, None, ("production-us", "environment-from-path")),
        ({"file": "live/prod/eu/main.tf"}, None, ("production-eu", "environment-from-path")),
        ({"file": "main.tf"}, "staging-eu", ("staging-eu", "environment-asserted")),
        ({"file": None}, "stage-eu", ("staging-eu", "environment-asserted")),
        ({"file": "main.tf"}, None, (None, None)),
        ({"file": "production-eu/from-production-us/production-us/a"}, "ci", (None, None)),
        ({"file": "reproduction-europe/a.yaml"}, None, (None, None)),
    ],
)
def test_the_environment_of_a_change(change: dict[str, Any], asserted: str | None, expected: tuple[str | None, str | None]) -> None:
    made = run(config_changes=[change], documents=[{"path": "changes.diff", "source": "config_diffs", "environment": asserted}])
    (row,) = made["config_changes"]
    assert (row["environment_id"], row["environment_rule"]) == expected
    assert row["environment"] == change.get("environment")


def test_a_path_of_two_environments_is_a_problem() -> None:
    made = run(config_changes=[{"file": "production-eu/production-us/a"}])
    assert problems(made) == [("config_changes.file", "production-eu/production-us/a", "line=0,1")]


@pytest.mark.parametrize("name", ["documents", "incidents", "config_changes"])
def test_an_environment_that_no_registry_knows_is_a_problem(name: str) -> None:
    made = run(**{name: [{"environment": "prod-apac"}, {"environment": "prod-eu"}]})
    assert [row["environment_id"] for row in made[name]] == [None, "production-eu"]
    assert [(subject, found) for subject, found, _ in problems(made)] == [(f"{name}.environment", "prod-apac")]
