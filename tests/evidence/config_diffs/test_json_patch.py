from pathlib import Path

import pytest

from release_staging.parsing import json
from tests.evidence import corpus, drift
from tests.evidence.support import extract, not_understood, problems, recognised, rows

SAMPLE = (Path(__file__).parent / "samples" / "patch.json").read_bytes()
FORMAT = "json-patch"


def changes(extraction):
    return [(row["locator"], row["key"], row["action"]) for row in rows(extraction, "config_changes")]


def test_each_operation_is_a_row_and_a_move_is_two():
    extraction = extract(SAMPLE, FORMAT)
    assert changes(extraction) == [
        ("json-pointer:/1", "/spec/replicas", "changed"),
        ("json-pointer:/2", "/data/db~1password", "added"),
        ("json-pointer:/3", "/metadata/annotations/a", "removed"),
        ("json-pointer:/4", "/old", "removed"),
        ("json-pointer:/4", "/new", "added"),
        ("json-pointer:/5", "/newer", "added"),
    ]
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_a_patch_in_yaml_is_read_the_same():
    extraction = extract(b"- op: replace\n  path: /spec/replicas\n  value: 3\n", FORMAT)
    assert changes(extraction) == [("yaml=0;json-pointer:/0", "/spec/replicas", "changed")]


def test_a_value_is_never_copied_not_even_as_keys():
    assert "SWORDFISH" not in str([table.to_pylist() for table in extract(SAMPLE, FORMAT).tables.values()])


@pytest.mark.parametrize(
    "value",
    [
        [],
        [{}],
        [{"op": "add", "path": "/a", "value": 1}, {"other": 1}],
        [{"op": "add", "path": "/a", "value": 1, "title": "x"}],
        [{"op": "created", "path": "/a"}],
        [{"op": "add", "path": "a", "value": 1}],
        [{"op": "add", "path": 1, "value": 1}],
        {"op": "add", "path": "/a", "value": 1},
        ["add"],
    ],
)
def test_other_arrays_are_left(value):
    assert FORMAT not in recognised(drift.as_json(value))


@pytest.mark.parametrize(("number", "key"), [(0, "value"), (1, "value"), (2, "value"), (4, "from"), (5, "from")])
def test_an_operation_that_lacks_a_member_is_drift(number, key):
    value = json.parse(SAMPLE)
    del value[number][key]
    assert problems(extract(drift.as_json(value), FORMAT)) == [("SCHEMA_DRIFT", f"json-pointer:/{number}/{key}")]


def test_a_value_of_null_is_a_value():
    assert problems(extract(b'[{"op": "add", "path": "/a", "value": null}]', FORMAT)) == []


def test_drift_is_told():
    drift.assert_drift_is_told(SAMPLE, {"/*/op", "/*/path", "/*/from", "/*/value"}, named={"/*/value/SWORDFISH"})


def test_the_corpus_is_read():
    for path, extractions in corpus.read_all("config-diff/json-patch").items():
        assert [known.format for known in extractions] == [FORMAT], path
