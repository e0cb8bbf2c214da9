"""Names and words that no registry knows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random

from release_staging.evaluation import edits
from release_staging.evaluation.expected import Expected
from release_staging.evaluation.faults.fault import Faulty, Site, at, descriptor, documents, fault, having, held, within
from release_staging.evaluation.packets import Packet
from release_staging.model.exceptions import Code

_UNMAPPED, _CONTRADICTION = Code.UNMAPPED_IDENTIFIER, Code.CONTRADICTION
_NOBODY = "unheard-of-thing"


def _of_a_world(packet: Packet) -> Iterator[Site]:
    """Not the sample packets, which are written once: others can be written anew for another service."""
    if packet.toolchain.packet_of(packet.world).written:
        yield from descriptor(packet)


@fault(_UNMAPPED, "The service is in no registry", _of_a_world)
def unregistered_service(packet: Packet, _: Site, __: Random) -> Faulty | None:
    """Every document and the descriptor agree on it, in worlds where none uses another name for it."""
    if any(packet.text(one.path, place) != packet.world.service.name for one in packet.having("service") for place in one.facts["service"]):
        return None
    home = packet.toolchain.home
    stranger = packet.toolchain.packet_of(replace(packet.world, service=home.service(_NOBODY)))
    return held(stranger, Expected(_UNMAPPED, "packet.yaml"))


def _named(packet: Packet) -> Iterator[Site]:
    for site in having("service")(packet):
        if site.document is not None and site.document.source != "service_catalog":
            yield site


@fault(_UNMAPPED, "A document calls the service by a name in no registry", _named)
def unknown_name(packet: Packet, site: Site, _: Random) -> Faulty:
    """It is then another name than the others give it, too."""
    for place in site.places:
        packet = packet.put(site.path, place, _NOBODY)
    return held(packet, at(_UNMAPPED, site), at(_CONTRADICTION, site))


@fault(_UNMAPPED, "The descriptor says an environment that is in no registry", documents("test_reports", "canary_analyses"))
def unknown_environment(packet: Packet, site: Site, _: Random) -> Faulty:
    return held(packet.with_builder(packet.builder.entry(site.path, environment="production-mars")), Expected(_UNMAPPED, site.path))


@fault(_UNMAPPED, "A plan is for an environment that is in no registry", having("environment", "config_diffs"))
def unknown_environment_of_plan(packet: Packet, site: Site, _: Random) -> Faulty:
    for place in site.places:
        packet = packet.put(site.path, place, "production-mars")
    return held(packet, Expected(_UNMAPPED, site.path))


def _words(packet: Packet) -> Iterator[Site]:
    """Words for how something stands, in documents that count nothing by them."""
    for fact, sources in (("verdict", ("pipeline_runs", "canary_analyses")), ("status", ("pipeline_runs", "incident_notes"))):
        for site in having(fact, *sources)(packet):
            assert site.document is not None
            if isinstance(edits.value_at(site.document.data, site.places[0]), str) and site.form != "circleci-pipeline":
                yield site


@fault(_UNMAPPED, "A tool writes a word for a result that nobody knows", _words, changed=True)
def unknown_word(packet: Packet, site: Site, _: Random) -> Faulty:
    return held(packet.put(site.path, site.places[0], "bewildered"), within(_UNMAPPED, site))


def _severities(packet: Packet) -> Iterator[Site]:
    for site in having("severity", "vulnerability_scans")(packet):
        if site.document is not None and "count" not in site.document.facts:
            yield site


@fault(_UNMAPPED, "A scanner writes a severity that nobody knows", _severities, changed=True)
def unknown_severity(packet: Packet, site: Site, _: Random) -> Faulty:
    return held(packet.put(site.path, site.places[0], "Catastrophic"), within(_UNMAPPED, site))
