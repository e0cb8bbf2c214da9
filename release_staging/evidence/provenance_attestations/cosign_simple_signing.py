"""Simple signing payload, as cosign writes it (specs/SIGNATURE_SPEC.md), and the array of them that ``cosign verify`` prints.

The payload alone carries no signature, so its state is ``not_attempted``, and what ``cosign verify`` says it verified is somebody
else's verification; where both stand together (``cosign_signatures``), they are checked. ``docker-reference`` is whatever the
signer wrote. Of the annotations only what says of which source the CI made the image is read.
"""

from __future__ import annotations

from release_staging.evidence.provenance_attestations import identity, signatures
from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree, besides
from release_staging.evidence.tree import Node
from release_staging.model.confidence import Confidence

_DIGESTS = ("docker-manifest-digest", "Docker-manifest-digest")
_COMMIT, _REF, _REPOSITORY = "githubWorkflowSha", "githubWorkflowRef", "githubWorkflowRepository"
_GITHUB = "https://token.actions.githubusercontent.com"  # who issues the tokens of the CI on github.com
_UNSIGNED = signatures.Verification(signatures.NOT_ATTEMPTED, "the payload stands here without its signature")


def recognise(head: Head) -> str | None:
    roots = head.root if isinstance(head.root, list) else [head.root]
    return "" if roots and all(_fits(Head(head.encoding, root)) for root in roots) else None


def read(tree: Tree, out: Extract) -> None:
    root = tree.root
    for payload in root.items() if isinstance(root.raw, list) else (root,):
        read_payload(payload, out, _UNSIGNED)


def _fits(head: Head) -> bool:
    image = head.get("critical", "image")
    return isinstance(image, dict) and any(key in image for key in _DIGESTS) and isinstance(head.get("critical", "identity"), dict)


def read_payload(payload: Node, out: Extract, outcome: signatures.Verification) -> None:
    """Reads one payload whose signature state is known."""
    critical = payload.object("critical", required=True)
    reference = critical.object("identity", required=True)["docker-reference"]
    image = critical.object("image", required=True)
    digest = next((image[key] for key in _DIGESTS if image[key].exists), image[_DIGESTS[0]])
    name = out.scalar(reference)
    out.claim("artifact.reference", reference)
    out.claim("artifact.digest", digest, subject=name, required=True)
    out.row(
        "attestations",
        payload,
        subject_name=name,
        subject_digest=out.scalar(digest),
        predicate_type=critical.text("type", required=True),
        signature=outcome.state,
        signature_key=outcome.key,
        signature_reason=outcome.reason,
    )
    _source(payload.object("optional"), out)


def _source(annotations: Node, out: Extract) -> None:
    if type(annotations.raw) is not dict:
        return
    if _COMMIT in annotations.raw:
        out.claim("candidate.commit", annotations[_COMMIT])
    if _REF in annotations.raw:
        for field, value in identity.of_ref(annotations.text(_REF)):
            out.claim(field, annotations[_REF], value=value, confidence=Confidence.DERIVED, loss="taken out of a git ref")
    if _REPOSITORY in annotations.raw and annotations.raw.get("Issuer") == _GITHUB:
        repository = annotations.text(_REPOSITORY)
        address, loss = f"https://github.com/{repository}", "the host is that of the issuer's tokens"
        out.claim("repository.url", annotations[_REPOSITORY], value=address, confidence=Confidence.DERIVED, loss=loss)


def left_out(place: str) -> tuple[str, ...]:
    """What of the annotations is left out: whatever the signer wrote, and whom cosign says it verified (addresses of people among it).

    What of the source is written otherwise is not left out unseen.
    """
    return (*besides("g", place), f"{place}/githubWorkflowName", f"{place}/githubWorkflowTrigger")


READER = Reader(
    source="provenance_attestations",
    format="cosign-simple-signing",
    title="Simple signing payload of an image signature",
    reference="cosign SIGNATURE_SPEC; containers/image, atomic signature embedded JSON",
    encodings=(JSON,),
    media_type="application/vnd.dev.cosign.simplesigning.v1+json",
    recognise=recognise,
    read=read,
    drops={"signer-annotations": tuple(pattern for start in ("/optional", "/*/optional") for pattern in left_out(start))},
    revision=2,
)
