from pathlib import Path

import pytest

from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows
from tests.evidence.test_reports import walk, xml_drift

SAMPLE = (Path(__file__).parent / "samples" / "open-test-reporting-events.xml").read_bytes()
FORMAT = "open-test-reporting-events@0.2.0"


def cases(extraction):
    return {row["name"]: row["status"] for row in rows(extraction, "test_cases")}


def test_leaves_are_cases_and_so_is_a_container_that_failed_by_itself():
    extraction = extract(SAMPLE, FORMAT)
    assert cases(extraction) == {
        "rounds()": "SUCCESSFUL",
        "adds()": "FAILED",
        "exports()": "SKIPPED",
        "Leaks": "FAILED",
        "opens()": "SUCCESSFUL",
        "hangs()": "unfinished",
    }
    assert {row["vocabulary"] for row in rows(extraction, "test_cases")} == {"open-test-reporting-status"}
    assert rows(extraction, "test_cases")[0]["suite"] == "TaxTests"
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_the_git_identity_is_claimed():
    extraction = extract(SAMPLE, FORMAT)
    expected = {
        "repository.url": "https://github.com/acme-pay/billing-api.git",
        "candidate.branch": "release/4.12",
        "candidate.commit": "9f2c4e1b7a6d5c3f8e0b1a2d4c6e8f0a1b3c5d7e",
        "started_at": "2026-11-20T08:50:01.000Z",
        "finished_at": "2026-11-20T08:50:03.000Z",
    }
    assert {field: claims(extraction, field) for field in expected} == {field: [value] for field, value in expected.items()}
    [commit] = [claim for claim in rows(extraction, "claims") if claim["field"] == "candidate.commit"]
    assert (commit["confidence"], commit["loss"]) == ("exact", None)


def test_machine_user_and_reasons_are_never_copied():
    text = str([table.to_pylist() for table in extract(SAMPLE, FORMAT).tables.values()])
    for secret in ("hunter2", "ci-secret-user", "agent-7"):
        assert secret not in text


def test_events_come_in_any_order():
    lines = SAMPLE.decode().splitlines()
    start = next(number for number, line in enumerate(lines) if "<e:started" in line)
    swapped = "\n".join([*lines[:start], *reversed(lines[start:-1]), lines[-1]])
    assert cases(extract(swapped.encode(), FORMAT)) == cases(extract(SAMPLE, FORMAT))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'<e:started id="3"', b'<e:started id="33"'),
        (b'parentId="2"', b'parentId="22"'),
        (b'<e:started id="4"', b'<e:started id="3"'),
        (b'<result status="SKIPPED"/>', b""),
    ],
)
def test_events_that_do_not_join_are_told(old, new):
    assert "SCHEMA_DRIFT" in [code for code, _ in problems(extract(SAMPLE.replace(old, new), FORMAT))]


def test_parents_in_a_circle_are_survived():
    event = '<e:started id="{}" name="n" parentId="{}" time="t"/><e:finished id="{}" time="t"><result status="FAILED"/></e:finished>'
    circle = event.format(1, 2, 1) + event.format(2, 1, 2)
    data = f'<e:events xmlns:e="https://schemas.opentest4j.org/reporting/events/0.2.0">{circle}</e:events>'.encode()
    assert set(cases(extract(data, FORMAT)).values()) == {"FAILED"}


def test_a_run_without_tests_is_told():
    data = b'<e:events xmlns:e="https://schemas.opentest4j.org/reporting/events/0.2.0"/>'
    assert [code for code, _ in problems(extract(data, FORMAT))] == ["EVIDENCE_EMPTY"]


def test_other_events_are_not_of_this_format():
    assert recognised(b"<events/>") == []
    assert recognised(b'<events xmlns="https://schemas.opentest4j.org/reporting/core/0.2.0"/>') == []


def test_what_nobody_knows_is_not_understood():
    extraction = extract(SAMPLE.replace(b'<git:status clean="true"/>', b"<git:weather>fine</git:weather>"), FORMAT)
    assert not_understood(extraction) == ["/events/infrastructure/weather/text()"]


def test_drift_is_told():
    required = ["e:started@id", "e:started@name", "e:finished@id", "result@status"]
    joined = {"status", "suite", "started_at", "finished_at"}
    xml_drift.assert_drift_is_told(SAMPLE, required, joined=joined, absent={"junit:type", "metadata"})


def test_the_corpus_is_read():
    for path, extraction in walk.extractions("test-reports/open-test-reporting"):
        assert extraction.format.startswith("open-test-reporting-"), path
        assert not_understood(extraction) == [], path
        assert problems(extraction) == [], path
        assert rows(extraction, "test_cases"), path
