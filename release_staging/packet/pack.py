"""Making a packet from a folder of a CI workspace: recognise the evidence, digest it, bind it to its run, write the descriptor.

What is put into the descriptor is asserted by whoever packs, never read out of thin air: a test level only where ``levels``
says so, a run only where the environment names one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from release_staging.config.disclosure import DisclosureRules
from release_staging.model.exceptions import Code
from release_staging.packet import descriptor
from release_staging.packet.ci import CiRun, Environ, ci_run
from release_staging.packet.inventory import identify
from release_staging.packet.open import Document, digest_only, open_packet
from release_staging.packet.problem import Problem
from release_staging.packet.source import files
from release_staging.packet.write import write_archive, write_folder
from release_staging.parsing import yaml
from release_staging.parsing.archive import Member
from release_staging.parsing.limits import LIMITS, Unreadable
from release_staging.parsing.paths import shown

ARCHIVES = (".tar.gz", ".tgz")

_NOT_OF_AN_ID = re.compile(r"[^a-z0-9._-]+")
# A file of such a name that is empty or broken is evidence that went wrong, not some other file of the workspace.
_EVIDENCE_SUFFIXES = (".json", ".jsonl", ".ndjson", ".sarif", ".trx", ".xml", ".yaml", ".yml")


class PackError(ValueError):
    """Why no packet was made, for who runs ``pack``."""


@dataclass(frozen=True)
class Packed:
    """A document of the packet, as the descriptor describes it. ``note`` says what is wrong with it, if anything is."""

    path: str
    sha256: str
    source: str | None
    format: str | None
    level: str | None
    note: str | None = None


@dataclass(frozen=True)
class PackResult:
    """The packet that was made. ``left_out`` are the files that are not in it, with the reason; ``run`` is None outside of CI."""

    packet_id: str
    digest: str
    path: Path
    documents: tuple[Packed, ...]
    left_out: tuple[tuple[str, str], ...]
    run: CiRun | None


def pack(
    directory: Path,
    service: str,
    version: str,
    environments: Sequence[str],
    out: Path,
    levels: Mapping[str, str],
    environ: Environ,
    now: datetime,
    boundary: DisclosureRules | None = None,
) -> PackResult:
    """Makes a packet of the evidence below ``directory`` at ``out``: a .tar.gz where it is named so, else a folder.

    ``levels`` maps path patterns (``*`` also matches ``/``) to test levels. ``out`` appears whole or not at all.
    ``boundary`` is the intake's, by which it names the packet.
    Raises PackError.
    """
    if not directory.is_dir():
        raise PackError(f"{directory} is not a folder")
    if out.exists() and not _is_archive(out):
        raise PackError(f"{out} is there already; remove it, or choose another name")
    run = ci_run(environ)
    left_out: list[tuple[str, str]] = []
    packed = [_with_level(document, levels) for document in _evidence(directory, out, left_out)]
    if not packed:
        raise PackError(f"no file below {directory} is of a format that is read here; `release-staging formats` lists them")
    if unused := [pattern for pattern in levels if not any(fnmatchcase(document.path, pattern) for document in packed)]:
        raise PackError(f"no document matches {', '.join(map(repr, unused))} of --level")
    described = yaml.dump(_descriptor(service, version, environments, packed, run, now))
    _refuse_faults(described)
    content = _content(directory, described, packed)
    try:
        write_archive(out, content) if _is_archive(out) else write_folder(out, content)
    except OSError as error:
        raise PackError(f"{out} cannot be written: {error.strerror or error}") from None
    opened = open_packet(out, digest_only, boundary=boundary)
    return PackResult(opened.packet_id, opened.digest, out, tuple(packed), tuple(left_out), run)


def packet_name(service: str, version: str) -> str:
    """A packet's id from what it is about, within the pattern of ids."""
    name = _NOT_OF_AN_ID.sub("-", f"{service}-{version}".lower())
    return re.sub(r"\.{2,}", ".", name).lstrip("._-")[:80].rstrip(".") or "packet"


