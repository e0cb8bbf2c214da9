"""Provenance of an image built by Google Cloud Build: ``gcloud artifacts docker images describe --show-provenance --format json``.

Each occurrence holds a signed envelope and a copy of its Statement for people to read. The envelope is what is read; a copy
that says something else, and a described image that no envelope attests, are told as contradictions.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

from release_staging.evidence.extract import MISSING
from release_staging.evidence.provenance_attestations import envelope, statement
from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree
from release_staging.evidence.tree import Node
from release_staging.model.exceptions import Code
from release_staging.model.locators import token_text

_OCCURRENCE = "/provenance_summary/provenance/*"
_COPIES = ("intotoStatement", "inTotoSlsaProvenanceV1")
_OTHER_NAMES = ("slsaProvenance", "slsaProvenanceZeroTwo", "provenance")  # what the API calls the predicate, by its version
_COMPARED = "copy-compared-with-what-is-signed"
_DETAIL = ("createTime", "updateTime", "kind", "name", "noteName", "resourceUri")


def recognise(head: Head) -> str | None:
    return "" if isinstance(head.get("image_summary"), dict) and isinstance(head.get("provenance_summary"), dict) else None


def read(tree: Tree, out: Extract) -> None:
    root = tree.root
    image = root.object("image_summary", required=True)
    reference = image.text("fully_qualified_digest", required=True)
    out.claim("artifact.reference", image["fully_qualified_digest"])
    digest = image.text("digest", required=True)
    out.claim("artifact.digest", image["digest"], subject=reference)
    if reference and digest and reference.rpartition("@")[2] != digest:
        place = image["fully_qualified_digest"]
        out.problem(Code.CONTRADICTION, "the image's reference names another digest", place, subject="artifact.digest", expected=digest)
    occurrences = [*root.object("provenance_summary", required=True).items("provenance", required=True)]
    for number, occurrence in enumerate(occurrences):
        signed = _occurrence(occurrence, out, f"provenance {number + 1}" if len(occurrences) > 1 else None)
        if signed is not None and digest and digest not in _subjects(signed):
            message = "the signed provenance is not of the described image"
            out.problem(Code.CONTRADICTION, message, signed["subject"], subject="artifact.digest", expected=digest)
    if not occurrences:
        out.drift(root["provenance_summary"]["provenance"], "at least one provenance")


def _occurrence(occurrence: Node, out: Extract, subject: str | None) -> Node | None:
    """Reads the envelope; returns its Statement."""
    copies = [copy for name in _COPIES if (copy := occurrence.object("build")[name]).exists]
    for copy in copies:
        copy.summarise(rule=_COMPARED)
    found = envelope.read(occurrence.object("envelope", required=True), out, subject, also_bare=True)
    if found is None:
        return None
    signed = found.statement
    for copy in copies:
        _compare(copy, _renamed(copy.raw), _renamed(signed.raw), out)
    for name in _OTHER_NAMES:  # older envelopes hold the predicate twice
        if signed[name].exists:
            signed[name].summarise(rule=_COMPARED)
            _compare(signed[name], signed[name].raw, signed["predicate"].raw, out)
    return signed


def _compare(place: Node, copy: Any, signed: Any, out: Extract) -> None:
    path = next(_differences(copy, signed, ""), None)
    if path is not None:
        message = f"the copy of the provenance differs from what is signed, first at {path[:200] or '/'}"
        out.problem(Code.CONTRADICTION, message, place, subject="provenance")


def _subjects(signed: Node) -> set[str]:
    listed = signed["subject"].raw
    digests = [one.get("digest") for one in listed if type(one) is dict] if isinstance(listed, list) else []
    return {f"{name}:{value}" for digest in digests if type(digest) is dict for name, value in digest.items()}


def _renamed(statement: Any) -> Any:
    """The Statement with its predicate under that name, and that alone."""
    if type(statement) is not dict:
        return statement
    named = next((name for name in ("predicate", *_OTHER_NAMES) if name in statement), "predicate")
    return {**{name: value for name, value in statement.items() if name not in _OTHER_NAMES}, "predicate": statement.get(named)}


def _differences(one: Any, other: Any, path: str) -> Iterator[str]:
    """Pointers at which two values differ. What is empty (null, "", 0, false, a container without members) may as well be missing."""
    if type(one) is dict and type(other) is dict:
        for name in {**one, **other}:
            yield from _differences(one.get(name), other.get(name), f"{path}/{token_text(name)}")
    elif isinstance(one, list) and isinstance(other, list):
        for index, (left, right) in enumerate(zip_longest(one, other)):
            yield from _differences(left, right, f"{path}/{index}")
    elif one != other and not (_empty(one) and _empty(other)):
        yield path


def _empty(value: Any) -> bool:
    if type(value) is dict:
        return all(map(_empty, value.values()))
    return all(map(_empty, value)) if isinstance(value, list) else not value or value is MISSING


READER = Reader(
    source="provenance_attestations",
    format="gcb-provenance",
    title="Google Cloud Build provenance",
    reference="gcloud artifacts docker images describe --show-provenance; Container Analysis API, BuildOccurrence and Envelope",
    encodings=(JSON,),
    media_type="application/json",
    recognise=recognise,
    read=read,
    revision=3,
    drops=statement.below(statement.DROPS, f"{_OCCURRENCE}/envelope/payload/base64"),
    summarises={
        **statement.below(statement.SUMMARISES, f"{_OCCURRENCE}/envelope/payload/base64"),
        "image-detail": ("/image_summary/registry", "/image_summary/repository", "/image_summary/slsa_build_level"),
        "occurrence-detail": tuple(f"{_OCCURRENCE}/{key}" for key in _DETAIL),
    },
)
