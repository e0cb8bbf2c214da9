"""Recognition: streams of several documents, lists of objects, and how much of a document it looks at."""

from __future__ import annotations

import json
from typing import Any

import pytest

from release_staging.evidence.open import Opened
from release_staging.evidence.read import read
from release_staging.evidence.recognise import recognise
from release_staging.model.extraction import Extraction
from release_staging.parsing.limits import LIMITS, Unreadable
from tests.evidence.support import claims, problems, recognised, rows

DEPLOYMENT: dict[str, Any] = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "billing-api"},
    "spec": {"template": {"spec": {"containers": [{"name": "billing-api", "image": "registry.example.com/billing-api:4.12.0"}]}}},
}
REPORT: dict[str, Any] = {
    "apiVersion": "wgpolicyk8s.io/v1alpha2",
    "kind": "PolicyReport",
    "metadata": {"name": "billing"},
    "results": [{"policy": "require-limits", "result": "pass"}],
}
SERVICE: dict[str, Any] = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "billing-api"}, "spec": {"ports": []}}
CHART = {"apiVersion": "v2", "name": "billing-api", "version": "1.0.0", "appVersion": "4.12.0"}
STATEMENT = {
    "_type": "https://in-toto.io/Statement/v1",
    "subject": [{"name": "billing-api", "digest": {"sha256": "ab" * 32}}],
    "predicateType": "https://example.com/other/v1",
    "predicate": {},
}
ENVELOPE = {"payloadType": "application/vnd.in-toto+json", "payload": "e30=", "signatures": []}
HEAD = LIMITS.head_bytes


def stream(*documents: object) -> bytes:
    """As a stream of YAML documents."""
    return b"\n---\n".join(json.dumps(document).encode() for document in documents)


def lines(*values: object) -> bytes:
    return b"\n".join(json.dumps(value).encode() for value in values)


def listed(*items: object, kind: str = "List") -> bytes:
    return json.dumps({"apiVersion": "v1", "kind": kind, "items": items}).encode()


def read_alone(data: bytes) -> Extraction:
    opened = Opened(data)
    [known] = recognise(opened)
    return read(opened, known)


@pytest.mark.parametrize("make", [stream, listed])
def test_several_objects_that_two_readers_know_are_of_both_formats(make):
    for order in ((DEPLOYMENT, REPORT), (SERVICE, REPORT, DEPLOYMENT)):
        assert recognised(make(*order)) == ["kubernetes-manifest", "policyreport@v1alpha2"]


@pytest.mark.parametrize("make", [stream, listed])
def test_objects_that_are_no_evidence_do_not_hide_those_that_are(make):
    extraction = read_alone(make(SERVICE, REPORT))
    assert extraction.format == "policyreport@v1alpha2"
    assert [row["status"] for row in rows(extraction, "policy_results")] == ["pass"]


def test_json_lines_that_two_readers_know_are_of_both_formats():
    assert recognised(lines(ENVELOPE, STATEMENT)) == ["dsse-envelope", "in-toto-statement@v1"]


def test_each_document_of_a_stream_is_read_and_one_of_another_format_is_told():
    other = {"notes": "nothing that is known"}
    extraction = read_alone(stream(other, CHART, CHART | {"appVersion": "4.13.0"}))
    assert claims(extraction, "candidate.version") == ["4.12.0", "4.13.0"]
    assert problems(extraction) == [("EVIDENCE_UNRECOGNISED", "yaml=0;json-pointer:")]
    assert {row["locator"] for row in rows(extraction, "artifacts")} == {"yaml=1;json-pointer:", "yaml=2;json-pointer:"}


def test_a_document_of_a_stream_in_another_version_is_told():
    assert problems(read_alone(stream(CHART, CHART | {"apiVersion": "v9"}))) == [("SCHEMA_DRIFT", None)]


def test_json_texts_one_below_another_are_read_as_json_lines():
    entry = [{"filename": "deploy.yaml", "namespace": "main", "successes": 2}]
    data = json.dumps(entry, indent=2).encode() + b"\n" + json.dumps(entry, indent=2).encode() + b"\n"
    extraction = read_alone(data)
    assert extraction.format == "conftest-json"
    assert [row["locator"] for row in rows(extraction, "policy_results")] == [
        "line=0,7;json-pointer:/0/successes",
        "line=7,15;json-pointer:/0/successes",
    ]


@pytest.mark.parametrize(
    ("data", "format_id"),
    [
        pytest.param(lines(*[ENVELOPE] * (HEAD // 60)) + b"\n{", "dsse-envelope", id="json lines"),
        pytest.param(stream(DEPLOYMENT, *[SERVICE] * (HEAD // 90)) + b"\n---\n[", "kubernetes-manifest", id="yaml"),
        pytest.param(json.dumps(CHART).encode() + b"\n# " + b"x" * HEAD + b"\n---\n[", "helm-chart@v2", id="yaml on one line"),
        pytest.param(b"SPDXVersion: SPDX-2.3\n" + b"PackageName: x\n" * (HEAD // 10) + b"\xff", "spdx-tag-value@2.3", id="text"),
        pytest.param(b'<bom xmlns="http://cyclonedx.org/schema/bom/1.5">' + b"<x/>" * (HEAD // 2) + b"<", "cyclonedx-xml@1.5", id="xml"),
    ],
)
def test_a_long_document_is_recognised_by_its_beginning_and_a_fault_behind_it_is_told_when_it_is_read(data, format_id):
    assert len(data) > HEAD
    opened = Opened(data)
    [known] = recognise(opened)
    assert known.format == format_id
    assert [code for code, _ in problems(read(opened, known))] == ["EVIDENCE_UNREADABLE"]


def test_a_document_of_another_format_behind_the_beginning_is_told_when_it_is_read():
    data = lines(*[STATEMENT] * (HEAD // 150), ENVELOPE)
    assert len(data) > HEAD
    extraction = read_alone(data)
    assert extraction.format == "in-toto-statement@v1"
    last = HEAD // 150
    assert problems(extraction) == [("EVIDENCE_UNRECOGNISED", f"line={last},{last + 1};json-pointer:")]


def test_a_document_whose_first_line_is_longer_than_a_beginning_is_looked_at_whole():
    long = STATEMENT | {"predicate": {"text": "x" * HEAD}}
    assert recognised(lines(long, STATEMENT)) == ["in-toto-statement@v1"]
    assert recognised(stream(CHART | {"description": "x" * HEAD}, REPORT)) == ["helm-chart@v2", "policyreport@v1alpha2"]


def test_what_is_json_is_not_tried_as_anything_else():
    opened = Opened(b'{"some": "thing"}')
    assert recognise(opened) == []
    assert set(opened._roots) == {"json"}
    assert opened.read_as() == ["json"]


def test_json_that_breaks_off_is_told_as_such():
    with pytest.raises(Unreadable, match="not valid JSON"):
        recognise(Opened(json.dumps(STATEMENT).encode()[:-9]))
