import gc
import re
import tracemalloc
from pathlib import Path

import pytest

from release_staging.evidence.open import Opened
from release_staging.evidence.read import read as read_document
from release_staging.evidence.recognise import recognise
from release_staging.parsing.limits import Unreadable
from tests.evidence import corpus
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows
from tests.evidence.test_reports import xml_drift

SAMPLES = Path(__file__).parent / "samples"
SUREFIRE, NESTED = (SAMPLES / "junit-surefire.xml").read_bytes(), (SAMPLES / "junit-nested.xml").read_bytes()


def read(xml, dialect=""):
    return extract(xml.encode() if isinstance(xml, str) else xml, f"junit-xml/{dialect}" if dialect else "junit-xml")


GO = '<properties><property name="go.version" value="go1.25.1 linux/amd64"/></properties>'


def suite(*cases, attributes='name="s" tests="1"'):
    return f"<testsuite {attributes}>{''.join(cases)}</testsuite>"


def case(inner="", attributes=""):
    return f'<testcase name="t" {attributes}>{inner}</testcase>'


def status(xml):
    [row] = rows(read(xml), "test_cases")
    return row["status"], row["vocabulary"], row["flaky"]


def test_each_case_has_the_word_of_the_child_that_decides():
    extraction = read(SUREFIRE, "surefire")
    assert {row["name"].rpartition(".")[2]: (row["status"], row["flaky"]) for row in rows(extraction, "test_cases")} == {
        "rounds": ("passed", False),
        "totals": ("failure", False),
        "connects": ("error", False),
        "exports": ("skipped", False),
        "retries": ("flakyFailure", True),
        "breaks": ("failure", False),
    }
    assert {row["vocabulary"] for row in rows(extraction, "test_cases")} == {"junit-case"}
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_negative_empty_and_grouped_times_keep_their_text():
    assert [row["duration_s"] for row in rows(read(SUREFIRE, "surefire"), "test_cases")] == ["0.012", "1,204.5", "-0.5", None, "0.3", "0.4"]


def test_declared_totals_are_kept_as_declared():
    [row] = rows(read(SUREFIRE, "surefire"), "test_suites")
    assert (row["tests"], row["failed"], row["errors"], row["skipped"], row["passed"]) == (6, 2, 1, 1, None)


def test_properties_of_a_suite_that_name_the_candidate_are_claims():
    extraction = read(SUREFIRE, "surefire")
    assert claims(extraction, "candidate.version") == ["4.12.0-rc.3"]
    [commit] = [claim for claim in rows(extraction, "claims") if claim["field"] == "candidate.commit"]
    assert commit["locator"] == "xpath:/testsuite[1]/properties[1]/property[4]/@value"


def test_other_properties_messages_and_output_are_never_copied():
    text = str([table.to_pylist() for table in read(SUREFIRE, "surefire").tables.values()])
    for secret in ("hunter2", "ci-secret-home", "21.0.4"):
        assert secret not in text


def test_the_ledger_says_what_became_of_properties_and_messages():
    found = {loss["path"]: loss for loss in rows(read(SUREFIRE, "surefire"), "losses")}
    assert found["/testsuite/properties/property/@value"]["rule"] == "properties-by-name"
    assert found["/testsuite/properties/property/@value"]["summarised"] == 4
    assert found["/testsuite/testcase/failure/@message"]["rule"] == "failure-detail"
    assert found["/testsuite/testcase/system-out/text()"]["rule"] == "test-output"


def test_the_properties_of_a_case_say_nothing_of_the_candidate():
    inner = '<properties><property name="version" value="9.9.9"/><property name="commit" value="abc"/></properties>'
    extraction = read(suite(case(inner)))
    assert rows(extraction, "claims") == []
    assert [row["status"] for row in rows(extraction, "test_cases")] == ["passed"]


