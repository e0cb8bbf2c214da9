"""Packets made to do harm, or by mistake, through ``run``: each is held, or refused, with document and remedy; none costs another."""

from __future__ import annotations

import gzip
import io
import json
import os
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.support import Said, program
from tests.packets import PacketBuilder

CLEAN = PacketBuilder.clean()
JSON, YAML, XML = "scans/trivy.json", "catalog/catalog-info.yaml", "tests/unit.xml"
DESCRIPTOR = CLEAN.files["packet.yaml"]
# Expected of a packet: code, and what the exception must name.
Expected = tuple[str, str]
Made = Callable[[Path], Path]


def as_zip(name: str, *members: tuple[str, bytes]) -> Made:
    """The clean packet as an archive with more members, whatever their names."""

    def made(folder: Path) -> Path:
        path = CLEAN.write_zip(folder, name)
        with zipfile.ZipFile(path, "a") as archive:
            for member, data in members:
                archive.writestr(zipfile.ZipInfo(member), data)
        return path

    return made


def as_tar(name: str, *members: tarfile.TarInfo) -> Made:
    """The clean packet as an archive with more members, of whatever kind."""

    def made(folder: Path) -> Path:
        path = folder / f"{name}.tar.gz"
        with tarfile.open(path, "w:gz") as archive:
            for member, data in CLEAN.files.items():
                header = tarfile.TarInfo(member)
                header.size = len(data)
                archive.addfile(header, io.BytesIO(data))
            for header in members:
                archive.addfile(header)
        return path

    return made


def link(name: str, target: str, kind: bytes) -> tarfile.TarInfo:
    header = tarfile.TarInfo(name)
    header.type, header.linkname = kind, target
    return header


def device(name: str) -> tarfile.TarInfo:
    header = tarfile.TarInfo(name)
    header.type = tarfile.CHRTYPE
    return header


def bomb(folder: Path) -> Path:
    """A member that grows a thousandfold."""
    path = CLEAN.write_zip(folder, "zip-bomb")
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("bomb.json", "w", force_zip64=True) as member,
    ):
        zeros = bytes(16 << 20)
        for _ in range(6):
            member.write(zeros)
    return path


def gzip_bomb(folder: Path) -> Path:
    path = folder / "gzip-bomb.tar.gz"
    header = tarfile.TarInfo("bomb.json")
    header.size = 8 << 30
    with path.open("wb") as file, gzip.GzipFile("", "wb", 1, file) as packed:
        packed.write(header.tobuf())
        zeros = bytes(16 << 20)
        for _ in range(6):
            packed.write(zeros)
    return path


def many(folder: Path) -> Path:
    path = CLEAN.write_zip(folder, "too-many-members")
    with zipfile.ZipFile(path, "a") as archive:
        for number in range(2_001):
            archive.writestr(f"many/{number}", b"")
    return path


def nested(folder: Path) -> Path:
    inner = CLEAN.write_zip(folder, "inner")
    path = CLEAN.add("inner.zip", inner.read_bytes()).write_zip(folder, "nested-archive")
    inner.unlink()
    return path


def with_link(folder: Path) -> Path:
    root = CLEAN.write_folder(folder, "link-out-of-the-folder")
    (root / "out.json").symlink_to("/etc/passwd")
    return root


def with_folder_link(folder: Path) -> Path:
    root = CLEAN.write_folder(folder, "link-to-a-folder")
    (root / "out").symlink_to("/etc")
    return root


def with_pipe(folder: Path) -> Path:
    root = CLEAN.write_folder(folder, "pipe")
    os.mkfifo(root / "pipe.json")
    return root


def with_bytes_in_name(folder: Path) -> Path:
    root = CLEAN.write_folder(folder, "name-that-is-no-text")
    (Path(os.fsdecode(os.fsencode(root) + b"/\xff\xfe.json"))).write_bytes(b"{}")
    return root


def document(name: str, path: str, data: bytes) -> Made:
    """The clean packet with other bytes in one document."""
    return lambda folder: CLEAN.replace(path, data).write_folder(folder, name)


def builder(name: str, packet: PacketBuilder) -> Made:
    return lambda folder: packet.write_folder(folder, name)


def raw(name: str, data: bytes) -> Made:
    def made(folder: Path) -> Path:
        (folder / name).write_bytes(data)
        return folder / name

    return made


