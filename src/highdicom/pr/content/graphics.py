"""Graphics and text drawn over images (PS3.3 C.10.5)."""

from collections.abc import Iterable, Sequence as AnySequence
from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset

from highdicom.arguments import member_of
from highdicom.attributes import Attribute, SequenceItem
from highdicom.attributes.specifiers import (
    Enumerated,
    Integer,
    Numbers,
    OptionalEnumerated,
    OptionalInteger,
    OptionalItems,
    OptionalNumbers,
    OptionalText,
    OptionalUid,
    Text,
    enumerated,
    integer,
    items,
    numbers,
    text,
    uid,
)
from highdicom.content.references import ImageReference, ReferencedImageSequence
from highdicom.encoding.elements import put_sequence
from highdicom.errors import (
    ArgumentTypeError,
    ConflictingArgumentsError,
    InvalidArgumentError,
    InvalidAttributeError,
)
from highdicom.pr.content.layers import GraphicGroup, GraphicLayer
from highdicom.pr.enum import (
    AnnotationUnitsValues,
    GraphicTypeValues,
    TextJustificationValues,
)
from highdicom.spatial.kind import is_tiled_image

__all__ = ["GraphicAnnotation", "GraphicObject", "TextObject"]

Points = npt.NDArray[np.float64]

# Least and greatest number of points of each type (PS3.3 C.10.5.1.2).
_NUMBERS_OF_POINTS: dict[GraphicTypeValues, tuple[int, float]] = {
    GraphicTypeValues.POINT: (1, 1),
    GraphicTypeValues.POLYLINE: (2, np.inf),
    GraphicTypeValues.INTERPOLATED: (2, np.inf),
    GraphicTypeValues.CIRCLE: (2, 2),
    GraphicTypeValues.ELLIPSE: (4, 4),
}
_ALWAYS_CLOSED = (GraphicTypeValues.CIRCLE, GraphicTypeValues.ELLIPSE)

YES, NO = "Y", "N"


def _flag(attribute: Attribute[Any, Any], value: Any) -> str:
    if not isinstance(value, (bool, np.bool_)):
        attribute.refuse_type(value, "True or False")
    return YES if value else NO


def _yes_or_no(keyword: str) -> Attribute[bool | None, bool | None]:
    return Attribute(
        keyword, "1C", write=_flag, read=lambda stored: stored == YES, default=None
    )


def _check_group(graphic_group: Any) -> None:
    if graphic_group is not None and not isinstance(graphic_group, GraphicGroup):
        raise ArgumentTypeError(
            "'graphic_group' must be a GraphicGroup, not "
            f"{type(graphic_group).__name__}."
        )


def _check_tracking(tracking_id: str | None, tracking_uid: str | None) -> None:
    if (tracking_id is None) != (tracking_uid is None):
        raise ConflictingArgumentsError(
            "'tracking_id' and 'tracking_uid' must be given together."
        )


def _units(units: AnnotationUnitsValues | str) -> AnnotationUnitsValues:
    try:
        return AnnotationUnitsValues(units)
    except ValueError as error:
        raise InvalidArgumentError(
            f"'units' must be PIXEL, DISPLAY or MATRIX, not {units!r}."
        ) from error


def _check_coordinates(
    argument: str, points: Points, units: AnnotationUnitsValues
) -> None:
    """Refuse coordinates that are wrong whatever the image."""
    if not np.isfinite(points).all():
        raise InvalidArgumentError(f"'{argument}' must hold finite numbers only.")
    highest = 1.0 if units is AnnotationUnitsValues.DISPLAY else np.inf
    if points.size and not (points.min() >= 0 and points.max() <= highest):
        raise InvalidArgumentError(
            f"'{argument}' must hold coordinates "
            f"{'from 0.0 to 1.0' if highest == 1 else 'that are not negative'} in "
            f"units of {units.value}, not {points.min():g} to {points.max():g}."
        )


