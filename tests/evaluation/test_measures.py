"""The measures: arithmetic over results of known outcome."""

from __future__ import annotations

from dataclasses import replace

from release_staging.evaluation.completeness import Completeness
from release_staging.evaluation.expected import Expectation, Expected
from release_staging.evaluation.faults.fault import faults
from release_staging.evaluation.measures import Share, measured
from release_staging.evaluation.plan import Plan
from release_staging.evaluation.run import Result, Seen
from release_staging.model.exceptions import Code, Evidence, ReviewException, Role

FULL = Completeness(unresolved=(), filled=10, traced=10, confident=10, documents=4, versioned=4)
CLEAN = Result(Plan("1/clean/0", "sample"), "p", "d", False, False, (), (), (), (), 0, (), FULL)
FAULTY = replace(
    CLEAN, plan=Plan("1/no-bytes/1", "sample", "no-bytes", "sarif"), held=True, expected_held=True, expected=("EVIDENCE_EMPTY",)
)
EXTRA = Seen("CONTRADICTION", "s", True, ())


def test_a_share_is_rounded_down_so_that_only_all_of_it_is_a_hundred_percent() -> None:
    assert Share(1999, 2000).percent == "99.9 %"
    assert Share(2, 2).percent == "100 %"
    assert (Share(0, 0).rate, Share(0, 0).percent) == (None, "–")


def test_what_came_out_right_counts_everywhere() -> None:
    found = measured([CLEAN, FAULTY], faults())
    for share in (found.accepted, found.diverted, found.precise, found.traced, found.confident, found.versioned):
        assert share.rate == 1
    assert found.false_holds == Share(0, 1)
    assert found.misses == ()


def test_an_extra_code_is_a_miss_of_its_family_and_costs_precision_but_not_recall() -> None:
    found = measured([replace(FAULTY, extra=(EXTRA,))], faults())
    assert found.diverted == Share(0, 1)
    assert found.precise == Share(1, 2)
    codes = {one.code: one for one in found.codes}
    assert codes["EVIDENCE_EMPTY"].recall == Share(1, 1)
    assert codes["CONTRADICTION"].precision == Share(0, 1)
    assert "extra CONTRADICTION" in found.misses[0]


def test_a_code_that_is_missed_costs_recall() -> None:
    found = measured([replace(FAULTY, missed=("EVIDENCE_EMPTY scans/a.sarif ",))], faults())
    assert found.diverted == Share(0, 1)
    assert found.codes[0].recall == Share(0, 1)


def test_a_clean_packet_that_is_held_is_a_false_hold_and_one_with_an_empty_field_is_not_accepted() -> None:
    held = replace(CLEAN, held=True, extra=(EXTRA,))
    empty = replace(CLEAN, completeness=replace(FULL, unresolved=("candidate.commit",)))
    found = measured([CLEAN, held, empty], faults())
    assert found.false_holds == Share(1, 3)
    assert found.accepted == Share(1, 3)
    assert found.unresolved == {"candidate.commit": 1}


def exception(path: str, locator: str | None, *, code: Code = Code.CONTRADICTION, blocking: bool = True) -> ReviewException:
    seen = (Evidence("sha256:0", path, locator),)
    return ReviewException(code, "candidate.commit", "m", "r", Role.RELEASE_MANAGER, blocking, seen)


def test_an_expectation_is_met_by_its_code_at_its_place_and_by_nothing_else() -> None:
    wanted = Expected(Code.CONTRADICTION, "a.json", ("json-pointer:/a",))
    assert wanted.is_met_by(exception("a.json", "json-pointer:/a"))
    assert wanted.is_met_by(exception("a.json", "json-pointer:/a/0"))
    assert not wanted.is_met_by(exception("a.json", "json-pointer:/ab"))
    assert not wanted.is_met_by(exception("b.json", "json-pointer:/a"))
    assert not wanted.is_met_by(exception("a.json", "json-pointer:/a", code=Code.DIGEST_MISMATCH))
    assert not wanted.is_met_by(exception("a.json", "json-pointer:/a", blocking=False))
    assert Expectation((wanted,)).missed([]) == [wanted]