def test_the_options_of_checkov_say_nothing_of_the_candidate():
    options = {"repo_id": "cli_repo/billing", "branch": "master", "skip_results_upload": "False"}
    inner = "".join(f'<property name="{name}" value="{value}"/>' for name, value in options.items())
    assert claims(read(suite(f"<properties>{inner}</properties>", case())), "candidate.branch") == []


def test_a_property_repeated_by_every_suite_is_one_claim_and_another_value_is_another():
    prop = '<testsuite name="s" tests="1"><properties><property name="version" value="{}"/></properties><testcase name="t"/></testsuite>'
    extraction = read(f"<testsuites>{prop.format('1.0')}{prop.format('1.0')}{prop.format('1.1')}</testsuites>")
    assert claims(extraction, "candidate.version") == ["1.0", "1.1"]


def test_reports_of_go_are_told_by_their_property():
    go = suite(GO, case())
    extraction = read(f"<testsuites>{go}{go}</testsuites>", "gotestsum")
    assert claims(extraction, "tool.name") == ["go test"]
    assert claims(extraction, "tool.version") == ["go1.25.1 linux/amd64"]


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ('status="run" duration="0" time="0"', "passed"),  # Bazel
        ('status="run" result="completed" file="t.cc" line="7" value_param="3"', "passed"),  # GoogleTest
        ('status="notrun" result="suppressed"', "notrun"),
    ],
)
def test_what_dialects_add_to_a_case_is_understood(attributes, expected):
    extraction = read(suite(case(attributes=attributes)))
    assert [row["status"] for row in rows(extraction, "test_cases")] == [expected]
    assert not_understood(extraction) == []


def test_before_1_11_googletest_says_only_in_the_result_that_a_test_was_skipped():
    cases = case(attributes='status="run" result="skipped"'), case(attributes='status="run" result="completed"')
    assert [row["status"] for row in rows(read(suite(*cases)), "test_cases")] == ["skipped", "passed"]
    cases = case(attributes='result="xfail"'), case(attributes='result="pass"')
    assert [row["status"] for row in rows(read(suite(*cases)), "test_cases")] == ["xfail", "passed"]


def test_disabled_tests_that_are_not_listed_as_such_are_told():
    report = '<testsuites name="AllTests" tests="2" failures="0" disabled="1">{}</testsuites>'
    inner = '<testsuite name="s" tests="2" failures="0" disabled="1" skipped="0">{}</testsuite>'
    listed = case(attributes='status="run"') + case(attributes='status="{}" result="suppressed"')
    assert problems(read(report.format(inner.format(listed.format("notrun"))), "googletest")) == []
    assert [place for _, place in problems(read(report.format(inner.format(listed.format("run"))), "googletest"))] == [
        "xpath:/testsuites[1]/testsuite[1]/@disabled",
        "xpath:/testsuites[1]/@disabled",
    ]


@pytest.mark.parametrize("skipped", ['skipped="1"', ""])
def test_the_report_of_googletest_does_not_say_how_many_were_skipped(skipped):
    report = '<testsuites name="AllTests" tests="2" failures="0" disabled="{}">{}</testsuites>'
    inner = f'<testsuite name="s" tests="2" failures="0" disabled="1" {skipped}>{{}}</testsuite>'
    listed = case(attributes='status="notrun" result="suppressed"') + case("<skipped/>", attributes='status="run" result="skipped"')
    assert problems(read(report.format(1, inner.format(listed)), "googletest")) == []
    assert problems(read(report.format(3, inner.format(listed)), "googletest")) == [("CONTRADICTION", "xpath:/testsuites[1]/@disabled")]


def test_a_property_may_stand_in_the_text():
    extraction = read(suite('<properties><property name="git.branch">main</property></properties>', case()))
    assert claims(extraction, "candidate.branch") == ["main"]


