"""VL Whole Slide Microscopy images (PS3.3 A.32.8)."""

from collections.abc import Collection, Mapping, Sequence
from itertools import product
from math import ceil
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydicom import Dataset
from pydicom.datadict import tag_for_keyword
from pydicom.uid import ExplicitVRLittleEndian, VLWholeSlideMicroscopyImageStorage

from highdicom.errors import InvalidArgumentError
from highdicom.records import record
from highdicom.testing.factories.building import (
    Identifiers,
    Seed,
    Values,
    code,
    dataset_of,
    finished,
    general,
)
from highdicom.testing.factories.pixel_data import (
    StoredFormat,
    icc_profile,
    pattern,
    put_pixel_data,
)
from highdicom.typing import TypedDict, Unpack

__all__ = ["Layout", "SlideOptions", "slide", "slide_from_array", "slide_pyramid"]


class SlideOptions(TypedDict, total=False):
    """Options of the factories of slides; see :class:`Layout`."""

    tile_size: tuple[int, int]
    organization: Literal["TILED_FULL", "TILED_SPARSE"]
    missing_tiles: Collection[tuple[int, int]]
    frame_order: Sequence[int] | None
    pixel_spacing: tuple[float, float]
    focal_plane_spacing: float
    orientation: Sequence[float]
    position: tuple[float, float]
    flavor: Literal["VOLUME", "THUMBNAIL", "OVERVIEW", "LABEL"]
    bits_stored: int
    transfer_syntax: str
    extended_offsets: bool
    series: str
    seed: Seed
    attributes: Values | None


@record(kw_only=True)
class Layout:
    """How the total pixel matrix is cut, stored and placed.

    Parameters
    ----------
    tile_size
        Rows and columns of a tile; by default 16 and 20, or the whole matrix where
        the flavor allows one frame only. Tiles that reach beyond the matrix are filled
        up, white in colour, zero in grey.
    organization
        "TILED_FULL": all tiles in the order of PS3.3 C.7.6.17.3, without per-frame
        functional groups. "TILED_SPARSE": every frame says where it lies.
    missing_tiles
        Zero-based (row, column) of tiles that are left out (TILED_SPARSE only).
    frame_order
        Zero-based places, in the order of TILED_FULL without the missing tiles, of
        the frames to store (TILED_SPARSE only).
    pixel_spacing
        Millimetres between rows and between columns.
    focal_plane_spacing
        Micrometres between focal planes.
    orientation
        Six direction cosines of rows and columns in the slide coordinate system.
    position
        (x, y) of the first pixel of the matrix in millimetres.
    flavor
        Value 3 of Image Type. All but VOLUME have one frame.
    bits_stored
        8, or 16 in grey.
    transfer_syntax
        UID of the transfer syntax.
    extended_offsets
        Whether encapsulated frames get an Extended in place of a Basic Offset Table.
    series
        Images of the same name and seed belong to one series.
    seed, attributes
        See :class:`Stack`.

    """

    tile_size: tuple[int, int] | None = None
    organization: Literal["TILED_FULL", "TILED_SPARSE"] = "TILED_FULL"
    missing_tiles: Collection[tuple[int, int]] = ()
    frame_order: Sequence[int] | None = None
    pixel_spacing: tuple[float, float] = (0.0005, 0.00025)
    focal_plane_spacing: float = 2.0
    orientation: Sequence[float] = (0.0, -1.0, 0.0, -1.0, 0.0, 0.0)
    position: tuple[float, float] = (20.0, 40.0)
    flavor: Literal["VOLUME", "THUMBNAIL", "OVERVIEW", "LABEL"] = "VOLUME"
    bits_stored: int = 8
    transfer_syntax: str = ExplicitVRLittleEndian
    extended_offsets: bool = False
    series: str = "slide"
    seed: Seed = 0
    attributes: Values | None = None

    def __post_init__(self) -> None:
        if self.organization not in ("TILED_FULL", "TILED_SPARSE"):
            raise InvalidArgumentError(
                "'organization' must be TILED_FULL or TILED_SPARSE, "
                f"not {self.organization!r}."
            )
        selects = bool(self.missing_tiles) or self.frame_order is not None
        if selects and self.organization == "TILED_FULL":
            raise InvalidArgumentError(
                "'missing_tiles' and 'frame_order' need an 'organization' of "
                "TILED_SPARSE."
            )

    @property
    def is_full(self) -> bool:
        """Whether the positions of tiles follow from their order."""
        return self.organization == "TILED_FULL"

    def tile_shape(self, shape: Sequence[int]) -> tuple[int, int]:
        """Rows and columns of a tile of an array (path, focal plane, row, column)."""
        if self.tile_size is not None:
            return self.tile_size
        return (16, 20) if self.flavor == "VOLUME" else (shape[2], shape[3])


