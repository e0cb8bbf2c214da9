"""Documents of another candidate, and documents that disagree on who the candidate is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random

from release_staging.evaluation.expected import Expected
from release_staging.evaluation.faults.fault import Faulty, Site, at, descriptor, documents, fault, having, held, within
from release_staging.evaluation.packets import Packet
from release_staging.evaluation.tools import catalogs
from release_staging.model.exceptions import Code

_MIXED, _CONTRADICTION = Code.MIXED_CANDIDATE, Code.CONTRADICTION
_HASH = re.compile(r"[0-9a-f]{64}")
_COMMIT = re.compile(r"[0-9a-f]{40}")
# Their own digests are what evidence names: another byte in one of them makes another image.
_OF_THE_IMAGE = ("oci-image-index", "oci-image-manifest", "oci-image-config")
_NOT_ATTESTATIONS = (
    *("release_manifest", "pipeline_runs", "artifact_registry", "test_reports", "canary_analyses", "sboms"),
    *("vulnerability_scans", "policy_checks", "config_diffs", "rollback_runbooks", "service_catalog"),
)


def _stated(fact: str, *sources: str) -> Callable[[Packet], Iterator[Site]]:
    """Documents in which a fact stands and may be changed without changing the image."""

    def sites(packet: Packet) -> Iterator[Site]:
        return (site for site in having(fact, *(sources or _NOT_ATTESTATIONS))(packet) if site.form not in _OF_THE_IMAGE)

    return sites


def _each(packet: Packet, site: Site, change: Callable[[str], str]) -> Packet:
    for place in site.places:
        packet = packet.put(site.path, place, change(packet.text(site.path, place)))
    return packet


@fault(_MIXED, "A document is of another commit", _stated("commit"), changed=True)
def other_commit(packet: Packet, site: Site, _: Random) -> Faulty:
    return held(_each(packet, site, lambda text: _COMMIT.sub(packet.world.parent, text)), at(_MIXED, site))


@fault(
    _MIXED,
    "A document is of another image",
    _stated("digest", "artifact_registry", "sboms", "vulnerability_scans", "pipeline_runs"),
    changed=True,
)
def other_image(packet: Packet, site: Site, _: Random) -> Faulty:
    def elsewhere(text: str) -> str:
        return _HASH.sub(lambda match: packet.world.hex(f"another {match[0]}"), text)

    return held(_each(packet, site, elsewhere), at(_MIXED, site))


@fault(_MIXED, "A tag stands for another image than the manifest's", having("pinned"))
def moved_tag(packet: Packet, site: Site, _: Random) -> Faulty:
    return held(_each(packet, site, lambda text: _HASH.sub(packet.world.hex("moved to"), text)), within(_MIXED, site))


@fault(_MIXED, "A manifest is of another image than the index lists", documents(forms=("oci-image-manifest",)))
def manifest_not_listed(packet: Packet, site: Site, _: Random) -> Faulty:
    other = packet.put(site.path, "json-pointer:/layers/1/digest", packet.world.digest("a layer of another image"))
    return held(other, Expected(_MIXED, site.path))


@fault(_MIXED, "The index is of another build than the declared one", documents(forms=("oci-image-index",)))
def other_index(packet: Packet, site: Site, _: Random) -> Faulty:
    return held(
        packet.put(site.path, "json-pointer:/manifests/0/digest", packet.world.digest("another build")), Expected(_MIXED, site.path)
    )


@fault(_CONTRADICTION, "A document names another version", _stated("version"), changed=True)
def other_version(packet: Packet, site: Site, _: Random) -> Faulty:
    world = packet.world
    return held(_each(packet, site, lambda text: world.version.respelled(text, world.next)), at(_CONTRADICTION, site))


@fault(_CONTRADICTION, "A document names another service", _stated("service"))
def other_service(packet: Packet, site: Site, chance: Random) -> Faulty:
    others = [name for name in packet.toolchain.home.services if name != packet.world.service.name]
    other = chance.choice(others)
    return held(_each(packet, site, lambda _: other), at(_CONTRADICTION, site))


@fault(_CONTRADICTION, "A document names another repository", _stated("repository"))
def other_repository(packet: Packet, site: Site, chance: Random) -> Faulty:
    service = packet.world.service.name
    other = chance.choice([name for name in packet.toolchain.home.services if name != service])
    return held(_each(packet, site, lambda text: text.replace(service, other)), at(_CONTRADICTION, site))


def _tags(packet: Packet) -> Iterator[Site]:
    for site in having("tag")(packet):
        if site.document is not None and site.places != site.document.facts.get("version"):
            yield site


@fault(_CONTRADICTION, "A document names another tag", _tags)
def other_tag(packet: Packet, site: Site, _: Random) -> Faulty:
    return held(_each(packet, site, lambda _: packet.world.next.tag), at(_CONTRADICTION, site))


@fault(_CONTRADICTION, "The manifest names another CI run", having("build", "release_manifest"))
def other_run(packet: Packet, site: Site, _: Random) -> Faulty:
    return held(_each(packet, site, lambda _: packet.world.uuid("another run")), at(_CONTRADICTION, site))


@fault(_CONTRADICTION, "Manifest and descriptor are for other environments", having("targets", "release_manifest"))
def other_targets(packet: Packet, site: Site, _: Random) -> Faulty:
    other = [] if len(packet.world.targets) == 1 else list(packet.world.targets[:1])
    targets = other or ["production-eu", "production-us"]
    return held(packet.put(site.path, site.places[0], targets), at(_CONTRADICTION, site))


@fault(_CONTRADICTION, "The descriptor names another version", descriptor)
def descriptor_of_other_version(packet: Packet, _: Site, __: Random) -> Faulty:
    other = packet.builder.descriptor(candidate={"version": packet.world.next.text})
    return held(packet.with_builder(other), Expected(_CONTRADICTION, "packet.yaml"))


@fault(_MIXED, "The descriptor names another commit", descriptor)
def descriptor_of_other_commit(packet: Packet, _: Site, __: Random) -> Faulty:
    other = packet.builder.descriptor(candidate={"commit": packet.world.parent})
    return held(packet.with_builder(other), Expected(_MIXED, "packet.yaml"))


@fault(_CONTRADICTION, "Manifest and runbook return to different versions", _stated("rollback_version"))
def two_ways_back(packet: Packet, site: Site, _: Random) -> Faulty:
    world = packet.world
    other = f"{world.previous.text.rpartition('.')[0]}.{int(world.previous.text.rpartition('.')[2]) + 1}"
    return held(_each(packet, site, lambda text: text.replace(world.previous.text, other)), at(_CONTRADICTION, site))


@fault(_CONTRADICTION, "Manifest and runbook return to different images", _stated("rollback_digest"))
def two_images_back(packet: Packet, site: Site, _: Random) -> Faulty:
    return held(_each(packet, site, lambda text: _HASH.sub(packet.world.hex("another way back"), text)), at(_CONTRADICTION, site))


@fault(_CONTRADICTION, "The rollback returns to the candidate itself", having("rollback_version", "release_manifest"))
def back_to_itself(packet: Packet, site: Site, _: Random) -> Faulty:
    """Manifest and runbook agree on it."""
    world = packet.world
    for one in packet.having("rollback_version"):
        for place in one.facts["rollback_version"]:
            packet = packet.put(one.path, place, packet.text(one.path, place).replace(world.previous.text, world.version.text))
    return held(packet, at(_CONTRADICTION, site))


_CATALOGS = {
    "backstage-catalog": catalogs.datadog,
    "datadog-service": catalogs.backstage,
    "opslevel": catalogs.cortex,
    "cortex": catalogs.opslevel,
}


@fault(_CONTRADICTION, "Two catalogues name different owners", having("owner", "service_catalog"))
def two_owners(packet: Packet, site: Site, _: Random) -> Faulty:
    elsewhere = replace(packet.world, service=replace(packet.world.service, owner="team-somebody-else"))
    other = _CATALOGS[site.form](elsewhere)
    builder = packet.builder.add(other.path, other.data, source=other.source, format=other.format)
    return held(packet.with_builder(builder), Expected(_CONTRADICTION, other.path))
