from pathlib import Path

import yaml

from release_staging.parsing.yaml import parse_all
from tests.evidence import corpus, drift
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

SAMPLE = (Path(__file__).parent / "samples" / "kubernetes.yaml").read_bytes()
FORMAT = "kubernetes-manifest"
REPOSITORY = "registry.example.com/billing"
DIGEST = "sha256:3b1f6a0de0c1b1a7f4d5c6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f8091a2b"
API = f"{REPOSITORY}/billing-api:4.12.0-rc.3"


def dump(values):
    return yaml.safe_dump_all(values).encode()


def changed(change):
    values = parse_all(SAMPLE)
    change(values)
    return extract(dump(values), FORMAT)


def container(values):
    return values[3]["spec"]["template"]["spec"]["containers"][0]


def test_every_image_of_a_workload_is_an_artifact():
    extraction = extract(SAMPLE, FORMAT)
    assert [(row["name"], row["reference"], row["digest"]) for row in rows(extraction, "artifacts")] == [
        ("migrate", f"{REPOSITORY}/migrate:4.12.0-rc.3", None),
        ("api", f"{API}@{DIGEST}", DIGEST),
        ("invoices", API, None),
    ]
    assert rows(extraction, "artifacts")[1]["locator"] == "yaml=3;json-pointer:/spec/template/spec/containers/0"
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_a_pinned_image_claims_its_digest():
    [claim] = [claim for claim in rows(extract(SAMPLE, FORMAT), "claims") if claim["field"] == "artifact.digest"]
    assert (claim["value"], claim["subject"], claim["source_value"]) == (DIGEST, API, f"{API}@{DIGEST}")
    assert claim["confidence"] == "derived"


def test_labels_that_agree_name_service_and_version():
    extraction = extract(SAMPLE, FORMAT)
    assert claims(extraction, "service.name") == ["billing-api"]
    assert claims(extraction, "candidate.version") == ["4.12.0-rc.3"]


def test_labels_of_several_applications_name_none():
    def other(values):
        values[4]["metadata"]["labels"] = {"app.kubernetes.io/name": "postgresql", "app.kubernetes.io/version": "16.4"}

    extraction = changed(other)
    assert claims(extraction, "service.name") == claims(extraction, "candidate.version") == []


def test_no_environment_no_configuration_and_no_secret_is_copied():
    extraction = extract(SAMPLE, FORMAT)
    assert "correct-horse-battery" not in str([rows(extraction, table) for table in extraction.tables])


def test_a_list_of_objects_is_read_like_a_stream():
    values = parse_all(SAMPLE)
    extraction = extract(drift.as_json({"apiVersion": "v1", "kind": "List", "items": values, "metadata": {}}), FORMAT)
    assert rows(extraction, "artifacts")[0]["locator"] == "json-pointer:/items/3/spec/template/spec/initContainers/0"
    assert not_understood(extraction) == []


def test_an_image_that_a_template_would_have_filled_names_nothing():
    def template(values):
        container(values)["image"] = "{{ .Values.image.repository }}:{{ .Values.image.tag }}"

    extraction = changed(template)
    assert problems(extraction) == [("SCHEMA_DRIFT", "yaml=3;json-pointer:/spec/template/spec/containers/0/image")]
    assert claims(extraction, "artifact.digest") == []


def test_a_workload_without_containers_is_told():
    def empty(values):
        del values[3]["spec"]["template"]["spec"]["containers"]

    assert problems(changed(empty)) == [("SCHEMA_DRIFT", "yaml=3;json-pointer:/spec/template/spec/containers")]


def test_images_of_another_tool_s_workload_are_told_and_not_dropped():
    def rollout(values):
        values[3] |= {"apiVersion": "serving.knative.dev/v1", "kind": "Service"}

    assert problems(changed(rollout)) == [("EVIDENCE_UNRECOGNISED", "yaml=3;json-pointer:")]


def test_an_unknown_member_of_a_container_is_not_understood():
    def unknown(values):
        container(values)["imageSignature"] = "x"

    assert not_understood(changed(unknown)) == ["/spec/template/spec/containers/*/imageSignature"]


def test_kinds_of_other_tools_are_something_else():
    for api, kind in (
        ("argoproj.io/v1alpha1", "Rollout"),
        ("flagger.app/v1beta1", "Canary"),
        ("tekton.dev/v1", "Pipeline"),
        ("wgpolicyk8s.io/v1alpha2", "PolicyException"),
        ("v1", "Service"),
        ("batch.volcano.sh/v1alpha1", "Job"),
    ):
        assert recognised(f"apiVersion: {api}\nkind: {kind}\nmetadata: {{name: x}}\nspec: {{}}\n".encode()) == [], kind


def test_drift_is_told():
    pod = "/*/spec/template/spec"
    drift.assert_drift_is_told(
        SAMPLE,
        {"/*/metadata", "/*/metadata/name", "/*/kind", "/*/apiVersion", "/*/spec", pod, f"{pod}/containers", f"{pod}/containers/*/image"},
        parse=parse_all,
        dump=dump,
    )


def test_the_workloads_in_the_corpus_are_read():
    folders = ("policy/gatekeeper-constraint", "canary/argo-analysistemplate")
    found = {path: read for path, read in corpus.read_all(*folders).items() if any(one.format == FORMAT for one in read)}
    assert len(found) == 2
    for path, extractions in found.items():
        assert [extraction.format for extraction in extractions] == [FORMAT], path
        assert rows(extractions[0], "artifacts"), path
