"""Pixel Measures, Plane Position and Plane Orientation macros (PS3.3 C.7.6.16.2)."""

import math
from collections.abc import Sequence as AnySequence
from typing import Any

import numpy as np
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from highdicom.arguments import is_number, member_of
from highdicom.attributes import (
    Attribute,
    SingleItemSequence,
    at_least_one_of,
    required_if,
)
from highdicom.attributes.specifiers import (
    Numbers,
    OptionalNumber,
    OptionalNumbers,
    integer,
    number,
    numbers,
)
from highdicom.enum import CoordinateSystemNames
from highdicom.errors import (
    ArgumentTypeError,
    ConflictingArgumentsError,
    InvalidArgumentError,
    MissingAttributeError,
)
from highdicom.typing import Self

__all__ = ["PixelMeasuresSequence", "PlaneOrientationSequence", "PlanePositionSequence"]

_ORTHONORMALITY_TOLERANCE = 1e-3


def _not_negative(value: float) -> str | None:
    return None if value >= 0 else "zero or positive"


class PixelMeasuresSequence(
    SingleItemSequence, defined_in="pixel-measures", path=("PixelMeasuresSequence",)
):
    """Size of pixels and thickness of slices (PS3.3 C.7.6.16.2.1).

    Parameters
    ----------
    pixel_spacing
        Distance in millimetres between the centres of neighbouring rows and between
        those of neighbouring columns, in that order. It may be zero where there is
        only one row or column (PS3.3 10.7.1.3).
    slice_thickness
        Thickness of slices in millimetres.
    spacing_between_slices
        Distance in millimetres between the centres of neighbouring slices.

    Raises
    ------
    ArgumentTypeError
        If an argument is missing or no number.
    InvalidArgumentError
        If there are not two spacings, or one or the thickness is negative.

    Examples
    --------
    >>> from highdicom import PixelMeasuresSequence
    >>> measures = PixelMeasuresSequence([0.5, 0.5], slice_thickness=2.0)
    >>> measures.pixel_spacing
    [0.5, 0.5]

    """

    pixel_spacing: Numbers = numbers("PixelSpacing", "1C", _not_negative, count=2)
    slice_thickness: OptionalNumber = number("SliceThickness", "1C", _not_negative)
    spacing_between_slices: OptionalNumber = number(
        "SpacingBetweenSlices", "1C", default=None
    )
    # It may be absent from images that are read: those of distorted volumes.
    spaced = required_if(
        "pixel_spacing", lambda _: True, "where there are pixels", ArgumentTypeError
    )

    def __eq__(self, other: object) -> bool:
        """Whether the other sequence has the same measures.

        Raises
        ------
        ArgumentTypeError
            If the other is no sequence.

        """
        if not isinstance(other, Sequence):
            raise ArgumentTypeError(
                f"Pixel measures compare with a Sequence, not {type(other).__name__}."
            )
        return len(other) == 1 and all(
            self[0].get(keyword) == other[0].get(keyword)
            for keyword in ("PixelSpacing", "SliceThickness", "SpacingBetweenSlices")
        )

    __hash__ = None  # type: ignore[assignment]


class _Coordinates(SingleItemSequence):
    """What positions and orientations share: two kinds, by coordinate system."""

    @property
    def coordinate_system(self) -> CoordinateSystemNames:
        """Whether the values refer to the patient or the slide."""
        raise NotImplementedError

    def _comparable(self, other: object) -> "_Coordinates":
        if not isinstance(other, type(self)):
            raise ArgumentTypeError(
                f"{type(self).__name__} compares with its own kind, "
                f"not {type(other).__name__}."
            )
        if other.coordinate_system is not self.coordinate_system:
            raise MissingAttributeError(
                f"{type(self).__name__} in the coordinate systems "
                f"{self.coordinate_system.value} and {other.coordinate_system.value} "
                "cannot be compared."
            )
        return other

    @classmethod
    def from_sequence(cls, sequence: Sequence, copy: bool = True) -> Self:
        """Make a sequence an instance of this class.

        Parameters
        ----------
        sequence
            Sequence of one item.
        copy
            Whether the item is copied.

        Raises
        ------
        InvalidArgumentError
            If there is not exactly one item.
        MissingAttributeError
            If the item has the attributes of neither coordinate system.

        """
        instance = super().from_sequence(sequence, copy)
        _ = instance.coordinate_system
        return instance


