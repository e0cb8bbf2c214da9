from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from release_staging.evidence.config_diffs.changed_keys import key_of
from release_staging.evidence.config_diffs.diff_paths import file_named, git_header_paths, unquoted
from tests.evidence import corpus
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

SAMPLES = Path(__file__).parent / "samples"
FORMAT_PATCH = (SAMPLES / "format-patch.diff").read_bytes()
GIT_HEADERS = (SAMPLES / "git-headers.diff").read_bytes()
KUBECTL = (SAMPLES / "kubectl.diff").read_bytes()
COMBINED = (SAMPLES / "combined.diff").read_bytes()


def changes(data: bytes) -> list[tuple[str, str | None, str, str]]:
    return [(row["file"], row["key"], row["action"], row["locator"]) for row in rows(extract(data, "unified-diff"), "config_changes")]


def one_file(*lines: str, old: int, new: int) -> bytes:
    return "\n".join(["--- a/app.yaml", "+++ b/app.yaml", f"@@ -1,{old} +1,{new} @@", *lines, ""]).encode()


def test_a_removed_and_an_added_line_of_one_key_are_one_change():
    assert changes(FORMAT_PATCH)[0] == ("config/production-eu/secrets.yaml", "DB_PASSWORD", "changed", "line=20,22")


def test_every_changed_line_is_told_and_entries_of_a_list_go_by_their_names():
    values = "config/production-eu/values.yaml"
    assert changes(FORMAT_PATCH)[1:] == [
        (values, "replicas", "changed", "line=30,32"),
        (values, None, "added", "line=32,33"),
        (values, "POOL_SIZE", "changed", "line=35,37"),
        (values, "name", "added", "line=39,40"),
        (values, "FEATURE_X", "added", "line=40,41"),
        (values, "liveness", "removed", "line=42,43"),
    ]


def test_a_value_is_never_copied():
    extraction = extract(FORMAT_PATCH, "unified-diff")
    text = " ".join(str(table.to_pylist()) for table in extraction.tables.values())
    assert not [value for value in ("Pa55", "Pa66", "/healthz", "more than") if value in text]


IMAGE = "registry.example.com/billing/api"


@pytest.mark.parametrize(
    ("lines", "named"),
    [
        ((" image:", f"   repository: {IMAGE}", "-  tag: 4.11.2", "+  tag: 4.12.0"), [(f"{IMAGE}:4.12.0", "line=6,7;char=8,14")]),
        ((" image:", "-  tag: 4.11.2", '+  tag: "4.12.0"', f'   repository: "{IMAGE}"'), [(f"{IMAGE}:4.12.0", "line=5,6;char=9,15")]),
        ((f"-image: {IMAGE}:4.11.2", f"+image: {IMAGE}:4.12.0"), [(f"{IMAGE}:4.12.0", f"line=4,5;char=8,{8 + len(IMAGE) + 7}")]),
        ((" images:", f" - name: {IMAGE}", "-  newTag: 4.11.2", "+  newTag: 4.12.0"), [(f"{IMAGE}:4.12.0", "line=6,7;char=11,17")]),
        ((f"   repository: {IMAGE}", " sidecar:", "-  tag: 1.0.0", "+  tag: 1.0.1"), []),  # of something else
        ((" image:", f"   repository: {IMAGE}", "   tag: 4.12.0", "-replicas: 6", "+replicas: 8"), []),  # as it was
        (("-tag: 1", "+tag: 2"), []),
    ],
)
def test_the_image_that_a_change_brings_in_is_claimed(lines, named):
    old, new = (sum(line[0] in signs for line in lines) for signs in (" -", " +"))
    extraction = extract(one_file(*lines, old=old, new=new), "unified-diff")
    said = [claim for claim in rows(extraction, "claims") if claim["field"] == "artifact.reference"]
    assert [(claim["value"], claim["locator"]) for claim in said] == named


def test_a_trailer_names_the_security_review():
    claim = next(claim for claim in rows(extract(FORMAT_PATCH, "unified-diff"), "claims"))
    assert (claim["field"], claim["value"], claim["locator"]) == ("security_review.reference", "SEC-482", "line=7,8;char=17,24")


def test_the_result_of_a_review_is_no_reference_to_it():
    assert claims(extract(FORMAT_PATCH.replace(b"SEC-482", b"approved"), "unified-diff"), "security_review.reference") == []


def test_words_of_authority_in_a_commit_message_are_told_and_negated_ones_are_not():
    assert claims(extract(FORMAT_PATCH, "unified-diff"), "authority.statement") == []
    said = extract(FORMAT_PATCH.replace(b"Not approved", b"Approved"), "unified-diff")
    assert claims(said, "authority.statement") == ["approval"]


def test_a_trailer_inside_a_changed_file_claims_nothing():
    assert claims(extract(one_file("-a: 1", "+Security-Review: SEC-1", old=1, new=1), "unified-diff"), "security_review.reference") == []


def test_renames_modes_binaries_and_quoted_names_are_told():
    assert changes(GIT_HEADERS) == [
        ("conf/old name.env", None, "removed", "line=2,3"),
        ("conf/new name.env", None, "added", "line=3,4"),
        ("conf/new name.env", "B_TIMEOUT", "changed", "line=9,11"),
        ("bin/run", None, "changed", "line=14,15"),
        ("logo.png", None, "changed", "line=17,18"),
        ("conf/größe.json", None, "added", "line=19,20"),
        ("conf/größe.json", None, "added", "line=24,25"),
        ("conf/größe.json", "max", "added", "line=25,26"),
        ("conf/größe.json", None, "added", "line=26,27"),
        ("gone.ini", None, "removed", "line=29,30"),
        ("gone.ini", "limit", "removed", "line=34,35"),
        ("blob.bin", None, "changed", "line=37,38"),
    ]
    assert not_understood(extract(GIT_HEADERS, "unified-diff")) == []


