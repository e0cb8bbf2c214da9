#!/usr/bin/env bash
# Runs the real tools on the sample service and on the two configuration trees, and keeps what they write in captured/.
# Needs Python 3.11, git, faketime and unshare (the tools' clock and host name are those of the sample CI run).
# README.md lists each tool with version and command.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work" "$checkout"' EXIT
checkout=/home/runner/work/billing-api/billing-api # where GitHub's runners check out
mkdir -p "$(dirname "$checkout")"
cp -r "$here/billing_api" "$checkout"
cd "$checkout"
out=$here/captured
mkdir -p "$out"

export TZ=UTC GITHUB_SHA GITHUB_RUN_ID=7714620931 PYTHONDONTWRITEBYTECODE=1
GITHUB_SHA=$(cat "$here/commit.txt")

environment() { # NAME REQUIREMENT...: a virtual environment with the service and these packages
    python3 -m venv "$work/$1"
    "$work/$1/bin/pip" install -q --disable-pip-version-check click==8.5.1 orjson==3.13.0 pydantic==2.14.3 structlog==26.1.0 "setuptools==84.2.1" "${@:2}"
    "$work/$1/bin/pip" install -q --disable-pip-version-check --no-build-isolation --no-deps .
    rm -rf build ./*.egg-info
}
at() { # TIME COMMAND...: runs with the clock of the sample CI run
    unshare -u sh -c 'hostname fv-az1120-417; time=$1; shift; exec faketime "2026-11-20 $time" "$@"' sh "$@"
}

environment service
"$work/service/bin/pip" uninstall -q -y setuptools packaging
environment tests pytest==9.2.0 pytest-json-ctrf==0.6.1
python3 -m venv "$work/tools"
"$work/tools/bin/pip" install -q --disable-pip-version-check cyclonedx-bom==7.5.0 bandit==1.9.4 bandit-sarif-formatter==1.1.1
PATH=$work/tests/bin:$PATH

TEST_ENVIRONMENT=ci at 08:14:31 pytest -q tests/unit --junitxml="$out/unit.xml"
TEST_ENVIRONMENT=ci at 08:18:05 pytest -q tests/integration --ctrf "$out/integration.ctrf.json"
TEST_ENVIRONMENT=staging-eu at 09:04:47 pytest -q tests/smoke --junitxml="$out/smoke.xml"
at 08:43:20 "$work/tools/bin/cyclonedx-py" environment --pyproject pyproject.toml --sv 1.6 --of JSON -o "$out/sbom.cdx.json" "$work/service"
at 08:45:02 "$work/tools/bin/bandit" -q -r billing_api -f sarif -o "$out/bandit.sarif" || true # status 1: it found something
mkdir "$work/config" && cd "$work/config"
git init -q .
git config user.name sample && git config user.email sample@users.noreply.github.com
cp -r "$here/config/before" config && git add . && git commit -q -m before
cp -r "$here/config/after/." config
git diff --no-color --no-ext-diff >"$out/production.diff"
cp -r "$here/config/unreviewed/." config
git diff --no-color --no-ext-diff >"$out/production-unreviewed.diff"

# Two things are taken out of what the tools wrote: which kernel the tests ran on, and where the SBOM's tools and packages are distributed.
python3 - "$out" <<'PYTHON'
import json, sys
from pathlib import Path

out = Path(sys.argv[1])
report = out / "integration.ctrf.json"
content = json.loads(report.read_text())
content["results"]["environment"] |= {"osRelease": "6.14.0-1017-azure", "osVersion": "#17~24.04.1-Ubuntu SMP"}
report.write_text(json.dumps(content, indent=4) + "\n")
sbom = out / "sbom.cdx.json"
content = json.loads(sbom.read_text())
for part in [*content["components"], *content["metadata"]["tools"]["components"]]:
    references = [one for one in part.get("externalReferences", []) if "pypi" not in one["url"]]
    if references:
        part["externalReferences"] = references
    else:
        part.pop("externalReferences", None)
sbom.write_text(json.dumps(content, indent=2) + "\n")
PYTHON
