"""Checks of one attribute against the rules that there are for it."""

import re
from collections.abc import Iterable, Iterator
from enum import Enum

from pydicom.dataset import Dataset

from highdicom.records import record
from highdicom.standard.conditions import Scope, describe, holds
from highdicom.standard.model import (
    AttributeRule,
    AttributeType,
    Condition,
    ContextGroupBinding,
    PlacedRule,
    Requirement,
    Severity,
    Table,
    ValueList,
    Violation,
)
from highdicom.standard.tables import context_group
from highdicom.standard.values import (
    Element,
    Value,
    dictionary_multiplicity,
    dictionary_representation,
    equals,
    is_empty,
    is_sequence,
    stored_element,
    values_of,
)

__all__ = [
    "NOT_ENFORCED",
    "Place",
    "Standing",
    "applicable",
    "check_attribute",
    "check_codes",
    "check_number_of_items",
    "number_in_range",
    "standing_of_condition",
]

NOT_ENFORCED = Condition(None, None, None)
"""Condition of which nothing is known: what it guards is never missed."""

_CODE_VALUES = (0x00080100, 0x00080119, 0x00080120)
_CODING_SCHEME = 0x00080102
# Schemes whose codes have other designators or values in the tables.
_OTHER_SCHEMES = frozenset({"SRT", "SNM3", "99SDM"})
_MOST_VALUES_NAMED = 12
_RANGE = re.compile(r"(\d+)(?:-(\d*)(n?))?")


class Standing(Enum):
    """Whether an attribute has to, may or must not be there."""

    REQUIRED = "required"
    PERMITTED = "permitted"
    UNUSUAL = "unusual"
    """Its condition does not hold, and the standard does not say "may be present"."""
    FORBIDDEN = "forbidden"
    UNKNOWN = "unknown"


@record
class Place:
    """Dataset or item that is being checked.

    Parameters
    ----------
    scope
        The dataset with what encloses it.
    path
        Path to it, such as ``"SegmentSequence[0]"``; empty at the top.

    """

    scope: Scope
    path: str

    def path_of(self, keyword: str) -> str:
        """Path of an attribute of the dataset."""
        return f"{self.path}.{keyword}" if self.path else keyword

    def violation(
        self,
        rule: AttributeRule,
        source: Table,
        requirement: Requirement,
        message: str,
        severity: Severity = Severity.ERROR,
    ) -> Violation:
        """Violation concerning an attribute of the dataset."""
        path = self.path_of(rule.keyword)
        return Violation(
            path,
            rule.keyword,
            rule.tag,
            requirement,
            f"The attribute '{path}' {message}.",
            severity,
            source.key,
        )


def applicable(rules: tuple[PlacedRule, ...], scope: Scope) -> tuple[PlacedRule, ...]:
    """Rules but those of macros that are certainly not included."""
    if all(placed.gate is None for placed in rules):
        return rules
    return tuple(
        placed
        for placed in rules
        if placed.gate is None
        or placed.gate.required is None
        or holds(placed.gate.required, scope) is not False
    )


# Presence


def standing_of_condition(condition: Condition | None, scope: Scope) -> Standing:
    """Standing of something that is there or not under a condition."""
    if condition is None:
        return Standing.UNKNOWN
    if condition.forbidden is not None and holds(condition.forbidden, scope):
        return Standing.FORBIDDEN
    required = None
    if condition.required is not None:
        required = holds(condition.required, scope)
    if required is None:
        return Standing.UNKNOWN
    if required:
        return Standing.REQUIRED
    permitted = condition.permitted
    if permitted is None or isinstance(permitted, bool):
        answer = permitted
    else:
        answer = holds(permitted, scope) is not False or None
    if answer:
        return Standing.PERMITTED
    return Standing.UNUSUAL if answer is None else Standing.FORBIDDEN


def _standing(placed: PlacedRule, scope: Scope) -> Standing:
    """Standing of an attribute by one of its rules."""
    rule = placed.rule
    if rule.type.is_conditional:
        standing = standing_of_condition(rule.condition, scope)
    elif rule.type is AttributeType.OPTIONAL:
        standing = standing_of_condition(rule.condition, scope)
        if standing is not Standing.FORBIDDEN:
            standing = Standing.PERMITTED
    else:
        standing = Standing.REQUIRED
    gate = placed.gate
    if standing is not Standing.REQUIRED or gate is None:
        return standing
    is_included = gate.required is not None and holds(gate.required, scope)
    return Standing.REQUIRED if is_included else Standing.PERMITTED


