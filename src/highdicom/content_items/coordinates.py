"""Content items that hold coordinates (PS3.3 C.18.6, C.18.7 and C.18.9)."""

import datetime
from collections.abc import Sequence as AnySequence
from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.sr.coding import Code
from pydicom.valuerep import DT

from highdicom.arguments import member_of
from highdicom.coding import CodedConcept
from highdicom.content_items.base import ContentItem
from highdicom.content_items.elements import uid_element
from highdicom.content_items.enum import (
    GraphicTypeValues,
    GraphicTypeValues3D,
    PixelOriginInterpretationValues,
    RelationshipTypeValues,
    TemporalRangeTypeValues,
    ValueTypeValues,
)
from highdicom.content_items.graphics import checked_points
from highdicom.encoding.decimals import decimal_string
from highdicom.encoding.elements import data_element, raw_element, tag_of
from highdicom.errors import (
    ArgumentTypeError,
    InvalidArgumentError,
    InvalidAttributeError,
)
from highdicom.uid import UID

__all__ = ["Scoord3DContentItem", "ScoordContentItem", "TcoordContentItem"]

_GRAPHIC_DATA = tag_of("GraphicData")
_GRAPHIC_TYPE = tag_of("GraphicType")
_PIXEL_ORIGIN = tag_of("PixelOriginInterpretation")
_FIDUCIAL_UID = tag_of("FiducialUID")
_FRAME_OF_REFERENCE = tag_of("ReferencedFrameOfReferenceUID")
_RANGE_TYPE = tag_of("TemporalRangeType")


def _shared_texts(tag: int, enumeration: Any) -> dict[Any, RawDataElement]:
    return {
        member: raw_element(tag, "CS", member.value.encode("ascii"))
        for member in enumeration
    }


_GRAPHIC_TYPES = {
    **_shared_texts(_GRAPHIC_TYPE, GraphicTypeValues),
    **_shared_texts(_GRAPHIC_TYPE, GraphicTypeValues3D),
}
_PIXEL_ORIGINS = _shared_texts(_PIXEL_ORIGIN, PixelOriginInterpretationValues)
_RANGE_TYPES = _shared_texts(_RANGE_TYPE, TemporalRangeTypeValues)


