"""Times: too old, from the future, in an order that cannot be, without a zone, and absurd."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from random import Random

from release_staging.evaluation import edits
from release_staging.evaluation.expected import Expectation, Expected
from release_staging.evaluation.faults.attested import copied
from release_staging.evaluation.faults.fault import Faulty, Site, at, fault, having, held
from release_staging.evaluation.packets import Packet
from release_staging.model.exceptions import Code

_TIME = Code.TIMESTAMP_OUT_OF_POLICY
_WALL = re.compile(r"(\d{4})-(\d\d)-(\d\d)([T ])(\d\d):(\d\d):(\d\d)")
_ZONE = re.compile(r"(Z|[+-]\d\d:?\d\d)$")
# What the registry says of an image is not judged by age: the image would have to be built again.
_AGEING = (
    *("pipeline_runs", "provenance_attestations", "test_reports", "canary_analyses", "sboms", "vulnerability_scans"),
    "policy_checks",
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
    return _each(packet, site, lambda text: _moved(text, by))


def _each(packet: Packet, site: Site, change: Callable[[str], str]) -> Packet:
    for place in site.places:
        packet = packet.put(site.path, place, change(packet.text(site.path, place)))
    packet = packet.signed_again(site.path)
    if site.form == "gcb-provenance" and site.document is not None:
        packet = copied(packet, site)
    return packet


def _old(chance: Random) -> timedelta:
    return timedelta(days=-chance.randint(8, 60))


@fault(_TIME, "A scan is older than policy allows", having("time", "vulnerability_scans"))
def stale_scan(packet: Packet, site: Site, chance: Random) -> Faulty:
    return held(_shifted(packet, site, _old(chance)), at(_TIME, site))


@fault(_TIME, "An attestation is older than policy allows", having("time", "provenance_attestations"))
def stale_attestation(packet: Packet, site: Site, chance: Random) -> Faulty:
    return held(_shifted(packet, site, _old(chance)), at(_TIME, site))


@fault(_TIME, "A test report is older than policy allows", having("time", "test_reports"))
def stale_test_report(packet: Packet, site: Site, chance: Random) -> Faulty:
    return held(_shifted(packet, site, _old(chance)), at(_TIME, site))


@fault(_TIME, "A CI run is older than policy allows", having("time", "pipeline_runs"))
def stale_run(packet: Packet, site: Site, chance: Random) -> Faulty:
    return held(_shifted(packet, site, _old(chance)), at(_TIME, site))


@fault(
    _TIME,
    "A canary analysis, policy report or bill of materials is older than policy allows",
    having("time", "canary_analyses", "policy_checks", "sboms"),
)
def stale_rest(packet: Packet, site: Site, chance: Random) -> Faulty:
    return held(_shifted(packet, site, timedelta(days=-chance.randint(32, 90))), at(_TIME, site))


@fault(_TIME, "The scanner's database is older than policy allows", having("database", "vulnerability_scans"))
def stale_database(packet: Packet, site: Site, chance: Random) -> Faulty:
    return held(_shifted(packet, site, timedelta(days=-chance.randint(6, 40))), at(_TIME, site))


@fault(_TIME, "The rollback was exercised too long ago", having("exercised", "rollback_runbooks"))
def exercised_long_ago(packet: Packet, site: Site, chance: Random) -> Faulty:
    return held(_shifted(packet, site, timedelta(days=-chance.randint(95, 400))), Expected(_TIME, site.path))


@fault(_TIME, "A document is from the future", having("time", *_AGEING))
def from_the_future(packet: Packet, site: Site, chance: Random) -> Faulty:
    return held(_shifted(packet, site, timedelta(days=chance.randint(1, 400))), Expected(_TIME, site.path))


def _before_start(packet: Packet) -> timedelta:
    """From whenever in the run to a day and more before it began: before it in any zone."""
    return packet.world.started - packet.world.ended - timedelta(hours=30)


@fault(_TIME, "A scan was done before the image was built", having("time", "vulnerability_scans"))
def scanned_before_built(packet: Packet, site: Site, _: Random) -> Faulty:
    return held(_shifted(packet, site, _before_start(packet)), Expected(_TIME, site.path))


@fault(_TIME, "Tests ran before the CI run that they are of", having("time", "test_reports"))
def tested_before_built(packet: Packet, site: Site, _: Random) -> Faulty:
    return held(_shifted(packet, site, _before_start(packet)), Expected(_TIME, site.path))


@fault(_TIME, "An attestation was made before the CI run that it attests", having("time", "provenance_attestations"))
def attested_before_built(packet: Packet, site: Site, _: Random) -> Faulty:
    return held(_shifted(packet, site, _before_start(packet)), Expected(_TIME, site.path))


@fault(_TIME, "A canary ran before the image was built", having("time", "canary_analyses"))
def canary_before_built(packet: Packet, site: Site, _: Random) -> Faulty:
    return held(_shifted(packet, site, _before_start(packet)), Expected(_TIME, site.path))


def _texts(fact: str, *sources: str) -> Callable[[Packet], Iterator[Site]]:
    """Documents whose times are written as text with a zone."""

    def sites(packet: Packet) -> Iterator[Site]:
        for site in having(fact, *sources)(packet):
            assert site.document is not None
            texts = [edits.value_at(site.document.data, place) for place in site.places]
            if all(isinstance(text, str) and _ZONE.search(text) for text in texts):
                yield site

    return sites


@fault(_TIME, "A time has no zone", _texts("time", *_AGEING))
def without_zone(packet: Packet, site: Site, _: Random) -> Faulty:
    """Told; whether it holds depends on whether any instant that it can mean is out of policy."""
    bare = _each(packet, site, lambda text: _ZONE.sub("", text))
    return Faulty(bare, Expectation((Expected(_TIME, site.path, holds=None),)))


@fault(_TIME, "A time is absurd", _texts("time", *_AGEING))
def absurd(packet: Packet, site: Site, chance: Random) -> Faulty:
    text = chance.choice(("1970-01-01T00:00:00Z", "2999-12-31T23:59:59Z", "last Tuesday", "2026-02-30T10:00:00Z"))
    return held(_each(packet, site, lambda _: text), Expected(_TIME, site.path))
