import pytest

from tests.evidence import corpus
from tests.evidence.support import extract, not_understood, problems, recognised, rows

FORMAT = "locust-csv"
FRONT = "Type,Name,Request Count,Failure Count,Median Response Time,Average Response Time,Min Response Time,Max Response Time"
FRONT += ",Average Content Size,Requests/s,Failures/s"
PERCENTS = (
    "50%,60%,70%,80%,90%,95%,99%,100%",
    "50%,66%,75%,80%,90%,95%,98%,99%,99.9%,99.99%,100%",
    "50%,66%,75%,80%,90%,95%,98%,99%,99.9%,99.99%,99.999%,100%",
)


def report(percents=PERCENTS[0]):
    times = ",".join(str(100 + number) for number, _ in enumerate(percents.split(",")))
    lines = [
        f"{FRONT},{percents}",
        f'GET,"/payments, all",90,1,64,78.25,41.5,940.75,804.0,37.5,0.25,{times}',
        f"POST,/payments,10,0,64,78.25,41.5,940.75,804.0,3.5,0.0,{times}",
        f",Aggregated,100,1,64,78.25,41.5,940.75,804.0,41.0,0.25,{times}",
    ]
    return "\n".join(lines) + "\n"


def read(text, format_id=FORMAT):
    return extract(text.encode(), format_id)


def values(extraction, name):
    return {row["statistic"]: row["value"] for row in rows(extraction, "metrics") if row["name"] == name}


def row(extraction, name, statistic):
    [found] = [row for row in rows(extraction, "metrics") if (row["name"], row["statistic"]) == (name, statistic)]
    return found


@pytest.mark.parametrize("percents", PERCENTS)
def test_percentiles_are_read_by_the_header_whatever_set_it_holds(percents):
    extraction = read(report(percents))
    found = values(extraction, "Aggregated")
    assert found["p(95)"] == str(100 + percents.split(",").index("95%"))
    assert found["p(100)"] == str(100 + len(percents.split(",")) - 1)
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_every_number_is_a_row_at_its_cell():
    extraction = read(report())
    found = row(extraction, "GET /payments, all", "errors")
    assert (found["value"], found["samples"], found["locator"]) == ("1", 90, "line=1,2;char=24,25")
    found = row(extraction, "Aggregated", "p(99)")
    assert (found["value"], found["unit"], found["samples"], found["status"]) == ("106", "ms", 100, None)
    assert rows(extraction, "claims") == []


def test_a_cell_without_a_number_is_no_number():
    text = report().replace(",64,78.25,41.5,940.75,804.0,3.5,0.0,100,", ",N/A,0,0,0,804.0,3.5,0.0,N/A,")
    extraction = read(text)
    assert {"med", "p(50)"} & values(extraction, "POST /payments").keys() == set()
    assert problems(extraction) == []


def test_the_header_of_locust_before_1_0_is_read_too():
    header = '"Method","Name","# requests","# failures","Median response time","Average response time","Min response time"'
    header += ',"Max response time","Average Content Size","Requests/s"'
    text = f'{header}\n"GET","/",5,0,10,11,9,14,20,0.5\n"None","Total",5,0,10,11,9,14,20,0.5\n'
    extraction = read(text, f"{FORMAT}@0")
    assert values(extraction, "GET /")["avg"] == "11"
    assert (problems(extraction), not_understood(extraction)) == ([], [])


def test_a_file_that_was_cut_off_is_told():
    text = report()
    without_total = text[: text.index(",Aggregated")]
    assert problems(read(without_total)) == [("SCHEMA_DRIFT", "line=2,3")]
    without_line = "".join(line for line in text.splitlines(keepends=True) if not line.startswith("POST"))
    assert problems(read(without_line)) == [("CONTRADICTION", "line=2,3")]


def test_errors_that_the_total_leaves_out_contradict_it():
    assert problems(read(report().replace("Aggregated,100,1,", "Aggregated,100,0,"))) == [("CONTRADICTION", "line=3,4")]


def test_no_request_is_no_load():
    text = f"{FRONT}\n,Aggregated,0,0,N/A,0,0,0,0,0.0,0.0\n"
    assert problems(read(text)) == [("EVIDENCE_EMPTY", "line=1,2")]


@pytest.mark.parametrize(("old", "new"), [(",90,1,", ",ninety,1,"), (",90,1,", ",,1,"), (",10,0,64,", ",10,0,"), (",64,", ",slow,")])
def test_a_line_that_does_not_fit_is_drift(old, new):
    assert "SCHEMA_DRIFT" in [code for code, _ in problems(read(report().replace(old, new, 1)))]


def test_a_column_that_is_not_known_leaves_the_header_not_understood():
    extraction = read(report().replace("Average Content Size", "Mood"))
    assert not_understood(extraction) == ["/header/not understood"]
    assert "avg size" not in values(extraction, "Aggregated")


@pytest.mark.parametrize(
    "text",
    [
        "Timestamp,User Count,Type,Name,Requests/s\n1,2,,Aggregated,0\n",  # the history beside it
        "Method,Name,Error,Occurrences\nGET,/,boom,1\n",  # the failures beside it
        report().replace("Failure Count", "Failures", 1),
    ],
)
def test_other_tables_are_not_this_format(text):
    assert recognised(text.encode()) == []


def test_the_corpus_is_read():
    for path, known in corpus.read_all("load-tests/locust-stats-csv").items():
        assert [match.format for match in known] == [FORMAT], path
        assert (not_understood(known[0]), problems(known[0])) == ([], []), path