def test_kubectl_diff_names_the_object_and_not_its_temporary_file():
    assert changes(KUBECTL) == [("apps.v1.Deployment.billing.billing-api", "replicas", "changed", "line=7,9")]


def test_colours_change_nothing():
    signs = {b"+": b"32", b"-": b"31", b"@": b"36", b" ": b"0"}
    lines = KUBECTL.splitlines()
    coloured = b"\n".join(b"\x1b[%sm%s\x1b[m" % (signs.get(line[:1], b"1"), line) for line in lines)
    found = (rows(extract(data, "unified-diff"), "config_changes") for data in (b"\n".join(lines), coloured))
    assert next(found) == next(found)
    assert not_understood(extract(coloured, "unified-diff")) == []


def test_a_combined_diff_has_its_changes_too():
    assert changes(COMBINED) == [
        ("config/app.properties", "pool.size", "changed", "line=6,9"),
        ("config/app.properties", "pool.size", "removed", "line=7,8"),
        ("config/app.properties", "pool.wait", "added", "line=9,10"),
    ]
    assert problems(extract(COMBINED, "unified-diff")) == []


@pytest.mark.parametrize("sample", [FORMAT_PATCH, GIT_HEADERS, KUBECTL, COMBINED])
def test_line_ends_change_nothing(sample):
    assert changes(sample.replace(b"\n", b"\r\n")) == changes(sample)


def test_a_removed_line_of_dashes_is_no_file_header():
    sql = one_file(" select 1", "--- drop: all", "+++ keep: all", old=2, new=2)
    assert [row[0] for row in changes(sql)] == ["app.yaml"]


def test_a_hunk_that_was_cut_off_is_told():
    cut = FORMAT_PATCH[: FORMAT_PATCH.index(b"   readiness: /ready")]
    assert ("EVIDENCE_UNREADABLE", "line=28,29") in problems(extract(cut, "unified-diff"))


def test_a_change_outside_every_hunk_is_told():
    extraction = extract(one_file("-a: 1", "+a: 2", "+b: 3", old=1, new=1), "unified-diff")
    assert problems(extraction) == [("EVIDENCE_UNREADABLE", "line=5,6")]
    assert not_understood(extraction) == ["/line/not understood"]


def test_a_line_that_nothing_declares_is_not_understood():
    extraction = extract(KUBECTL + b"an odd line\n", "unified-diff")
    assert not_understood(extraction) == ["/line/not understood"]
    assert sum(extraction.loss().values()) == len([line for line in KUBECTL.splitlines() if line.strip()]) + 1


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("  replicas: 3", "replicas"),
        ("- image: x", "image"),
        ('  "a.b/c": {', "a.b/c"),
        ("export DB_PASSWORD=x", "DB_PASSWORD"),
        ("spring.datasource.url = jdbc:x", "spring.datasource.url"),
        ("LOG_LEVEL=", "LOG_LEVEL"),
        ("MIIEvQIBADANBgkqhkiG9w0BAQEFAASC=", None),
        ("MIIEvQIBADANBgkqhkiG9w0BAQEFAA==", None),
        ("# password: x", None),
        ("https://user:secret@host/path", None),
        ("if a == b", None),
        ("the password is: hunter2", None),
        ("", None),
    ],
)
def test_the_key_of_a_line(line, key):
    assert key_of(line) == key


def test_names_in_headers():
    assert unquoted('"b/tab\\there"') == "b/tab\there"
    assert unquoted("b/x y\t2026-11-20") == "b/x y"
    assert file_named("i/x.yaml", "w/x.yaml") == "x.yaml"
    assert file_named("x.yaml", "x.yaml") == "x.yaml"
    assert file_named("before/x.yaml", "after/x.yaml") == "after/x.yaml"
    assert git_header_paths("diff --git a/my file b/my file") == ("my file", "my file")
    assert git_header_paths("diff --git a/one b/two three") == (None, None)


def test_other_texts_are_no_diff():
    assert recognised(b"# Note\n\n```diff\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a: 1\n+a: 2\n```\n") == []
    assert recognised(b"--- a/x\n+++ b/x\nno hunk\n") == []
    assert recognised(b"- import a\n+ import b\n") == []


def test_a_diff_of_a_runbook_is_a_diff():
    runbook = one_file(" # Rollback", " ", " 1. first", "-2. second", "+2. other", old=4, new=4)
    assert recognised(runbook) == ["unified-diff"]


@given(
    st.lists(
        st.sampled_from([" a: 1", "-a: 1", "+a: 2", "+b=3", "-- x", "+", "\\ No newline", "@@ -1 +1 @@", "diff --git a/y b/y", "noise"]),
        max_size=12,
    )
)
def test_no_changed_line_vanishes_silently(lines):
    extraction = extract(one_file("-z: 0", "+z: 1", *lines, old=1, new=1), "unified-diff")
    told = rows(extraction, "config_changes") or problems(extraction)
    assert told
    assert sum(extraction.loss().values()) == 5 + len(lines)


def test_the_corpus_is_read():
    found = corpus.read_all("config-diff/unified-diff")
    unread = [path for path, extractions in found.items() if [extraction.format for extraction in extractions] != ["unified-diff"]]
    assert unread == ["config-diff/unified-diff/malformed/sourcegraph__go-diff/diff/testdata/sample_bad_hunks.diff"]
