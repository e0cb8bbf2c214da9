"""The intake: packets are seen once they are whole, admitted once, and can be opened again from the vault alone."""

from __future__ import annotations

import os
import shutil
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from release_staging.packet.inventory import inventory
from release_staging.packet.links import LinkStores
from release_staging.packet.open import OpenedPacket, digest_only, open_packet
from release_staging.packet.problem import UnusableName
from release_staging.staging.errors import StagingError
from release_staging.staging.intake import Admitted, Quarantined, Watermark, admit, candidates, reopen, submit
from release_staging.staging.store import StagingStore
from release_staging.staging.vault import Vault
from tests.disclosure.planted import RULES
from tests.packet.support import CONTENT, DESCRIPTOR, RUN, bag_of, folder_of, sha256, tgz_of, zip_of

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path / "vault")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "intake").mkdir()
    return tmp_path / "intake"


def seen(folder: Path, after: Watermark | None = None) -> list[str]:
    return [entry.path.name for entry in candidates(folder, after or Watermark(), settle_ns=0)]


def admitted(entry: Path, vault: Vault, store: StagingStore, stores: LinkStores | None = None) -> Admitted:
    outcome = admit(entry, vault, store, NOW, RULES, stores=stores)
    assert isinstance(outcome, Admitted), outcome
    return outcome


# --- arrival ------------------------------------------------------------------------------------------------------------


def test_only_what_has_arrived_whole_is_seen(folder: Path) -> None:
    zip_of(folder / "a.zip", CONTENT)
    tgz_of(folder / "b.tar.gz", CONTENT)
    for name in (".hidden.zip", "c.zip.part", "d.tmp"):
        (folder / name).write_bytes(b"x")
    folder_of(folder / "being-written", CONTENT)
    folder_of(folder / "whole", CONTENT | {".ready": b""})
    folder_of(folder / "quarantine", CONTENT | {".ready": b""})
    assert sorted(seen(folder)) == ["a.zip", "b.tar.gz", "whole"]


def test_entries_come_in_the_order_in_which_they_arrived(folder: Path) -> None:
    folder_of(folder / "m", CONTENT)
    for name in ("z", "a", "k"):
        zip_of(folder / f".{name}.part", CONTENT).rename(folder / f"{name}.zip")
        time.sleep(0.02)
    (folder / "m" / ".ready").touch()
    assert seen(folder) == ["z.zip", "a.zip", "k.zip", "m"]


def test_a_watermark_leaves_out_what_was_taken(folder: Path) -> None:
    for name in ("b", "a"):
        zip_of(folder / f"{name}.zip", CONTENT)
        time.sleep(0.02)
    first, second = candidates(folder, Watermark(), settle_ns=0)
    assert seen(folder, first.watermark) == ["a.zip"]
    assert seen(folder, second.watermark) == []
    time.sleep(0.02)
    zip_of(folder / "0.zip", CONTENT)
    assert seen(folder, second.watermark) == ["0.zip"]


def test_what_arrived_a_moment_ago_waits_for_the_next_look(folder: Path) -> None:
    zip_of(folder / "a.zip", CONTENT)
    assert candidates(folder, Watermark(), settle_ns=10**12) == []
    assert len(candidates(folder, Watermark(), settle_ns=0)) == 1
    time.sleep(0.1)
    assert len(candidates(folder, Watermark())) == 1


def test_no_packet_is_missed_while_others_arrive(folder: Path) -> None:
    def arrive() -> None:
        for number in range(60):
            (folder / f".{number}").write_bytes(b"x")
            (folder / f".{number}").rename(folder / f"{(number * 37) % 60:02}.zip")

    thread = threading.Thread(target=arrive)
    thread.start()
    taken: list[str] = []
    mark = Watermark()
    while thread.is_alive() or len(taken) < 60:
        alive = thread.is_alive()
        for entry in candidates(folder, mark):
            taken.append(entry.path.name)
            mark = Watermark.parse(str(entry.watermark))
        if not alive:
            time.sleep(0.1)
            taken += [entry.path.name for entry in candidates(folder, mark)]
            break
    thread.join()
    assert sorted(taken) == [f"{number:02}.zip" for number in range(60)]


def test_an_intake_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(StagingError, match=r"intake folder .* cannot be read: No such file"):
        candidates(tmp_path / "nothing", Watermark())


@given(st.integers(0, 2**63), st.integers(0, 2**63))
def test_a_watermark_survives_its_text(ctime: int, inode: int) -> None:
    mark = Watermark(ctime, inode)
    assert Watermark.parse(str(mark)) == mark


def test_a_watermark_tells_no_name(folder: Path) -> None:
    zip_of(folder / "jane@customer.com.zip", CONTENT)
    [entry] = candidates(folder, Watermark(), settle_ns=0)
    assert "jane" not in str(entry.watermark)


@pytest.mark.parametrize("text", ["", "x", "1", ":1", "1:a", "-1:1", "1:²"])
def test_a_text_that_is_no_watermark_is_told(text: str) -> None:
    with pytest.raises(ValueError, match="is not a watermark"):
        Watermark.parse(text)


