"""SPDX 2.2 and 2.3 documents as tag and value, a line each; ``<text>`` may run over several lines.

A ``PackageName`` begins a package, ``FileName`` a file, ``SnippetSPDXID`` a snippet, ``LicenseID`` a licence text; a package's row
stands at all its lines. The packages that the document describes give the claims; ``NONE`` and ``NOASSERTION`` say nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from release_staging.evidence.ledger import DROPPED, SUMMARISED
from release_staging.evidence.lines import Span, TextDocument
from release_staging.evidence.reader import TEXT, Extract, Head, Reader
from release_staging.evidence.sboms.component import claim_image, claim_version, digest_of, preferred
from release_staging.evidence.sboms.spdx_json import NOTHING, SOURCE, TOOL
from release_staging.model.confidence import Confidence
from release_staging.model.exceptions import Code

_TAG = re.compile(r"([A-Z][A-Za-z]+):[ \t]*(.*)\Z", re.DOTALL)
_VERSION = re.compile(r"SPDXVersion:\s*SPDX-(\S+)")
_CHECKSUM = re.compile(r"([A-Za-z0-9-]+):\s*([0-9A-Fa-f]+)\Z")
_PURL = re.compile(r"PACKAGE[-_]MANAGER\s+purl\s+(\S+)\Z")
_RELATION = re.compile(r"(\S+)\s+([A-Z_]+)\s+(\S+)\Z")
_SECTIONS = {"PackageName": "package", "FileName": "file", "SnippetSPDXID": "snippet", "LicenseID": "licence"}
_HEAD = 50  # lines in which the first tag must stand

_CONTACT = ("PackageSupplier", "PackageOriginator")
_PACKAGE_TEXT = ("PackageCopyrightText", "PackageDescription", "PackageSummary", "PackageComment", "PackageSourceInfo", "PackageHomePage")
_DATES = ("BuiltDate", "ReleaseDate", "ValidUntilDate")
_LICENCES = ("ExtractedText", "LicenseName", "LicenseID", "LicenseCrossReference", "LicenseComment", "PackageLicenseComments")
_ANNOTATIONS = ("Annotator", "AnnotationDate", "AnnotationComment", "AnnotationType", "SPDXREF", "Reviewer", "ReviewDate", "ReviewComment")
_IDENTITY = ("SPDXVersion", "SPDXID", "DataLicense", "DocumentName", "DocumentNamespace", "LicenseListVersion", "ExternalDocumentRef")
_FILES = ("FilesAnalyzed", "PackageVerificationCode")
_LEFT_OUT: dict[str, tuple[int, str]] = {
    **dict.fromkeys(_CONTACT, (DROPPED, "contact")),
    **dict.fromkeys((*_PACKAGE_TEXT, *_DATES, "PackageAttributionText"), (DROPPED, "package-text")),
    **dict.fromkeys(("PackageDownloadLocation", "PackageFileName"), (DROPPED, "download-location")),
    **dict.fromkeys(("ExternalRef", "ExternalRefComment"), (DROPPED, "other-identifier")),
    **dict.fromkeys((*_LICENCES, "PackageLicenseInfoFromFiles"), (DROPPED, "licence-text")),
    **dict.fromkeys(_ANNOTATIONS, (DROPPED, "annotation")),
    **dict.fromkeys(("DocumentComment", "CreatorComment", "RelationshipComment"), (DROPPED, "document-comment")),
    **dict.fromkeys(_IDENTITY, (SUMMARISED, "document-identity")),
    **dict.fromkeys(_FILES, (SUMMARISED, "file-inventory")),
    "Relationship": (SUMMARISED, "relationship-graph"),
}


@dataclass(frozen=True)
class _Field:
    """One tag: its value in lines ``line`` to before ``end``, and the place of it."""

    tag: str
    value: str
    line: int
    end: int
    place: Span


@dataclass
class _Section:
    kind: str
    fields: list[_Field] = field(default_factory=list)

    def of(self, tag: str) -> list[_Field]:
        return [one for one in self.fields if one.tag == tag]

    def first(self, tag: str) -> _Field | None:
        """The first field of this tag that says something."""
        return next((one for one in self.fields if one.tag == tag and one.value and one.value not in NOTHING), None)

    def text(self, tag: str) -> str | None:
        """Its value, marked as used."""
        found = self.first(tag)
        if found is None:
            return None
        found.place.mark()
        return found.value


def recognise(head: Head) -> str | None:
    lines: Sequence[str] = head.root
    first = next((line for line in lines[:_HEAD] if line.strip() and not line.startswith("#")), "")
    match = _VERSION.match(first.lstrip("\ufeff"))
    return match[1] if match else None


def read(document: TextDocument, out: Extract) -> None:
    sections = _sections(document, out)
    about = sections[0]
    created = about.first("Created")
    if created is None:
        out.problem(Code.SCHEMA_DRIFT, "the document does not say when it was created", document.span(0), expected="Created")
    else:
        out.claim("produced_at", created.place)
    for creator in about.of("Creator"):
        _tool(creator, out)
    described = _described(sections)
    packages = [section for section in sections if section.kind == "package"]
    for package in packages:
        element = _row(document, package, out)
        if element in described:
            described.pop(element)
            _claims(package, out)
    elsewhere = {one.value for section in sections if section.kind != "package" for one in section.of("SPDXID")}
    for element, place in described.items():
        if element not in elsewhere and element not in NOTHING and not element.startswith("DocumentRef-"):
            message = "the document describes an element that it does not hold"
            out.problem(Code.SCHEMA_DRIFT, message, place, expected="a package", found=element)
    if not packages:
        out.problem(Code.EVIDENCE_EMPTY, "the SBOM lists no package; that is not the same as having none")


def _fields(document: TextDocument) -> Iterator[_Field]:
    lines, line = document.lines, 0
    while line < len(lines):
        match = _TAG.match(lines[line])
        if match is None:
            if lines[line].startswith("#"):
                document.mark(line, shape="comment", use=DROPPED, rule="comment")
            line += 1
            continue
        value, at, end = match[2], match.start(2), line + 1
        if value.startswith("<text>"):
            while "</text>" not in lines[end - 1] and end < len(lines):
                end += 1
            if end > line + 1:  # prose; no fact stands on several lines
                yield _Field(match[1], "", line, end, document.span(line, end))
                line = end
                continue
            value, at = value.removeprefix("<text>").partition("</text>")[0], at + len("<text>")
        value = value.strip()
        at = lines[line].find(value, at) if value else at
        yield _Field(match[1], value, line, end, document.span(line, chars=(at, at + len(value))))
        line = end


def _sections(document: TextDocument, out: Extract) -> list[_Section]:
    """The sections in order; the first is about the document itself."""
    sections = [_Section("document")]
    for one in _fields(document):
        if one.tag in _SECTIONS:
            sections.append(_Section(_SECTIONS[one.tag]))
        elif one.tag.startswith(("Package", "PrimaryPackage")) and sections[-1].kind != "package":
            out.drift(one.place, "a PackageName in front of what is said of a package")
        elif one.tag == "SPDXID" and sections[-1].kind == "package" and sections[-1].of("SPDXID"):
            out.drift(one.place, "a PackageName in front of another SPDXID")
        sections[-1].fields.append(one)
        if sections[-1].kind in ("file", "snippet") and one.tag != "Relationship":
            document.summarise(one.line, one.end, shape=one.tag, rule="file-inventory")
        elif one.tag in _LEFT_OUT:
            use, rule = _LEFT_OUT[one.tag]
            document.mark(one.line, one.end, shape=one.tag, use=use, rule=rule)
    return sections


def _tool(creator: _Field, out: Extract) -> None:
    creator.place.mark()
    match = TOOL.match(creator.value)
    if match:
        out.claim("tool.name", creator.place, value=match["name"], confidence=Confidence.DERIVED)
        version = match["version"] or match["bracketed"]
        if version:
            out.claim("tool.version", creator.place, value=version, subject=match["name"], confidence=Confidence.DERIVED)


def _described(sections: list[_Section]) -> dict[str, Span]:
    """Id of each element that the document describes, and the place that says so."""
    itself = sections[0].text("SPDXID")
    found: dict[str, Span] = {}
    for section in sections:
        for one in section.of("Relationship"):
            match = _RELATION.match(one.value)
            if match and match[2] == "DESCRIBES" and match[1] == itself:
                found[match[3]] = one.place
            elif match and match[2] == "DESCRIBED_BY" and match[3] == itself:
                found[match[1]] = one.place
    return found


def _row(document: TextDocument, package: _Section, out: Extract) -> str | None:
    """Writes the row of a package; returns its id."""
    place = document.span(package.fields[0].line, package.fields[-1].end)
    element, name = package.text("SPDXID"), package.text("PackageName")
    if element is None or name is None:
        missing = "SPDXID" if element is None else "PackageName"
        out.problem(Code.SCHEMA_DRIFT, f"a package without {missing}", place, expected=missing, found="nothing")
    purl = _purl(package)
    concluded, declared = package.text("PackageLicenseConcluded"), package.text("PackageLicenseDeclared")
    for tag in ("PackageLicenseConcluded", "PackageLicenseDeclared", "PackageVersion"):
        for one in package.of(tag):  # one that says nothing was read too
            one.place.mark()
    out.row(
        "packages",
        place,
        ref=element,
        name=name,
        version=package.text("PackageVersion"),
        purl=purl[0] if purl else None,
        kind=package.text("PrimaryPackagePurpose"),
        licence=concluded or declared,
        digest=preferred([digest for digest, _ in _checksums(package, out)]),
    )
    return element


def _claims(package: _Section, out: Extract) -> None:
    name = package.first("PackageName")
    subject = name.value if name else None
    version = package.first("PackageVersion")
    if version is not None:
        claim_version(out, version.place, subject)
    for digest, place in _checksums(package, out):
        out.claim("artifact.digest", place, value=digest, subject=subject)
    purl = _purl(package)
    if name is not None:
        claim_image(out, name.place, purl[1] if purl else None, container=package.text("PrimaryPackagePurpose") == "CONTAINER")
    location = package.first("PackageDownloadLocation")
    source = SOURCE.match(location.value) if location else None
    if location is not None and source is not None:
        out.claim("repository.url", location.place, value=source["repository"], confidence=Confidence.DERIVED)
        if source["commit"]:
            out.claim("candidate.commit", location.place, value=source["commit"], subject=subject, confidence=Confidence.DERIVED)


def _purl(package: _Section) -> tuple[str, Span] | None:
    """The package's first package URL, and its place."""
    for one in package.of("ExternalRef"):
        match = _PURL.match(one.value)
        if match:
            place = one.place.document.find(one.line, match[1])
            place.mark()
            return match[1], place
    return None


def _checksums(package: _Section, out: Extract) -> list[tuple[str, Span]]:
    found = []
    for one in package.of("PackageChecksum"):
        match = _CHECKSUM.match(one.value)
        if match is None:
            out.drift(one.place, "an algorithm and a checksum")
            continue
        one.place.mark()
        found.append((digest_of(match[1], match[2]), one.place.document.find(one.line, match[2])))
    return found


READER = Reader(
    source="sboms",
    format="spdx-tag-value",
    title="SPDX 2 document (tag-value)",
    reference="SPDX 2.3 (ISO/IEC 5962:2021 is 2.2.1), clauses 6, 7 and 11; clause 4 of the tag-value format",
    encodings=(TEXT,),
    media_type="text/spdx",
    recognise=recognise,
    read=read,
    versions=("2.2", "2.3"),
)
