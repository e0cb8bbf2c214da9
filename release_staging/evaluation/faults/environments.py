"""Evidence for other environments than the targets."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from release_staging.evaluation import edits
from release_staging.evaluation.expected import Expected
from release_staging.evaluation.faults.fault import Faulty, Site, documents, fault, held
from release_staging.evaluation.packets import Packet
from release_staging.evaluation.tools import diffs
from release_staging.model.exceptions import Code

_MISMATCH = Code.ENVIRONMENT_MISMATCH


def _runbooks(packet: Packet) -> Iterator[Site]:
    for one in packet.of("rollback_runbooks"):
        yield Site("front matter" if "environments" in one.facts else "labelled lines", one)


@fault(_MISMATCH, "The runbook is for another environment", _runbooks)
def runbook_elsewhere(packet: Packet, site: Site, _: Random) -> Faulty:
    return held(packet.replaced(site.path, _only(packet, site, "staging-eu")), Expected(_MISMATCH, site.path))


@fault(_MISMATCH, "The runbook covers one of the targets only", _runbooks)
def runbook_partial(packet: Packet, site: Site, _: Random) -> Faulty | None:
    if len(packet.world.targets) < 2:
        return None
    return held(packet.replaced(site.path, _only(packet, site, packet.world.targets[1])), Expected(_MISMATCH, site.path))


def _only(packet: Packet, site: Site, environment: str) -> bytes:
    """The runbook with this environment and no other."""
    data = packet.data(site.path)
    if site.form == "front matter":
        assert site.document is not None
        return edits.put(data, site.document.facts["environments"][0], [environment])
    lines = data.decode().split("\n")
    first = next(number for number, line in enumerate(lines) if line.startswith("- Environment:"))
    kept = [line for line in lines if not line.startswith("- Environment:")]
    return "\n".join([*kept[:first], f"- Environment: {environment}", *kept[first:]]).encode()


@fault(_MISMATCH, "A configuration change is for another environment", documents("config_diffs"))
def change_elsewhere(packet: Packet, site: Site, _: Random) -> Faulty:
    if site.form == "unified-diff":
        text = packet.data(site.path).decode() + diffs.values_file("config/staging-eu/values.yaml", packet.world)
        return held(packet.replaced(site.path, text.encode()), Expected(_MISMATCH, site.path))
    if site.form == "terraform-plan-json":
        packet = packet.put(site.path, "json-pointer:/variables/environment/value", "staging-eu")
    return held(packet.with_builder(packet.builder.entry(site.path, environment="staging-eu")), Expected(_MISMATCH, site.path))
