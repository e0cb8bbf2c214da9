from pathlib import Path

from tests.evidence import corpus
from tests.evidence.support import claims, extract, problems, recognised, rows

SAMPLE = (Path(__file__).parent / "samples" / "release-please-manifest.json").read_bytes()
FORMAT = "release-please-manifest"


def test_the_package_at_the_root_is_the_candidate():
    extraction = extract(SAMPLE, FORMAT)
    [claim] = rows(extraction, "claims")
    assert (claim["field"], claim["value"], claim["locator"]) == ("candidate.version", "4.12.0", "json-pointer:/.")
    assert problems(extraction) == []


def test_every_package_is_listed_by_its_path():
    assert [(row["name"], row["version"]) for row in rows(extract(SAMPLE, FORMAT), "artifacts")] == [
        (".", "4.12.0"),
        ("clients/python", "2.3.1"),
    ]


def test_of_several_packages_below_the_root_none_is_the_candidate():
    assert claims(extract(b'{"crates/lsp": "1.3.0", "crates/tree": "0.1.1"}', FORMAT), "candidate.version") == []


def test_the_only_package_is_the_candidate():
    assert claims(extract(b'{"services/billing-api": "4.12.0-rc.3"}', FORMAT), "candidate.version") == ["4.12.0-rc.3"]


def test_other_maps_of_names_to_versions_are_something_else():
    for other in (
        b'{"react": "18.0.0", "vue": "3.4.0"}',
        b'{"@types/node": "18.0.0"}',
        b'{"github.com/acme/lib": "1.2.3"}',
        b'{".": "latest"}',
        b'{".": "1.2.3", "packages/a": {"version": "1.2.3"}}',
        b'{"/v1/billing": "1.0.0"}',
        b"{}",
    ):
        assert recognised(other) == [], other


def test_a_map_that_changed_is_not_taken_for_one():
    for other in (b'{".": "4.12.0", "a b:": "1.0.0"}', b'{".": 4}', b'{".": ""}', b'{".": null}', b'{".": {"value": "4.12.0"}}'):
        assert recognised(other) == [], other


def test_the_corpus_is_read_whole():
    for path, extractions in corpus.read_all("release-manifest/release-please-manifest").items():
        assert [extraction.format for extraction in extractions] == [FORMAT], path
        assert extractions[0].loss()["not_understood"] == 0, path
        assert problems(extractions[0]) == [], path
