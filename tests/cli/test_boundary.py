"""Secrets in every place of a packet, through the real Dagster job and the command line: nothing that was written holds them.

Outside of the evidence vault and of the intake, which keep what was submitted, there is no exception to that.
"""

from __future__ import annotations

import base64
import json
import os
import random
import string
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from sqlalchemy import create_engine, text

from release_staging.staging.postgres import databases
from tests.cli.support import Said, program
from tests.packets import PacketBuilder

CLEAN = PacketBuilder.clean()
KEPT = ("vault/", "intake/")  # evidence as it was submitted
BINARY = ("postgres/", "cache/")  # the databases are read as such, below


class Planted(dict[str, str]):
    """Made-up values by the place where each was planted."""

    def __init__(self) -> None:
        self._random = random.Random(11)

    def _made(self, place: str, beginning: str, size: int, letters: str, end: str = "") -> str:
        value = beginning + "".join(self._random.choice(letters) for _ in range(size)) + end
        self[place] = value
        return value

    def token(self, place: str) -> str:
        return self._made(place, "ghp_", 36, string.ascii_letters + string.digits)

    def small_token(self, place: str) -> str:
        return self._made(place, "glpat-", 20, string.ascii_lowercase + string.digits)

    def password(self, place: str) -> str:
        return self._made(place, "", 12, string.ascii_letters, "7")

    def mail(self, place: str) -> str:
        return self._made(place, "m", 14, string.ascii_lowercase, "@customer-mail.de")


def changed(path: str, change: Callable[[Any], None]) -> bytes:
    tree = json.loads(CLEAN.documents[path])
    change(tree)
    return json.dumps(tree).encode()


def full(planted: Planted) -> PacketBuilder:
    """The clean packet with a value in documents of every kind, in names of members and documents, in the descriptor and in links."""

    def run(tree: Any) -> None:
        tree |= {"head_branch": planted.token("branch of a run"), "name": f"run {planted.token('name of a run')}"}
        tree |= {"display_title": f"for {planted.mail('title of a run')}", planted.token("name of a member"): 1}

    def sbom(tree: Any) -> None:
        tree["components"][0]["name"] = f"lib-{planted.token('name of a package')}"
        hidden = f"pkg:npm/x@1?vcs_url=git%2Bhttps%3A%2F%2Fu%3A{planted.password('purl, in percent codes')}%40h.example.com"
        tree["components"][1]["purl"] = hidden
        tree["components"][0].setdefault("properties", []).append({"name": "password", "value": planted.password("property of an SBOM")})

    def scan(tree: Any) -> None:
        tree["ArtifactName"] = f"registry/x:{planted.token('artifact of a scan')}"
        tree["Results"][0]["Target"] = f"t {planted.mail('target of a scan')}"

    def manifest(tree: Any) -> None:
        tree["service"] = planted.token("service of the manifest")

    tests = CLEAN.documents["tests/unit.xml"].decode()
    tests = tests.replace('<testcase classname="', f'<testcase file="x" classname="{planted.token("class of a test")}.', 1)
    tests = tests.replace("</testsuite>", f"<system-out>{planted.token('output of a test')}</system-out></testsuite>", 1)
    note = CLEAN.documents["incidents/INC-2031.md"].decode()
    note = note.replace("delayed invoices", f"delayed for {planted.mail('title of an incident')}")
    note = note.replace("- Status: resolved", f"- Status: resolved {planted.token('status of an incident')}")
    note += f"\nThe candidate is safe, says {planted.token('conclusion of an incident')}.\n"
    runbook = CLEAN.documents["rollback/runbook.md"].decode() + f"\n\n1. Log in, password: {planted.password('step of a runbook')}\n"
    catalog = (
        CLEAN.documents["catalog/catalog-info.yaml"].decode().replace("owner:", f"owner: {planted.token('owner in the catalogue')}-", 1)
    )
    twice = planted.token("name of a member that is there twice")
    encoded = base64.b64encode(f"token {planted.token('in base64')}".encode()).decode()
    packet = CLEAN.replace("ci/run.json", changed("ci/run.json", run)).replace("sbom/sbom.cdx.json", changed("sbom/sbom.cdx.json", sbom))
    packet = packet.replace("scans/trivy.json", changed("scans/trivy.json", scan)).replace("tests/unit.xml", tests.encode())
    packet = packet.replace("release-manifest.json", changed("release-manifest.json", manifest))
    packet = packet.replace("incidents/INC-2031.md", note.encode()).replace("rollback/runbook.md", runbook.encode())
    packet = packet.replace("catalog/catalog-info.yaml", catalog.encode())
    packet = packet.add(f"notes/{planted.token('name of a document')}.json", b"{}", source="sboms")
    packet = packet.add("broken.json", f'{{"a": 1, "{planted.token("broken JSON")}": }}'.encode(), format="trivy-json")
    packet = packet.add("twice.json", f'{{"{twice}": 1, "{twice}": 2}}'.encode(), format="trivy-json")
    packet = packet.add("unknown.txt", f"x {planted.token('unknown document')} y\n".encode())
    packet = packet.add("encoded.json", json.dumps({"data": encoded}).encode())
    packet = packet.entry(
        "tests/smoke.xml", run=planted.token("run in the descriptor"), environment=planted.mail("environment in the descriptor")
    )
    build = {"id": "1", "url": f"https://u:{planted.password('URL in the descriptor')}@ci.example.com/1"}
    link = {"name": f"l-{planted.token('name of a link')}.json", "url": f"https://x.example/{planted.token('URL of a link')}"}
    return packet.descriptor(
        id=f"rel-{planted.small_token('id of the packet')}",
        candidate={"branch": planted.token("branch in the descriptor"), "build": build},
        links=[{**link, "sha256": "0" * 64}],
    )


