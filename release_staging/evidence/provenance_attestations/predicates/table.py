"""The predicates there are, by type: those of every module beside this one."""

from __future__ import annotations

import pkgutil
import re
from functools import cache
from importlib import import_module
from itertools import chain

from release_staging.evidence.provenance_attestations import predicates
from release_staging.evidence.provenance_attestations.predicates.predicate import Predicate

# Writers leave the scheme out, write v1.0 for v1, and keep `?draft` where the draft became the version.
_TYPE = re.compile(r"(?:https?://)?(?P<name>[^?#]+?)(?:/(?P<version>v\d+(?:\.\d+)*))?/?(?:[?#].*)?")


@cache
def known() -> dict[str, tuple[Predicate, ...]]:
    """The predicates of each name: one, or several that read different versions."""
    modules = [import_module(f"{predicates.__name__}.{module.name}") for module in pkgutil.iter_modules(predicates.__path__)]
    found: dict[str, tuple[Predicate, ...]] = {}
    for module in modules:
        for predicate in getattr(module, "PREDICATES", ()):
            found[predicate.name] = (*found.get(predicate.name, ()), predicate)
    return found


def split(predicate_type: str) -> tuple[str, str]:
    """Name and version of a predicate type: ``https://slsa.dev/provenance/v1.0?draft`` is ``slsa.dev/provenance`` and ``v1``."""
    match = _TYPE.fullmatch(predicate_type)
    if match is None:
        return predicate_type, ""
    version = match["version"] or ""
    return match["name"], version.removesuffix(".0") if version.count(".") == 1 else version


def rules(kind: str, prefix: str) -> dict[str, tuple[str, ...]]:
    """The ledger rules of all predicates, ``drops`` or ``summarises``, for one that stands at ``prefix``."""
    found: dict[str, tuple[str, ...]] = {}
    for predicate in chain.from_iterable(known().values()):
        for rule, patterns in getattr(predicate, kind).items():
            found[rule] = (*found.get(rule, ()), *(prefix + pattern for pattern in patterns))
    return found
