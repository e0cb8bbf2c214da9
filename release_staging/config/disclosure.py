"""Rules of the disclosure boundary: what counts as disclosed, and in which sources it is looked for."""

from __future__ import annotations

import hashlib
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretBytes

from release_staging.model.sources import SOURCE_BY_NAME

EVERYWHERE: Literal["everywhere"] = "everywhere"
RECORD = "record"
"""Where a finished record is scanned again; named like a source."""


def _known(sources: frozenset[str]) -> frozenset[str]:
    if unknown := sources - SOURCE_BY_NAME.keys() - {RECORD}:
        raise ValueError(f"not a source of evidence: {', '.join(sorted(unknown))}; known are {', '.join(SOURCE_BY_NAME)} and {RECORD}")
    return sources


def _long_enough(key: SecretBytes) -> SecretBytes:
    if len(key.get_secret_value()) < 16:
        raise ValueError("the digest key must have at least 16 bytes")
    return key


Sources = Literal["everywhere"] | Annotated[frozenset[str], AfterValidator(_known)]
"""The sources in which a kind is looked for: ``everywhere``, or a set of source names. Documents of no source always count."""

Label = Annotated[str, Field(pattern=r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$")]
"""A domain name, or the end of one, in lower case and without a leading dot."""

_PROSE = frozenset({"incident_notes", "rollback_runbooks"})


class DisclosureRules(BaseModel):
    """What must not leave a packet, and in which sources each kind is looked for: by default, in every document."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", hide_input_in_errors=True)

    digest_key: Annotated[SecretBytes, AfterValidator(_long_enough)] = Field(
        exclude=True, description="key of the HMAC-SHA256 that stands for a found value; at least 16 random bytes, kept with the deployment"
    )
    prose: Sources = Field(
        _PROSE,
        description="sources that people write. There an e-mail address, host or address counts wherever it stands; in what tools write, "
        "not where it is the whole value of a field (an endpoint, a machine) or the address of a maker (an author, a maintainer)",
    )
    secrets: Sources = Field(EVERYWHERE, description="credentials: keys, tokens, passwords, URLs with a password")
    card_numbers: Sources = Field(EVERYWHERE, description="payment card numbers of the known brands that pass the Luhn check")
    ibans: Sources = Field(EVERYWHERE, description="IBANs that pass their check digits")
    social_security_numbers: Sources = Field(EVERYWHERE, description="social security numbers of the United States, behind that name")
    email_addresses: Sources = Field(EVERYWHERE, description="e-mail addresses of persons outside ``allowed_email_domains``")
    phone_numbers: Sources = Field(EVERYWHERE, description="phone numbers in international form or labelled as such")
    internal_hosts: Sources = Field(EVERYWHERE, description="host names that end in one of ``internal_host_suffixes``")
    private_addresses: Sources = Field(EVERYWHERE, description="IP addresses of RFC 1918 and RFC 4193")
    internal_markers: Sources = Field(EVERYWHERE, description="one of ``internal_marker_phrases``")

    allowed_email_domains: frozenset[Label] = Field(
        frozenset(
            {"example.com", "example.org", "example.net", "example", "test", "invalid", "users.noreply.github.com", "gserviceaccount.com"}
        ),
        description="addresses at these domains and below them are no customer data: add the company's own",
    )
    internal_host_suffixes: frozenset[Label] = Field(
        frozenset({"internal", "corp", "intranet", "lan", "svc.cluster.local"}),
        description="ends of host names that are reached only from inside",
    )
    allowed_hosts: frozenset[Label] = Field(
        frozenset({"host.docker.internal", "gateway.docker.internal", "metadata.google.internal"}),
        description="names every machine of a kind knows; they tell nothing",
    )
    internal_marker_phrases: tuple[Annotated[str, Field(min_length=4)], ...] = Field(
        (
            "INTERNAL ONLY",
            "INTERNAL USE ONLY",
            "Internal use only",
            "FOR INTERNAL USE",
            "CONFIDENTIAL",
            "NOT FOR DISTRIBUTION",
            "DO NOT DISTRIBUTE",
            "TLP:RED",
            "TLP:AMBER",
        ),
        description="words, matched as they are written, that mark a text as not meant for readers outside",
    )

    @property
    def key_id(self) -> str:
        """Tells keys apart without telling the key: digests under another key differ."""
        return hashlib.sha256(b"release-staging digest key\0" + self.digest_key.get_secret_value()).hexdigest()[:16]

    def looks_for(self, kind: str, source: str | None) -> bool:
        """Whether ``kind`` (the name of one of the fields above) counts in a document of ``source``."""
        sources: Sources = getattr(self, kind)
        return source is None or sources == EVERYWHERE or source in sources

    def is_prose(self, source: str | None) -> bool:
        """Whether people wrote a document of ``source``; one that nobody recognised counts as theirs."""
        return self.looks_for("prose", source)


DEFAULT = DisclosureRules.model_validate({"digest_key": b"no digest is made with this"})
"""The rules where there is no policy at hand: to withhold by, not to digest by."""
