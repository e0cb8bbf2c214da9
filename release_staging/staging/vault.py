"""The evidence vault: every document once, under the sha256 of its bytes, never changed.

Layout: ``<folder>/sha256/ab/cdef...`` (two digits of the digest, then the rest), files read-only. Nothing is ever
overwritten with other content, so a file of the vault can be memory-mapped and its path handed out.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from release_staging.staging.errors import VaultError

_INCOMING = ".incoming-"  # begins the names of files that are being written
_DIGEST = re.compile(r"sha256:([0-9a-f]{2})([0-9a-f]{62})")


class Vault:
    """A content-addressed store of bytes in ``folder``. Any number of processes may read and write it at once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, data: bytes) -> str:
        """Stores ``data`` and returns its digest, ``sha256:<hex>``. It is on disk when this returns.

        Content that is there already is left alone; a damaged file is replaced by the good bytes. Raises VaultError
        when the folder cannot be written.
        """
        digest = digest_of(data)
        path = self.path(digest)
        try:
            if not _holds(path, data):
                _write(path, data)
        except OSError as error:
            raise VaultError(
                f"evidence {digest} cannot be written to {path}: {error.strerror or error}",
                remedy="make room, or make the vault folder writable, and submit the packet again",
            ) from error
        return digest

    def get(self, digest: str) -> bytes:
        """The bytes with this digest, verified. Raises VaultError when they are missing or damaged."""
        path = self.path(digest)
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            raise VaultError(
                f"evidence {digest} is not in the vault: there is no file {path}",
                remedy="submit its packet again, or restore the vault from its backup",
            ) from None
        except OSError as error:
            raise VaultError(
                f"evidence {digest} cannot be read from {path}: {error.strerror or error}",
                remedy="make the vault folder readable",
            ) from error
        found = digest_of(data)
        if found != digest:
            raise VaultError(
                f"evidence {digest} is damaged: {path} now has the digest {found} ({len(data)} bytes)",
                remedy="submit its packet again, which repairs the file, or restore the vault from its backup",
            )
        return data

    def has(self, digest: str) -> bool:
        """Whether content with this digest was put here. Does not read it: ``get`` does, and verifies."""
        return self.path(digest).is_file()

    @contextmanager
    def adding(self) -> Iterator[None]:
        """What is put here while the block runs stays until it ends: by then, the store knows who refers to it."""
        with self._locked(fcntl.LOCK_SH):
            yield

    @contextmanager
    def removing(self) -> Iterator[None]:
        """Nobody is adding while the block runs: what nobody refers to, nobody is about to refer to."""
        with self._locked(fcntl.LOCK_EX):
            yield

    def remove(self, digest: str) -> int:
        """Takes content out of the vault, within ``removing``; returns its size."""
        path = self.path(digest)
        size = path.stat().st_size
        path.unlink()
        return size

    def clear(self) -> None:
        """Removes, within ``removing``, what writers that died left unfinished: nobody is writing."""
        for path in self.folder.glob(f"sha256/*/{_INCOMING}*"):
            path.unlink(missing_ok=True)

    @contextmanager
    def _locked(self, how: int) -> Iterator[None]:
        self.folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.folder / ".lock", os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(descriptor, how)
            yield
        finally:
            os.close(descriptor)

    def path(self, digest: str) -> Path:
        """Where the content with this digest stands, or would stand. Raises VaultError for what is no sha256 digest."""
        match = _DIGEST.fullmatch(digest)
        if match is None:
            raise VaultError(f"{digest!r} does not name evidence", remedy="give a digest as sha256:<64 lower-case hexadecimal digits>")
        return self.folder / "sha256" / match[1] / match[2]


def digest_of(data: bytes) -> str:
    """``sha256:<hex>`` of ``data``."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def _holds(path: Path, data: bytes) -> bool:
    try:
        return path.stat().st_size == len(data) and path.read_bytes() == data
    except FileNotFoundError:
        return False


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all: the name appears only once the bytes are on disk. Concurrent writers rename the same content."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(prefix=_INCOMING, dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fchmod(file.fileno(), 0o444)
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    for folder in (path.parent, path.parent.parent):
        sync_folder(folder)


def sync_folder(folder: Path) -> None:
    """Names that were added to the folder are on disk when this returns."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
