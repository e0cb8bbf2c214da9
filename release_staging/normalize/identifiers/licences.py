"""SPDX licence expressions (SPDX 2.3 annex D), in one form for those that say the same.

The list of ids and the check of the grammar are those of ``packaging`` (PEP 639), which knows no other names. It keeps
deprecated ids and the order of operands; what these come to is written here.
"""

from __future__ import annotations

import re

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

from release_staging.normalize.identifiers.identifier import Identifier

_LONGEST, _MOST_PARENTHESES = 4096, 100
Together = frozenset[str]  # licences that hold together
Alternatives = frozenset[Together]
_NOT_STATED = ("NOASSERTION", "NONE")  # SPDX's own words for no statement and for no licence
# GNU's ids of before list version 3.0: "GPL-2.0" said "only", a plus "or later", and an exception was a part of the id.
_GNU = re.compile(r"((?:A|L)?GPL-[123]\.[01]|GFDL-1\.[123])(\+?)")
_WITH = {
    **{
        f"GPL-2.0-with-{name}-exception": f"GPL-2.0-only WITH {exception}"
        for name, exception in (
            ("autoconf", "Autoconf-exception-2.0"),
            ("bison", "Bison-exception-2.2"),
            ("classpath", "Classpath-exception-2.0"),
            ("font", "Font-exception-2.0"),
            ("GCC", "GCC-exception-2.0"),
        )
    },
    "GPL-3.0-with-autoconf-exception": "GPL-3.0-only WITH Autoconf-exception-3.0",
    "GPL-3.0-with-GCC-exception": "GPL-3.0-only WITH GCC-exception-3.1",
}


def licence(text: str) -> Identifier:
    """A licence expression with current ids, operands in order, none twice and no needless parentheses.

    A list (``MIT, Apache-2.0``), of which nobody says how its members relate, is put in order. Free text stays what was written.
    """
    bare = text.strip()
    if bare in _NOT_STATED:
        return Identifier(bare)
    if len(bare) > _LONGEST or bare.count("(") > _MOST_PARENTHESES:
        return Identifier(bare, False, "too long for a licence expression")
    try:
        members = {_text(_alternatives(_tokens(member))) for member in bare.split(", ")}
    except InvalidLicenseExpression:
        return Identifier(bare, False, "not an SPDX licence expression")
    return Identifier(", ".join(sorted(members)), note="how its licences relate is not said" if len(members) > 1 else None)


def _tokens(text: str) -> list[str]:
    """The tokens of an expression, the first one last. Raises InvalidLicenseExpression for what is none; what is read below is one."""
    return canonicalize_license_expression(text).replace("(", "( ").replace(")", " )").split()[::-1]


def _alternatives(tokens: list[str]) -> Alternatives:
    """Reads ``a OR b``."""
    found = _together(tokens)
    while tokens and tokens[-1] == "OR":
        tokens.pop()
        found |= _together(tokens)
    return found


def _together(tokens: list[str]) -> Alternatives:
    """Reads ``a AND b``. A choice within it stays one."""
    operands = {_operand(tokens)}
    while tokens and tokens[-1] == "AND":
        tokens.pop()
        operands.add(_operand(tokens))
    if len(operands) == 1:
        return operands.pop()
    parts = [next(iter(one)) if len(one) == 1 else frozenset((f"({_text(one)})",)) for one in operands]
    return frozenset((frozenset[str]().union(*parts),))


def _operand(tokens: list[str]) -> Alternatives:
    name = tokens.pop()
    if name == "(":
        inside = _alternatives(tokens)
        tokens.pop()
        return inside
    name = _current(name)
    if tokens and tokens[-1] == "WITH":
        tokens.pop()
        name = f"{name} WITH {tokens.pop()}"
    return frozenset((frozenset((name,)),))


def _current(name: str) -> str:
    gnu = _GNU.fullmatch(name)
    return gnu[1] + ("-or-later" if gnu[2] else "-only") if gnu else _WITH.get(name, name)


def _text(alternatives: Alternatives) -> str:
    return " OR ".join(sorted(" AND ".join(sorted(one)) for one in alternatives))