def slide(
    rows: int = 50,
    columns: int = 70,
    *,
    samples: Literal[1, 3] = 3,
    optical_paths: int = 1,
    focal_planes: int = 1,
    **options: Unpack[SlideOptions],
) -> Dataset:
    """VL Whole Slide Microscopy image with a pattern of values.

    Parameters
    ----------
    rows, columns
        Size of the total pixel matrix.
    samples
        3 for RGB, 1 for grey.
    optical_paths, focal_planes
        How many there are.
    **options
        See :class:`Layout`.

    Returns
    -------
    Dataset
        Image with its File Meta Information.

    Raises
    ------
    InvalidArgumentError
        If an argument is not allowed.

    Examples
    --------
    >>> from highdicom.testing import slide
    >>> image = slide(50, 70, tile_size=(16, 20))
    >>> int(image.NumberOfFrames), image.Rows, image.Columns
    (16, 16, 20)

    """
    bits_stored = options.get("bits_stored", 8)
    matrices = [
        slide_pattern(rows, columns, samples=samples, index=index, bits=bits_stored)
        for index in range(optical_paths * focal_planes)
    ]
    array = np.stack(matrices).reshape(optical_paths, focal_planes, *matrices[0].shape)
    return slide_from_array(array, **options)


def slide_pattern(
    rows: int, columns: int, *, samples: int = 3, index: int = 0, bits: int = 8
) -> NDArray[Any]:
    """Total pixel matrix that :func:`slide` stores.

    In colour it is smooth, so that lossy compression keeps it: red follows the column
    and green the row. In grey no two neighbouring pixels are equal.

    Parameters
    ----------
    rows, columns
        Size of the matrix.
    samples
        3 for RGB, 1 for grey.
    index
        Number of the matrix, optical path by optical path.
    bits
        Bits Stored.

    Returns
    -------
    numpy.ndarray
        Array (row, column[, sample]) of unsigned integers.

    """
    if samples == 1:
        return pattern(index, (rows, columns), StoredFormat(bits))
    matrix = np.empty((rows, columns, 3), np.uint8)
    matrix[..., 0] = _wave(3 * np.arange(columns))
    matrix[..., 1] = _wave(3 * np.arange(rows))[:, np.newaxis]
    diagonals = _wave(np.arange(rows + columns - 1) + 60 * index)
    matrix[..., 2] = np.lib.stride_tricks.sliding_window_view(diagonals, columns)
    return matrix


def _wave(numbers: NDArray[Any]) -> NDArray[Any]:
    """Triangular wave from 0 to 255 and back."""
    remainders = numbers % 510
    wave: NDArray[Any] = np.minimum(remainders, 510 - remainders).astype(np.uint8)
    return wave


