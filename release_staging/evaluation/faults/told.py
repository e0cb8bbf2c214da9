"""What holds nothing and must be told: flaky tests, canaries without a clear answer, dependencies that changed, a document sent twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random
from typing import Any

from release_staging.evaluation import edits
from release_staging.evaluation.expected import Expectation, Says
from release_staging.evaluation.faults.fault import Faulty, Site, at, documents, fault, having, held
from release_staging.evaluation.packets import Packet
from release_staging.evaluation.tools import sboms
from release_staging.evaluation.tools.packages import Package, packages
from release_staging.model.exceptions import Code


def _says(packet: Packet, *says: Says) -> Faulty:
    return Faulty(packet, Expectation(says=says))


def _is(pointer: str, wanted: Any) -> Says:
    return Says(pointer, repr(wanted), lambda found: found == wanted)


@fault(None, "A test passed only when it was tried again", documents("test_reports", forms=("junit-xml", "ctrf-json")))
def flaky_test(packet: Packet, site: Site, _: Random) -> Faulty:
    assert site.document is not None
    if site.form == "ctrf-json":
        spoilt = packet.put(site.path, "json-pointer:/results/tests/1/flaky", True)
        spoilt = spoilt.put(site.path, "json-pointer:/results/tests/1/retries", 1)
        if "flaky" in edits.value_at(packet.data(site.path), "json-pointer:/results/summary"):
            spoilt = spoilt.put(site.path, "json-pointer:/results/summary/flaky", 1)
    else:
        spoilt = packet.replaced(site.path, edits.changed(packet.data(site.path), site.document.facts["case"][0], _tried_again))
    listed = Says("/tests/failures", "a list with the flaky test", lambda found: any(one["outcome"] == "flaky" for one in found))
    return _says(spoilt, listed)


def _tried_again(case: str) -> str:
    once = '<flakyFailure message="timed out" type="TimeoutError"><stackTrace>at 1</stackTrace></flakyFailure>'
    return case[:-2] + f">{once}</testcase>" if case.endswith("/>") else case.replace("</testcase>", f"{once}</testcase>")


_UNCLEAR = {
    "argo-analysisrun": ("Inconclusive",),
    "kayenta-execution": ("Marginal", "Nodata"),
    "flagger-canary": ("Progressing", "Initialized", "Waiting"),
}


@fault(None, "A canary came to no clear answer", documents("canary_analyses", forms=tuple(sorted(_UNCLEAR))))
def unclear_canary(packet: Packet, site: Site, chance: Random) -> Faulty:
    assert site.document is not None
    word = chance.choice(_UNCLEAR[site.form])
    spoilt = packet.put(site.path, site.document.facts["verdict"][0], word)
    outcomes = ("inconclusive", "skipped", "unknown")
    return _says(spoilt, Says("/canary/outcome", "no pass", lambda found: found in outcomes))


@fault(None, "A canary failed", documents("canary_analyses", forms=tuple(sorted(_UNCLEAR))))
def failed_canary(packet: Packet, site: Site, _: Random) -> Faulty:
    assert site.document is not None
    word = {"kayenta-execution": "Fail"}.get(site.form, "Failed")
    return _says(packet.put(site.path, site.document.facts["verdict"][0], word), _is("/canary/outcome", "failed"))


def _comparable(packet: Packet) -> Iterator[Site]:
    """Packets whose bills of materials are all of one ecosystem."""
    listing = [one for one in packet.of("sboms") if one.format in ("cyclonedx-json", "spdx-json", "syft-json")]
    if len(listing) == len(packet.of("sboms")) == 1:
        for kind in _CHANGES:
            yield Site(kind, listing[0])


def _raised(one: Package) -> Package:
    major, _, rest = one.version.partition(".")
    return replace(one, version=f"{int(major) + 1}.{rest}")


_CHANGES: dict[str, Callable[[tuple[Package, ...]], tuple[Package, ...]]] = {
    # What the bill of materials before had, beside the one of the candidate.
    "added": lambda listed: listed[1:],
    "removed": lambda listed: (*listed, replace(listed[0], name=f"{listed[0].name}-legacy")),
    "major_version": lambda listed: (_raised(listed[0]), *listed[1:]),
    "licence": lambda listed: (replace(listed[0], licence="GPL-3.0-only"), *listed[1:]),
}


@fault(None, "Dependencies differ from those of the release before", _comparable)
def dependencies_changed(packet: Packet, site: Site, _: Random) -> Faulty:
    """Each flag is raised by its own change, and no other."""
    kind = _kind(packet)
    before = sboms.baseline(packet.world, _CHANGES[site.form](packages(packet.world, kind)))
    builder = packet.builder.add(before.path, before.data, source=before.source, format=before.format, baseline=True)
    flags = [_is(f"/dependencies/flags/{name}", name == site.form) for name in _CHANGES]
    return _says(packet.with_builder(builder), *flags)


def _kind(packet: Packet) -> str:
    """The ecosystem of the toolchain's bills of materials, by the first purl in one of them."""
    [sbom] = packet.of("sboms")
    return next(text.partition(b"pkg:")[2].partition(b"/")[0].decode() for text in sbom.data.split(b'"') if _is_package(text))


def _is_package(text: bytes) -> bool:
    return any(text.startswith(f"pkg:{kind}/".encode()) for kind in ("pypi", "npm", "maven", "golang", "nuget")) and b"@" in text


@fault(None, "A document stands in the packet twice", documents("vulnerability_scans", "test_reports", "sboms", "policy_checks"))
def sent_twice(packet: Packet, site: Site, _: Random) -> Faulty:
    """The same bytes under another name: nothing else is said by it."""
    entry = next(entry for entry in packet.builder.entries if entry["path"] == site.path)
    again = {name: value for name, value in entry.items() if name not in ("path", "sha256")}
    builder = packet.builder.add(site.path.replace(".", "-copy.", 1), packet.data(site.path), **again)
    return _says(packet.with_builder(builder))


@fault(Code.CONTRADICTION, "The catalogue names another owner than the registry", having("owner", "service_catalog"))
def other_owner(packet: Packet, site: Site, _: Random) -> Faulty:
    """Noted for the service owner; the catalogue is not required, and nobody waits for it."""
    return held(packet.put(site.path, site.places[0], "team-of-before"), at(Code.CONTRADICTION, site, holds=False))