def _coordinate_system(
    item: Dataset, patient: str, slide: str
) -> CoordinateSystemNames:
    if patient in item:
        return CoordinateSystemNames.PATIENT
    if slide in item:
        return CoordinateSystemNames.SLIDE
    raise MissingAttributeError(
        f"{patient} or {slide} is needed, and neither is present.", keyword=patient
    )


_SLIDE_OFFSETS = (
    "XOffsetInSlideCoordinateSystem",
    "YOffsetInSlideCoordinateSystem",
    "ZOffsetInSlideCoordinateSystem",
)


class PlanePositionSequence(_Coordinates):
    """Position of a plane (PS3.3 C.7.6.16.2.3 and C.8.12.6.1).

    Parameters
    ----------
    coordinate_system
        Whether the position refers to the patient or the slide.
    image_position
        Coordinates (x, y, z) in millimetres of the centre of the first pixel.
    pixel_matrix_position
        One-based column and row of the first pixel in the total pixel matrix; for
        slides, where it is required.

    Raises
    ------
    ConflictingArgumentsError
        If a slide position lacks the position in the pixel matrix.
    ArgumentTypeError
        If the position is no sequence of numbers.
    InvalidArgumentError
        If there are not three finite coordinates.

    Examples
    --------
    >>> from highdicom import PlanePositionSequence
    >>> position = PlanePositionSequence("PATIENT", [-120.0, -80.0, 31.5])
    >>> position[0].ImagePositionPatient
    [-120.0, -80.0, 31.5]

    """

    image_position_patient: OptionalNumbers = numbers(
        "ImagePositionPatient", "1C", count=3, default=None
    )
    column_position: Attribute[int | None, int | None] = integer(
        "ColumnPositionInTotalImagePixelMatrix", "1C", default=None
    )
    row_position: Attribute[int | None, int | None] = integer(
        "RowPositionInTotalImagePixelMatrix", "1C", default=None
    )
    x_offset: OptionalNumber = number(_SLIDE_OFFSETS[0], "1C", default=None)
    y_offset: OptionalNumber = number(_SLIDE_OFFSETS[1], "1C", default=None)
    z_offset: OptionalNumber = number(_SLIDE_OFFSETS[2], "1C", default=None)

    def __init__(
        self,
        coordinate_system: str | CoordinateSystemNames,
        image_position: AnySequence[float],
        pixel_matrix_position: tuple[int, int] | None = None,
    ) -> None:
        system = member_of(
            CoordinateSystemNames, coordinate_system, "coordinate_system"
        )
        self.initialise()
        _check_sequence("image_position", image_position)
        if len(image_position) != 3:
            raise InvalidArgumentError(
                f"'image_position' must have 3 coordinates, not {len(image_position)}."
            )
        for value in image_position:
            _check_coordinate(value)
        if system is CoordinateSystemNames.PATIENT:
            self.image_position_patient = list(image_position)
            return
        if pixel_matrix_position is None:
            raise ConflictingArgumentsError(
                "'pixel_matrix_position' is required in the slide coordinate system."
            )
        self.column_position, self.row_position = pixel_matrix_position
        self.x_offset, self.y_offset, self.z_offset = image_position

    @property
    def coordinate_system(self) -> CoordinateSystemNames:
        """Whether the position refers to the patient or the slide."""
        return _coordinate_system(self[0], "ImagePositionPatient", _SLIDE_OFFSETS[0])

    @property
    def image_position(self) -> tuple[float, float, float]:
        """Coordinates (x, y, z) in millimetres."""
        item = self[0]
        if self.coordinate_system is CoordinateSystemNames.PATIENT:
            x, y, z = item.ImagePositionPatient
        else:
            x, y, z = (item[keyword].value for keyword in _SLIDE_OFFSETS)
        return float(x), float(y), float(z)

    def __eq__(self, other: object) -> bool:
        """Whether the other position is the same.

        Raises
        ------
        ArgumentTypeError
            If the other is no plane position.
        MissingAttributeError
            If it refers to another coordinate system.

        """
        that = self._comparable(other)
        keywords = ["ImagePositionPatient", *_SLIDE_OFFSETS]
        keywords += [
            "ColumnPositionInTotalImagePixelMatrix",
            "RowPositionInTotalImagePixelMatrix",
        ]
        return all(self[0].get(k) == that[0].get(k) for k in keywords)

    __hash__ = None  # type: ignore[assignment]