def slide_from_array(array: ArrayLike, **options: Unpack[SlideOptions]) -> Dataset:
    """VL Whole Slide Microscopy image of given values.

    Parameters
    ----------
    array
        Total pixel matrix (row, column) or (row, column, 3), or several
        (optical path, focal plane, row, column[, 3]).
    **options
        See :class:`Layout`.

    Returns
    -------
    Dataset
        Image with its File Meta Information.

    Raises
    ------
    InvalidArgumentError
        If an argument is not allowed.

    Examples
    --------
    >>> import numpy as np
    >>> from highdicom.testing import slide_from_array
    >>> image = slide_from_array(
    ...     np.zeros((30, 40), np.uint8),
    ...     organization="TILED_SPARSE",
    ...     missing_tiles=[(0, 1)],
    ... )
    >>> int(image.NumberOfFrames)
    3

    """
    layout = Layout(**options)
    values = np.asarray(array)
    if values.ndim in (2, 3):
        values = values[np.newaxis, np.newaxis]
    if values.ndim not in (4, 5) or (values.ndim == 5 and values.shape[4] != 3):
        raise InvalidArgumentError(
            "'array' must have the shape (row, column[, 3]) or (optical path, focal "
            f"plane, row, column[, 3]), not {np.shape(array)}."
        )
    color = values.ndim == 5
    stored_format = StoredFormat(
        layout.bits_stored,
        photometric_interpretation="RGB" if color else "MONOCHROME2",
        transfer_syntax=layout.transfer_syntax,
    )
    if layout.bits_stored != 8 and (color or layout.bits_stored != 16):
        raise InvalidArgumentError(
            "'bits_stored' must be 8, or 16 in grey, for slides, "
            f"not {layout.bits_stored}."
        )
    tiles = _tiles(values.shape, layout)
    image = dataset_of(
        _identity(layout, values.shape),
        _matrix(layout, values.shape),
        _optical_paths(values.shape[0], color=color),
        _dimensions(layout, values.shape),
        _functional_groups(layout, tiles, values.shape),
        {"NumberOfFrames": len(tiles)},
        {} if color else _GREY,
    )
    frames = _frames(
        stored_format.checked(values), tiles, layout.tile_shape(values.shape)
    )
    put_pixel_data(
        image, frames, stored_format, extended_offsets=layout.extended_offsets
    )
    return finished(image, layout.attributes)


def slide_pyramid(
    rows: int = 96,
    columns: int = 128,
    *,
    levels: int = 3,
    factor: int = 2,
    samples: Literal[1, 3] = 3,
    **options: Unpack[SlideOptions],
) -> list[Dataset]:
    """Levels of one multi-resolution pyramid, the largest first.

    Parameters
    ----------
    rows, columns
        Size of the total pixel matrix of the first level.
    levels
        How many there are; every level has the pixels of the one above that are first
        in each square of `factor` by `factor`.
    factor
        Ratio of the sizes of neighbouring levels.
    samples
        3 for RGB, 1 for grey.
    **options
        See :class:`Layout`; `pixel_spacing` is that of the first level.

    Returns
    -------
    list of Dataset
        Images of one series with a common Pyramid UID (PS3.3 C.8.12.14).

    Raises
    ------
    InvalidArgumentError
        If an argument is not allowed.

    Examples
    --------
    >>> from highdicom.testing import slide_pyramid
    >>> [image.TotalPixelMatrixRows for image in slide_pyramid(96, 128, levels=3)]
    [96, 48, 24]

    """
    seed = options.get("seed", 0)
    spacing = options.get("pixel_spacing", Layout.pixel_spacing)
    identify = Identifiers(seed)
    matrix = slide_pattern(
        rows, columns, samples=samples, bits=options.get("bits_stored", 8)
    )
    images = []
    for level in range(levels):
        step = factor**level
        values: SlideOptions = {
            **options,
            "pixel_spacing": (spacing[0] * step, spacing[1] * step),
            "attributes": {
                "PyramidUID": identify("slide/pyramid"),
                "SOPInstanceUID": identify(f"slide/level {level}"),
                "InstanceNumber": level + 1,
                "ImageType": _image_type("VOLUME", resampled=level > 0),
                **(options.get("attributes") or {}),
            },
        }
        images.append(slide_from_array(matrix[::step, ::step], **values))
    for image in images[1:]:
        group = image.SharedFunctionalGroupsSequence[0]
        frame_type = group.WholeSlideMicroscopyImageFrameTypeSequence[0]
        frame_type.FrameType = image.ImageType
    return images


class _Tile(NamedTuple):
    optical_path: int
    focal_plane: int
    row: int
    column: int


_GREY: Mapping[str, Any] = {
    "PresentationLUTShape": "IDENTITY",
    "RescaleIntercept": 0.0,
    "RescaleSlope": 1.0,
}


def _image_type(flavor: str, *, resampled: bool = False) -> list[str]:
    if resampled:
        return ["DERIVED", "PRIMARY", flavor, "RESAMPLED"]
    return ["ORIGINAL", "PRIMARY", flavor, "NONE"]


