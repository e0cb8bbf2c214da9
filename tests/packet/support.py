"""What tests of packets share: a small sound packet, and ways to pack it."""

from __future__ import annotations

import hashlib
import io
import tarfile
import zipfile
from pathlib import Path

from release_staging.packet.links import LinkStores
from release_staging.packet.open import OpenedPacket, open_packet

COMMIT = "9f2c1e7a5b3d4c6f8a0e1b2c3d4e5f60718293a4"
JUNIT = (
    b'<testsuites name="pytest tests"><testsuite name="pytest" tests="1" failures="0">'
    b'<testcase classname="a" name="b"/></testsuite></testsuites>'
)
RUN = f'{{"id": 77, "head_sha": "{COMMIT}", "run_number": 12, "workflow_id": 1, "event": "push", "conclusion": "success"}}'.encode()
RUNBOOK = b"# Rolling back billing-api\n\n## Steps\n\n1. Switch the traffic back.\n"
DESCRIPTOR = f"""\
packet: "1"
id: billing-api-4.12.0-rc.3
submitted_at: 2026-11-20T10:15:00Z
candidate:
  service: billing-api
  version: 4.12.0-rc.3
  commit: {COMMIT}
  build: {{id: 7714620931, url: https://ci.example.com/runs/7714620931}}
environments: [production-eu, production-us]
documents:
  - {{path: tests/unit.xml, level: unit, run: 7714620931}}
""".encode()
CONTENT = {"packet.yaml": DESCRIPTOR, "tests/unit.xml": JUNIT, "build/run.json": RUN}


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def folder_of(folder: Path, content: dict[str, bytes]) -> Path:
    for name, data in content.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def zip_of(path: Path, content: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as packed:
        for name, data in content.items():
            packed.writestr(name, data)
    return path


def tgz_of(path: Path, content: dict[str, bytes]) -> Path:
    with tarfile.open(path, "w:gz") as packed:
        for name, data in content.items():
            header = tarfile.TarInfo(name)
            header.size = len(data)
            packed.addfile(header, io.BytesIO(data))
    return path


def bag_of(content: dict[str, bytes], algorithm: str = "sha256") -> dict[str, bytes]:
    """The same content as a BagIt bag."""
    payload = {"data/" + name: data for name, data in content.items()}
    manifest = "".join(f"{hashlib.new(algorithm, data).hexdigest()}  {name}\n" for name, data in payload.items())
    declaration = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
    return {"bagit.txt": declaration, f"manifest-{algorithm}.txt": manifest.encode(), **payload}


class Kept(dict[str, bytes]):
    """Documents by digest, as a vault keeps them."""

    def keep(self, data: bytes) -> str:
        digest = "sha256:" + sha256(data)
        self[digest] = data
        return digest


def opened(path: Path, stores: LinkStores | None = None) -> tuple[OpenedPacket, Kept]:
    kept = Kept()
    return open_packet(path, kept.keep, stores=stores), kept


def codes(packet: OpenedPacket) -> list[tuple[str, str]]:
    return [(problem.code.value, problem.subject) for problem in packet.problems]
