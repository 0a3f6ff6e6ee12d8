"""When frames were acquired (PS3.3 C.7.6.16.2.2)."""

import re

import numpy as np
import numpy.typing as npt

from highdicom.legacy.sources import LegacyImages
from highdicom.records import record

__all__ = ["AcquisitionTimes", "acquisition_times", "earliest_content"]

_DATE = re.compile(r"\d{8}")
_TIME = re.compile(r"\d{2}(\d{2}(\d{2}(\.\d{1,6})?)?)?")
_DATE_TIME = re.compile(r"\d{4}(\d{2}){0,5}(\.\d{1,6})?([+-]\d{4})?")


@record
class AcquisitionTimes:
    """When images were acquired.

    Parameters
    ----------
    texts
        Shape (n,): Acquisition DateTime of each image, empty if it is not known.
    assigned
        Keywords of the attributes that are said by these in full.

    """

    texts: npt.NDArray[np.str_]
    assigned: tuple[str, ...]

    @property
    def earliest(self) -> str | None:
        """First of the times; None if there is none, or they cannot be compared."""
        known = [text for text in self.texts.tolist() if text]
        has_offset = any("+" in text or "-" in text for text in known)
        return None if not known or has_offset else min(known)


def acquisition_times(images: LegacyImages) -> AcquisitionTimes:
    """Read when images were acquired, from one attribute or from date and time."""
    texts, used = [], set()
    for row in range(len(images)):
        text, source = _acquired(images, row)
        texts.append(text)
        used.add(source)
    assigned: tuple[str, ...] = ()
    if used == {"AcquisitionDateTime"}:
        assigned = ("AcquisitionDateTime",)
    elif used == {"AcquisitionDate"}:
        assigned = ("AcquisitionDate", "AcquisitionTime")
    return AcquisitionTimes(np.array(texts, np.str_), assigned)


def _acquired(images: LegacyImages, row: int) -> tuple[str, str]:
    """Time as text, and the keyword of where it was found; both empty if nowhere."""
    both = images.elements.text(row, "AcquisitionDateTime")
    if _DATE_TIME.fullmatch(both):
        return both, "AcquisitionDateTime"
    date, time = _date_and_time(images, row, "Acquisition")
    if date and time:
        return date + time, "AcquisitionDate"
    return "", ""


def _date_and_time(images: LegacyImages, row: int, prefix: str) -> tuple[str, str]:
    date = images.elements.text(row, f"{prefix}Date")
    time = images.elements.text(row, f"{prefix}Time")
    return (
        date if _DATE.fullmatch(date) else "",
        time if _TIME.fullmatch(time) else "",
    )


def earliest_content(
    images: LegacyImages, acquired: AcquisitionTimes
) -> tuple[str, str] | None:
    """Give the date and time at which the first of the images came to be.

    It is that of the acquisition, or else of the content of the images.
    """
    first = acquired.earliest
    if first is not None and _TIME.fullmatch(first[8:]):
        return first[:8], first[8:]
    known = []
    for row in range(len(images)):
        date, time = _date_and_time(images, row, "Content")
        if date and time:
            known.append((date, time))
    return min(known, default=None)
