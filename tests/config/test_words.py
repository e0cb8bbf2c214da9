"""What the words of all sources mean: no good word for what is not known to be good, and a loss named wherever one is."""

from __future__ import annotations

import pytest

from release_staging.config.registries import Registries, key
from tests.config.support import REGISTRIES

SAMPLE = Registries.load(REGISTRIES)

# Words that say just what the canonical word says. Every other one has a loss that tells what it says besides; except under
# `inconclusive` and `unknown`, which stand for all that runs, waits or is not said.
PLAIN = {
    "outcome": {
        "passed": "passed pass passes success successful succeeded ok true met allowed satisfied clean expected all-passed exit-zero 10",
        "failed": "failed fail failure failures false crossed violation unexpected not-zero exit-nonzero",
        "error": "error errored failed:error",
        "skipped": "skipped skip",
        "flaky": "flaky",
    },
    "severity": {
        "critical": "critical p1 s1 sev-1 sev1",
        "high": "high p2 s2 sev-2 sev2",
        "medium": "medium moderate p3 s3 sev-3 sev3",
        "low": "low p4 s4 sev-4 sev4",
        "none": "none p5 s5 sev-5 sev5",
    },
    "vulnerability_state": {
        "affected": "affected known_affected",
        "not_affected": "not_affected known_not_affected unaffected",
        "fixed": "fixed resolved",
        "under_investigation": "under_investigation",
    },
    "incident_state": {"open": "open active ongoing unresolved false", "mitigated": "mitigated", "resolved": "resolved fixed true"},
}
SPACED = {"executed, success=true", "executed, success=false", "not ok", "not executed", "in progress"} | {f"sev {n}" for n in range(1, 6)}


def under(taxonomy: str, canonical: str) -> set[tuple[str, str]]:
    """Vocabulary and word of all that mean this."""
    return {where for where, meaning in SAMPLE.words[taxonomy].items() if meaning.canonical == canonical}


@pytest.mark.parametrize(("taxonomy", "canonical"), [(taxonomy, canonical) for taxonomy, words in PLAIN.items() for canonical in words])
def test_a_word_that_says_more_than_the_canonical_one_names_what_is_lost(taxonomy: str, canonical: str) -> None:
    plain = {*PLAIN[taxonomy][canonical].split(), *SPACED}
    silent = {where for where in under(taxonomy, canonical) if where[1] not in plain and not SAMPLE.words[taxonomy][where].loss}
    assert silent == set(), "say in `losses` what the canonical word does not"


def pairs(vocabularies: str, *words: str) -> set[tuple[str, str]]:
    return {(vocabulary, word) for vocabulary in vocabularies.split() for word in words}


# Every word that stands for something good, besides the plain ones: to add one is a decision, and is made here too.
NOTES = "incident-note incident-severity incident-status"
INFORMS = "policyreport-severity policyreport-result checkov-severity checkov-result npm-severity gitlab-severity cyclonedx-analysis"
GOOD = {
    ("outcome", "passed"): pairs("nunit2-result", "executed, success=true")
    | pairs("terraform-plan", "planned")
    | pairs("in-toto-return-value", "zero")
    | pairs("tekton-reason", "completed"),
    ("severity", "none"): pairs(INFORMS, "info")
    | pairs("kics-severity kics-finding", "info", "trace")
    | pairs("polaris-severity polaris-result", "ignore")
    | pairs(NOTES, "info", "informational", "sev 5"),
    ("vulnerability_state", "not_affected"): pairs("sarif-level", "pass", "notapplicable")
    | pairs("trivy-status trivy-severity", "pass")
    | pairs("cyclonedx-analysis", "false_positive"),
    ("vulnerability_state", "fixed"): pairs("sarif-level", "absent")
    | pairs("csaf-status", "first_fixed")
    | pairs("cyclonedx-analysis", "resolved_with_pedigree"),
    ("incident_state", "resolved"): pairs(NOTES, "closed", "postmortem", "completed", "complete") | pairs("opsgenie-incident", "closed"),
}