# --- admission ----------------------------------------------------------------------------------------------------------


def test_an_admitted_packet_is_in_vault_and_store(folder: Path, vault: Vault, store: StagingStore) -> None:
    outcome = admitted(zip_of(folder / "a.zip", CONTENT), vault, store)
    packet = store.packet(outcome.packet_id)
    assert packet is not None
    assert (packet.declared_id, packet.digest, packet.received_at) == ("billing-api-4.12.0-rc.3", outcome.digest, NOW)
    assert packet.effective_time == datetime(2026, 11, 20, 10, 15, tzinfo=UTC)
    assert packet.size_bytes == outcome.size == sum(map(len, CONTENT.values()))
    assert {document.path: vault.get(document.sha256) for document in packet.documents} == CONTENT


def test_the_same_content_twice_is_one_packet(folder: Path, vault: Vault, store: StagingStore) -> None:
    first = admitted(zip_of(folder / "a.zip", CONTENT), vault, store)
    second = admitted(tgz_of(folder / "b.tar.gz", CONTENT), vault, store)
    assert (first.new, second.new) == (True, False)
    assert first.packet_id == second.packet_id
    assert len(store.packets()) == 1


@pytest.mark.parametrize(
    "kind", ["sound", "bag", "broken-bag", "no-descriptor", "bad-descriptor", "broken-descriptor", "links", "unreadable", "empty"]
)
def test_an_admitted_packet_is_opened_again_from_the_vault_alone(
    tmp_path: Path, folder: Path, vault: Vault, store: StagingStore, kind: str
) -> None:
    (tmp_path / "linked").mkdir()
    (tmp_path / "linked" / "more.json").write_bytes(RUN + b" ")
    url = (tmp_path / "linked" / "more.json").as_uri()
    links = "links:\n" + "".join(
        f'  - {{name: {n}, url: "{url}", sha256: "{d}"}}\n' for n, d in (("a", sha256(RUN + b" ")), ("b", "0" * 64))
    )
    content = {
        "sound": CONTENT,
        "bag": bag_of(CONTENT),
        "broken-bag": bag_of(CONTENT) | {"data/build/run.json": b"{}"},
        "no-descriptor": {"build/run.json": RUN},
        "bad-descriptor": CONTENT | {"packet.yaml": DESCRIPTOR + b"extra: 1\n"},
        "broken-descriptor": CONTENT | {"packet.yaml": b"a: ["},
        "links": CONTENT | {"packet.yaml": DESCRIPTOR + links.encode()},
        "unreadable": CONTENT | {"../x": b""},
        "empty": {},
    }[kind]
    entry = zip_of(folder / "a.zip", content)
    stores = LinkStores((tmp_path / "linked",))
    before = open_packet(entry, digest_only, stores=stores)
    outcome = admitted(entry, vault, store, stores)
    shutil.rmtree(folder)
    shutil.rmtree(tmp_path / "linked")
    again = reopen(outcome.packet_id, vault, store)
    assert again == before
    assert_same_inventory(before, again, vault)


def assert_same_inventory(before: OpenedPacket, again: OpenedPacket, vault: Vault) -> None:
    first, second = inventory(before, vault.get), inventory(again, vault.get)
    assert first.keys() == second.keys()
    assert all(first[name].equals(second[name]) for name in first)


def test_a_packet_that_was_not_admitted_cannot_be_reopened(vault: Vault, store: StagingStore) -> None:
    with pytest.raises(StagingError, match="no packet billing-1 was admitted"):
        reopen("billing-1", vault, store)


def test_a_bad_packet_is_admitted_to_be_held(folder: Path, vault: Vault, store: StagingStore) -> None:
    (folder / "a.zip").write_bytes(b"PK\x03\x04 cut off")
    outcome = admitted(folder / "a.zip", vault, store)
    assert outcome.packet_id.startswith("unreadable-")
    packet = store.packet(outcome.packet_id)
    assert packet is not None
    assert packet.effective_time == NOW
    assert (folder / "a.zip").exists()


def test_a_packet_whose_archive_was_sent_again_whole_is_another_packet(folder: Path, vault: Vault, store: StagingStore) -> None:
    whole = zip_of(folder / "a.zip", CONTENT).read_bytes()
    (folder / "a.zip").write_bytes(whole[:-10])
    assert admitted(folder / "a.zip", vault, store).packet_id.startswith("unreadable-")
    (folder / "a.zip").write_bytes(whole)
    assert admitted(folder / "a.zip", vault, store).new


# --- quarantine ---------------------------------------------------------------------------------------------------------


def bad_name(folder: Path, name: str = "a.zip") -> Path:
    return zip_of(folder / name, CONTENT | {"packet.yaml": DESCRIPTOR.replace(b"id: billing-api", b"id: ../../billing-api")})


