import copy
from pathlib import Path

import orjson
import pytest

from release_staging.parsing import yaml
from tests.evidence import corpus, drift
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

SAMPLE = (Path(__file__).parent / "samples" / "rollout.yaml").read_bytes()
FORMAT = "argo-rollout@v1alpha1"
ROLLOUT = yaml.parse(SAMPLE)


def changed(change):
    rollout = copy.deepcopy(ROLLOUT)
    change(rollout)
    return rollout


def read(change):
    return extract(orjson.dumps(changed(change)), FORMAT)


def test_the_verdict_is_what_the_status_says_of_the_analysis_run():
    extraction = extract(SAMPLE, FORMAT)
    [verdict] = [claim for claim in rows(extraction, "claims") if claim["field"] == "verdict"]
    assert (verdict["value"], verdict["vocabulary"], verdict["subject"]) == ("Successful", "argo-phase", "billing-api-6f646bf7b7-12")
    assert verdict["locator"] == "yaml=0;json-pointer:/status/canary/currentBackgroundAnalysisRunStatus/status"
    assert problems(extraction) == []
    assert not_understood(extraction) == []


@pytest.mark.parametrize("phase", ["Healthy", "Degraded", "Progressing", "Paused"])
def test_a_phase_of_the_rollout_is_no_result_of_an_analysis(phase):
    extraction = read(lambda rollout: (rollout["status"].update(phase=phase), rollout["status"].update(canary={})))
    assert claims(extraction, "verdict") == []
    assert [(row["statistic"], row["value"], row["status"]) for row in rows(extraction, "metrics")] == [("phase", phase, None)]
    assert problems(extraction) == []


def test_every_analysis_run_of_the_revision_is_a_verdict():
    def change(rollout):
        rollout["status"]["canary"]["currentStepAnalysisRunStatus"] = {"name": "step", "status": "Inconclusive"}
        rollout["status"]["blueGreen"]["prePromotionAnalysisRunStatus"] = {"name": "before", "status": "Failed"}

    assert sorted(claims(read(change), "verdict")) == ["Failed", "Inconclusive", "Successful"]


def test_a_rollout_that_was_aborted_after_success_contradicts_itself():
    def change(rollout):
        rollout["status"]["abort"] = True
        rollout["status"]["abortedAt"] = "2026-11-20T09:13:00Z"

    assert problems(read(change)) == [("CONTRADICTION", "json-pointer:/status/abort")]
    failed = read(
        lambda rollout: (change(rollout), rollout["status"]["canary"]["currentBackgroundAnalysisRunStatus"].update(status="Failed"))
    )
    assert (problems(failed), claims(failed, "verdict")) == ([], ["Failed"])


def test_the_images_are_what_is_rolled_out_and_hashes_name_none():
    extraction = extract(SAMPLE, FORMAT)
    assert claims(extraction, "artifact.reference") == ["registry.example/acme-pay/billing-api:4.12.0-rc.3"]
    assert claims(extraction, "artifact.digest") == []
    assert claims(extraction, "produced_at") == ["2026-11-20T09:12:10Z"]


def test_environment_values_are_never_copied():
    assert "hunter2" not in str([table.to_pylist() for table in extract(SAMPLE, FORMAT).tables.values()])


@pytest.mark.parametrize(
    "change",
    [
        lambda rollout: rollout.pop("status"),
        lambda rollout: rollout.update(status={}),
        lambda rollout: rollout.update(kind="Deployment"),
        lambda rollout: rollout.update(apiVersion="apps/v1"),
    ],
)
def test_a_rollout_without_a_status_is_no_evidence(change):
    assert FORMAT not in recognised(orjson.dumps(changed(change)))


def test_a_list_holds_several_rollouts_each_named():
    other = changed(lambda rollout: (rollout["metadata"].update(name="ledger"), rollout["status"].update(canary={})))
    data = {"apiVersion": "v1", "kind": "List", "metadata": {"resourceVersion": ""}, "items": [ROLLOUT, other]}
    extraction = extract(orjson.dumps(data), FORMAT)
    phases = [(row["name"], row["value"]) for row in rows(extraction, "metrics") if row["statistic"] == "phase"]
    assert phases == [("billing-api", "Healthy"), ("ledger", "Healthy")]
    assert not_understood(extraction) == []


def test_an_unknown_member_is_not_understood():
    assert not_understood(read(lambda rollout: rollout["status"].update(mood="good"))) == ["/status/mood"]


def test_drift_is_told():
    run = "/status/canary/currentBackgroundAnalysisRunStatus"
    required = ["/status", f"{run}/status", f"{run}/name", "/status/conditions/*/lastUpdateTime"]
    drift.assert_drift_is_told(orjson.dumps(ROLLOUT), required, joined={"produced_at"}, parse=orjson.loads)


def test_the_corpus_is_read():
    found = corpus.read_all("canary/argo-rollout")
    read_ones = {path: known[0] for path, known in found.items() if known and known[0].format == FORMAT}
    assert len(read_ones) == 10  # the others have no status
    for path, extraction in read_ones.items():
        assert not_understood(extraction) == [], path
        assert problems(extraction) == [], path
    assert [claim for one in read_ones.values() for claim in claims(one, "verdict")] == ["Failed"]