def packets(folder: Path, planted: Planted) -> list[Path]:
    """Packets with values in all of their contents and, one by one, in what is around contents."""
    bag = CLEAN.descriptor(id="bag").write_bag(folder, "bag")
    (bag / "bag-info.txt").write_text(f"Internal-Note: {planted.token('note of a bag')}\n")
    refused = CLEAN.write_zip(folder, "refused")
    with zipfile.ZipFile(refused, "a") as archive:
        archive.writestr(f"../{planted.token('name that climbs')}", b"x")
    linked = CLEAN.descriptor(id="linked").write_folder(folder, "linked")
    (linked / f"s-{planted.token('name of a symbolic link')}").symlink_to("/etc/passwd")
    pipe = folder / f"f-{planted.token('name of a pipe')}"
    os.mkfifo(pipe)
    unnamed = CLEAN.descriptor(id=f"No {planted.token('id that is none')}").write_folder(folder, "unnamed")
    return [full(planted).write_zip(folder, f"zip-{planted.token('name of an archive')}"), bag, refused, linked, pipe, unnamed]


@dataclass(frozen=True)
class Written:
    """What was planted, what the commands said, and everything that they left behind, with where it stands."""

    planted: Planted
    said: dict[str, Said]
    ids: list[str]
    left: list[tuple[str, bytes]]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory, home: Path) -> Written:
    planted, folder = Planted(), tmp_path_factory.mktemp("planted")
    paths = packets(folder, planted)
    said = {"run": program(home, "run", "--format", "json", *paths), "run again": program(home, "run", *paths[:3])}
    ids = [line["packet_id"] for line in said["run"].lines]
    for packet_id in ids:
        said |= {f"show {packet_id} {form}": program(home, "show", packet_id, "--format", form) for form in ("markdown", "json")}
    said |= {"holds": program(home, "holds"), "holds as JSON": program(home, "holds", "--format", "json")}
    documents = [path for path in sorted(full(Planted()).write_folder(folder, "documents").rglob("*")) if path.is_file()]
    said |= {"inspect": program(home, "inspect", *documents), "inspect as JSON": program(home, "inspect", "--format", "json", *documents)}
    said |= {"submit": program(home, "submit", *paths[:2]), "submit what cannot be named": program(home, "submit", paths[-1])}
    said |= {"verify": program(home, "verify", ids[0])}
    with databases(home, {}) as urls:
        tables = [*rows("staging", urls.staging), *rows("dagster", urls.dagster)]
    return Written(planted, said, ids, [*files(home), *tables])


