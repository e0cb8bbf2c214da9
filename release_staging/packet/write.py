"""Writing a packet so that a reader sees it whole or not at all: a temporary name, then a rename; in a folder, ``.ready`` last."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from release_staging.packet.source import READY
from release_staging.parsing.archive import Member, write_tar_gz

UNFINISHED = ".part"  # ends the name of what is being written


@contextmanager
def appearing(out: Path) -> Iterator[IO[bytes]]:
    """A file that gets the name ``out`` when it is written and on disk; nothing is left of it when that fails."""
    out.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(prefix=".", suffix=UNFINISHED, dir=out.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fchmod(file.fileno(), 0o644)
            os.fsync(file.fileno())
        Path(temporary).replace(out)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def write_archive(out: Path, content: Iterable[Member]) -> None:
    """Writes a .tar.gz, in place of one that is there. Raises OSError."""
    with appearing(out) as file:
        write_tar_gz(file, content)


def write_folder(out: Path, content: Iterable[Member]) -> None:
    """Writes a folder, which must not be there. Raises OSError."""
    out.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix=".", suffix=UNFINISHED, dir=out.parent))
    try:
        for member in content:
            path = temporary / member.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(member.data)
        temporary.chmod(0o755)
        temporary.rename(out)
        (out / READY).touch()
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise
