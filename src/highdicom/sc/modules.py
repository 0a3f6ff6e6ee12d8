"""Modules of Secondary Capture images (PS3.3 C.8.6)."""

from highdicom.attributes import Module
from highdicom.attributes.specifiers import (
    Date,
    Enumerated,
    OptionalNumbers,
    Time,
    date,
    enumerated,
    numbers,
    time,
)
from highdicom.sc.enum import ConversionTypeValues

__all__ = ["SCEquipment", "SecondaryCapture"]


def _positive(value: float) -> str | None:
    return None if value > 0 else "positive"


class SCEquipment(Module, defined_in="sc-equipment"):
    """How pixels were captured (PS3.3 C.8.6.1).

    Examples
    --------
    >>> from highdicom.sc.modules import SCEquipment
    >>> SCEquipment("DI").conversion_type.name
    'DI'

    """

    conversion_type: Enumerated[ConversionTypeValues] = enumerated(
        "ConversionType", "1", ConversionTypeValues
    )


class SecondaryCapture(Module, defined_in="sc-image"):
    """When pixels were captured, and how large they are (PS3.3 C.8.6.2).

    Examples
    --------
    >>> from highdicom.sc.modules import SecondaryCapture
    >>> SecondaryCapture("20260131", "120000", (0.5, 0.5)).pixel_spacing
    [0.5, 0.5]

    """

    date_of_secondary_capture: Date = date("DateOfSecondaryCapture", "3")
    time_of_secondary_capture: Time = time("TimeOfSecondaryCapture", "3")
    pixel_spacing: OptionalNumbers = numbers(
        "PixelSpacing", "1C", _positive, count=2, default=None
    )
