"""Where this deployment keeps things. Everything comes from the environment; nothing is read at import."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DEFAULT_CONTRACT = "1.1.0"


@dataclass(frozen=True)
class Settings:
    """The deployment's places. ``database_url`` is None where the embedded PostgreSQL is used."""

    home: Path
    intake: Path
    database_url: str | None
    registries: Path
    policy: Path
    contract: str
    contracts: Path = ROOT / "schemas" / "contract"
    output: Path | None = None

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> Settings:
        """The settings that an environment gives; docs/OPERATIONS.md lists its variables."""
        home = Path(environ.get("RELEASE_STAGING_HOME") or ROOT / ".release-staging").resolve()
        return cls(
            home=home,
            intake=Path(environ.get("RELEASE_STAGING_INTAKE") or home / "intake").resolve(),
            database_url=environ.get("RELEASE_STAGING_DATABASE_URL") or None,
            registries=Path(environ.get("RELEASE_STAGING_REGISTRIES") or ROOT / "data" / "registries").resolve(),
            policy=Path(environ.get("RELEASE_STAGING_POLICY") or ROOT / "data" / "policy" / "default.yaml").resolve(),
            contract=environ.get("RELEASE_STAGING_CONTRACT") or DEFAULT_CONTRACT,
            contracts=Path(environ.get("RELEASE_STAGING_CONTRACTS") or ROOT / "schemas" / "contract").resolve(),
        )

    @property
    def digest_key(self) -> Path:
        """The file of the key under which found secrets are digested."""
        return self.home / "digest.key"

    @property
    def findings(self) -> Path:
        """Where findings may be dropped as files."""
        return self.home / "findings"

    @property
    def receipts(self) -> Path:
        """Where receipts may be dropped as files."""
        return self.home / "receipts"

    @property
    def vault(self) -> Path:
        return self.home / "vault"

    @property
    def extractions(self) -> Path:
        return self.home / "extractions"

    @property
    def archive(self) -> Path:
        """Where archived packets are, one file each."""
        return self.home / "archive"

    @property
    def records(self) -> Path:
        """Where records and holds are also written as files, for people."""
        return self.output or self.home / "records"
