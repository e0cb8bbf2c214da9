"""The four measures (``docs/EVALUATION.md``), over the results of the labelled set: plain numbers, overall and by family."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from release_staging.evaluation.faults.fault import Fault
from release_staging.evaluation.run import Result
from release_staging.evaluation.toolchains import toolchains

_MOST_TOLD = 200  # packets that were not diverted as they should be, told one by one


@dataclass(frozen=True)
class Share:
    """``part`` of ``whole``."""

    part: int
    whole: int

    @property
    def rate(self) -> float | None:
        """None where there is nothing to have a share of."""
        return self.part / self.whole if self.whole else None

    @property
    def percent(self) -> str:
        """For people: rounded down, so that only all of it is 100 %."""
        return "–" if self.rate is None else f"{int(self.rate * 1000) / 10:g} %"

    def __str__(self) -> str:
        return f"{self.part} of {self.whole}"


@dataclass(frozen=True)
class FamilyMeasure:
    """One fault family: packets with it that came out right, in all and by form. ``code`` is empty for what holds nothing."""

    family: str
    code: str
    title: str
    right: Share
    forms: dict[str, Share]


@dataclass(frozen=True)
class CodeMeasure:
    """One exception code: of the packets that should have it, those that do; of those that have it, those that should."""

    code: str
    recall: Share
    precision: Share


@dataclass(frozen=True)
class Toolchained:
    """One toolchain: its clean packets that were staged, and its faulty ones that came out right."""

    name: str
    title: str
    staged: Share
    right: Share


@dataclass(frozen=True)
class Measures:
    """``accepted`` is measure 1; ``diverted``, ``precise`` and ``false_holds`` are measure 2; ``traced``, ``confident`` and ``versioned``
    measure 3; ``changed`` measure 4.
    """

    packets: int
    accepted: Share  # clean packets that were staged with every consequential field resolved
    unresolved: dict[str, int]
    diverted: Share
    precise: Share  # of the codes that hold packets (or were expected to be told), those that should
    false_holds: Share
    traced: Share
    confident: Share
    versioned: Share
    changed: Share
    elsewhere: int
    families: tuple[FamilyMeasure, ...]
    codes: tuple[CodeMeasure, ...]
    toolchains: tuple[Toolchained, ...]
    misses: tuple[str, ...]


def measured(results: Iterable[Result], faults: Iterable[Fault]) -> Measures:
    """The measures of a set of results."""
    found = list(results)
    clean, faulty = [one for one in found if one.plan.family is None], [one for one in found if one.plan.family is not None]
    known = {one.family: one for one in faults}
    staged = [one for one in found if not one.held]
    codes = tuple(_codes(found))
    changed = [one for one in faulty if known[one.plan.family or ""].changed]
    return Measures(
        packets=len(found),
        accepted=Share(sum(not one.held and not one.completeness.unresolved for one in clean), len(clean)),
        unresolved=dict(Counter(name for one in clean for name in one.completeness.unresolved)),
        diverted=_right(faulty),
        precise=Share(sum(one.precision.part for one in codes), sum(one.precision.whole for one in codes)),
        false_holds=Share(sum(one.held for one in clean), len(clean)),
        traced=Share(sum(one.completeness.traced for one in staged), sum(one.completeness.filled for one in staged)),
        confident=Share(sum(one.completeness.confident for one in staged), sum(one.completeness.filled for one in staged)),
        versioned=Share(sum(one.completeness.versioned for one in staged), sum(one.completeness.documents for one in staged)),
        changed=_right(changed),
        elsewhere=sum(one.elsewhere for one in found),
        families=tuple(_families(faulty, known)),
        codes=codes,
        toolchains=tuple(_toolchains(clean, faulty)),
        misses=tuple(_told(one) for one in found if not one.right)[:_MOST_TOLD],
    )


def _right(results: list[Result]) -> Share:
    return Share(sum(one.right for one in results), len(results))


def _families(faulty: list[Result], known: dict[str, Fault]) -> Iterable[FamilyMeasure]:
    by_family: dict[str, dict[str, list[Result]]] = defaultdict(lambda: defaultdict(list))
    for one in faulty:
        by_family[one.plan.family or ""][one.plan.form or ""].append(one)
    for family, fault in known.items():
        forms = by_family.get(family, {})
        everything = [one for some in forms.values() for one in some]
        shares = {form: _right(forms[form]) for form in sorted(forms)}
        yield FamilyMeasure(family, fault.code.value if fault.code else "", fault.title, _right(everything), shares)


def _codes(found: list[Result]) -> Iterable[CodeMeasure]:
    wanted: Counter[str] = Counter()
    met: Counter[str] = Counter()
    strange: Counter[str] = Counter()
    for one in found:
        missed = {told.partition(" ")[0] for told in one.missed}
        wanted.update(one.expected)
        met.update(set(one.expected) - missed)
        strange.update({seen.code for seen in one.extra})
    for code in sorted({*wanted, *strange}):
        yield CodeMeasure(code, Share(met[code], wanted[code]), Share(met[code], met[code] + strange[code]))


def _toolchains(clean: list[Result], faulty: list[Result]) -> Iterable[Toolchained]:
    for one in toolchains():
        own = [result for result in clean if result.plan.toolchain == one.name]
        broken = [result for result in faulty if result.plan.toolchain == one.name]
        yield Toolchained(one.name, one.title, Share(sum(not result.held for result in own), len(own)), _right(broken))


def _told(one: Result) -> str:
    """What came out that should not have, or did not, in a line."""
    what = f"{one.plan.family or 'clean'} in {one.plan.form or 'nothing'} of {one.plan.toolchain} ({one.plan.name})"
    said = [f"missed {told}" for told in one.missed]
    said += [f"extra {seen.code} {seen.subject} {'; '.join(seen.places[:2])}" for seen in one.extra[:3]]
    said += list(one.wrong_values)
    said += [f"{'held' if one.held else 'staged'}"] if not said else []
    return f"{what}: {' | '.join(said)}"
