"""Partitions: one packet, one partition. Keys are made by the intake and nowhere else."""

from __future__ import annotations

import dagster as dg

packets = dg.DynamicPartitionsDefinition(name="packets")

# A run takes one packet or a contiguous range of them: a burst is a few runs, not one a packet.
ranged = dg.BackfillPolicy.single_run()
