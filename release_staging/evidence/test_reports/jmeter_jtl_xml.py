"""JMeter sample log in XML (JTL 1.2): ``testResults`` with a ``sample`` or ``httpSample`` for every request, condensed by label.

Only the samples right below the root are counted; samples within a sample are its parts (redirects, embedded resources). A log
that was cut off, as when a run was killed, is not readable XML and yields nothing: half a run is not its result. A sample of any
other element name, as plugins write, is told, for the counts would lack it. What was sent and received is never copied.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from release_staging.evidence.elements import XmlNode, XmlValue
from release_staging.evidence.ledger import DROPPED, SUMMARISED
from release_staging.evidence.reader import XML, Extract, Head, Reader, XmlDocument
from release_staging.evidence.test_reports.jmeter_samples import SUCCESS, Samples, milliseconds
from release_staging.model.exceptions import Code
from release_staging.parsing.xml_elements import Element

_ROOT = "testResults"
_SAMPLES = ("sample", "httpSample")
_CONTENT = (
    "responseHeader",
    "requestHeader",
    "responseData",
    "responseFile",
    "samplerData",
    "cookies",
    "queryString",
    "method",
    "java.net.URL",
)
_DETAIL = ("it", "lt", "ct", "rc", "rm", "tn", "dt", "de", "by", "sby", "sc", "ec", "ng", "na", "hn", "varname")
_OWN = ("s", "lb", "t", "ts")


def recognise(head: Head) -> str | None:
    root: Element = head.root
    return root.attributes["version"] if root.name == _ROOT and "version" in root.attributes else None


def read(document: XmlDocument, out: Extract) -> None:
    log = _Log(out)
    for node in document.stream(*_SAMPLES):
        above = node.element.parent
        if above is None:
            log.end(node)
        else:
            log.ledger(node, nested=above.name != _ROOT)
            if above.name == _ROOT:
                log.sample(node)


@dataclass
class _Log:
    out: Extract
    samples: Samples = field(default_factory=Samples)
    ruled: set[int] = field(default_factory=set)

    def sample(self, node: XmlNode) -> None:
        success, elapsed, stamp = node.text("s", required=True), node.text("t"), node.text("ts")
        took = milliseconds(elapsed) if elapsed else None
        if elapsed and took is None:
            self.out.drift(node.attribute("t"), "milliseconds")
        if success and success not in SUCCESS:
            self.out.drift(node.attribute("s"), "true or false")
        self.samples.add(node.text("lb") or "", SUCCESS.get(success or ""), took, lambda: _place(node))
        if stamp:
            self.samples.at(stamp, took, lambda: node.attribute("ts"))
        if success == "true":
            self._assertions(node)

    def _assertions(self, node: XmlNode) -> None:
        for result in node.element.children:
            if result.name == "assertionResult" and any(
                part.name in ("failure", "error") and part.text.strip() == "true" for part in result.children
            ):
                what = f"the sample is successful, but an assertion at xpath:{result.xpath} did not hold"
                self.out.problem(Code.CONTRADICTION, what, node, expected="s=true", found="an assertion that did not hold")

    def ledger(self, node: XmlNode, *, nested: bool) -> None:
        """Declares what is left out of samples of this shape, once a shape."""
        shape = node.shape
        if id(shape) in self.ruled:
            return
        self.ruled.add(id(shape))
        for name in _CONTENT:
            shape.child(name).mark(DROPPED, "request-and-response")
        for name in _DETAIL:
            shape.child("@" + name).mark(SUMMARISED, "sample-detail")
        shape.child("assertionResult").mark(SUMMARISED, "assertions-by-sample")
        for name in _OWN if nested else ():
            shape.child("@" + name).mark(SUMMARISED, "parts-of-a-sample")

    def end(self, root: XmlNode) -> None:
        root.text("version")
        for stranger in root.children():
            what = f"an element {stranger.name[:100]} that this reader does not know; if it is a sample, the counts lack it"
            self.out.problem(Code.SCHEMA_DRIFT, what, stranger, expected=" or ".join(_SAMPLES), found=stranger.name)
        self.samples.write(self.out, root)


def _place(node: XmlNode) -> XmlValue:
    """Where the sample stands, without its content."""
    return XmlValue(node.locator, None, node.shape)


READER = Reader(
    source="test_reports",
    format="jmeter-jtl-xml",
    title="JMeter sample log (XML)",
    reference="apache/jmeter docs, Listeners, sample attributes; org.apache.jmeter.save.converters.SampleResultConverter",
    encodings=(XML,),
    media_type="application/xml",
    recognise=recognise,
    read=read,
    versions=("1.2",),
)
