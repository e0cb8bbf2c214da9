"""What a rule is, and the list of them all."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

import release_staging.record.rules
from release_staging.model.exceptions import Code, Evidence, ReviewException, Role
from release_staging.record.canonical import digest
from release_staging.record.view import PacketView

if TYPE_CHECKING:
    from release_staging.record.assemble import Assembly
    from release_staging.record.contract import Contract


@dataclass(frozen=True)
class Context:
    """What rules look at: the packet, and what of the record could be assembled from it."""

    contract: Contract
    view: PacketView
    assembly: Assembly


# What says that a document was not read, or not whole.
UNREAD = (Code.EVIDENCE_UNREADABLE, Code.EVIDENCE_UNRECOGNISED, Code.EVIDENCE_EMPTY, Code.SCHEMA_DRIFT)


@dataclass(frozen=True)
class Raised:
    """What a rule found. ``source`` lets policy tell sources apart; ``owner`` and ``remedy`` default to the rule's.

    ``holds`` is false where another exception that holds the packet has the same cause.
    """

    subject: str
    message: str
    evidence: tuple[Evidence, ...] = ()
    source: str | None = None
    owner: Role | None = None
    remedy: str | None = None
    holds: bool = True


@dataclass(frozen=True)
class Rule:
    """``check`` is the rule's function, ``revision`` counts up when what it finds changes."""

    name: str
    code: Code
    title: str
    looks_at: str
    remedy: str
    owner: Role
    blocking: bool
    check: Callable[[Context], Iterable[Raised]]
    revision: int = 1

    def apply(self, context: Context) -> list[ReviewException]:
        """The exceptions this rule finds in a packet; policy says which of them block."""
        return [
            ReviewException(
                code=self.code,
                subject=raised.subject,
                message=raised.message,
                remedy=raised.remedy or self.remedy,
                owner=raised.owner or self.owner,
                blocking=raised.holds and context.view.policy.blocks(self.code.value, raised.source, default=self.blocking),
                evidence=raised.evidence,
            )
            for raised in self.check(context)
        ]


def rule(
    code: Code, *, title: str, looks_at: str, remedy: str, owner: Role, blocking: bool = True, revision: int = 1
) -> Callable[[Callable[[Context], Iterable[Raised]]], Rule]:
    """Makes a rule of a function; its name, with dashes, is the rule's."""

    def made(check: Callable[[Context], Iterable[Raised]]) -> Rule:
        return Rule(check.__name__.replace("_", "-"), code, title, looks_at, remedy, owner, blocking, check, revision)

    return made


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule in the modules of this package, by code and name."""
    found: dict[str, Rule] = {}
    for info in pkgutil.iter_modules(release_staging.record.rules.__path__):
        module = import_module(f"{release_staging.record.rules.__name__}.{info.name}")
        for value in vars(module).values():
            for member in value if isinstance(value, tuple) else (value,):
                if isinstance(member, Rule) and found.setdefault(member.name, member) is not member:
                    raise ValueError(f"two rules are named {member.name!r}; name one of them anew")
    return tuple(sorted(found.values(), key=lambda one: (one.code, one.name)))


@cache
def rules_version() -> str:
    """Digest over the rules and their revisions: what a record's trace names."""
    return digest("\n".join(f"{one.name} {one.code} {one.revision}" for one in rules()).encode())


def apply_all(context: Context) -> list[ReviewException]:
    """Every exception of a packet, blocking first, in a stable order, each once."""
    found = {exception: None for one in rules() for exception in one.apply(context)}
    return sorted((replace(exception) for exception in found), key=lambda exception: exception.sort_key)
