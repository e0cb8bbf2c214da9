"""A package of its own adds a format: the one that ``docs/ADDING_A_FORMAT.md`` shows, so that the page stays true."""

from __future__ import annotations

import json
import os
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from release_staging.config.registries import Registries
from release_staging.evidence import registry
from release_staging.evidence.reader import Reader, split_id
from tests.evidence import drift
from tests.evidence.laws import assert_laws
from tests.evidence.samples import ROOT
from tests.evidence.support import claims, extract, not_understood, rows

PAGE = (ROOT / "docs" / "ADDING_A_FORMAT.md").read_text(encoding="utf-8")
SAMPLE = json.loads(re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)[0])
DATA = json.dumps(SAMPLE).encode()
ENTRY = re.findall(r'entry-points\."(.*?)"\]\n(.*?)\n', PAGE)[0]


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder with the package installed in it, as pip would leave it."""
    installed(tmp_path, "acme_readers")
    return tmp_path


@pytest.fixture
def known(site: Path, monkeypatch: pytest.MonkeyPatch) -> Reader:
    """The package's reader, among the readers of this process."""
    monkeypatch.syspath_prepend(site)
    registry.readers.cache_clear()
    yield next(reader for reader in registry.readers() if reader.format == "acme-smoke")
    registry.readers.cache_clear()
    for name in [name for name in sys.modules if name.startswith("acme_readers")]:
        del sys.modules[name]


def installed(site: Path, package: str) -> None:
    (site / package).mkdir()
    (site / package / "__init__.py").touch()
    (site / package / "smoke.py").write_text(re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)[0], encoding="utf-8")
    about = site / f"{package}-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n", encoding="utf-8")
    group, entry = ENTRY
    entry = entry.replace('"', "").replace("acme_readers", package)
    (about / "entry_points.txt").write_text(f"[{group}]\n{entry}\n", encoding="utf-8")


def release_staging(site: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("release-staging")
    return subprocess.run(
        [program, *arguments], cwd=ROOT, env={**os.environ, "PYTHONPATH": str(site)}, capture_output=True, text=True, timeout=120
    )


def test_the_command_line_lists_the_format_and_reads_its_document(site):
    listed = [json.loads(line) for line in release_staging(site, "formats", "--format", "json").stdout.splitlines()]
    assert [one["source"] for one in listed if one["format"] == "acme-smoke"] == ["test_reports"]
    (site / "smoke.json").write_bytes(DATA)
    said = json.loads(release_staging(site, "inspect", "--format", "json", str(site / "smoke.json")).stdout)
    assert (said["format"], said["rows"], said["problems"]) == ("acme-smoke@1", {"test_cases": 2}, [])
    assert {"field": "candidate.version", "value": "4.12.0-rc.3", "locator": "json-pointer:/version"} in said["claims"]


def test_without_the_package_nobody_knows_the_document(tmp_path):
    (tmp_path / "smoke.json").write_bytes(DATA)
    said = json.loads(release_staging(tmp_path, "inspect", "--format", "json", str(tmp_path / "smoke.json")).stdout)
    assert [problem["code"] for problem in said["problems"]] == ["EVIDENCE_UNRECOGNISED"]


def test_two_readers_of_one_format_are_refused_with_words(site):
    installed(site, "other_readers")
    ran = release_staging(site, "formats")
    assert ran.returncode == 1
    assert ran.stderr.strip().endswith("two readers for format 'acme-smoke': remove one of the packages that bring them")
    assert "Traceback" not in ran.stderr


def test_the_reader_of_the_page_keeps_the_laws(known):
    extraction = extract(DATA, "acme-smoke@1")
    assert len(assert_laws("smoke.json", DATA)) == 1
    assert (claims(extraction, "service.name"), claims(extraction, "finished_at")) == (["billing-api"], ["2026-11-20T10:14:00Z"])
    assert [(row["name"], row["status"], row["vocabulary"]) for row in rows(extraction, "test_cases")] == [
        ("login", "ok", "acme-smoke"),
        ("refund", "broken", "acme-smoke"),
    ]
    assert extraction.loss() == {"mapped": 8, "summarised": 2, "dropped": 1, "not_understood": 0}
    assert not_understood(extract(json.dumps({**SAMPLE, "retries": 2}).encode(), "acme-smoke@1")) == ["/retries"]
    drift.assert_drift_is_told(DATA, {"/service", "/version", "/checks", "/checks/*/name", "/checks/*/outcome"})


def test_the_vocabulary_of_the_page_is_one_that_registries_take(tmp_path):
    for path in (ROOT / "data" / "registries").iterdir():
        text = path.read_text(encoding="utf-8")
        if path.name == "outcomes.yaml":
            text += re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)[0]
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    words = Registries.load(tmp_path).words["outcome"]
    assert {text: words["acme-smoke", text].canonical for text in ("ok", "broken", "not run")} == {
        "ok": "passed",
        "broken": "failed",
        "not run": "skipped",
    }


def test_the_reader_to_copy_is_there():
    shortest = re.findall(r"`(release_staging/evidence/\w+/\w+\.py)`", PAGE)
    assert [runpy.run_path(str(ROOT / path))["READER"].source for path in shortest] == ["artifact_registry"]


@pytest.mark.parametrize(
    ("format_id", "parts"),
    [
        ("cyclonedx-json@1.6", ("cyclonedx-json", "1.6")),
        ("junit-xml/surefire", ("junit-xml", "surefire")),
        ("junit-xml", ("junit-xml", "")),
        ("trx@20/10@x", ("trx", "20/10@x")),
    ],
)
def test_a_format_id_has_a_name_and_a_version_or_a_dialect(format_id: str, parts: tuple[str, str]) -> None:
    assert split_id(format_id) == parts