@pytest.mark.parametrize(("taxonomy", "canonical"), GOOD)
def test_no_other_word_stands_for_something_good(taxonomy: str, canonical: str) -> None:
    plain = PLAIN[taxonomy][canonical].split()
    assert {where for where in under(taxonomy, canonical) if where[1] not in plain} == GOOD[taxonomy, canonical]


@pytest.mark.parametrize(
    ("vocabulary", "words", "outcome"),
    [
        ("github-conclusion", "neutral skipped stale cancelled", "skipped"),
        ("github-conclusion", "timed_out startup_failure", "error"),
        ("github-conclusion", "action_required queued completed", "inconclusive"),
        ("junit-case", "rerunFailure", "failed"),
        ("junit-case", "rerunError", "error"),
        ("junit-case", "flakyFailure flakyError", "flaky"),
        ("junit-case", "notrun disabled skipped", "skipped"),
        ("ctrf-status", "pending skipped", "skipped"),
        ("ctrf-status", "other", "inconclusive"),
        ("ctrf-status", "flaky", "flaky"),
        ("trx-outcome", "Completed Warning PassedButRunAborted Inconclusive Pending InProgress", "inconclusive"),
        ("trx-outcome", "Timeout Aborted Error Disconnected absent", "error"),
        ("trx-outcome", "NotExecuted NotRunnable Blocked", "skipped"),
        ("trx-run-outcome", "Completed Warning PassedButRunAborted", "inconclusive"),
        ("nunit3-result", "Failed:Error Failed:Invalid Failed:Cancelled", "error"),
        ("nunit3-result", "Skipped:Ignored Skipped:Explicit", "skipped"),
        ("nunit3-result", "Inconclusive Warning", "inconclusive"),
        ("xunit-result", "Skip NotRun", "skipped"),
        ("tap-result", "todo", "inconclusive"),
        ("tap-result", "bail-out", "error"),
        ("playwright-status", "expected-failure", "inconclusive"),
        ("jest-status", "todo pending disabled", "skipped"),
        ("cucumber-status", "undefined pending no-steps", "inconclusive"),
        ("open-test-reporting-status", "ABORTED", "inconclusive"),
        ("testng-status", "SUCCESS_PERCENTAGE_FAILURE", "inconclusive"),
        ("k6-threshold", "no-samples", "inconclusive"),
        ("kayenta-classification", "Nodata Marginal", "inconclusive"),
        ("kayenta-metric", "Nodata", "inconclusive"),
        ("kayenta-metric", "NodataFailMetric", "failed"),
        ("kayenta-status", "succeeded", "inconclusive"),
        ("argo-phase", "Inconclusive Running Pending", "inconclusive"),
        ("flagger-phase", "Initialized WaitingPromotion Terminated", "inconclusive"),
        ("policyreport-result", "warn", "inconclusive"),
        ("kube-bench-state", "WARN", "inconclusive"),
        ("kube-bench-state", "INFO", "skipped"),
        ("kubescape-status", "irrelevant excluded", "skipped"),
        ("checkov-result", "UNKNOWN", "inconclusive"),
        ("in-toto-test-result", "WARNED", "inconclusive"),
        ("azure-test-outcome", "NotImpacted NotApplicable", "skipped"),
        ("allure-status", "broken", "error"),
    ],
)
def test_what_is_near_a_pass_and_is_none(vocabulary: str, words: str, outcome: str) -> None:
    assert {word: SAMPLE.words["outcome"][vocabulary, key(word)].canonical for word in words.split()} == dict.fromkeys(
        words.split(), outcome
    )


def test_a_check_that_an_exception_covers_or_that_does_not_apply_did_not_pass() -> None:
    for word in ("passed (w/exceptions)", "passed (irrelevant)"):
        assert SAMPLE.words["outcome"]["kubescape-status", word].canonical == "skipped"


@pytest.mark.parametrize("word", ["unknown", "undefined", "ignore", "experimental", "experiment", "inventory"])
def test_what_is_not_rated_is_not_low(word: str) -> None:
    assert {meaning.canonical for (_, said), meaning in SAMPLE.words["severity"].items() if said == word} <= {"unknown", "none"}


def test_negligible_is_low_and_the_difference_is_named() -> None:
    assert SAMPLE.words["severity"]["grype-severity", "negligible"] == ("low", "the distribution calls it negligible")
