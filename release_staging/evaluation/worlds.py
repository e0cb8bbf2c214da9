"""Worlds: one release candidate of one service, with everything that its tools would tell of it. A seed makes one, always the same."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

_WORDS = ("rounding", "retries", "paging", "timeouts", "caching", "sorting", "imports", "exports", "metrics", "tracing")
_PRODUCTION = ("production-eu", "production-us")
_SPELLED = {"production-eu": "prod-eu", "production-us": "prod-us", "staging-eu": "stage-eu"}  # aliases of the registry
_LAYOUTS = ("by-kind", "flat", "nested")


@dataclass(frozen=True)
class Home:
    """Where a toolchain's teams keep things. ``repository`` is an address with ``{service}`` in it, ``registry`` the place of images."""

    repository: str
    registry: str
    services: tuple[str, ...]

    def service(self, name: str) -> Service:
        return Service(name, self.repository.format(service=name), f"{self.registry}/{name}", f"team-{name.partition('-')[0]}")


@dataclass(frozen=True)
class Service:
    """A service as the registries know it."""

    name: str
    repository: str
    image: str
    owner: str

    @property
    def alias(self) -> str:
        """Another name that evidence uses for it."""
        return self.name.replace("-", "_") + "_svc"

    @property
    def slug(self) -> str:
        """``owner/name`` of the repository."""
        return "/".join(self.repository.rsplit("/", 2)[-2:])


@dataclass(frozen=True)
class Version:
    """A version in the spellings that tools give it."""

    text: str
    pep440: str
    tag: str

    def respelled(self, written: str, other: Version) -> str:
        """``written``, which spells this version in one of its ways, with the other version in the same way."""
        for own, new in ((self.tag, other.tag), (self.text, other.text), (self.pep440, other.pep440)):
            if own in written:
                return written.replace(own, new)
        raise ValueError(f"{written!r} does not spell {self.text}")


@dataclass(frozen=True)
class World:
    """``submitted`` is the packet's policy clock; everything else happened before it. ``targets`` are canonical ids."""

    seed: str
    service: Service
    version: Version
    previous: Version
    next: Version
    commit: str
    branch: str
    run: int
    submitted: datetime
    targets: tuple[str, ...]
    multi_platform: bool
    layout: str
    packing: str

    def random(self, *names: object) -> Random:
        """A stream of chances of its own for whoever asks, so that one tool's does not shift another's."""
        return Random("/".join(map(str, (self.seed, *names))))

    def hex(self, name: str, digits: int = 64) -> str:
        """A digest of something that is not in the packet, made up from its name."""
        return hashlib.sha256(f"{self.seed}/{name}".encode()).hexdigest()[:digits]

    def digest(self, name: str) -> str:
        return "sha256:" + self.hex(name)

    def uuid(self, name: str) -> str:
        return str(UUID(self.hex(name, 32)))

    def number(self, name: str, low: int, high: int) -> int:
        return self.random(name).randint(low, high)

    def before(self, minutes: float) -> datetime:
        """So many minutes before the packet was submitted."""
        return self.submitted - timedelta(minutes=minutes)

    @property
    def built(self) -> datetime:
        """When the image was made."""
        return self.before(300 + self.number("built", 0, 240)).replace(second=self.number("second", 0, 59))

    def after(self, minutes: float) -> datetime:
        """So many minutes after the image was made. The CI run began 30 minutes before it, and ended 200 after it."""
        return self.built + timedelta(minutes=minutes)

    @property
    def started(self) -> datetime:
        """When the CI run began."""
        return self.after(-30)

    @property
    def ended(self) -> datetime:
        """When the CI run ended, tests and canary included."""
        return self.after(200)

    @property
    def image(self) -> str:
        return self.service.image

    @property
    def parent(self) -> str:
        """The commit before."""
        return self.hex("parent commit", 40)

    @property
    def subject(self) -> str:
        """What the commit did, in a line."""
        chance = self.random("subject")
        return f"{chance.choice(('Correct', 'Simplify', 'Bound', 'Order'))} {chance.choice(_WORDS)} of {chance.choice(_WORDS)}"

    def spelled(self, environment: str) -> str:
        """An environment by its id, or in some worlds by an alias."""
        return _SPELLED[environment] if environment in _SPELLED and self.random("spelling").random() < 0.3 else environment

    def path(self, folder: str, name: str) -> str:
        """Where a document lies in the packet, by the layout of this world."""
        if self.layout == "flat":
            return f"{folder}-{name}"
        return f"{folder}/{name}" if self.layout == "by-kind" else f"evidence/{self.service.name}/{folder}/{name}"


def world(seed: str, home: Home) -> World:
    """The world of a seed, at a home."""
    chance = Random(seed)
    versions = _versions(chance)
    day = datetime(2026, 2, 1, tzinfo=UTC) + timedelta(days=chance.randrange(300), minutes=chance.randrange(7 * 60, 20 * 60))
    made = World(
        seed=seed,
        service=home.service(chance.choice(home.services)),
        version=versions[0],
        previous=versions[1],
        next=versions[2],
        commit="",
        branch=chance.choice(("main", "release/" + ".".join(versions[0].text.split(".")[:2]), "hotfix/" + chance.choice(_WORDS))),
        run=chance.randrange(10**6, 10**10),
        submitted=day,
        targets=chance.choice(((_PRODUCTION[0],), (_PRODUCTION[1],), _PRODUCTION)),
        multi_platform=chance.random() < 0.6,
        layout=chance.choice(_LAYOUTS),
        packing=chance.choice(("folder", "zip", "tar.gz", "bag")),
    )
    return replace(made, commit=made.hex("commit", 40))


def _versions(chance: Random) -> tuple[Version, Version, Version]:
    """The candidate's version, the one in production, and one that is neither."""
    major, minor, patch = chance.randint(1, 30), chance.randint(1, 40), chance.randint(0, 9)
    prefix = chance.choice(("v", ""))
    if chance.random() < 0.6:
        number = chance.randint(1, 7)
        now, other = ((f"{major}.{minor}.0-rc.{n}", f"{major}.{minor}.0rc{n}") for n in (number, number + 1))
    else:
        now, other = ((f"{major}.{minor}.{n}", f"{major}.{minor}.{n}") for n in (patch + 10, patch + 11))
    before = f"{major}.{minor - 1}.{patch}"
    return (
        Version(*now, prefix + now[0]),
        Version(before, before, prefix + before),
        Version(*other, prefix + other[0]),
    )
