"""Take whole modules over from another dataset."""

from collections.abc import Iterable
from copy import deepcopy

from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset

from highdicom.encoding.elements import tag_of
from highdicom.standard.names import keywords_of

__all__ = ["PATIENT_AND_STUDY_MODULES", "SPECIMEN_MODULES", "copy_modules"]

PATIENT_AND_STUDY_MODULES = (
    "patient",
    "clinical-trial-subject",
    "general-study",
    "patient-study",
    "clinical-trial-study",
)
SPECIMEN_MODULES = ("specimen",)


def copy_modules(source: Dataset, target: Dataset, modules: Iterable[str]) -> None:
    """Copy the attributes of modules that the source has.

    Parameters
    ----------
    source
        Dataset to copy from; it stays as it is.
    target
        Dataset to copy to. Its character set must suit the text copied.
    modules
        Names of modules in the tables of the standard.

    """
    for module in modules:
        for keyword in keywords_of(module):
            tag = tag_of(keyword)
            if tag in source:
                target[tag] = _copied(source[tag])


def _copied(element: DataElement) -> DataElement:
    """Copy an element as values, not as bytes of the source's character set."""
    copied = deepcopy(element)
    if copied.VR == "SQ":
        for item in copied.value:
            _decode(item)
    return copied


def _decode(item: Dataset) -> None:
    for element in item.iterall():
        _ = element.value
