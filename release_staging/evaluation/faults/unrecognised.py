"""Documents that are not what they are taken for, or that nobody knows; and documents that say nothing."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from release_staging.evaluation import edits
from release_staging.evaluation.expected import Expected
from release_staging.evaluation.faults.fault import Faulty, Site, documents, fault, having, held
from release_staging.evaluation.packets import Packet
from release_staging.model.exceptions import Code

_UNKNOWN, _EMPTY = Code.EVIDENCE_UNRECOGNISED, Code.EVIDENCE_EMPTY
_OF_NOBODY = b"""{
  "linter": "prettiness",
  "files": [{"name": "src/main", "marks": [3, 4, 4]}],
  "overall": "pretty"
}
"""
_TOOLS = (
    *("release_manifest", "pipeline_runs", "provenance_attestations", "test_reports", "canary_analyses", "sboms"),
    *("vulnerability_scans", "policy_checks", "config_diffs"),
)


@fault(_UNKNOWN, "A document is of no format that is read", documents(*_TOOLS), changed=True)
def unknown_format(packet: Packet, site: Site, _: Random) -> Faulty:
    return held(packet.replaced(site.path, _OF_NOBODY), Expected(_UNKNOWN, site.path))


@fault(_UNKNOWN, "The descriptor calls a document something else", documents())
def called_something_else(packet: Packet, site: Site, chance: Random) -> Faulty:
    assert site.document is not None
    others = sorted({one.source for one in packet.of()} - {site.document.source})
    renamed = packet.builder.entry(site.path, source=chance.choice(others))
    return held(packet.with_builder(renamed), Expected(_UNKNOWN, site.path))


@fault(_UNKNOWN, "The descriptor names a format that does not exist", documents("test_reports", "vulnerability_scans", "sboms"))
def format_of_nobody(packet: Packet, site: Site, _: Random) -> Faulty:
    return held(packet.with_builder(packet.builder.entry(site.path, format="pretty-report@3")), Expected(_UNKNOWN, site.path))


@fault(_EMPTY, "A document has no bytes", documents(), changed=True)
def no_bytes(packet: Packet, site: Site, _: Random) -> Faulty:
    return held(packet.replaced(site.path, b""), Expected(_EMPTY, site.path))


@fault(_EMPTY, "A document holds nothing but white space", documents())
def white_space(packet: Packet, site: Site, _: Random) -> Faulty:
    return held(packet.replaced(site.path, b"\n  \n\n"), Expected(_EMPTY, site.path))


_LISTS = {
    # Formats in which an empty list of these says that the tool did nothing, not that it found nothing.
    *("ctrf-json", "jest-json", "gatling-assertions", "policyreport", "scorecard-json", "trivy-json"),
    *("cyclonedx-json", "cyclonedx-xml", "syft-json", "pip-audit-json"),
}


def _listing(packet: Packet) -> Iterator[Site]:
    for one in packet.having("rows"):
        if one.format in _LISTS:
            yield Site(one.format, one, one.facts["rows"])
    for one in packet.having("cases"):
        yield Site(one.format, one, one.facts["cases"])


@fault(_EMPTY, "A document lists nothing at all", _listing, changed=True)
def nothing_listed(packet: Packet, site: Site, _: Random) -> Faulty:
    assert site.document is not None
    data = packet.data(site.path)
    for place in reversed(site.places):  # from the last: positions before it stay
        data = edits.changed(data, place, _emptied)
    if site.form == "ctrf-json":
        for name in ("tests", "passed", "skipped"):
            data = edits.put(data, f"json-pointer:/results/summary/{name}", 0)
    if site.form == "jest-json":
        for name in ("numTotalTests", "numPassedTests", "numPendingTests", "numTotalTestSuites", "numPassedTestSuites"):
            data = edits.put(data, f"json-pointer:/{name}", 0)
    if site.form == "policyreport":
        data = edits.put(data, site.document.facts["count"][0], 0)
    if site.form == "junit-xml":
        suite = site.document.facts["total"][0].rpartition("/")[0]
        for name in ("tests", "skipped"):
            data = edits.put(data, f"{suite}/@{name}", "0")
    return held(packet.replaced(site.path, data), Expected(_EMPTY, site.path))


def _emptied(value: object) -> object:
    """A list without elements, an object without members; an element of XML taken out."""
    if isinstance(value, list):
        return []
    return {} if isinstance(value, dict) else ""


@fault(_EMPTY, "A policy engine that evaluated nothing", having("total", "policy_checks"))
def nothing_evaluated(packet: Packet, site: Site, _: Random) -> Faulty:
    data = packet.data(site.path)
    for number in range(len(edits.value_at(data, "json-pointer:"))):
        data = edits.put(data, f"json-pointer:/{number}/successes", 0)
    return held(packet.replaced(site.path, data), Expected(_EMPTY, site.path))