def _evidence(directory: Path, out: Path, left_out: list[tuple[str, str]]) -> Iterator[Packed]:
    """What of the folder goes into the packet; the rest is told in ``left_out``."""
    made = out.resolve()
    top = directory.resolve()
    try:
        for member in files(directory, LIMITS, lambda name, error: left_out.append((shown(name), str(error)))):
            if member.path in descriptor.NAMES:
                raise PackError(f"{directory} holds {member.path}: it is a packet already")
            if (top / member.path).is_relative_to(made):
                continue
            document = Document(member.path, digest_only(member.data), len(member.data))
            found = identify(document, member.data)
            if found.known:
                yield Packed(document.path, document.sha256, found.known.reader.source, found.known.format, None)
            elif not member.data:
                if member.path.lower().endswith(_EVIDENCE_SUFFIXES):
                    yield Packed(document.path, document.sha256, None, None, None, "empty")
                else:
                    left_out.append((document.path, "empty"))
            elif found.fits or _went_wrong(member, found.problems):
                yield Packed(document.path, document.sha256, None, None, None, found.problems[0].message)
            else:
                left_out.append((document.path, found.problems[0].message))
    except Unreadable as error:
        raise PackError(f"{directory}: {error}; point pack at the folder that holds the evidence alone") from None


def _went_wrong(member: Member, problems: tuple[Problem, ...]) -> bool:
    return member.path.lower().endswith(_EVIDENCE_SUFFIXES) and any(problem.code is not Code.EVIDENCE_UNRECOGNISED for problem in problems)


def _with_level(document: Packed, levels: Mapping[str, str]) -> Packed:
    found = {level for pattern, level in levels.items() if fnmatchcase(document.path, pattern)}
    if len(found) > 1:
        raise PackError(f"--level gives {document.path} several levels: {', '.join(sorted(found))}")
    for level in found - set(descriptor.LEVELS):
        raise PackError(f"{level!r} is not a test level; they are {', '.join(descriptor.LEVELS)}")
    return replace(document, level=found.pop()) if found else document


def _descriptor(
    service: str, version: str, environments: Sequence[str], packed: Sequence[Packed], run: CiRun | None, now: datetime
) -> dict[str, Any]:
    candidate: dict[str, Any] = {"service": service, "version": version}
    if run:
        candidate |= _said(commit=run.commit, tag=run.tag, branch=run.branch, repository=run.repository)
        candidate["build"] = {"id": run.id, **_said(url=run.url, attempt=run.attempt)}
    return {
        "packet": "1",
        "id": packet_name(service, version),
        "submitted_at": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "candidate": candidate,
        "environments": list(environments),
        "documents": [
            {"path": p.path, "sha256": p.sha256.removeprefix("sha256:")}
            | _said(source=p.source, format=p.format, level=p.level, run=run.id if run else None)
            for p in packed
        ],
    }


def _said(**members: str | None) -> dict[str, str]:
    return {name: value for name, value in members.items() if value is not None}


def _refuse_faults(described: bytes) -> None:
    faults = descriptor.read(descriptor.NAMES[0], described).faults
    if faults:
        raise PackError("; ".join(fault.message for fault in faults))


def _content(directory: Path, described: bytes, packed: Sequence[Packed]) -> Iterator[Member]:
    """The packet's files, read a second time: one in memory at a time."""
    yield Member(descriptor.NAMES[0], described)
    chosen = {document.path: document.sha256 for document in packed}
    for member in files(directory, LIMITS, lambda _name, _error: None):  # what it refuses was told the first time
        if member.path in chosen:
            if digest_only(member.data) != chosen.pop(member.path):
                raise PackError(f"{member.path} changed while it was packed; pack when the jobs that write it are done")
            yield member
    if chosen:
        raise PackError(f"{next(iter(chosen))} vanished while it was packed")


def _is_archive(out: Path) -> bool:
    return out.name.endswith(ARCHIVES)
