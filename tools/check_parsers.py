"""Fails where a parser of JSON, YAML, XML, archives or signed bundles is imported outside its one hardened entry point.

Run by ``make check``. Writing (``orjson``) is free; reading bytes of a packet is not.
"""

from __future__ import annotations

import ast
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SIGSTORE = "release_staging/evidence/provenance_attestations/trust/library.py"
ALLOWED: dict[str, set[str]] = {
    "json": set(),
    "jiter": {"release_staging/parsing/json.py"},
    "msgspec": {"release_staging/parsing/json_stream.py", "release_staging/parsing/json_items.py"},
    "yaml": {"release_staging/parsing/yaml.py"},
    "xml": {"release_staging/parsing/xml.py"},
    "lxml": set(),
    "zipfile": {"release_staging/parsing/archive.py"},
    "tarfile": {"release_staging/parsing/archive.py"},
    "gzip": {"release_staging/parsing/archive.py"},
    "zlib": {"release_staging/parsing/archive.py", "release_staging/parsing/compressed.py"},
    "bz2": set(),
    "lzma": set(),
    "shutil.unpack_archive": set(),
    "pickle": set(),
    "sigstore": {SIGSTORE},
    "sigstore_models": {SIGSTORE},
    "rekor_types": {SIGSTORE},
    "rfc3161_client": {SIGSTORE},
}


def imports(path: Path) -> list[tuple[int, str]]:
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.append((node.lineno, node.module))
            found += [(node.lineno, f"{node.module}.{alias.name}") for alias in node.names]
    return found


def main() -> int:
    wrong = []
    for folder in ("release_staging", "assets", "resources", "schemas"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            place = path.relative_to(ROOT).as_posix()
            for line, name in imports(path):
                parser = name if name in ALLOWED else name.partition(".")[0]
                if parser in ALLOWED and place not in ALLOWED[parser]:
                    wrong.append(f"{place}:{line}: import of {name}; use {', '.join(ALLOWED[parser]) or 'release_staging.parsing'} instead")
    print("\n".join(wrong) or "parsers are imported at their entry points only")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
