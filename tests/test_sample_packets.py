"""The sample packets: made by their generator, consistent in themselves, and read by the readers as their descriptor says."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from data.generate.__main__ import everything
from data.generate.signing import KEY_ID, PUBLIC
from data.generate.variants import VARIANTS
from release_staging.evidence.extract import Options, TrustedKey
from release_staging.evidence.open import Opened
from release_staging.evidence.read import read
from release_staging.evidence.recognise import recognise
from release_staging.evidence.resolve import Resolver
from release_staging.parsing.limits import Unreadable
from tests.evidence.support import assert_lawful, not_understood, rows
from tests.packets import SAMPLES, PacketBuilder

EXPECTED = json.loads((SAMPLES / "expected.json").read_text())
NAMES = sorted(EXPECTED)
OPTIONS = Options(trusted_keys=(TrustedKey(KEY_ID, PUBLIC.read_text()),))


def described(packet: PacketBuilder) -> list[tuple[dict[str, str], bytes]]:
    return [(entry, packet.documents[entry["path"]]) for entry in packet.said["documents"]]


def test_the_committed_packets_are_what_the_generator_makes():
    there = {path.relative_to(SAMPLES).as_posix(): path.read_bytes() for path in SAMPLES.rglob("*") if path.is_file()}
    there.pop("README.md")
    assert there == everything()


def test_the_table_for_readers_lists_every_packet():
    table = (SAMPLES / "README.md").read_text()
    for name in NAMES:
        assert f"`{name}`" in table
        for exception in EXPECTED[name]["exceptions"]:
            assert f"`{exception['code']}`" in table


@pytest.mark.parametrize("name", NAMES)
def test_stated_digests_are_true_and_every_document_is_described(name):
    packet = PacketBuilder.sample(name)
    assert {entry["path"]: entry["sha256"] for entry, _ in described(packet)} == {
        path: hashlib.sha256(data).hexdigest() for path, data in packet.documents.items()
    }


def test_index_manifests_configs_and_manifest_name_each_other_by_their_exact_bytes():
    files = PacketBuilder.clean().documents
    named = {path: ("sha256:" + hashlib.sha256(data).hexdigest(), len(data)) for path, data in files.items()}
    index, _ = named["registry/index.json"]
    assert json.loads(files["release-manifest.json"])["artifacts"][0]["digest"] == index
    assert json.loads(files["scans/trivy.json"])["Metadata"]["RepoDigests"][0].endswith("@" + index)
    children = json.loads(files["registry/index.json"])["manifests"]
    for child, platform in zip(children, ("amd64", "arm64"), strict=True):
        manifest = f"registry/manifest-{platform}.json"
        assert (child["digest"], child["size"]) == named[manifest]
        config = json.loads(files[manifest])["config"]
        assert (config["digest"], config["size"]) == named[f"registry/config-{platform}.json"]


@pytest.mark.parametrize("name", NAMES)
def test_each_document_is_exactly_what_the_descriptor_says(name):
    for entry, data in described(PacketBuilder.sample(name)):
        if (name, entry["path"]) == ("unreadable-scan", "scans/trivy.json"):
            with pytest.raises(Unreadable):
                recognise(Opened(data))
        else:
            known = recognise(Opened(data))
            assert [(match.reader.source, match.reader.format) for match in known] == [(entry["source"], entry["format"])], entry["path"]


def test_the_clean_packet_is_read_without_a_problem():
    for entry, data in described(PacketBuilder.clean()):
        opened = Opened(data)
        extraction = read(opened, recognise(opened)[0], OPTIONS)
        assert_lawful(data, extraction)
        assert rows(extraction, "problems") == [], entry["path"]
        assert not_understood(extraction) == [], entry["path"]


@pytest.mark.parametrize("name", ["clean", "stale-attestation", "attestation-digest-mismatch"])
def test_the_provenance_is_signed_by_the_committed_key(name):
    opened = Opened(PacketBuilder.sample(name).documents["provenance/provenance.dsse.json"])
    extraction = read(opened, recognise(opened)[0], OPTIONS)
    assert [row["signature"] for row in rows(extraction, "attestations")] == ["verified"]


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.name)
def test_a_held_packet_differs_from_the_clean_one_in_what_its_table_row_names(variant):
    clean, held = PacketBuilder.clean().documents, PacketBuilder.sample(variant.name).documents
    changed = {path for path in clean.keys() | held.keys() if clean.get(path) != held.get(path)}
    assert len(changed) in (1, 2)
    for exception in EXPECTED[variant.name]["exceptions"]:
        assert exception["path"] in changed


@pytest.mark.parametrize("name", NAMES)
def test_every_expected_locator_leads_to_a_place(name):
    documents = PacketBuilder.sample(name).documents
    for exception in EXPECTED[name]["exceptions"]:
        if exception["locator"] is not None:
            Resolver(documents[exception["path"]]).value(exception["locator"])


def test_no_private_key_is_committed():
    root = Path(__file__).resolve().parent.parent / "data"
    for path in root.rglob("*"):
        if path.is_file():
            assert b"PRIVATE KEY-----" not in path.read_bytes(), path
