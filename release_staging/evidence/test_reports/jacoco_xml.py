"""JaCoCo coverage (report.dtd 1.0 and 1.1), which Kover, SimpleCov and Pester write too.

What was covered of lines, branches and instructions, of the whole and of each group and package, are rows: how many were covered, of
``samples``. What was covered says nothing of what was tested: no row has a status. Classes, methods and lines are only counted. A
session tells when it began and when its counts were written, and names the machine, which is not copied.
"""

from __future__ import annotations

from release_staging.evidence.elements import XmlNode
from release_staging.evidence.reader import XML, Extract, Head, Reader, XmlDocument
from release_staging.evidence.test_reports.epoch import LOSS, MILLISECONDS, rfc3339
from release_staging.model.confidence import Confidence
from release_staging.model.exceptions import Code

_COUNTED = {"LINE": "lines", "BRANCH": "branches", "INSTRUCTION": "instructions"}
_BELOW = {"sessioninfo", "group", "package", "counter"}


def recognise(head: Head) -> str | None:
    root = head.root
    below = {child.name for child in root.children}
    fits = root.name == "report" and not root.namespace and "name" in root.attributes and below and below <= _BELOW
    return "" if fits else None


def read(document: XmlDocument, out: Extract) -> None:
    measured, root = 0, None
    for node in document.stream("sessioninfo", "package", "class", "sourcefile", "group", wanted=_WANTED):
        root = node
        if node.name == "sessioninfo":
            _session(node, out)
        elif node.name in ("package", "group", "report"):
            measured += _counters(node, out)
    if root is not None and not measured:
        out.problem(Code.EVIDENCE_EMPTY, "the report counts nothing; nothing was measured", root)


_WANTED = {"report": ("counter",), "group": ("counter",), "package": ("counter",), "class": (), "sourcefile": (), "sessioninfo": ()}


def _session(session: XmlNode, out: Extract) -> None:
    for name, attribute in (("started_at", "start"), ("finished_at", "dump")):
        place = session.attribute(attribute)
        text = out.scalar(place)
        value = rfc3339(text, MILLISECONDS) if text is not None else None
        if value is not None:
            out.claim(name, place, value=value, confidence=Confidence.DERIVED, loss=LOSS[MILLISECONDS])
        elif text is not None:
            out.drift(place, "milliseconds since 1970")


def _counters(counted: XmlNode, out: Extract) -> int:
    """Writes what is counted of the whole, a group or a package. Returns how many counters there are."""
    found, whole = 0, counted.name == "report"
    title = counted.text("name")
    for counter in counted.children("counter"):
        found += 1
        kind = counter.text("type", required=True)
        for attribute in ("missed", "covered"):
            out.scalar(counter.attribute(attribute), required=True)
        missed, covered = counter.integer("missed"), counter.integer("covered")
        if kind not in _COUNTED or missed is None or covered is None:
            continue
        place, name = counter.attribute("covered"), None if whole else title
        if min(missed, covered) < 0 or missed + covered >= 2**63:
            out.drift(place, "a number of what was covered")
        else:
            statistic = f"covered {_COUNTED[kind]}"
            out.row("metrics", place, name=name, statistic=statistic, value=str(covered), samples=missed + covered)
    return found


_PACKAGES = tuple(f"/report{'/group' * depth}/package" for depth in range(5))

READER = Reader(
    source="test_reports",
    format="jacoco-xml",
    title="JaCoCo coverage",
    reference="jacoco/jacoco org.jacoco.report report.dtd 1.1",
    encodings=(XML,),
    media_type="application/xml",
    recognise=recognise,
    read=read,
    drops={"build-machine": ("/report/sessioninfo/@id",)},
    summarises={"coverage-detail": tuple(f"{at}/{name}/**" for at in _PACKAGES for name in ("class", "sourcefile"))},
)