def _tiles(shape: Sequence[int], layout: Layout) -> list[_Tile]:
    """Tiles in the order of TILED_FULL: paths slowest, columns fastest."""
    size = layout.tile_shape(shape)
    counts = (*shape[:2], ceil(shape[2] / size[0]), ceil(shape[3] / size[1]))
    tiles = [_Tile(*place) for place in product(*map(range, counts))]
    missing = {tuple(place) for place in layout.missing_tiles}
    tiles = [tile for tile in tiles if (tile.row, tile.column) not in missing]
    if layout.frame_order is not None:
        tiles = [tiles[place] for place in layout.frame_order]
    return tiles


def _frames(
    values: NDArray[Any], tiles: Sequence[_Tile], size: tuple[int, int]
) -> list[NDArray[Any]]:
    frames = []
    padding = 255 if values.ndim == 5 else 0
    for tile in tiles:
        matrix = values[tile.optical_path, tile.focal_plane]
        top, left = tile.row * size[0], tile.column * size[1]
        part = matrix[top : top + size[0], left : left + size[1]]
        if part.shape[:2] != tuple(size):
            frame = np.full((*size, *matrix.shape[2:]), padding, values.dtype)
            frame[: part.shape[0], : part.shape[1]] = part
            part = frame
        frames.append(part)
    return frames


def _identity(layout: Layout, shape: Sequence[int]) -> dict[str, Any]:
    identify = Identifiers(layout.seed)
    name = f"{layout.flavor} {shape} {layout.organization}"
    image_type = _image_type(layout.flavor)
    return {
        **general(
            layout.seed,
            layout.series,
            VLWholeSlideMicroscopyImageStorage,
            "SM",
            name=name,
        ),
        "FrameOfReferenceUID": identify("slide/frame of reference"),
        "PositionReferenceIndicator": "SLIDE_CORNER",
        "ImageType": image_type,
        "AcquisitionContextSequence": [],
        "ContainerIdentifier": "SLIDE1",
        "IssuerOfTheContainerIdentifierSequence": [],
        "ContainerTypeCodeSequence": code("433466003", "SCT", "Microscope slide"),
        "SpecimenDescriptionSequence": {
            "SpecimenIdentifier": "SPECIMEN1",
            "SpecimenUID": identify("specimen"),
            "IssuerOfTheSpecimenIdentifierSequence": [],
            "SpecimenPreparationSequence": [],
        },
        "VolumetricProperties": "VOLUME",
        "SpecimenLabelInImage": "YES" if _shows_label(layout) else "NO",
        "BurnedInAnnotation": "NO",
        "FocusMethod": "AUTO",
        "ExtendedDepthOfField": "NO",
        "LossyImageCompression": "00",
        **({"BarcodeValue": "1", "LabelText": "1"} if layout.flavor == "LABEL" else {}),
    }


def _shows_label(layout: Layout) -> bool:
    return layout.flavor in ("LABEL", "OVERVIEW")


def _matrix(layout: Layout, shape: Sequence[int]) -> dict[str, Any]:
    spacing = layout.pixel_spacing
    return {
        "TotalPixelMatrixRows": shape[2],
        "TotalPixelMatrixColumns": shape[3],
        "TotalPixelMatrixFocalPlanes": shape[1],
        "TotalPixelMatrixOriginSequence": {
            "XOffsetInSlideCoordinateSystem": float(layout.position[0]),
            "YOffsetInSlideCoordinateSystem": float(layout.position[1]),
        },
        "ImageOrientationSlide": list(map(float, layout.orientation)),
        "ImagedVolumeWidth": shape[3] * float(spacing[1]),
        "ImagedVolumeHeight": shape[2] * float(spacing[0]),
        "ImagedVolumeDepth": shape[1] * float(layout.focal_plane_spacing),
    }


def _optical_paths(number: int, *, color: bool) -> dict[str, Any]:
    if color:
        path = {
            "IlluminationTypeCodeSequence": code(
                "111744", "DCM", "Brightfield illumination"
            ),
            "IlluminationColorCodeSequence": code("414298005", "SCT", "Full Spectrum"),
            "ICCProfile": icc_profile(),
            "ColorSpace": "SRGB",
        }
    else:
        path = {
            "IlluminationTypeCodeSequence": code(
                "111743", "DCM", "Epifluorescence illumination"
            ),
        }
    return {
        "NumberOfOpticalPaths": number,
        "OpticalPathSequence": [
            {
                "OpticalPathIdentifier": str(index + 1),
                **path,
                **({} if color else {"IlluminationWaveLength": 400.0 + 50.0 * index}),
            }
            for index in range(number)
        ],
    }


