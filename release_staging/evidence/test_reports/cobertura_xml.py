"""Cobertura coverage, version 4 of its DTD, which coverage.py, gcovr, Coverlet, Istanbul, PHPUnit and others write too.

The rates of the whole and of each package are rows, as they stand: a share from 0 to 1. What was covered says nothing of what was
tested: no row has a status. Classes, methods and lines are only counted. Where no branches were measured writers say that the rate of
none is 0, or 1: where ``@branches-valid`` of the whole is 0 no rate of branches is a row. ``@timestamp`` is in seconds or
milliseconds, as the writer likes: it is not claimed. ``@version`` is that of the writer, which the report does not name.
"""

from __future__ import annotations

from release_staging.evidence.elements import XmlNode
from release_staging.evidence.reader import XML, Extract, Head, Reader, XmlDocument
from release_staging.model.exceptions import Code
from release_staging.parsing.xml_elements import Element


def recognise(head: Head) -> str | None:
    root = head.root
    return "" if root.name == "coverage" and not root.namespace and "line-rate" in root.attributes else None


def read(document: XmlDocument, out: Extract) -> None:
    measured = 0
    for node in document.stream("package", "class", wanted={"package": (), "class": ()}):
        packages = node.element.parent
        if packages is None:
            _rates(node, node.element, out)
            if not measured:
                out.problem(Code.EVIDENCE_EMPTY, "the report holds no package; nothing was measured", node)
        elif node.name == "package" and packages.parent is not None:
            measured += 1
            _rates(node, packages.parent, out)


def _rates(node: XmlNode, whole: Element, out: Extract) -> None:
    """Writes the rates of the whole or of a package, which has a name."""
    name = node.text("name") if node.element is not whole else None
    for kind, samples in (("line", node.integer("lines-valid")), ("branch", node.integer("branches-valid"))):
        place = node.attribute(f"{kind}-rate")
        rate = out.scalar(place, required=kind == "line")
        if rate is None or (kind == "branch" and whole.attributes.get("branches-valid") == "0"):
            continue
        if _is_share(rate):
            out.row("metrics", place, name=name, statistic=f"{kind} coverage", value=rate, unit="1", samples=samples)
        else:
            out.drift(place, "a share from 0 to 1")


def _is_share(text: str) -> bool:
    try:
        return 0 <= float(text) <= 1
    except ValueError:
        return False


_CLASSES = "/coverage/packages/package/classes/**"

READER = Reader(
    source="test_reports",
    format="cobertura-xml",
    title="Cobertura coverage",
    reference="cobertura/cobertura coverage-04.dtd",
    encodings=(XML,),
    media_type="application/xml",
    recognise=recognise,
    read=read,
    drops={
        "build-machine": ("/coverage/sources/**",),
        "schema-reference": ("/coverage/@noNamespaceSchemaLocation",),
        "writer-unnamed": ("/coverage/@version", "/coverage/@timestamp"),
    },
    summarises={
        "coverage-detail": (_CLASSES, "/coverage/@lines-covered", "/coverage/@branches-covered"),
        "complexity": ("/coverage/@complexity", "/coverage/packages/package/@complexity"),
    },
)
