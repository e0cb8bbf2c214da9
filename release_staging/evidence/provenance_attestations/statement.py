"""Reading an in-toto Statement wherever it stands: bare, in an envelope, in a bundle.

Subjects become rows and claims; predicates are read by the modules in ``predicates``; of one that none of them knows the type
is read and the content summarised. Statement and predicate versions are independent of each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from release_staging.evidence.extract import Extract
from release_staging.evidence.provenance_attestations.predicates import table
from release_staging.evidence.provenance_attestations.signatures import Verification
from release_staging.evidence.tree import Node

TYPE = "https://in-toto.io/Statement/"
_KNOWN_VERSION = re.compile(r"/v(?:0\.1|1(?:\.0)?)/?\Z")

DROPS = table.rules("drops", "/predicate")
SUMMARISES = {
    **table.rules("summarises", "/predicate"),
    "subject-detail": tuple(f"/subject/*/{key}" for key in ("annotations/**", "mediaType", "content", "downloadLocation")),
}

# in-toto DigestSet: algorithms of artifact digests, in lower case; some writers use capitals.
_ARTIFACT = {
    *("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha512_224", "sha512_256", "sha3_224", "sha3_256", "sha3_384", "sha3_512"),
    *("shake128", "shake256", "blake2b", "blake2s", "ripemd160", "sm3", "gost", "dirhash"),
}
# Digests of git objects: they name source, not an artifact.
_GIT = {"gitcommit": "candidate.commit", "gittree": None, "gittag": None, "gitblob": None}


def below(rules: Mapping[str, Sequence[str]], *prefixes: str) -> dict[str, tuple[str, ...]]:
    """Ledger rules for what stands at each of ``prefixes``, from those for what stands at the root."""
    return {rule: tuple(prefix + pattern for prefix in prefixes for pattern in patterns) for rule, patterns in rules.items()}


def read(statement: Node, out: Extract, signature: Verification) -> str | None:
    """Reads one Statement whose signature state is known; returns its predicate's name. None, and drift, where it is not one."""
    # Some services write `type`, the name that protojson gives the member.
    kind = statement["_type"] if statement["_type"].raw else statement["type"]
    if not (out.scalar(kind) or "").startswith(TYPE):
        out.drift(statement["_type"], "the type of an in-toto Statement")
        return None
    predicate_type = statement.text("predicateType", required=True)
    name, version = table.split(predicate_type or "")
    builder = _predicate(statement, name, version, out)
    for place, subject, digest in _subjects(statement, out):
        if digest is None:  # told as drift
            continue
        out.row(
            "attestations",
            place,
            subject_name=subject,
            subject_digest=digest,
            predicate_type=predicate_type,
            builder=builder,
            signature=signature.state,
            signature_key=signature.key,
            signature_reason=signature.reason,
        )
    return name


def check_version(statement: Node, out: Extract) -> None:
    """Tells a version of the Statement that is not read here; of one that stands bare, recognising it does."""
    kind = statement["_type"]
    if isinstance(kind.raw, str) and kind.raw.startswith(TYPE) and not _KNOWN_VERSION.search(kind.raw):
        out.drift(kind, "version v0.1 or v1 of the in-toto Statement")


def _predicate(statement: Node, name: str, version: str, out: Extract) -> str | None:
    """Reads the predicate, where its type is known; returns the builder's id."""
    known = table.known().get(name, ())
    predicate = next((one for one in known if not one.versions or version in one.versions), None)
    if predicate is not None:
        return predicate.read(statement.object("predicate", required=True), out)
    if known:
        out.drift(statement["predicateType"], f"version {', '.join(version for one in known for version in one.versions)} of {name}")
    statement["predicate"].summarise(rule="predicate-not-opened")
    return None


def _subjects(statement: Node, out: Extract) -> Iterator[tuple[Node, str | None, str | None]]:
    """Place, name and digest of each subject, once a digest; the statement itself where it has no subject."""
    found = False
    for subject in statement.items("subject", required=True):
        found = True
        name = subject.text("name")
        uri = subject.text("uri")
        digests = [(f"{algorithm}:{digest.raw}".lower(), algorithm, digest) for algorithm, digest in _digests(subject, out)]
        for value, algorithm, digest in digests:
            field = _GIT.get(algorithm.lower(), "artifact.digest")
            if field:
                out.claim(field, digest, value=None if field == "candidate.commit" else value, subject=name or uri)
            yield subject, name or uri, value
        if not digests:
            yield subject, name or uri, None
    if not found:
        if statement["subject"].raw == []:
            out.drift(statement["subject"], "at least one subject")
        yield statement, None, None


def _digests(subject: Node, out: Extract) -> Iterator[tuple[str, Node]]:
    digests = subject.object("digest", required=True)
    known = [name for name in digests.raw if name.lower() in _ARTIFACT or name.lower() in _GIT] if type(digests.raw) is dict else []
    for algorithm in known:
        if out.scalar(digests[algorithm], required=True) is not None:
            yield algorithm, digests[algorithm]
    if not known and type(digests.raw) is dict:
        out.drift(digests, "a digest of a known algorithm")
