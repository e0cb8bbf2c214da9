"""The files of a packet, from a folder or an archive, one in memory at a time. No link is ever followed."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

from release_staging.parsing import archive
from release_staging.parsing.archive import Member
from release_staging.parsing.limits import Limits, Unreadable
from release_staging.parsing.paths import Names, checked, shown

READY = ".ready"  # in a folder: the packet is complete

Refuse = Callable[[str, Unreadable], None]

_REMEDY = "put a regular file in its place"


def files(path: Path, limits: Limits, refuse: Refuse) -> Iterator[Member]:
    """The regular files below the folder, or in the archive, at ``path``.

    In a folder, what cannot be taken is told to ``refuse`` and left out. Raises Unreadable where the whole cannot be read.
    """
    if path.is_dir():
        return _folder_files(path.resolve(), limits, refuse)
    return archive.members(path, limits)


def read_regular(name: str | Path, limits: Limits, folder: int | None = None) -> bytes:
    """The bytes of a regular file (in the open ``folder``). Raises Unreadable for anything else, without waiting for it."""
    try:
        descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
    except PermissionError:
        raise Unreadable("the file may not be read", remedy="make it readable for the intake") from None
    except OSError as error:
        raise Unreadable(f"not a regular file that can be opened: {error.strerror}", remedy=_REMEDY) from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise Unreadable("not a regular file", remedy=_REMEDY)
    with os.fdopen(descriptor, "rb") as file:
        data = file.read(limits.document_bytes + 1)
    if len(data) > limits.document_bytes:
        raise Unreadable(f"the file has more than the {limits.document_bytes} bytes allowed", remedy="split the document")
    return data


def _folder_files(top: Path, limits: Limits, refuse: Refuse) -> Iterator[Member]:
    count = total = 0
    names = Names()
    for root, folders, file_names, descriptor in os.fwalk(top, follow_symlinks=False, onerror=_raise):
        folders.sort()
        prefix = "" if Path(root) == top else Path(root).relative_to(top).as_posix() + "/"
        if len(prefix) > limits.path_chars:
            raise Unreadable(f"folder {shown(prefix)!r}: the name is longer than {limits.path_chars} characters", remedy="nest less deeply")
        count += len(folders) + len(file_names)
        if count > limits.archive_members + 1:  # one for the .ready
            raise Unreadable(f"the folder has more than {limits.archive_members} members", remedy="send fewer, larger documents")
        for folder in folders:
            if stat.S_ISLNK(os.stat(folder, dir_fd=descriptor, follow_symlinks=False).st_mode):
                refuse(prefix + folder, Unreadable("a link to a folder; links are not followed", remedy=_REMEDY))
        for name in sorted(file_names):
            if prefix + name == READY:
                continue
            try:
                path = checked(prefix + name, limits)
                if stat.S_ISLNK(os.stat(name, dir_fd=descriptor, follow_symlinks=False).st_mode):
                    raise Unreadable("a symbolic link; links are not followed", remedy=_REMEDY)
                data = read_regular(name, limits, descriptor)
                names.add(path)
            except Unreadable as error:
                refuse(prefix + name, error)
                continue
            total += len(data)
            if total > limits.archive_bytes:
                raise Unreadable(
                    f"the folder holds more than the {limits.archive_bytes} bytes allowed (at {shown(path)!r})",
                    remedy="send fewer or smaller documents",
                )
            yield Member(path, data)


def _raise(error: OSError) -> None:
    if isinstance(error, PermissionError):
        name = shown(os.fsdecode(error.filename or ""))
        raise Unreadable(f"folder {name!r} may not be read", remedy="make it readable for the intake") from None
    raise error
