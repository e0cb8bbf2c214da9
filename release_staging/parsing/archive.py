"""The one entry point for archives: .zip, .tar and .tar.gz, member by member, in memory; nothing is ever extracted to disk.

Which of the three it is goes by the bytes, not by the name. Sizes are counted on the bytes that really come out, so a
header that lies about them gains nothing. One member is in memory at a time. Archives inside an archive stay closed.
"""

from __future__ import annotations

import gzip
import io
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from release_staging.parsing.limits import LIMITS, Limits, Unreadable
from release_staging.parsing.paths import Names, checked, shown

SUFFIXES = (".zip", ".tar", ".tar.gz", ".tgz")

_CHUNK = 1 << 16
_BLOCK = 512
_OLDEST = (1980, 1, 1, 0, 0, 0)  # the oldest time a .zip can say
_ZIP, _GZIP = (b"PK\x03\x04", b"PK\x05\x06"), b"\x1f\x8b"
_AGAIN = "make the archive again and send it whole"
_PLAIN = "pack regular files only, for example with `release-staging pack`"
_ENCRYPTED, _UTF8_NAME = 0x1, 0x800  # general purpose bits of a zip member (APPNOTE 4.4.4)
_AHEAD = 4  # extended headers that one tar member may have in front
_MOST_PADDING = 4 * 2**20  # zeros after the end marker of a tar
_KINDS = {b"1": "a hard link", b"2": "a symbolic link", b"3": "a device", b"4": "a device", b"6": "a fifo", b"S": "a sparse file"}
_BROKEN = (
    zipfile.BadZipFile,
    gzip.BadGzipFile,
    tarfile.HeaderError,
    zlib.error,
    struct.error,
    EOFError,
    RuntimeError,  # zipfile's way to say encrypted, or (NotImplementedError) a feature it does not know
    ValueError,
    OverflowError,
)


@dataclass(frozen=True)
class Member:
    """One regular file of an archive: its path (see ``paths.checked``) and its bytes."""

    path: str
    data: bytes


def is_archive(data: bytes) -> bool:
    """Whether the bytes begin like an archive that ``members`` reads."""
    return data.startswith((*_ZIP, _GZIP)) or data[257:262] == b"ustar"


def members(path: Path, limits: Limits = LIMITS) -> Iterator[Member]:
    """The regular files of the archive at ``path``, in the order in which they stand.

    Raises Unreadable, naming the member, for a name that is not a plain relative path, a duplicate name, a link, device
    or fifo, an encrypted member, anything past a limit, and an archive that is cut off or damaged. What came before is
    then of no use either: a packet is read whole or not at all. Raises OSError where the file itself cannot be read.
    """
    with path.open("rb") as file, _told():
        start = file.read(4)
        size = file.seek(0, io.SEEK_END)
        file.seek(0)
        if not start:
            raise Unreadable("the archive is empty (0 bytes)", remedy=_AGAIN)
        if start in _ZIP:
            yield from _zip_members(_Measured(file, limits), size, limits)
        elif start.startswith(_GZIP):
            tar = cast("IO[bytes]", gzip.GzipFile(fileobj=file, mode="rb"))
            yield from _tar_members(_Stream(tar, file.tell, limits), limits)
        else:
            yield from _tar_members(_Stream(file, file.tell, limits), limits)


def write_tar_gz(target: IO[bytes], content: Iterable[Member]) -> None:
    """Writes a .tar.gz whose bytes depend on the members alone: no owners, no times."""
    with gzip.GzipFile(filename="", fileobj=target, mode="wb", mtime=0) as packed, tarfile.open(fileobj=packed, mode="w|") as tar:
        for member in content:
            header = tarfile.TarInfo(member.path)
            header.size = len(member.data)
            tar.addfile(header, io.BytesIO(member.data))


def write_zip(target: IO[bytes], content: Iterable[Member]) -> None:
    """Writes a .zip whose bytes depend on the members alone."""
    with zipfile.ZipFile(target, "w") as archive:
        for member in content:
            archive.writestr(zipfile.ZipInfo(member.path, _OLDEST), member.data, zipfile.ZIP_DEFLATED)


@contextmanager
def _told() -> Iterator[None]:
    """Turns whatever the parsers raise on broken bytes into Unreadable."""
    try:
        yield
    except Unreadable:
        raise
    except _BROKEN as error:
        detail = shown(str(error))
        raise Unreadable(f"the archive is damaged or cut off{': ' if detail else ''}{detail}", remedy=_AGAIN) from None


class _Admission:
    """Counts members, and the bytes that really come out of them."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.entries = self.total = 0
        self.names = Names()

    def entry(self) -> None:
        self.entries += 1
        if self.entries > self.limits.archive_members:
            raise Unreadable(f"the archive has more than {self.limits.archive_members} members", remedy="send fewer, larger documents")

    def read(self, path: str, read: Callable[[int], bytes], size: int | None = None) -> bytes:
        """The bytes of a member, at most ``size``, read in pieces so that a bomb is stopped while it unfolds."""
        pieces = []
        length = 0
        while piece := read(_CHUNK if size is None else min(_CHUNK, size - length)):
            length += len(piece)
            self.total += len(piece)
            if length > self.limits.document_bytes:
                raise Unreadable(
                    f"{shown(path)!r} has more than the {self.limits.document_bytes} bytes allowed", remedy="split the document"
                )
            if self.total > self.limits.archive_bytes:
                raise Unreadable(
                    f"the archive unpacks to more than the {self.limits.archive_bytes} bytes allowed (at {shown(path)!r})",
                    remedy="send fewer or smaller documents",
                )
            pieces.append(piece)
        return b"".join(pieces)


def _refuse_bomb(bytes_out: int, bytes_in: int, what: str, limits: Limits) -> None:
    if bytes_out > limits.archive_ratio_floor and bytes_out > limits.archive_ratio * bytes_in:
        raise Unreadable(
            f"{what} unpacks to more than {limits.archive_ratio} times its size", remedy="send the documents with less compression"
        )


# --- zip (APPNOTE.TXT 6.3.10) -----------------------------------------------------------------------------------------


class _Measured:
    """A file for zipfile that counts what is read and refuses a directory too large to hold."""

    def __init__(self, file: IO[bytes], limits: Limits) -> None:
        self._file, self._most, self.consumed = file, max(limits.archive_header_bytes, 2 * _CHUNK), 0
        self.tell, self.seekable = file.tell, file.seekable

    def read(self, size: int = -1) -> bytes:
        if size > self._most:
            raise Unreadable(f"the archive's directory is larger than {self._most} bytes", remedy="send fewer documents")
        data = self._file.read(size if size >= 0 else self._most)
        self.consumed += len(data)
        return data

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        if whence == io.SEEK_SET and offset < 0:
            raise zipfile.BadZipFile("its directory points outside of it")
        return self._file.seek(offset, whence)


class _Watched:
    """A member of a zip, with its compression watched on what was really read for it."""

    def __init__(self, content: IO[bytes], file: _Measured, what: str, limits: Limits) -> None:
        self._content, self._file, self._what, self._limits = content, file, what, limits
        self._before, self._out = file.consumed, 0

    def read(self, size: int) -> bytes:
        piece = self._content.read(size)
        self._out += len(piece)
        _refuse_bomb(self._out, self._file.consumed - self._before, self._what, self._limits)
        return piece


def _zip_members(file: _Measured, archive_size: int, limits: Limits) -> Iterator[Member]:
    admission = _Admission(limits)
    with zipfile.ZipFile(cast("IO[bytes]", file)) as archive:
        for info in archive.infolist():
            admission.entry()
            name = _zip_name(info)
            _refuse_zip_kind(info, name)
            if name.endswith("/"):
                if name != "./":
                    checked(name[:-1], limits)
                if info.file_size:
                    raise Unreadable(f"{shown(name)!r} is refused: a folder that holds bytes", remedy=_PLAIN)
                continue
            path = checked(name, limits)
            admission.names.add(path)
            with archive.open(info) as content:
                data = admission.read(path, _Watched(content, file, repr(shown(path)), limits).read)
            _refuse_bomb(admission.total, archive_size, "the archive", limits)
            if len(data) != info.file_size:
                raise Unreadable(f"{shown(path)!r}: its header says {info.file_size} bytes, {len(data)} came out", remedy=_AGAIN)
            yield Member(path, data)


def _zip_name(info: zipfile.ZipInfo) -> str:
    """The name as it stands: zipfile cuts at NUL and reads names without the UTF-8 flag as code page 437."""
    name = info.orig_filename
    if info.flag_bits & _UTF8_NAME or name.isascii():
        return name
    return name.encode("cp437").decode("utf-8", "surrogateescape")


def _refuse_zip_kind(info: zipfile.ZipInfo, name: str) -> None:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR) or (kind == stat.S_IFDIR and not name.endswith("/")):
        raise Unreadable(f"{shown(name)!r} is refused: a link or a special file", remedy=_PLAIN)
    if info.flag_bits & _ENCRYPTED:
        raise Unreadable(f"{shown(name)!r} is encrypted", remedy="send it unencrypted; a packet must be readable by its reviewers")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Unreadable(f"{shown(name)!r} is compressed by method {info.compress_type}", remedy="use deflate, or no compression")


# --- tar (POSIX pax and ustar, GNU long names) ------------------------------------------------------------------------
#
# tarfile reads the header block only. Its own loop trusts the sizes of extended headers, and has been made to hang and
# to backtrack by them (CVE-2024-6232, CVE-2025-8194).


class _Stream:
    """Forward reading of a tar, unpacked on the way, with its compression watched."""

    def __init__(self, file: IO[bytes], consumed: Callable[[], int], limits: Limits) -> None:
        self._file, self._consumed, self._limits, self._out = file, consumed, limits, 0

    def read(self, size: int) -> bytes:
        data = self._file.read(size)
        self._out += len(data)
        _refuse_bomb(self._out, self._consumed(), "the archive", self._limits)
        return data

    def exactly(self, size: int) -> bytes:
        """Raises EOFError where less than ``size`` bytes are left; ``size`` is small."""
        data = self.read(size)
        if len(data) < size:
            raise EOFError("it ends within a member")
        return data


def _tar_members(stream: _Stream, limits: Limits) -> Iterator[Member]:
    admission = _Admission(limits)
    extended: dict[str, str] = {}
    ahead = 0
    while (block := stream.read(_BLOCK)).strip(b"\0"):
        header = _tar_header(block, first=not admission.entries and not ahead)
        if header.type in (b"x", b"X", b"g", b"L", b"K"):
            ahead += 1
            extended |= _tar_extended(header, stream, limits)
            if ahead > _AHEAD:
                raise Unreadable("the archive piles up extended headers", remedy=_AGAIN)
            continue
        admission.entry()
        name = extended.get("path", header.name)
        size = int(extended.get("size", header.size))
        if any(key.startswith("GNU.sparse") for key in extended):
            header.type = b"S"
        extended, ahead = {}, 0
        if header.type == tarfile.DIRTYPE:
            if name.rstrip("/") != ".":
                checked(name.rstrip("/"), limits)
            continue
        if header.type not in (tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.CONTTYPE):
            kind = _KINDS.get(header.type, f"a member of unknown type {shown(header.type.decode('latin-1'))!r}")
            raise Unreadable(f"{shown(name)!r} is refused: {kind}", remedy=_PLAIN)
        path = checked(name, limits)
        admission.names.add(path)
        data = admission.read(path, stream.read, size)
        if len(data) < size:
            raise Unreadable(f"the archive is cut off within {shown(path)!r}", remedy=_AGAIN)
        stream.exactly(-size % _BLOCK)
        yield Member(path, data)
    if len(block) < _BLOCK:
        raise Unreadable("the archive is cut off: its end marker is missing", remedy=_AGAIN)
    _refuse_rest(stream)


def _tar_header(block: bytes, *, first: bool) -> tarfile.TarInfo:
    try:
        header = tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
    except tarfile.HeaderError as error:
        if first:
            raise Unreadable("not a .zip, .tar or .tar.gz archive", remedy="send a folder, .zip, .tar or .tar.gz") from None
        raise Unreadable(f"the archive is damaged or cut off: {error}", remedy=_AGAIN) from None
    if header.size < 0:
        raise Unreadable(f"{shown(header.name)!r} is refused: its size is negative", remedy=_AGAIN)
    return header


def _tar_extended(header: tarfile.TarInfo, stream: _Stream, limits: Limits) -> dict[str, str]:
    """What an extended header says of the next member: GNU long names (``L``, ``K``), pax records (``x``)."""
    if header.size > limits.archive_header_bytes:
        raise Unreadable(f"an extended header of the archive is larger than {limits.archive_header_bytes} bytes", remedy=_AGAIN)
    data = stream.exactly(header.size)
    stream.exactly(-header.size % _BLOCK)
    if header.type in (b"L", b"K"):
        return {"path": data.rstrip(b"\0").decode("utf-8", "surrogateescape")} if header.type == b"L" else {}
    records = _pax_records(data)
    if header.type == b"g":
        if records.keys() & {"path", "size"}:
            raise Unreadable("the archive sets one name or size for all its members", remedy=_AGAIN)
        return {}
    if not records.get("size", "0").isdecimal():
        raise Unreadable("a pax header of the archive has a size that is not a number", remedy=_AGAIN)
    return records


def _pax_records(data: bytes) -> dict[str, str]:
    """Records ``<length> <key>=<value>\\n`` (POSIX pax, extended header). Raises ValueError."""
    records: dict[str, str] = {}
    start = 0
    while start < len(data):
        space = data.index(b" ", start, start + 12)
        end = start + int(data[start:space])
        if not space < end <= len(data) or data[end - 1 : end] != b"\n":
            raise ValueError("a pax record has a wrong length")
        key, _, value = data[space + 1 : end - 1].partition(b"=")
        records[key.decode("utf-8", "surrogateescape")] = value.decode("utf-8", "surrogateescape")
        start = end
    return records


def _refuse_rest(stream: _Stream) -> None:
    """After the end marker come zeros only; reading them also checks the checksum at the end of a gzip."""
    length = 0
    while piece := stream.read(_CHUNK):
        length += len(piece)
        if piece.strip(b"\0") or length > _MOST_PADDING:
            raise Unreadable("the archive goes on after its end marker", remedy=_AGAIN)