class PlaneOrientationSequence(_Coordinates):
    """Orientation of a plane (PS3.3 C.7.6.16.2.4 and C.8.12.4.1).

    Parameters
    ----------
    coordinate_system
        Whether the orientation refers to the patient or the slide.
    image_orientation
        Direction cosines of the rows (the direction of growing column index), then
        of the columns (growing row index).

    Raises
    ------
    ArgumentTypeError
        If the orientation is no sequence of numbers.
    InvalidArgumentError
        If these are not two orthogonal vectors of unit length.

    Examples
    --------
    >>> from highdicom import PlaneOrientationSequence
    >>> PlaneOrientationSequence("PATIENT", [1, 0, 0, 0, 1, 0]).cosines
    (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)

    """

    image_orientation_patient: OptionalNumbers = numbers(
        "ImageOrientationPatient", "1C", count=6, default=None
    )
    image_orientation_slide: OptionalNumbers = numbers(
        "ImageOrientationSlide", "1C", count=6, default=None
    )
    oriented = at_least_one_of("image_orientation_patient", "image_orientation_slide")

    def __init__(
        self,
        coordinate_system: str | CoordinateSystemNames,
        image_orientation: AnySequence[float],
    ) -> None:
        system = member_of(
            CoordinateSystemNames, coordinate_system, "coordinate_system"
        )
        _check_orthonormal(image_orientation)
        self.initialise()
        if system is CoordinateSystemNames.PATIENT:
            self.image_orientation_patient = list(image_orientation)
        else:
            self.image_orientation_slide = list(image_orientation)

    @property
    def coordinate_system(self) -> CoordinateSystemNames:
        """Whether the orientation refers to the patient or the slide."""
        return _coordinate_system(
            self[0], "ImageOrientationPatient", "ImageOrientationSlide"
        )

    @property
    def cosines(self) -> tuple[float, float, float, float, float, float]:
        """Direction cosines of rows, then of columns.

        Raises
        ------
        MissingAttributeError
            If a sequence that was read has none.

        """
        values = self.image_orientation_patient or self.image_orientation_slide
        if not values:
            raise MissingAttributeError(
                "ImageOrientationPatient or ImageOrientationSlide is needed.",
                keyword="ImageOrientationPatient",
            )
        a, b, c, d, e, f = values
        return a, b, c, d, e, f

    def __eq__(self, other: object) -> bool:
        """Whether the other orientation is the same.

        Raises
        ------
        ArgumentTypeError
            If the other is no plane orientation.
        MissingAttributeError
            If it refers to another coordinate system.

        """
        that = self._comparable(other)
        return all(
            self[0].get(keyword) == that[0].get(keyword)
            for keyword in ("ImageOrientationPatient", "ImageOrientationSlide")
        )

    __hash__ = None  # type: ignore[assignment]


def _check_coordinate(value: Any) -> None:
    if not is_number(value):
        raise ArgumentTypeError(
            f"'image_position' must be of numbers, not {type(value).__name__}."
        )
    if not math.isfinite(value):
        raise InvalidArgumentError(
            f"'image_position' must be of finite numbers, not {value}."
        )


def _check_sequence(name: str, value: object) -> None:
    if isinstance(value, str) or not isinstance(value, (AnySequence, np.ndarray)):
        raise ArgumentTypeError(
            f"'{name}' must be a sequence of numbers, not {type(value).__name__}."
        )


def _check_orthonormal(image_orientation: AnySequence[float]) -> None:
    _check_sequence("image_orientation", image_orientation)
    if len(image_orientation) != 6:
        raise InvalidArgumentError(
            f"'image_orientation' must have 6 cosines, not {len(image_orientation)}."
        )
    cosines = np.asarray(image_orientation, dtype=np.float64).reshape(2, 3)
    deviation = np.abs(cosines @ cosines.T - np.eye(2)).max()
    # Written so that "not a number" is refused, too.
    if not deviation <= _ORTHONORMALITY_TOLERANCE:
        raise InvalidArgumentError(
            "'image_orientation' must be two orthogonal unit vectors, not "
            f"{[float(cosine) for cosine in image_orientation]}."
        )
