"""Whether policy accepts whom a certificate names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from release_staging.config.trust import AcceptedIdentity
from release_staging.evidence.provenance_attestations import certificate as certificates

_SHOWN = 300  # characters of a name or an issuer that a reason quotes


class NotAccepted(Exception):
    """``str()`` says whom the certificate names."""


@dataclass
class Accepted:
    """What the library asks about a certificate once it knows whose it is. ``signer`` is then who it was, in words."""

    identities: Sequence[AcceptedIdentity]
    signer: str = field(default="", init=False)

    def verify(self, cert: x509.Certificate) -> None:
        """Raises NotAccepted where policy accepts nobody whom ``cert`` names."""
        found = certificates.parse(cert.public_bytes(Encoding.DER))
        names, issuers = (found.names, found.issuers) if found is not None else ((), ())
        for name in names:
            if len(issuers) == 1 and any(identity.accepts(name, issuers[0]) for identity in self.identities):
                self.signer = _in_words([name], issuers)
                return
        raise NotAccepted(_in_words(names, issuers))


def _in_words(names: Sequence[str], issuers: Sequence[str]) -> str:
    who, by = " and ".join(map(_shown, names)) or "nobody", " and ".join(issuers) or "nobody"
    return f"{_printable(who)}, vouched for by {_printable(by)}"


def _shown(name: str) -> str:
    """A workload's name as it stands; of a person's only where the account is: the rest is nobody's business here."""
    if "://" not in name:
        for mark, kind in (("@", "an e-mail address"), ("!", "a user name")):
            if mark in name:
                return f"{kind} at {name.rpartition(mark)[2]}"
    return name


def _printable(text: str) -> str:
    return "".join(one if one.isprintable() else "?" for one in text[:_SHOWN])
