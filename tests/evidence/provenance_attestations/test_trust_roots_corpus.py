"""Real bundles of the corpus under the trust roots that the ``sigstore`` package carries, and the conformance suite of Sigstore."""

from collections import Counter
from importlib.resources import files
from pathlib import Path

import pytest
from sigstore_models.trustroot.v1 import TrustedRoot

from release_staging.config import trusted_root
from release_staging.config.trust import AcceptedIdentity, TrustRoot
from release_staging.evidence.extract import Options, TrustedKey
from release_staging.evidence.inspection import inspect
from tests.evidence import corpus
from tests.evidence.support import assert_lawful, claims

ISSUERS = (
    "https://token.actions.githubusercontent.com",
    "https://github.com/login/oauth",
    "https://accounts.google.com",
    "https://gitlab.com",
)
ANYBODY = tuple(AcceptedIdentity(pattern=".*", issuer=issuer) for issuer in ISSUERS)
BEACON = AcceptedIdentity(
    exact="https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon/"
    ".github/workflows/extremely-dangerous-oidc-beacon.yml@refs/heads/main",
    issuer=ISSUERS[0],
)
FOLDERS = ("sigstore-bundle", "npm-attestations", "github-attestation-api", "pep740-attestation", "pep740-provenance", "dsse-envelope")


def _packaged(host: str) -> str:
    return (files("sigstore") / "_store" / f"https%3A%2F%2Ftuf-repo-cdn.{host}.dev" / "trusted_root.json").read_text("utf-8")


PRODUCTION, STAGING = _packaged("sigstore"), _packaged("sigstage")


def _states(path: str, data: bytes, options: Options) -> list[str]:
    made = inspect(path, data, options).extraction
    if made is None:
        return []
    assert_lawful(data, made)
    return claims(made, "signature.state")


def test_real_bundles_are_verified_wherever_they_stand():
    packaged = (("production", PRODUCTION), ("staging", STAGING))
    options = Options(trust_roots=tuple(TrustRoot(id=name, content=content, identities=ANYBODY) for name, content in packaged))
    found: dict[str, Counter[str]] = {folder: Counter() for folder in FOLDERS}
    for path, data in corpus.documents(*(f"provenance/{folder}" for folder in FOLDERS)):
        states = _states(path, data, options)
        found[path.split("/")[1]].update(states)
        if "malformed" in path and not path.endswith("MODULE-wrong-signer.bazel.intoto.jsonl"):  # wrong there is only who signed
            assert "verified" not in states, path
    assert found["sigstore-bundle"]["verified"] >= 18
    assert found["github-attestation-api"] == {"verified": 2}
    assert found["pep740-attestation"] == {"verified": 7}
    assert found["pep740-provenance"] == {"verified": 1}
    assert found["npm-attestations"]["verified"] == found["dsse-envelope"]["verified"] == 0  # nothing beside them that the library verifies


# Cases of the suite that fail for reasons outside of the bundle: the artifact, which is not here.
_ARTIFACT = {"wrong-material_fail"}
# A case that must hold and does not: the library does not verify log entries of its kind.
_BEYOND = {"intoto-with-custom-trust-root"}


def test_the_conformance_suite_of_sigstore_holds():
    cases = 0
    for path, data in corpus.documents("provenance/sigstore-conformance-cases"):
        name = Path(path).parent.name
        if not path.endswith("bundle.sigstore.json") or name in _ARTIFACT:
            continue
        beside = corpus.root() / Path(path).parent
        content = (beside / "trusted_root.json").read_text("utf-8") if (beside / "trusted_root.json").is_file() else PRODUCTION
        keys = tuple(TrustedKey("managed", key.read_text("ascii")) for key in beside.glob("key.pub"))
        states = _states(path, data, Options(keys, (TrustRoot(id="suite", content=content, identities=(BEACON,)),)))
        assert (states == ["verified"]) == (not name.endswith("_fail") and name not in _BEYOND), (name, states)
        cases += 1
    assert cases >= 60


def test_a_trusted_root_is_read_where_the_library_reads_it_and_holds_all_that_it_takes():
    read = 0
    for path, data in corpus.documents("provenance/sigstore-trusted-root"):
        text = data.decode()
        try:
            whole = all(getattr(TrustedRoot.from_json(text), member) for member in ("tlogs", "certificate_authorities", "ctlogs"))
        except ValueError:
            whole = False
        if whole:
            trusted_root.parse(text)
            read += 1
        else:
            with pytest.raises(ValueError, match=r"\A[^\n]+\Z"):
                trusted_root.parse(text)
    assert read >= 25
