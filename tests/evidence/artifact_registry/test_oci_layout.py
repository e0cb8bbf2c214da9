from pathlib import Path

from tests.evidence import corpus, drift
from tests.evidence.support import extract, not_understood, problems, recognised, rows

SAMPLE = (Path(__file__).parent / "samples" / "oci-layout.json").read_bytes()
FORMAT = "oci-layout@1.0.0"


def test_it_says_that_its_folder_is_a_layout_and_claims_nothing():
    extraction = extract(SAMPLE, FORMAT)
    [row] = rows(extraction, "artifacts")
    assert (row["kind"], row["version"], row["digest"]) == ("oci-layout", "1.0.0", None)
    assert rows(extraction, "claims") == []
    assert problems(extraction) == []


def test_a_version_that_is_not_known_is_drift():
    assert [code for code, _ in problems(extract(b'{"imageLayoutVersion": "2.0.0"}', "oci-layout@2.0.0"))] == ["SCHEMA_DRIFT"]


def test_an_unknown_member_is_not_understood():
    assert not_understood(extract(b'{"imageLayoutVersion": "1.0.0", "sealed": 1}', FORMAT)) == ["/sealed"]


def test_another_version_is_something_else():
    assert recognised(b'{"layoutVersion": "1.0.0"}') == []


def test_drift_is_told():
    drift.assert_drift_is_told(SAMPLE, {"/imageLayoutVersion"})


def test_the_corpus_is_read_whole():
    for path, extractions in corpus.read_all("artifact-registry/oci-layout").items():
        assert [extraction.format for extraction in extractions] == [FORMAT], path
        assert problems(extractions[0]) == [], path
