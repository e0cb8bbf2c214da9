from pathlib import Path

import pytest

from tests.evidence import corpus
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

SAMPLE = (Path(__file__).parent / "samples" / "jmeter.csv").read_text("utf-8")
FORMAT = "jmeter-jtl-csv"
DEFAULT = "1795166702000,224,POST /payments,201,Created,load 1-1,text,true,,546,187,1,1,https://billing.staging.example/,32,0,26\n"


def read(text=SAMPLE, format_id=FORMAT):
    return extract(text.encode(), format_id)


def changed(old, new):
    assert old in SAMPLE
    return read(SAMPLE.replace(old, new, 1))


def values(extraction, name):
    return {row["statistic"]: row["value"] for row in rows(extraction, "metrics") if row["name"] == name}


def test_samples_are_condensed_by_label_and_located_at_the_first_of_them():
    extraction = read()
    assert values(extraction, "POST /payments") == {"samples": "2", "errors": "0", "min": "176", "avg": "200", "max": "224"}
    assert values(extraction, 'checkout "all"') == {"samples": "1", "errors": "1", "min": "400", "avg": "400", "max": "400"}
    assert {row["status"] for row in rows(extraction, "metrics")} == {None}
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_a_record_of_several_lines_is_one_sample_at_all_of_them():
    assert {row["locator"] for row in rows(read(), "metrics")} == {"line=1,2", "line=3,5"}


def test_times_are_claimed_at_their_cells():
    found = {claim["field"]: claim for claim in rows(read(), "claims")}
    assert (found["started_at"]["value"], found["started_at"]["locator"]) == ("2026-11-20T09:25:01.500Z", "line=2,3;char=0,13")
    assert (found["finished_at"]["value"], found["finished_at"]["source_value"]) == ("2026-11-20T09:25:02.800Z", "1795166702400")


def test_time_stamps_in_a_format_of_their_own_are_kept_as_they_are():
    text = SAMPLE.replace("1795166702000", "2026/11/20 11:25:02").replace("1795166701500", '"2026/11/20 11:25:01, first"')
    extraction = read(text.replace("1795166702400", "2026/11/20 11:25:03"))
    assert claims(extraction, "started_at") == ["2026/11/20 11:25:02"]
    assert claims(extraction, "finished_at") == ["2026/11/20 11:25:03"]


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_the_delimiter_is_the_header_s(delimiter):
    header = delimiter.join(("elapsed", "timeStamp", "success", "label"))
    extraction = read(f"{header}\n{delimiter.join(('12', '1795166702000', 'false', 'a,b'))}\n")
    assert values(extraction, "a,b") == {"samples": "1", "errors": "1", "min": "12", "avg": "12", "max": "12"}
    [started] = [claim for claim in rows(extraction, "claims") if claim["field"] == "started_at"]
    assert started["locator"] == "line=1,2;char=3,16"


def test_failure_messages_are_never_copied():
    assert "hunter2" not in str([table.to_pylist() for table in read().tables.values()])


def test_without_a_header_the_columns_are_a_guess_that_is_told():
    extraction = read(DEFAULT * 2, f"{FORMAT}/headerless")
    assert problems(extraction) == [("LOW_CONFIDENCE", "line=0,1")]
    assert values(extraction, "POST /payments")["samples"] == "2"


def test_without_a_column_for_it_success_is_not_assumed():
    extraction = read("timeStamp,elapsed,label\n1795166702000,224,pay\n")
    assert problems(extraction) == [("SCHEMA_DRIFT", "line=0,1")]
    assert "errors" not in values(extraction, "pay")


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        (",load 1-1,true,", ",load 1-1,yes,", "line=1,2"),
        ("1795166702000,224", "1795166702000,0.2s", "line=1,2"),
        (",32,runner,26", ",32,runner", "line=1,2"),
        ('"Created, twice"', '"Created", twice"', "line=2,3"),
    ],
)
def test_a_line_that_does_not_fit_the_header_is_drift(old, new, where):
    assert problems(changed(old, new))[0] == ("SCHEMA_DRIFT", where)


def test_a_quote_that_never_ends_costs_what_it_encloses_and_says_so():
    extraction = changed('"token hunter2 is wrong"', '"token hunter2 is wrong')
    assert problems(extraction) == [("SCHEMA_DRIFT", "line=3,4")]
    assert 'checkout "all"' not in {row["name"] for row in rows(extraction, "metrics")}
    assert not_understood(extraction) == ["/line/not understood"]


def test_a_column_that_is_not_known_leaves_the_header_not_understood():
    assert not_understood(changed("Hostname", "TENANT")) == ["/header/not understood"]


def test_a_header_alone_is_no_load():
    assert problems(read(SAMPLE.partition("\n")[0])) == [("EVIDENCE_EMPTY", "line=0,1")]


@pytest.mark.parametrize(
    "text",
    [
        "timestamp,elapsed,label,success\n1,2,a,true\n",
        "name,value\na,1\n",
        DEFAULT.replace("true", "maybe"),
        DEFAULT.replace("1795166702000", "then"),
        "# timeStamp, elapsed, label\n\nA runbook.\n",
    ],
)
def test_other_text_is_not_this_format(text):
    assert not [match for match in recognised(text.encode()) if match.startswith(FORMAT)]


def test_the_corpus_is_read():
    found = corpus.read_all("load-tests/jmeter-jtl-csv")
    for path, known in found.items():
        assert [match.format for match in known] == [FORMAT], path
        assert problems(known[0]) == [], path
    assert len([path for path, [known] in found.items() if not_understood(known)]) == 1  # columns of sample variables
