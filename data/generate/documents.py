"""The documents of the clean packet: written ones with their placeholders filled, captured ones as the tools wrote them.

A placeholder in ``written/`` is one of

- ``${name}``: a word of ``WORDS``, the candidate's identity;
- ``${sha256 PATH}``, ``${hex PATH}``, ``${size PATH}``: digest (``sha256:`` and hex, or only hex) and size in bytes of
  another document of the packet, so that index, manifests and configs refer to each other's exact bytes;
- ``${made NAME}``: a digest of something that is not in the packet, such as a layer; made up from its name.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path

from data.generate import spdx

HERE = Path(__file__).parent
CAPTURED = HERE / "captured"
WRITTEN = HERE / "written"
STATEMENT = "provenance/provenance.dsse.json"

WORDS = {
    "service": "billing-api",
    "repository": "https://github.com/acme-pay/billing-api",
    "version": "4.12.0-rc.3",
    "previous": "4.11.2",
    "commit": (HERE / "commit.txt").read_text().strip(),
    "tag": "v4.12.0-rc.3",
    "branch": "release/4.12",
    "run": "7714620931",
    "image": "registry.example.com/billing/billing-api",
}
FROM_TOOLS = {
    "tests/unit.xml": "unit.xml",
    "tests/integration.ctrf.json": "integration.ctrf.json",
    "tests/smoke.xml": "smoke.xml",
    "sbom/sbom.cdx.json": "sbom.cdx.json",
    "scans/bandit.sarif": "bandit.sarif",
    "config/production.diff": "production.diff",
}
_PLACEHOLDER = re.compile(r"\$\{(?:(sha256|hex|size|made) )?([\w./-]+)\}")

Files = dict[str, bytes]


def clean() -> Files:
    """Path to bytes. What is to be signed stands there as the bare statement."""
    files = {path: captured(name) for path, name in FROM_TOOLS.items()}
    files |= {path.relative_to(WRITTEN).as_posix(): _written(path.relative_to(WRITTEN).as_posix()) for path in _written_files()}
    index = hashlib.sha256(files["registry/index.json"]).hexdigest()
    files["sbom/sbom.spdx.json"] = spdx.document(files["sbom/sbom.cdx.json"], WORDS, index)
    return dict(sorted(files.items()))


def captured(name: str) -> bytes:
    """What a tool wrote."""
    return (CAPTURED / name).read_bytes()


def _written_files() -> list[Path]:
    return sorted(path for path in WRITTEN.rglob("*") if path.is_file())


@cache
def _written(path: str) -> bytes:
    return _PLACEHOLDER.sub(_fill, (WRITTEN / path).read_text(encoding="utf-8")).encode()


def _fill(match: re.Match[str]) -> str:
    kind, name = match.groups()
    if kind is None:
        return WORDS[name]
    if kind == "size":
        return str(len(_written(name)))
    data = f"billing-api sample: {name}".encode() if kind == "made" else _written(name)
    digest = hashlib.sha256(data).hexdigest()
    return digest if kind == "hex" else f"sha256:{digest}"
