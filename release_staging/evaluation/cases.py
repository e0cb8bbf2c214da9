"""The labelled set: which packets, of which toolchains, with which faults. The same seed and size give the same set."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from random import Random

from release_staging.evaluation.corpus import with_real
from release_staging.evaluation.expected import CLEAN
from release_staging.evaluation.faults.fault import Fault, Faulty, Site, faults
from release_staging.evaluation.packets import Packet
from release_staging.evaluation.plan import Plan
from release_staging.evaluation.toolchains import toolchains

_CLEAN_SHARE = 6  # one packet in so many is clean
_ATTEMPTS = 20  # worlds that are tried until one has the wanted site


def plans(seed: int, size: int) -> list[Plan]:
    """``size`` packets: every family in every form at least once where there is room, the rest spread evenly over families."""
    chance = Random(f"{seed}/plans")
    names = [one.name for one in toolchains()]
    healthy = [Plan(f"{seed}/clean/{number}", names[number % len(names)]) for number in range(max(len(names), size // _CLEAN_SHARE))]
    broken = [
        Plan(f"{seed}/{family}/{number}", toolchain, family, form)
        for number, (family, form, toolchain) in zip(range(size - len(healthy)), _cells(chance), strict=False)
    ]
    return healthy + broken


def _cells(chance: Random) -> Iterator[tuple[str, str, str]]:
    """Family, form and toolchain, without end: family after family, each first once in every form, then in every toolchain."""
    where: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for toolchain in toolchains():
        probe = toolchain.packet("probe")
        for fault in faults():
            for form in sorted({site.form for site in fault.sites(probe)}):
                where[fault.family][form].append(toolchain.name)
    cells = {family: _in_turn(forms, chance) for family, forms in where.items()}
    for number in range(10**6):
        for family, turns in cells.items():
            form, home = turns[number % len(turns)]
            yield family, form, home


def _in_turn(forms: dict[str, list[str]], chance: Random) -> list[tuple[str, str]]:
    """Every form once, each in one of its toolchains, then the rest."""
    order = sorted(forms)
    chance.shuffle(order)
    for homes in forms.values():
        chance.shuffle(homes)
    most = max(map(len, forms.values()))
    return [(form, forms[form][turn]) for turn in range(most) for form in order if turn < len(forms[form])]


def build(plan: Plan) -> Faulty:
    """The packet of a plan, and what must come of it. Raises LookupError where no world has such a site."""
    toolchain = next(one for one in toolchains() if one.name == plan.toolchain)
    if plan.real is not None:
        packet, document = with_real(toolchain.packet(plan.name), plan.real)
        if plan.family is None:
            return Faulty(packet, CLEAN)
        made = _fault(plan.family).inject(packet, Site(document.format, document, document.facts.get("text", ())), _chance(packet, plan))
        if made is None:
            raise LookupError(f"{plan.family} does not fit {plan.real}")
        return made
    if plan.family is None:
        return Faulty(toolchain.packet(plan.name), CLEAN)
    for attempt in range(_ATTEMPTS):
        made = _injected(_fault(plan.family), toolchain.packet(f"{plan.name}/{attempt}"), plan)
        if made is not None:
            return made
    raise LookupError(f"{plan.family} finds no {plan.form} in any packet of {plan.toolchain}")


def _fault(family: str) -> Fault:
    return next(one for one in faults() if one.family == family)


def _injected(fault: Fault, packet: Packet, plan: Plan) -> Faulty | None:
    chance = _chance(packet, plan)
    sites = [site for site in fault.sites(packet) if site.form == plan.form]
    chance.shuffle(sites)
    return next((made for site in sites if (made := fault.inject(packet, site, chance)) is not None), None)


def _chance(packet: Packet, plan: Plan) -> Random:
    return packet.world.random("fault", plan.name)
