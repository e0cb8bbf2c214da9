"""Times: too old, from the future, in an order that cannot be, not told, and absurd."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from random import Random

from release_staging.evaluation.faults.fault import Faulty, Site, at, fault, having, held
from release_staging.evaluation.packets import Packet
from release_staging.model.exceptions import Code

_STALE = Code.TIMESTAMP_OUT_OF_POLICY
_WALL = re.compile(r"(\d{4})-(\d\d)-(\d\d)([T ])(\d\d):(\d\d):(\d\d)")
_JUDGED = (
    *("pipeline_runs", "provenance_attestations", "test_reports", "canary_analyses", "vulnerability_scans", "policy_checks"),
    "sboms",
)


def _moved(text: str, by: timedelta) -> str:
    """A time in whatever form it is written, moved; numbers stay in their unit."""
    if _WALL.search(text):
        return _WALL.sub(lambda match: _wall(match, by), text, count=1)
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return (datetime.fromisoformat(text) + by).strftime("%Y-%m-%d")
    whole, point, fraction = text.partition(".")
    unit = 1 if len(whole) <= 10 else 1000
    return str(int(whole) + round(by.total_seconds() * unit)) + point + fraction


def _wall(match: re.Match[str], by: timedelta) -> str:
    year, month, day, between, hour, minute, second = match.groups()
    moved = datetime(int(year), int(month), int(day), int(hour), int(minute), int(second), tzinfo=UTC) + by
    return moved.strftime(f"%Y-%m-%d{between}%H:%M:%S")


def _shifted(packet: Packet, site: Site, by: timedelta) -> Packet:
    """Every time of the document moved; what was signed is signed again."""
    for place in site.places:
        packet = packet.put(site.path, place, _moved(packet.text(site.path, place), by))
    return packet.signed_again(site.path)


@fault(_STALE, "A scan older than policy allows", having("time", "vulnerability_scans"))
def stale_scan(packet: Packet, site: Site, chance: Random) -> Faulty:
    return held(_shifted(packet, site, timedelta(days=-chance.randint(8, 60))), at(_STALE, site))
