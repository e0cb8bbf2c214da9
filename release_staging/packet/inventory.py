"""What each document of a packet is, and what the descriptor claims: the root tables that every later step starts from."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from release_staging.evidence import ledger
from release_staging.evidence.extract import Extract
from release_staging.evidence.likeness import alike
from release_staging.evidence.open import Opened
from release_staging.evidence.reader import Reader, split_id
from release_staging.evidence.recognise import Recognised, as_declared, recognise
from release_staging.evidence.registry import reader_for, readers
from release_staging.evidence.tree import SCALARS, Tree, open_tree
from release_staging.model import locators
from release_staging.model.exceptions import Code
from release_staging.model.sources import SOURCE_BY_NAME
from release_staging.model.tables import gathered
from release_staging.packet.descriptor import NAMES, Assertion
from release_staging.packet.open import Document, OpenedPacket
from release_staging.packet.problem import Problem
from release_staging.parsing.archive import is_archive
from release_staging.parsing.limits import Unreadable
from release_staging.parsing.paths import shown

DESCRIPTOR_FORMAT = "release-packet@1"

_LOSSES = ledger.loss_rules({}, {"packet-inventory": ("/packet", "/id", "/documents/**", "/links/**")})
_LINE = re.compile(r"line (\d+)")
_HOLLOW = (b"{}", b"[]", b"null")
_NAME_ONE = "name its format in the packet descriptor, or take it out of the packet"


@dataclass(frozen=True)
class Identified:
    """What a document is taken for, by what (``content``, ``declared``), what is wrong with that, and every format it fits."""

    known: Recognised | None
    by: str | None
    problems: tuple[Problem, ...] = ()
    fits: tuple[str, ...] = ()


def inventory(packet: OpenedPacket, read: Callable[[str], bytes]) -> dict[str, pa.Table]:
    """The tables ``documents``, ``problems`` and, with a descriptor, its ``claims`` and ``losses`` (see ``model.tables.gathered``).

    ``read`` gives the bytes of a document by its digest. The problems are those of the opened packet, and of recognition.
    """
    asserted = _asserted(packet)
    described_by = packet.descriptor_document
    documents: list[dict[str, Any]] = []
    problems = list(packet.problems)
    tables: dict[str, pa.Table] = {}
    for document in packet.documents:
        row: dict[str, Any] = {"packet": packet.packet_id, "document": document.sha256, "path": document.path, "size": document.size}
        assertion = asserted.get(document.path, Assertion())
        row["asserted_source"] = _asserted_source(assertion)
        row |= {"level": assertion.level, "environment": assertion.environment, "run": assertion.run, "baseline": assertion.baseline}
        if document == described_by:
            if packet.reading:
                row |= {"format": DESCRIPTOR_FORMAT, "encoding": _descriptor_encoding(document), "recognised_by": "content"}
                tables |= _descriptor_tables(packet.packet_id, document, read(document.sha256))
        elif document.size and document.path not in NAMES:
            found = identify(document, read(document.sha256), assertion)
            problems += found.problems
            if found.known:
                reader = found.known.reader
                row |= {"source": reader.source, "format": found.known.format, "encoding": found.known.encoding, "recognised_by": found.by}
        documents.append(row)
    tables["documents"] = pa.Table.from_pylist(documents, schema=gathered("documents"))
    if problems:
        rows = [_problem_row(packet.packet_id, problem) for problem in problems]
        tables["problems"] = pa.Table.from_pylist(rows, schema=gathered("problems"))
    return tables


def _asserted_source(assertion: Assertion) -> str | None:
    """The source that the descriptor names, or that of the format it names."""
    reader = reader_for(assertion.format) if assertion.format else None
    named = assertion.source or (reader.source if reader else None)
    return named if named in SOURCE_BY_NAME else None


def identify(document: Document, data: bytes, assertion: Assertion | None = None) -> Identified:
    """What ``data`` is, and whether that is what the descriptor asserts. The bytes decide; an assertion only chooses among what fits."""
    try:
        return _identified(document, Opened(data), assertion or Assertion())
    except Unreadable as error:
        line = _LINE.search(error.where)
        at = locators.lines(int(line[1]) - 1, int(line[1])) if line else None
        message = f"{shown(document.path)}: {error}"
        remedy = error.remedy or "export the document again"
        return Identified(None, None, (Problem(Code.EVIDENCE_UNREADABLE, document.path, message, remedy, at, document.sha256),))
    except Exception as error:  # noqa: BLE001 - a defect of a reader costs this document, not the batch; it is told, not hidden
        message = f"{shown(document.path)}: recognition failed ({type(error).__name__}): a defect of a reader"
        return Identified(
            None, None, (Problem(Code.EVIDENCE_UNREADABLE, document.path, message, "please report it", None, document.sha256),)
        )


def _identified(document: Document, opened: Opened, assertion: Assertion) -> Identified:
    path, problems = document.path, []

    def tell(code: Code, message: str, remedy: str) -> None:
        problems.append(Problem(code, path, f"{shown(path)} {message}", remedy, None, document.sha256))

    if is_archive(opened.data):
        tell(Code.EVIDENCE_UNRECOGNISED, "is an archive; an archive within the packet is not opened", "put what it holds into the packet")
        return Identified(None, None, tuple(problems))
    if not opened.encodings:
        tell(Code.EVIDENCE_EMPTY, "holds nothing but white space", "export the document again, or take it out of the packet")
        return Identified(None, None, tuple(problems))
    declared = reader_for(assertion.format) if assertion.format else None
    if assertion.format and declared is None:
        tell(
            Code.EVIDENCE_UNRECOGNISED,
            f"is declared as {shown(assertion.format)}, a format that is not read here",
            "declare another format",
        )
    if assertion.source and assertion.source not in SOURCE_BY_NAME:
        tell(
            Code.EVIDENCE_UNRECOGNISED,
            f"is declared for {shown(assertion.source)}, which is not a source of evidence",
            "declare its source",
        )
    broken: Unreadable | None = None
    try:
        matches = recognise(opened)
    except Unreadable as error:
        matches, broken = [], error
    chosen, by = _chosen(opened, matches, declared, assertion, prose=broken is None or not opened.data.lstrip().startswith(b"{"))
    if chosen is None and not matches and declared is not None and not declared.prose:
        broken = broken or _trouble_as(opened, declared)
    if chosen is None and broken is not None:
        raise broken
    if chosen is None and len(matches) > 1:
        tell(
            Code.EVIDENCE_UNRECOGNISED, f"fits several formats: {', '.join(m.format for m in matches)}", "name its format in the descriptor"
        )
    elif chosen is None and opened.data.strip() in _HOLLOW:
        tell(
            Code.EVIDENCE_EMPTY, "holds an empty list or object: nothing was looked at", "run the tool again, or take it out of the packet"
        )
    elif chosen is None:
        chosen, by = _alike(opened, declared), "declared"
        if chosen is None:
            tell(Code.EVIDENCE_UNRECOGNISED, _tried(opened, declared), _NAME_ONE)
        else:
            what = f"is declared as {chosen.reader.format} and lacks what that is known by; it was read as far as it goes"
            tell(Code.SCHEMA_DRIFT, what, "export the document again: the tool's format changed, or the document was edited")
    elif _lies(chosen, assertion, declared):
        said = " of source ".join(shown(word) for word in (assertion.format, assertion.source) if word)
        truth = f"{chosen.format} of source {chosen.reader.source}"
        tell(
            Code.EVIDENCE_UNRECOGNISED,
            f"is declared as {said}, but its bytes are {truth}",
            "send the document that was meant, or correct the entry",
        )
    return Identified(chosen, by, tuple(problems), tuple(match.format for match in matches))


def _chosen(
    opened: Opened, matches: list[Recognised], declared: Reader | None, assertion: Assertion, *, prose: bool
) -> tuple[Recognised | None, str | None]:
    """What the document is taken for, and by whose word. ``prose`` is false for an object of JSON that is broken."""
    among = declared is not None and any(match.reader is declared for match in matches)
    # A reader of prose takes any text, so it may be declared for what nothing else knows, not for what something else knows.
    if declared is not None and (among or not matches or not declared.prose):
        fits = as_declared(opened, declared)
        if fits is not None:
            return fits, "content" if among and len(matches) == 1 else "declared"
    if len(matches) == 1:
        return matches[0], "content"
    if assertion.source and declared is None:
        of_source = [match for match in matches if match.reader.source == assertion.source]
        if not matches and prose:  # a reader of prose takes any text: the first of the source does
            takers = [reader for reader in readers() if reader.prose and reader.source == assertion.source]
            of_source = [match for reader in takers[:1] if (match := as_declared(opened, reader))]
        if len(of_source) == 1:
            return of_source[0], "declared"
    return None, None


def _alike(opened: Opened, declared: Reader | None) -> Recognised | None:
    return alike(opened, declared) if declared is not None and not declared.prose else None


def _trouble_as(opened: Opened, declared: Reader) -> Unreadable | None:
    """Why the document cannot be read as what it is declared to be; None where it can, and is something else."""
    for encoding in opened.encodings:
        if encoding in declared.encodings:
            try:
                opened.roots(encoding)
            except Unreadable as error:
                return error
            return None
    return None


def _lies(chosen: Recognised, assertion: Assertion, declared: Reader | None) -> bool:
    _, version = split_id(assertion.format or "")
    wrong_format = declared is not None and (chosen.reader is not declared or (version != "" and version != chosen.version))
    return wrong_format or (assertion.source in SOURCE_BY_NAME and assertion.source != chosen.reader.source)


def _tried(opened: Opened, declared: Reader | None) -> str:
    encodings = opened.read_as()
    count = len({reader.format for reader in readers() if set(reader.encodings) & set(encodings)})
    as_what = f"; it is declared as {declared.format} and is not that" if declared else ""
    return f"is not a format that is read here: tried as {', '.join(encodings)} against {count} formats{as_what}"


def _asserted(packet: OpenedPacket) -> dict[str, Assertion]:
    described = packet.descriptor
    if described is None:
        return {}
    return {link.name: link for link in described.links} | {entry.path: entry for entry in described.documents}


def _problem_row(packet_id: str, problem: Problem) -> dict[str, Any]:
    return {
        "packet": packet_id,
        "document": problem.document,
        "code": problem.code.value,
        "subject": problem.subject,
        "message": f"{problem.message}; {problem.remedy}" if problem.remedy else problem.message,
        "locator": problem.locator,
    }


# --- the descriptor's own claims ---------------------------------------------------------------------------------------


def _descriptor_encoding(document: Document) -> str:
    return "json" if document.path.endswith(".json") else "yaml"


def _descriptor_tables(packet_id: str, document: Document, data: bytes) -> dict[str, pa.Table]:
    """Claims and losses of the descriptor, which says what it says even where a part of it breaks its contract."""
    out = Extract()
    encoding = _descriptor_encoding(document)
    _claim(open_tree(Opened(data).roots(encoding), out), out)
    tables = {name: table for name, table in out.tables().items() if name == "claims"}
    losses = ledger.rows(out.shapes, _LOSSES)
    tables["losses"] = pa.Table.from_pylist(losses, schema=pa.schema(list(gathered("losses"))[2:]))
    return {name: _owned(table, packet_id, document.sha256) for name, table in tables.items()}


def _claim(tree: Tree, out: Extract) -> None:
    root = tree.root
    candidate, build = root["candidate"], root["candidate"]["build"]
    out.claim("service.name", candidate["service"])
    for field in ("version", "commit", "tag", "branch"):
        out.claim(f"candidate.{field}", candidate[field], accept=SCALARS)
    out.claim("repository.url", candidate["repository"])
    out.claim("build.id", build["id"], accept=SCALARS)
    out.claim("build.url", build["url"])
    out.claim("build.attempt", build["attempt"], accept=SCALARS)
    for environment in root.items("environments"):
        out.claim("environment.target", environment)
    out.claim("produced_at", root["submitted_at"])


def _owned(table: pa.Table, packet_id: str, document: str) -> pa.Table:
    count = table.num_rows
    owner = {"packet": pa.array([packet_id] * count, pa.string()), "document": pa.array([document] * count, pa.string())}
    return pa.table({**owner, **{name: table[name] for name in table.column_names}})
