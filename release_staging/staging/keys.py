"""The deployment's own key for digests of what must not be disclosed: made once, kept in the state folder, never in a record."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path


def digest_key(file: Path) -> str:
    """The key in ``file``; made when it is not there yet, readable by the deployment's user only. Safe with concurrent starts."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        part = file.with_name(f".{file.name}.{os.getpid()}")
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as made:
            made.write(secrets.token_hex(32))
        with suppress(FileExistsError):  # another process was faster: its key is the deployment's
            os.link(part, file)
        part.unlink()
    return file.read_text("ascii").strip()
