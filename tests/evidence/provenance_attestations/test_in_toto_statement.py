import copy
from pathlib import Path

import pytest

from release_staging.parsing import json
from tests.evidence import corpus, drift
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

SAMPLES = Path(__file__).parent / "samples"
V1, V02 = (SAMPLES / "slsa-v1.json").read_bytes(), (SAMPLES / "slsa-v0.2.json").read_bytes()
COMMIT = "9f2c4e1b7a6d5c3f8e0b1a2d4c6e8f0a1b3c5d7e"


def changed(data, change):
    value = copy.deepcopy(json.parse(data))
    change(value)
    return drift.as_json(value)


def read(data, change=lambda value: None):
    return extract(changed(data, change), f"in-toto-statement@{json.parse(data)['_type'].rpartition('/')[2]}")


def claim_of(extraction, field):
    [claim] = [claim for claim in rows(extraction, "claims") if claim["field"] == field]
    return claim


def test_slsa_v1_links_artifact_commit_run_and_builder():
    extraction = extract(V1, "in-toto-statement@v1")
    digest = claim_of(extraction, "artifact.digest")
    assert digest["value"] == "sha256:5f2a1c9d3b4e6f708192a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f8"
    assert (digest["subject"], digest["locator"]) == ("ghcr.io/acme-pay/billing-api", "json-pointer:/subject/0/digest/sha256")
    commit = claim_of(extraction, "candidate.commit")
    assert (commit["value"], commit["confidence"]) == (COMMIT, "exact")
    assert commit["locator"] == "json-pointer:/predicate/buildDefinition/resolvedDependencies/0/digest/gitCommit"
    assert claims(extraction, "repository.url") == ["https://github.com/acme-pay/billing-api"]
    assert claims(extraction, "candidate.tag") == ["v4.12.0-rc.3"]
    assert claims(extraction, "build.url") == ["https://github.com/acme-pay/billing-api/actions/runs/14608503539/attempts/2"]
    assert (claims(extraction, "build.id"), claims(extraction, "build.attempt")) == (["14608503539"], ["2"])
    assert claim_of(extraction, "build.id")["confidence"] == "derived"
    assert claims(extraction, "started_at") == ["2026-11-20T08:31:04Z"]
    assert claims(extraction, "finished_at") == ["2026-11-20T08:40:41Z"]
    [row] = rows(extraction, "attestations")
    assert row["builder"] == claims(extraction, "builder.id")[0]
    assert (row["signature"], row["predicate_type"]) == ("not_attempted", "https://slsa.dev/provenance/v1")
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_slsa_v02_says_the_same_in_other_places():
    extraction = extract(V02, "in-toto-statement@v0.1")
    assert claims(extraction, "candidate.commit") == [COMMIT]
    assert claims(extraction, "repository.url") == ["https://github.com/acme-pay/billing-api"]
    assert claims(extraction, "candidate.branch") == ["main"]
    assert (claims(extraction, "build.id"), claims(extraction, "build.attempt")) == (["14608503539"], ["1"])
    assert claims(extraction, "started_at") == ["2026-11-20T08:31:04Z"]
    assert claims(extraction, "artifact.digest") == ["sha256:1c9d3b4e6f708192a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f85f2a"]
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_provenance_names_the_workflow_that_built_and_the_one_that_called_it():
    own, generator = (
        f"github.com/{path}.yml"
        for path in (
            "acme-pay/billing-api/.github/workflows/release",
            "slsa-framework/slsa-github-generator/.github/workflows/generator_generic_slsa3",
        )
    )
    assert set(claims(extract(V1, "in-toto-statement@v1"), "build.workflow")) == {own}
    assert claims(extract(V02, "in-toto-statement@v0.1"), "build.workflow") == [own, generator]


def test_a_runner_of_gitlab_is_of_the_project_that_was_built():
    runner = "https://gitlab.example/pay/ledger/-/runners/12"
    extraction = read(V02, lambda value: value["predicate"]["builder"].update(id=runner))
    assert claims(extraction, "repository.url") == ["https://github.com/acme-pay/billing-api", "https://gitlab.example/pay/ledger"]
    assert claims(extraction, "builder.id") == [runner]


