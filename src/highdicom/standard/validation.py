"""Walks a dataset along the tables and lists where it departs from the standard."""

from collections import deque
from collections.abc import Iterator
from dataclasses import replace

from pydicom.datadict import keyword_for_tag
from pydicom.dataset import Dataset
from pydicom.tag import BaseTag

from highdicom.errors import ArgumentTypeError
from highdicom.standard.checks import (
    Place,
    applicable,
    check_attribute,
    check_codes,
    check_number_of_items,
)
from highdicom.standard.conditions import Scope
from highdicom.standard.consistency import check_number, check_pixel_data
from highdicom.standard.functional_groups import (
    CURRENT_FRAME_GROUPS,
    PER_FRAME_GROUPS,
    SHARED_GROUPS,
    FrameGroups,
    check_functional_groups,
)
from highdicom.standard.model import (
    Iod,
    PlacedRule,
    Requirement,
    Severity,
    Violation,
)
from highdicom.standard.names import iod_key_of
from highdicom.standard.references import References
from highdicom.standard.representations import misfit_of
from highdicom.standard.sampling import Sample, sample_of
from highdicom.standard.tables import (
    Level,
    edition,
    iod_of,
    level_of_items,
)
from highdicom.standard.usage import (
    functional_group_level,
    repeating_groups,
    top_level,
)
from highdicom.standard.values import (
    equals,
    is_sequence,
    items_of,
    stored_element,
    values_of,
)

__all__ = ["validate"]

_SOP_CLASS_UID = 0x00080016
_MEDIA_STORAGE_SOP_CLASS_UID = 0x00020002
_MEDIA_DIRECTORY = "1.2.840.10008.1.3.10"
_NUMBER_OF_FRAMES = 0x00280008
_DEEPEST = 64
_GROUPS_OF_FRAMES = frozenset({SHARED_GROUPS, PER_FRAME_GROUPS, CURRENT_FRAME_GROUPS})