class _Annotated(
    SequenceItem,
    defined_in="graphic-annotation",
    path=("GraphicAnnotationSequence", "GraphicObjectSequence"),
):
    """What graphics and text share: how they are tracked and grouped."""

    tracking_id: OptionalText = text("TrackingID", "1C", default=None)
    tracking_uid: OptionalUid = uid("TrackingUID", "1C", default=None)
    graphic_group_id: OptionalInteger = integer("GraphicGroupID", "3", default=None)

    def _identify(
        self,
        tracking_id: str | None,
        tracking_uid: str | None,
        graphic_group: GraphicGroup | None,
    ) -> None:
        self.tracking_id = tracking_id
        self.tracking_uid = tracking_uid
        if graphic_group is not None:
            self.graphic_group_id = graphic_group.graphic_group_id


class GraphicObject(
    _Annotated,
    defined_in="graphic-annotation",
    path=("GraphicAnnotationSequence", "GraphicObjectSequence"),
):
    """A graphic drawn over an image (PS3.3 C.10.5.1.2).

    Parameters
    ----------
    graphic_type
        What the points mean.
    graphic_data
        Points of shape ``(n, 2)`` as (column, row): one for a point, two or more for
        lines, two for a circle (centre and a point on it), four for an ellipse (ends of
        the major, then of the minor axis).
    units
        What coordinates are relative to. In PIXEL and MATRIX units, the upper left
        corner of the upper left pixel is (0.0, 0.0).
    is_filled
        Whether the inside is painted, too, which needs a closed graphic.
    tracking_id, tracking_uid
        Name and identifier by which the same thing is tracked in other objects.
    graphic_group
        Group that the graphic belongs to.

    Raises
    ------
    InvalidArgumentError
        If a value is not allowed, or the points do not suit the type.
    ArgumentTypeError
        If an argument is of the wrong type.
    ConflictingArgumentsError
        If only one of `tracking_id` and `tracking_uid` is given.

    Examples
    --------
    >>> import numpy as np
    >>> from highdicom.pr import GraphicObject
    >>> circle = GraphicObject("CIRCLE", np.array([[8.0, 8.0], [8.0, 12.0]]), "PIXEL")
    >>> circle.graphic_data.shape
    (2, 2)

    """

    units: Enumerated[AnnotationUnitsValues] = enumerated(
        "GraphicAnnotationUnits", "1", AnnotationUnitsValues, default=None
    )
    dimensions: Integer = integer("GraphicDimensions", "1", default=None)
    number_of_points: Integer = integer("NumberOfGraphicPoints", "1", default=None)
    coordinates: Numbers = numbers(
        "GraphicData", "1", default=None, doc="Column, row, column, ..."
    )
    graphic_type: Enumerated[GraphicTypeValues] = enumerated(
        "GraphicType", "1", GraphicTypeValues, default=None
    )
    filled: Attribute[bool | None, bool | None] = _yes_or_no("GraphicFilled")

    def __init__(
        self,
        graphic_type: GraphicTypeValues | str,
        graphic_data: npt.NDArray[Any],
        units: AnnotationUnitsValues | str,
        is_filled: bool = False,
        tracking_id: str | None = None,
        tracking_uid: str | None = None,
        graphic_group: GraphicGroup | None = None,
    ) -> None:
        kind = member_of(GraphicTypeValues, graphic_type, "graphic_type")
        relative_to = _units(units)
        points = _points(graphic_data)
        _check_number_of_points(kind, len(points))
        _check_coordinates("graphic_data", points, relative_to)
        _check_tracking(tracking_id, tracking_uid)
        _check_group(graphic_group)
        is_closed = kind in _ALWAYS_CLOSED or (
            len(points) > 2 and np.array_equal(points[0], points[-1])
        )
        if is_filled and not is_closed:
            raise InvalidArgumentError(
                "'is_filled' must be False for a graphic that is not closed: a "
                f"{kind.value} is closed if "
                f"{'never' if len(points) == 1 else 'its last point is the first'}."
            )
        self.initialise()
        self.units = relative_to
        self.dimensions = 2
        self.number_of_points = len(points)
        self.coordinates = points.ravel().tolist()
        self.graphic_type = kind
        if is_closed:
            self.filled = is_filled
        self._identify(tracking_id, tracking_uid, graphic_group)

    @property
    def graphic_data(self) -> Points:
        """Points of shape ``(n, 2)`` as (column, row)."""
        values = np.array(self.coordinates, np.float64)
        least, most = _NUMBERS_OF_POINTS[self.graphic_type]
        if values.size % 2 or not least <= values.size / 2 <= most:
            raise InvalidAttributeError(
                f"GraphicData of a {self.graphic_type.value} must hold columns and rows "
                f"of {least} points{' or more' if most > least else ''}, not "
                f"{values.size} values.",
                keyword="GraphicData",
            )
        return values.reshape(-1, 2)

    @property
    def is_filled(self) -> bool:
        """Whether the inside is painted, too."""
        return bool(self.filled)


