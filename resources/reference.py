"""What judgement refers to: registries, policy, contract. Checked when first used; a mistake names file, line and key."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

import dagster as dg

from release_staging.config.policy import Policy
from release_staging.config.registries import Registries
from release_staging.record import contract
from release_staging.staging.keys import digest_key
from release_staging.staging.outdated import Current


class Reference(dg.ConfigurableResource[Any]):
    """Registries and policy by path, the contract by version."""

    registries_folder: str
    policy_file: str
    contract_version: str
    contracts_folder: str
    digest_key_file: str

    @cached_property
    def registries(self) -> Registries:
        return Registries.load(Path(self.registries_folder))

    @cached_property
    def policy(self) -> Policy:
        return Policy.load(Path(self.policy_file), digest_key(Path(self.digest_key_file)))

    @cached_property
    def contract(self) -> contract.Contract:
        return contract.load(self.contract_version, Path(self.contracts_folder))

    @property
    def current(self) -> Current:
        """What a revision would be made from in this deployment."""
        return Current.of(self.contract, self.registries.digest, self.policy.digest, self.policy.disclosure.key_id)
