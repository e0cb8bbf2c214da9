"""The packet builder that tests use."""

from __future__ import annotations

import base64
import hashlib
import json
import tarfile
import zipfile
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from data.generate.signing import pae
from release_staging.parsing import yaml
from tests.packets import DESCRIPTOR, SAMPLES, PacketBuilder

PROVENANCE = "provenance/provenance.dsse.json"


def stated(packet: PacketBuilder) -> dict[str, str]:
    return {entry["path"]: entry["sha256"] for entry in yaml.parse(packet.files[DESCRIPTOR])["documents"]}


def true(packet: PacketBuilder) -> dict[str, str]:
    return {path: hashlib.sha256(data).hexdigest() for path, data in packet.files.items() if path != DESCRIPTOR}


def on_disk(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_the_clean_packet_is_the_sample_byte_by_byte():
    assert PacketBuilder.clean().files == on_disk(SAMPLES / "clean")


def test_the_descriptor_states_true_digests_of_every_document():
    packet = PacketBuilder.clean()
    assert stated(packet) == true(packet)


@pytest.mark.parametrize(
    "changed",
    [
        PacketBuilder.clean().without("catalog/catalog-info.yaml"),
        PacketBuilder.clean().replace("rollback/runbook.md", b"# Rollback\n"),
        PacketBuilder.clean().edit_json("ci/run.json", "/conclusion", "failure"),
        PacketBuilder.clean().remove_json("scans/trivy.json", "/Results/0"),
        PacketBuilder.clean().edit_text("rollback/runbook.md", "2026-10-30", "2026-01-30"),
        PacketBuilder.clean().rename("ci/run.json", "run.json"),
        PacketBuilder.clean().add("notes/INC-1.md", b"# INC-1\n", source="incident_notes"),
        PacketBuilder.clean().edit_statement(PROVENANCE, "/subject/0/name", "other"),
    ],
)
def test_after_any_change_the_stated_digests_are_true(changed):
    assert stated(changed) == true(changed)


def test_a_step_leaves_the_builder_it_starts_from_as_it_was():
    packet = PacketBuilder.clean()
    before = packet.files
    packet.without("ci/run.json").edit_json("ci/jobs.json", "/total_count", 0).descriptor(id="other").entry("tests/unit.xml", level=None)
    assert packet.files == before


def test_a_digest_can_be_left_stale_on_purpose():
    packet = PacketBuilder.clean().edit_text("tests/unit.xml", 'tests="24"', 'tests="25"', stale=True)
    assert {path for path, digest in true(packet).items() if stated(packet)[path] != digest} == {"tests/unit.xml"}


def test_a_document_can_be_promised_and_absent():
    packet = PacketBuilder.clean().without("scans/trivy.json", keep_entry=True)
    assert "scans/trivy.json" in stated(packet)
    assert "scans/trivy.json" not in packet.files


def test_json_is_edited_at_its_pointer():
    packet = PacketBuilder.clean().edit_json("release-manifest.json", "/environments/-", "production-ap")
    packet = packet.edit_json("release-manifest.json", "/rollback/version", "4.11.1").remove_json(
        "release-manifest.json", "/artifacts/0/digest"
    )
    manifest = json.loads(packet.files["release-manifest.json"])
    assert manifest["environments"] == ["production-eu", "production-us", "production-ap"]
    assert manifest["rollback"]["version"] == "4.11.1"
    assert "digest" not in manifest["artifacts"][0]


def test_text_that_does_not_stand_exactly_once_is_an_error_of_the_test():
    with pytest.raises(ValueError, match="0 times"):
        PacketBuilder.clean().edit_text("rollback/runbook.md", "no such words", "")
    with pytest.raises(ValueError, match="times"):
        PacketBuilder.clean().edit_text("rollback/runbook.md", "e", "")


def test_a_path_that_is_not_there_is_an_error_of_the_test():
    for step in (
        lambda packet: packet.without("a"),
        lambda packet: packet.replace("a", b""),
        lambda packet: packet.rename("a", "b"),
        lambda packet: packet.entry("a", level="unit"),
    ):
        with pytest.raises(KeyError, match="a"):
            step(PacketBuilder.clean())


def test_the_descriptor_is_merged_and_members_are_taken_out():
    packet = PacketBuilder.clean().descriptor(candidate={"version": "4.12.0", "tag": None}, environments=["production-eu"])
    said = yaml.parse(packet.files[DESCRIPTOR])
    assert said["candidate"]["version"] == "4.12.0"
    assert said["candidate"]["service"] == "billing-api"
    assert "tag" not in said["candidate"]
    assert said["environments"] == ["production-eu"]


def test_the_descriptor_can_be_anything_or_missing():
    packet = PacketBuilder.clean()
    assert packet.replace(DESCRIPTOR, b"nonsense").files[DESCRIPTOR] == b"nonsense"
    assert packet.without(DESCRIPTOR).files == {path: data for path, data in packet.files.items() if path != DESCRIPTOR}


def test_a_statement_is_edited_and_signed_again():
    key = ec.generate_private_key(ec.SECP256R1())
    edited = PacketBuilder.clean().edit_statement(PROVENANCE, "/predicate/runDetails/metadata/finishedOn", "2026-01-01T00:00:00Z")
    envelope = json.loads(edited.resign(PROVENANCE, key, "test-key").files[PROVENANCE])
    payload = base64.b64decode(envelope["payload"])
    assert json.loads(payload)["predicate"]["runDetails"]["metadata"]["finishedOn"] == "2026-01-01T00:00:00Z"
    assert envelope["signatures"][0]["keyid"] == "test-key"
    key.public_key().verify(base64.b64decode(envelope["signatures"][0]["sig"]), pae(payload), ec.ECDSA(hashes.SHA256()))
    before = json.loads(edited.files[PROVENANCE])
    with pytest.raises(InvalidSignature):
        key.public_key().verify(base64.b64decode(before["signatures"][0]["sig"]), pae(payload), ec.ECDSA(hashes.SHA256()))


def test_folder_archives_and_bag_hold_the_same_files(tmp_path):
    packet = PacketBuilder.clean().edit_text("rollback/runbook.md", "2026-10-30", "2026-10-31")
    assert on_disk(packet.write_folder(tmp_path)) == packet.files
    with zipfile.ZipFile(packet.write_zip(tmp_path)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == packet.files
    with tarfile.open(packet.write_tar_gz(tmp_path)) as archive:
        assert {member.name: archive.extractfile(member).read() for member in archive} == packet.files
    bag = packet.write_bag(tmp_path, "bag")
    assert {path.removeprefix("data/"): data for path, data in on_disk(bag).items() if path.startswith("data/")} == packet.files


def test_only_a_folder_that_is_said_to_be_ready_has_the_marker(tmp_path):
    assert (PacketBuilder.clean().write_folder(tmp_path, "a", ready=True) / ".ready").exists()
    assert not (PacketBuilder.clean().write_folder(tmp_path, "b") / ".ready").exists()


def test_an_archive_of_the_same_packet_is_the_same_bytes(tmp_path):
    packet = PacketBuilder.clean()
    for write in (packet.write_zip, packet.write_tar_gz):
        assert write(tmp_path, "a").read_bytes() == write(tmp_path, "b").read_bytes()


def test_the_manifests_of_a_bag_are_true(tmp_path):
    bag = PacketBuilder.clean().write_bag(tmp_path)
    for name in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
        lines = [line.split("  ") for line in (bag / name).read_text().splitlines()]
        assert lines
        for digest, path in lines:
            assert hashlib.sha256((bag / path).read_bytes()).hexdigest() == digest
