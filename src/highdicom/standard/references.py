"""Whether instances that are referenced are listed, too (PS3.3 C.12.2)."""

from collections.abc import Iterator

from pydicom.dataset import Dataset

from highdicom.standard.checks import Place
from highdicom.standard.model import (
    Iod,
    Requirement,
    Severity,
    Usage,
    Violation,
)

__all__ = ["References"]

_REFERENCED_SOP_INSTANCE_UID = 0x00081155
_REFERENCED_SERIES = 0x00081115
_OTHER_STUDIES = 0x00081200
_COMMON = "common-instance-reference"
# Sequences whose references the module has to list.
_REFERENCING = ("DerivationImageSequence[", "ReferencedImageSequence[")


class References:
    """References that were met on the way through an instance.

    Parameters
    ----------
    iod
        The IOD.
    dataset
        The instance.

    """

    def __init__(self, iod: Iod, dataset: Dataset) -> None:
        # Where the module is optional, references may stand alone.
        self._is_asked_for = not any(
            tag in dataset for tag in (_REFERENCED_SERIES, _OTHER_STUDIES)
        ) and any(
            use.module == _COMMON and use.usage is not Usage.USER_OPTIONAL
            for use in iod.modules
        )
        self._first: str | None = None

    def note(self, place: Place) -> None:
        """Note whether an item refers to an instance."""
        if (
            self._is_asked_for
            and self._first is None
            and _REFERENCED_SOP_INSTANCE_UID in place.scope.dataset
            and any(name in place.path for name in _REFERENCING)
        ):
            self._first = place.path

    def unlisted(self) -> Iterator[Violation]:
        """Tell if references were met, but none is listed."""
        if self._first is not None:
            yield Violation(
                "ReferencedSeriesSequence",
                "ReferencedSeriesSequence",
                _REFERENCED_SERIES,
                Requirement.PRESENCE,
                "The attribute 'ReferencedSeriesSequence' is missing, and "
                "'StudiesContainingOtherReferencedInstancesSequence' too: one has to "
                f"list the instance that '{self._first}' refers to (PS3.3 C.12.2).",
                Severity.ERROR,
                _COMMON,
            )
