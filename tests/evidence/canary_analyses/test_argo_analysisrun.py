import copy
from pathlib import Path

import orjson
import pytest

from release_staging.parsing import yaml
from tests.evidence import corpus, drift
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

SAMPLE = (Path(__file__).parent / "samples" / "analysisrun.yaml").read_bytes()
FORMAT = "argo-analysisrun@v1alpha1"
RUN = yaml.parse(SAMPLE)


def changed(change):
    run = copy.deepcopy(RUN)
    change(run)
    return run


def read(change):
    return extract(orjson.dumps(changed(change)), FORMAT)


def result(run, index=0):
    return run["status"]["metricResults"][index]


def contradictions(extraction):
    found = [problem for problem in rows(extraction, "problems") if problem["code"] == "CONTRADICTION"]
    for problem in found:  # both sides stand in the message
        assert "json-pointer:/status/phase" in problem["message"]
        assert problem["locator"] in problem["message"]
    return [problem["found"] for problem in found]


def test_a_run_that_bears_out_its_phase_is_read_without_a_word():
    extraction = extract(SAMPLE, FORMAT)
    [verdict] = [claim for claim in rows(extraction, "claims") if claim["field"] == "verdict"]
    assert (verdict["value"], verdict["vocabulary"]) == ("Successful", "argo-phase")
    assert verdict["locator"] == "yaml=0;json-pointer:/status/phase"
    assert claims(extraction, "started_at") == ["2026-11-20T09:05:02Z"]
    assert claims(extraction, "finished_at") == ["2026-11-20T09:09:10Z"]
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_each_metric_is_a_row_with_its_last_value_and_condition():
    names = ("name", "statistic", "value", "threshold", "status", "samples")
    assert [tuple(row[name] for name in names) for row in rows(extract(SAMPLE, FORMAT), "metrics")] == [
        ("success-rate", "analysis", "[0.999]", "result[0] >= 0.99", "Successful", 4),
        ("latency", "analysis", "[151]", "result[0] < 250", "Successful", 2),
    ]


def test_arguments_that_name_versions_are_claims_and_nothing_else_names_the_candidate():
    extraction = extract(SAMPLE, FORMAT)
    assert claims(extraction, "candidate.version") == ["4.12.0-rc.3"]
    assert claims(extraction, "baseline.version") == ["4.11.2"]
    for field in ("service.name", "artifact.digest", "environment.observed"):
        assert claims(extraction, field) == []


def test_queries_and_addresses_are_never_copied():
    text = str([table.to_pylist() for table in extract(SAMPLE, FORMAT).tables.values()])
    assert "histogram_quantile" not in text
    assert "prometheus.internal" not in text


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (lambda run: result(run).update(phase="Failed"), "a metric that is Failed"),
        (lambda run: result(run).update(phase="Inconclusive"), "a metric that is Inconclusive"),
        (lambda run: result(run).update(failed=2), "2 failed over a failureLimit of 1"),
        (lambda run: result(run, 1).update(failed=1), "1 failed over a failureLimit of 0"),
        (lambda run: result(run).update(inconclusive=1), "1 inconclusive over a inconclusiveLimit of 0"),
        (lambda run: result(run).update(consecutiveError=5, error=5), "5 errors in a row over a limit of 4"),
        (lambda run: result(run).update(message="Metric Terminated"), "a metric that was terminated, not measured to its end"),
        (
            lambda run: result(run)["measurements"][3].update(message="metric terminated"),
            "a metric that was terminated, not measured to its end",
        ),
        (lambda run: result(run).update(count=3), "3 of 4 measurements"),
        (lambda run: run["status"]["metricResults"].pop(), "a metric without any result"),
        (lambda run: [result(run).update(successful=0, measurements=[])], "no successful measurement"),
    ],
)
def test_a_successful_run_whose_own_numbers_say_otherwise_is_a_contradiction(change, found):
    extraction = read(change)
    assert found in contradictions(extraction)
    assert claims(extraction, "verdict") == ["Successful"]  # the document's own word is kept beside it


@pytest.mark.parametrize("phase", ["Error", "Failed"])
def test_success_over_nothing_but_bad_measurements_is_a_contradiction(phase):
    def change(run):
        for metric in run["status"]["metricResults"]:
            del metric["successful"]
            for measurement in metric["measurements"]:
                measurement["phase"] = phase

    assert contradictions(read(change)).count("no successful measurement") == 2


def test_measurements_outweigh_counters_that_leave_failures_out():
    def change(run):
        del result(run)["failed"]
        result(run)["measurements"][0]["phase"] = "Failed"

    assert contradictions(read(change)) == ["2 failed over a failureLimit of 1"]


def test_counters_are_the_number_of_the_measurements_where_all_are_kept():
    def counted(**counters):
        return contradictions(read(lambda run: result(run).update(measurements=[{"phase": "Successful"}] * 4, **counters)))

    assert counted(count=4, successful=4, failed=0) == []
    assert counted(count=4, successful=2, failed=0) == ["2 successful measurements where 4 are listed"]
    assert counted(count=30, successful=30, failed=0) == []  # the last ten are kept


