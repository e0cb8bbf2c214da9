from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.evidence.support import extract, not_understood, problems, recognised, rows

SAMPLE = (Path(__file__).parent / "samples" / "helm.diff").read_bytes()
FORMAT = "helm-diff"
HEADER = "payments, billing-api, Deployment (apps) "


def changes(data):
    columns = ("file", "key", "action", "sensitive", "locator")
    return [tuple(row[name] for name in columns) for row in rows(extract(data, FORMAT), "config_changes")]


def test_each_key_that_changes_is_a_row_of_its_object():
    deployment, secret, legacy, tls = (
        "Deployment/payments/billing-api",
        "Secret/payments/billing-api-db",
        "ConfigMap/payments/legacy",
        "Secret/payments/tls",
    )
    assert changes(SAMPLE) == [
        (deployment, "replicas", "changed", None, "line=5,7"),
        (deployment, "LOG_LEVEL", "changed", None, "line=12,14"),
        (secret, "dsn", "changed", True, "line=19,21"),
        (legacy, None, "removed", None, "line=21,22"),
        (legacy, None, "removed", None, "line=22,23"),
        (legacy, "apiVersion", "removed", None, "line=23,24"),
        (legacy, "data", "removed", None, "line=24,25"),
        (legacy, "mode", "removed", None, "line=25,26"),
        (tls, None, "added", None, "line=27,28"),
        (tls, None, "added", True, "line=28,29"),
    ]
    assert problems(extract(SAMPLE, FORMAT)) == []
    assert not_understood(extract(SAMPLE, FORMAT)) == []


def test_colours_and_line_ends_change_nothing():
    coloured = b"\n".join(b"\x1b[33m" + line + b"\x1b[0m" for line in SAMPLE.splitlines())
    assert changes(coloured) == changes(SAMPLE) == changes(SAMPLE.replace(b"\n", b"\r\n"))


@pytest.mark.parametrize(
    ("what", "action"),
    [
        ("to be added.", "added"),
        ("to be removed.", "removed"),
        ("to be changed.", "changed"),
        ("to change ownership.", "changed"),
        ("changed ownership:", "changed"),
        ("has changed, but diff is empty after suppression.", "changed"),
    ],
)
def test_an_object_whose_lines_are_not_shown_is_a_row(what, action):
    assert [row[:3] for row in changes(f"{HEADER}{what}\n".encode())] == [("Deployment/payments/billing-api", None, action)]


@pytest.mark.parametrize(("added", "told"), [(1, []), (2, [("CONTRADICTION", "line=1,2")])])
def test_totals_that_differ_from_the_objects_are_told(added, told):
    plan = f"Plan: {added} to add, 0 to change, 0 to destroy, 0 to change ownership.\n"
    assert problems(extract(f"{HEADER}to be added.\n{plan}".encode(), FORMAT)) == told


def test_a_value_is_never_copied():
    text = str([table.to_pylist() for table in extract(SAMPLE, FORMAT).tables.values()])
    assert "SWORDFISH" not in text
    assert "templates/legacy" not in text


def test_a_line_that_nothing_declares_is_not_understood():
    extraction = extract(SAMPLE + b"an odd line\n", FORMAT)
    assert not_understood(extraction) == ["/line/not understood"]
    assert sum(extraction.loss().values()) == sum(bool(line.strip()) for line in SAMPLE.splitlines()) + 1


def test_a_header_in_other_words_is_not_understood():
    assert not_understood(extract(SAMPLE.replace(b"has been removed:", b"has been retired:"), FORMAT)) == ["/line/not understood"]


@pytest.mark.parametrize("other", [b"a, b, C (d) has happened:\n- x\n", b"# Note\n\n```\n" + SAMPLE + b"```\n", b"- a: 1\n+ a: 2\n"])
def test_other_texts_are_left(other):
    assert FORMAT not in recognised(other)


@given(st.lists(st.sampled_from(["  a: 1", "- a: 1", "+ a: 2", "+ b=3", "+", "...", "noise", HEADER + "has changed:"]), max_size=12))
def test_no_changed_line_vanishes_silently(lines):
    extraction = extract("\n".join([HEADER + "has changed:", "- z: 0", "+ z: 1", *lines, ""]).encode(), FORMAT)
    assert len(rows(extraction, "config_changes")) >= 1
    assert sum(extraction.loss().values()) == 3 + len(lines)
    assert bool(not_understood(extraction)) == ("noise" in lines)
