"""Intake quality: the four measures over the packets of production, where nobody knows the right answer beforehand.

Accepted without reconstruction comes from receipts; diversion from what held packets, and how soon they were staged then; completeness
from values that are led back to their sources; reliability under change from what could not be read as expected.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from release_staging.model.exceptions import Code
from release_staging.record.contract import Contract
from release_staging.record.traceability import untraced, value_at
from release_staging.staging.errors import VaultError
from release_staging.staging.receipts import Received
from release_staging.staging.statistics import Taken, Told

# What changed tools and formats bring: documents that are not what a reader expects.
FORM = (Code.SCHEMA_DRIFT, Code.EVIDENCE_UNRECOGNISED, Code.EVIDENCE_UNREADABLE, Code.EVIDENCE_EMPTY, Code.SCHEMA_INVALID)


@dataclass(frozen=True)
class Completeness:
    """Consequential fields of a record that have a value, and those of them of which every place leads back to what it says."""

    filled: int
    traced: int


@dataclass(frozen=True)
class Quality:
    packets: int
    staged: int
    held: int
    staged_at_once: int  # by their first revision
    restaged: int  # packets with more than one revision
    until_staged: Mapping[int, int]  # revisions that it took -> packets
    held_by_code: Mapping[str, int]  # packets that were ever held for it
    records: int
    with_receipt: int
    as_it_was: int  # of those
    not_usable: int
    fields: Sequence[tuple[str, int, int]]  # field, times reconstructed, times missing; most often first
    contracts: Mapping[tuple[str, str], int]  # contract version and outcome of last revisions
    form: Mapping[str, tuple[int, int]]  # code -> packets that have it now, and those that it holds
    with_form_problems: int
    sampled: int
    filled: int
    traced: int


def quality(taken: Sequence[Taken], told: Sequence[Told], received: Iterable[Received], sample: Sequence[Completeness]) -> Quality:
    """The measures over these packets. ``told`` are the exceptions of their revisions, ``received`` the receipts on their records."""
    processed = [one for one in taken if one.outcome is not None]
    last = {(one.packet, one.revisions) for one in processed}
    now = [one for one in told if (one.packet, one.revision) in last]
    verdicts, fields = _receipts(received)
    return Quality(
        packets=len(taken),
        staged=sum(one.outcome == "staged" for one in processed),
        held=sum(one.outcome == "held" for one in processed),
        staged_at_once=sum(one.first_staged == 1 for one in processed),
        restaged=sum(one.revisions > 1 for one in processed),
        until_staged=Counter(one.first_staged for one in processed if one.first_staged is not None),
        held_by_code=Counter(code for _, code in {(one.packet, one.code) for one in told if one.blocking}),
        records=sum(one.records for one in processed),
        with_receipt=len(verdicts),
        as_it_was=sum(said == {"as_it_was"} for said in verdicts.values()),
        not_usable=sum("not_usable" in said for said in verdicts.values()),
        fields=fields,
        contracts=Counter((one.contract or "", one.outcome or "") for one in processed),
        form={code.value: _form(now, code) for code in FORM},
        with_form_problems=len({one.packet for one in now if one.code in set(FORM)}),
        sampled=len(sample),
        filled=sum(one.filled for one in sample),
        traced=sum(one.traced for one in sample),
    )


def _form(now: Iterable[Told], code: Code) -> tuple[int, int]:
    having = [one for one in now if one.code == code]
    return len({one.packet for one in having}), len({one.packet for one in having if one.blocking})


def _receipts(received: Iterable[Received]) -> tuple[dict[tuple[str, int], set[str]], list[tuple[str, int, int]]]:
    """What is said of each record that has a receipt, and of fields. Who said something again is heard for the last time only."""
    last = {}
    for one in sorted(received, key=lambda one: one.at):
        last[one.packet_id, one.revision, one.receipt.by.kind, one.receipt.by.name] = one.receipt
    verdicts: dict[tuple[str, int], set[str]] = {}
    uses: Counter[tuple[str, str]] = Counter()
    for (packet, revision, _, _), receipt in last.items():
        verdicts.setdefault((packet, revision), set()).add(receipt.usable)
        uses.update((used.field, used.use) for used in receipt.fields)
    fields = [(field, uses[field, "reconstructed"], uses[field, "missing"]) for field in {field for field, _ in uses}]
    return verdicts, sorted((one for one in fields if any(one[1:])), key=lambda one: (-one[1] - one[2], one[0]))


def completeness(contract: Contract, document: Mapping[str, Any], resolve: Callable[[str, str], Any]) -> Completeness:
    """Of a staged record. A document that is not in the vault leads nowhere."""

    def resolved(name: str, locator: str) -> Any:
        try:
            return resolve(name, locator)
        except VaultError as error:
            raise LookupError(str(error)) from error

    astray = [pointer for pointer, _, _ in untraced(contract, document, resolved)]
    filled = [slot for slot in contract.slots if slot.consequential and value_at(document, slot.pointer) not in (None, [])]
    lost = [slot for slot in filled if any(at == slot.pointer or at.startswith(slot.pointer + "/") for at in astray)]
    return Completeness(len(filled), len(filled) - len(lost))
