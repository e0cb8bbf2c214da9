from pathlib import Path

import pytest

from release_staging.parsing.limits import Unreadable
from tests.evidence import corpus
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

SAMPLE = (Path(__file__).parent / "samples" / "jmeter.xml").read_bytes()
FORMAT = "jmeter-jtl-xml@1.2"


def read(old=b"", new=b""):
    assert old in SAMPLE
    return extract(SAMPLE.replace(old, new) if old else SAMPLE, FORMAT)


def values(extraction, name):
    return {row["statistic"]: row["value"] for row in rows(extraction, "metrics") if row["name"] == name}


def test_samples_are_condensed_by_label_and_located_at_the_first_of_them():
    extraction = read()
    assert values(extraction, "POST /payments") == {"samples": "2", "errors": "0", "min": "176", "avg": "200", "max": "224"}
    assert values(extraction, "checkout") == {"samples": "1", "errors": "1", "min": "400", "avg": "400", "max": "400"}
    assert {row["locator"] for row in rows(extraction, "metrics")} == {
        "xpath:/testResults[1]/httpSample[1]",
        "xpath:/testResults[1]/sample[1]",
    }
    assert {row["status"] for row in rows(extraction, "metrics")} == {None}
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_the_parts_of_a_sample_are_not_counted():
    assert "POST /payments-0" not in {row["name"] for row in rows(read(), "metrics")}


def test_the_run_began_with_its_earliest_sample_and_ended_with_the_end_of_its_latest():
    extraction = read()
    found = {claim["field"]: claim for claim in rows(extraction, "claims")}
    assert found["started_at"]["value"] == "2026-11-20T09:25:01.500Z"
    assert found["started_at"]["locator"] == "xpath:/testResults[1]/httpSample[2]/@ts"
    assert found["finished_at"]["value"] == "2026-11-20T09:25:02.800Z"  # begun at .400, 400 ms long
    assert {claim["confidence"] for claim in found.values()} == {"derived"}


def test_what_was_sent_and_received_is_never_copied():
    assert "hunter2" not in str([table.to_pylist() for table in read().tables.values()])


def test_a_log_of_a_run_that_was_killed_is_unreadable_and_yields_nothing():
    with pytest.raises(Unreadable, match="no element found"):
        recognised(SAMPLE[: SAMPLE.index(b"<sample ")])
    start, _, rest = SAMPLE.partition(b"<sample ")
    large = start + (b"<sample " + rest.partition(b"\n")[0] + b"\n") * 8000  # its end is out of sight where it is recognised
    extraction = extract(large, FORMAT)
    assert [code for code, _ in problems(extraction)] == ["EVIDENCE_UNREADABLE"]
    assert rows(extraction, "metrics") == []


def test_a_successful_sample_with_a_failed_assertion_contradicts_itself():
    extraction = read(b"<failure>false", b"<failure>true")
    assert problems(extraction) == [("CONTRADICTION", "xpath:/testResults[1]/httpSample[1]")]


def test_a_sample_of_a_plugin_is_told_for_the_counts_lack_it():
    extraction = read(b"</testResults>", b"<webdriver.Sample><success>false</success></webdriver.Sample></testResults>")
    assert problems(extraction) == [("SCHEMA_DRIFT", "xpath:/testResults[1]/webdriver.Sample[1]")]
    assert not_understood(extraction) == ["/testResults/webdriver.Sample/success/text()"]


def test_an_empty_log_is_no_load():
    extraction = extract(b'<testResults version="1.2"></testResults>', FORMAT)
    assert problems(extraction) == [("EVIDENCE_EMPTY", "xpath:/testResults[1]")]


@pytest.mark.parametrize(
    ("old", "new", "lost"),
    [
        (b' s="false"', b"", "errors"),
        (b' s="false"', b' s="no"', "errors"),
        (b' s="false"', b' success="false"', "errors"),
        (b' t="400"', b' t="0.4s"', "min"),
    ],
)
def test_a_sample_whose_result_is_not_said_is_drift_and_never_a_good_one(old, new, lost):
    extraction = read(old, new)
    assert [code for code, _ in problems(extraction)] == ["SCHEMA_DRIFT"]
    assert lost not in values(extraction, "checkout")


def test_one_sample_without_a_duration_leaves_its_label_without_times_and_says_so():
    extraction = read(b' t="176"', b"")
    assert values(extraction, "POST /payments") == {"samples": "2", "errors": "0"}
    assert problems(extraction) == [("SCHEMA_DRIFT", "xpath:/testResults[1]/httpSample[1]")]


def test_sample_variables_are_not_understood():
    assert not_understood(read(b' dt=""', b' dt="" TENANT="acme"')) == ["/testResults/sample/@TENANT"]


def test_another_version_is_told():
    extraction = extract(SAMPLE.replace(b'version="1.2"', b'version="2.0"'), "jmeter-jtl-xml@2.0")
    assert [code for code, _ in problems(extraction)] == ["SCHEMA_DRIFT"]


def test_other_roots_are_not_this_format():
    assert recognised(b'<testResults><sample s="true"/></testResults>') == []
    assert recognised(b'<test-results version="1.2"/>') != [FORMAT]


def test_the_corpus_is_read():
    found = corpus.read_all("load-tests/jmeter-jtl-xml")
    for path, known in found.items():
        assert [match.format for match in known] == [FORMAT], path
        assert claims(known[0], "verdict") == []
    strange = [path for path, [known] in found.items() if not_understood(known)]
    assert len(strange) == 2  # sample variables, and samples of a plugin
