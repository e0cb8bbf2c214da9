"""The packets that must be held: each is the clean one with the smallest change of real content that gives the reason.

A change works on the documents before anything is signed or digested, so that the change is all that is wrong.
``expected`` is what a hold must say, and where: the blocking exceptions of the packet.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from data.generate.documents import STATEMENT, WORDS, Files, captured

Change = Callable[[Files], Files]
Place = Callable[[Files], str | None]

_IN_STATEMENT = "json-pointer:/payload;base64;json-pointer:"
_NOTE = "incidents/INC-2031.md"
_PARENT = "a1e07c35d4f2986b0c7d1e53f8a924b6d03c7f1e"  # the commit before the candidate's
_CONCLUSION = "The candidate is not affected: it keeps the spread delays of 4.11.2."
_NO_FRONT_MATTER = f"""- Service: {WORDS["service"]}
- Environment: production-eu
- Environment: production-us
- Rollback digest: """

# Made up for the sample: nothing accepts it. It is a JSON Web Token of three parts, signed with nothing anybody keeps.
_TOKEN = ".".join(
    (
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9",
        "eyJzdWIiOiJiaWxsaW5nLWl0IiwiaWF0IjoxNzk1MTYyNjg1LCJleHAiOjE3OTUxNjYyODV9",
        "Xk3mV0b7uQy2sT9wLr4dPzN6hCfJ1aGeR5oKiBvUxYE",
    )
)


@dataclass(frozen=True)
class Expected:
    """One blocking exception: its code, the document it is about, and the locator of what shows it."""

    code: str
    path: str
    place: Place


@dataclass(frozen=True)
class Variant:
    """``what`` says for readers what was changed where."""

    name: str
    what: str
    change: Change
    expected: tuple[Expected, ...]
    signed: bool = True


def replacing(path: str, edits: Mapping[str, str]) -> Change:
    """Each text, which must stand exactly once in the document, replaced."""

    def change(files: Files) -> Files:
        content = files[path].decode()
        for old, new in edits.items():
            if content.count(old) != 1:
                raise ValueError(f"{path}: {old!r} stands there {content.count(old)} times, not once")
            content = content.replace(old, new)
        return files | {path: content.encode()}

    return change


def _both(*changes: Change) -> Change:
    def change(files: Files) -> Files:
        for one in changes:
            files = one(files)
        return files

    return change


def _bytes(path: str, make: Callable[[bytes], bytes]) -> Change:
    return lambda files: files | {path: make(files[path])}


def _renamed(path: str, new: str) -> Change:
    return lambda files: {new if name == path else name: data for name, data in files.items()}


def _at(locator: str | None) -> Place:
    return lambda _: locator


def _line(path: str, text: str) -> Place:
    """The line, or the lines to the last, in which ``text`` stands."""

    def place(files: Files) -> str:
        lines = files[path].decode().splitlines()
        found = [number for number, line in enumerate(lines) if text in line]
        return f"line={found[0]},{found[-1] + 1}"

    return place


def _characters(path: str, text: str, lines: int = 1) -> Place:
    """The characters of ``text``, which stands in the first of ``lines`` lines."""

    def place(files: Files) -> str:
        number, line = next((number, line) for number, line in enumerate(files[path].decode().splitlines()) if text in line)
        start = line.index(text)
        return f"line={number},{number + lines};char={start},{start + len(text)}"

    return place


def _without_front_matter(data: bytes) -> bytes:
    """The runbook as teams write it that know no front matter; the version to return to is not said."""
    _, front, body = data.decode().split("---\n", 2)
    digest = front.partition('digest: "')[2].partition('"')[0]
    title, rest = body.split("\n", 1)
    return f"{title}\n\n{_NO_FRONT_MATTER}{digest}\n- Last exercised: 2026-10-30\n{rest}".encode()


def _without_rollback(data: bytes) -> bytes:
    before, rest = data.decode().split('  "rollback": {', 1)
    return (before + rest.split("  },\n", 1)[1]).encode()


VARIANTS: tuple[Variant, ...] = (
    Variant(
        "required-field-missing",
        "`release-manifest.json` has no `rollback`, and the runbook, written without front matter, does not say the version either",
        _both(_bytes("release-manifest.json", _without_rollback), _bytes("rollback/runbook.md", _without_front_matter)),
        (Expected("REQUIRED_FIELD_MISSING", "rollback/runbook.md", _at(None)),),
    ),
    Variant(
        "mixed-candidates",
        "`ci/run.json` is of the commit before (`head_sha`, `head_commit.id`)",
        replacing(
            "ci/run.json",
            {
                f'"head_sha": "{WORDS["commit"]}"': f'"head_sha": "{_PARENT}"',
                f'"head_commit": {{\n    "id": "{WORDS["commit"]}"': f'"head_commit": {{\n    "id": "{_PARENT}"',
            },
        ),
        (Expected("MIXED_CANDIDATE", "ci/run.json", _at("json-pointer:/head_sha")),),
    ),
    Variant(
        "stale-scan",
        "`scans/trivy.json` was made 40 days before (`CreatedAt`)",
        replacing("scans/trivy.json", {'"CreatedAt": "2026-11-20T': '"CreatedAt": "2026-10-11T'}),
        (Expected("TIMESTAMP_OUT_OF_POLICY", "scans/trivy.json", _at("json-pointer:/CreatedAt")),),
    ),
    Variant(
        "stale-attestation",
        "the provenance says that the build began and ended 30 days before; validly signed",
        replacing(
            STATEMENT,
            {'"startedOn": "2026-11-20T': '"startedOn": "2026-10-21T', '"finishedOn": "2026-11-20T': '"finishedOn": "2026-10-21T'},
        ),
        (Expected("TIMESTAMP_OUT_OF_POLICY", STATEMENT, _at(_IN_STATEMENT + "/predicate/runDetails/metadata/finishedOn")),),
    ),
    Variant(
        "attestation-digest-mismatch",
        "the provenance is of another image digest than the one the manifest declares and the registry holds; validly signed",
        lambda files: files | {STATEMENT: _other_subject(files[STATEMENT])},
        (Expected("ATTESTATION_MISMATCH", STATEMENT, _at(_IN_STATEMENT + "/subject/0/digest/sha256")),),
    ),
    Variant(
        "test-version-disagreement",
        "the unit tests ran on 4.12.0-rc.2 (a property of `tests/unit.xml`), the smoke tests on 4.12.0-rc.3",
        replacing("tests/unit.xml", {'name="version" value="4.12.0-rc.3"': 'name="version" value="4.12.0-rc.2"'}),
        (Expected("CONTRADICTION", "tests/unit.xml", _at("xpath:/testsuites[1]/testsuite[1]/properties[1]/property[2]/@value")),),
    ),
    Variant(
        "runbook-other-environment",
        "the rollback runbook is for staging-eu only",
        replacing("rollback/runbook.md", {"environments: [production-eu, production-us]": "environments: [staging-eu]"}),
        (Expected("ENVIRONMENT_MISMATCH", "rollback/runbook.md", _at("line=1,9;yaml=0;json-pointer:/environments/0")),),
    ),
    Variant(
        "unreviewed-secret-change",
        "`config/production.diff` also changes the reference to production-eu's payment key, which SEC-482 does not cover",
        lambda files: files | {"config/production.diff": captured("production-unreviewed.diff")},
        (Expected("UNREVIEWED_SECRET_CHANGE", "config/production.diff", _line("config/production.diff", "stripe_api_key_secret_ref")),),
    ),
    Variant(
        "unsupported-conclusion",
        "the incident note says that the candidate is not affected, and cites nothing for it",
        replacing(
            _NOTE,
            {", see `load/k6-summary.json`": "", ", see `tests/unit.xml`": ""},
        ),
        (Expected("UNSUPPORTED_CONCLUSION", _NOTE, _characters(_NOTE, _CONCLUSION, 2)),),
    ),
    Variant(
        "disclosure-secret",
        "the first integration test's captured output in `tests/integration.ctrf.json` holds a (made-up) bearer token",
        lambda files: files | {"tests/integration.ctrf.json": _with_output(files["tests/integration.ctrf.json"])},
        (Expected("DISCLOSURE_SECRET", "tests/integration.ctrf.json", _characters("tests/integration.ctrf.json", _TOKEN)),),
    ),
    Variant(
        "disclosure-customer-data",
        "the incident note names a customer's e-mail address and card number",
        replacing(
            _NOTE,
            {
                "None was lost, and no amount was wrong.": "None was lost, and no amount was wrong.\n"
                "First reported by jana.novak@acme-pay-sample-customer.eu, who had paid with card 4012 8888 8888 1881."
            },
        ),
        (
            Expected("DISCLOSURE_CUSTOMER_DATA", _NOTE, _characters(_NOTE, "4012 8888 8888 1881")),
            Expected("DISCLOSURE_CUSTOMER_DATA", _NOTE, _characters(_NOTE, "jana.novak@acme-pay-sample-customer.eu")),
        ),
    ),
    Variant(
        "disclosure-incident-internal",
        "the incident note is marked INTERNAL ONLY and names internal hosts",
        replacing(
            _NOTE,
            {
                "## Summary": "INTERNAL ONLY\n\n## Summary",
                "and kept the queue full.": "and kept the queue full.\n"
                "The queue on mq-billing-02.prod.acme-pay.internal (10.42.7.19) held 41,000 of them.",
            },
        ),
        (
            Expected("DISCLOSURE_INCIDENT_INTERNAL", _NOTE, _characters(_NOTE, "INTERNAL ONLY")),
            Expected("DISCLOSURE_INCIDENT_INTERNAL", _NOTE, _characters(_NOTE, "mq-billing-02.prod.acme-pay.internal")),
            Expected("DISCLOSURE_INCIDENT_INTERNAL", _NOTE, _characters(_NOTE, "10.42.7.19")),
        ),
    ),
    Variant(
        "unreadable-scan",
        "`scans/trivy.json` is cut off in the middle",
        _bytes("scans/trivy.json", lambda data: data[: len(data) // 2]),
        (Expected("EVIDENCE_UNREADABLE", "scans/trivy.json", _at(None)),),
    ),
    Variant(
        "unsigned-attestation",
        "the provenance is the bare statement, without an envelope or a signature",
        _renamed(STATEMENT, "provenance/provenance.intoto.json"),
        (Expected("ATTESTATION_UNVERIFIED", "provenance/provenance.intoto.json", _at(None)),),
        signed=False,
    ),
)


def _other_subject(statement: bytes) -> bytes:
    text = statement.decode()
    before, after = text.split('"sha256": "', 1)
    return (before + '"sha256": "' + "".join(reversed(after[:64])) + after[64:]).encode()


def _with_output(report: bytes) -> bytes:
    output = f"""                "stdout": [
                    "POST /v1/invoices HTTP/1.1",
                    "Authorization: Bearer {_TOKEN}"
                ],
                "retries": 0,"""
    return report.decode().replace('                "retries": 0,', output, 1).encode()
