"""What comes of the labelled packets. Known misses are named: one more is a step back, one less is taken off the list."""

from __future__ import annotations

from pathlib import Path

import pytest

from release_staging.evaluation import reference
from release_staging.evaluation.contracts import under_contracts
from release_staging.evaluation.faults.fault import faults
from release_staging.evaluation.measures import Measures
from release_staging.evaluation.plan import Plan
from release_staging.evaluation.run import Result, results, run
from release_staging.staging.in_memory import Reference

KNOWN: set[str] = set()


def test_no_clean_packet_is_held_and_every_consequential_field_is_resolved(measures: Measures) -> None:
    assert measures.false_holds.part == 0
    assert measures.accepted.rate == 1
    assert all(one.staged.rate == 1 for one in measures.toolchains)


def test_what_is_staged_is_traced_and_says_how_sure_it_is(measures: Measures) -> None:
    assert measures.traced.whole > 900
    assert (measures.traced.rate, measures.confident.rate, measures.versioned.rate) == (1, 1, 1)


def test_faults_come_out_right_but_for_the_known_families(found: list[Result]) -> None:
    wrong = {one.plan.family: (one.missed, one.extra, one.wrong_values) for one in found if not one.right}
    assert {family: why for family, why in wrong.items() if family not in KNOWN} == {}


def test_every_family_was_measured(measures: Measures) -> None:
    assert {one.family for one in measures.families if one.right.whole} == {one.family for one in faults()}


def test_every_contract_takes_clean_packets_and_a_new_required_field_is_named(by: Reference) -> None:
    assert [one for one in under_contracts(by, 3) if one.wrong] == []


@pytest.mark.parametrize("family", ["stale-scan", "secret"])
def test_a_packet_comes_out_the_same_alone_and_among_others(family: str, planned: list[Plan], found: list[Result], by: Reference) -> None:
    number = next(number for number, one in enumerate(planned) if one.family == family)
    [alone] = run([planned[number]], by)
    assert alone == found[number]


def test_worker_processes_give_the_same_in_the_same_order(planned: list[Plan], found: list[Result], folder: Path) -> None:
    few = planned[:3]
    told: list[int] = []
    assert results(few, reference.write(folder), 2, told.append) == found[:3]
    assert sum(told) == 3