# Attributes that tell frames apart, their functional group, and the axis of the array
# that must be longer than one for them to be a dimension.
_DIMENSIONS = (
    ("OpticalPathIdentifier", "OpticalPathIdentificationSequence", 0),
    ("ZOffsetInSlideCoordinateSystem", "PlanePositionSlideSequence", 1),
    ("RowPositionInTotalImagePixelMatrix", "PlanePositionSlideSequence", None),
    ("ColumnPositionInTotalImagePixelMatrix", "PlanePositionSlideSequence", None),
)


def _dimensions(layout: Layout, shape: Sequence[int]) -> dict[str, Any]:
    uid = Identifiers(layout.seed)("slide/dimensions")
    values: dict[str, Any] = {
        "DimensionOrganizationSequence": {"DimensionOrganizationUID": uid},
        "DimensionOrganizationType": layout.organization,
    }
    if not layout.is_full:
        values["DimensionIndexSequence"] = [
            {
                "DimensionOrganizationUID": uid,
                "DimensionIndexPointer": tag_for_keyword(keyword),
                "FunctionalGroupPointer": tag_for_keyword(group),
            }
            for keyword, group, axis in _DIMENSIONS
            if axis is None or shape[axis] > 1
        ]
    return values


def _functional_groups(
    layout: Layout, tiles: Sequence[_Tile], shape: Sequence[int]
) -> dict[str, Any]:
    depth = float(layout.focal_plane_spacing) / 1000
    shared: dict[str, Any] = {
        "PixelMeasuresSequence": {
            "PixelSpacing": list(map(float, layout.pixel_spacing)),
            "SliceThickness": depth,
            **({"SpacingBetweenSlices": depth} if shape[1] > 1 else {}),
        },
        "WholeSlideMicroscopyImageFrameTypeSequence": {
            "FrameType": _image_type(layout.flavor)
        },
    }
    if shape[0] == 1:
        shared["OpticalPathIdentificationSequence"] = {"OpticalPathIdentifier": "1"}
    if layout.is_full:
        return {"SharedFunctionalGroupsSequence": shared}
    return {
        "SharedFunctionalGroupsSequence": shared,
        "PerFrameFunctionalGroupsSequence": [
            _groups_of(tile, layout, shape) for tile in tiles
        ],
    }


def _groups_of(tile: _Tile, layout: Layout, shape: Sequence[int]) -> dict[str, Any]:
    size = layout.tile_shape(shape)
    row, column = tile.row * size[0], tile.column * size[1]
    cosines = np.asarray(layout.orientation, float).reshape(2, 3)
    offset = (
        cosines[0] * column * layout.pixel_spacing[1]
        + cosines[1] * row * layout.pixel_spacing[0]
    )
    x, y = np.round(np.asarray(layout.position) + offset[:2], 12)
    places = (tile.optical_path, tile.focal_plane, tile.row, tile.column)
    groups: dict[str, Any] = {
        "FrameContentSequence": {
            "DimensionIndexValues": [
                place + 1
                for place, (_, _, axis) in zip(places, _DIMENSIONS, strict=True)
                if axis is None or shape[axis] > 1
            ]
        },
        "PlanePositionSlideSequence": {
            "RowPositionInTotalImagePixelMatrix": row + 1,
            "ColumnPositionInTotalImagePixelMatrix": column + 1,
            "XOffsetInSlideCoordinateSystem": float(x),
            "YOffsetInSlideCoordinateSystem": float(y),
            "ZOffsetInSlideCoordinateSystem": (
                tile.focal_plane * float(layout.focal_plane_spacing)
            ),
        },
    }
    if shape[0] > 1:
        groups["OpticalPathIdentificationSequence"] = {
            "OpticalPathIdentifier": str(tile.optical_path + 1)
        }
    return groups