def _required_text(rule: AttributeRule) -> str:
    """Type of a required attribute, with its condition."""
    condition = rule.condition.required if rule.condition else None
    if not rule.type.is_conditional or condition is None:
        return f"Type {rule.type.value}"
    return f"Type {rule.type.value}, required because {describe(condition)}"


def _check_missing(rules: Iterable[PlacedRule], place: Place) -> Iterator[Violation]:
    """Check an attribute that is not there."""
    unknown: PlacedRule | None = None
    for placed in rules:
        standing = _standing(placed, place.scope)
        if standing is Standing.REQUIRED:
            yield place.violation(
                placed.rule,
                placed.source,
                Requirement.PRESENCE,
                f"is missing: {_required_text(placed.rule)} in the {placed.source}",
            )
            return
        if standing is Standing.UNKNOWN and placed.gate is None:
            unknown = unknown or placed
    if unknown is not None:
        yield place.violation(
            unknown.rule,
            unknown.source,
            Requirement.PRESENCE,
            f"may be missing: the condition of Type {unknown.rule.type.value} in the "
            f"{unknown.source} cannot be checked",
            Severity.NOT_CHECKED,
        )


def _check_empty(rules: Iterable[PlacedRule], place: Place) -> Iterator[Violation]:
    """Check an attribute that is there without a value."""
    for placed in rules:
        rule = placed.rule
        if not rule.type.needs_value:
            continue
        standing = _standing(placed, place.scope)
        if standing is Standing.PERMITTED and rule.type.is_conditional:
            continue
        certain = standing is Standing.REQUIRED or not rule.type.is_conditional
        yield place.violation(
            rule,
            placed.source,
            Requirement.PRESENCE,
            f"is empty, but needs a value where it is present: Type {rule.type.value} "
            f"in the {placed.source}",
            Severity.ERROR if certain else Severity.WARNING,
        )
        return


def _check_uncalled(rules: tuple[PlacedRule, ...], place: Place) -> Iterator[Violation]:
    """Check whether an attribute is there that must not be."""
    standings = [_standing(placed, place.scope) for placed in rules]
    for placed, standing in zip(rules, standings, strict=True):
        condition = placed.rule.condition
        if standing is Standing.FORBIDDEN and condition is not None:
            forbidden = condition.forbidden
            reason = (
                f"when {describe(forbidden)}"
                if forbidden is not None and holds(forbidden, place.scope)
                else "as its condition does not hold"
            )
            yield place.violation(
                placed.rule,
                placed.source,
                Requirement.ABSENCE,
                f"must not be present {reason}: {placed.source}",
            )
            return
    if all(standing is Standing.UNUSUAL for standing in standings):
        first = rules[0]
        condition = first.rule.condition
        expected = condition.required if condition else None
        yield place.violation(
            first.rule,
            first.source,
            Requirement.ABSENCE,
            "is present although it is only called for when "
            f"{describe(expected) if expected else 'its condition holds'}: "
            f"{first.source}",
            Severity.WARNING,
        )


# Representation and multiplicity


def _check_representation(
    placed: PlacedRule, element: Element, place: Place
) -> Iterator[Violation]:
    expected = dictionary_representation(placed.rule.tag)
    vr = element.VR
    if not expected or not vr or vr == "UN" or vr in expected.split(" or "):
        return
    if " or " in vr:
        return  # ambiguous, as the dictionary has it, to be decided when written
    yield place.violation(
        placed.rule,
        placed.source,
        Requirement.VALUE_REPRESENTATION,
        f"has the value representation {vr}, but should have {expected}",
    )


def number_in_range(number: int, text: str) -> bool:
    """Whether a number is within one such as ``1``, ``1-3``, ``1-n``, ``2-2n``."""
    for part in text.split(" or "):
        match = _RANGE.fullmatch(part.strip())
        if match is None:
            return True  # unknown notation
        low, high, more = match.groups()
        if high is None:
            found = number == int(low)
        elif more:
            found = number >= int(low) and number % int(high or 1) == 0
        else:
            found = int(low) <= number <= int(high)
        if found:
            return True
    return False


def _check_multiplicity(
    rules: tuple[PlacedRule, ...], number: int, place: Place
) -> Iterator[Violation]:
    last = rules[-1]
    expected = dictionary_multiplicity(last.rule.tag)
    for placed in rules:
        expected = placed.rule.multiplicity or expected
    if expected and not number_in_range(number, expected):
        yield place.violation(
            last.rule,
            last.source,
            Requirement.VALUE_MULTIPLICITY,
            f"has {number} value{'s' if number != 1 else ''}, but should have {expected}",
        )


# Values


