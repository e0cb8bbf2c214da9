"""Which fields a packet must speak of with one voice, and who has a say.

A field that is not listed may have many values (times, tools, observed environments): nothing contradicts there.
"""

from __future__ import annotations

from dataclasses import dataclass

from release_staging.model.fields import DECLARING, DESCRIPTOR


@dataclass(frozen=True)
class OneVoice:
    """``sources``: whose claims are compared (None: everyone's). ``together``: each document names a whole set."""

    field: str
    sources: tuple[str | None, ...] | None = None
    together: bool = False


ONE_VOICE: tuple[OneVoice, ...] = (
    OneVoice("service.name"),
    OneVoice("repository.url"),
    OneVoice("candidate.version"),
    OneVoice("candidate.commit"),
    OneVoice("candidate.tag"),
    OneVoice("candidate.branch", (DESCRIPTOR, "release_manifest")),  # one commit is on many branches: only what is declared is compared
    OneVoice("build.id", DECLARING),
    OneVoice("environment.target", together=True),
    OneVoice("rollback.version"),
    OneVoice("rollback.reference"),
    OneVoice("rollback.artifact"),
    OneVoice("service.owner"),
)

# Fields whose value, seen in a document, ties the document to the candidate.
STRONG = ("artifact.digest", "candidate.commit")
WEAK = ("candidate.version", "candidate.tag", "build.id", "artifact.reference", "service.name", "rollback.version")