def _points(graphic_data: Any) -> Points:
    if not isinstance(graphic_data, np.ndarray):
        raise ArgumentTypeError(
            f"'graphic_data' must be a numpy array, not {type(graphic_data).__name__}."
        )
    if graphic_data.dtype.kind not in "iuf":
        raise ArgumentTypeError(
            f"'graphic_data' must hold numbers, not {graphic_data.dtype}."
        )
    if graphic_data.ndim != 2 or graphic_data.shape[1] != 2:
        raise InvalidArgumentError(
            "'graphic_data' must be of shape (n, 2), a column and a row for each point, "
            f"not {graphic_data.shape}."
        )
    return graphic_data.astype(np.float64)


def _check_number_of_points(kind: GraphicTypeValues, count: int) -> None:
    least, most = _NUMBERS_OF_POINTS[kind]
    if not least <= count <= most:
        raise InvalidArgumentError(
            f"'graphic_data' of a {kind.value} must have {least} "
            f"{'points' if least > 1 else 'point'}{' or more' if most > least else ''}, "
            f"not {count}."
        )


class TextObject(
    _Annotated,
    defined_in="graphic-annotation",
    path=("GraphicAnnotationSequence", "TextObjectSequence"),
):
    """Text drawn over an image (PS3.3 C.10.5.1.1).

    Parameters
    ----------
    text_value
        The text, at most 1024 characters.
    units
        What coordinates are relative to, as of :class:`GraphicObject`.
    bounding_box
        Box that the text is written in: column and row of its upper left corner, then
        those of its lower right corner.
    anchor_point
        Column and row of the place that the text belongs to.
    text_justification
        Where the text stands in the bounding box.
    anchor_point_visible
        Whether a line is drawn from the text to the anchor point.
    tracking_id, tracking_uid
        Name and identifier by which the same thing is tracked in other objects.
    graphic_group
        Group that the text belongs to.

    Raises
    ------
    InvalidArgumentError
        If a value is not allowed.
    ArgumentTypeError
        If an argument is of the wrong type.
    ConflictingArgumentsError
        If neither a box nor a point is given, or only one of `tracking_id` and
        `tracking_uid`.

    Examples
    --------
    >>> from highdicom.pr import TextObject
    >>> TextObject("Lesion", "PIXEL", anchor_point=(8.0, 12.0)).anchor_point
    (8.0, 12.0)

    """

    bounding_box_units: OptionalEnumerated[AnnotationUnitsValues] = enumerated(
        "BoundingBoxAnnotationUnits", "1C", AnnotationUnitsValues, default=None
    )
    anchor_point_units: OptionalEnumerated[AnnotationUnitsValues] = enumerated(
        "AnchorPointAnnotationUnits", "1C", AnnotationUnitsValues, default=None
    )
    text_value: Text = text("UnformattedTextValue", "1", default=None)
    top_left_hand_corner: OptionalNumbers = numbers(
        "BoundingBoxTopLeftHandCorner", "1C", count=2, default=None
    )
    bottom_right_hand_corner: OptionalNumbers = numbers(
        "BoundingBoxBottomRightHandCorner", "1C", count=2, default=None
    )
    text_justification: OptionalEnumerated[TextJustificationValues] = enumerated(
        "BoundingBoxTextHorizontalJustification",
        "1C",
        TextJustificationValues,
        default=None,
    )
    anchor: OptionalNumbers = numbers("AnchorPoint", "1C", count=2, default=None)
    anchor_point_visible: Attribute[bool | None, bool | None] = _yes_or_no(
        "AnchorPointVisibility"
    )

    def __init__(  # noqa: PLR0913, PLR0917
        self,
        text_value: str,
        units: AnnotationUnitsValues | str,
        bounding_box: tuple[float, float, float, float] | None = None,
        anchor_point: tuple[float, float] | None = None,
        text_justification: TextJustificationValues
        | str = TextJustificationValues.CENTER,
        anchor_point_visible: bool = True,
        tracking_id: str | None = None,
        tracking_uid: str | None = None,
        graphic_group: GraphicGroup | None = None,
    ) -> None:
        relative_to = _units(units)
        if bounding_box is None and anchor_point is None:
            raise ConflictingArgumentsError(
                "'bounding_box' or 'anchor_point', or both, must be given."
            )
        _check_tracking(tracking_id, tracking_uid)
        _check_group(graphic_group)
        self.initialise()
        self.text_value = text_value
        if bounding_box is not None:
            box = _coordinates("bounding_box", bounding_box, 4, relative_to)
            if not (box[0] < box[2] and box[1] < box[3]):
                raise InvalidArgumentError(
                    "'bounding_box' must have its lower right corner below and to the "
                    f"right of its upper left corner, not {tuple(box)}."
                )
            self.bounding_box_units = relative_to
            self.top_left_hand_corner, self.bottom_right_hand_corner = box[:2], box[2:]
            self.text_justification = text_justification
        if anchor_point is not None:
            self.anchor_point_units = relative_to
            self.anchor = _coordinates("anchor_point", anchor_point, 2, relative_to)
            self.anchor_point_visible = anchor_point_visible
        self._identify(tracking_id, tracking_uid, graphic_group)

    @property
    def units(self) -> AnnotationUnitsValues:
        """What coordinates are relative to; of the box, if it has units of its own."""
        units = self.bounding_box_units or self.anchor_point_units
        return AnnotationUnitsValues.PIXEL if units is None else units

    @property
    def bounding_box(self) -> tuple[float, float, float, float] | None:
        """Column and row of the upper left, then of the lower right corner."""
        if self.top_left_hand_corner is None or self.bottom_right_hand_corner is None:
            return None
        left, top = self.top_left_hand_corner
        right, bottom = self.bottom_right_hand_corner
        return left, top, right, bottom

    @property
    def anchor_point(self) -> tuple[float, float] | None:
        """Column and row of the anchor point."""
        if self.anchor is None:
            return None
        column, row = self.anchor
        return column, row


