"""Owners: the name of a team, also where a catalogue writes it as a reference to an entity (Backstage's ``[kind:][namespace/]name``)."""

from __future__ import annotations

import re

from release_staging.normalize.identifiers.identifier import Identifier

_REFERENCE = re.compile(r"(?:group:(?:[a-z0-9._-]+/)?|default/)(?P<name>[^\s:/]+)", re.IGNORECASE)


def owner(text: str) -> Identifier:
    """The name alone of a reference: ``group:default/team-billing`` is ``team-billing``. Everything else stays as it is."""
    reference = _REFERENCE.fullmatch(text.strip())
    if reference is None:
        return Identifier(text.strip())
    return Identifier(reference["name"], note="kind and namespace of the reference taken off")
