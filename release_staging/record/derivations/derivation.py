"""What a derivation is, and finding them all."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module

import release_staging.record.derivations
from release_staging.model.confidence import Confidence
from release_staging.record.provenance import Located
from release_staging.record.view import PacketView

Derivation = Callable[[PacketView], Located | None]
DERIVED = Confidence.DERIVED.value

_found: dict[str, Derivation] = {}


def derivation(name: str) -> Callable[[Derivation], Derivation]:
    """Registers a derivation under the name that contracts use."""

    def register(function: Derivation) -> Derivation:
        _found[name] = function
        return function

    return register


@cache
def derivations() -> Mapping[str, Derivation]:
    """Every derivation in the modules of this package, by the name that contracts use."""
    for module in pkgutil.iter_modules(release_staging.record.derivations.__path__):
        import_module(f"{release_staging.record.derivations.__name__}.{module.name}")
    return _found
