"""Resolving locators against the vault: the one way in which a value of a record is led back to its source."""

from __future__ import annotations

from collections.abc import Callable

from release_staging.evidence.resolve import Resolver
from release_staging.parsing.xml_elements import Element


class Resolving:
    """Keeps the last document's parse: records list evidence by document."""

    def __init__(self, fetch: Callable[[str], bytes]) -> None:
        self._fetch = fetch
        self._resolvers: dict[str, Resolver] = {}

    def __call__(self, document: str, locator: str) -> str:
        """The text at ``locator``; an empty text for a container. Raises ValueError where it leads nowhere."""
        if document not in self._resolvers:
            if len(self._resolvers) >= 32:
                self._resolvers.clear()
            self._resolvers[document] = Resolver(self._fetch(document))
        resolver = self._resolvers[document]
        value = resolver.value(locator)
        return "" if isinstance(value, Element | dict | list) else resolver.text(locator)
