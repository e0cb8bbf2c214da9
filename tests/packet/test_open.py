"""Opening packets: the same content is the same packet, and a bad packet still opens and says why it is bad."""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from release_staging.packet.links import LinkStores
from release_staging.packet.open import OpenedPacket, digest_only, open_packet
from release_staging.packet.problem import Problem, UnusableName
from release_staging.parsing.limits import LIMITS
from tests.packet.support import CONTENT, DESCRIPTOR, JUNIT, RUN, bag_of, codes, folder_of, opened, sha256, tgz_of, zip_of


def only(packet: OpenedPacket) -> Problem:
    assert len(packet.problems) == 1, packet.problems
    return packet.problems[0]


def test_a_sound_packet_opens_without_problems(tmp_path: Path) -> None:
    packet, kept = opened(folder_of(tmp_path, CONTENT))
    assert packet.problems == ()
    assert [document.path for document in packet.documents] == ["build/run.json", "packet.yaml", "tests/unit.xml"]
    assert {kept[document.sha256] for document in packet.documents} == set(CONTENT.values())
    assert packet.effective_time == datetime(2026, 11, 20, 10, 15, tzinfo=UTC)
    assert packet.size == sum(map(len, CONTENT.values()))


def test_the_id_is_what_was_declared_and_the_beginning_of_the_digest(tmp_path: Path) -> None:
    packet, _ = opened(folder_of(tmp_path, CONTENT))
    lines = sorted(f"sha256:{sha256(data)} {len(data)}\n" for data in CONTENT.values())
    assert packet.digest == "sha256:" + sha256("".join(lines).encode())
    assert packet.packet_id == "billing-api-4.12.0-rc.3-" + packet.digest[7:19]
    assert packet.declared_id == "billing-api-4.12.0-rc.3"


_CONTENTS = st.dictionaries(
    st.from_regex(r"[a-z0-9]{1,6}(/[a-z0-9]{1,6}){0,2}", fullmatch=True).filter(lambda name: not name.startswith("packet")),
    st.binary(min_size=1, max_size=40),
    min_size=1,
    max_size=6,
).filter(lambda content: not any(a != b and b.startswith(a + "/") for a in content for b in content))


@given(_CONTENTS, st.randoms(use_true_random=False))
def test_permuting_renaming_and_repacking_change_nothing_but_names(content: dict[str, bytes], random: object) -> None:
    plain = DESCRIPTOR.partition(b"documents:")[0]
    first = {"packet.yaml": plain, **content}
    items = list(first.items())
    random.shuffle(items)  # type: ignore[attr-defined]
    renamed = {("packet.yaml" if name == "packet.yaml" else f"other/{number}.bin"): data for number, (name, data) in enumerate(items)}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = [
            folder_of(folder / "folder", first),
            zip_of(folder / "a.zip", dict(items)),
            zip_of(folder / "stored.zip", first, method=0),
            tgz_of(folder / "b.tar.gz", dict(items)),
            tgz_of(folder / "renamed.tgz", renamed),
            zip_of(folder / "nested.zip", {"around/" + path: data for path, data in items}),
            folder_of(folder / "bag", bag_of(first)),
            zip_of(folder / "bag.zip", {"my-bag/" + path: data for path, data in bag_of(dict(items), "sha512").items()}),
        ]
        packets = [open_packet(path, digest_only) for path in paths]
    assert {packet.packet_id for packet in packets} == {packets[0].packet_id}
    assert {packet.digest for packet in packets} == {packets[0].digest}
    assert {packet.problems for packet in packets} == {()}


@given(_CONTENTS, st.data())
def test_another_byte_makes_another_packet(content: dict[str, bytes], data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(content)))
    with tempfile.TemporaryDirectory() as folder:
        before = open_packet(folder_of(Path(folder) / "a", content), digest_only)
        after = open_packet(folder_of(Path(folder) / "b", content | {name: content[name] + b"x"}), digest_only)
    assert before.digest != after.digest


def test_the_ready_mark_of_a_folder_is_no_document(tmp_path: Path) -> None:
    plain, _ = opened(folder_of(tmp_path / "a", CONTENT))
    marked, _ = opened(folder_of(tmp_path / "b", CONTENT | {".ready": b""}))
    assert marked == plain


def test_one_document_is_in_memory_at_a_time(tmp_path: Path) -> None:
    seen: list[str] = []

    def keep(data: bytes) -> str:
        seen.append(digest_only(data))
        return seen[-1]

    open_packet(zip_of(tmp_path / "a.zip", CONTENT), keep)
    assert len(seen) == len(CONTENT)


