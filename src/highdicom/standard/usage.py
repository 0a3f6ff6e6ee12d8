"""Which modules of an IOD a dataset uses, and the rules that follow."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache

from pydicom.dataset import Dataset

from highdicom.standard.checks import NOT_ENFORCED
from highdicom.standard.conditions import Scope, holds
from highdicom.standard.model import AttributeType, Iod, ModuleUse, Usage
from highdicom.standard.tables import Level, combined_level, level_of, macro, module

__all__ = ["functional_group_level", "repeating_groups", "top_level"]

_FIRST_REPEATING_GROUP = 0x6000
_LAST_REPEATING_GROUP = 0x60FE


def repeating_groups(dataset: Dataset) -> list[int]:
    """Group numbers 60xx that a dataset has elements of."""
    groups = {tag >> 16 for tag in dataset.keys()}  # noqa: SIM118
    return sorted(
        group
        for group in groups
        if _FIRST_REPEATING_GROUP <= group <= _LAST_REPEATING_GROUP and group % 2 == 0
    )


@lru_cache(maxsize=64)
def _evidence(iod: Iod) -> dict[str, tuple[int, ...]]:
    """Tags that show that a module is used, for each that need not be.

    They belong to no other module of the IOD; Type 3 attributes show nothing, since they
    may be added to any dataset.
    """
    levels = {use.module: level_of(module(use.module)) for use in iod.modules}
    counts = Counter(tag for level in levels.values() for tag in level)
    return {
        use.module: tuple(
            tag
            for tag, rules in levels[use.module].items()
            if counts[tag] == 1
            and any(p.rule.type is not AttributeType.OPTIONAL for p in rules)
        )
        for use in iod.modules
        if use.usage is not Usage.MANDATORY
    }


def _present(tags: Iterable[int], dataset: Dataset) -> bool:
    """Whether a dataset has one of the attributes."""
    groups = None
    for tag in tags:
        if tag in dataset:
            return True
        if tag >> 16 == _FIRST_REPEATING_GROUP:
            groups = repeating_groups(dataset) if groups is None else groups
            if any((group << 16 | tag & 0xFFFF) in dataset for group in groups):
                return True
    return False


def _is_used(use: ModuleUse, iod: Iod, scope: Scope) -> bool:
    if use.usage is Usage.MANDATORY:
        return True
    answer = None
    if use.condition is not None and use.condition.required is not None:
        answer = holds(use.condition.required, scope)
    if answer is None or (
        answer is False and use.condition and use.condition.permitted
    ):
        return _present(_evidence(iod)[use.module], scope.dataset)
    return answer


def _not_enforced(level: Level) -> Level:
    """Rules of what may, but need not be there."""
    return {
        tag: tuple(replace(placed, gate=NOT_ENFORCED) for placed in rules)
        for tag, rules in level.items()
    }


@lru_cache(maxsize=64)
def _level(iod: Iod, used: tuple[bool, ...]) -> Level:
    def levels() -> Iterator[Level]:
        for use, is_used in zip(iod.modules, used, strict=True):
            level = level_of(module(use.module))
            yield level if is_used else _not_enforced(level)

    return combined_level(list(levels()))


def top_level(iod: Iod, scope: Scope) -> Level:
    """Rules of the top-level data set of an IOD.

    Nothing is missed of modules that the dataset need not have and shows no sign of.
    """
    return _level(iod, tuple(_is_used(use, iod, scope) for use in iod.modules))


@lru_cache(maxsize=64)
def functional_group_level(iod: Iod) -> Level:
    """Rules of an item of the functional groups of an IOD; none of them is missed."""
    return _not_enforced(
        combined_level([level_of(macro(use.macro)) for use in iod.functional_groups])
    )
