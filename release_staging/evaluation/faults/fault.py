"""What a fault is, and finding them all."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from random import Random

import release_staging.evaluation.faults
from release_staging.evaluation.documents import Written
from release_staging.evaluation.expected import Expectation, Expected
from release_staging.evaluation.packets import Packet
from release_staging.model.exceptions import Code


@dataclass(frozen=True)
class Site:
    """Where a fault is put in: a document with the places of a fact in it, or the descriptor. ``form`` is told in the report."""

    form: str
    document: Written | None = None
    places: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """Of the document. Raises AttributeError for a site that has none."""
        assert self.document is not None
        return self.document.path


@dataclass(frozen=True)
class Faulty:
    """A packet with a fault, and what must come of it. ``spoiled`` are documents whose bytes in the vault change once they are read."""

    packet: Packet
    expectation: Expectation
    spoiled: dict[str, bytes] = field(default_factory=dict)


Inject = Callable[[Packet, Site, Random], Faulty | None]


@dataclass(frozen=True)
class Fault:
    """``family`` is the function's name with dashes. ``code`` is None for what holds nothing and must be told in the record.
    ``changed`` says that it is a change that a running system meets (measure 4).
    """

    family: str
    code: Code | None
    title: str
    sites: Callable[[Packet], Iterable[Site]]
    inject: Inject
    changed: bool = False


def fault(code: Code | None, title: str, sites: Callable[[Packet], Iterable[Site]], *, changed: bool = False) -> Callable[[Inject], Fault]:
    """Makes a fault of a function that puts it in; it returns None where the site turns out not to fit."""

    def made(inject: Inject) -> Fault:
        return Fault(inject.__name__.replace("_", "-"), code, title, sites, inject, changed)

    return made


@cache
def faults() -> tuple[Fault, ...]:
    """Every fault in the modules of this package, by code and family."""
    found: dict[str, Fault] = {}
    for info in pkgutil.iter_modules(release_staging.evaluation.faults.__path__):
        module = import_module(f"{release_staging.evaluation.faults.__name__}.{info.name}")
        for value in vars(module).values():
            if isinstance(value, Fault) and found.setdefault(value.family, value) is not value:
                raise ValueError(f"two faults are named {value.family!r}; name one of them anew")
    return tuple(sorted(found.values(), key=lambda one: (one.code or "", one.family)))


def having(fact: str, *sources: str) -> Callable[[Packet], Iterator[Site]]:
    """The documents (of these sources) in which a fact stands."""

    def sites(packet: Packet) -> Iterator[Site]:
        for one in packet.having(fact, *sources):
            yield Site(one.format, one, one.facts[fact])

    return sites


def documents(*sources: str, forms: tuple[str, ...] = ()) -> Callable[[Packet], Iterator[Site]]:
    """The documents of these sources (of all without one), or of these formats."""

    def sites(packet: Packet) -> Iterator[Site]:
        for one in packet.of(*sources):
            if not forms or one.format in forms:
                yield Site(one.format, one)

    return sites


def descriptor(packet: Packet) -> Iterator[Site]:  # noqa: ARG001
    """The descriptor."""
    yield Site("packet.yaml")


def held(packet: Packet, *expected: Expected) -> Faulty:
    """The packet, which must be held by those of these exceptions that hold, and no other."""
    return Faulty(packet, Expectation(expected))


def at(code: Code, site: Site, *, holds: bool | None = True) -> Expected:
    """An exception at the places of a site."""
    return Expected(code, site.path, site.places, holds=holds)


def within(code: Code, site: Site) -> Expected:
    """An exception at the elements that hold the places of a site: a row is one place."""
    elements = [place.rpartition("/")[0] for place in site.places]
    return Expected(code, site.path, tuple(dict.fromkeys((*site.places, *elements, *(one.rpartition("/")[0] for one in elements)))))


def says_format(packet: Packet, path: str) -> bool:
    """Whether the descriptor says of which format the document is."""
    return any(entry["path"] == path and "format" in entry for entry in packet.builder.entries)
