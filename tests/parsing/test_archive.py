"""The archive entry point: members in memory, and everything an archive can do to its reader refused."""

from __future__ import annotations

import gzip
import io
import stat
import struct
import tarfile
import tempfile
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from release_staging.parsing import archive
from release_staging.parsing.archive import Member, members
from release_staging.parsing.limits import LIMITS, Limits, Unreadable

DOCUMENTS = {"packet.yaml": b"packet: '1'\n", "tests/unit.xml": b"<testsuites/>", "leer": b""}
SMALL = replace(LIMITS, archive_members=3, archive_bytes=30, document_bytes=20)


def zip_of(content: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as packed:
        for name, data in content.items():
            packed.writestr(name, data)
    return buffer.getvalue()


def tar_of(content: dict[str, bytes], form: int = tarfile.PAX_FORMAT) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=form) as packed:
        for name, data in content.items():
            header = tarfile.TarInfo(name)
            header.size = len(data)
            packed.addfile(header, io.BytesIO(data))
    return buffer.getvalue()


def tgz_of(content: dict[str, bytes]) -> bytes:
    return gzip.compress(tar_of(content))


MAKERS: list[Callable[[dict[str, bytes]], bytes]] = [zip_of, tar_of, tgz_of]


def read(data: bytes, limits: Limits = LIMITS) -> dict[str, bytes]:
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        return {member.path: member.data for member in members(Path(file.name), limits)}


def refused(data: bytes, limits: Limits = LIMITS) -> str:
    with pytest.raises(Unreadable) as caught:
        read(data, limits)
    assert caught.value.remedy
    return caught.value.message


@pytest.mark.parametrize("make", MAKERS)
def test_regular_files_come_out_whole(make: Callable[[dict[str, bytes]], bytes]) -> None:
    assert read(make(DOCUMENTS)) == DOCUMENTS


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_long_and_foreign_names_are_read_in_every_tar_dialect(form: int) -> None:
    content = {"a/" * 60 + "größe.json" if form != tarfile.USTAR_FORMAT else "a/" * 60 + "x.json": b"{}"}
    assert read(tar_of(content, form)) == content


def test_folders_and_a_leading_dot_slash_are_no_documents() -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as packed:
        for name in (".", "./tests"):
            header = tarfile.TarInfo(name)
            header.type = tarfile.DIRTYPE
            packed.addfile(header)
        header = tarfile.TarInfo("./tests/unit.xml")
        header.size = 1
        packed.addfile(header, io.BytesIO(b"x"))
    assert read(buffer.getvalue()) == {"tests/unit.xml": b"x"}


def test_git_archive_and_its_global_header_are_read() -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT, pax_headers={"comment": "9f2c"}) as packed:
        packed.addfile(tarfile.TarInfo("a"))
    assert read(buffer.getvalue()) == {"a": b""}


def test_which_archive_it_is_goes_by_the_bytes(tmp_path: Path) -> None:
    wrong = tmp_path / "packet.zip"
    wrong.write_bytes(tgz_of(DOCUMENTS))
    assert {member.path for member in members(wrong)} == DOCUMENTS.keys()


def test_an_archive_within_an_archive_stays_closed() -> None:
    inner = zip_of({"x": b"y"})
    assert read(zip_of({"inner.zip": inner})) == {"inner.zip": inner}
    assert [archive.is_archive(data) for data in (inner, tar_of(DOCUMENTS), tgz_of(DOCUMENTS), b"{}", b"")] == [
        True,
        True,
        True,
        False,
        False,
    ]


BAD_NAMES = [
    "/etc/passwd",
    "../x",
    "a/../../x",
    "a\\b",
    "..\\x",
    "C:/x",
    "c:x",
    "a\tb",
    "a\x7fb",
    "a//b",
    "a/./b",
    "..",
    "x\u202egpj.exe",
    "x\u2028y",
]


