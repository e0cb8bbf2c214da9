"""Git object ids, whole and abbreviated."""

from __future__ import annotations

import re

from release_staging.normalize.identifiers.identifier import Identifier

# gitoid:commit:sha1:… (OmniBOR), swh:1:rev:… (SWHID 1.2), and the keys that in-toto gives the digest of a commit.
_SCHEME = re.compile(r"^(?:gitoid:commit:sha(?:1|256):|swh:1:rev:|gitCommit:)")
_ID = re.compile(r"[0-9a-f]{7,64}")
_WHOLE = (40, 64)  # hexadecimal digits of SHA-1 and SHA-256


def commit(text: str) -> Identifier:
    """A git object id in lower case: 40 (SHA-1) or 64 (SHA-256) hexadecimal digits, or at least 7 of them."""
    bare = _SCHEME.sub("", text.strip()).lower()
    if not _ID.fullmatch(bare):
        return Identifier(text.strip(), False, "not a git object id")
    return Identifier(bare) if len(bare) in _WHOLE else Identifier(bare, note=f"only {len(bare)} digits of the git object id")
