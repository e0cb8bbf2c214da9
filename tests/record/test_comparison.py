"""What differs between two records is said in a reviewer's words, whatever the order of their lists."""

from __future__ import annotations

import random
from copy import deepcopy
from functools import cache
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from release_staging.model.gathered import Gathered
from release_staging.record.comparison import Difference, differences, package_differences, packages_of
from tests.packets import PacketBuilder
from tests.staging_domain import Staged, stage

CLEAN = PacketBuilder.clean()


@cache
def staged(name: str = "clean") -> Staged:
    return stage(PacketBuilder.sample(name))


def record(of: Staged) -> dict[str, Any]:
    return deepcopy(dict(of.outcome.document))


def test_a_record_does_not_differ_from_itself() -> None:
    assert differences(record(staged()), record(staged())) == []


@given(st.integers(0, 10_000))
def test_the_order_of_lists_says_nothing(seed: int) -> None:
    shuffled = record(staged())

    def shuffle(value: Any) -> None:
        if isinstance(value, list):
            random.Random(seed).shuffle(value)
        for below in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            shuffle(below)

    for section in shuffled.keys() - {"exceptions"}:
        shuffle(shuffled[section])
    assert differences(record(staged()), shuffled) == []


@given(st.sampled_from(["clean", "stale-scan", "mixed-candidates", "unreadable-scan"]), st.sampled_from(["clean", "stale-scan"]))
def test_what_came_one_way_goes_the_other(one: str, other: str) -> None:
    there = differences(record(staged(one)), record(staged(other)))
    back = differences(record(staged(other)), record(staged(one)))
    assert sorted(back, key=str) == sorted((Difference(d.kind, d.about, d.after, d.before) for d in there), key=str)


def test_a_hold_differs_from_a_record_in_what_holds_it() -> None:
    found = differences(record(staged()), record(staged("stale-scan")))
    assert Difference("exceptions", "TIMESTAMP_OUT_OF_POLICY scans/trivy.json", None, "holds") in found


def test_changed_fields_tests_and_findings_are_told_apart() -> None:
    other = record(staged())
    other["candidate"]["commit"] = "0" * 40
    other["tests"]["results"][0]["failed"] = 3
    other["vulnerabilities"]["counts"]["high"] = 2
    found = {one.about: one for one in differences(record(staged()), other)}
    assert found["candidate.commit"].kind == "fields"
    assert found["candidate.commit"].after == "0" * 40
    [test] = [one for one in found.values() if one.kind == "tests"]
    assert "failed 3" in (test.after or "")
    assert found["vulnerabilities.counts.high"] == Difference("findings", "vulnerabilities.counts.high", "0", "2")


def test_packages_are_compared_by_name_and_version() -> None:
    before = staged()
    after = stage(CLEAN.edit_json("sbom/sbom.cdx.json", "/components/0/version", "99.0.0").without("sbom/sbom.spdx.json"))
    old, new = (packages_of(Gathered(one.tables), one.outcome.packet) for one in (before, after))
    assert package_differences(old, old) == []
    changed = package_differences(old, new)
    assert changed
    assert all(one.kind == "packages" for one in changed)


def test_records_of_two_contracts_can_be_compared() -> None:
    older, newer = (stage(CLEAN, version=version) for version in ("1.1.0", "2.0.0"))
    about = {one.about for one in differences(record(older), record(newer))}
    assert "rollback.digest" in about
    assert not any(one.startswith("candidate") for one in about)