def test_a_packet_without_a_descriptor_says_so(tmp_path: Path) -> None:
    packet, _ = opened(folder_of(tmp_path, {"a.xml": JUNIT, "deep/packet.yaml": DESCRIPTOR}))
    assert codes(packet) == [("EVIDENCE_MISSING", "packet.yaml")]
    assert "there is one at deep/packet.yaml" in only(packet).message
    assert "release-staging pack" in only(packet).remedy
    assert packet.packet_id.startswith("undeclared-")
    assert packet.effective_time is None


def test_two_descriptors_are_not_chosen_between(tmp_path: Path) -> None:
    packet, _ = opened(folder_of(tmp_path, CONTENT | {"packet.json": b"{}"}))
    assert codes(packet) == [("EVIDENCE_UNREADABLE", "packet.yaml")]
    assert "packet.yaml and packet.json; neither is used" in only(packet).message
    assert packet.descriptor is None
    assert packet.declared_id == "undeclared"


def test_a_broken_descriptor_is_told_with_its_place(tmp_path: Path) -> None:
    packet, _ = opened(folder_of(tmp_path, CONTENT | {"packet.yaml": b"packet: '1'\nid: [\n"}))
    assert codes(packet) == [("EVIDENCE_UNREADABLE", "packet.yaml")]
    assert "line 3, column 1" in only(packet).message


def test_a_descriptor_that_breaks_its_contract_is_told_and_located(tmp_path: Path) -> None:
    packet, _ = opened(folder_of(tmp_path, CONTENT | {"packet.yaml": DESCRIPTOR + b"approved: yes\n"}))
    problem = only(packet)
    assert (problem.code, problem.locator) == ("SCHEMA_INVALID", "yaml=0;json-pointer:/approved")
    assert problem.document == packet.descriptor_document.sha256  # type: ignore[union-attr]
    assert packet.descriptor is not None
    assert packet.declared_id == "billing-api-4.12.0-rc.3"


def test_a_document_that_is_named_but_not_there_is_told(tmp_path: Path) -> None:
    packet, _ = opened(folder_of(tmp_path, {name: data for name, data in CONTENT.items() if name != "tests/unit.xml"}))
    problem = only(packet)
    assert (problem.code, problem.subject) == ("EVIDENCE_MISSING", "tests/unit.xml")
    assert problem.locator == "yaml=0;json-pointer:/documents/0/path"


def test_a_digest_that_differs_names_document_and_declaration(tmp_path: Path) -> None:
    declared = DESCRIPTOR.replace(b"level: unit", b"sha256: " + b"0" * 64)
    packet, _ = opened(folder_of(tmp_path, CONTENT | {"packet.yaml": declared}))
    problem = only(packet)
    assert (problem.code, problem.subject, problem.locator) == (
        "DIGEST_MISMATCH",
        "tests/unit.xml",
        "yaml=0;json-pointer:/documents/0/sha256",
    )
    assert "packet.yaml declares sha256 000" in problem.message
    assert sha256(JUNIT) in problem.message


def test_a_digest_that_agrees_is_no_problem(tmp_path: Path) -> None:
    declared = DESCRIPTOR.replace(b"level: unit", b"sha256: " + sha256(JUNIT).encode())
    assert opened(folder_of(tmp_path, CONTENT | {"packet.yaml": declared}))[0].problems == ()


def test_a_document_described_twice_is_told(tmp_path: Path) -> None:
    packet, _ = opened(folder_of(tmp_path, CONTENT | {"packet.yaml": DESCRIPTOR + b"  - {path: tests/unit.xml, level: load}\n"}))
    assert codes(packet) == [("SCHEMA_INVALID", "tests/unit.xml")]


@pytest.mark.parametrize("content", [{}, {"packet.yaml": DESCRIPTOR.partition(b"documents:")[0]}])
def test_a_packet_without_documents_is_told(tmp_path: Path, content: dict[str, bytes]) -> None:
    packet, _ = opened(folder_of(tmp_path, content))
    assert ("EVIDENCE_MISSING", "documents") in codes(packet)


def test_an_empty_document_is_told(tmp_path: Path) -> None:
    packet, _ = opened(folder_of(tmp_path, CONTENT | {"empty.json": b""}))
    assert codes(packet) == [("EVIDENCE_EMPTY", "empty.json")]