class _Coordinates(ContentItem):
    """What both kinds of spatial coordinates have in common."""

    def _points(self, dimensions: int) -> npt.NDArray[np.float64]:
        element: Any = self.get_item(_GRAPHIC_DATA)
        if isinstance(element, RawDataElement) and element.is_little_endian:
            encoded = element.value or b""
            flat = np.frombuffer(encoded, "<f4", count=len(encoded) // 4)
        else:
            flat = np.atleast_1d(np.asarray(self._stored("GraphicData")))
        if not len(flat) or len(flat) % dimensions:
            path = f"{self._place}.GraphicData" if self._place else "GraphicData"
            raise InvalidAttributeError(
                f"{path} has {len(flat)} numbers, which make no points of "
                f"{dimensions} coordinates.",
                path=path,
                keyword="GraphicData",
            )
        return flat.reshape(-1, dimensions).astype(np.float64)

    @property
    def fiducial_uid(self) -> UID | None:
        """Identifier that relates coordinates to a fiducial."""
        value = self.get("FiducialUID")
        return UID(value) if value else None


class ScoordContentItem(_Coordinates, value_type=ValueTypeValues.SCOORD):
    """Spatial coordinates in the pixel matrix of an image (PS3.3 C.18.6).

    Parameters
    ----------
    name
        What is at the place, or the purpose of the coordinates.
    graphic_type
        Kind of the graphic.
    graphic_data
        Shape (n, 2): points (column, row), zero-based and with sub-pixel resolution;
        (0.0, 0.0) is the top left corner of the top left pixel. Stored in single
        precision.
    pixel_origin_interpretation
        Whether the coordinates count from the frame or from the total pixel matrix of
        a tiled image.
    fiducial_uid
        Identifier that relates the coordinates to a fiducial.
    relationship_type
        As of all items: see `ContentItem`.

    Raises
    ------
    ArgumentTypeError
        If the name is not a code, or the points are not numbers.
    InvalidArgumentError
        If there is no such graphic type, pixel origin or relationship type, the points
        do not fit the graphic type, or the UID does not have the form of one.

    Examples
    --------
    >>> import numpy as np
    >>> from highdicom.content_items import ScoordContentItem
    >>> from pydicom.sr.codedict import codes
    >>> item = ScoordContentItem(
    ...     codes.DCM.ImageRegion,
    ...     "CIRCLE",
    ...     np.array([[10.0, 10.0], [10.0, 15.0]]),
    ...     relationship_type="CONTAINS",
    ... )
    >>> item.value.shape
    (2, 2)

    """

    def __init__(
        self,
        name: Code | CodedConcept,
        graphic_type: str | GraphicTypeValues,
        graphic_data: npt.NDArray[Any],
        pixel_origin_interpretation: str
        | PixelOriginInterpretationValues
        | None = None,
        fiducial_uid: str | UID | None = None,
        relationship_type: str | RelationshipTypeValues | None = None,
    ) -> None:
        elements = self._start(ValueTypeValues.SCOORD, name, relationship_type)
        kind = member_of(GraphicTypeValues, graphic_type, "graphic_type")
        points = checked_points(kind, graphic_data)
        elements[_GRAPHIC_DATA] = raw_element(_GRAPHIC_DATA, "FL", points)
        elements[_GRAPHIC_TYPE] = _GRAPHIC_TYPES[kind]
        if pixel_origin_interpretation is not None:
            origin = member_of(
                PixelOriginInterpretationValues,
                pixel_origin_interpretation,
                "pixel_origin_interpretation",
            )
            elements[_PIXEL_ORIGIN] = _PIXEL_ORIGINS[origin]
        if fiducial_uid is not None:
            elements[_FIDUCIAL_UID] = uid_element(
                _FIDUCIAL_UID, fiducial_uid, "fiducial_uid"
            )

    @property
    def value(self) -> npt.NDArray[np.float64]:
        """Shape (n, 2): points (column, row), zero-based."""
        return self._points(2)

    @property
    def graphic_type(self) -> GraphicTypeValues:
        """Kind of the graphic."""
        return GraphicTypeValues(self._stored("GraphicType"))

    @property
    def pixel_origin_interpretation(self) -> PixelOriginInterpretationValues | None:
        """What the coordinates count from, if the item says it."""
        value = self.get("PixelOriginInterpretation")
        return PixelOriginInterpretationValues(value) if value else None


class Scoord3DContentItem(_Coordinates, value_type=ValueTypeValues.SCOORD3D):
    """Spatial coordinates in a frame of reference (PS3.3 C.18.9).

    Parameters
    ----------
    name
        What is at the place, or the purpose of the coordinates.
    graphic_type
        Kind of the graphic.
    graphic_data
        Shape (n, 3): points (x, y, z) in millimetres. Stored in single precision.
    frame_of_reference_uid
        The frame of reference.
    fiducial_uid
        Identifier that relates the coordinates to a fiducial.
    relationship_type
        As of all items: see `ContentItem`.

    Raises
    ------
    ArgumentTypeError
        If the name is not a code, a UID is not a string, or the points are not numbers.
    InvalidArgumentError
        If there is no such graphic type or relationship type, the points do not fit the
        graphic type, or a UID does not have the form of one.

    Examples
    --------
    >>> import numpy as np
    >>> from highdicom.content_items import Scoord3DContentItem
    >>> from pydicom.sr.codedict import codes
    >>> item = Scoord3DContentItem(
    ...     codes.DCM.ImageRegion,
    ...     "POINT",
    ...     np.array([[10.5, -20.0, 40.0]]),
    ...     "1.2.3",
    ...     relationship_type="CONTAINS",
    ... )
    >>> item.value.tolist()
    [[10.5, -20.0, 40.0]]

    """

    def __init__(
        self,
        name: Code | CodedConcept,
        graphic_type: GraphicTypeValues3D | str,
        graphic_data: npt.NDArray[Any],
        frame_of_reference_uid: str | UID,
        fiducial_uid: str | UID | None = None,
        relationship_type: str | RelationshipTypeValues | None = None,
    ) -> None:
        elements = self._start(ValueTypeValues.SCOORD3D, name, relationship_type)
        kind = member_of(GraphicTypeValues3D, graphic_type, "graphic_type")
        points = checked_points(kind, graphic_data)
        elements[_GRAPHIC_DATA] = raw_element(_GRAPHIC_DATA, "FL", points)
        elements[_GRAPHIC_TYPE] = _GRAPHIC_TYPES[kind]
        elements[_FRAME_OF_REFERENCE] = uid_element(
            _FRAME_OF_REFERENCE, frame_of_reference_uid, "frame_of_reference_uid"
        )
        if fiducial_uid is not None:
            elements[_FIDUCIAL_UID] = uid_element(
                _FIDUCIAL_UID, fiducial_uid, "fiducial_uid"
            )

    @property
    def value(self) -> npt.NDArray[np.float64]:
        """Shape (n, 3): points (x, y, z) in millimetres."""
        return self._points(3)

    @property
    def graphic_type(self) -> GraphicTypeValues3D:
        """Kind of the graphic."""
        return GraphicTypeValues3D(self._stored("GraphicType"))

    @property
    def frame_of_reference_uid(self) -> UID:
        """The frame of reference."""
        return UID(self._stored("ReferencedFrameOfReferenceUID"))


# How many temporal points a range has: least, most, and a divisor of their number.
_RANGES: dict[TemporalRangeTypeValues, tuple[int, int | None, int]] = {
    TemporalRangeTypeValues.POINT: (1, 1, 1),
    TemporalRangeTypeValues.MULTIPOINT: (1, None, 1),
    TemporalRangeTypeValues.SEGMENT: (2, 2, 2),
    TemporalRangeTypeValues.MULTISEGMENT: (2, None, 2),
    TemporalRangeTypeValues.BEGIN: (1, 1, 1),
    TemporalRangeTypeValues.END: (1, 1, 1),
}


class TcoordContentItem(ContentItem, value_type=ValueTypeValues.TCOORD):
    """Temporal coordinates (PS3.3 C.18.7).

    Exactly one of the three kinds of positions is to be given.

    Parameters
    ----------
    name
        What happens at the time, or the purpose of the coordinates.
    temporal_range_type
        Kind of the range.
    referenced_sample_positions
        One-based positions of samples of a multiplex group of a waveform.
    referenced_time_offsets
        Seconds from the start of the data.
    referenced_date_time
        Points in time.
    relationship_type
        As of all items: see `ContentItem`.

    Raises
    ------
    ArgumentTypeError
        If the name is not a code, or the positions are no sequence of numbers or times.
    InvalidArgumentError
        If there is no such range type or relationship type, not exactly one kind of
        positions is given, or their number does not fit the range type.

    Examples
    --------
    >>> from highdicom.content_items import TcoordContentItem
    >>> from pydicom.sr.codedict import codes
    >>> item = TcoordContentItem(
    ...     codes.SCT.Source,
    ...     "SEGMENT",
    ...     referenced_time_offsets=[0.5, 2.0],
    ...     relationship_type="SELECTED FROM",
    ... )
    >>> item.value
    [0.5, 2.0]

    """

    def __init__(
        self,
        name: Code | CodedConcept,
        temporal_range_type: str | TemporalRangeTypeValues,
        referenced_sample_positions: AnySequence[int] | None = None,
        referenced_time_offsets: AnySequence[float] | None = None,
        referenced_date_time: AnySequence[datetime.datetime] | None = None,
        relationship_type: str | RelationshipTypeValues | None = None,
    ) -> None:
        elements = self._start(ValueTypeValues.TCOORD, name, relationship_type)
        kind = member_of(
            TemporalRangeTypeValues, temporal_range_type, "temporal_range_type"
        )
        elements[_RANGE_TYPE] = _RANGE_TYPES[kind]
        given = {
            keyword: values
            for keyword, values in (
                ("ReferencedSamplePositions", referenced_sample_positions),
                ("ReferencedTimeOffsets", referenced_time_offsets),
                ("ReferencedDateTime", referenced_date_time),
            )
            if values is not None
        }
        if len(given) != 1:
            raise InvalidArgumentError(
                "Exactly one of 'referenced_sample_positions', "
                "'referenced_time_offsets' and 'referenced_date_time' must be given."
            )
        ((keyword, values),) = given.items()
        elements[tag_of(keyword)] = _positions(keyword, values, kind)

    @property
    def temporal_range_type(self) -> TemporalRangeTypeValues:
        """Kind of the range."""
        return TemporalRangeTypeValues(self._stored("TemporalRangeType"))

    @property
    def value(self) -> list[int] | list[float] | list[datetime.datetime]:
        """Sample positions, offsets in seconds or points in time."""
        for keyword, (convert, _) in _POSITIONS.items():
            value = self.get(keyword)
            if value is not None:
                several = not isinstance(value, (str, int, float, datetime.datetime))
                return [convert(one) for one in (value if several else [value])]
        return self._stored("ReferencedSamplePositions")  # type: ignore[no-any-return]


def _encode_samples(values: list[Any]) -> RawDataElement:
    if not all(
        isinstance(value, (int, np.integer)) and 1 <= value < 2**32 for value in values
    ):
        raise InvalidArgumentError(
            "'referenced_sample_positions' must be integers from 1."
        )
    encoded = np.array(values, dtype="<u4").tobytes()
    return raw_element(tag_of("ReferencedSamplePositions"), "UL", encoded)


def _encode_offsets(values: list[Any]) -> RawDataElement:
    try:
        text = "\\".join(decimal_string(float(value)) for value in values)
    except (TypeError, ValueError):
        raise InvalidArgumentError(
            "'referenced_time_offsets' must be finite numbers."
        ) from None
    return raw_element(tag_of("ReferencedTimeOffsets"), "DS", text.encode("ascii"))


def _encode_times(values: list[Any]) -> DataElement:
    try:
        times = [DT(value) for value in values]
    except (TypeError, ValueError):
        raise InvalidArgumentError(
            "'referenced_date_time' must be points in time."
        ) from None
    return data_element("ReferencedDateTime", times)


_POSITIONS: dict[str, tuple[Any, Any]] = {
    "ReferencedSamplePositions": (int, _encode_samples),
    "ReferencedTimeOffsets": (float, _encode_offsets),
    "ReferencedDateTime": (DT, _encode_times),
}


def _positions(
    keyword: str, given: Any, kind: TemporalRangeTypeValues
) -> RawDataElement | DataElement:
    if isinstance(given, (str, bytes)) or not hasattr(given, "__iter__"):
        raise ArgumentTypeError(
            f"Temporal positions must be a sequence, not {type(given).__name__}."
        )
    values = list(given)
    least, most, divisor = _RANGES[kind]
    if len(values) < least or len(values) % divisor or len(values) > (most or np.inf):
        number = f"{least} or more" if most is None else str(most)
        even = " and an even number of" if divisor == 2 and most is None else ""
        raise InvalidArgumentError(
            f"A temporal range of type {kind.value} must have {number}{even} "
            f"positions, not {len(values)}."
        )
    element: RawDataElement | DataElement = _POSITIONS[keyword][1](values)
    return element
