"""Syft's own JSON (Anchore). The version is the major number of its schema.

Schemas up to 6 tell the source in ``source.target`` (an object for an image, a path for anything else), later ones in
``source.metadata``. The version of an image source is its tag or digest, as Syft was called, and no version of the candidate.
"""

from __future__ import annotations

from release_staging.evidence.inventory import Items, Texts, read_items
from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree
from release_staging.evidence.sboms.component import claim_version, digest_of
from release_staging.evidence.tree import Node
from release_staging.model.exceptions import Code


def recognise(head: Head) -> str | None:
    if not head.has("artifacts", "artifactRelationships", "source") or head.text("descriptor", "name") != "syft":
        return None
    return head.text("schema", "version").partition(".")[0] or None


def read(tree: Tree, out: Extract) -> None:
    report = tree.root
    report.object("schema").text("version")
    descriptor = report.object("descriptor", required=True)
    out.claim("tool.name", descriptor["name"])
    if not (descriptor.text("version") or "").startswith("["):  # "[not provided]"
        out.claim("tool.version", descriptor["version"], subject="syft")
    _source(report.object("source", required=True), out)
    count = 0
    for artifacts, cells in read_items(report, "artifacts", _cells, required=True):
        count += len(artifacts)
        out.rows("packages", artifacts, cells)
    if not count:
        out.problem(Code.EVIDENCE_EMPTY, "the SBOM lists no package; that is not the same as having none", report["artifacts"])


def _source(source: Node, out: Extract) -> None:
    kind = source.text("type", required=True)
    name = source.text("name")
    if kind == "image":
        _image(source.object("target" if source["target"].exists else "metadata", required=True), out)
        return
    if type(source["target"].raw) is not dict:
        source.text("target")  # the path of a folder or file
    claim_version(out, source["version"], name)
    metadata = source.object("metadata")
    for entry in metadata.items("digests"):  # of the file that was looked at
        algorithm, value = entry.text("algorithm", required=True), entry.text("value", required=True)
        if algorithm and value:
            out.claim("artifact.digest", entry["value"], value=digest_of(algorithm, value), subject=metadata.text("path"))


def _image(image: Node, out: Extract) -> None:
    name = image.text("userInput", required=True)
    out.claim("artifact.reference", image["userInput"])
    for place in image.items("repoDigests"):
        reference, at, digest = (out.scalar(place) or "").rpartition("@")
        if digest:
            out.claim("artifact.digest", place, value=digest, subject=reference if at else name)
    for place in image.items("tags"):
        out.claim("artifact.reference", place)
    out.claim("artifact.digest", image["manifestDigest"], subject=f"image manifest of {name}")
    out.claim("artifact.digest", image["imageID"], subject=f"image config of {name}")


def _cells(artifacts: Items) -> dict[str, Texts]:
    return {
        "ref": artifacts.text("id"),
        "name": artifacts.text("name", required=True),
        "version": artifacts.text("version"),
        "purl": artifacts.text("purl"),
        "kind": artifacts.text("type", required=True),
        "licence": _licences(artifacts),
    }


def _licences(artifacts: Items) -> Texts:
    """Each licence: a text up to schema 7, then an object. How several relate is not said, so they are only listed."""
    entries = artifacts.inner("licenses")
    are_objects = entries.are_objects()
    texts = entries.where([not is_object for is_object in are_objects]).own_text(required=True)
    objects = entries.where(are_objects)
    expressions, values = objects.text("spdxExpression"), objects.text("value")
    objects.where([text is None for text in expressions]).text("value", required=True)
    found = [text or expression or value for text, expression, value in zip(texts, expressions, values, strict=True)]
    return entries.condensed(found, ", ".join)


_PACKAGE_DETAIL = ("foundBy", "locations", "language", "cpes", "metadataType", "metadata", "licenses/*/urls", "licenses/*/type")
_LICENCE_PLACES = ("licenses/*/locations", "licenses/*/contents")
_IMAGE = ("mediaType", "manifest", "config", "imageSize", "layers", "scope", "architecture", "os", "variant", "labels", "annotations")

READER = Reader(
    source="sboms",
    format="syft-json",
    title="Syft SBOM (JSON)",
    reference="Syft, schema/json; syft/format/syftjson/model",
    encodings=(JSON,),
    media_type="application/vnd.syft+json",
    recognise=recognise,
    read=read,
    versions=tuple(str(major) for major in range(1, 17)),
    drops={
        "schema-reference": ("/schema/url",),
        "package-detail": tuple(f"/artifacts/*/{key}/**" for key in (*_PACKAGE_DETAIL, *_LICENCE_PLACES)),
        "image-config": tuple(f"/source/{place}/{key}/**" for place in ("target", "metadata") for key in _IMAGE),
        "scanner-settings": ("/descriptor/configuration/**",),
        "image-name-and-tag": ("/source/name", "/source/version", "/source/supplier"),
    },
    summarises={
        "what-was-scanned": ("/distro/**", "/source/id", "/source/metadata/path", "/source/metadata/mimeType", "/source/metadata/base"),
        "dependency-graph": ("/artifactRelationships/**",),
        "file-inventory": ("/files/**", "/secrets/**"),
    },
)