def test_a_bare_statement_claims_no_signature_state():
    assert claims(extract(V1, "in-toto-statement@v1"), "signature.state") == []


@pytest.mark.parametrize("spelling", ["https://slsa.dev/provenance/v1.0", "https://slsa.dev/provenance/v1?draft", "slsa.dev/provenance/v1"])
def test_spellings_of_a_predicate_type_are_one_predicate(spelling):
    assert claims(read(V1, lambda value: value.update(predicateType=spelling)), "candidate.commit") == [COMMIT]


def test_statement_and_predicate_versions_are_independent():
    data = changed(V1, lambda value: value.update(_type="https://in-toto.io/Statement/v0.1"))
    assert claims(extract(data, "in-toto-statement@v0.1"), "candidate.commit") == [COMMIT]


def test_another_predicate_is_summarised_by_a_rule_that_says_so():
    def change(value):
        value.update(predicateType="https://example.com/review/v1", predicate={"reviewer": {"name": "someone"}})

    extraction = read(V1, change)
    assert [row["predicate_type"] for row in rows(extraction, "attestations")] == ["https://example.com/review/v1"]
    [loss] = [loss for loss in rows(extraction, "losses") if loss["path"].startswith("/predicate/")]
    assert (loss["path"], loss["summarised"], loss["rule"]) == ("/predicate/reviewer/name", 1, "predicate-not-opened")
    assert claims(extraction, "candidate.commit") == []


def test_a_git_commit_as_subject_is_source_and_no_artifact():
    extraction = read(
        V1, lambda value: value.update(subject=[{"name": "repo", "digest": {"gitCommit": COMMIT}}], predicateType="https://x/y")
    )
    assert claims(extraction, "artifact.digest") == []
    assert claim_of(extraction, "candidate.commit")["subject"] == "repo"


def test_each_digest_of_each_subject_is_a_row():
    subjects = [
        {"name": "a", "digest": {"SHA256": "aa" * 32, "sha512": "bb" * 64}},
        {"uri": "pkg:npm/b@1", "digest": {"sha256": "cc" * 32}},
    ]
    extraction = read(V1, lambda value: value.update(subject=subjects))
    assert [(row["subject_name"], row["subject_digest"][:9]) for row in rows(extraction, "attestations")] == [
        ("a", "sha256:aa"),
        ("a", "sha512:bb"),
        ("pkg:npm/b@1", "sha256:cc"),
    ]


def test_of_several_repositories_the_one_the_parameters_name_is_the_source():
    other = {"uri": "git+https://github.com/acme-pay/build-tools@refs/heads/main", "digest": {"gitCommit": "0" * 40}}
    extraction = read(V1, lambda value: value["predicate"]["buildDefinition"]["resolvedDependencies"].insert(0, other))
    assert claims(extraction, "candidate.commit") == [COMMIT]
    assert claim_of(extraction, "candidate.commit")["confidence"] == "derived"


def test_of_several_repositories_none_is_guessed():
    def change(value):
        definition = value["predicate"]["buildDefinition"]
        definition["externalParameters"] = {}
        definition["resolvedDependencies"].append({"uri": "git+https://github.com/acme-pay/tools", "digest": {"gitCommit": "0" * 40}})

    extraction = read(V1, change)
    assert claims(extraction, "candidate.commit") == []
    assert claims(extraction, "repository.url") == []
    assert [code for code, _ in problems(extraction)] == ["LOW_CONFIDENCE"]


def test_the_definition_of_a_tekton_pipeline_is_not_its_source():
    def change(value):
        predicate = value["predicate"]
        predicate["buildType"] = "tekton.dev/v1beta1/PipelineRun"
        predicate["invocation"]["configSource"]["uri"] = "git+https://github.com/tektoncd/catalog.git"
        predicate["materials"].append({"uri": "git+https://github.com/tektoncd/catalog.git", "digest": {"sha1": "1" * 40}})

    extraction = read(V02, change)
    assert claims(extraction, "candidate.commit") == []
    assert [code for code, _ in problems(extraction)] == ["LOW_CONFIDENCE"]