def described(name: str, data: bytes) -> Made:
    return builder(name, CLEAN.replace("packet.yaml", data))


def empty_folder(folder: Path) -> Path:
    (folder / "empty-folder").mkdir()
    return folder / "empty-folder"


DEEP = 100_000
TREE = json.loads(CLEAN.documents[JSON])
UNREADABLE, SCHEMA = "EVIDENCE_UNREADABLE", "SCHEMA_INVALID"

HELD: dict[str, tuple[Made, Expected]] = {
    "a name that climbs": (as_zip("climbs", ("../../climbed.json", b"{}")), (UNREADABLE, "climbs.zip")),
    "an absolute name": (as_zip("absolute", ("/etc/climbed.json", b"{}")), (UNREADABLE, "absolute.zip")),
    "a name with a backslash": (as_zip("backslash", ("..\\climbed.json", b"{}")), (UNREADABLE, "backslash.zip")),
    "the same name twice": (as_zip("twice", (JSON, b"{}")), (UNREADABLE, "twice.zip")),
    "names that differ in case": (as_zip("case", (JSON.upper(), b"{}")), (UNREADABLE, "case.zip")),
    "a symbolic link": (as_tar("symbolic", link("a", "/etc/passwd", tarfile.SYMTYPE)), (UNREADABLE, "symbolic.tar.gz")),
    "a hard link": (as_tar("hard", link("a", "../../etc/passwd", tarfile.LNKTYPE)), (UNREADABLE, "hard.tar.gz")),
    "a device": (as_tar("device", device("zero")), (UNREADABLE, "device.tar.gz")),
    "a link out of the folder": (with_link, (UNREADABLE, "out.json")),
    "a link to a folder": (with_folder_link, (UNREADABLE, "out")),
    "a pipe": (with_pipe, (UNREADABLE, "pipe.json")),
    "a name that is no text": (with_bytes_in_name, (UNREADABLE, ".json")),
    "a zip bomb": (bomb, (UNREADABLE, "zip-bomb.zip")),
    "a gzip bomb": (gzip_bomb, (UNREADABLE, "gzip-bomb.tar.gz")),
    "too many members": (many, (UNREADABLE, "too-many-members.zip")),
    "an archive within": (nested, ("EVIDENCE_UNRECOGNISED", "inner.zip")),
    "no archive": (raw("no.zip", b"PK\x03\x04 and nothing else"), (UNREADABLE, "no.zip")),
    "half an archive": (lambda folder: raw("half.zip", CLEAN.write_zip(folder).read_bytes()[:5_000])(folder), (UNREADABLE, "half.zip")),
    "an empty file": (raw("empty.tar.gz", b""), (UNREADABLE, "empty.tar.gz")),
    "a file of no kind": (raw("noise", os.urandom(64)), (UNREADABLE, "noise")),
    "duplicate keys": (document("duplicate", JSON, b'{"SchemaVersion": 2, "SchemaVersion": 2}'), (UNREADABLE, JSON)),
    "not a number": (document("nan", JSON, b'{"SchemaVersion": NaN}'), (UNREADABLE, JSON)),
    "infinity": (document("infinity", JSON, b'{"SchemaVersion": 1e999}'), (UNREADABLE, JSON)),
    "deep JSON": (document("deep-json", JSON, b"[" * DEEP + b"]" * DEEP), (UNREADABLE, JSON)),
    "deep YAML": (document("deep-yaml", YAML, b"[" * DEEP + b"]" * DEEP), (UNREADABLE, YAML)),
    "deep XML": (document("deep-xml", XML, b"<testsuites>" * 5_000 + b"</testsuites>" * 5_000), (UNREADABLE, XML)),
    "a document type": (document("doctype", XML, b'<!DOCTYPE a [<!ENTITY b "c">]><testsuites>&b;</testsuites>'), (UNREADABLE, XML)),
    "laughter": (
        document(
            "laughter",
            XML,
            b'<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><testsuites name="&b;"/>',
        ),
        (UNREADABLE, XML),
    ),
    "an alias in YAML": (document("alias", YAML, CLEAN.documents[YAML] + b"\nx: &a [1]\ny: *a\n"), ("EVIDENCE_UNRE", YAML)),
    "a tag in YAML": (document("tag", YAML, b"!!python/object/apply:os.system ['true']\n"), ("EVIDENCE_UNRE", YAML)),
    "broken UTF-8": (
        document("broken-utf-8", JSON, CLEAN.documents[JSON].replace(b'"SchemaVersion"', b'"\xff\xfe"', 1)),
        (UNREADABLE, JSON),
    ),
    "UTF-16 that does not say so": (document("utf-16-le", JSON, CLEAN.documents[JSON].decode().encode("utf-16-le")), (UNREADABLE, JSON)),
    "an empty document": (document("empty-document", JSON, b""), ("EVIDENCE_EMPTY", JSON)),
    "a blank document": (document("blank-document", JSON, b" \n\t\n"), ("EVIDENCE_EMPTY", JSON)),
    "a document of zeros": (document("zeros", JSON, bytes(4_000)), ("EVIDENCE_UNRE", JSON)),
    "a lie about the format": (
        builder("lies", CLEAN.entry("sbom/sbom.cdx.json", format="spdx-json")),
        ("EVIDENCE_UNRECOGNISED", "sbom/sbom.cdx.json"),
    ),
    "a lie about the source": (
        builder("lies-again", CLEAN.entry("sbom/sbom.cdx.json", source="test_reports", format=None)),
        ("EVIDENCE_UNRECOGNISED", "sbom/sbom.cdx.json"),
    ),
    "no documents": (builder("no-documents", PacketBuilder({}, {**CLEAN.said, "documents": []})), ("EVIDENCE_MISSING", "documents")),
    "nothing at all": (empty_folder, ("EVIDENCE_MISSING", "packet.yaml")),
    "no descriptor": (builder("no-descriptor", CLEAN.without("packet.yaml")), ("EVIDENCE_MISSING", "packet.yaml")),
    "two descriptors": (builder("two-descriptors", CLEAN.add("packet.json", b"{}")), (UNREADABLE, "packet.yaml")),
    "a descriptor that names what is absent": (builder("absent", CLEAN.without(JSON, keep_entry=True)), ("EVIDENCE_MISSING", JSON)),
    "a digest that differs": (builder("differs", CLEAN.replace(JSON, b"{}", stale=True)), ("DIGEST_MISMATCH", JSON)),
    "a descriptor that is no YAML": (described("no-yaml", b"packet: [\n"), (UNREADABLE, "packet.yaml")),
    "a descriptor with an alias": (described("descriptor-alias", b"packet: &a '1'\nid: *a\n"), (UNREADABLE, "packet.yaml")),
    "a descriptor that is a list": (described("list", b"- packet\n"), (SCHEMA, "packet.yaml")),
    "an empty descriptor": (described("nothing-said", b""), ("", "packet.yaml")),
    "a descriptor without a time": (builder("no-time", CLEAN.descriptor(submitted_at=None)), (SCHEMA, "packet.yaml")),
    "a time in no calendar": (builder("no-calendar", CLEAN.descriptor(submitted_at="2026-02-30T00:00:00Z")), (SCHEMA, "packet.yaml")),
    "a path that climbs in the descriptor": (
        builder("climbing-entry", CLEAN.descriptor(documents=[*CLEAN.said["documents"], {"path": "../../etc/passwd"}])),
        (SCHEMA, "packet.yaml"),
    ),
    "a link to the network": (
        builder("network", CLEAN.descriptor(links=[{"name": "l.json", "url": "https://example.com/l.json", "sha256": "0" * 64}])),
        ("LINK_UNRESOLVED", "l.json"),
    ),
    "a link to a file of the machine": (
        builder("machine", CLEAN.descriptor(links=[{"name": "l.json", "url": "file:///etc/passwd", "sha256": "0" * 64}])),
        ("LINK_UNRESOLVED", "l.json"),
    ),
}

