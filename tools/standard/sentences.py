"""Reads the sentences that PS3.3 uses again and again.

What is not understood in full is left alone: it gives no expression, never half of one.
"""

import re
from collections.abc import Iterator
from typing import Any

__all__ = ["condition_of", "number_of_items", "slug_of"]

Expression = list[Any]

_TAG = r"\((?P<tag>[0-9A-F]{4},[0-9A-F]{4})\)"
_NUMBER = r"(?:,? [Vv]alue (?P<after>\d))?"
_VALUES = r"(?P<values>[A-Z0-9][A-Z0-9_]*(?:(?:, (?:or )?| or )[A-Z0-9][A-Z0-9_]*)*)"
# No "and" or "or": what stands before them is another clause.
_WORD = r"(?:[A-Z0-9][^\s(]*|\([A-Z][a-z]+\)|of|in|to|for|from|by|with|per|on)"
_NAME = (
    r"(?:[Tt]he )?(?:[Vv]alue (?P<before>\d) of )?(?:the )?(?:[Vv]alue of )?"
    rf"{_WORD}(?: {_WORD})*"
)
_CLAUSES = (
    (rf"{_NAME} ?{_TAG} is not present", "absent"),
    (rf"{_NAME} ?{_TAG} (?:is|are) absent", "absent"),
    (rf"{_NAME} ?{_TAG} (?:is|are) present", "present"),
    (rf"{_NAME} ?{_TAG}{_NUMBER} (?:is not|does not equal) {_VALUES}", "ne"),
    (rf"{_NAME} ?{_TAG}{_NUMBER} (?:is|equals|has the [Vv]alue) {_VALUES}", "eq"),
)
_ITEMS = (
    (r"[Oo]nly a single Item shall be included", "1"),
    (r"[Oo]nly a single Item is permitted", "0-1"),
    (r"[Zz]ero or one Items? shall be included", "0-1"),
    (r"[Oo]ne or more Items shall be included", "1-n"),
    (r"[Oo]ne or more Items are permitted", "0-n"),
    (r"[Zz]ero or more Items (?:shall be included|are permitted)", "0-n"),
    (r"[Tt]wo or more Items shall be included", "2-n"),
)


def slug_of(name: str) -> str:
    """Key of a module, macro or IOD of that name."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def number_of_items(description: str) -> str | None:
    """Number of items that a description asks for, such as ``1-n``."""
    for pattern, number in _ITEMS:
        if re.search(pattern, description):
            return number
    return None


def _test(clause: str) -> Expression | None:
    """Read a clause about one attribute."""
    for pattern, operator in _CLAUSES:
        match = re.fullmatch(pattern, clause.strip())
        if match is None:
            continue
        groups = match.groupdict()
        test = [operator, groups["tag"].replace(",", "")]
        if groups.get("values"):
            test.append(re.split(r", (?:or )?| or ", groups["values"]))
        number = groups.get("before") or groups.get("after")
        return [*test, int(number)] if number else test
    return None


def _joined(text: str, word: str) -> Expression | None:
    """Read clauses joined by one word."""
    # A new clause names an attribute; "A or B" alone are values of one clause.
    parts = re.split(rf",? {word} (?:if )?(?=[^()]*\([0-9A-F]{{4}},)", text)
    tests = [_test(part) for part in parts]
    if None in tests:
        return None
    return tests[0] if len(tests) == 1 else [word, *tests]


def _expression(text: str) -> Expression | None:
    """Read what follows "Required if"."""
    return _joined(text, "and") or _joined(text, "or")


def _sentences(text: str) -> Iterator[str]:
    for sentence in re.split(r"(?<=[^A-Z0-9])\.(?:\s|$)|\.\s+(?=[A-Z])|\.$", text):
        if sentence and sentence.strip():
            yield sentence.strip()


def condition_of(description: str) -> dict[str, Any]:
    """Condition that a description gives.

    Parameters
    ----------
    description
        Text of the last column of a table, or what follows the letter C of a usage.

    Returns
    -------
    dict
        With the keys ``required``, ``allowed`` and ``forbidden`` as far as they are
        understood. The text itself is not kept.

    """
    condition: dict[str, Any] = {}
    for sentence in _sentences(" ".join(description.split())):
        main = re.sub(r"(?i)[,;] may be present otherwise.*", "", sentence)
        if main != sentence or re.match(r"(?i)(otherwise )?may be present", main):
            condition["allowed"] = True
        if re.match(
            r"(?i)(it )?shall not be present otherwise|otherwise not used", main
        ):
            condition["allowed"] = False
        requirement = re.match(r"(?:Required|Shall be present) if (.*)", main)
        if requirement:
            # Two requirements in a row: one of them alone would say too little.
            known = "required" in condition
            condition["required"] = None if known else _expression(requirement[1])
        prohibition = re.match(r"Shall not be present if (.*)", main)
        if prohibition:
            condition["forbidden"] = _expression(prohibition[1])
    return {key: value for key, value in condition.items() if value is not None}
