"""Laws that hold for every packet, over generated ones: of every toolchain, clean and with faults of every code."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from release_staging.evaluation.builder import DESCRIPTOR, PacketBuilder
from release_staging.evaluation.cases import build, plans
from release_staging.evaluation.evaluation import PACKETS
from release_staging.evaluation.packets import Packet
from release_staging.evidence.resolve import Resolver
from release_staging.parsing.archive import Member, write_zip
from release_staging.record.handoff import HELD, Outcome
from release_staging.record.traceability import value_at
from release_staging.staging.in_memory import Memory, Reference, handed_off, judged
from release_staging.staging.intake import Admitted, admit
from tests.evidence.laws import assert_laws

STRANGER = b"Lunch on Thursday is at noon, in the small kitchen.\n"


@cache
def packets() -> tuple[Packet, ...]:
    """One clean packet of each toolchain, and one with a fault for each code, where the fault is in the documents."""
    listed = plans(1, PACKETS)
    clean = {plan.toolchain: plan for plan in reversed(listed) if plan.family is None}
    made = [build(plan) for plan in clean.values()]
    codes: set[str] = set()
    for plan in listed:
        if plan.family is not None:
            case = build(plan)
            fresh = {one.code.value for one in case.expectation.exceptions} - codes
            if (
                fresh
                and not {"SCHEMA_INVALID"} & fresh
                and not case.spoiled
                and case.packet.meddle is None
                and not case.packet.builder.absent
            ):
                codes |= fresh
                made.append(case)
        if len(codes) == 20:
            break
    return tuple(case.packet for case in made)


def staged(paths: Iterable[Path], packet: Packet, memory: Memory, by: Reference) -> Iterator[str]:
    for path in paths:
        taken = admit(path, memory, memory, packet.world.submitted, by.policy.disclosure, aside=False)
        assert isinstance(taken, Admitted), taken
        yield taken.packet_id


def outcomes(root: Path, made: Iterable[PacketBuilder], by: Reference) -> list[Outcome]:
    """What comes of packets that are staged together."""
    memory, ids = Memory(), []
    for number, (builder, packet) in enumerate(zip(made, packets(), strict=True)):
        folder = root / str(number)
        folder.mkdir(parents=True)
        ids += staged([builder.write_folder(folder)], packet, memory, by)
    found = handed_off(judged(dict.fromkeys(ids), memory, by), memory, by)
    return [found[packet] for packet in ids]


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory, by: Reference) -> list[Outcome]:
    return outcomes(tmp_path_factory.mktemp("before"), (packet.builder for packet in packets()), by)


def told(outcome: Outcome) -> Counter[tuple[str, str, bool]]:
    return Counter((one.code.value, one.subject, one.blocking) for one in outcome.exceptions)


def values(outcome: Outcome, by: Reference) -> dict[str, Any]:
    """The consequential fields."""
    return {slot.name: value_at(outcome.document, slot.pointer) for slot in by.contract.slots if slot.consequential}


def moved(builder: PacketBuilder) -> PacketBuilder:
    """Every document in another folder, but those that another one cites by name. A name may say what a document is, so it stays."""
    for path in builder.documents:
        if not any(path.encode() in data for data in builder.documents.values()):
            builder = builder.rename(path, f"moved/{path}")
    return builder


def test_packed_otherwise_and_in_another_order_it_is_the_same_record_byte_by_byte(
    before: list[Outcome], tmp_path: Path, by: Reference
) -> None:
    memory, ids = Memory(), []
    for number, packet in reversed(list(enumerate(packets()))):
        path = tmp_path / f"{number}.zip"
        with path.open("wb") as file:
            write_zip(file, [Member(name, data) for name, data in reversed(packet.builder.files.items())])
        ids += staged([path], packet, memory, by)
    found = handed_off(judged(dict.fromkeys(ids), memory, by), memory, by)
    assert {one.packet: one.document_digest for one in before} == {name: one.document_digest for name, one in found.items()}


def test_documents_under_other_names_say_the_same(before: list[Outcome], tmp_path: Path, by: Reference) -> None:
    for old, new in zip(before, outcomes(tmp_path, (moved(packet.builder) for packet in packets()), by), strict=True):
        assert new.outcome == old.outcome
        plainly = Counter({(code, subject.removeprefix("moved/"), holds): n for (code, subject, holds), n in told(new).items()})
        assert plainly == told(old)
        assert values(new, by) == values(old, by)


def test_a_document_that_is_none_takes_no_exception_away(before: list[Outcome], tmp_path: Path, by: Reference) -> None:
    added = (packet.builder.add("lunch.dat", STRANGER) for packet in packets())
    for old, new in zip(before, outcomes(tmp_path, added, by), strict=True):
        assert told(old) <= told(new)
        assert new.outcome == HELD or old.outcome != HELD


def test_a_document_more_of_another_commit_never_makes_a_record_of_a_hold(before: list[Outcome], tmp_path: Path, by: Reference) -> None:
    entry = {"source": "release_manifest", "format": "release-manifest"}
    other = b'{"service":"unheard-of-thing","version":"0.0.1","commit":"' + b"0" * 39 + b'1","artifacts":[],"environments":[]}'
    added = (packet.builder.add("other/release-manifest.json", other, **entry) for packet in packets())
    assert {one.outcome for one in outcomes(tmp_path, added, by)} == {HELD}
    assert {one.outcome for one in before} != {HELD}


def test_every_document_is_in_the_record_once(before: list[Outcome]) -> None:
    for packet, outcome in zip(packets(), before, strict=True):
        shown = Counter(one["document"] for one in outcome.document["evidence"])
        sent = {"sha256:" + hashlib.sha256(data).hexdigest() for path, data in packet.builder.documents.items() if path != DESCRIPTOR}
        assert set(shown.values()) <= {1}
        assert sent <= shown.keys()


def test_the_ledger_of_every_document_counts_what_is_in_it() -> None:
    """What was mapped, summarised, dropped and not understood is together what other parsers count."""
    documents = {one for packet in packets() for one in packet.builder.documents.items() if one[0] != DESCRIPTOR}
    read = [path for path, data in sorted(documents) if assert_laws(path, data)]
    assert len(read) > 100


def test_every_place_that_is_shown_is_there(before: list[Outcome]) -> None:
    places = 0
    for packet, outcome in zip(packets(), before, strict=True):
        kept = {"sha256:" + hashlib.sha256(data).hexdigest(): data for data in packet.builder.files.values()}
        resolvers: dict[str, Resolver] = {}
        for document, locator in set(_places(outcome.document)):
            resolvers.setdefault(document, Resolver(kept[document])).value(locator)
            places += 1
    assert places > 1000


def _places(tree: Any) -> Iterator[tuple[str, str]]:
    """Document and locator, wherever a record shows them together. A locator of what is missing names where it should stand."""
    if isinstance(tree, Mapping):
        if tree.get("locator") and tree.get("document") and tree.get("source_value") is not None:
            yield tree["document"], tree["locator"]
        for below in tree.values():
            yield from _places(below)
    elif isinstance(tree, list):
        for below in tree:
            yield from _places(below)