@pytest.mark.parametrize("name", BAD_NAMES)
@pytest.mark.parametrize("make", MAKERS)
def test_a_name_that_is_not_a_plain_relative_path_is_refused(make: Callable[[dict[str, bytes]], bytes], name: str) -> None:
    said = refused(make({"fine": b"", name: b"x"}))
    assert "refused: the name" in said
    assert said.isprintable()


def test_a_name_cut_at_nul_is_not_taken_for_the_shorter_one() -> None:
    data = zip_of({"passX.txt": b"x"}).replace(b"passX.txt", b"pass\0.txt")
    assert "control character" in refused(data)


def test_a_name_that_is_not_utf_8_is_refused() -> None:
    header = tarfile.TarInfo("a\udcffb")
    block = header.tobuf(tarfile.USTAR_FORMAT, "utf-8", "surrogateescape")
    assert "not UTF-8" in refused(block + bytes(1024))
    assert "not UTF-8" in refused(zip_of({"aXb": b""}).replace(b"aXb", b"a\xffb"))


def test_a_zip_name_in_utf_8_without_its_flag_is_read() -> None:
    assert read(zip_of({"aXXb": b""}).replace(b"aXXb", b"a\xc3\xbcb")) == {"aüb": b""}


@pytest.mark.parametrize(("first", "second"), [("a", "a"), ("A.xml", "a.xml"), ("\u00fc", "u\u0308"), ("straße", "STRASSE"), ("./a", "a")])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_names_that_a_file_system_could_take_for_one_are_refused(first: str, second: str) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        packed.writestr(first, b"1")
        packed.writestr(second, b"2")
    assert "is there twice" in refused(buffer.getvalue())
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        tar.addfile(tarfile.TarInfo(first))
        tar.addfile(tarfile.TarInfo(second))
    assert "is there twice" in refused(buffer.getvalue())


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (tarfile.SYMTYPE, "symbolic link"),
        (tarfile.LNKTYPE, "hard link"),
        (tarfile.CHRTYPE, "device"),
        (tarfile.BLKTYPE, "device"),
        (tarfile.FIFOTYPE, "fifo"),
        (tarfile.GNUTYPE_SPARSE, "sparse"),
        (b"V", "unknown type 'V'"),
    ],
)
def test_what_is_not_a_regular_file_in_a_tar_is_refused(kind: bytes, said: str) -> None:
    header = tarfile.TarInfo("evil")
    header.type, header.linkname = kind, "/etc/passwd"
    message = refused(header.tobuf(tarfile.GNU_FORMAT) + bytes(1024))
    assert "'evil'" in message
    assert said in message


def test_a_sparse_file_in_pax_dress_is_refused() -> None:
    header = tarfile.TarInfo("evil")
    header.pax_headers = {"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.name": "evil", "GNU.sparse.realsize": "9999999"}
    assert "sparse" in refused(header.tobuf(tarfile.PAX_FORMAT) + bytes(1024))


@pytest.mark.parametrize("mode", [stat.S_IFLNK | 0o777, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFDIR])
def test_what_is_not_a_regular_file_in_a_zip_is_refused(mode: int) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        info = zipfile.ZipInfo("evil")
        info.create_system, info.external_attr = 3, mode << 16
        packed.writestr(info, b"/etc/passwd")
    assert "'evil' is refused: a link or a special file" in refused(buffer.getvalue())


def test_a_zip_folder_that_holds_bytes_is_refused() -> None:
    assert "a folder that holds bytes" in refused(zip_of({"sneakyX": b"x"}).replace(b"sneakyX", b"sneaky/"))


def test_an_encrypted_member_is_refused() -> None:
    data = bytearray(zip_of({"secret": b"x"}, zipfile.ZIP_STORED))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert "'secret' is encrypted" in refused(bytes(data))


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_an_unusual_compression_is_refused(method: int) -> None:
    assert "compressed by method" in refused(zip_of({"x": b"y"}, method))


@pytest.mark.parametrize("make", MAKERS)
def test_members_at_the_limit_are_read_and_one_more_is_not(make: Callable[[dict[str, bytes]], bytes]) -> None:
    assert len(read(make({"a": b"", "b": b"", "c": b""}), SMALL)) == 3
    assert "more than 3 members" in refused(make({"a": b"", "b": b"", "c": b"", "d": b""}), SMALL)


