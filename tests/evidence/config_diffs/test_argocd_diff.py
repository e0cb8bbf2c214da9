from pathlib import Path

import pytest

from tests.evidence.support import extract, not_understood, problems, recognised, rows

SAMPLE = (Path(__file__).parent / "samples" / "argocd.diff").read_bytes()
FORMAT = "argocd-diff"


def changes(data):
    return [(row["file"], row["key"], row["action"], row["locator"]) for row in rows(extract(data, FORMAT), "config_changes")]


def test_each_key_that_changes_is_a_row_of_its_object():
    deployment, flags = "Deployment/payments/billing-api", "ConfigMap/payments/flags"
    assert changes(SAMPLE) == [
        (deployment, "image", "changed", "line=3,6"),
        (deployment, "name", "added", "line=7,8"),
        (deployment, "POOL_SIZE", "added", "line=8,9"),
        (flags, None, "added", "line=11,12"),
        (flags, "apiVersion", "added", "line=12,13"),
        (flags, "data", "added", "line=13,14"),
        (flags, "new-ledger", "added", "line=14,15"),
        (flags, "kind", "added", "line=15,16"),
    ]
    assert problems(extract(SAMPLE, FORMAT)) == []
    assert not_understood(extract(SAMPLE, FORMAT)) == []


def test_lines_put_in_front_of_an_object_do_not_add_it():
    front = b"===== /ConfigMap payments/flags ======\n0a1\n> # note: x\n"
    assert changes(front) == [("ConfigMap/payments/flags", None, "added", "line=2,3")]


def test_an_object_that_goes_is_removed():
    gone = b"===== /ConfigMap payments/flags ======\n1,2d0\n< apiVersion: v1\n< kind: ConfigMap\n"
    assert changes(gone)[0] == ("ConfigMap/payments/flags", None, "removed", "line=1,2")


def test_line_ends_change_nothing():
    assert changes(SAMPLE.replace(b"\n", b"\r\n")) == changes(SAMPLE)


def test_a_diff_that_was_cut_off_is_told():
    assert problems(extract(SAMPLE[: SAMPLE.index(b'>           value: "SWORD')], FORMAT)) == [("EVIDENCE_UNREADABLE", "line=6,7")]


def test_a_value_is_never_copied():
    assert "SWORDFISH" not in str([table.to_pylist() for table in extract(SAMPLE, FORMAT).tables.values()])


def test_a_line_that_nothing_declares_is_not_understood():
    extraction = extract(SAMPLE + b"an odd line\n", FORMAT)
    assert not_understood(extraction) == ["/line/not understood"]
    assert sum(extraction.loss().values()) == sum(bool(line.strip()) for line in SAMPLE.splitlines()) + 1


def test_a_unified_diff_below_the_header_is_one():
    unified = b"===== /ConfigMap payments/flags ======\n--- /tmp/live.yaml\n+++ /tmp/target.yaml\n@@ -1 +1 @@\n-a: 1\n+a: 2\n"
    assert recognised(unified) == ["unified-diff"]


@pytest.mark.parametrize("other", [b"===== Title ======\n35c35\n< a\n", b"# Note\n\n```\n" + SAMPLE + b"```\n", b"35c35\n< a\n---\n> b\n"])
def test_other_texts_are_left(other):
    assert FORMAT not in recognised(other)
