"""Names that may be told: a packet's id and the paths of its documents stand in folders, tables and logs, where evidence may not."""

from __future__ import annotations

from collections.abc import Iterable

from release_staging.config.disclosure import DisclosureRules
from release_staging.disclosure.conceal import Concealment, discloses

NEUTRAL = "withheld"  # instead of a declared id that discloses something


def public_id(declared: str, suffix: str, boundary: DisclosureRules) -> str:
    """The id of a packet; a neutral one where what was declared discloses something."""
    packet_id = f"{declared}-{suffix}"
    return f"{NEUTRAL}-{suffix}" if discloses(f"{declared}\n{packet_id}", boundary) else packet_id


def public_paths(paths: Iterable[str], boundary: DisclosureRules) -> dict[str, str]:
    """Each path as it may be told. Those that disclose have that withheld, and stay apart from all others."""
    told = {path: path for path in sorted(set(paths))}
    changed = Concealment(boundary).changed(told)
    taken = told.keys() - changed.keys()
    for path, rest in changed.items():
        told[path] = next(
            name for number in range(1, len(told) + 2) if (name := rest if number == 1 else f"{rest} ({number})") not in taken
        )
        taken = taken | {told[path]}
    return told