def test_nested_suites_are_rows_of_their_own_and_a_case_belongs_to_the_nearest():
    extraction = read(NESTED, "pytest")
    assert [(row["locator"], row["tests"]) for row in rows(extraction, "test_suites")] == [
        ("xpath:/testsuites[1]/testsuite[1]/testsuite[1]", 2),
        ("xpath:/testsuites[1]/testsuite[1]", 3),
        ("xpath:/testsuites[1]", 3),
    ]
    assert [(row["suite"], row["name"]) for row in rows(extraction, "test_cases")] == [
        ("api.invoices", "tests.api.test_invoices.test_create"),
        ("api.invoices", "tests.api.test_invoices.test_delete"),
        ("api", "tests.api.test_health.test_up"),
    ]
    assert not_understood(extraction) == []


def test_when_it_began_is_the_reports_own_time_or_derived_from_its_first_suite():
    [claim] = [claim for claim in rows(read(NESTED, "pytest"), "claims") if claim["field"] == "started_at"]
    assert (claim["value"], claim["confidence"]) == ("2026-11-20T08:50:01.200000+00:00", "derived")
    own = read(NESTED.replace(b'tests="3" failures="1" errors="0" time="2.5">', b'timestamp="2026-11-20T08:49:59Z">', 1), "pytest")
    [claim] = [claim for claim in rows(own, "claims") if claim["field"] == "started_at"]
    assert (claim["value"], claim["confidence"]) == ("2026-11-20T08:49:59Z", "exact")


@pytest.mark.parametrize(
    ("inner", "word"),
    [
        ("<error/><failure/>", "error"),
        ("<skipped/><failure/>", "failure"),
        ("<rerunError/>", "rerunError"),
        ("<flakyError/><failure/>", "failure"),
        ("<flakyError/>", "flakyError"),
        ("<system-out>x</system-out>", "passed"),
    ],
)
def test_the_worst_child_decides(inner, word):
    assert status(suite(case(inner))) == (word, "junit-case", word == "flakyError")


@pytest.mark.parametrize("child", ["aborted", "warning", "Failure"])
def test_a_child_nobody_knows_is_never_a_pass(child):
    assert status(suite(case(f"<{child}/>")))[:2] == (child, "junit-case")


@pytest.mark.parametrize(
    ("said", "expected"),
    [("run", ("passed", "junit-case")), ("notrun", ("notrun", "junit-status")), ("failed", ("failed", "junit-status"))],
)
def test_a_status_attribute_is_heard_where_no_child_speaks(said, expected):
    assert status(suite(case(attributes=f'status="{said}"')))[:2] == expected


def test_a_suite_that_broke_outside_any_case_is_no_pass():
    extraction = read(
        suite('<error message="no class" type="NoClassDefFoundError">trace</error>', attributes='name="broken" tests="1" errors="1"')
    )
    assert [(row["name"], row["status"], row["locator"]) for row in rows(extraction, "test_cases")] == [
        ("broken", "error", "xpath:/testsuite[1]/error[1]")
    ]


@pytest.mark.parametrize(
    "xml",
    ["<testsuites/>", '<testsuites name="jest tests" tests="0"/>', '<testsuites tests="4"><testsuite name="s" tests="4"/></testsuites>'],
)
def test_a_report_without_cases_is_told(xml):
    [known] = recognise(Opened(xml.encode()))
    extraction = read_document(Opened(xml.encode()), known)
    assert "EVIDENCE_EMPTY" in [code for code, _ in problems(extraction)]


def test_repeated_cases_stay_repeated():
    assert len(rows(read(suite(case(), case(), case())), "test_cases")) == 3


def test_a_case_without_a_name_is_told_and_kept():
    extraction = read(suite("<testcase><failure/></testcase>"))
    assert problems(extraction) == [("SCHEMA_DRIFT", "xpath:/testsuite[1]/testcase[1]/@name")]
    assert [row["status"] for row in rows(extraction, "test_cases")] == ["failure"]


FAILED, ERROR, SKIPPED = case("<failure/>"), case("<error/>"), case("<skipped/>")