# Not what is said, but which document says it, is another: the same documents under other names.
TWINS = PacketBuilder(
    {"other.yaml": CLEAN.replace("packet.yaml", DESCRIPTOR.replace(b"id: billing", b"id: twin-of-billing")).files["packet.yaml"]},
    {},
    DESCRIPTOR,
)
SWAPPED = PacketBuilder({"other.yaml": DESCRIPTOR}, {}, TWINS.documents["other.yaml"])
HELD["a packet with two of the kind"] = (builder("twin", TWINS), ("EVIDENCE_MISSING", "sboms"))
HELD["the same with their names swapped"] = (builder("swapped", SWAPPED), ("EVIDENCE_MISSING", "sboms"))

FINE: dict[str, Made] = {
    "a mark of byte order": document("mark", JSON, b"\xef\xbb\xbf" + CLEAN.documents[JSON]),
    "UTF-16 that says so": document("utf-16", JSON, CLEAN.documents[JSON].decode().encode("utf-16")),
    "the clean packet beside them": builder("beside", CLEAN),
}

REFUSED: dict[str, Made] = {
    "an id that climbs": builder("id-climbs", CLEAN.descriptor(id="../../../tmp/x")),
    "an id with spaces": builder("id-spaces", CLEAN.descriptor(id="a b")),
    "an id of markup": builder("id-markup", CLEAN.descriptor(id="<b>x</b>")),
    "an id that is too long": builder("id-long", CLEAN.descriptor(id="x" * 200)),
    "an id that is a pipe": lambda folder: os.mkfifo(folder / "id-pipe") or folder / "id-pipe",  # type: ignore[func-returns-value]
}


