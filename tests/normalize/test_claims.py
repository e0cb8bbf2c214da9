"""A claim keeps what its source says, and gets the form it is compared in, with the rule and the loss."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from release_staging.model.confidence import ORDER
from release_staging.model.fields import FIELDS
from release_staging.normalize.rules import RULES
from tests.normalize.support import claim, normal, problems, run

SHA = "9f2c" * 10


@pytest.mark.parametrize(
    ("field", "value", "vocabulary", "expected"),
    [
        ("service.name", "billing-api", None, ("billing-api", None, "exact")),
        ("service.name", "Billing", None, ("billing-api", "registry:services", "mapped")),
        ("repository.url", "https://github.com/acme-pay/billing-api", None, ("https://github.com/acme-pay/billing-api", None, "exact")),
        (
            "repository.url",
            "git@github.com:acme-pay/billing-api.git",
            None,
            ("https://github.com/acme-pay/billing-api", "repository", "derived"),
        ),
        ("repository.url", "acme-pay/billing-api", None, ("https://github.com/acme-pay/billing-api", "registry:repositories", "mapped")),
        ("candidate.version", "v4.12.0-RC3", None, ("4.12.0-rc.3", "version", "derived")),
        ("candidate.version", "v4.12.0rc3", None, ("4.12.0rc3", "version", "derived")),
        ("candidate.version", "4.12.0-rc.3", None, ("4.12.0-rc.3", None, "exact")),
        ("candidate.version", "main", None, ("main", None, "exact")),
        ("candidate.commit", SHA.upper(), None, (SHA, "commit", "derived")),
        ("candidate.commit", "main", None, ("main", None, "low")),
        ("artifact.digest", "A" * 64, None, ("sha256:" + "a" * 64, "digest", "derived")),
        ("artifact.reference", "acme/app:1", None, ("docker.io/acme/app:1", "reference", "derived")),
        ("environment.target", "eu-production", None, ("production-eu", "registry:environments", "mapped")),
        ("produced_at", "2026-11-20T09:41:12+01:00", None, ("2026-11-20T08:41:12Z", "time:rfc3339", "derived")),
        ("produced_at", "2026-11-20T08:41:12Z", None, ("2026-11-20T08:41:12Z", None, "exact")),
        ("produced_at", "2026-11-20T08:41:12", None, ("2026-11-20T08:41:12", None, "exact")),
        ("produced_at", "${TIMESTAMP}", None, ("${TIMESTAMP}", None, "low")),
        ("test.level", "e2e", None, ("integration", "registry:levels", "mapped")),
        ("verdict", "success", "github-conclusion", ("passed", "vocabulary:github-conclusion", "mapped")),
        ("verdict", "SUCCESS", "github-conclusion", ("passed", "vocabulary:github-conclusion", "mapped")),
        ("verdict", "cancelled", "github-conclusion", ("skipped", "vocabulary:github-conclusion", "mapped")),
        ("verdict", "splendid", "github-conclusion", ("unknown", None, "low")),
        ("verdict", "success", "no-such-vocabulary", ("unknown", None, "low")),
        ("verdict", "success", None, ("unknown", None, "low")),
        ("tool.name", "  Trivy ", None, ("  Trivy ", None, "exact")),
    ],
)
def test_a_claim_has_its_normal_form(field: str, value: str, vocabulary: str | None, expected: tuple[str, str | None, str]) -> None:
    assert normal(field, value, vocabulary) == expected


def test_confidence_only_falls() -> None:
    assert normal("service.name", "Billing", confidence="asserted")[2] == "asserted"
    assert normal("candidate.version", "v1.2.3", confidence="low")[2] == "low"
    assert normal("candidate.version", "1.2.3", confidence="derived")[2] == "derived"


def test_a_time_has_the_bounds_of_what_it_can_mean() -> None:
    exact, open_ = run(claims=[claim("produced_at", "2026-11-20T08:41:12Z"), claim("produced_at", "2026-11-20")])["claims"]
    assert exact["earliest"] == exact["latest"] == datetime(2026, 11, 20, 8, 41, 12, tzinfo=UTC)
    assert open_["earliest"] < open_["latest"]
    assert open_["normal_loss"] == "a date without time and zone"


def test_what_a_word_loses_is_told() -> None:
    (row,) = run(claims=[claim("verdict", "neutral", "github-conclusion")])["claims"]
    assert row["normal_loss"] == "branch protection counts neutral as passing; here it is not"


def test_what_no_registry_knows_is_a_problem_at_its_first_place_in_each_document() -> None:
    made = run(
        claims=[
            claim("environment.target", "prod-eu"),
            claim("environment.target", "prod-apac"),
            claim("environment.target", "prod-apac"),
            claim("environment.target", "prod-apac", document="other"),
            claim("service.name", "shipping"),
            claim("repository.url", "git@github.com:other/app.git"),
            claim("verdict", "splendid", "github-conclusion"),
            claim("test.level", "exploratory"),
        ]
    )
    assert sorted(problems(made)) == [
        ("environment.target", "prod-apac", "line=1,2"),
        ("environment.target", "prod-apac", "line=3,4"),
        ("repository.url", "git@github.com:other/app.git", "line=5,6"),
        ("service.name", "shipping", "line=4,5"),
        ("test.level", "exploratory", "line=7,8"),
        ("verdict", "splendid", "line=6,7"),
    ]
    first = next(row for row in made["problems"] if row["locator"] == "line=1,2")
    assert first["message"] == "environment.target: 'prod-apac' is not a name of the registry of environments (2 times)"


def test_problems_of_a_document_are_bounded_and_the_rest_is_counted() -> None:
    made = run(claims=[claim("service.name", f"service-{number}") for number in range(250)])
    assert len(made["problems"]) == 101
    assert made["problems"][-1]["message"] == "service.name: 150 more values that are not known"


def test_a_problem_quotes_no_more_than_a_little() -> None:
    (problem,) = run(claims=[claim("service.name", "x" * 5000)])["problems"]
    assert len(problem["found"]) == 200
    assert len(problem["message"]) < 300


VALUES = st.one_of(
    st.text(max_size=40), st.sampled_from(["success", "v1.2.3", SHA, "prod-eu", "billing", "2026-11-20", "sha256:" + "a" * 64, "a\x1fb"])
)
CLAIMS = st.lists(
    st.builds(
        claim, st.sampled_from(sorted(FIELDS)), VALUES, st.sampled_from([None, "github-conclusion", "zzz"]), st.sampled_from(sorted(ORDER))
    ),
    max_size=12,
)


@settings(deadline=None)  # each example is a whole normalisation
@given(CLAIMS)
def test_every_source_value_is_kept_and_nothing_gains_confidence(claims: list[dict[str, str]]) -> None:
    made = run(claims=claims)["claims"]
    assert len(made) == len(claims)
    for before, after in zip(claims, made, strict=True):
        assert {name: after[name] for name in ("field", "value", "source_value", "vocabulary")} == {
            name: before[name] for name in ("field", "value", "source_value", "vocabulary")
        }
        assert ORDER[after["confidence"]] >= ORDER[before["confidence"]]
        assert after["normal"] is not None
        assert after["rule"] is None or after["rule"].partition(":")[0] in RULES
        if after["rule"] is None and after["field"] != "verdict":
            assert after["normal"] == after["value"]
        if after["field"] == "verdict" and after["normal"] == "passed":
            assert (after["value"].strip().lower(), after["vocabulary"]) == ("success", "github-conclusion")
