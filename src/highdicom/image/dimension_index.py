"""Dimension Index Sequences that users make by themselves (PS3.3 C.7.6.17)."""

import warnings
from collections.abc import Sequence as AnySequence
from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.datadict import keyword_for_tag
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from highdicom.arguments import member_of
from highdicom.content.plane import PlanePositionSequence
from highdicom.enum import (
    AxisHandedness,
    CoordinateSystemNames,
    PixelIndexDirections,
)
from highdicom.errors import (
    HighdicomWarning,
    InvalidArgumentError,
    MissingFramesError,
)
from highdicom.frames.dimensions import Dimension, dimension_index_items
from highdicom.image.sources import SourceImages
from highdicom.spatial.orientation import get_normal_vector
from highdicom.spatial.stacking import distances_along
from highdicom.uid import UID

__all__ = ["LABELS", "POSITIONS", "PositionIndexSequence"]

Array = npt.NDArray[Any]

# Keyword and functional group.
_NO_POSITION = (("FrameLabel", "FrameContentSequence"),)
POSITIONS = {
    CoordinateSystemNames.PATIENT: (("ImagePositionPatient", "PlanePositionSequence"),),
    CoordinateSystemNames.SLIDE: (
        ("RowPositionInTotalImagePixelMatrix", "PlanePositionSlideSequence"),
        ("ColumnPositionInTotalImagePixelMatrix", "PlanePositionSlideSequence"),
    ),
}
"""Keyword and functional group of the attributes that say where a frame lies."""

LABELS = {
    "FrameLabel": "Frame Label",
    "InStackPositionNumber": "In-Stack Position Number",
    "LUTLabel": "LUT Label",
    "ReferencedSegmentNumber": "Referenced Segment Number",
    "ImagePositionPatient": "Image Position Patient",
    "RowPositionInTotalImagePixelMatrix": "Row Position In Total Image Pixel Matrix",
    "ColumnPositionInTotalImagePixelMatrix": (
        "Column Position In Total Image Pixel Matrix"
    ),
}
"""Dimension Description Label of each attribute that may be a dimension."""

_OFFSETS = tuple(f"{axis}OffsetInSlideCoordinateSystem" for axis in "XYZ")


