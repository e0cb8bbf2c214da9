"""Definitions of GitHub Actions workflows, as runs and provenance name them: repository and path, without the revision."""

from __future__ import annotations

import re

_FOLDER = ".github/workflows/"
_ADDRESS = re.compile(rf"https://(?P<host>[^/\s]+)/(?P<repository>[^/\s]+/[^/\s]+)/(?P<path>{re.escape(_FOLDER)}[^@\s]+\.ya?ml)(?:@\S+)?")
_REPOSITORY = re.compile(r"(?:git\+)?https://(?P<host>[^/\s]+)/(?P<repository>[^/@\s]+/[^/@\s]+?)(?:\.git)?(?:@\S+)?/?")


def of_address(address: str) -> str | None:
    """The workflow at an address such as SLSA's ``builder.id`` of a workflow that builds; None where it is no workflow's.

    A forge compares owner and repository without regard to case.
    """
    found = _ADDRESS.fullmatch(address)
    return _named(found["host"], found["repository"], found["path"]) if found else None


def in_repository(address: str, path: str) -> str | None:
    """The workflow at ``path`` of the repository at ``address``; None where one of them is of another kind."""
    found = _REPOSITORY.fullmatch(address)
    return of_address(f"https://{found['host']}/{found['repository']}/{path}") if found else None


def called(beside: str, path: str) -> str | None:
    """The workflow that a run called, by ``owner/repository/path@ref``, on the host of the repository at ``beside``."""
    found = _REPOSITORY.fullmatch(beside)
    return of_address(f"https://{found['host']}/{path}") if found else None


def _named(host: str, repository: str, path: str) -> str:
    return f"{host.lower()}/{repository.lower()}/{path}"
