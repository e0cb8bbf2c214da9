"""What every SBOM format says of the component it describes, and of digests: shared words, no format of its own."""

from __future__ import annotations

import re
from functools import lru_cache

from packageurl import PackageURL

from release_staging.evidence.extract import Extract, Place
from release_staging.evidence.items import Texts
from release_staging.model.confidence import Confidence

# Strongest that registries and lock files compare by comes first; of the others, the first listed is as good as any.
_PREFERRED = ("sha256:", "sha512:", "sha384:")
_DIGEST = re.compile(r"sha(?:256:[0-9a-f]{64}|384:[0-9a-f]{96}|512:[0-9a-f]{128})\Z")
_IMAGE_PURLS = ("pkg:oci/", "pkg:docker/")


def digest_of(algorithm: str, content: str) -> str:
    """A digest in OCI form: ``SHA-256`` and ``SHA256`` become ``sha256:``, ``SHA3-512`` becomes ``sha3-512:``."""
    return _prefix(algorithm) + content.lower()


def digests_of(algorithms: Texts, contents: Texts) -> Texts:
    """The digests of entries that each have both."""
    both = zip(algorithms, contents, strict=True)
    return [_prefix(algorithm) + content.lower() if algorithm and content else None for algorithm, content in both]


@lru_cache(maxsize=256)
def _prefix(algorithm: str) -> str:
    name = algorithm.lower()
    return f"{name.replace('-', '') if name.startswith('sha-') else name}:"


def is_digest(text: str | None) -> bool:
    """Whether the text is an image digest: Syft and apko write one where a version or a name belongs."""
    return text is not None and _DIGEST.match(text) is not None


def preferred(digests: list[str]) -> str | None:
    """The digest a row carries where its element lists several."""
    for start in _PREFERRED:
        for digest in digests:
            if digest.startswith(start):
                return digest
    return digests[0] if digests else None


def claim_version(out: Extract, place: Place, subject: str | None) -> None:
    """Claims the version of the described component; one that is an image digest is a digest and no version.

    Syft wrote the algorithm in front of it twice at times.
    """
    text = out.scalar(place)
    if text is not None:
        text = text.strip()
        text = text.removeprefix("sha256:") if text.startswith("sha256:sha256:") else text
        out.claim("artifact.digest" if is_digest(text) else "candidate.version", place, value=text, subject=subject)


def claim_image(out: Extract, name: Place, purl: Place | None, *, container: bool) -> None:
    """Claims what names the described component as an image: its purl where that is one of an image, else a container's name."""
    subject = (out.scalar(name) or "").strip() or None
    text = (out.scalar(purl) or "").strip() if purl is not None else ""
    if purl is not None and text.startswith(_IMAGE_PURLS):
        try:
            parsed = PackageURL.from_string(text)
        except ValueError:
            out.drift(purl, "a package URL (ECMA-427)")
            return
        if is_digest(parsed.version):
            out.claim("artifact.digest", purl, value=parsed.version, subject=subject, confidence=Confidence.DERIVED)
        reference = _reference(parsed)
        if reference is not None:
            out.claim("artifact.reference", purl, value=reference, subject=subject, confidence=Confidence.DERIVED)
            return
        container = True
    if container and not is_digest(subject):
        out.claim("artifact.reference", name, value=subject, subject=subject)


def _reference(purl: PackageURL) -> str | None:
    """The OCI reference that an image purl spells out; None where it names no registry, and so no place to pull from."""
    qualifiers = purl.qualifiers if isinstance(purl.qualifiers, dict) else {}
    repository, version = qualifiers.get("repository_url"), purl.version or ""
    if not repository:
        return None
    if purl.type == "docker":
        repository = "/".join(part for part in (repository, purl.namespace, purl.name) if part)
    tag = qualifiers.get("tag") or (version if version and ":" not in version else "")
    return repository.removeprefix("https://") + (f":{tag}" if tag else "") + (f"@{version}" if is_digest(version) else "")