@pytest.mark.parametrize("make", MAKERS)
def test_a_member_at_the_limit_is_read_and_one_byte_more_is_not(make: Callable[[dict[str, bytes]], bytes]) -> None:
    assert len(read(make({"a": bytes(20)}), SMALL)["a"]) == 20
    assert refused(make({"a": bytes(21)}), SMALL) == "'a' has more than the 20 bytes allowed"


@pytest.mark.parametrize("make", MAKERS)
def test_the_total_at_the_limit_is_read_and_one_byte_more_is_not(make: Callable[[dict[str, bytes]], bytes]) -> None:
    assert len(read(make({"a": bytes(15), "b": bytes(15)}), SMALL)) == 2
    assert "unpacks to more than the 30 bytes allowed (at 'b')" in refused(make({"a": bytes(15), "b": bytes(16)}), SMALL)


@pytest.mark.parametrize("make", MAKERS)
def test_a_name_at_the_limit_is_read_and_one_more_is_not(make: Callable[[dict[str, bytes]], bytes]) -> None:
    assert read(make({"x" * LIMITS.path_chars: b""}))
    assert f"longer than {LIMITS.path_chars} characters" in refused(make({"x" * (LIMITS.path_chars + 1): b""}))


@pytest.mark.parametrize("make", [zip_of, tgz_of])
def test_compression_at_the_limit_is_read_and_past_it_is_not(make: Callable[[dict[str, bytes]], bytes]) -> None:
    data = make({"a": bytes(200_000)})
    unpacked = len(tar_of({"a": bytes(200_000)})) if make is tgz_of else 200_000
    packed = len(data) if make is tgz_of else zipfile.ZipFile(io.BytesIO(data)).getinfo("a").compress_size
    ratio = unpacked // packed + 1
    assert read(data, replace(LIMITS, archive_ratio=ratio, archive_ratio_floor=1000))
    assert f"more than {ratio // 2} times" in refused(data, replace(LIMITS, archive_ratio=ratio // 2, archive_ratio_floor=1000))
    assert read(data, replace(LIMITS, archive_ratio=1, archive_ratio_floor=unpacked))


def test_a_zip_member_of_1028_to_1_is_stopped_while_it_unfolds() -> None:
    data = zip_of({"fine": b"x", "bomb": bytes(200_000_000)})
    tracemalloc.start()
    assert "'bomb' unpacks to more than 200 times its size" in refused(data)
    assert tracemalloc.get_traced_memory()[1] < 40_000_000
    tracemalloc.stop()


def test_a_gzip_bomb_is_stopped_while_it_unfolds() -> None:
    header = tarfile.TarInfo("bomb")
    header.size = 300_000_000
    data = gzip.compress(header.tobuf() + bytes(header.size + 1024), 9)
    tracemalloc.start()
    assert "more than 200 times its size" in refused(data)
    assert tracemalloc.get_traced_memory()[1] < 40_000_000
    tracemalloc.stop()


def test_a_bomb_after_the_end_marker_is_stopped_too() -> None:
    assert "more than 200 times" in refused(gzip.compress(bytes(300_000_000)))


def test_members_that_share_their_bytes_are_refused() -> None:
    # one member listed nine times under different names: an overlapping zip
    data = zip_of({"x0": bytes(1000)})
    start, end = data.index(b"PK\x01\x02"), data.index(b"PK\x05\x06")
    directory = b"".join(data[start:end].replace(b"x0", f"x{n}".encode()) for n in range(9))
    tail = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 9, 9, len(directory), start, 0)
    assert "'x1' and header b'x0' differ" in refused(data[:start] + directory + tail)


def test_a_lying_size_gains_nothing() -> None:
    data = bytearray(zip_of({"a": bytes(range(100))}))
    central = data.index(b"PK\x01\x02")
    for size in (10, 1_000):
        struct.pack_into("<I", data, central + 24, size)
        struct.pack_into("<I", data, 22, size)
        said = refused(bytes(data))
        assert "damaged" in said or "its header says" in said


def test_a_tar_size_that_lies_is_cut_off() -> None:
    header = tarfile.TarInfo("a")
    header.size = 8 * 2**30
    assert "cut off within 'a'" in refused(header.tobuf(tarfile.GNU_FORMAT) + bytes(4096))


def test_a_negative_tar_size_does_not_loop() -> None:
    header = tarfile.TarInfo("a")
    block = bytearray(header.tobuf(tarfile.GNU_FORMAT))
    block[124:136] = b"\xff" * 11 + b"\x00"
    block[148:156] = b"%06o\0 " % (sum(block[:148]) + sum(block[156:512]) + 256)
    assert "size is negative" in refused(bytes(block) + bytes(1024))


def test_extended_headers_are_bounded() -> None:
    small = replace(LIMITS, archive_header_bytes=1024)
    data = tar_of({"y" * 400: b"x"})
    assert read(data, small)
    assert "extended header of the archive is larger than 100 bytes" in refused(data, replace(small, archive_header_bytes=100))
    header = tarfile.TarInfo("long")
    header.type, header.size = tarfile.XHDTYPE, 1025
    assert "larger than 1024 bytes" in refused(header.tobuf() + bytes(4096), small)
    header.size = 0
    assert "piles up extended headers" in refused(header.tobuf() * 5 + bytes(1024))


def test_a_zip_directory_is_bounded() -> None:
    data = zip_of({f"{n:04}" + "x" * 400: b"" for n in range(600)})
    assert len(read(data)) == 600
    assert "directory is larger" in refused(data, replace(LIMITS, archive_header_bytes=1))


@pytest.mark.parametrize("make", MAKERS)
def test_an_archive_cut_off_anywhere_is_never_read_as_whole(make: Callable[[dict[str, bytes]], bytes]) -> None:
    data = make({"a": b"x" * 700, "b": zlib.compress(b"y" * 100)})
    end = len(data.rstrip(b"\0")) if make is tar_of else len(data)
    for length in range(0, end, 7):
        refused(data[:length])


def test_a_tar_cut_off_between_members_is_not_whole() -> None:
    assert "end marker is missing" in refused(tar_of({"a": b"x", "b": b"y"})[:1024])


def test_what_stands_behind_the_end_marker_is_not_ignored() -> None:
    data = tar_of({"a": b"x"})
    assert "goes on after its end marker" in refused(data + tar_of({"b": b"y"}))
    assert "damaged" in refused(gzip.compress(data) + b"junk")


@pytest.mark.parametrize("data", [b"", b"{}", b"plain text", b"PK", b"\x1f\x8b", b"7z\xbc\xaf\x27\x1c" + bytes(600), b"<xml/>" * 200])
def test_what_is_no_archive_is_said_to_be_none(data: bytes) -> None:
    refused(data)


@pytest.mark.parametrize("make", MAKERS)
@given(data=st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
def test_any_damage_gives_members_or_unreadable(make: Callable[[dict[str, bytes]], bytes], data: st.DataObject) -> None:
    whole = bytearray(make({"a/b": b"some text", "c": bytes(600)}))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    with suppress(Unreadable):
        read(bytes(whole))


@given(st.binary(max_size=1200), st.sampled_from([b"", b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b\x08\x00"]))
def test_any_bytes_give_members_or_unreadable(data: bytes, start: bytes) -> None:
    with suppress(Unreadable):
        read(start + data)


@given(st.dictionaries(st.from_regex(r"[a-z0-9]{1,8}(/[a-z0-9]{1,8}){0,2}", fullmatch=True), st.binary(max_size=300), max_size=6))
def test_what_is_written_is_read_back_and_depends_on_the_members_alone(content: dict[str, bytes]) -> None:
    first, second = io.BytesIO(), io.BytesIO()
    for target in (first, second):
        archive.write_tar_gz(target, (Member(path, data) for path, data in content.items()))
    assert first.getvalue() == second.getvalue()
    assert read(first.getvalue()) == content
