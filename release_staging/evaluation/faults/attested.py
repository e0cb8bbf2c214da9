"""Attestations of something else, and attestations that nobody can vouch for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

from release_staging.evaluation import edits, signing
from release_staging.evaluation.documents import Written
from release_staging.evaluation.expected import Expected
from release_staging.evaluation.faults.fault import Faulty, Site, at, documents, fault, having, held, says_format
from release_staging.evaluation.packets import Packet
from release_staging.model.exceptions import Code

_MISMATCH, _UNVERIFIED = Code.ATTESTATION_MISMATCH, Code.ATTESTATION_UNVERIFIED
_SOURCE = "provenance_attestations"
_COPY = "json-pointer:/provenance_summary/provenance/0/build/inTotoSlsaProvenanceV1"


def _stated_otherwise(packet: Packet, site: Site, value: str) -> Packet:
    """Another statement, validly signed; the copies of it that Google shows say the same."""
    for place in site.places:
        packet = packet.put(site.path, place, value)
    packet = packet.signed_again(site.path)
    return copied(packet, site) if site.form == "gcb-provenance" else packet


def copied(packet: Packet, site: Site) -> Packet:
    """With what Google shows beside the envelope as the envelope has it."""
    assert site.document is not None
    statement = signing.statement_of(packet.data(site.path), _envelope(site.document))
    packet = packet.put(site.path, _COPY, statement)
    digest = "sha256:" + statement["subject"][0]["digest"]["sha256"]
    packet = packet.put(site.path, "json-pointer:/image_summary/digest", digest)
    return packet.put(site.path, "json-pointer:/image_summary/fully_qualified_digest", f"{packet.world.image}@{digest}")


def _envelope(document: Written) -> str:
    return document.facts["envelope"][0].removeprefix("json-pointer:")


@fault(_MISMATCH, "An attestation is of another image", having("subject", _SOURCE), changed=True)
def other_subject(packet: Packet, site: Site, _: Random) -> Faulty:
    return held(_stated_otherwise(packet, site, packet.world.hex("another subject")), Expected(_MISMATCH, site.path))


@fault(_MISMATCH, "An attestation is of another source revision", having("commit", _SOURCE))
def other_source_revision(packet: Packet, site: Site, _: Random) -> Faulty:
    return held(_stated_otherwise(packet, site, packet.world.parent), at(_MISMATCH, site))


@fault(_MISMATCH, "An attestation is of another repository's source", having("repository", _SOURCE))
def other_source_repository(packet: Packet, site: Site, chance: Random) -> Faulty:
    world = packet.world
    other = chance.choice([name for name in packet.toolchain.home.services if name != world.service.name])
    changed = packet.text(site.path, site.places[0]).replace(world.service.name, other)
    spoilt = _stated_otherwise(packet, site, changed)
    if site.form == "gcb-provenance" or b"externalParameters" in _statement(spoilt, site):
        envelope = _envelope(site.document) if site.document else ""
        workflow = f"json-pointer:{envelope}/payload;base64;json-pointer:/predicate/buildDefinition/externalParameters/workflow/repository"
        spoilt = spoilt.put(site.path, workflow, world.service.repository.replace(world.service.name, other)).signed_again(site.path)
        spoilt = copied(spoilt, site) if site.form == "gcb-provenance" else spoilt
    return held(spoilt, at(_MISMATCH, site))


def _statement(packet: Packet, site: Site) -> bytes:
    assert site.document is not None
    return edits.dumped(signing.statement_of(packet.data(site.path), _envelope(site.document)))


@fault(_MISMATCH, "An attestation is by another builder", having("builder", _SOURCE))
def other_builder(packet: Packet, site: Site, _: Random) -> Faulty:
    return held(_stated_otherwise(packet, site, "https://builders.example.net/somebody/else@refs/heads/main"), at(_MISMATCH, site))


@fault(_MISMATCH, "An attestation is of another run of the pipeline", having("invocation", _SOURCE))
def other_invocation(packet: Packet, site: Site, _: Random) -> Faulty:
    old = packet.text(site.path, site.places[0])
    run = packet.toolchain.run(packet.world)
    other = packet.world.uuid("another run") if "-" in run else str(int(run) + 17)
    new = re.sub(re.escape(run), other, old) if run in old else re.sub(r"\d+(?!.*\d)", lambda match: str(int(match[0]) + 17), old)
    return held(_stated_otherwise(packet, site, new), at(_MISMATCH, site))


@fault(_MISMATCH, "An attestation is of another workflow than the recorded run", having("workflow", _SOURCE))
def other_workflow(packet: Packet, site: Site, _: Random) -> Faulty:
    return held(_stated_otherwise(packet, site, ".github/workflows/nightly.yml"), at(_MISMATCH, site))


def _alone(packet: Packet) -> Iterator[Site]:
    """Provenance in an envelope, where the packet has no other."""
    sites = [Site(one.format, one, one.facts["format"]) for one in packet.having("builder", _SOURCE) if one.format == "dsse-envelope"]
    yield from sites if len(sites) == 1 else ()


@fault(Code.EVIDENCE_MISSING, "What is attested is of a type that nobody here reads", _alone)
def unknown_predicate(packet: Packet, site: Site, _: Random) -> Faulty:
    spoilt = _stated_otherwise(packet, site, "https://attestations.example.com/build-record/v1")
    return held(spoilt, Expected(Code.EVIDENCE_MISSING, subject=f"{_SOURCE}: builder"))


@fault(_UNVERIFIED, "A statement stands there without an envelope", documents(_SOURCE, forms=("dsse-envelope",)))
def unsigned(packet: Packet, site: Site, _: Random) -> Faulty:
    bare = edits.dumped(signing.statement_of(packet.data(site.path)))
    builder = packet.builder.replace(site.path, bare)
    builder = builder.entry(site.path, format="in-toto-statement") if says_format(packet, site.path) else builder
    return held(packet.with_builder(builder), Expected(_UNVERIFIED, site.path))


@fault(_UNVERIFIED, "An attestation is signed by somebody nobody trusts", having("envelope", _SOURCE))
def stranger_signed(packet: Packet, site: Site, _: Random) -> Faulty:
    return held(packet.signed_again(site.path, signing.STRANGER), Expected(_UNVERIFIED, site.path))


@fault(_UNVERIFIED, "A signature borrows the name of a trusted key", having("envelope", _SOURCE))
def borrowed_name(packet: Packet, site: Site, chance: Random) -> Faulty:
    return held(packet.signed_again(site.path, signing.STRANGER, chance.choice(signing.TRUSTED)), Expected(_UNVERIFIED, site.path))


@fault(_UNVERIFIED, "A statement was changed after it was signed", having("envelope", _SOURCE))
def tampered(packet: Packet, site: Site, _: Random) -> Faulty:
    """A name that identifies nothing: only the signature can tell."""
    assert site.document is not None
    name = f"json-pointer:{_envelope(site.document)}/payload;base64;json-pointer:/subject/0/name"
    spoilt = packet.put(site.path, name, f"{packet.world.image}-copy")
    return held(copied(spoilt, site) if site.form == "gcb-provenance" else spoilt, Expected(_UNVERIFIED, site.path))
