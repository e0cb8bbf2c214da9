"""The packet builder of the evaluation, starting from the sample packets: clean ones and broken ones in a line each.

    PacketBuilder.clean().edit_json("ci/run.json", "/head_sha", "0" * 40).write_zip(tmp_path)

Every step gives a new builder. The descriptor is kept true (digests of what changed), unless a step is told to leave it stale.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from release_staging.evaluation.builder import DESCRIPTOR
from release_staging.evaluation.builder import PacketBuilder as Builder
from release_staging.parsing import yaml

SAMPLES = Path(__file__).resolve().parent.parent / "data/packets"


class PacketBuilder(Builder):
    """A builder that can start from a sample packet."""

    @classmethod
    def clean(cls) -> PacketBuilder:
        """The clean sample packet."""
        return cls.sample("clean")

    @classmethod
    def sample(cls, name: str) -> PacketBuilder:
        """A packet of ``data/packets``."""
        files = dict(_files(name))
        kept = files.pop(DESCRIPTOR)
        return cls(files, yaml.parse(kept), kept)


@cache
def _files(name: str) -> tuple[tuple[str, bytes], ...]:
    root = SAMPLES / name
    return tuple((path.relative_to(root).as_posix(), path.read_bytes()) for path in sorted(root.rglob("*")) if path.is_file())