@pytest.mark.parametrize(
    ("cases", "attributes", "where"),
    [
        ([case(), FAILED], 'tests="2" failures="0" errors="0"', "@failures"),
        ([case(), case()], 'tests="2" failures="0" errors="1"', "@errors"),
        ([case(), FAILED], 'tests="3" failures="1"', "@tests"),
        ([case(), FAILED], 'tests="1" failures="1"', "@tests"),
        ([case(), SKIPPED], 'tests="2" skipped="0"', "@skipped"),
        ([case(attributes='status="failed"')], 'tests="1" failures="0"', "@failures"),
    ],
)
def test_totals_that_disagree_with_the_cases_are_contradictions(cases, attributes, where):
    extraction = read(suite(*cases, attributes=f'name="s" {attributes}'))
    assert problems(extraction) == [("CONTRADICTION", f"xpath:/testsuite[1]/{where}")]


REQUEST = (
    '<testsuite name="refund" id="173f851e-15b4-4eed-a6a3-a09bd52eb85b" timestamp="2026-11-20T10:14:00Z" tests="2" failures="0" '
    'errors="0" time="0.1"><testcase name="is up" classname="BillingApi"/><testcase name="is quick" classname="BillingApi"/></testsuite>'
)


def test_a_contradiction_names_both_places():
    [problem] = rows(read(suite(case(), FAILED, attributes='name="s" failures="0"')), "problems")
    assert problem["message"] == (
        "0 failures and errors declared at xpath:/testsuite[1]/@failures, but 1 listed, the first at xpath:/testsuite[1]/testcase[2]"
    )
    assert (problem["expected"], problem["found"]) == ("1", "0")


@pytest.mark.parametrize(
    ("cases", "attributes"),
    [
        ([FAILED, ERROR], 'tests="2" failures="2" errors="0"'),  # both in one number
        ([case("<failure/><rerunFailure/><rerunFailure/>")], 'tests="3" failures="3"'),  # Surefire counted each try
        ([case("<failure/><rerunFailure/>")], 'tests="1" failures="1"'),
        ([case("<flakyFailure/>")], 'tests="1" failures="0"'),
        ([case("<flakyFailure/>"), case()], 'tests="3" failures="1"'),  # Surefire 2.22: the try that failed is a test and a failure
        ([case("<flakyError/>"), case("<error/><rerunError/>"), case(), case()], 'tests="1" errors="1"'),  # Surefire 3: of the last run
        ([SKIPPED, SKIPPED], 'tests="2" skipped="1" disabled="1"'),  # Ginkgo
        (['<testcase classname="setUpClass (ut" name="B)"><error/></testcase>', case()], 'tests="1" errors="1"'),  # nose2
        (['<testcase classname="tax" name="&quot;before all&quot; hook for &quot;x&quot;"><failure/></testcase>'], 'tests="0" errors="1"'),
        ([case("<failure/><failure/>")], 'tests="1" failures="2"'),  # pytest: a failed subtest fails its test, too
        ([case(), SKIPPED], 'tests="1" skipped="1"'),  # Boost
        ([case("<skipped/><failure/>")], 'tests="1" failures="0" skipped="1"'),  # Catch2: may fail
        ([case("<skipped/><failure/>")], 'tests="1" failures="1" skipped="1"'),  # node: still to do
        (['<error message="no class"/>'], 'tests="1" errors="1"'),
        ([case()], ""),
    ],
)
def test_what_writers_count_in_another_way_agrees(cases, attributes):
    assert problems(read(suite(*cases, attributes=f'name="s" {attributes}'))) == []


@pytest.mark.parametrize("outer", ["3", "1"])
def test_a_suite_may_count_its_own_cases_or_all_below_it(outer):
    inner = suite(case(), FAILED, attributes='name="inner" tests="2" failures="1"')
    failures = "1" if outer == "3" else "0"
    assert problems(read(f'<testsuite name="outer" tests="{outer}" failures="{failures}">{inner}{case()}</testsuite>')) == []