def test_a_packet_that_cannot_be_named_is_put_aside_with_its_reason(folder: Path, vault: Vault, store: StagingStore) -> None:
    outcome = admit(bad_name(folder), vault, store, NOW, RULES)
    assert isinstance(outcome, Quarantined)
    assert "packet.yaml: /id: expected lower-case letters" in outcome.reason
    aside = folder / "quarantine"
    assert sorted(path.name for path in aside.iterdir()) == ["a.zip", "a.zip.reason.txt"]
    assert (aside / "a.zip.reason.txt").read_text() == outcome.reason + "\n"
    assert seen(folder) == []
    assert store.packets() == []


def test_what_was_put_aside_before_is_not_overwritten(folder: Path, vault: Vault, store: StagingStore) -> None:
    for _ in range(3):
        assert isinstance(admit(bad_name(folder), vault, store, NOW, RULES), Quarantined)
    names = {path.name for path in (folder / "quarantine").iterdir()}
    assert names == {"a.zip", "a.zip.2", "a.zip.3", "a.zip.reason.txt", "a.zip.2.reason.txt", "a.zip.3.reason.txt"}


def test_what_is_not_in_an_intake_folder_is_left_where_it_is(folder: Path, vault: Vault, store: StagingStore) -> None:
    entry = bad_name(folder)
    assert isinstance(admit(entry, vault, store, NOW, RULES, aside=False), Quarantined)
    assert [path.name for path in folder.iterdir()] == ["a.zip"]


def test_a_folder_that_cannot_be_named_is_put_aside_too(folder: Path, vault: Vault, store: StagingStore) -> None:
    entry = folder_of(folder / "p", {"packet.json": b'{"id": "UPPER"}', ".ready": b""})
    assert isinstance(admit(entry, vault, store, NOW, RULES), Quarantined)
    assert (folder / "quarantine" / "p" / "packet.json").exists()


def test_a_link_in_the_intake_is_put_aside_and_not_followed(tmp_path: Path, folder: Path, vault: Vault, store: StagingStore) -> None:
    (folder / "a.zip").symlink_to(zip_of(tmp_path / "elsewhere.zip", CONTENT))
    os.mkfifo(folder / "b.zip")
    assert sorted(seen(folder)) == ["a.zip", "b.zip"]
    for name in ("a.zip", "b.zip"):
        outcome = admit(folder / name, vault, store, NOW, RULES)
        assert isinstance(outcome, Quarantined)
        assert "neither a file nor a folder" in outcome.reason
    assert (tmp_path / "elsewhere.zip").exists()
    assert store.packets() == []


def test_an_entry_that_was_taken_away_is_told(folder: Path, vault: Vault, store: StagingStore) -> None:
    outcome = admit(folder / "gone.zip", vault, store, NOW, RULES)
    assert outcome == Quarantined("gone.zip: taken away before it could be read")


# --- submitting ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["folder", "zip", "tar.gz", "bag"])
def test_what_is_submitted_arrives_under_the_id_it_is_admitted_by(
    tmp_path: Path, folder: Path, vault: Vault, store: StagingStore, kind: str
) -> None:
    path = {
        "folder": lambda: folder_of(tmp_path / "p", CONTENT),
        "zip": lambda: zip_of(tmp_path / "p.ZIP", CONTENT),
        "tar.gz": lambda: tgz_of(tmp_path / "p.tar.gz", CONTENT),
        "bag": lambda: folder_of(tmp_path / "p", bag_of(CONTENT)),
    }[kind]()
    submitted = submit(path, folder, RULES)
    assert seen(folder) == [submitted.path.name]
    outcome = admitted(submitted.path, vault, store)
    assert (outcome.packet_id, outcome.digest) == (submitted.packet_id, submitted.digest)
    assert [item.name for item in folder.iterdir()] == [submitted.path.name]


def test_submitting_again_changes_nothing(tmp_path: Path, folder: Path) -> None:
    path = zip_of(tmp_path / "p.zip", CONTENT)
    first = submit(path, folder, RULES)
    before = first.path.stat()
    assert submit(path, folder, RULES) == first
    assert first.path.stat().st_ctime_ns == before.st_ctime_ns


def test_a_packet_that_cannot_be_named_is_not_submitted(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(UnusableName):
        submit(bad_name(tmp_path), folder, RULES)
    assert list(folder.iterdir()) == []


def test_a_folder_with_a_link_is_not_submitted_and_leaves_nothing(tmp_path: Path, folder: Path) -> None:
    source = folder_of(tmp_path / "p", CONTENT)
    (source / "link").symlink_to("/etc/passwd")
    with pytest.raises(StagingError, match=r"link: a symbolic link; links are not followed"):
        submit(source, folder, RULES)
    assert list(folder.iterdir()) == []


def test_what_is_not_there_cannot_be_submitted(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(StagingError, match=r"nothing.zip cannot be submitted to .*: No such file"):
        submit(tmp_path / "nothing.zip", folder, RULES)


def test_a_broken_archive_is_submitted_and_held_there(tmp_path: Path, folder: Path, vault: Vault, store: StagingStore) -> None:
    (tmp_path / "p.zip").write_bytes(b"PK\x03\x04")
    submitted = submit(tmp_path / "p.zip", folder, RULES)
    assert admitted(submitted.path, vault, store).packet_id == submitted.packet_id
