"""Enumerated values of microscopy bulk simple annotations (PS3.3 C.37.1.2)."""

from enum import Enum

__all__ = [
    "AnnotationCoordinateTypeValues",
    "AnnotationGroupGenerationTypeValues",
    "GraphicTypeValues",
    "PixelOriginInterpretationValues",
]


class AnnotationCoordinateTypeValues(Enum):
    """Annotation Coordinate Type (PS3.3 C.37.1.2)."""

    SCOORD = "2D"
    """Pixels of an image, (column, row), from the top left corner of the top left
    pixel, which is (0, 0)."""

    SCOORD3D = "3D"
    """Millimetres in the slide coordinate system, (x, y, z)."""


class AnnotationGroupGenerationTypeValues(Enum):
    """Annotation Group Generation Type (PS3.3 C.37.1.2)."""

    AUTOMATIC = "AUTOMATIC"
    SEMIAUTOMATIC = "SEMIAUTOMATIC"
    MANUAL = "MANUAL"


class GraphicTypeValues(Enum):
    """Graphic Type of an annotation group (PS3.3 C.37.1.2.1.1).

    Other than in structured reports, a group of points is a group of single points,
    and the first point of a polygon is not repeated at its end.
    """

    POINT = "POINT"
    """One point."""

    POLYLINE = "POLYLINE"
    """Two or more points, joined by lines; closed if first and last are the same."""

    POLYGON = "POLYGON"
    """Three or more points, joined by lines, the last one to the first."""

    ELLIPSE = "ELLIPSE"
    """Four points: the ends of the major axis, then those of the minor axis."""

    RECTANGLE = "RECTANGLE"
    """Four points: the corners in their order around the rectangle."""


class PixelOriginInterpretationValues(Enum):
    """Pixel Origin Interpretation (PS3.3 C.37.1.2)."""

    FRAME = "FRAME"
    """Coordinates are those of one frame."""

    VOLUME = "VOLUME"
    """Coordinates are those of the total pixel matrix."""
