from pathlib import Path

import pytest

from tests.evidence import corpus
from tests.evidence.support import extract, not_understood, problems, recognised, rows

SAMPLES = Path(__file__).parent / "samples"
HUMAN = (SAMPLES / "dyff-human.txt").read_bytes()
GITHUB = (SAMPLES / "dyff-github.txt").read_bytes()
FORMAT = "dyff"


def changes(data):
    return [(row["file"], row["key"], row["action"], row["locator"]) for row in rows(extract(data, FORMAT), "config_changes")]


def test_each_difference_is_a_row_and_entries_of_maps_go_by_their_names():
    secret = "v1/Secret/billing-api-db"
    assert changes(HUMAN) == [
        ("apps/v1/Deployment/billing-api", "spec.replicas", "changed", "line=8,9"),
        (secret, "data.old-password", "removed", "line=14,15"),
        (secret, "data.password", "added", "line=16,17"),
        (secret, "data.tls", "added", "line=17,18"),
        ("v1/ConfigMap/flags", "order", "changed", "line=21,22"),
        (None, "list", "removed", "line=26,27"),
        (None, "list", "added", "line=26,27"),
        ("v1/Service/new", None, "added", "line=31,32"),
    ]
    assert not_understood(extract(HUMAN, FORMAT)) == []
    assert problems(extract(HUMAN, FORMAT)) == []


def test_the_github_style_is_read_with_its_colours():
    assert changes(GITHUB) == [
        ("apps/v1/Deployment/billing-api", "spec.replicas", "changed", "line=2,3"),
        (None, "/data/password", "added", "line=8,9"),
    ]
    assert not_understood(extract(GITHUB, FORMAT)) == []


@pytest.mark.parametrize("sample", [HUMAN, GITHUB])
def test_a_value_is_never_copied(sample):
    assert "SWORDFISH" not in str([table.to_pylist() for table in extract(sample, FORMAT).tables.values()])


@pytest.mark.parametrize(
    ("sample", "statement"), [(HUMAN, "⇆ order changed"), (HUMAN, "- two list entries removed:"), (GITHUB, "± value change")]
)
def test_a_statement_in_other_words_is_not_understood(sample, statement):
    changed = extract(sample.replace(statement.encode(), "± something else".encode()), FORMAT)
    assert not_understood(changed) == ["/line/not understood"]


def test_the_ledger_adds_up():
    assert sum(extract(HUMAN, FORMAT).loss().values()) == sum(bool(line.strip()) for line in HUMAN.splitlines())


def test_line_ends_change_nothing():
    assert changes(HUMAN.replace(b"\n", b"\r\n")) == changes(HUMAN)


@pytest.mark.parametrize(
    "other",
    [
        b"spec.replicas\n    - 2\n    + 3\n",
        b"# Note\n\n```\n" + HUMAN[HUMAN.index(b"spec.") :] + b"```\n",
        b"@@ -1 +1 @@\n! a\n",
        "± value change\n".encode(),
        b"- a list\n  - one more entry\n",
    ],
)
def test_other_texts_are_left(other):
    assert FORMAT not in recognised(other)


def test_the_corpus_is_read():
    for path, extractions in corpus.read_all("config-diff/dyff-output").items():
        assert [known.format for known in extractions] == [FORMAT], path
        assert not_understood(extractions[0]) == [], path
