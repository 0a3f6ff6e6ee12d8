"""Frames whose place follows from their order: TILED_FULL (PS3.3 C.7.6.17.3)."""

from collections.abc import Generator, Iterator
from itertools import repeat

import numpy as np
from pydicom.dataset import Dataset
from pydicom.uid import (
    ConfocalMicroscopyTiledPyramidalImageStorage,
    ParametricMapStorage,
    SegmentationStorage,
    VLWholeSlideMicroscopyImageStorage,
)

from highdicom.errors import (
    InvalidAttributeError,
    MissingAttributeError,
    WrongSOPClassError,
)
from highdicom.records import record
from highdicom.spatial.arguments import FloatArray, IntArray
from highdicom.spatial.plane import PlaneGeometry, total_pixel_matrix_geometry
from highdicom.spatial.reading import (
    image_dataset,
    integer,
    items_of,
    missing,
    value_of,
)
from highdicom.spatial.tiling import TileGrid, pixel_positions

_LABEL_MAP_SEGMENTATION_STORAGE = "1.2.840.10008.5.1.4.1.1.66.7"
# Sequences whose items are the channels of a tiled image, by SOP class.
_CHANNEL_SEQUENCES = {
    str(VLWholeSlideMicroscopyImageStorage): "OpticalPathSequence",
    str(ConfocalMicroscopyTiledPyramidalImageStorage): "OpticalPathSequence",
    str(SegmentationStorage): "SegmentSequence",
    _LABEL_MAP_SEGMENTATION_STORAGE: None,
    str(ParametricMapStorage): None,
}
_FRAMES_AT_A_TIME = 1 << 16


@record
class TiledFullPositions:
    """Places of frames of a TILED_FULL image, one element per frame.

    Parameters
    ----------
    channel_number
        One-based number of the item of the Optical Path Sequence or Segment Sequence,
        shape (n,); None if frames have no channels.
    focal_plane_number
        One-based number of the focal plane, counted from the glass slide, shape (n,).
    column_position, row_position
        One-based column and row of the first pixel in the total pixel matrix, shape
        (n,).
    x, y, z
        Coordinates of the first pixel in millimetres, shape (n,).

    """

    channel_number: IntArray | None
    focal_plane_number: IntArray
    column_position: IntArray
    row_position: IntArray
    x: FloatArray
    y: FloatArray
    z: FloatArray


@record
class _Layout:
    """Order of the frames: tiles along rows, then columns, focal planes, channels."""

    grid: TileGrid
    focal_planes: int
    channels: int | None
    geometry: PlaneGeometry
    focal_plane_spacing: float

    @property
    def number_of_frames(self) -> int:
        return self.grid.number_of_tiles * self.focal_planes * (self.channels or 1)

    def positions(self, frames: IntArray) -> TiledFullPositions:
        """Places of frames given by their zero-based index."""
        stack, tile = np.divmod(frames, self.grid.number_of_tiles)
        channel, focal_plane = np.divmod(stack, self.focal_planes)
        rows, columns = self.grid.offsets(tile)
        coordinates = pixel_positions(
            rows,
            columns,
            self.geometry.position,
            self.geometry.orientation.reshape(2, 3),
            self.geometry.pixel_spacing,
        )
        return TiledFullPositions(
            channel_number=None if self.channels is None else channel + 1,
            focal_plane_number=focal_plane + 1,
            column_position=columns + 1,
            row_position=rows + 1,
            x=coordinates[:, 0],
            y=coordinates[:, 1],
            # Focal planes follow each other from the slide to the cover slip.
            z=coordinates[:, 2] + focal_plane * self.focal_plane_spacing,
        )


def is_tiled_full(dataset: Dataset) -> bool:
    """Tell whether the places of the frames follow from their order alone."""
    return bool(value_of(dataset, "DimensionOrganizationType") == "TILED_FULL")


def tiled_full_positions(dataset: Dataset) -> TiledFullPositions:
    """Give the places of all frames of a TILED_FULL image as arrays.

    Frames of one instance of a concatenation are counted from its Concatenation Frame
    Offset Number.

    Raises
    ------
    InvalidAttributeError
        If the image is not TILED_FULL, an attribute has an impossible value, or
        NumberOfFrames contradicts the number of tiles, focal planes and channels.
    WrongSOPClassError
        If images of the SOP class are not tiled.
    MissingGeometryError
        If an attribute is missing.

    """
    image = image_dataset(dataset)
    layout = _layout(image)
    offset = integer(image, "ConcatenationFrameOffsetNumber", lowest=0, default=0)
    expected = layout.number_of_frames
    count = integer(image, "NumberOfFrames", default=expected)
    is_part = "ConcatenationUID" in image
    if offset + count > expected or (count != expected and not is_part):
        raise InvalidAttributeError(
            f"NumberOfFrames is {count}, but the size of the total pixel matrix and the "
            f"numbers of focal planes and channels ask for {expected}.",
            keyword="NumberOfFrames",
        )
    return layout.positions(np.arange(offset, offset + count, dtype=np.int64))