def _applicable_lists(
    rules: Iterable[PlacedRule], scope: Scope
) -> dict[int | None, tuple[PlacedRule, list[ValueList]]]:
    """Lists of values that apply, by number of the value.

    Of several modules, the one that stands last in the IOD is the most specific: its
    lists take the place of those of the others.
    """
    applicable: dict[int | None, tuple[PlacedRule, list[ValueList]]] = {}
    for placed in rules:
        own: dict[int | None, list[ValueList]] = {}
        for values in placed.rule.values:
            if values.condition is None or holds(values.condition, scope):
                own.setdefault(values.value_number, []).append(values)
        for number, lists in own.items():
            applicable[number] = (placed, lists)
    return applicable


def _check_list(
    placed: PlacedRule, allowed: ValueList, values: tuple[Value, ...], place: Place
) -> Iterator[Violation]:
    for value in values:
        if value == "" or any(equals(value, printed) for printed in allowed.values):
            continue
        named = ", ".join(f"'{text}'" for text in allowed.values[:_MOST_VALUES_NAMED])
        more = ", ..." if len(allowed.values) > _MOST_VALUES_NAMED else ""
        kind = "Enumerated Values" if allowed.is_enumerated else "Defined Terms"
        yield place.violation(
            placed.rule,
            placed.source,
            Requirement.VALUE,
            f"has the value '{value}', which is not among the {kind} {named}{more} of "
            f"the {placed.source}",
            Severity.ERROR if allowed.is_enumerated else Severity.WARNING,
        )
        return


def _check_values(
    rules: Iterable[PlacedRule], values: tuple[Value, ...], place: Place
) -> Iterator[Violation]:
    for number, (placed, lists) in _applicable_lists(rules, place.scope).items():
        concerned = values if number is None else values[number - 1 : number]
        for allowed in lists:
            yield from _check_list(placed, allowed, concerned, place)


# Sequences


def check_number_of_items(
    rules: Iterable[PlacedRule], number: int, place: Place
) -> Iterator[Violation]:
    """Check how many items a sequence has that is not empty."""
    for placed in rules:
        expected = placed.rule.number_of_items
        if expected and number and not number_in_range(number, expected):
            yield place.violation(
                placed.rule,
                placed.source,
                Requirement.NUMBER_OF_ITEMS,
                f"has {number} item{'s' if number != 1 else ''}, but should have "
                f"{expected}: {placed.source}",
            )
            return


def _code_of(item: Dataset) -> tuple[str, str] | None:
    """Coding scheme designator and code value of an item."""
    scheme = stored_element(item, _CODING_SCHEME)
    for tag in _CODE_VALUES:
        element = stored_element(item, tag)
        if element is None or scheme is None:
            continue
        value = element.value
        if isinstance(value, bytes):  # of long text, which has no multiple values
            value = value.decode("ascii", "replace").strip(" \0")
        schemes = values_of(scheme)
        return (str(schemes[0]), str(value)) if schemes else None
    return None


def _limits(binding: ContextGroupBinding | None) -> frozenset[tuple[str, str]] | None:
    """Codes of which one has to be used; None if others may be used."""
    group = context_group(binding.cid) if binding else None
    if binding is None or group is None or not group.codes:
        return None
    closed = binding.kind == "ECID" or (
        binding.kind == "DCID" and not group.is_extensible
    )
    return group.codes if closed else None


def check_codes(
    rules: Iterable[PlacedRule], index: int, item: Dataset, place: Place
) -> Iterator[Violation]:
    """Check whether the code of an item is in a context group that may not be extended."""
    for placed in rules:
        codes = _limits(placed.rule.context_group)
        code = _code_of(item) if codes else None
        if codes is None or code is None or code[0] in _OTHER_SCHEMES or code in codes:
            continue
        binding = placed.rule.context_group
        yield place.violation(
            placed.rule,
            placed.source,
            Requirement.CODE,
            f"has the code {code[0]} {code[1]} in item {index}, which is not in CID "
            f"{binding.cid if binding else ''}",
            Severity.WARNING,
        )


# All


def check_attribute(
    rules: tuple[PlacedRule, ...], element: Element | None, place: Place
) -> Iterator[Violation]:
    """Check everything about an attribute but the items of a sequence.

    Parameters
    ----------
    rules
        Rules for the attribute, those of the most specific module last.
    element
        The element; None if it is not there.
    place
        Where it stands.

    """
    if element is None:
        yield from _check_missing(rules, place)
        return
    yield from _check_uncalled(rules, place)
    yield from _check_representation(rules[-1], element, place)
    if is_empty(element):
        yield from _check_empty(rules, place)
        return
    if is_sequence(element):
        return
    values = values_of(element)
    if values is not None:
        yield from _check_multiplicity(rules, len(values), place)
        yield from _check_values(rules, values, place)
