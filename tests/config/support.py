"""What tests of configuration share: the sample data, and copies of it with one thing changed."""

from __future__ import annotations

import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
REGISTRIES = ROOT / "data" / "registries"
POLICY = ROOT / "data" / "policy" / "default.yaml"


def changed(source: Path, folder: Path, old: str, new: str) -> Path:
    """A copy of a file with one thing changed."""
    text = source.read_text("utf-8")
    assert old in text
    copy = folder / source.name
    copy.write_text(text.replace(old, new, 1), "utf-8")
    return copy


def changed_registries(folder: Path, file: str, old: str, new: str) -> Path:
    """A copy of the registries with one thing changed in one file."""
    shutil.copytree(REGISTRIES, folder, dirs_exist_ok=True)
    changed(REGISTRIES / file, folder, old, new)
    return folder


def changed_policy(folder: Path, old: str, new: str) -> Path:
    """A copy of the sample policy and its keys with one thing changed."""
    shutil.copytree(POLICY.parent, folder, dirs_exist_ok=True)
    return changed(POLICY, folder, old, new)
