"""The evidence vault keeps every document once, and never hands out anything else than what was put there."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from release_staging.staging.errors import VaultError
from release_staging.staging.vault import Vault, digest_of

EVIDENCE = b'{"bomFormat":"CycloneDX"}'


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path / "vault")


def files(vault: Vault) -> list[Path]:
    return [path for path in vault.folder.rglob("*") if path.is_file()]


@given(data=st.binary(max_size=2000))
def test_what_was_put_is_what_is_got(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    vault = Vault(tmp_path_factory.mktemp("vault"))
    assert vault.get(vault.put(data)) == data


def test_the_digest_is_the_sha256_of_the_bytes(vault: Vault) -> None:
    assert vault.put(b"abc") == "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_the_same_bytes_are_kept_once(vault: Vault) -> None:
    first = vault.put(EVIDENCE)
    written = vault.path(first).stat()
    assert vault.put(EVIDENCE) == first
    assert vault.path(first).stat().st_ino == written.st_ino
    assert len(files(vault)) == 1


def test_kept_evidence_is_read_only(vault: Vault) -> None:
    assert stat.S_IMODE(vault.path(vault.put(EVIDENCE)).stat().st_mode) == 0o444


def test_missing_evidence_is_an_error_that_says_what_to_do(vault: Vault) -> None:
    digest = digest_of(EVIDENCE)
    assert not vault.has(digest)
    with pytest.raises(VaultError, match="submit its packet again") as caught:
        vault.get(digest)
    assert digest in str(caught.value)
    assert str(vault.path(digest)) in str(caught.value)


@pytest.mark.parametrize("damaged", [b"", EVIDENCE[:-1], EVIDENCE.replace(b"C", b"D")], ids=["emptied", "cut off", "changed"])
def test_damaged_evidence_is_never_handed_out_and_putting_it_again_repairs_it(vault: Vault, damaged: bytes) -> None:
    digest = vault.put(EVIDENCE)
    path = vault.path(digest)
    path.chmod(0o644)
    path.write_bytes(damaged)
    with pytest.raises(VaultError, match="damaged") as caught:
        vault.get(digest)
    assert digest in str(caught.value)
    assert str(path) in str(caught.value)
    vault.put(EVIDENCE)
    assert vault.get(digest) == EVIDENCE


@pytest.mark.parametrize("name", ["", "sha256:", "sha256:../../etc/passwd", "sha512:" + "0" * 64, "sha256:" + "A" * 64, "0" * 64])
def test_a_name_that_is_no_digest_reaches_no_file(vault: Vault, name: str) -> None:
    with pytest.raises(VaultError, match="does not name evidence"):
        vault.get(name)


def test_an_interrupted_write_leaves_nothing_that_looks_like_evidence(vault: Vault) -> None:
    digest = digest_of(EVIDENCE)
    child = os.fork()
    if child == 0:
        os.fsync = lambda descriptor: os.kill(os.getpid(), 9)  # dies when the bytes are written but nothing is named yet
        vault.put(EVIDENCE)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == 9
    assert files(vault)  # it did get as far as writing
    assert not vault.has(digest)
    assert vault.put(EVIDENCE) == digest
    assert vault.get(digest) == EVIDENCE


def test_a_vault_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "vault").write_text("a file where the folder should be")
    with pytest.raises(VaultError, match="cannot be written"):
        Vault(tmp_path / "vault").put(EVIDENCE)


def put_many(folder: Path) -> list[str]:
    return [Vault(folder).put(bytes([number]) * 50_000) for number in range(40)]


def test_concurrent_writers_of_the_same_evidence_do_not_disturb_each_other(tmp_path: Path) -> None:
    with ProcessPoolExecutor(3, mp_context=get_context("spawn")) as writers:
        written = list(writers.map(put_many, [tmp_path] * 3))
    assert written[0] == written[1] == written[2]
    vault = Vault(tmp_path)
    assert [vault.get(digest)[:1] for digest in written[0]] == [bytes([number]) for number in range(40)]
    assert len(files(vault)) == 40