def _coordinates(
    argument: str, given: Any, count: int, units: AnnotationUnitsValues
) -> list[float]:
    try:
        points = np.array(given, np.float64)
    except (TypeError, ValueError) as error:
        raise ArgumentTypeError(f"'{argument}' must hold {count} numbers.") from error
    if points.shape != (count,):
        raise InvalidArgumentError(
            f"'{argument}' must hold {count} numbers, not be of shape {points.shape}."
        )
    _check_coordinates(argument, points, units)
    values: list[float] = points.tolist()
    return values


class GraphicAnnotation(
    SequenceItem, defined_in="graphic-annotation", path=("GraphicAnnotationSequence",)
):
    """Graphics and text that are drawn over some images (PS3.3 C.10.5).

    Parameters
    ----------
    referenced_images
        The images. They have the same numbers of rows and columns.
    graphic_layer
        Layer that they are drawn in.
    referenced_frame_number
        One-based numbers of the frames meant of a single multi-frame image.
    referenced_segment_number
        Numbers of the segments meant of a single segmentation.
    graphic_objects, text_objects
        What is drawn.

    Raises
    ------
    InvalidArgumentError
        If coordinates are outside of the images, frames or segments do not exist, or
        the images differ in size.
    ArgumentTypeError
        If an argument is of the wrong type.
    ConflictingArgumentsError
        If nothing is to be drawn.

    Examples
    --------
    >>> import numpy as np
    >>> from highdicom.pr import GraphicAnnotation, GraphicLayer, GraphicObject
    >>> from highdicom.testing import ct_series
    >>> annotation = GraphicAnnotation(
    ...     ct_series()[:1],
    ...     GraphicLayer("POINTS", 1),
    ...     graphic_objects=[GraphicObject("POINT", np.array([[4.0, 5.0]]), "PIXEL")],
    ... )
    >>> annotation.graphic_objects[0].graphic_type.value
    'POINT'

    """

    layer_name: Text = text("GraphicLayer", "1")
    references: OptionalItems[ImageReference] = items(
        "ReferencedImageSequence", "1C", ImageReference, default=None
    )
    text_objects: Attribute[list[TextObject], Iterable[TextObject] | None] = items(
        "TextObjectSequence", "1C", TextObject, default=None, empty=list
    )
    graphic_objects: Attribute[list[GraphicObject], Iterable[GraphicObject] | None] = (
        items("GraphicObjectSequence", "1C", GraphicObject, default=None, empty=list)
    )

    def __init__(
        self,
        referenced_images: AnySequence[Dataset],
        graphic_layer: GraphicLayer,
        referenced_frame_number: int | AnySequence[int] | None = None,
        referenced_segment_number: int | AnySequence[int] | None = None,
        graphic_objects: AnySequence[GraphicObject] | None = None,
        text_objects: AnySequence[TextObject] | None = None,
    ) -> None:
        if not graphic_objects and not text_objects:
            raise ConflictingArgumentsError(
                "'graphic_objects' or 'text_objects', or both, must hold an item."
            )
        given: Any = graphic_layer
        if not isinstance(given, GraphicLayer):
            raise ArgumentTypeError(
                f"'graphic_layer' must be a GraphicLayer, not {type(given).__name__}."
            )
        self.initialise()
        references = ReferencedImageSequence(
            referenced_images, referenced_frame_number, referenced_segment_number
        )
        put_sequence(self, "ReferencedImageSequence", references)
        self.layer_name = graphic_layer.layer_name
        self.graphic_objects = graphic_objects or None
        self.text_objects = text_objects or None
        limits = _limits(referenced_images)
        for number, graphic in enumerate(self.graphic_objects):
            _check_inside(
                f"'graphic_objects'[{number}]",
                graphic.graphic_data,
                graphic.units,
                limits,
            )
        for number, written in enumerate(self.text_objects):
            for points in (written.bounding_box, written.anchor_point):
                _check_inside(
                    f"'text_objects'[{number}]", points, written.units, limits
                )