def test_a_report_of_newman_counts_requests_and_a_request_its_assertions():
    report = f'<testsuites name="Billing API" tests="1" time="0.1">{REQUEST}</testsuites>'
    assert problems(read(report, "newman")) == []
    assert problems(read(report.replace('tests="2"', 'tests="3"'), "newman")) == [
        ("CONTRADICTION", "xpath:/testsuites[1]/testsuite[1]/@tests")
    ]


def test_boost_counts_no_test_that_passed_with_warnings():
    boost = '<testsuite tests="{}" skipped="1" errors="0" failures="0" id="0" name="billing" time="0.001">{}</testsuite>'
    cases = "".join((case(), case(attributes='assertions="0"'), SKIPPED))
    assert problems(read(boost.format(1, cases), "boost")) == []
    assert problems(read(boost.format(4, cases), "boost")) == [("CONTRADICTION", "xpath:/testsuite[1]/@tests")]


def test_a_test_that_jest_has_yet_to_write_is_told_beside_one_that_was_skipped():
    report = '<testsuites name="jest tests" tests="{}" failures="0" errors="0">{}</testsuites>'
    inner = suite(case(), case(), SKIPPED, attributes='name="s" tests="2" failures="0" skipped="1"')
    assert problems(read(report.format(3, inner.replace('tests="2"', 'tests="3"')), "jest")) == []
    assert problems(read(report.format(2, inner), "jest")) == [
        ("CONTRADICTION", "xpath:/testsuites[1]/testsuite[1]/@tests"),
        ("CONTRADICTION", "xpath:/testsuites[1]/@tests"),
    ]


def test_pending_tests_of_mocha_are_counted_and_not_listed():
    suites = f'<testsuite name="Root Suite" tests="0"/><testsuite name="a" tests="3" failures="0">{case()}</testsuite>'
    told = '<testsuites name="Mocha Tests" tests="{}" failures="0" skipped="2">{}</testsuites>'
    assert problems(read(told.format(3, suites), "mocha")) == []
    assert problems(read(told.format(4, suites), "mocha")) == [("CONTRADICTION", "xpath:/testsuites[1]/@tests")]


def test_a_file_that_jest_could_not_run_is_listed_twice_and_counted_once():
    name = 'classname="Test suite failed to run"'
    broken = suite(case("<error/>", name), case("<failure/>", name), attributes='name="a.js" tests="0" errors="1" failures="0"')
    report = '<testsuites name="jest tests" tests="{}" failures="0" errors="1">{}{}</testsuites>'
    assert problems(read(report.format(1, broken, suite(case())), "jest")) == []
    # What is still to be written is listed as if it had passed; only the totals show it.
    assert problems(read(report.format(0, broken, case()), "jest")) == [("CONTRADICTION", "xpath:/testsuites[1]/@tests")]


def test_each_repetition_of_xcode_is_listed_and_the_last_is_counted():
    one = '<testcase classname="T" name="{}">{}<properties><property name="repetition" value="Repetition {} of 3"/></properties></testcase>'
    cases = [one.format("a", "<failure/>", 1), one.format("a", "", 2), one.format("b", "<failure/>", 1), one.format("b", "<failure/>", 2)]
    assert problems(read(suite(*cases, case(), attributes='name="s" tests="3" failures="1"'))) == []
    assert len(problems(read(suite(*cases, case(), attributes='name="s" tests="2" failures="0"')))) == 2


def test_subtests_of_pytest_and_a_case_that_was_taken_out_look_the_same_and_are_told():
    told = '<testsuites name="pytest tests"><testsuite name="pytest" tests="{}" failures="{}">{}</testsuite></testsuites>'
    where = "xpath:/testsuites[1]/testsuite[1]/@"
    assert problems(read(told.format(1, 0, case() + case()), "pytest")) == [("CONTRADICTION", where + "tests")]
    assert problems(read(told.format(9, 0, case()), "pytest")) == [("CONTRADICTION", where + "tests")]
    assert problems(read(told.format(1, 0, FAILED), "pytest")) == [("CONTRADICTION", where + "failures")]
    assert problems(read(told.format(1, 0, case()), "pytest")) == []