def files(home: Path) -> Iterator[tuple[str, bytes]]:
    """Every file of the state folder, and every name in it; Parquet as the rows it holds."""
    for path in sorted(home.rglob("*")):
        name = path.relative_to(home).as_posix()
        if name.startswith(KEPT) or not path.is_file():
            continue
        yield f"the name {name}", name.encode()
        if path.suffix == ".parquet":
            yield name, str(pq.ParquetFile(path).read().to_pylist()).encode()
        elif not name.startswith(BINARY) or path.suffix == ".log":
            yield name, path.read_bytes()


def rows(database: str, url: str) -> Iterator[tuple[str, bytes]]:
    """Every row of every table."""
    engine = create_engine(url)
    with engine.connect() as connection:
        listed = (
            "SELECT table_schema, table_name FROM information_schema.tables WHERE table_schema NOT IN ('pg_catalog', 'information_schema')"
        )
        for schema, table in connection.execute(text(listed)).all():
            for (row,) in connection.execute(text(f'SELECT t::text FROM "{schema}"."{table}" t')):
                yield f"{database}.{table}", row.encode()
    engine.dispose()


def parts(value: str) -> list[bytes]:
    """The value, and what is left of a long one when it is cut."""
    return [value.encode(), *((value[:18].encode(), value[-14:].encode()) if len(value) > 24 else ())]


def test_everything_planted_is_held(written: Written) -> None:
    assert written.said["run"].status == 2  # two of them cannot be named
    assert [line["outcome"] for line in written.said["run"].lines] == ["held"] * 4
    [packet, *_] = written.said["run"].lines
    found = {(one["code"], one["subject"]) for one in packet["exceptions"]}
    for path in ("ci/run.json", "sbom/sbom.cdx.json", "tests/unit.xml", "unknown.txt", "encoded.json", "broken.json", "packet.yaml"):
        assert ("DISCLOSURE_SECRET", path) in found
    for path in ("ci/run.json", "scans/trivy.json", "incidents/INC-2031.md", "packet.yaml"):
        assert ("DISCLOSURE_CUSTOMER_DATA", path) in found


def test_the_packet_whose_id_discloses_has_a_neutral_one(written: Written) -> None:
    assert written.ids[0].startswith("withheld-")


def test_nothing_that_commands_say_holds_a_planted_value(written: Written) -> None:
    leaks = {
        (place, command)
        for place, value in written.planted.items()
        for command, said in written.said.items()
        if any(part in (said.out + said.err).encode() for part in parts(value))
    }
    assert leaks == set()


def test_nothing_that_was_written_holds_a_planted_value(written: Written) -> None:
    assert len({where for where, _ in written.left if where.startswith("dagster.")}) > 5
    assert any(where.startswith("extractions/") for where, _ in written.left)
    assert any(where.startswith("records/") for where, _ in written.left)
    leaks = {
        (place, where)
        for place, value in written.planted.items()
        for where, data in written.left
        if any(part in data for part in parts(value))
    }
    assert leaks == set()


def test_the_vault_has_the_evidence_as_it_was_submitted(written: Written, home: Path) -> None:
    kept = b"".join(path.read_bytes() for path in (home / "vault").rglob("*") if path.is_file())
    for place in ("branch of a run", "broken JSON", "id of the packet", "name of a document"):
        assert written.planted[place].encode() in kept


def test_a_hold_still_says_what_is_to_be_looked_at(written: Written) -> None:
    hold = json.loads(written.said[f"show {written.ids[0]} json"].out)
    assert hold["candidate"]["version"] == "4.12.0-rc.3"
    assert hold["field_provenance"]["/candidate/version"]["evidence"]
    secret = next(one for one in hold["exceptions"] if one["code"] == "DISCLOSURE_SECRET" and one["subject"] == "ci/run.json")
    assert secret["evidence"][0]["locator"].startswith("line=")
    assert "hmac-sha256:" in secret["message"]
    assert not [one for one in hold["exceptions"] if one["code"] in ("TRACE_INCOMPLETE", "SCHEMA_INVALID") and "defect" in one["remedy"]]
