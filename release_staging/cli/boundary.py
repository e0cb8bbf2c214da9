"""What commands print keeps within the disclosure boundary, as what is stored does."""

from __future__ import annotations

import os
from functools import cache

from release_staging.cli.output import printable
from release_staging.config.disclosure import DEFAULT, DisclosureRules
from release_staging.config.load import ConfigurationError
from release_staging.config.policy import Policy
from release_staging.config.settings import Settings
from release_staging.disclosure.conceal import masked


@cache
def boundary(settings: Settings | None = None) -> DisclosureRules:
    """The rules of the policy; the default ones where it cannot be loaded, which is told elsewhere."""
    try:
        return Policy.load((settings or Settings.of(os.environ)).policy).disclosure
    except ConfigurationError:
        return DEFAULT


def told(text: object) -> str:
    """Any text from outside, such as a path or a message, without what it discloses and without what acts on a terminal."""
    return printable(masked(str(text), boundary()))