def test_what_broke_before_any_test_of_a_class_has_the_name_of_the_class():
    extraction = read('<testsuite name="s"><testcase name="" classname="com.acme.TaxTest"><failure/></testcase></testsuite>')
    assert [(row["name"], row["status"]) for row in rows(extraction, "test_cases")] == [("com.acme.TaxTest", "failure")]
    assert problems(extraction) == []


def test_a_total_that_is_no_number_is_told():
    extraction = read(suite(case(), attributes='name="s" tests="many"'))
    assert problems(extraction) == [("SCHEMA_DRIFT", "xpath:/testsuite[1]/@tests")]


def test_a_report_that_breaks_off_is_told():
    with pytest.raises(Unreadable, match="no element found"):
        recognise(Opened(SUREFIRE[: SUREFIRE.index(b'<testcase name="breaks"')]))
    opened = Opened(f'<testsuite name="s" tests="9">{case("<system-out>" + "x" * 1000 + "</system-out>") * 2000}'.encode())
    [known] = recognise(opened)
    assert "EVIDENCE_UNREADABLE" in [code for code, _ in problems(read_document(opened, known))]


@pytest.mark.parametrize(
    ("root", "dialect"),
    [
        ('<testsuites name="jest tests"/>', "jest"),
        ('<testsuites name="Mocha Tests"/>', "mocha"),
        ('<testsuites name="vitest tests"/>', "vitest"),
        ('<testsuites name="nextest-run" uuid="1"/>', "nextest"),
        ('<testsuites name="AllTests" disabled="0"/>', "googletest"),
        ('<testsuite name="pytest"/>', "pytest"),
        ('<testsuite name="T" assertions="2" file="/t.php"/>', "phpunit"),
        (
            '<testsuite name="T" xmlns:x="http://www.w3.org/2001/XMLSchema-instance" x:noNamespaceSchemaLocation="failsafe-test-report"/>',
            "failsafe",
        ),
        ('<testsuites id="" name="" tests="1" failures="0" skipped="0" errors="0" time="1.5"/>', "playwright"),
        ('<testsuite name="Root Suite"/>', "mocha"),
        ('<testsuites name="//billing:tax_test"/>', "bazel"),
        ('<testsuite name="Linux-g++" tests="1" failures="0" disabled="0" skipped="0" hostname="h" time="0"/>', "ctest"),
        ('<testsuite tests="5" skipped="2" errors="1" failures="1" id="0" name="billing" time="0.001"/>', "boost"),
        (f'<testsuites name="Billing API" tests="1" time="0.1">{REQUEST}</testsuites>', "newman"),
        ('<testsuites><testsuite name="pytest" errors="0"/></testsuites>', "pytest"),
        ('<testsuites><testsuite name="Root Suite" tests="0"/></testsuites>', "mocha"),
        (f'<testsuites><testsuite name="pkg">{GO}</testsuite></testsuites>', "gotestsum"),
        ('<testsuites><testsuite name="unit.exe" hostname="tbd" tests="1"/></testsuites>', "catch2"),
        ('<testsuites><testsuite name="all"><testsuite name="T" file="/t.php" assertions="1"/></testsuite></testsuites>', "phpunit"),
        (
            '<testsuites><testsuite name="a/b"><testcase name="a/b" status="run" duration="0" time="0"/></testsuite></testsuites>',
            "bazel",
        ),
        ('<testsuites name="bun test"><testsuite name="a.test.ts" file="a.test.ts" assertions="3"/></testsuites>', ""),
        ('<testsuite name="plain"/>', ""),
        ('<testsuites tests="3" failures="1" errors="0" time="24.7"/>', ""),
        ('<testsuites xmlns="https://example.com/junit"/>', ""),
    ],
)
def test_the_dialect_is_told_by_the_root_or_what_is_near_it(root, dialect):
    assert recognised(root.encode()) == [f"junit-xml/{dialect}" if dialect else "junit-xml"]


