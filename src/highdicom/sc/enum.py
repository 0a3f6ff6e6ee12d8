"""Enumerations of Secondary Capture images."""

from enum import Enum

__all__ = ["ConversionTypeValues"]


class ConversionTypeValues(Enum):
    """Conversion Type: how pixels came to be digital (PS3.3 C.8.6.1)."""

    DV = "DV"
    """Digitized video."""

    DI = "DI"
    """Digital interface."""

    DF = "DF"
    """Digitized film."""

    WSD = "WSD"
    """Workstation."""

    SD = "SD"
    """Scanned document."""

    SI = "SI"
    """Scanned image."""

    DRW = "DRW"
    """Drawing."""

    SYN = "SYN"
    """Synthetic image."""