@pytest.fixture(scope="module")
def said(home: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Said, dict[str, Path]]:
    """One ``run`` over all of them."""
    folder = tmp_path_factory.mktemp("hostile")
    paths = {name: made(folder) for name, (made, _) in HELD.items()} | {name: made(folder) for name, made in FINE.items()}
    return program(home, "run", "--format", "json", *paths.values()), paths


@pytest.fixture(scope="module")
def lines(said: tuple[Said, dict[str, Path]]) -> dict[str, dict[str, Any]]:
    by_path = {line["path"]: line for line in said[0].lines}
    return {name: by_path[str(path)] for name, path in said[1].items()}


def test_one_run_takes_them_all_and_ends_with_3(said: tuple[Said, dict[str, Path]], home: Path) -> None:
    done, paths = said
    assert done.status == 3, done.err
    assert len(done.lines) == len(paths)
    assert "Traceback" not in done.err
    assert not any(Path(folder, "climbed.json").exists() for folder in ("/", "/tmp", "/etc", home.parent))


@pytest.mark.parametrize("name", sorted(HELD))
def test_it_is_held_with_document_and_remedy(name: str, lines: dict[str, dict[str, Any]]) -> None:
    code, what = HELD[name][1]
    line = lines[name]
    assert line["outcome"] == "held"
    document = json.loads(Path(line["document"]).read_bytes())
    reasons = [one for one in document["exceptions"] if one["blocking"] and one["code"].startswith(code)]
    assert any(what in one["subject"] or what in one["message"] for one in reasons), document["exceptions"]
    for one in document["exceptions"]:
        assert one["message"]
        assert one["remedy"]
        assert "defect" not in one["message"], one
        assert "Error" not in one["message"], one
    assert document["checks"][-1] == {"name": "reviewable", "passed": False, "summary": document["checks"][-1]["summary"]}


@pytest.mark.parametrize("name", sorted(FINE))
def test_what_is_sound_beside_them_is_staged(name: str, lines: dict[str, dict[str, Any]]) -> None:
    assert lines[name]["outcome"] == "staged"


def test_what_cannot_be_named_is_refused_with_its_reason_and_costs_the_others_nothing(home: Path, tmp_path: Path) -> None:
    paths = {name: made(tmp_path) for name, made in REFUSED.items()}
    done = program(home, "run", "--format", "json", *paths.values(), FINE["the clean packet beside them"](tmp_path))
    assert done.status == 2
    assert [line["outcome"] for line in done.lines] == ["staged"]
    assert "Traceback" not in done.err
    for name, path in paths.items():
        [told] = [line for line in done.err.splitlines() if str(path) in line]
        assert "submit it again" in told or "put the packet itself" in told, (name, told)


def test_show_and_holds_stand_what_the_packets_hold(home: Path, lines: dict[str, dict[str, Any]]) -> None:
    holds = program(home, "holds", "--format", "json")
    closed = {lines[name]["packet_id"] for name in HELD} - {line["packet_id"] for line in holds.lines}
    for packet in sorted(closed)[:3]:  # of one candidate the latest stands
        assert "Superseded by" in program(home, "show", packet).out
    assert program(home, "holds").status == 0
    for name in ("a name that is no text", "no documents", "a zip bomb"):
        shown = program(home, "show", lines[name]["packet_id"])
        assert shown.status == 0, shown.err
        assert "Exception hold" in shown.out
