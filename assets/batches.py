"""Which packets go into one run: contiguous ranges of partitions, bounded by count and bytes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import dagster as dg
from dagster._core.storage.tags import ASSET_PARTITION_RANGE_END_TAG, ASSET_PARTITION_RANGE_START_TAG

from assets.packets import MOST_PACKETS

MOST_BYTES = 512 * 2**20
FEW = 4  # up to this many packets get a run each: the UI then shows each by itself


@dataclass(frozen=True)
class Batch:
    """Packets that are neighbours in the order of the partitions."""

    packets: tuple[str, ...]

    @property
    def tags(self) -> dict[str, str]:
        """The run tags that say which partitions the run is over."""
        return {ASSET_PARTITION_RANGE_START_TAG: self.packets[0], ASSET_PARTITION_RANGE_END_TAG: self.packets[-1]}

    def request(self, run_key: str) -> dg.RunRequest:
        """A run over the batch; a batch of one is an ordinary run of its partition."""
        if len(self.packets) == 1:
            return dg.RunRequest(run_key=run_key, partition_key=self.packets[0])
        return dg.RunRequest(run_key=run_key, tags=self.tags)


def batches(wanted: Iterable[str], order: Sequence[str], sizes: Mapping[str, int], *, few: int = FEW) -> list[Batch]:
    """``wanted`` packets as batches. ``order`` lists every partition in the order Dagster knows; ``sizes`` gives bytes."""
    place = {packet: index for index, packet in enumerate(order)}
    ordered = sorted(set(wanted), key=place.__getitem__)
    if len(ordered) <= few:
        return [Batch((packet,)) for packet in ordered]
    found: list[list[str]] = []
    held = 0
    for packet in ordered:
        size = sizes.get(packet, 0)
        neighbour = found and place[packet] == place[found[-1][-1]] + 1
        if neighbour and len(found[-1]) < MOST_PACKETS and held + size <= MOST_BYTES:
            found[-1].append(packet)
            held += size
        else:
            found.append([packet])
            held = size
    return [Batch(tuple(packets)) for packets in found]
