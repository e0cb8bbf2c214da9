"""Which code made a document: the version, and a digest over the code that judges, so that another code is another basis."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import release_staging

# Readers are not among them: each has a revision of its own, and a packet is not touched by a reader it has no document for.
_JUDGING = ("contradict", "disclosure", "model", "normalize", "record")


def opened_with(policy: str, digest_key: str) -> str:
    """Digest over what a packet's evidence is opened and read with: policy and key by their digests, and the software."""
    return hashlib.sha256(f"{policy} {digest_key} {software()}".encode()).hexdigest()[:12]


@cache
def software() -> str:
    """For example ``release-staging 0.1.0 (3f9c1b7e5a42)``."""
    root = Path(release_staging.__file__).parent
    found = hashlib.sha256()
    for path in sorted(path for folder in _JUDGING for path in (root / folder).rglob("*.py")):
        found.update(f"{path.relative_to(root).as_posix()}\0".encode() + path.read_bytes() + b"\0")
    return f"release-staging {release_staging.__version__} ({found.hexdigest()[:12]})"
