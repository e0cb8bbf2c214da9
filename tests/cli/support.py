"""What tests of the command line share."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROGRAM = Path(sys.executable).with_name("release-staging")


@dataclass(frozen=True)
class Said:
    """What a command came to."""

    status: int | str | None
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Standard output as JSON lines; anything else there is an error."""
        return [json.loads(line) for line in self.out.splitlines()]

    def refused(self, status: int = 2) -> str:
        """The one clear line on standard error. Fails on a traceback, on output, or on another exit status."""
        assert self.status == status, self
        assert self.out == "", self
        assert "Traceback" not in self.err
        told = [line for line in self.err.splitlines() if line.strip() and not line.startswith(("Usage:", "Try "))]
        assert len(told) == 1, self.err
        return told[0]


def environment(home: Path) -> dict[str, str]:
    """The environment of a deployment in ``home`` and nothing else of ours."""
    return {name: value for name, value in os.environ.items() if not name.startswith("RELEASE_STAGING_")} | {
        "RELEASE_STAGING_HOME": str(home)
    }


def program(home: Path, *arguments: str | Path, cwd: Path | None = None) -> Said:
    """The installed program, as a process of its own."""
    done = subprocess.run(
        [PROGRAM, *map(str, arguments)], env=environment(home), capture_output=True, text=True, timeout=250, check=False, cwd=cwd
    )
    return Said(done.returncode, done.stdout, done.stderr)
