"""Toolchains: a module each, which says what its tools are called and calls them for a world. Nothing lists them."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

from release_staging.evaluation.packets import Toolchain


@cache
def toolchains() -> tuple[Toolchain, ...]:
    """Every toolchain in the modules of this package, by name."""
    found = [import_module(f"{__name__}.{info.name}").TOOLCHAIN for info in pkgutil.iter_modules(__path__)]
    return tuple(sorted(found, key=lambda one: one.name))
