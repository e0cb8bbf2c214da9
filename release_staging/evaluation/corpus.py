"""Real evidence in the labelled set: documents that other people's tools wrote, each put into a clean packet, as it is and with a fault.

A real document is of some other project. It goes in as evidence of the release before (``baseline``), of which nothing is said of
the candidate: it is opened, recognised, read, normalised and looked through for what must not be disclosed like any other. Left
out is what a reader has something to say about (nobody labelled it), and what names services, repositories or environments (they
are in no registry of ours).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from release_staging.evaluation.documents import Written
from release_staging.evaluation.packets import Packet
from release_staging.evaluation.plan import Plan
from release_staging.evaluation.toolchains import toolchains
from release_staging.evidence.open import Opened
from release_staging.evidence.read import read
from release_staging.evidence.recognise import recognise
from release_staging.model import locators
from release_staging.parsing import json
from release_staging.parsing.limits import Unreadable

LARGEST = 200_000  # bytes of a document; larger ones are measured by the benchmark
_NAMES = ("service.name", "repository.url", "environment.target", "environment.observed", "test.level")
_FAMILIES = (
    *("cut-off", "duplicate-key", "broken-text", "document-type", "nested-too-deep", "unknown-format", "called-something-else"),
    *("no-bytes", "white-space", "other-digest-declared", "exchanged", "secret", "secret-encoded"),
)


def real_documents(root: Path, seed: int, most: int = 8) -> tuple[list[tuple[str, Written]], int]:
    """Documents below ``root`` that can be labelled, by path, of at most ``most`` of each folder; and how many were looked at."""
    chance = Random(f"{seed}/real")
    looked_at: list[Path] = []
    for folder in sorted(path for path in root.glob("*/*") if path.is_dir()):
        files = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.stat().st_size <= LARGEST]
        looked_at += chance.sample(files, min(most, len(files)))
    found = [(str(path), known) for path in looked_at if (known := _known(path)) is not None]
    return found, len(looked_at)


def corpus_plans(real: list[tuple[str, Written]], seed: int, size: int) -> list[Plan]:
    """``size`` packets around real documents, of as many formats as there are: half of them as they are, half with a fault."""
    chance = Random(f"{seed}/corpus")
    names = [one.name for one in toolchains()]
    order = _by_format(real, chance)
    plans = []
    for number in range(size):
        path, document = order[number // 2 % len(order)] if order else ("", None)
        if document is None:
            break
        families = [family for family in _FAMILIES if family in _fitting(document)]
        family = families[number // 2 % len(families)] if number % 2 else None
        plans.append(Plan(f"{seed}/corpus/{number}", names[number % len(names)], family, document.format, path))
    return plans


def with_real(packet: Packet, path: str) -> tuple[Packet, Written]:
    """The packet with a real document beside its own. Raises LookupError where it cannot be labelled any more."""
    known = _known(Path(path))
    if known is None:
        raise LookupError(f"{path} is not what it was")
    builder = packet.builder.add(known.path, known.data, source=known.source, format=known.format, baseline=True)
    return replace(packet, builder=builder, written={**packet.written, known.path: known}), known


def _known(path: Path) -> Written | None:
    data = path.read_bytes()
    try:
        opened = Opened(data)
        matches = recognise(opened)
        extraction = read(opened, matches[0]) if len(matches) == 1 else None
    except Unreadable:
        return None
    if extraction is None or "problems" in extraction.tables:
        return None
    claims = extraction.tables.get("claims")
    if claims is not None and pc.any(pc.is_in(claims["field"], pa.array(_NAMES))).as_py():
        return None
    reader = matches[0].reader
    text = _prose(data)
    facts = {"text": (text,)} if text else {}
    return Written(f"before/{path.name}", data, reader.source, reader.format, facts, by_run=False, baseline=True)


def _prose(data: bytes) -> str | None:
    """The locator of the longest text of several words in a JSON document."""
    if data[:1] not in b"{[":
        return None
    try:
        found = list(_texts(json.parse(data), ()))
    except Unreadable:
        return None
    place = max(found, key=lambda one: len(one[1]), default=None)
    return locators.pointer(*place[0]) if place else None


def _texts(value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(value, dict):
        for name, below in value.items():
            yield from _texts(below, (*path, name))
    elif isinstance(value, list):
        for number, below in enumerate(value[:50]):
            yield from _texts(below, (*path, number))
    elif isinstance(value, str) and value.count(" ") >= 3 and "\n" not in value and len(value) < 500:
        yield path, value


def _by_format(real: list[tuple[str, Written]], chance: Random) -> list[tuple[str, Written]]:
    """In turn one of each format, so that a small set has them all."""
    forms: dict[str, list[tuple[str, Written]]] = {}
    for one in real:
        forms.setdefault(one[1].format, []).append(one)
    for some in forms.values():
        chance.shuffle(some)
    most = max(map(len, forms.values()), default=0)
    return [some[turn] for turn in range(most) for some in forms.values() if turn < len(some)]


def _fitting(document: Written) -> set[str]:
    """Families that can be put into the document."""
    start = document.data.lstrip()[:1]
    anywhere = {"unknown-format", "called-something-else", "no-bytes", "white-space", "other-digest-declared", "exchanged"}
    fitting = set(anywhere)
    if start in (b"{", b"[") and b"\n{" not in document.data.strip():
        fitting |= {"cut-off", "broken-text"} | ({"duplicate-key", "nested-too-deep"} if start == b"{" else set())
    if start == b"<":
        fitting |= {"cut-off", "broken-text", "document-type"}
    return fitting | ({"secret", "secret-encoded"} if "text" in document.facts else set())
