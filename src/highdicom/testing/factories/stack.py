"""Parallel planes in the patient coordinate system (PS3.3 C.7.6.2)."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydicom.uid import ExplicitVRLittleEndian

from highdicom.errors import InvalidArgumentError
from highdicom.records import record
from highdicom.testing.factories.building import Seed, Values
from highdicom.testing.factories.pixel_data import Pixels, StoredFormat, planes_of
from highdicom.typing import TypedDict

__all__ = ["ORIENTATIONS", "Plane", "Stack", "StackOptions"]

# Direction cosines of rows and columns. Those of "oblique" have few decimals, none of
# which is lost in a decimal string, and are exactly at right angles.
ORIENTATIONS: Mapping[str, tuple[float, ...]] = {
    "axial": (1.0, 0.0, 0.0, 0.0, 1.0, 0.0),
    "coronal": (1.0, 0.0, 0.0, 0.0, 0.0, -1.0),
    "sagittal": (0.0, 1.0, 0.0, 0.0, 0.0, -1.0),
    "oblique": (0.8, 0.36, -0.48, 0.0, 0.8, 0.6),
}


class StackOptions(TypedDict, total=False):
    """Options of every factory that makes parallel planes; see :class:`Stack`."""

    rows: int
    columns: int
    pixel_spacing: tuple[float, float]
    spacing_between_slices: float
    slice_thickness: float | None
    orientation: str | Sequence[float]
    position: Sequence[float]
    reverse: bool
    missing_slices: Collection[int]
    pixels: Pixels
    bits_stored: int
    signed: bool
    transfer_syntax: str
    seed: Seed
    attributes: Values | None


class Plane(NamedTuple):
    """One plane of a stack."""

    place: int
    """Zero-based place along the normal, missing planes counted."""

    position: list[float]
    """(x, y, z) of the centre of the first pixel in millimetres."""


@record(kw_only=True)
class Stack:
    """Parallel planes at equal distances.

    Parameters
    ----------
    number_of_slices
        Including missing ones.
    rows, columns
        Size of a plane.
    pixel_spacing
        Millimetres between rows and between columns.
    spacing_between_slices
        Millimetres between planes, along the normal.
    slice_thickness
        Millimetres; the spacing between slices if None.
    orientation
        "axial", "coronal", "sagittal", "oblique", or six direction cosines of rows
        and columns.
    position
        (x, y, z) of the first pixel of plane 0 in millimetres.
    reverse
        Whether planes come in descending instead of ascending order of their place
        along the normal, the cross product of row and column direction.
    missing_slices
        Zero-based places that are left out.
    pixels
        Stored values (plane, row, column), or a function from the zero-based index of
        a plane to its values; a pattern in which no two pixels of neighbouring planes
        are equal by default.
    bits_stored, signed, transfer_syntax
        See :class:`StoredFormat`.
    seed
        Equal seeds give equal UIDs; None gives new ones.
    attributes
        Further elements by keyword, in place of what the factory gives; an element
        with the value None is left out.

    Raises
    ------
    InvalidArgumentError
        If an argument is not allowed.

    Examples
    --------
    >>> from highdicom.testing.factories.stack import Stack
    >>> stack = Stack(number_of_slices=2, orientation="oblique", position=(0, 0, 0))
    >>> [plane.position for plane in stack]
    [[0.0, 0.0, 0.0], [1.5, -1.2, 1.6]]

    """

    number_of_slices: int
    rows: int = 16
    columns: int = 20
    pixel_spacing: tuple[float, float] = (0.75, 0.5)
    spacing_between_slices: float = 2.5
    slice_thickness: float | None = None
    orientation: str | Sequence[float] = "axial"
    position: Sequence[float] = (-10.0, -20.0, 30.0)
    reverse: bool = False
    missing_slices: Collection[int] = ()
    pixels: Pixels = None
    bits_stored: int = 12
    signed: bool = False
    transfer_syntax: str = ExplicitVRLittleEndian
    seed: Seed = 0
    attributes: Values | None = None

    def __post_init__(self) -> None:
        if isinstance(self.orientation, str) and self.orientation not in ORIENTATIONS:
            raise InvalidArgumentError(
                f"'orientation' must be six numbers or one of {list(ORIENTATIONS)}, "
                f"not {self.orientation!r}."
            )
        if self.number_of_slices < 1:
            raise InvalidArgumentError(
                f"'number_of_slices' must be positive, not {self.number_of_slices}."
            )

    @property
    def cosines(self) -> list[float]:
        """Image Orientation (Patient)."""
        orientation = self.orientation
        if isinstance(orientation, str):
            orientation = ORIENTATIONS[orientation]
        return [float(cosine) for cosine in orientation]

    @property
    def thickness(self) -> float:
        """Slice Thickness in millimetres."""
        if self.slice_thickness is None:
            return float(self.spacing_between_slices)
        return float(self.slice_thickness)

    @property
    def stored_format(self) -> StoredFormat:
        """How the pixels are stored: two bytes each, as these modalities do."""
        return StoredFormat(
            self.bits_stored,
            signed=self.signed,
            transfer_syntax=self.transfer_syntax,
            bits_allocated=16,
        )

    def __iter__(self) -> Iterator[Plane]:
        """Planes that are there, in order of the images."""
        indices = range(self.number_of_slices)
        normal = np.cross(self.cosines[:3], self.cosines[3:])
        for index in reversed(indices) if self.reverse else indices:
            if index not in self.missing_slices:
                offset = index * self.spacing_between_slices * normal
                # Twelve decimals hide the rounding error of the product.
                position = np.round(np.asarray(self.position, float) + offset, 12)
                yield Plane(index, (position + 0.0).tolist())

    def frames(self, indices: Sequence[int]) -> list[NDArray[Any]]:
        """Stored values of the planes of those indices."""
        return planes_of(
            self.pixels, indices, (self.rows, self.columns), self.stored_format
        )
