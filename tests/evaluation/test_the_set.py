"""The labelled set: what is in it, that it is what it says, and that a seed always makes the same."""

from __future__ import annotations

import hashlib
from functools import cache

import pytest

from release_staging.evaluation import edits
from release_staging.evaluation.cases import build, plans
from release_staging.evaluation.evaluation import PACKETS
from release_staging.evaluation.faults.fault import Fault, faults
from release_staging.evaluation.packets import Toolchain
from release_staging.evaluation.plan import Plan
from release_staging.evaluation.toolchains import toolchains
from release_staging.evaluation.worlds import world
from release_staging.model.exceptions import Code

PLANS = cache(lambda: plans(1, PACKETS))  # made once: every fault looks for its sites in every toolchain
TOOLCHAINS = toolchains()
FAULTS = faults()


def bytes_of(plan: Plan) -> str:
    """A digest of everything in the packet of a plan."""
    packet = build(plan).packet
    content = [part for path in sorted(packet.builder.files) for part in (path.encode(), packet.builder.files[path])]
    return hashlib.sha256(b"\0".join(content)).hexdigest()


def test_there_are_at_least_eight_toolchains_and_thirty_families_with_every_code() -> None:
    assert len(TOOLCHAINS) >= 8
    assert len({one.name for one in TOOLCHAINS}) == len(TOOLCHAINS)
    assert len(FAULTS) >= 30
    assert {one.code for one in FAULTS if one.code is not None} == set(Code)


def test_the_set_has_a_thousand_packets_or_more_of_every_family_and_toolchain() -> None:
    listed = PLANS()
    assert len(listed) == PACKETS >= 1000
    assert {one.family for one in listed} == {None, *(one.family for one in FAULTS)}
    assert {one.toolchain for one in listed if one.family is None} == {one.name for one in TOOLCHAINS}
    assert len({one.name for one in listed}) == PACKETS


def test_a_family_is_in_each_of_its_forms_before_any_is_in_the_set_again() -> None:
    """Forms of a toolchain that has several of them come again with that toolchain."""
    families: dict[str, list[str | None]] = {one.family: [] for one in FAULTS}
    for one in PLANS():
        if one.family is not None:
            families[one.family].append(one.form)
    assert sum(len(set(forms)) > 1 for forms in families.values()) > 60
    for family, forms in families.items():
        different = len(set(forms))
        assert len(set(forms[:different])) == different, family


@pytest.mark.parametrize("toolchain", TOOLCHAINS, ids=lambda one: one.name)
def test_the_facts_of_a_document_stand_where_it_says(toolchain: Toolchain) -> None:
    packet = toolchain.packet("facts")
    for document in packet.written.values():
        for fact, places in document.facts.items():
            for place in places:
                assert edits.value_at(document.data, place) is not None, (document.path, fact, place)


@pytest.mark.parametrize("toolchain", TOOLCHAINS, ids=lambda one: one.name)
def test_a_seed_makes_the_same_packet_and_another_seed_another(toolchain: Toolchain) -> None:
    first, again, other = (toolchain.packet(seed).builder.files for seed in ("one", "one", "two"))
    assert first == again
    assert (first != other) is (toolchain.name != "sample")  # which is one packet, that of data/packets


@pytest.mark.parametrize("fault", FAULTS, ids=lambda one: one.family)
def test_a_fault_changes_its_packet_and_only_as_the_seed_says(fault: Fault) -> None:
    plan = next(one for one in PLANS() if one.family == fault.family)
    made = build(plan)
    assert bytes_of(plan) == bytes_of(plan)
    toolchain = made.packet.toolchain
    clean = toolchain.packet("") if toolchain.name == "sample" else toolchain.packet_of(world(made.packet.world.seed, toolchain.home))
    changed = made.packet.builder.files != clean.builder.files
    assert changed or made.spoiled or made.packet.meddle is not None
    if fault.code is not None:
        assert fault.code in {one.code for one in made.expectation.exceptions}