@pytest.mark.parametrize("declared", ["../../etc", "a/b", "..", "Billing", "a..b", "x" * 81, ""])
def test_an_id_that_cannot_name_a_packet_is_raised(tmp_path: Path, declared: str) -> None:
    content = CONTENT | {"packet.yaml": DESCRIPTOR.replace(b"id: billing-api-4.12.0-rc.3", f"id: '{declared}'".encode())}
    with pytest.raises(UnusableName):
        opened(folder_of(tmp_path, content))


def test_symbolic_links_are_refused_and_never_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_bytes(b"outside")
    folder = folder_of(tmp_path / "packet", CONTENT)
    (folder / "link.txt").symlink_to(secret)
    (folder / "loop").symlink_to(folder, target_is_directory=True)
    (folder / "dangling").symlink_to(tmp_path / "nothing")
    packet, kept = opened(folder)
    assert codes(packet) == [("EVIDENCE_UNREADABLE", name) for name in ("dangling", "link.txt", "loop")]
    assert all("not followed" in problem.message for problem in packet.problems)
    assert b"outside" not in kept.values()
    assert len(packet.documents) == len(CONTENT)


def test_a_packet_that_is_mended_is_another_packet(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "packet", CONTENT)
    (folder / "link.txt").symlink_to("/etc/passwd")
    before, _ = opened(folder)
    (folder / "link.txt").unlink()
    after, _ = opened(folder)
    assert before.documents == after.documents
    assert before.digest != after.digest


def test_a_fifo_does_not_make_the_intake_wait(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, CONTENT)
    os.mkfifo(folder / "pipe")
    began = time.monotonic()
    packet, _ = opened(folder)
    assert time.monotonic() - began < 5
    assert codes(packet) == [("EVIDENCE_UNREADABLE", "pipe")]


def test_names_that_are_no_plain_paths_are_refused_in_a_folder_too(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, CONTENT | {"a\nb": b"x", "back\\slash": b"x", "ä.json": b"{}", "Ä.json": b"{}"})
    (Path(os.fsdecode(os.fsencode(folder) + b"/bad-\xff"))).write_bytes(b"x")
    packet, _ = opened(folder)
    subjects = [subject for code, subject in codes(packet)]
    assert subjects == ["a\\nb", "back\\slash", "bad-\\udcff", "ä.json"]
    assert all(problem.message.isprintable() for problem in packet.problems)


def test_a_folder_is_bounded_in_count_and_bytes(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, {"a": b"1234", "b": b"1234", ".ready": b""})
    for limits in (replace(LIMITS, archive_members=2), replace(LIMITS, archive_bytes=8), replace(LIMITS, document_bytes=4)):
        assert len(open_packet(folder, digest_only, limits=limits).documents) == 2
    too_many = open_packet(folder, digest_only, limits=replace(LIMITS, archive_members=1))
    assert only(too_many).message == "the folder has more than 1 members"
    assert too_many.packet_id.startswith("unreadable-")
    assert "more than the 7 bytes allowed" in only(open_packet(folder, digest_only, limits=replace(LIMITS, archive_bytes=7))).message
    small = open_packet(folder, digest_only, limits=replace(LIMITS, document_bytes=3))
    assert ("EVIDENCE_UNREADABLE", "a") in codes(small)


def test_a_folder_nested_too_deeply_is_unreadable(tmp_path: Path) -> None:
    deep = tmp_path / "packet"
    deep.mkdir()
    here = deep
    for _ in range(6):
        here = here / ("d" * 100)
        here.mkdir()
    (here / "a").write_bytes(b"x")
    assert "longer than 512 characters" in only(opened(deep)[0]).message


def test_a_broken_archive_is_held_under_the_digest_of_its_bytes(tmp_path: Path) -> None:
    path = zip_of(tmp_path / "a.zip", CONTENT)
    path.write_bytes(path.read_bytes()[:-30])
    packet, _ = opened(path)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert packet.packet_id == "unreadable-" + digest[:12]
    assert packet.digest == "sha256:" + digest
    assert packet.documents == ()
    assert codes(packet) == [("EVIDENCE_UNREADABLE", "a.zip")]


def test_an_unsafe_archive_is_not_read_in_part(tmp_path: Path) -> None:
    packet, _ = opened(zip_of(tmp_path / "a.zip", CONTENT | {"../evil": b"x"}))
    assert packet.documents == ()
    assert "'../evil' is refused" in only(packet).message


