"""A report whose declared totals or verdict are not those of what it lists contradicts itself, whatever its format."""

from pathlib import Path

import pytest

from release_staging.evidence.open import Opened
from release_staging.evidence.read import read
from release_staging.evidence.recognise import recognise
from tests.evidence import corpus, samples
from tests.evidence.support import assert_lawful, problems, rows

SAMPLES = Path(__file__).parent / "samples"
TRX = "xpath:/*[local-name()='TestRun'][1]/*[local-name()='ResultSummary'][1]"

# Of each sample what is replaced, by what, and where the contradiction then stands.
CHANGES = [
    ("junit-surefire.xml", 'failures="2"', 'failures="0"', "xpath:/testsuite[1]/@errors"),
    ("junit-surefire.xml", 'tests="6"', 'tests="7"', "xpath:/testsuite[1]/@tests"),
    ("nunit2.xml", 'total="6"', 'total="7"', "xpath:/test-results[1]/@total"),
    ("nunit2.xml", 'failures="2"', 'failures="0"', "xpath:/test-results[1]/@errors"),
    ("nunit3.xml", 'passed="2" failed="2" inconclusive', 'passed="2" failed="0" inconclusive', "xpath:/test-run[1]/@failed"),
    ("nunit3.xml", 'testcasecount="6" result="Failed" total', 'testcasecount="6" result="Passed" total', "xpath:/test-run[1]/@result"),
    ("xunit-v2.xml", 'failed="1"', 'failed="0"', "xpath:/assemblies[1]/assembly[1]/@failed"),
    ("xunit-v3.xml", 'passed="1" run-date', 'passed="2" run-date', "xpath:/assemblies[1]/assembly[1]/@passed"),
    ("testng-results.xml", 'failed="1"', 'failed="0"', "xpath:/testng-results[1]/@failed"),
    ("vstest.trx", 'failed="2" error="1"', 'failed="0" error="0"', f"{TRX}/*[local-name()='Counters'][1]/@failed"),
    ("vstest.trx", 'ResultSummary outcome="Failed"', 'ResultSummary outcome="Completed"', f"{TRX}/@outcome"),
    ("ctrf.json", '"failed": 1', '"failed": 0', "json-pointer:/results/summary/failed"),
    ("jest.json", '"numFailedTests": 1', '"numFailedTests": 0', "json-pointer:/numFailedTests"),
    ("jest.json", '"success": false', '"success": true', "json-pointer:/success"),
    ("playwright.json", '"unexpected": 1', '"unexpected": 0', "json-pointer:/stats/unexpected"),
    ("mocha.json", '"failures": 2', '"failures": 0', "json-pointer:/stats/failures"),
    ("mochawesome.json", '"failures": 1', '"failures": 0', "json-pointer:/stats/failures"),
    ("azure-test-run.json", '"passedTests": ', '"passedTests": 9', "json-pointer:/passedTests"),
    ("azure-test-results.json", '"count": ', '"count": 9', "json-pointer:/count"),
]


def found(data: bytes):
    opened = Opened(data)
    [known] = recognise(opened)
    extraction = read(opened, known)
    assert_lawful(data, extraction)
    return extraction


@pytest.mark.parametrize(("name", "before", "after", "where"), CHANGES)
def test_a_total_or_verdict_that_the_detail_does_not_bear_out_is_told(name, before, after, where):
    data = (SAMPLES / name).read_text(encoding="utf-8")
    assert before in data
    assert "CONTRADICTION" not in [code for code, _ in problems(found(data.encode()))]
    assert ("CONTRADICTION", where) in problems(found(data.replace(before, after, 1).encode()))


def test_samples_bear_out_what_they_declare():
    for path, data in samples.documents().items():
        if path.startswith("tests/evidence/test_reports/"):
            assert [problem for problem in rows(found(data), "problems") if problem["code"] == "CONTRADICTION"] == [], path


# Reports that somebody cut down or edited by hand to make an example of, and whose totals speak of the whole.
_CUT_DOWN = (
    *("RetryTest", "test-junit-problem-string", "NoErrorMessage", "StdoutStderr", "JENKINS-42438", "bad-duration"),
    *("malformed_no_testcase_name", "junit-server-test", "mocha/mocha.xml", "report_flaky", "testng-", "issue44315-2", "issue-5673"),
    *("nunit/testcase1/", "nunit/testcase11/", "nunit/testcase12/", "nunit/testcase2/", "nunit/testcase3/", "nunit/testcase4/"),
    *("trxdata/sample.trx", "JENKINS-25533", "results-test-age", "mstest/testcase7/"),
)


_SUBTESTS = ("python-xunit-pytest.xml",)  # pytest counts those that passed, and does not list them: as if a case had been taken out


def test_what_tools_wrote_bears_out_what_it_declares():
    """In real reports totals agree with the cases, in whatever way their writer counts."""
    told = {}
    for path, data in corpus.documents("test-reports"):
        opened = Opened(data)
        try:
            known = recognise(opened)
        except ValueError:
            continue
        for match in known:
            told[path] = [problem["message"] for problem in rows(read(opened, match), "problems") if problem["code"] == "CONTRADICTION"]
    unexpected = {
        path: messages for path, messages in told.items() if messages and not any(part in path for part in (*_CUT_DOWN, *_SUBTESTS))
    }
    assert unexpected == {}
