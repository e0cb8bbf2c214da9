"""Documents and packets that cannot be read: cut off, garbled, hostile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

from release_staging.evaluation.expected import Expected
from release_staging.evaluation.faults.fault import Faulty, Site, descriptor, documents, fault, held
from release_staging.evaluation.packets import Packet
from release_staging.model.exceptions import Code

_UNREADABLE = Code.EVIDENCE_UNREADABLE


def _encoded(*kinds: str) -> Callable[[Packet], Iterator[Site]]:
    """Documents whose bytes begin like JSON or XML, or that are YAML."""

    def sites(packet: Packet) -> Iterator[Site]:
        for one in packet.of():
            start = one.data.lstrip()[:1]
            kind = {b"{": "json", b"[": "json", b"<": "xml"}.get(start, "yaml" if one.path.endswith((".yaml", ".yml")) else "text")
            if kind in kinds:
                yield Site(one.format, one)

    return sites


@fault(_UNREADABLE, "A document is cut off in the middle", _encoded("json", "xml"))
def cut_off(packet: Packet, site: Site, chance: Random) -> Faulty:
    data = packet.data(site.path).rstrip()
    kept = data[: max(2, int(len(data) * chance.uniform(0.3, 0.95)))]
    if b"\n" in kept and site.form == "go-test-json":
        kept = kept.rstrip(b"\n")[:-3]  # inside a line: whole lines are a shorter report, not a broken one
    return held(packet.replaced(site.path, kept), Expected(_UNREADABLE, site.path))


@fault(_UNREADABLE, "A key stands twice in an object", _encoded("json"))
def duplicate_key(packet: Packet, site: Site, _: Random) -> Faulty | None:
    data = packet.data(site.path)
    start = data.find(b"{")
    name = data[start:].split(b'"', 2)[1]
    return held(
        packet.replaced(site.path, data[: start + 1] + b'"' + name + b'": null, ' + data[start + 1 :]), Expected(_UNREADABLE, site.path)
    )


@fault(_UNREADABLE, "Bytes that are no text stand in a document", _encoded("json", "xml", "yaml"))
def broken_text(packet: Packet, site: Site, chance: Random) -> Faulty:
    data = packet.data(site.path)
    quotes = [place for place in range(len(data)) if data[place : place + 1].isalpha()]
    place = chance.choice(quotes[len(quotes) // 3 :])
    return held(packet.replaced(site.path, data[:place] + b"\xc3\x28\xa0\xff" + data[place:]), Expected(_UNREADABLE, site.path))


@fault(_UNREADABLE, "An XML document declares a document type", _encoded("xml"))
def document_type(packet: Packet, site: Site, _: Random) -> Faulty:
    data = packet.data(site.path)
    place = data.index(b"?>") + 2 if data.startswith(b"<?xml") else 0
    typed = data[:place] + b'\n<!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/hostname">]>' + data[place:]
    return held(packet.replaced(site.path, typed), Expected(_UNREADABLE, site.path))


def _said_to_be_yaml(packet: Packet) -> Iterator[Site]:
    """Where the descriptor names the format: a text is YAML, or prose, only by what it is taken for."""
    named = {entry["path"] for entry in packet.builder.entries if "format" in entry}
    return (site for site in _encoded("yaml")(packet) if site.path in named)


@fault(_UNREADABLE, "A YAML document uses an alias", _said_to_be_yaml)
def alias(packet: Packet, site: Site, _: Random) -> Faulty:
    data = packet.data(site.path).rstrip(b"\n") + b"\nx-first: &same {a: b}\nx-second: *same\n"
    return held(packet.replaced(site.path, data), Expected(_UNREADABLE, site.path))


@fault(_UNREADABLE, "A document is nested deeper than any tool writes", _encoded("json"))
def nested_too_deep(packet: Packet, site: Site, _: Random) -> Faulty:
    deep = b"[" * 5000 + b"]" * 5000
    data = packet.data(site.path)
    start = data.find(b"{")
    return held(
        packet.replaced(site.path, data[: start + 1] + b'"x-deep": ' + deep + b", " + data[start + 1 :]), Expected(_UNREADABLE, site.path)
    )


@fault(_UNREADABLE, "The archive of the packet is cut off", lambda _: [Site("zip"), Site("tar.gz")])
def archive_cut_off(packet: Packet, site: Site, _: Random) -> Faulty:
    packed = replace(packet, world=replace(packet.world, packing=site.form), meddle=_cut)
    return held(packed, Expected(_UNREADABLE, subject=f"{packet.builder.id}.{site.form}"))


def _cut(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 2 // 3])


@fault(_UNREADABLE, "The packet has two descriptors", descriptor)
def two_descriptors(packet: Packet, _: Site, __: Random) -> Faulty:
    twice = packet.with_builder(packet.builder.add("packet.json", b'{"packet": "1"}'))
    builder = twice.builder
    entries = [entry for entry in builder.entries if entry["path"] != "packet.json"]
    return held(
        packet.with_builder(replace(builder, said={**builder.said, "documents": entries})), Expected(_UNREADABLE, subject="packet.yaml")
    )


@fault(Code.EVIDENCE_UNRECOGNISED, "An archive lies within the packet", documents("test_reports", "vulnerability_scans", "policy_checks"))
def archive_within(packet: Packet, site: Site, _: Random) -> Faulty:
    return held(packet.replaced(site.path, b"PK\x03\x04" + packet.data(site.path)), Expected(Code.EVIDENCE_UNRECOGNISED, site.path))
