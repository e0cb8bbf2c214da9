"""Rows get the controlled words; an unknown word is unknown and said so, and nothing that did not pass passes."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from release_staging.config.policy import Policy
from release_staging.model.tables import SCHEMAS, gathered
from release_staging.normalize.normalise import normalise
from release_staging.normalize.schemas import ADDED, NORMALISED
from tests.config.support import changed_policy
from tests.normalize.support import RULES, SAMPLE, Rows, problems, run, table


def outcomes(name: str, vocabulary: str | None, *words: str | None) -> list[str | None]:
    return [row["outcome"] for row in run(**{name: [{"status": word, "vocabulary": vocabulary} for word in words]})[name]]


def test_a_skipped_case_is_never_a_pass() -> None:
    assert outcomes("test_cases", "junit-case", "passed", "failure", "error", "skipped", "flaky") == [
        "passed",
        "failed",
        "error",
        "skipped",
        "flaky",
    ]


def test_a_threshold_over_no_samples_is_inconclusive() -> None:
    assert outcomes("metrics", "k6-threshold", "met", "crossed", "no-samples") == ["passed", "failed", "inconclusive"]


def test_a_metric_that_nobody_judges_has_no_outcome() -> None:
    assert outcomes("metrics", None, None) == [None]


@pytest.mark.parametrize("name", ["jobs", "test_cases", "policy_results"])
def test_a_result_that_is_not_stated_is_unknown(name: str) -> None:
    made = run(**{name: [{"status": None, "vocabulary": None}]})
    assert [row["outcome"] for row in made[name]] == ["unknown"]
    assert made["problems"] == []


def test_an_unknown_word_is_unknown_and_located() -> None:
    made = run(test_cases=[{"status": "passed", "vocabulary": "junit-case"}, {"status": "passd", "vocabulary": "junit-case"}])
    assert [row["outcome"] for row in made["test_cases"]] == ["passed", "unknown"]
    assert problems(made) == [("test_cases.status", "passd", "line=1,2")]


def test_a_word_of_another_vocabulary_is_unknown() -> None:
    assert outcomes("jobs", "github-conclusion", "met", "success") == ["unknown", "passed"]
    assert outcomes("jobs", None, "success") == ["unknown"]


def test_a_case_that_passed_but_not_always_is_flaky_and_a_failed_one_stays_failed() -> None:
    rows: Rows = [{"status": word, "vocabulary": "ctrf-status", "flaky": True} for word in ("passed", "failed")]
    assert [row["outcome"] for row in run(test_cases=rows)["test_cases"]] == ["flaky", "failed"]


def test_severities_are_of_one_scale() -> None:
    words = {"trivy-severity": ["CRITICAL", "High", "UNKNOWN", None], "sarif-level": ["error", "warning", "note", "none"]}
    rows: Rows = [{"severity": word, "vocabulary": vocabulary} for vocabulary, all_ in words.items() for word in all_]
    levels = [row["severity_level"] for row in run(vulnerabilities=rows)["vulnerabilities"]]
    assert levels == ["critical", "high", "unknown", "unknown", "high", "medium", "low", "none"]


@pytest.mark.parametrize(
    ("vocabulary", "word", "score", "expected"),
    [
        ("sarif-level", "warning", "9.8", ("critical", "severity-from-score")),
        ("sarif-level", "warning", "9.0", ("critical", "severity-from-score")),
        ("sarif-level", "error", "0.0", ("none", "severity-from-score")),
        ("sarif-level", "error", None, ("high", "vocabulary")),
        ("sarif-level", "error", "high", ("high", "vocabulary")),
        ("sarif-level", "none", "9.8", ("none", "vocabulary")),
        ("sarif-level", None, None, ("unknown", None)),
        ("trivy-severity", "LOW", "9.8", ("low", "vocabulary")),
        ("trivy-severity", None, "7.5", ("high", "severity-from-score")),
        ("trivy-severity", "UNKNOWN", "3.9", ("low", "severity-from-score")),
        ("trivy-severity", None, "10", ("critical", "severity-from-score")),
        ("trivy-severity", None, "11", ("unknown", None)),
        ("trivy-severity", None, "NaN", ("unknown", None)),
        ("policyreport-severity", None, "9.8", ("unknown", None)),
        (None, None, "9.8", ("unknown", None)),
    ],
)
def test_a_score_counts_where_its_vocabulary_says_so(
    vocabulary: str | None, word: str | None, score: str | None, expected: tuple[str, str | None]
) -> None:
    (row,) = run(vulnerabilities=[{"severity": word, "vocabulary": vocabulary, "score": score}])["vulnerabilities"]
    assert (row["severity_level"], row["severity_rule"]) == expected


def test_a_fixed_version_elsewhere_leaves_the_product_affected() -> None:
    rows: Rows = [
        {"status": word, "vocabulary": "trivy-severity", "severity": "LOW"}
        for word in ("affected", "fixed", "will_not_fix", "not_affected", None)
    ]
    assert [row["state"] for row in run(vulnerabilities=rows)["vulnerabilities"]] == [
        "affected",
        "affected",
        "affected",
        "not_affected",
        None,
    ]


def test_a_policy_result_has_outcome_and_severity_of_one_vocabulary() -> None:
    (row,) = run(policy_results=[{"status": "warn", "severity": "medium", "vocabulary": "policyreport-result"}])["policy_results"]
    assert (row["outcome"], row["severity_level"]) == ("inconclusive", "medium")


def test_an_artifact_has_its_type_by_media_type_before_the_tools_word() -> None:
    rows: Rows = [
        {"media_type": "application/vnd.oci.image.index.v1+json", "kind": "archive"},
        {"kind": "Docker Image"},
        {"kind": "mystery"},
    ]
    made = run(artifacts=rows)
    assert [row["artifact_type"] for row in made["artifacts"]] == ["oci-image", "oci-image", None]
    assert made["problems"] == []


@pytest.mark.parametrize(
    ("file", "key", "sensitive", "rule"),
    [
        ("config/production-eu/secrets.yaml", "a", None, "secret-pattern"),
        ("a.yaml", "db.password", None, "secret-pattern"),
        ("a.yaml", "apiKey", None, "secret-pattern"),
        ("a.yaml", "replicas", True, "secret-marked"),
        ("a.yaml", "replicas", False, None),
        ("a.yaml", "monkey", None, None),
        ("a.yaml", "tokenizer.keyspace", None, None),
        ("secretariat/notes.yaml", "a", None, None),
        (None, None, None, None),
    ],
)
def test_a_change_touches_a_secret_by_its_mark_or_its_name(
    file: str | None, key: str | None, sensitive: bool | None, rule: str | None
) -> None:
    (row,) = run(config_changes=[{"file": file, "key": key, "sensitive": sensitive}])["config_changes"]
    assert (row["touches_secret"], row["secret_rule"]) == (rule is not None, rule)


def test_which_changes_touch_secrets_is_data(tmp_path: Path) -> None:
    policy = Policy.load(changed_policy(tmp_path, "(?i)credential", "(?i)replicas"))
    made = normalise({"config_changes": table("config_changes", [{"key": "replicas"}])}, SAMPLE, policy)
    assert made["config_changes"]["touches_secret"].to_pylist() == [True]


def test_no_packets_give_every_table_empty() -> None:
    for tables in ({}, {name: gathered(name).empty_table() for name in SCHEMAS}):
        made = normalise(tables, SAMPLE, RULES)
        assert {name: one.schema for name, one in made.items()} == NORMALISED
        assert sum(one.num_rows for one in made.values()) == 0


def test_tables_in_several_pieces_are_tables() -> None:
    one = table("jobs", [{"status": "success", "vocabulary": "github-conclusion"}])
    made = normalise({"jobs": pa.concat_tables([one, one, one.slice(0, 0)])}, SAMPLE, RULES)
    assert made["jobs"]["outcome"].to_pylist() == ["passed", "passed"]


def test_packets_do_not_see_one_another() -> None:
    """Each packet alone gives what it gives among others."""
    rows: dict[str, Rows] = {
        "documents": [{"path": "unit.xml", "source": "test_reports"}, {"path": "x.xml", "source": "test_reports", "level": "smoke"}],
        "test_suites": [{"name": "unit tests"}, {"name": "anything"}],
        "config_changes": [{"file": "production-eu/a"}, {"file": "b", "environment": "prod-us"}],
        "claims": [
            {"field": "verdict", "value": "success", "source_value": "success", "vocabulary": "github-conclusion", "confidence": "exact"},
            {"field": "service.name", "value": "shipping", "source_value": "shipping", "confidence": "exact"},
        ],
    }
    split = {packet: {name: [{**two[place], "packet": packet}] for name, two in rows.items()} for place, packet in enumerate(("p", "q"))}
    together = normalise({name: pa.concat_tables([table(name, split[packet][name]) for packet in split]) for name in rows}, SAMPLE, RULES)
    for packet, tables in split.items():
        alone = normalise({name: table(name, one) for name, one in tables.items()}, SAMPLE, RULES)
        for name, made in alone.items():
            assert [row for row in together[name].to_pylist() if row["packet"] == packet] == made.to_pylist()


WORDS = st.one_of(st.none(), st.text(max_size=12), st.sampled_from([word for _, word in SAMPLE.words["outcome"]]))


@settings(deadline=None)  # each example is a whole normalisation
@given(st.lists(st.tuples(WORDS, st.sampled_from([None, "zzz", *sorted(SAMPLE.vocabularies)])), max_size=10))
def test_a_pass_is_only_what_the_table_says(words: list[tuple[str | None, str | None]]) -> None:
    made = run(jobs=[{"status": word, "vocabulary": vocabulary} for word, vocabulary in words])["jobs"]
    for (word, vocabulary), row in zip(words, made, strict=True):
        known = SAMPLE.words["outcome"].get((vocabulary or "", (word or "").strip().lower()))
        assert (row["outcome"] == "passed") == (word is not None and known is not None and known.canonical == "passed")
        assert (row["status"], row["vocabulary"]) == (word, vocabulary)


def test_every_added_column_is_new_but_for_a_level() -> None:
    for name, columns in ADDED.items():
        assert [column for column, _ in columns if column in gathered(name).names] == []


def test_what_is_declared_without_a_digest_is_only_listed() -> None:
    rows = [
        {"role": "declared", "digest": "sha256:" + "0" * 64},
        {"role": "declared", "digest": None},
        {"role": "platform", "digest": None},
    ]
    assert [row["role"] for row in run(artifacts=rows)["artifacts"]] == ["declared", "listed", "platform"]