def test_a_source_without_its_commit_is_drift():
    extraction = read(V1, lambda value: value["predicate"]["buildDefinition"]["resolvedDependencies"][0].update(digest={}))
    assert claims(extraction, "candidate.commit") == []
    assert ("SCHEMA_DRIFT", "json-pointer:/predicate/buildDefinition/resolvedDependencies/0/digest/gitCommit") in problems(extraction)


def test_an_image_dependency_is_no_source():
    extraction = read(V02, lambda value: value["predicate"]["materials"].pop(0))
    assert claims(extraction, "candidate.commit") == [COMMIT]  # from the configuration source
    assert claim_of(extraction, "candidate.commit")["locator"] == "json-pointer:/predicate/invocation/configSource/digest/sha1"


@pytest.mark.parametrize("subject", [[], None, "missing"])
def test_a_statement_without_subjects_attests_nothing_and_is_told(subject):
    extraction = read(V1, lambda value: value.pop("subject") if subject == "missing" else value.update(subject=subject))
    assert problems(extraction) == [("SCHEMA_DRIFT", "json-pointer:/subject")]
    assert rows(extraction, "attestations") == []


def test_a_digest_in_capitals_is_the_same_digest():
    extraction = read(V1, lambda value: value["subject"][0]["digest"].update(sha256=value["subject"][0]["digest"]["sha256"].upper()))
    assert [row["subject_digest"] for row in rows(extraction, "attestations")][:1] == [rows(read(V1), "attestations")[0]["subject_digest"]]


def test_json_lines_hold_several_statements_and_each_is_located_by_its_line():
    lines = b"\n".join(drift.as_json(json.parse(data)) for data in (V1, V02))
    extraction = extract(lines, "in-toto-statement@v1")
    assert [row["locator"] for row in rows(extraction, "attestations")] == [
        "line=0,1;json-pointer:/subject/0",
        "line=1,2;json-pointer:/subject/0",
    ]


def test_values_of_the_build_environment_are_never_copied():
    extraction = read(V02, lambda value: value["predicate"]["invocation"]["environment"].update(TOKEN="hunter2-secret"))
    assert "hunter2-secret" not in str([table.to_pylist() for table in extraction.tables.values()])


@pytest.mark.parametrize("kind", ["https://in-toto.io/StatementA/v1", "layout", "link", ""])
def test_what_is_not_a_statement_is_not_recognised(kind):
    assert recognised(changed(V1, lambda value: value.update(_type=kind))) == []


def test_an_unknown_version_of_the_statement_is_read_and_told():
    extraction = extract(changed(V1, lambda value: value.update(_type="https://in-toto.io/Statement/v0.2")), "in-toto-statement@v0.2")
    assert claims(extraction, "candidate.commit") == [COMMIT]
    assert ("SCHEMA_DRIFT", None) in problems(extraction)


def test_an_unknown_member_is_not_understood():
    extraction = read(V1, lambda value: value["predicate"]["runDetails"].update(surprise=1))
    assert not_understood(extraction) == ["/predicate/runDetails/surprise"]


@pytest.mark.parametrize(
    ("data", "required"),
    [
        (V1, ["/predicateType", "/subject", "/predicate", "/predicate/runDetails/builder/id", "/predicate/buildDefinition"]),
        (V02, ["/predicateType", "/subject", "/predicate", "/predicate/builder", "/predicate/builder/id"]),
    ],
)
def test_drift_is_told(data, required):
    drift.assert_drift_is_told(
        data, required, joined={"build.id", "repository.url", "candidate.commit", "candidate.tag", "candidate.branch"}
    )


def test_the_corpus_is_read():
    found = corpus.read_all("provenance/in-toto-statement")
    assert {match.format.partition("@")[0] for known in found.values() for match in known} == {"in-toto-statement"}
    assert all(len(known) == 1 for known in found.values()), [path for path, known in found.items() if len(known) != 1]