def tiled_full_frame(dataset: Dataset, frame: int) -> PlaneGeometry:
    """Give the place of one frame of a TILED_FULL image.

    Parameters
    ----------
    dataset
        Tiled image.
    frame
        Zero-based index of the frame in this instance.

    Raises
    ------
    InvalidAttributeError
        If an attribute has an impossible value, or the frame lies beyond the last tile.
    MissingGeometryError
        If an attribute is missing.

    """
    layout = _layout(dataset)
    offset = integer(dataset, "ConcatenationFrameOffsetNumber", lowest=0, default=0)
    if offset + frame >= layout.number_of_frames:
        raise InvalidAttributeError(
            f"Frame {frame + 1} lies beyond the last tile of the total pixel matrix, "
            f"which is frame {layout.number_of_frames - offset}.",
            keyword="NumberOfFrames",
        )
    place = layout.positions(np.array([offset + frame], dtype=np.int64))
    return PlaneGeometry(
        np.concatenate([place.x, place.y, place.z]),
        layout.geometry.orientation,
        layout.geometry.pixel_spacing,
        layout.geometry.spacing_between_slices,
    )


def iter_tiled_full_frame_data(
    dataset: Dataset,
) -> Generator[tuple[int | None, int, int, int, float, float, float], None, None]:
    """Go through the frames of a TILED_FULL image in order (PS3.3 C.7.6.17.3).

    Parameters
    ----------
    dataset
        VL Whole Slide Microscopy Image, Segmentation, Parametric Map or another tiled
        image with Dimension Organization Type TILED_FULL.

    Yields
    ------
    channel : int | None
        One-based number of the item of the Optical Path Sequence or Segment Sequence;
        None for parametric maps and label maps.
    focal_plane_index : int
        One-based number of the focal plane, counted from the glass slide.
    column_position, row_position : int
        One-based column and row of the first pixel in the total pixel matrix.
    x, y, z : float
        Coordinates of the first pixel in the slide coordinate system in millimetres.

    Raises
    ------
    InvalidAttributeError
        If the image is not TILED_FULL or an attribute has an impossible value.
    WrongSOPClassError
        If images of the SOP class are not tiled.
    MissingGeometryError
        If an attribute is missing.

    Examples
    --------
    >>> from highdicom.spatial import iter_tiled_full_frame_data
    >>> from highdicom.testing import slide
    >>> image = slide(organization="TILED_FULL")
    >>> next(iter_tiled_full_frame_data(image))[:4]
    (1, 1, 1, 1)

    """
    layout = _layout(image_dataset(dataset))
    return (row for block in _blocks(layout) for row in block)


def _blocks(
    layout: _Layout,
) -> Iterator[Iterator[tuple[int | None, int, int, int, float, float, float]]]:
    """Rows of the table of frames, computed for many frames at a time."""
    count = layout.number_of_frames
    for start in range(0, count, _FRAMES_AT_A_TIME):
        stop = min(start + _FRAMES_AT_A_TIME, count)
        places = layout.positions(np.arange(start, stop, dtype=np.int64))
        channels = places.channel_number
        yield zip(
            repeat(None) if channels is None else channels.tolist(),
            places.focal_plane_number.tolist(),
            places.column_position.tolist(),
            places.row_position.tolist(),
            places.x.tolist(),
            places.y.tolist(),
            places.z.tolist(),
            strict=False,
        )


def _layout(image: Dataset) -> _Layout:
    if not is_tiled_full(image):
        raise InvalidAttributeError(
            "DimensionOrganizationType must be TILED_FULL, but is "
            f"{value_of(image, 'DimensionOrganizationType')!r}.",
            keyword="DimensionOrganizationType",
        )
    channels = _channels(image)
    geometry = total_pixel_matrix_geometry(image)
    focal_planes = integer(image, "TotalPixelMatrixFocalPlanes", default=1)
    spacing = geometry.spacing_between_slices
    if focal_planes > 1 and spacing is None:
        raise missing(
            "SpacingBetweenSlices",
            "SharedFunctionalGroupsSequence[0].PixelMeasuresSequence[0]",
        )
    grid = TileGrid(
        integer(image, "Rows"),
        integer(image, "Columns"),
        integer(image, "TotalPixelMatrixRows"),
        integer(image, "TotalPixelMatrixColumns"),
    )
    return _Layout(grid, focal_planes, channels, geometry, spacing or 0.0)


def _channels(image: Dataset) -> int | None:
    """Number of channels, None if the frames have none."""
    sop_class = value_of(image, "SOPClassUID")
    if sop_class is None:
        raise MissingAttributeError("SOPClassUID is missing.", keyword="SOPClassUID")
    if sop_class not in _CHANNEL_SEQUENCES:
        raise WrongSOPClassError(
            f"The SOP class {sop_class} has no tiled images: a VL Whole Slide "
            "Microscopy Image, Segmentation or Parametric Map is expected.",
            keyword="SOPClassUID",
        )
    sequence = _CHANNEL_SEQUENCES[sop_class]
    if sequence is None or value_of(image, "SegmentationType") == "LABELMAP":
        return None
    items = items_of(image, sequence)
    if items is None:
        raise missing(sequence)
    if sequence == "OpticalPathSequence":
        return integer(image, "NumberOfOpticalPaths", default=len(items))
    return len(items)
