from pathlib import Path

from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows
from tests.evidence.test_reports import xml_drift

SAMPLE = (Path(__file__).parent / "samples" / "robot.xml").read_bytes()
FORMAT = "robot-xml@5"
OLD = b"""<robot generator="Rebot 3.2.1 (Python 3.8.3 on darwin)" generated="20261120 10:14:00.596" rpa="false">
<suite id="s1" name="Billing"><suite id="s1-s1" name="Login"><kw name="Open" library="L" type="setup"><doc>d</doc><arguments><arg>a</arg>
</arguments><status status="PASS" starttime="20261120 10:14:00.700" endtime="20261120 10:14:00.800"/></kw>
<test id="s1-s1-t1" name="Good"><tags><tag>smoke</tag></tags>
<status status="PASS" starttime="20261120 10:14:00.850" endtime="20261120 10:14:01.100" critical="yes"/></test>
<test id="s1-s1-t2" name="Bad"><status status="FAIL" starttime="N/A" endtime="N/A" critical="no">hunter2</status></test>
<metadata><item name="Owner">x</item></metadata>
<status status="FAIL" starttime="20261120 10:14:00.600" endtime="20261120 10:14:01.300"/></suite>
<metadata><item name="Version">4.12.0-rc.3</item></metadata>
<status status="FAIL" starttime="20261120 10:14:00.597" endtime="20261120 10:14:01.310"/></suite>
<statistics><total><stat pass="1" fail="0">Critical Tests</stat><stat pass="1" fail="1">All Tests</stat></total></statistics></robot>"""


def test_a_test_has_the_status_of_its_own_and_not_of_a_step():
    extraction = extract(SAMPLE, FORMAT)
    assert [(row["suite"], row["name"], row["status"], row["duration_s"]) for row in rows(extraction, "test_cases")] == [
        ("Refunds", "Refund is paid", "PASS", "0.050000"),
        ("Refunds", "Refund is refused", "FAIL", "0.020000"),
        ("Refunds", "Refund by hand", "SKIP", "0.001000"),
        ("Invoices", "Invoice is sent", "PASS", "0.030000"),
        ("Invoices", "Invoices", "FAIL", "0.050000"),  # its tear-down
    ]
    assert {row["vocabulary"] for row in rows(extraction, "test_cases")} == {"robot-status"}
    [suite] = rows(extraction, "test_suites")
    assert (suite["name"], suite["passed"], suite["failed"], suite["skipped"]) == ("Billing", 2, 1, 1)
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_the_run_and_its_metadata_are_claimed():
    extraction = extract(SAMPLE, FORMAT)
    assert claims(extraction, "verdict") == ["FAIL"]
    assert claims(extraction, "candidate.version") == ["4.12.0-rc.3"]
    assert claims(extraction, "started_at") == ["2026-11-20T10:14:00.110000"]
    assert claims(extraction, "produced_at") == ["2026-11-20T10:14:00.101001"]
    assert (claims(extraction, "tool.name"), claims(extraction, "tool.version")) == (["Robot Framework"], ["7.1"])


def test_before_version_7_times_have_a_form_of_their_own_and_a_test_an_end():
    extraction = extract(OLD, "robot-xml")
    assert [(row["name"], row["status"], row["duration_s"]) for row in rows(extraction, "test_cases")] == [
        ("Good", "PASS", "0.25"),
        ("Bad", "FAIL", None),
    ]
    assert claims(extraction, "started_at") == ["2026-11-20T10:14:00.597"]
    assert claims(extraction, "finished_at") == ["2026-11-20T10:14:01.310"]
    assert claims(extraction, "candidate.version") == ["4.12.0-rc.3"]
    assert [(row["passed"], row["failed"], row["skipped"]) for row in rows(extraction, "test_suites")] == [(1, 1, None)]
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_output_and_messages_are_never_copied():
    for data, format_id in ((SAMPLE, FORMAT), (OLD, "robot-xml")):
        text = str([table.to_pylist() for table in extract(data, format_id).tables.values()])
        for secret in ("hunter2", "ci-secret-home"):
            assert secret not in text


def test_totals_that_disagree_with_the_tests_are_contradictions():
    extraction = extract(SAMPLE.replace(b'<stat pass="2" fail="1" skip="1">All', b'<stat pass="3" fail="1" skip="1">All'), FORMAT)
    assert problems(extraction) == [("CONTRADICTION", "xpath:/robot[1]/statistics[1]/total[1]/stat[1]/@pass")]


def test_a_test_without_a_status_did_not_pass():
    extraction = extract(
        b'<robot generator="Robot 6.0"><suite name="s"><test name="t"/><status status="PASS"/></suite></robot>', "robot-xml"
    )
    assert [row["status"] for row in rows(extraction, "test_cases")] == ["absent"]
    assert [code for code, _ in problems(extraction)] == ["SCHEMA_DRIFT"]


def test_a_report_without_tests_is_told():
    data = b'<robot generator="Robot 7.0" schemaversion="5"><suite name="s"><status status="PASS"/></suite></robot>'
    assert [code for code, _ in problems(extract(data, FORMAT))] == ["EVIDENCE_EMPTY"]


def test_another_robot_is_none():
    assert recognised(b'<robot name="arm"/>') == []


def test_what_nobody_knows_is_not_understood():
    extraction = extract(SAMPLE.replace(b"<doc>Pays once.</doc>", b"<weather>fine</weather>", 1), FORMAT)
    assert not_understood(extraction) == ["/robot/suite/suite/test/weather/text()"]


def test_drift_is_told():
    xml_drift.assert_drift_is_told(SAMPLE, ["test@name", "status@status"], joined={"status", "suite", "name"})