class _Walk:
    """Datasets that are still to be checked, and what was found so far."""

    def __init__(self, iod: Iod, dataset: Dataset) -> None:
        self.iod = iod
        self.top = Scope(dataset)
        self.violations: list[Violation] = []
        self.pending: deque[tuple[Level, Place]] = deque()
        # Items by identity with the rules they were checked by. An item that stands at
        # several places is checked at the first. They are kept, so that no identity is
        # used again.
        self.seen: dict[tuple[int, int], tuple[Dataset, Level]] = {}
        self.references = References(iod, dataset)

    def run(self) -> list[Violation]:
        """Check everything."""
        level = top_level(self.iod, self.top)
        place = Place(self.top, "")
        self.check(level, place)
        self.violations += check_pixel_data(self.top.dataset, place)
        if _NUMBER_OF_FRAMES not in level:
            self.violations += _several_frames(self.iod, place)
        if self.iod.functional_groups:
            self.check_frames(level)
        while self.pending:
            self.check(*self.pending.popleft())
        self.violations += self.references.unlisted()
        return self.violations

    def check(self, level: Level, place: Place) -> None:
        """Check a dataset or item."""
        for tag, rules in level.items():
            if rules[0].rule.is_repeating:
                self.check_repeating(rules, place)
            else:
                self.check_one(tag, rules, place)
        self.violations += _check_formats(place)
        self.references.note(place)

    def check_repeating(self, rules: tuple[PlacedRule, ...], place: Place) -> None:
        """Check an attribute in each repeating group that the dataset has."""
        for group in repeating_groups(place.scope.dataset):
            here = tuple(
                replace(p, rule=replace(p.rule, tag=group << 16 | p.rule.tag & 0xFFFF))
                for p in rules
            )
            self.check_one(here[0].rule.tag, here, place)

    def check_one(self, tag: int, rules: tuple[PlacedRule, ...], place: Place) -> None:
        """Check one attribute, and put the items of a sequence in the queue."""
        rules = applicable(rules, place.scope)
        if not rules:
            return
        element = stored_element(place.scope.dataset, tag)
        self.violations += check_attribute(rules, element, place)
        if element is None or not is_sequence(element):
            return
        if place.scope.parent is None and tag in _GROUPS_OF_FRAMES:
            return
        sample = self.sample(tag, rules[-1], place)
        if sample is not None:
            self.violations += check_number_of_items(
                rules, sample.number_of_items, place
            )
            level = level_of_items(rules)
            for representative in sample.representatives:
                index, item = representative.index, representative.item
                self.violations += check_codes(rules, index, item, place)
                path = f"{place.path_of(rules[0].rule.keyword)}[{index}]"
                self.enqueue(level, Place(Scope(item, place.scope), path), rules[-1])

    def sample(self, tag: int, rule: PlacedRule, place: Place) -> Sample | None:
        """Items of a sequence that are to be looked at."""
        sample = sample_of(place.scope.dataset, tag)
        if sample is None:
            self.nesting(rule, place, "cannot be read as a sequence of items")
            return None
        for index, reason in sample.unreadable.items():
            self.nesting(
                rule, place, f"has an item {index} that cannot be read: {reason}"
            )
        if not sample.is_complete:
            self.nesting(
                rule,
                place,
                "has more different items than are looked at",
                Severity.NOT_CHECKED,
            )
        return sample

    def nesting(
        self,
        rule: PlacedRule,
        place: Place,
        message: str,
        severity: Severity = Severity.ERROR,
    ) -> None:
        """Note that a sequence cannot be followed."""
        self.violations.append(
            place.violation(
                rule.rule,
                rule.source,
                Requirement.NESTING,
                message.rstrip("."),
                severity,
            )
        )

    def enqueue(self, level: Level, place: Place, rule: PlacedRule) -> None:
        """Put an item in the queue, unless that would never end."""
        item = place.scope.dataset
        parent = place.scope.parent
        above = Place(parent or place.scope, _above(place.path))
        if parent is not None and parent.encloses(item):
            self.nesting(rule, above, "contains itself")
        elif place.scope.depth > _DEEPEST:
            self.nesting(
                rule,
                above,
                f"is nested more than {_DEEPEST} sequences deep, and not looked at",
            )
        elif (id(item), id(level)) not in self.seen:
            self.seen[id(item), id(level)] = (item, level)
            self.pending.append((level, place))

    def check_frames(self, level: Level) -> None:
        """Check the functional groups."""
        per_frame = level.get(PER_FRAME_GROUPS)
        shared_tag = CURRENT_FRAME_GROUPS if per_frame is None else SHARED_GROUPS
        shared_rules = level.get(shared_tag)
        if shared_rules is None:
            return
        place = Place(self.top, "")
        shared = self.frame_items(shared_tag, shared_rules, place)
        frames = self.frame_items(PER_FRAME_GROUPS, per_frame or (), place)
        first = (
            shared.representatives[0].item
            if shared and shared.representatives
            else None
        )
        keyword = shared_rules[0].rule.keyword
        groups = FrameGroups(self.top, first, frames, keyword)
        if shared or frames:
            self.violations += check_functional_groups(
                self.iod, groups, per_frame[0] if per_frame else None
            )
        inner = functional_group_level(self.iod)
        shared_place = groups.shared_place()
        if shared_place is not None:
            self.enqueue(inner, shared_place, shared_rules[0])
        for _, frame_place in groups.frame_places():
            self.enqueue(inner, frame_place, (per_frame or shared_rules)[0])

    def frame_items(
        self, tag: int, rules: tuple[PlacedRule, ...], place: Place
    ) -> Sample | None:
        """Items of one of the sequences of functional groups."""
        element = stored_element(self.top.dataset, tag)
        if not rules or element is None or not is_sequence(element):
            return None
        sample = self.sample(tag, rules[0], place)
        if sample is not None:
            self.violations += check_number_of_items(
                rules, sample.number_of_items, place
            )
        return sample


def _check_formats(place: Place) -> Iterator[Violation]:
    """Check all values of a dataset or item, whether a rule names them or not."""
    dataset = place.scope.dataset
    for tag in dataset.keys():  # noqa: SIM118 (iteration would convert elements)
        element = stored_element(dataset, tag)
        if tag.is_private or element is None:
            continue
        misfit = misfit_of(element)
        if misfit is not None:
            yield _misfit(tag, misfit, place)
        yield from check_number(int(tag), element, place)


def _check_all_formats(dataset: Dataset) -> Iterator[Violation]:
    """Check all values of a dataset of which no more is known."""
    pending = deque([Place(Scope(dataset), "")])
    seen: set[int] = set()
    while pending:
        place = pending.popleft()
        if id(place.scope.dataset) in seen or place.scope.depth > _DEEPEST:
            continue
        seen.add(id(place.scope.dataset))
        yield from _check_formats(place)
        inner = place.scope.dataset
        for tag in inner.keys():  # noqa: SIM118 (iteration would convert elements)
            element = stored_element(inner, tag)
            if tag.is_private or element is None or not is_sequence(element):
                continue
            path = place.path_of(keyword_for_tag(tag) or str(tag))
            pending += (
                Place(Scope(item, place.scope), f"{path}[{index}]")
                for index, item in enumerate(items_of(inner, tag) or ())
            )