def test_what_is_no_archive_is_held(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_bytes(b"hello")
    packet, _ = opened(path)
    assert packet.declared_id == "unreadable"
    assert "not a .zip, .tar or .tar.gz archive" in only(packet).message


# --- bags ---------------------------------------------------------------------------------------------------------------


def bag_problems(tmp_path: Path, content: dict[str, bytes]) -> OpenedPacket:
    return opened(folder_of(tmp_path / "bag", content))[0]


@pytest.mark.parametrize("algorithm", ["sha256", "sha512"])
def test_a_bag_is_a_packet_named_from_its_payload(tmp_path: Path, algorithm: str) -> None:
    packet = bag_problems(tmp_path, bag_of(CONTENT, algorithm))
    assert packet.problems == ()
    assert [document.path for document in packet.documents] == ["build/run.json", "packet.yaml", "tests/unit.xml"]
    assert [document.path for document in packet.fixity] == ["bagit.txt", f"manifest-{algorithm}.txt"]


@pytest.mark.parametrize("algorithm", ["sha256", "sha512"])
def test_a_changed_payload_is_a_mismatch_located_in_the_manifest(tmp_path: Path, algorithm: str) -> None:
    packet = bag_problems(tmp_path, bag_of(CONTENT, algorithm) | {"data/build/run.json": RUN + b" "})
    problem = only(packet)
    assert (problem.code, problem.subject) == ("DIGEST_MISMATCH", "build/run.json")
    assert problem.locator == "line=2,3"
    assert problem.document == packet.fixity[1].sha256
    assert f"manifest-{algorithm}.txt line 3 declares {algorithm}" in problem.message


def test_a_payload_that_is_missing_or_not_listed_is_told(tmp_path: Path) -> None:
    content = bag_of(CONTENT) | {"data/extra.txt": b"x"}
    del content["data/build/run.json"]
    assert codes(bag_problems(tmp_path, content)) == [("DIGEST_MISMATCH", "extra.txt"), ("EVIDENCE_MISSING", "build/run.json")]


def test_a_tag_manifest_is_checked_too(tmp_path: Path) -> None:
    content = bag_of(CONTENT)
    content["tagmanifest-sha256.txt"] = f"{'0' * 64} bagit.txt\n".encode()
    assert codes(bag_problems(tmp_path, content)) == [("DIGEST_MISMATCH", "bagit.txt")]


def test_a_bag_whose_payload_nothing_vouches_for_is_told(tmp_path: Path) -> None:
    content = bag_of(CONTENT, "md5")
    problem = only(bag_problems(tmp_path, content))
    assert "no manifest-sha256.txt or manifest-sha512.txt" in problem.message


@pytest.mark.parametrize(
    "declaration", [b"BagIt-Version: 0.95\nTag-File-Character-Encoding: UTF-8\n", b"", b"\xff", b"BagIt-Version: 1.0\n"]
)
def test_a_bag_that_does_not_declare_itself_is_told(tmp_path: Path, declaration: bytes) -> None:
    assert codes(bag_problems(tmp_path, bag_of(CONTENT) | {"bagit.txt": declaration})) == [("EVIDENCE_UNREADABLE", "bagit.txt")]


def test_nothing_is_fetched_for_a_bag(tmp_path: Path) -> None:
    content = bag_of(CONTENT) | {"fetch.txt": b"https://evidence.example.com/run.json?token=s3cret - data/build/run.json\n"}
    del content["data/build/run.json"]
    problem = only(bag_problems(tmp_path, content))
    assert (problem.code, problem.subject, problem.locator) == ("LINK_UNRESOLVED", "build/run.json", "line=0,1")
    assert "s3cret" not in problem.message


@pytest.mark.parametrize("line", [b"nonsense", b"0" * 64 + b" ../../etc/passwd", b"0" * 64 + b" /etc/passwd", b"0" * 63 + b" data/x"])
def test_a_manifest_that_cannot_be_read_is_told(tmp_path: Path, line: bytes) -> None:
    content = bag_of(CONTENT)
    content["manifest-sha256.txt"] += line + b"\n"
    assert ("EVIDENCE_UNREADABLE", "manifest-sha256.txt") in codes(bag_problems(tmp_path, content))


def test_escaped_names_in_a_manifest_are_understood(tmp_path: Path) -> None:
    content = bag_of(CONTENT | {"100%.json": b"{}"})
    content["manifest-sha256.txt"] = content["manifest-sha256.txt"].replace(b"100%.json", b"100%25.json")
    assert bag_problems(tmp_path, content).problems == ()


def test_a_file_beside_the_payload_is_a_document_unless_it_is_the_bags_own(tmp_path: Path) -> None:
    content = bag_of(CONTENT) | {"notes.md": b"# notes", "build/run.json": b"another", "bag-info.txt": b"Source: x\n"}
    packet = bag_problems(tmp_path, content)
    assert "notes.md" in [document.path for document in packet.documents]
    assert "bag-info.txt" in [document.path for document in packet.fixity]
    assert codes(packet) == [("EVIDENCE_UNREADABLE", "build/run.json")]


# --- links --------------------------------------------------------------------------------------------------------------


def linked(tmp_path: Path, url: str, digest: str = sha256(RUN), stores: LinkStores | None = None) -> tuple[OpenedPacket, dict[str, bytes]]:
    link = f'links:\n  - {{name: linked.json, url: "{url}", sha256: "{digest}"}}\n'.encode()
    return opened(folder_of(tmp_path / "packet", CONTENT | {"packet.yaml": DESCRIPTOR + link}), stores)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    folder = tmp_path / "evidence store"
    folder.mkdir()
    (folder / "run.json").write_bytes(RUN)
    (tmp_path / "outside.json").write_bytes(RUN)
    return folder


def test_a_file_link_into_an_allowed_folder_joins_the_packet(tmp_path: Path, store: Path) -> None:
    packet, kept = linked(tmp_path, (store / "run.json").as_uri(), stores=LinkStores((store,)))
    assert packet.problems == ()
    assert "linked.json" in [document.path for document in packet.documents]
    assert RUN in kept.values()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("s3://evidence/run.json", "'s3' addresses are not resolvable in this deployment"),
        ("https://evidence.example.com/run.json", "'https' addresses are not resolvable"),
        ("run.json", "'no scheme' addresses"),
        ("file://otherhost/run.json", "on another host"),
        ("file://[broken/run.json", "not a URL"),
        ("file:run.json", "absolute path"),
        ("file:///etc/passwd", "does not lead into a folder that policy allows"),
        ("file:STORE/../outside.json", "does not lead into a folder that policy allows"),
        ("file:STORE/%2e%2e/outside.json", "does not lead into a folder that policy allows"),
        ("file:STORE/link.json", "does not lead into a folder that policy allows"),
        ("file:STORE/nothing.json", "no readable regular file"),
        ("file:STORE", "no readable regular file"),
        ("file:STORE/run.json?x=1", "plain file: URL"),
        ("file:STORE/run.json%00", "plain file: URL"),
    ],
)
def test_a_link_that_leads_elsewhere_is_not_resolved(tmp_path: Path, store: Path, url: str, said: str) -> None:
    (store / "link.json").symlink_to(tmp_path / "outside.json")
    url = url.replace("STORE", store.as_uri().removeprefix("file://"))
    packet, _ = linked(tmp_path, url, stores=LinkStores((store,)))
    problem = only(packet)
    assert (problem.code, problem.subject, problem.locator) == ("LINK_UNRESOLVED", "linked.json", "yaml=0;json-pointer:/links/0/url")
    assert said in problem.message