class PositionIndexSequence(Sequence):
    """Dimension Index Sequence of frames that are told apart by where they lie.

    Images have one when they are made: to make one by itself is deprecated.

    Parameters
    ----------
    coordinate_system
        What positions of planes refer to; None if there is no frame of reference.
    leading
        Keyword and functional group of the dimensions before those of positions.

    Raises
    ------
    InvalidArgumentError
        If the coordinate system is unknown.

    Warns
    -----
    HighdicomWarning
        Always.

    """

    def __init__(
        self,
        coordinate_system: str | CoordinateSystemNames | None,
        leading: AnySequence[tuple[str, str]] = (),
    ) -> None:
        system = None
        if coordinate_system is not None:
            system = member_of(
                CoordinateSystemNames, coordinate_system, "coordinate_system"
            )
        warnings.warn(
            f"{type(self).__name__} is deprecated: images have one when they are made.",
            HighdicomWarning,
            stacklevel=3,
        )
        named = [*leading, *(() if system is None else POSITIONS[system])]
        # There has to be a dimension, though nothing is to be told apart.
        named = named or list(_NO_POSITION)
        uid = str(UID())
        super().__init__(
            dimension_index_items(
                Dimension.of(keyword, group, uid, LABELS[keyword])
                for keyword, group in named
            )
        )
        self._coordinate_system = system

    def get_index_keywords(self) -> list[str]:
        """List the keywords of positions, none without a frame of reference."""
        if self._coordinate_system is None:
            return []
        return [keyword for keyword, _ in POSITIONS[self._coordinate_system]]

    def get_index_position(self, pointer: str) -> int:
        """Give the zero-based place of an attribute among the dimensions.

        Parameters
        ----------
        pointer
            Keyword of the attribute.

        Raises
        ------
        InvalidArgumentError
            If it is no dimension.

        """
        keywords = [keyword_for_tag(item.DimensionIndexPointer) for item in self]
        if pointer not in keywords:
            raise InvalidArgumentError(
                f"'pointer' must be one of {keywords}, not {pointer!r}."
            )
        return keywords.index(pointer)

    def get_index_values(
        self,
        plane_positions: AnySequence[PlanePositionSequence],
        image_orientation: AnySequence[float] | None = None,
        index_convention: str | AnySequence[PixelIndexDirections | str] = (
            PixelIndexDirections.R,
            PixelIndexDirections.D,
        ),
        handedness: AxisHandedness | str = AxisHandedness.RIGHT_HANDED,
    ) -> tuple[Array, npt.NDArray[np.int64]]:
        """Give what planes are told apart by, and the order in which that puts them.

        Parameters
        ----------
        plane_positions
            Position of each plane.
        image_orientation
            Direction cosines of rows and columns, to sort planes along their normal.
        index_convention, handedness
            As of :func:`highdicom.spatial.get_plane_sort_index`.

        Returns
        -------
        tuple
            Values of the dimensions, shape (plane, dimension) or, for positions in the
            patient, (plane, 1, 3); and zero-based indices of the planes in order.

        Raises
        ------
        InvalidArgumentError
            If planes lie in the same place, or refer to another coordinate system.
        MissingFramesError
            If there is no frame of reference.

        """
        if self._coordinate_system is None:
            raise MissingFramesError(
                "Planes have no indices without a frame of reference."
            )
        if not plane_positions:
            return np.empty(0), np.empty(0, np.int64)
        items = [position[0] for position in plane_positions]
        keywords = self.get_index_keywords()
        for number, item in enumerate(items):
            if any(keyword not in item for keyword in keywords):
                raise InvalidArgumentError(
                    f"'plane_positions'[{number}] must have {' and '.join(keywords)}."
                )
        values = np.array(
            [[item[keyword].value for keyword in keywords] for item in items]
        )
        flat = values.reshape(len(items), -1)
        _, first = np.unique(flat, axis=0, return_index=True)
        if len(first) < len(items):
            raise InvalidArgumentError(
                f"The {len(items)} 'plane_positions' must be different places, not "
                f"{len(first)}."
            )
        if image_orientation is None:
            return values, first.astype(np.int64)
        if self._coordinate_system is CoordinateSystemNames.SLIDE:
            raise InvalidArgumentError(
                "'image_orientation' must not be given for positions on a slide."
            )
        normal = get_normal_vector(image_orientation, index_convention, handedness)
        along = distances_along(flat, normal)
        places = len(np.unique(along))
        if places < len(items):
            raise InvalidArgumentError(
                f"The {len(items)} 'plane_positions' must be different places along the "
                f"normal of the planes, not {places}."
            )
        return values, np.argsort(along, kind="stable").astype(np.int64)

    def get_plane_positions_of_image(
        self, image: Dataset
    ) -> list[PlanePositionSequence]:
        """Give the position of each frame of a multi-frame image.

        Raises
        ------
        InvalidArgumentError
            If it is no multi-frame image, or has no positions.

        """
        sources = SourceImages.of([image])
        if not sources.is_multi_frame:
            raise InvalidArgumentError("'image' must be a multi-frame image.")
        return _positions_of(sources, "image")

    def get_plane_positions_of_series(
        self, images: AnySequence[Dataset]
    ) -> list[PlanePositionSequence]:
        """Give the position of each single-frame image of a series.

        Raises
        ------
        InvalidArgumentError
            If one has several frames, or they have no positions.

        """
        sources = SourceImages.of(images)
        if sources.is_multi_frame:
            raise InvalidArgumentError("'images' must be single-frame images.")
        return _positions_of(sources, "images")


def _positions_of(sources: SourceImages, name: str) -> list[PlanePositionSequence]:
    system, index = sources.coordinate_system, sources.index
    if system is None:
        raise InvalidArgumentError(f"'{name}' must have a frame of reference.")
    if system is CoordinateSystemNames.PATIENT:
        points = index.column("ImagePositionPatient")
        return [PlanePositionSequence(system, point) for point in points.tolist()]
    offsets = np.stack([index.column(keyword) for keyword in _OFFSETS], axis=1)
    rows, columns = (index.column(kw) for kw, _ in POSITIONS[system])
    return [
        PlanePositionSequence(system, point, (column, row))
        for point, column, row in zip(
            offsets.tolist(), columns.tolist(), rows.tolist(), strict=True
        )
    ]
