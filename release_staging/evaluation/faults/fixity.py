"""Documents that are not the declared ones: digests of the descriptor and of a bag, links."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

from release_staging.evaluation.expected import Expected
from release_staging.evaluation.faults.fault import Faulty, Site, documents, fault, held
from release_staging.evaluation.packets import Packet
from release_staging.model.exceptions import Code

_MISMATCH = Code.DIGEST_MISMATCH
_NOT_REGISTRY = (
    *("release_manifest", "pipeline_runs", "provenance_attestations", "test_reports", "canary_analyses", "sboms"),
    *("vulnerability_scans", "policy_checks", "config_diffs", "rollback_runbooks", "incident_notes", "service_catalog"),
)
_LINKS = {
    "s3": "s3://evidence-exports/scan.json",
    "https": "https://exports.example.com/scan.json",
    "file": "file:///var/lib/exports/scan.json",
    "no address": "exports/scan.json",
}


@fault(_MISMATCH, "The descriptor declares another digest", documents())
def other_digest_declared(packet: Packet, site: Site, _: Random) -> Faulty:
    wrong = packet.builder.entry(site.path, sha256=packet.world.hex(f"another {site.path}"))
    return held(packet.with_builder(wrong), Expected(_MISMATCH, subject=site.path))


@fault(_MISMATCH, "A document was exchanged after it was declared", documents(*_NOT_REGISTRY), changed=True)
def exchanged(packet: Packet, site: Site, _: Random) -> Faulty:
    swapped = packet.builder.replace(site.path, packet.data(site.path) + b"\n", stale=True)
    return held(packet.with_builder(swapped), Expected(_MISMATCH, subject=site.path))


@fault(_MISMATCH, "A document of a bag is not the one in its manifest", documents(*_NOT_REGISTRY))
def bag_exchanged(packet: Packet, site: Site, _: Random) -> Faulty:
    """The descriptor declares no digest for it: only the bag's manifest can tell."""

    def meddle(bag: Path) -> None:
        with (bag / "data" / site.path).open("ab") as file:
            file.write(b"\n")

    undeclared = packet.builder.entry(site.path, sha256=None)
    bagged = replace(packet, builder=undeclared, world=replace(packet.world, packing="bag"), meddle=meddle)
    return held(bagged, Expected(_MISMATCH, subject=site.path))


def _links(_: Packet) -> Iterator[Site]:
    yield from map(Site, _LINKS)


@fault(Code.LINK_UNRESOLVED, "A link leads where policy allows none", _links)
def link_astray(packet: Packet, site: Site, _: Random) -> Faulty:
    link = {"name": "exports/scan.json", "url": _LINKS[site.form], "sha256": packet.world.hex("linked"), "source": "vulnerability_scans"}
    return held(packet.with_builder(packet.builder.descriptor(links=[link])), Expected(Code.LINK_UNRESOLVED, subject=link["name"]))
