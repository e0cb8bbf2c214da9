"""What only looks different: claims reconciled by a named rule that leaves a note, before anything is called a contradiction."""

from __future__ import annotations

import re
from collections.abc import Iterable

from packaging.version import Version as Pep440
from semver import Version as SemVer

from release_staging.model.fields import FIELDS

_ATTEMPT = re.compile(r"/attempts/[0-9]{1,6}$")  # GitHub: .../actions/runs/<id>/attempts/<n>
_REF = re.compile(r"^(?:refs/heads/|refs/remotes/[^/]{1,100}/|origin/)")
SHORTEST_ABBREVIATION = 7  # git's own least for an abbreviated object name


def reconciled(field: str, values: Iterable[str]) -> dict[str, tuple[str, str | None]]:
    """For each distinct normal value: what it agrees to, and the rule that says so (None where it stands for itself)."""
    distinct = sorted(set(values))
    if field == "candidate.commit":
        return {value: _full_commit(value, distinct) for value in distinct}
    if FIELDS[field].kind == "version":
        return {value: _semver_of_pep440(value, distinct) for value in distinct}
    if field == "rollback.reference":
        return {value: _digest_of_reference(value, distinct) for value in distinct}
    if field == "candidate.branch":
        return {value: _branch_of_ref(value) for value in distinct}
    if field == "build.url":
        return {value: _run_of_attempt(value, distinct) for value in distinct}
    return {value: (value, None) for value in distinct}


def _branch_of_ref(value: str) -> tuple[str, str | None]:
    """A branch may be written as its full git ref, or as the copy of a remote's."""
    branch = _REF.sub("", value)
    return (branch, "branch-of-ref") if branch != value else (value, None)


def _run_of_attempt(value: str, distinct: list[str]) -> tuple[str, str | None]:
    """The address of an attempt of a CI run stands for the run's own, where some document names that."""
    run = without_attempt(value)
    return (run, "run-of-attempt") if run != value and run in distinct else (value, None)


def without_attempt(address: str) -> str:
    """The address of a CI run, from that of one of its attempts."""
    return _ATTEMPT.sub("", address)


def _full_commit(value: str, distinct: list[str]) -> tuple[str, str | None]:
    """An abbreviated git revision stands for the one full revision it begins; for none or several it stands for itself."""
    if SHORTEST_ABBREVIATION <= len(value) < 40:
        full = [other for other in distinct if len(other) >= 40 and other.startswith(value)]
        if len(full) == 1:
            return full[0], "abbreviated-commit"
    return value, None


def _semver_of_pep440(value: str, distinct: list[str]) -> tuple[str, str | None]:
    """A version in PEP 440's spelling (``1.2.3rc1``) stands for the one SemVer version that PEP 440 spells so (``1.2.3-rc.1``).

    Two SemVer versions stay two, also where they are one to PEP 440 (``preview.1``, ``rc.1``).
    """
    if not SemVer.is_valid(value):
        spelled = [other for other in distinct if SemVer.is_valid(other) and _pep440(other) == value]
        if len(spelled) == 1:
            return spelled[0], "semver-of-pep440"
    return value, None


def _pep440(version: str) -> str | None:
    try:
        return str(Pep440(version))
    except ValueError:  # no version, or numbers too long for one
        return None


def _digest_of_reference(value: str, distinct: list[str]) -> tuple[str, str | None]:
    """The digest of a reference says what it is, whatever its tag; a tag alone stands for the one digest that a reference gives it.

    The tag stays in what they agree to where there is only one.
    """
    name, pinned, digest = value.partition("@")
    if not pinned:
        others = [other for other in distinct if other.startswith(f"{value}@")]
        if len(others) != 1:
            return value, None
        name, _, digest = others[0].partition("@")
    repository = _untagged(name)
    names = {other.removesuffix(f"@{digest}") for other in distinct if other.endswith(f"@{digest}")}
    tagged = [other for other in sorted(names) if _untagged(other) == repository != other]
    agreed = f"{tagged[0] if len(tagged) == 1 else repository}@{digest}"
    return (agreed, "digest-of-reference") if agreed != value else (value, None)


def _untagged(name: str) -> str:
    repository, colon, tag = name.rpartition(":")
    return repository if colon and "/" not in tag else name