def _several_frames(iod: Iod, place: Place) -> Iterator[Violation]:
    """Check that there is one frame where the IOD knows of no number."""
    element = stored_element(place.scope.dataset, _NUMBER_OF_FRAMES)
    values = values_of(element) if element is not None else None
    if values and not equals(values[0], "1"):
        yield Violation(
            "NumberOfFrames",
            "NumberOfFrames",
            _NUMBER_OF_FRAMES,
            Requirement.CONSISTENCY,
            f"The attribute 'NumberOfFrames' has the value '{values[0]}', but the "
            f"{iod.name} IOD is of a single frame.",
            Severity.ERROR,
            "consistency",
        )


def _misfit(tag: BaseTag, misfit: str, place: Place) -> Violation:
    path = place.path_of(keyword_for_tag(tag) or str(tag))
    return Violation(
        path,
        keyword_for_tag(tag),
        int(tag),
        Requirement.VALUE_FORMAT,
        f"The attribute '{path}' {misfit} (PS3.5 Table 6.2-1).",
        Severity.ERROR,
        "value-representations",
    )


def _above(path: str) -> str:
    """Path of what contains an item."""
    return path.rpartition(".")[0]


def _sop_class_of(dataset: Dataset) -> str:
    element = stored_element(dataset, _SOP_CLASS_UID)
    values = values_of(element) if element is not None else None
    return str(values[0]) if values else ""


def _unknown_sop_class(dataset: Dataset, uid: str) -> Violation:
    """Say why a dataset cannot be checked along the tables."""
    element = stored_element(dataset, _MEDIA_STORAGE_SOP_CLASS_UID)
    values = values_of(element) if element is not None else None
    severity = Severity.NOT_CHECKED
    if uid:
        message = (
            f"The SOP class '{uid}' is not in the tables of DICOM {edition()}, so that "
            "only formats of values were checked."
        )
    elif values and values[0] == _MEDIA_DIRECTORY:
        message = "Of directories of media, only formats of values were checked."
    else:
        message = "The attribute 'SOPClassUID' is missing or empty: Type 1 in all IODs."
        severity = Severity.ERROR
    return Violation(
        "SOPClassUID",
        "SOPClassUID",
        _SOP_CLASS_UID,
        Requirement.SOP_CLASS,
        message,
        severity,
        "sop-common",
    )


def validate(
    dataset: Dataset, iod: Iod | None = None, *, report_unchecked: bool = False
) -> list[Violation]:
    """List where a dataset departs from its IOD (PS3.3).

    Checked are: which attributes have to, may and must not be there, as far as their
    conditions are known; Enumerated Values and Defined Terms; value multiplicity and
    value representation; numbers of items; codes of context groups that may not be
    extended; formats of texts and numbers, of whatever attribute; whether spacing,
    orientation, dimension indices and the amount of native pixel data are possible; and
    functional groups, which have to be either shared or in every frame.
    Attributes that the IOD does not have are no violation: standard extended SOP
    classes may have more.

    The dataset is not changed. Of sequences with many items, one item of each kind is
    looked at, so that the time stays proportional to their size.

    Parameters
    ----------
    dataset
        Top-level data set.
    iod
        IOD; that of the SOP Class UID of the dataset if it is not given.
    report_unchecked
        Whether to list, with the severity `Severity.NOT_CHECKED`, what the standard
        requires under conditions that cannot be checked, too.

    Returns
    -------
    list of Violation
        In the order of the IOD, outer attributes before those nested in them; empty if
        nothing is wrong. A SOP class that is not in the tables gives one entry that says
        so, and those on formats of values.

    Raises
    ------
    ArgumentTypeError
        If the first argument is not a dataset.

    Examples
    --------
    >>> from pydicom.dataset import Dataset
    >>> from highdicom.standard import iod_of, validate
    >>> dataset = Dataset()
    >>> dataset.SOPClassUID = "1.2.840.10008.5.1.4.1.1.7"
    >>> [violation.path for violation in validate(dataset)][:3]
    ['PatientName', 'PatientID', 'PatientBirthDate']

    """
    if not isinstance(dataset, Dataset):
        raise ArgumentTypeError(
            f"'dataset' has to be a Dataset, not {type(dataset).__name__}."
        )
    if iod is None:
        uid = _sop_class_of(dataset)
        if iod_key_of(uid) is None:
            unknown = _unknown_sop_class(dataset, uid)
            return [unknown, *_check_all_formats(dataset)]
        iod = iod_of(uid)
    found = _Walk(iod, dataset).run()
    if report_unchecked:
        return found
    return [v for v in found if v.severity is not Severity.NOT_CHECKED]
