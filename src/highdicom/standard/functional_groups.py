"""Checks of multi-frame functional groups (PS3.3 C.7.6.16)."""

from collections.abc import Iterator

from pydicom.dataset import Dataset

from highdicom.records import record
from highdicom.standard.checks import Place, Standing, standing_of_condition
from highdicom.standard.conditions import Scope
from highdicom.standard.model import (
    FunctionalGroupUse,
    Iod,
    PlacedRule,
    Requirement,
    Severity,
    Usage,
    Violation,
)
from highdicom.standard.sampling import Representative, Sample
from highdicom.standard.tables import level_of, macro
from highdicom.standard.values import equals, stored_element, values_of

__all__ = [
    "CURRENT_FRAME_GROUPS",
    "PER_FRAME_GROUPS",
    "SHARED_GROUPS",
    "FrameGroups",
    "check_functional_groups",
]

SHARED_GROUPS = 0x52009229
PER_FRAME_GROUPS = 0x52009230
CURRENT_FRAME_GROUPS = 0x00060001
_NUMBER_OF_FRAMES = 0x00280008
# "Shall not be used as a Shared" or "as a Per-frame Functional Group".
_NEVER_SHARED = {"frame-content", "unassigned-per-frame-converted-attributes"}
_NEVER_PER_FRAME = {"unassigned-shared-converted-attributes"}


@record
class FrameGroups:
    """Functional groups of a dataset.

    Parameters
    ----------
    top
        Scope of the dataset.
    shared
        Item of the shared functional groups, or of those of the current frame.
    frames
        Sample of the items of the per-frame functional groups; None if there is no such
        sequence.
    shared_keyword
        Keyword of the sequence that has the shared item.

    """

    top: Scope
    shared: Dataset | None
    frames: Sample | None
    shared_keyword: str

    def shared_place(self) -> Place | None:
        """Place of the shared item."""
        if self.shared is None:
            return None
        found = self.frames.representatives if self.frames else ()
        scope = Scope(
            self.shared,
            self.top,
            groups=(self.shared,),
            frames=tuple(representative.item for representative in found),
        )
        return Place(scope, f"{self.shared_keyword}[0]")

    def frame_places(self) -> Iterator[tuple[Representative, Place]]:
        """Places of the items that stand for the frames."""
        shared = () if self.shared is None else (self.shared,)
        for representative in self.frames.representatives if self.frames else ():
            item = representative.item
            scope = Scope(item, self.top, groups=(item, *shared))
            path = f"PerFrameFunctionalGroupsSequence[{representative.index}]"
            yield representative, Place(scope, path)


def _of_macro(key: str) -> PlacedRule:
    """Rule of the one sequence that a functional group macro has."""
    return next(iter(level_of(macro(key)).values()))[0]


def _misplaced(groups: FrameGroups, use: FunctionalGroupUse) -> Iterator[Violation]:
    """Check for a functional group that is where it must not be."""
    placed = _of_macro(use.macro)
    tag = placed.rule.tag
    shared = groups.shared_place()
    is_shared = shared is not None and tag in shared.scope.dataset
    if shared is not None and is_shared and use.macro in _NEVER_SHARED:
        yield shared.violation(
            placed.rule,
            placed.source,
            Requirement.FUNCTIONAL_GROUP,
            "must not be a shared functional group",
        )
    for representative, place in groups.frame_places():
        if tag not in representative.item:
            continue
        if is_shared:
            reason = "is a functional group of a frame, although it is shared, too"
        elif use.macro in _NEVER_PER_FRAME:
            reason = "must not be a functional group of a frame"
        else:
            continue
        yield place.violation(
            placed.rule,
            placed.source,
            Requirement.FUNCTIONAL_GROUP,
            reason + _others(representative),
        )


def _others(representative: Representative) -> str:
    """Words for the frames that a representative stands for."""
    others = representative.count - 1
    if not others:
        return ""
    return f" (and likewise in {others} other frame{'s' if others > 1 else ''})"


def _standing(use: FunctionalGroupUse, scope: Scope) -> Standing:
    if use.usage is Usage.MANDATORY:
        return Standing.REQUIRED
    if use.usage is Usage.CONDITIONAL:
        return standing_of_condition(use.condition, scope)
    return Standing.PERMITTED


def _missing(groups: FrameGroups, use: FunctionalGroupUse) -> Iterator[Violation]:
    """Check for a functional group that is neither shared nor in a frame that needs it."""
    placed = _of_macro(use.macro)
    tag = placed.rule.tag
    shared = groups.shared_place()
    if shared is not None and tag in shared.scope.dataset:
        yield from _uncalled(placed, use, shared)
        return
    places = list(groups.frame_places())
    if not places and shared is not None and use.macro not in _NEVER_SHARED:
        places = [(Representative(0, 1, shared.scope.dataset), shared)]
    for representative, place in places:
        if tag in representative.item:
            yield from _uncalled(placed, use, place)
            continue
        if _standing(use, place.scope) is Standing.REQUIRED:
            yield place.violation(
                placed.rule,
                placed.source,
                Requirement.FUNCTIONAL_GROUP,
                "is missing, and the functional group is not shared either"
                + _others(representative),
            )


def _uncalled(
    placed: PlacedRule, use: FunctionalGroupUse, place: Place
) -> Iterator[Violation]:
    """Check for a functional group whose condition does not hold."""
    standing = _standing(use, place.scope)
    if standing in {Standing.UNUSUAL, Standing.FORBIDDEN}:
        certain = standing is Standing.FORBIDDEN
        yield place.violation(
            placed.rule,
            placed.source,
            Requirement.ABSENCE,
            "is present although the condition of the functional group does not hold",
            Severity.ERROR if certain else Severity.WARNING,
        )


def _number_of_frames(groups: FrameGroups, rule: PlacedRule) -> Iterator[Violation]:
    """Check that there are as many items as frames."""
    element = stored_element(groups.top.dataset, _NUMBER_OF_FRAMES)
    values = values_of(element) if element is not None else None
    if groups.frames is None or not values:
        return
    number = groups.frames.number_of_items
    if not equals(values[0], str(number)):
        yield Place(groups.top, "").violation(
            rule.rule,
            rule.source,
            Requirement.NUMBER_OF_ITEMS,
            f"has {number} items, but Number of Frames is {values[0]}",
        )


def check_functional_groups(
    iod: Iod, groups: FrameGroups, per_frame_rule: PlacedRule | None
) -> Iterator[Violation]:
    """Check that each functional group is where it has to be.

    Parameters
    ----------
    iod
        The IOD.
    groups
        Functional groups of the dataset.
    per_frame_rule
        Rule of the Per-Frame Functional Groups Sequence, if the IOD has one.

    """
    if per_frame_rule is not None:
        yield from _number_of_frames(groups, per_frame_rule)
    for use in iod.functional_groups:
        yield from _misplaced(groups, use)
        yield from _missing(groups, use)
