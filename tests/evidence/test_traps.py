"""What is easily misread in any format: another encoding of the text, several documents in one, a stream that broke off."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from release_staging.evidence.inspection import inspect
from tests.evidence.support import extract

HERE = Path(__file__).parent
SAMPLES = {
    "XML": HERE / "test_reports/samples/junit-surefire.xml",
    "JSON": HERE / "test_reports/samples/locust-json.json",
    "YAML": HERE / "sboms/samples/spdx-2.3.yaml",
    "CSV": HERE / "test_reports/samples/locust-csv.csv",
    "JSON Lines": HERE / "test_reports/samples/go-test.jsonl",
}
NAMED = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE, "utf-8": codecs.BOM_UTF8}
WORKLOAD = b"""apiVersion: apps/v1
kind: Deployment
metadata: {name: api}
spec: {template: {spec: {containers: [{name: api, image: "acme/api:1"}]}}}
"""
CATALOG = b"""apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: api}
spec: {type: service, lifecycle: production, owner: team-a}
"""


def text_of(name: str) -> str:
    return SAMPLES[name].read_text("utf-8").replace('encoding="UTF-8"', "")


def said(data: bytes) -> list[object]:
    """Format, claims and rows, without the places."""
    made = inspect("document", data).as_json()
    return [made["format"], [(claim["field"], claim["value"]) for claim in made["claims"]], made["rows"]]


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("encoding", NAMED)
def test_a_byte_order_mark_changes_nothing_of_what_a_document_says(name, encoding):
    text = text_of(name)
    plain, marked = text.encode(), NAMED[encoding] + text.encode(encoding)
    assert said(marked) == said(plain)
    assert said(marked)[0] is not None
    extract(marked, str(said(marked)[0]))  # and its places resolve in the bytes as they are


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_told_and_says_nothing_or_what_it_says_anyway(name, encoding):
    data = text_of(name).encode(encoding)
    made = inspect("document", data).as_json()
    if name == "XML" and made["format"] is not None:  # XML 1.0, appendix F: the first characters show how it is encoded
        assert said(data) == said(text_of(name).encode())
        return
    assert (made["format"], made["claims"], made["rows"]) == (None, [], {})
    assert {problem["code"] for problem in made["problems"]} in ({"EVIDENCE_UNREADABLE"}, {"EVIDENCE_UNRECOGNISED"})


def test_yaml_documents_of_two_formats_in_one_stream_are_said_to_be_two():
    problems = inspect("all.yaml", WORKLOAD + b"---\n" + CATALOG).problems
    assert "EVIDENCE_UNRECOGNISED" in {problem["code"] for problem in problems}
    assert any("backstage-catalog" in problem["message"] for problem in problems)


def test_a_yaml_document_that_no_reader_knows_is_told_beside_one_that_is_read():
    made = inspect("all.yaml", CATALOG + b"---\nsomething: else\n").as_json()
    assert made["format"] == "backstage-catalog@v1alpha1"
    assert [problem["locator"] for problem in made["problems"] if problem["code"] == "EVIDENCE_UNRECOGNISED"] == ["yaml=1;json-pointer:"]


def test_json_lines_whose_last_line_broke_off_are_unreadable_at_that_line():
    events = (HERE / "pipeline_runs/samples/cdevents.jsonl").read_bytes()
    assert said(events)[0] is not None
    made = inspect("events.jsonl", events.rstrip()[:-20]).as_json()
    assert (made["claims"], made["rows"]) == ([], {})
    [problem] = made["problems"]
    assert problem["code"] == "EVIDENCE_UNREADABLE"
    assert f"line {len(events.splitlines())}" in problem["message"]


def test_text_after_a_json_document_is_told_as_what_it_is():
    [problem] = inspect("one.json", b'{"a": 1} and more').problems
    assert (problem["code"], "trailing characters" in problem["message"]) == ("EVIDENCE_UNREADABLE", True)
