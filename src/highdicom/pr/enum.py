"""Enumerated values of presentation states (PS3.3 C.10.4, C.10.5 and C.11.34)."""

from enum import Enum

__all__ = [
    "AnnotationUnitsValues",
    "BlendingModeValues",
    "GraphicTypeValues",
    "PixelOriginInterpretationValues",
    "PresentationSizeModeValues",
    "TextJustificationValues",
]


class AnnotationUnitsValues(Enum):
    """What coordinates of an annotation are relative to (PS3.3 C.10.5.1.3)."""

    PIXEL = "PIXEL"
    """The frame: from 0.0 at its upper left corner to its numbers of columns and rows."""

    DISPLAY = "DISPLAY"
    """The displayed area: from 0.0 at its upper left to 1.0 at its lower right."""

    MATRIX = "MATRIX"
    """The total pixel matrix: from 0.0 at its upper left corner to its numbers of
    columns and rows."""


class BlendingModeValues(Enum):
    """How inputs are blended (PS3.3 C.11.34.1)."""

    EQUAL = "EQUAL"
    """All with the same weight."""

    FOREGROUND = "FOREGROUND"
    """The first with the relative opacity, the second with the rest."""


class GraphicTypeValues(Enum):
    """Kinds of graphics, which say what the points mean (PS3.3 C.10.5.1.2)."""

    CIRCLE = "CIRCLE"
    """Two points: the centre, and one on the circle."""

    ELLIPSE = "ELLIPSE"
    """Four points: the ends of the major axis, then those of the minor axis."""

    INTERPOLATED = "INTERPOLATED"
    """A curve through two or more points."""

    POINT = "POINT"
    """One point."""

    POLYLINE = "POLYLINE"
    """Straight lines between two or more points."""


class PixelOriginInterpretationValues(Enum):
    """What the corners of a displayed area are relative to (PS3.3 C.10.4)."""

    FRAME = "FRAME"
    """Each frame."""

    VOLUME = "VOLUME"
    """The total pixel matrix."""


class PresentationSizeModeValues(Enum):
    """At which size a displayed area is shown (PS3.3 C.10.4)."""

    SCALE_TO_FIT = "SCALE TO FIT"
    TRUE_SIZE = "TRUE SIZE"
    MAGNIFY = "MAGNIFY"


class TextJustificationValues(Enum):
    """Where text stands in its bounding box (PS3.3 C.10.5)."""

    LEFT = "LEFT"
    CENTER = "CENTER"
    RIGHT = "RIGHT"
