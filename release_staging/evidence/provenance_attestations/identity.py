"""Claims that a git ref, or the address of a CI run, makes: shared by provenance and signing certificates."""

from __future__ import annotations

import re
from collections.abc import Iterator

_REFS = (("refs/tags/", "candidate.tag"), ("refs/heads/", "candidate.branch"))
_GITHUB_RUN = re.compile(r"https://[^/]+/[^/]+/[^/]+/actions/runs/(?P<run>\d+)(?:/attempts/(?P<attempt>\d+))?/?")
_CLOUD_BUILD = re.compile(r"https://cloudbuild\.googleapis\.com/v1/projects/[^?#]+/builds/(?P<run>[0-9a-fA-F-]{36})")
_RUN_AND_ATTEMPT = re.compile(r"(?P<run>\d{6,})-(?P<attempt>\d{1,4})")


def of_ref(ref: str | None) -> Iterator[tuple[str, str]]:
    """Field and value of a full git ref; none for what is not one."""
    for prefix, field in _REFS:
        if ref and ref.startswith(prefix):
            yield field, ref.removeprefix(prefix)


def of_run(text: str) -> Iterator[tuple[str, str, str | None]]:
    """Field, value and loss for what identifies a run.

    GitHub's are an address, or ``<run>-<attempt>`` from its SLSA generator; Cloud Build's the address of the build in its API.
    """
    run = _GITHUB_RUN.fullmatch(text) or _RUN_AND_ATTEMPT.fullmatch(text) or _CLOUD_BUILD.fullmatch(text)
    if "://" in text:
        yield "build.url", text, None
    elif text and not run:
        yield "build.id", text, None
    if run:
        yield "build.id", run["run"], "run id taken out of the invocation id"
        if run.groupdict().get("attempt"):
            yield "build.attempt", run["attempt"], "attempt taken out of the invocation id"
