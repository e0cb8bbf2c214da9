"""``python -m data.generate``: writes ``data/packets``.

``--check`` only says what would change; ``--rekey`` makes a new signing key first.
"""

from __future__ import annotations

import json
import shutil
import sys
from typing import Any

from data.generate import descriptor, signing
from data.generate.documents import STATEMENT, Files, clean
from data.generate.variants import VARIANTS, Variant

PACKETS = signing.ROOT / "data/packets"
_USAGE = "usage: python -m data.generate [--check | --rekey]"


def main(arguments: list[str]) -> int:
    if arguments not in ([], ["--check"], ["--rekey"]):
        print(_USAGE, file=sys.stderr)
        return 2
    if arguments == ["--rekey"]:
        signing.rekey()
    try:
        wanted = everything()
    except signing.NoKey as error:
        print(error, file=sys.stderr)
        return 1
    there = {path.relative_to(PACKETS).as_posix(): path.read_bytes() for path in PACKETS.rglob("*") if path.is_file()}
    there.pop("README.md", None)
    changed = sorted(path for path in wanted.keys() | there.keys() if wanted.get(path) != there.get(path))
    if arguments == ["--check"]:
        print("\n".join(changed) or "data/packets is what the generator makes")
        return 1 if changed else 0
    for name in {path.partition("/")[0] for path in there if "/" in path}:
        shutil.rmtree(PACKETS / name)
    for path, data in wanted.items():
        file = PACKETS / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    print(f"{len(VARIANTS) + 1} packets, {len(wanted)} files, {len(changed)} changed")
    return 0


def everything() -> Files:
    """Every file below ``data/packets`` but its README. Raises signing.NoKey."""
    base = clean()
    made = _packet("clean", base, signed=True)
    expected: dict[str, Any] = {"clean": {"outcome": "staged", "exceptions": []}}
    for variant in VARIANTS:
        documents = variant.change(base)
        packet = _packet(variant.name, documents, signed=variant.signed)
        made |= packet
        expected[variant.name] = {"outcome": "held", "exceptions": _exceptions(variant, documents)}
    return made | {"expected.json": json.dumps(expected, indent=2).encode() + b"\n"}


def _packet(name: str, documents: Files, *, signed: bool) -> Files:
    if signed:
        documents = documents | {STATEMENT: signing.signed(documents[STATEMENT], name)}
    return {f"{name}/{path}": data for path, data in (documents | {"packet.yaml": descriptor.text(documents)}).items()}


def _exceptions(variant: Variant, documents: Files) -> list[dict[str, str | None]]:
    return [{"code": one.code, "path": one.path, "locator": one.place(documents)} for one in variant.expected]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