@pytest.mark.parametrize(
    "root",
    [
        '<testsuites xmlns="http://check.sourceforge.net/ns"/>',
        "<testng-results/>",
        "<test-run/>",
        "<assemblies/>",
        "<TestRun/>",
        "<suites/>",
    ],
)
def test_other_test_reports_are_not_junit(root):
    assert "junit-xml" not in {known.partition("/")[0] for known in recognised(root.encode())}


def test_namespaced_reports_are_located_too():
    extraction = read(
        '<j:testsuites xmlns:j="https://example.com/j"><j:testsuite name="s" tests="1"><j:testcase name="t"/></j:testsuite></j:testsuites>'
    )
    [row] = rows(extraction, "test_cases")
    assert row["locator"].endswith("/*[local-name()='testcase'][1]")


def test_unknown_attributes_and_elements_are_not_understood():
    extraction = read(suite(case(attributes='colour="red"'), "<weather>fine</weather>", attributes='name="s" tests="1" mood="good"'))
    assert not_understood(extraction) == ["/testsuite/@mood", "/testsuite/testcase/@colour", "/testsuite/weather/text()"]


@pytest.mark.parametrize(
    ("pattern", "replacement", "where"),
    [
        (rb" name=\"(rounds|totals|connects|exports|retries|breaks)\"", rb' title="\1"', "SCHEMA_DRIFT"),
        (rb"<failure", rb"<failed", None),
        (rb"<(/?)testcase", rb"<\1case", "EVIDENCE_EMPTY"),
        (rb" tests=", rb" total=", None),
        (rb" name=\"git.commit\" value=", rb' name="git.commit" content=', None),
    ],
)
def test_renamed_parts_never_turn_into_a_pass_or_vanish(pattern, replacement, where):
    before = rows(read(SUREFIRE, "surefire"), "test_cases")
    renamed = re.sub(rb"</failure>", rb"</failed>", SUREFIRE) if b"<failed" in replacement else SUREFIRE
    after = read(re.sub(pattern, replacement, renamed), "surefire")
    passed = {row["locator"] for row in before if row["status"] == "passed"}
    assert {row["locator"] for row in rows(after, "test_cases") if row["status"] == "passed"} <= passed
    if where:
        assert where in [code for code, _ in problems(after)]
    else:
        assert not_understood(after)


@pytest.mark.parametrize("sample", [SUREFIRE, NESTED])
def test_drift_is_told(sample):
    xml_drift.assert_drift_is_told(sample, ["testcase@name"], joined={"suite", "name"})


def test_reading_stays_flat_in_memory_however_many_cases_there_are():
    def peak(cases):
        body = case("<system-out>" + "x" * 2000 + "</system-out>") * cases
        data = f'<testsuite name="s" tests="{cases}">{body}</testsuite>'.encode()
        opened = Opened(data)
        [known] = recognise(opened)
        gc.collect()  # what other tests left behind decides when Python collects again
        tracemalloc.start()
        extraction = read_document(opened, known)
        _, top = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert extraction.tables["test_cases"].num_rows == cases
        return top

    small, large = peak(500), peak(4000)
    assert large - small < 3500 * 1500  # less than the 2,000 characters of output of each case


def test_the_corpus_is_read():
    for path, data in corpus.documents("test-reports/junit-xml"):
        if "malformed" in path or "/check/" in path:
            continue
        opened = Opened(data)
        found = recognise(opened)
        assert [match.reader.format for match in found] == ["junit-xml"], path
        # Resolving each of thousands of locators costs a pass over the document: large ones are only read.
        extraction = extract(data, found[0].format) if len(data) < 100_000 else read_document(opened, found[0])
        assert "defect" not in str(rows(extraction, "problems"))
        assert rows(extraction, "test_cases") or "EVIDENCE_EMPTY" in [code for code, _ in problems(extraction)], path
        assert sum(loss["not_understood"] for loss in rows(extraction, "losses")) <= 1, path