def test_the_summary_counts_the_metrics_that_are_listed():
    assert contradictions(read(lambda run: run["status"].update(runSummary={"count": 2, "successful": 2}))) == []
    told = contradictions(read(lambda run: run["status"].update(runSummary={"count": 2, "successful": 1, "failed": 1})))
    assert told == ["1 metrics where 2 are listed", "1 metrics where 0 are listed"]


def test_a_successful_run_without_any_metric_is_a_contradiction():
    def change(run):
        run["status"]["metricResults"] = []
        run["spec"]["metrics"] = []

    assert contradictions(read(change)) == ["no metric at all"]


def test_counters_keep_what_truncated_measurements_lost():
    def change(run):
        run["spec"]["metrics"][0].update(count=100, failureLimit=20)
        result(run).update(count=100, successful=90, failed=10)
        result(run)["measurements"] = [{"phase": "Failed", "startedAt": "2026-11-20T09:08:02Z"}] * 10

    assert contradictions(read(change)) == []


@pytest.mark.parametrize("limit", [-1, "-1", "{{args.limit}}"])
def test_no_limit_and_a_limit_that_is_not_spelled_out_judge_nothing(limit):
    def change(run):
        run["spec"]["metrics"][0]["failureLimit"] = limit
        result(run).update(failed=50, count=53)

    assert contradictions(read(change)) == []


def test_a_dry_run_decides_nothing():
    extraction = read(lambda run: result(run).update(dryRun=True, phase="Failed"))
    assert contradictions(extraction) == []
    assert [row["statistic"] for row in rows(extraction, "metrics")] == ["dry run", "analysis"]


def test_an_error_text_that_speaks_of_termination_is_no_terminated_metric():
    assert contradictions(read(lambda run: result(run)["measurements"][1].update(message="pod was terminated by the kubelet"))) == []


@pytest.mark.parametrize("phase", ["Failed", "Error", "Inconclusive", "Running", "Pending", "Surprising"])
def test_other_phases_keep_their_word(phase):
    extraction = read(lambda run: run["status"].update(phase=phase))
    assert claims(extraction, "verdict") == [phase]
    assert contradictions(extraction) == []


def test_without_a_completion_time_the_last_measurement_ends_the_run():
    extraction = read(lambda run: run["status"].pop("completedAt"))
    [claim] = [claim for claim in rows(extraction, "claims") if claim["field"] == "finished_at"]
    assert (claim["value"], claim["confidence"]) == ("2026-11-20T09:08:03Z", "derived")
    assert claims(read(lambda run: (run["status"].pop("completedAt"), run["status"].update(phase="Running"))), "finished_at") == []


def test_a_body_that_a_provider_returned_is_not_copied():
    extraction = read(lambda run: result(run)["measurements"][3].update(value="x" * 201))
    assert rows(extraction, "metrics")[0]["value"] is None


@pytest.mark.parametrize(
    "change",
    [
        lambda run: run.pop("status"),
        lambda run: run.update(status={}),
        lambda run: run.update(kind="AnalysisTemplate"),
        lambda run: run.update(kind="Rollout"),
        lambda run: run.update(apiVersion="flagger.app/v1beta1"),
    ],
)
def test_a_template_or_a_run_without_status_is_no_evidence(change):
    assert FORMAT not in recognised(orjson.dumps(changed(change)))


def test_a_list_and_a_yaml_stream_hold_several_runs_each_named():
    second = changed(lambda run: (run["metadata"].update(name="second"), run["status"].update(phase="Failed")))
    both = {"apiVersion": "v1", "kind": "List", "metadata": {"resourceVersion": ""}, "items": [RUN, second]}
    stream = SAMPLE + b"---\n" + orjson.dumps(second)
    for data, where in ((orjson.dumps(both), "json-pointer:/items/1"), (stream, "yaml=1;json-pointer:")):
        extraction = extract(data, FORMAT)
        verdicts = [claim for claim in rows(extraction, "claims") if claim["field"] == "verdict"]
        assert [(claim["subject"], claim["value"]) for claim in verdicts] == [
            ("billing-api-6f646bf7b7-12-2", "Successful"),
            ("second", "Failed"),
        ]
        assert verdicts[1]["locator"] == f"{where}/status/phase"
        assert not_understood(extraction) == []


def test_an_unknown_member_is_not_understood():
    assert not_understood(read(lambda run: run["status"].update(mood="good"))) == ["/status/mood"]


def test_drift_is_told():
    drift.assert_drift_is_told(
        orjson.dumps(RUN),
        [
            *("/status", "/status/phase", "/status/metricResults", "/status/metricResults/*/name", "/status/metricResults/*/phase"),
            "/status/metricResults/*/measurements/*/phase",
        ],
        joined={"finished_at", "value", "threshold"},
        parse=orjson.loads,
    )


def test_the_corpus_is_read():
    found = corpus.read_all("canary/argo-analysisrun")
    read_ones = {path: known[0] for path, known in found.items() if known}
    assert len(read_ones) == 3  # the others have no status
    for path, extraction in read_ones.items():
        assert extraction.format == FORMAT
        assert not_understood(extraction) == [], path
        assert len(claims(extraction, "verdict")) == 1


def test_a_label_may_say_the_version_that_was_tried():
    extraction = read(lambda run: run["metadata"].setdefault("labels", {}).update({"app.kubernetes.io/version": "9.9.9"}))
    assert "9.9.9" in claims(extraction, "candidate.version")