_Limits = dict[AnnotationUnitsValues, tuple[int, int]]


def _limits(images: AnySequence[Dataset]) -> _Limits:
    """Greatest (column, row) in each unit, which all of the images share."""
    limits: _Limits = {
        AnnotationUnitsValues.DISPLAY: (1, 1),
        AnnotationUnitsValues.PIXEL: _shared_size(images, "Columns", "Rows"),
    }
    if all(is_tiled_image(image) for image in images):
        limits[AnnotationUnitsValues.MATRIX] = _shared_size(
            images, "TotalPixelMatrixColumns", "TotalPixelMatrixRows"
        )
    return limits


def _shared_size(images: AnySequence[Dataset], *keywords: str) -> tuple[int, int]:
    sizes = {
        tuple(int(image[keyword].value) for keyword in keywords) for image in images
    }
    if len(sizes) > 1:
        raise InvalidArgumentError(
            "'referenced_images' must have the same numbers of columns and rows, not "
            f"{sorted(sizes)}."
        )
    columns, rows = sizes.pop()
    return columns, rows


def _check_inside(
    place: str, points: Any, units: AnnotationUnitsValues, limits: _Limits
) -> None:
    if units not in limits:
        raise InvalidArgumentError(
            f"{place} must not be in units of MATRIX, since the images are not tiled."
        )
    if points is None:
        return
    greatest = np.reshape(points, (-1, 2)).max(axis=0)
    if (greatest > limits[units]).any():
        raise InvalidArgumentError(
            f"{place} must lie within the image, up to column {limits[units][0]} and row "
            f"{limits[units][1]} in units of {units.value}, not reach "
            f"{tuple(greatest.tolist())}."
        )
