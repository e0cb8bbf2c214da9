"""CTest's own results (``Test.xml`` of ``ctest -T Test``), which CDash takes.

A status is ``@Status``; where a test was not run because it is switched off, the reader words ``notrun, Disabled``. Any other ``notrun``
may be a programme that is not there or a test that skipped itself. ``TestList`` names what was to be run: that each has a result
is compared. The times of day carry no year; those that number seconds since 1970 do.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from release_staging.evidence.elements import XmlNode
from release_staging.evidence.reader import XML, Extract, Head, Reader, XmlDocument
from release_staging.evidence.test_reports import epoch
from release_staging.evidence.test_reports.totals import Listed, compare
from release_staging.evidence.xml_text import child, text
from release_staging.model.exceptions import Code

_TIMES = {"started_at": "StartTestTime", "finished_at": "EndTestTime"}


def recognise(head: Head) -> str | None:
    """CTest writes builds, coverage and updates below the same root: only one that begins with ``Testing`` is of tests."""
    root = head.root
    begins = [element.name for element in root.children]
    return "" if root.name == "Site" and not root.namespace and "BuildName" in root.attributes and "Testing" in begins else None


def read(document: XmlDocument, out: Extract) -> None:
    report = _Report(out)
    for node in document.stream("Test", "TestList"):
        above = node.element.parent
        if above is None:
            report.end(node)
        elif node.name == "TestList":
            report.list = node
        elif above.name == "TestList":
            report.planned += 1
        else:
            report.case(node)


@dataclass
class _Report:
    out: Extract
    planned: int = 0
    list: XmlNode | None = None
    listed: Listed = field(default_factory=Listed)

    def case(self, test: XmlNode) -> None:
        self.listed.add("run", test)
        status, name = test.text("Status", required=True), text(test, "Name", required=True)
        duration, completion = _measured(test)
        if status == "notrun" and completion == "Disabled":
            status = "notrun, Disabled"
        if status is not None:
            self.out.row("test_cases", test, name=name, status=status, vocabulary="ctest-status", duration_s=duration)

    def end(self, root: XmlNode) -> None:
        out = self.out
        generator = root.text("Generator") or ""
        if generator.startswith("ctest-"):
            loss = "told by the generator"
            out.claim("tool.name", root.attribute("Generator"), value="ctest", loss=loss)
            out.claim("tool.version", root.attribute("Generator"), value=generator.removeprefix("ctest-"), subject="ctest", loss=loss)
        for testing in root.children("Testing"):
            for name, element in _TIMES.items():
                place = child(testing, element)
                instant = epoch.rfc3339((out.scalar(place) or "").strip(), epoch.SECONDS)
                if instant is not None:
                    out.claim(name, place, value=instant, loss=epoch.LOSS[epoch.SECONDS])
        if self.list is not None:
            compare(out, self.list, self.planned, "tests", (("run",),), self.listed)
        if not self.listed.counts:
            out.problem(Code.EVIDENCE_EMPTY, "the report holds no test case; no test run is not a passed test run", root)


def _measured(test: XmlNode) -> tuple[str | None, str | None]:
    """How long a test took, and how CTest says that it ended."""
    found: dict[str, str | None] = {}
    for results in test.children("Results"):
        for measurement in results.children("NamedMeasurement"):
            name = measurement.text("name", required=True)
            if name in ("Execution Time", "Completion Status"):
                found[name] = text(measurement, "Value")
    return found.get("Execution Time"), found.get("Completion Status")


_TEST = "/Site/Testing/Test"
_RESULTS = f"{_TEST}/Results"
_MACHINE = (
    *("Append", "BuildName", "BuildStamp", "Description", "Name", "CompilerName", "CompilerVersion", "Hostname", "Is64Bits"),
    *("OSName", "OSRelease", "OSVersion", "OSPlatform", "VendorString", "VendorID", "FamilyID", "ModelID", "ModelName"),
    *("ProcessorCacheSize", "NumberOfLogicalCPU", "NumberOfPhysicalCPU", "LogicalProcessorsPerPhysical", "ProcessorClockFrequency"),
    *("TotalVirtualMemory", "TotalPhysicalMemory", "ChangeId"),
)

READER = Reader(
    source="test_reports",
    format="ctest-xml",
    title="CTest results",
    reference="Kitware/CMake cmCTestTestHandler::GenerateCTestXML",
    encodings=(XML,),
    media_type="application/xml",
    recognise=recognise,
    read=read,
    drops={
        "build-machine": tuple(f"/Site/@{name}" for name in _MACHINE),
        "command-line": (f"{_TEST}/FullCommandLine/**", f"{_TEST}/Path/**", f"{_TEST}/FullName/**"),
        "test-output": (
            f"{_RESULTS}/Measurement/**",
            *(f"{_RESULTS}/NamedMeasurement/{part}" for part in ("@type", "Value/**")),
        ),  # may hold secrets
        "test-detail": (f"{_TEST}/Labels/**",),
        "time-without-year": ("/Site/Testing/StartDateTime/**", "/Site/Testing/EndDateTime/**"),
    },
    summarises={"test-list": ("/Site/Testing/TestList/**",), "duration": ("/Site/Testing/ElapsedMinutes/**",)},
)
