"""Evidence that is not there: a source, a level of tests, the descriptor, a promised document, tests that did not run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random

from release_staging.evaluation import edits
from release_staging.evaluation.builder import DESCRIPTOR
from release_staging.evaluation.documents import Written
from release_staging.evaluation.expected import Expected
from release_staging.evaluation.faults.fault import Faulty, Site, descriptor, fault, held
from release_staging.evaluation.packets import Packet
from release_staging.model.exceptions import Code

_MISSING = Code.EVIDENCE_MISSING
_REQUIRED = (
    *("release_manifest", "pipeline_runs", "artifact_registry", "provenance_attestations", "test_reports", "canary_analyses"),
    *("sboms", "vulnerability_scans", "policy_checks", "config_diffs", "rollback_runbooks"),
)
_LEVELS = ("unit", "integration", "load", "smoke")


def _sources(packet: Packet) -> Iterator[Site]:  # noqa: ARG001 - every packet has them all
    yield from map(Site, _REQUIRED)


def _levels(packet: Packet) -> Iterator[Site]:  # noqa: ARG001
    yield from map(Site, _LEVELS)


@fault(_MISSING, "A required source is not in the packet", _sources, changed=True)
def source_removed(packet: Packet, site: Site, _: Random) -> Faulty:
    gone = packet.of(site.form)
    return held(_without(packet, gone), Expected(_MISSING, subject=site.form), *_uncited(packet, gone))


@fault(_MISSING, "A required level of tests has no report", _levels, changed=True)
def level_removed(packet: Packet, site: Site, _: Random) -> Faulty:
    gone = [one for one in packet.of("test_reports") if one.level == site.form]
    return held(_without(packet, gone), Expected(_MISSING, subject=f"test_reports: {site.form}"), *_uncited(packet, gone))


@fault(_MISSING, "The packet has no descriptor", descriptor)
def no_descriptor(packet: Packet, _: Site, __: Random) -> Faulty:
    return held(packet.with_builder(packet.builder.without(DESCRIPTOR)), Expected(_MISSING, subject=DESCRIPTOR))


def _spare(packet: Packet) -> Iterator[Site]:
    """Documents beside others of their source and level, which no note cites and no other document is held against."""
    for one in packet.of():
        alike = [other for other in packet.of(one.source) if other.level == one.level and other is not one]
        if (
            alike
            and not any(one.path in _cited(note) for note in packet.having("citation"))
            and one.source != "artifact_registry"
            and one.format != "release-manifest"
        ):
            yield Site(one.format, one)


@fault(Code.EVIDENCE_MISSING, "The descriptor names a document that is not in the packet", _spare)
def promised_and_absent(packet: Packet, site: Site, _: Random) -> Faulty:
    gone = packet.builder.without(site.path, keep_entry=True)
    return held(packet.with_builder(gone), Expected(Code.EVIDENCE_MISSING, subject=site.path))


def _skippable(packet: Packet) -> Iterator[Site]:
    for one in packet.of("test_reports"):
        if one.format in ("junit-xml", "trx", "jest-json", "go-test-json") and len(_of_level(packet, one)) == 1:
            yield Site(one.format, one)


def _of_level(packet: Packet, one: Written) -> list[Written]:
    return [other for other in packet.of("test_reports") if other.level == one.level]


@fault(_MISSING, "Every test of a required level was skipped", _skippable)
def all_skipped(packet: Packet, site: Site, _: Random) -> Faulty:
    assert site.document is not None
    spoilt = packet.replaced(site.path, _skipped(site.document))
    return held(spoilt, Expected(_MISSING, subject=f"test_reports: {site.document.level}"))


def _skipped(document: Written) -> bytes:
    """The report with every case skipped, and its totals true."""
    data = document.data
    if document.format == "junit-xml":
        for place in document.facts["cases"]:
            data = edits.changed(data, place, _skip_case)
        total = edits.text_at(data, document.facts["total"][0])
        return edits.put(data, document.facts["total"][0].rpartition("/")[0] + "/@skipped", total)
    word = {"trx": "NotExecuted", "jest-json": "pending", "go-test-json": "skip"}[document.format]
    for place in document.facts["statuses"]:
        data = edits.put(data, place, word)
    if document.format == "trx":
        counters = document.facts["total"][0].rpartition("/")[0]
        total = edits.text_at(data, document.facts["total"][0])
        for name, value in (("executed", "0"), ("passed", "0"), ("notExecuted", total)):
            data = edits.put(data, f"{counters}/@{name}", value)
    if document.format == "jest-json":
        total = edits.text_at(data, "json-pointer:/numTotalTests")
        data = edits.put(edits.put(data, "json-pointer:/numPassedTests", 0), "json-pointer:/numPendingTests", int(total))
    if document.format == "go-test-json":
        data = edits.put(data, document.facts["verdict"][0], "skip")
    return data


def _skip_case(case: str) -> str:
    if "<skipped" in case:
        return case
    if case.endswith("/>"):
        return case[:-2] + '><skipped message="later"/></testcase>'
    return case.replace("</testcase>", '<skipped message="later"/></testcase>')


def _without(packet: Packet, gone: list[Written]) -> Packet:
    builder = packet.builder
    for one in gone:
        builder = builder.without(one.path)
    return replace(packet, builder=builder)


def _uncited(packet: Packet, gone: list[Written]) -> list[Expected]:
    """What the incident note concludes from a document that is gone is then without evidence."""
    paths = {one.path for one in gone}
    notes = [note for note in packet.having("citation", "incident_notes") if note.path not in paths]
    return [Expected(Code.UNSUPPORTED_CONCLUSION, note.path) for note in notes if paths.issuperset(_cited(note))]


def _cited(note: Written) -> list[str]:
    return [edits.text_at(note.data, place).partition("`")[2].rstrip("`") for place in note.facts["citation"]]
