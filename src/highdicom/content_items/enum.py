"""Enumerated values of content items (PS3.3 C.17.3 and C.18)."""

from enum import Enum

__all__ = [
    "GraphicTypeValues",
    "GraphicTypeValues3D",
    "PixelOriginInterpretationValues",
    "RelationshipTypeValues",
    "TemporalRangeTypeValues",
    "ValueTypeValues",
]


class ValueTypeValues(Enum):
    """Value types of content items (PS3.3 Table C.17.3-7)."""

    CODE = "CODE"
    """A coded concept."""

    COMPOSITE = "COMPOSITE"
    """Reference to a composite object that is neither an image nor a waveform."""

    CONTAINER = "CONTAINER"
    """Groups content items, and is the root of a tree."""

    DATE = "DATE"
    """A calendar date."""

    DATETIME = "DATETIME"
    """A date and a time."""

    IMAGE = "IMAGE"
    """Reference to an image."""

    NUM = "NUM"
    """A number with a unit."""

    PNAME = "PNAME"
    """Name of a person."""

    SCOORD = "SCOORD"
    """Spatial coordinates in the pixel matrix of an image."""

    SCOORD3D = "SCOORD3D"
    """Spatial coordinates in a frame of reference."""

    TCOORD = "TCOORD"
    """Temporal coordinates."""

    TEXT = "TEXT"
    """Free text."""

    TIME = "TIME"
    """Time of day."""

    UIDREF = "UIDREF"
    """A unique identifier."""

    WAVEFORM = "WAVEFORM"
    """Reference to a waveform."""


class RelationshipTypeValues(Enum):
    """Relationships of a content item to the one that encloses it (PS3.3 C.17.3.2.4)."""

    CONTAINS = "CONTAINS"
    """The parent contains the child."""

    HAS_ACQ_CONTEXT = "HAS ACQ CONTEXT"
    """The child describes how the data in the parent were acquired."""

    HAS_CONCEPT_MOD = "HAS CONCEPT MOD"
    """The child qualifies or describes the concept name of the parent."""

    HAS_OBS_CONTEXT = "HAS OBS CONTEXT"
    """The child says who observed what in whom."""

    HAS_PROPERTIES = "HAS PROPERTIES"
    """The child describes a property of the parent."""

    INFERRED_FROM = "INFERRED FROM"
    """The parent is a measurement or judgement based on the child."""

    SELECTED_FROM = "SELECTED FROM"
    """The parent is a part, given by coordinates, of the child."""


class GraphicTypeValues(Enum):
    """Graphic types of spatial coordinates in an image (PS3.3 C.18.6.1.2)."""

    CIRCLE = "CIRCLE"
    """Two points: the centre, and one on the circle."""

    ELLIPSE = "ELLIPSE"
    """Four points: the ends of the major, then of the minor axis."""

    MULTIPOINT = "MULTIPOINT"
    """Two or more points."""

    POINT = "POINT"
    """One point."""

    POLYLINE = "POLYLINE"
    """Two or more points that are joined in order; closed if first equals last."""


class GraphicTypeValues3D(Enum):
    """Graphic types of coordinates in a frame of reference (PS3.3 C.18.9.1.2)."""

    ELLIPSE = "ELLIPSE"
    """Four points in a plane: the ends of the major, then of the minor axis."""

    ELLIPSOID = "ELLIPSOID"
    """Six points: the ends of the three axes, longest first."""

    MULTIPOINT = "MULTIPOINT"
    """Two or more points."""

    POINT = "POINT"
    """One point."""

    POLYLINE = "POLYLINE"
    """Two or more points that are joined in order; they need not lie in a plane."""

    POLYGON = "POLYGON"
    """Points in a plane that are joined in order; the last equals the first."""


class TemporalRangeTypeValues(Enum):
    """Types of temporal coordinates (PS3.3 C.18.7.1.1)."""

    BEGIN = "BEGIN"
    """A range that begins at one point and goes beyond the end of the data."""

    END = "END"
    """A range that begins before the start of the data and ends at one point."""

    MULTIPOINT = "MULTIPOINT"
    """Several points."""

    MULTISEGMENT = "MULTISEGMENT"
    """Several segments, each given by two points."""

    POINT = "POINT"
    """One point."""

    SEGMENT = "SEGMENT"
    """A range between two points."""


class PixelOriginInterpretationValues(Enum):
    """What image coordinates count from (PS3.3 C.18.6.1.1)."""

    FRAME = "FRAME"
    """The top left corner of the frame."""

    VOLUME = "VOLUME"
    """The top left corner of the total pixel matrix."""