def test_without_an_allow_list_no_link_is_resolved(tmp_path: Path, store: Path) -> None:
    assert codes(linked(tmp_path, (store / "run.json").as_uri())[0]) == [("LINK_UNRESOLVED", "linked.json")]


def test_a_linked_document_with_another_digest_is_a_mismatch(tmp_path: Path, store: Path) -> None:
    packet, _ = linked(tmp_path, (store / "run.json").as_uri(), "0" * 64, LinkStores((store,)))
    assert codes(packet) == [("DIGEST_MISMATCH", "linked.json")]
    assert only(packet).locator == "yaml=0;json-pointer:/links/0/sha256"
    assert "linked.json" not in [document.path for document in packet.documents]


def test_a_link_does_not_take_the_place_of_a_document(tmp_path: Path, store: Path) -> None:
    link = f'links:\n  - {{name: build/run.json, url: "{(store / "run.json").as_uri()}", sha256: "{sha256(RUN)}"}}\n'.encode()
    packet, _ = opened(folder_of(tmp_path / "packet", CONTENT | {"packet.yaml": DESCRIPTOR + link}), LinkStores((store,)))
    assert codes(packet) == [("LINK_UNRESOLVED", "build/run.json")]


def test_a_packet_never_opens_a_connection(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr("socket.socket.connect", refuse)
    monkeypatch.setattr("socket.getaddrinfo", refuse)
    for url in ("https://192.0.2.1/x", "s3://bucket/x", "file://192.0.2.1/x", "ftp://192.0.2.1/x"):
        assert codes(linked(tmp_path, url)[0]) == [("LINK_UNRESOLVED", "linked.json")]
