"""Regions and surfaces, and coordinates that measurements were inferred from."""

from collections.abc import Iterable, Sequence as AnySequence
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset
from pydicom.sr.coding import Code

from highdicom.arguments import member_of
from highdicom.coding import CodedConcept
from highdicom.content_items.base import ContentSequence, add_content
from highdicom.content_items.coordinates import Scoord3DContentItem, ScoordContentItem
from highdicom.content_items.enum import (
    GraphicTypeValues,
    GraphicTypeValues3D,
    PixelOriginInterpretationValues,
)
from highdicom.content_items.query import matching
from highdicom.errors import ArgumentTypeError, InvalidArgumentError
from highdicom.sr.content.errors import UnexpectedContentError
from highdicom.sr.content.segmentation_sources import SegmentationSources
from highdicom.sr.content.sources import (
    SourceImageForRegion,
    SourceImageForSegmentation,
    SourceSeriesForSegmentation,
)
from highdicom.standard import iod_key_of, iod_of
from highdicom.typing import Self
from highdicom.uid import UID

__all__ = [
    "CoordinatesForMeasurement",
    "CoordinatesForMeasurement3D",
    "ImageRegion",
    "ImageRegion3D",
    "VolumeSurface",
]

_SOURCE = Code("260753009", "SCT", "Source")
_IMAGE_REGION = Code("111030", "DCM", "Image Region")
_VOLUME_SURFACE = Code("121231", "DCM", "Volume Surface")
_WHOLE_SLIDE = "1.2.840.10008.5.1.4.1.1.77.1.6"
_MULTI_FRAME_MODULES = frozenset(("multi-frame", "multi-frame-functional-groups"))


@lru_cache(maxsize=256)
def _has_single_frames(sop_class_uid: str) -> bool:
    """Whether instances of a SOP class are known to have one frame only."""
    if iod_key_of(sop_class_uid) is None:
        return False
    modules = {use.module for use in iod_of(sop_class_uid).modules}
    return modules.isdisjoint(_MULTI_FRAME_MODULES)


def _checked_source(source_image: Any) -> SourceImageForRegion:
    if not isinstance(source_image, SourceImageForRegion):
        raise ArgumentTypeError(
            "'source_image' must be a SourceImageForRegion, "
            f"not {type(source_image).__name__}."
        )
    return source_image


class CoordinatesForMeasurement(ScoordContentItem):
    """Coordinates that a measurement was inferred from (PS3.16 TID 320).

    Parameters
    ----------
    graphic_type
        Kind of the graphic.
    graphic_data
        Shape (n, 2): points (column, row), zero-based and with sub-pixel resolution.
    source_image
        The image that the coordinates are in.
    purpose
        What the coordinates were used for, such as ``codes.DCM.Path``.

    Raises
    ------
    ArgumentTypeError
        If something has another type.
    InvalidArgumentError
        If there is no such graphic type, or the points do not fit it.

    Examples
    --------
    >>> import numpy as np
    >>> from highdicom.sr.content import CoordinatesForMeasurement, SourceImageForRegion
    >>> coordinates = CoordinatesForMeasurement(
    ...     graphic_type="POLYLINE",
    ...     graphic_data=np.array([[10.0, 10.0], [40.0, 50.0]]),
    ...     source_image=SourceImageForRegion("1.2.840.10008.5.1.4.1.1.2", "1.2.3"),
    ... )
    >>> coordinates.relationship_type.value
    'INFERRED FROM'

    """

    def __init__(
        self,
        graphic_type: GraphicTypeValues | str,
        graphic_data: npt.NDArray[Any],
        source_image: SourceImageForRegion,
        purpose: CodedConcept | Code = _SOURCE,
    ) -> None:
        super().__init__(
            purpose, graphic_type, graphic_data, relationship_type="INFERRED FROM"
        )
        add_content(self, [_checked_source(source_image)])


class CoordinatesForMeasurement3D(Scoord3DContentItem):
    """Coordinates in space that a measurement was inferred from (PS3.16 TID 320).

    Parameters
    ----------
    graphic_type
        Kind of the graphic.
    graphic_data
        Shape (n, 3): points (x, y, z) in millimetres.
    frame_of_reference_uid
        The frame of reference.
    fiducial_uid
        Identifier that relates the coordinates to a fiducial.
    purpose
        What the coordinates were used for, such as ``codes.DCM.Path``.

    Raises
    ------
    ArgumentTypeError
        If something has another type.
    InvalidArgumentError
        If there is no such graphic type, the points do not fit it, or a UID does not
        have the form of one.

    Examples
    --------
    >>> import numpy as np
    >>> from highdicom.sr.content import CoordinatesForMeasurement3D
    >>> coordinates = CoordinatesForMeasurement3D(
    ...     "POINT", np.array([[10.0, 20.0, 30.0]]), "1.2.3"
    ... )
    >>> coordinates.relationship_type.value
    'INFERRED FROM'

    """

    def __init__(
        self,
        graphic_type: GraphicTypeValues3D | str,
        graphic_data: npt.NDArray[Any],
        frame_of_reference_uid: str | UID,
        fiducial_uid: str | UID | None = None,
        purpose: CodedConcept | Code = _SOURCE,
    ) -> None:
        super().__init__(
            purpose,
            graphic_type,
            graphic_data,
            frame_of_reference_uid,
            fiducial_uid,
            "INFERRED FROM",
        )


class ImageRegion(ScoordContentItem):
    """Region of an image (PS3.16 TID 1410 and 1411).

    Parameters
    ----------
    graphic_type
        Kind of the graphic; not MULTIPOINT.
    graphic_data
        Shape (n, 2): points (column, row), zero-based and with sub-pixel resolution.
    source_image
        The image that the region is in.
    pixel_origin_interpretation
        What the coordinates count from. For whole slide microscopy images it is the
        total pixel matrix unless given. Not to be given for single-frame images.

    Raises
    ------
    ArgumentTypeError
        If something has another type, or the pixel origin is given for a single-frame
        image.
    InvalidArgumentError
        If there is no such graphic type or pixel origin, the graphic type is no
        region, or the points do not fit it.

    Examples
    --------
    >>> import numpy as np
    >>> from highdicom.sr.content import ImageRegion, SourceImageForRegion
    >>> region = ImageRegion(
    ...     graphic_type="CIRCLE",
    ...     graphic_data=np.array([[45.0, 55.0], [45.0, 65.0]]),
    ...     source_image=SourceImageForRegion("1.2.840.10008.5.1.4.1.1.2", "1.2.3"),
    ... )
    >>> region.ContentSequence[0].referenced_sop_instance_uid
    '1.2.3'

    """

    def __init__(
        self,
        graphic_type: GraphicTypeValues | str,
        graphic_data: npt.NDArray[Any],
        source_image: SourceImageForRegion,
        pixel_origin_interpretation: PixelOriginInterpretationValues
        | str
        | None = None,
    ) -> None:
        kind = member_of(GraphicTypeValues, graphic_type, "graphic_type")
        if kind is GraphicTypeValues.MULTIPOINT:
            raise InvalidArgumentError(
                "'graphic_type' of a region must not be MULTIPOINT."
            )
        sop_class_uid = _checked_source(source_image).referenced_sop_class_uid
        origin = pixel_origin_interpretation
        if origin is None:
            if sop_class_uid == _WHOLE_SLIDE:
                origin = PixelOriginInterpretationValues.VOLUME
        elif _has_single_frames(sop_class_uid):
            raise ArgumentTypeError(
                "'pixel_origin_interpretation' must not be given for a single-frame "
                f"image ({sop_class_uid.name})."
            )
        super().__init__(
            _IMAGE_REGION, kind, graphic_data, origin, relationship_type="CONTAINS"
        )
        add_content(self, [source_image])


class ImageRegion3D(Scoord3DContentItem):
    """Region in space (PS3.16 TID 1410 and 1411).

    Parameters
    ----------
    graphic_type
        Kind of the graphic; neither MULTIPOINT nor ELLIPSOID.
    graphic_data
        Shape (n, 3): points (x, y, z) in millimetres.
    frame_of_reference_uid
        The frame of reference.

    Raises
    ------
    ArgumentTypeError
        If the UID is not a string, or the points are not numbers.
    InvalidArgumentError
        If there is no such graphic type, it is no region, the points do not fit it, or
        the UID does not have the form of one.

    Examples
    --------
    >>> import numpy as np
    >>> from highdicom.sr.content import ImageRegion3D
    >>> region = ImageRegion3D("POINT", np.array([[10.0, 20.0, 30.0]]), "1.2.3")
    >>> region.frame_of_reference_uid
    '1.2.3'

    """

    def __init__(
        self,
        graphic_type: GraphicTypeValues3D | str,
        graphic_data: npt.NDArray[Any],
        frame_of_reference_uid: str,
    ) -> None:
        kind = member_of(GraphicTypeValues3D, graphic_type, "graphic_type")
        if kind in {GraphicTypeValues3D.MULTIPOINT, GraphicTypeValues3D.ELLIPSOID}:
            raise InvalidArgumentError(
                f"'graphic_type' of a region must not be {kind.value}."
            )
        super().__init__(
            _IMAGE_REGION,
            kind,
            graphic_data,
            frame_of_reference_uid,
            relationship_type="CONTAINS",
        )


# Whether a surface of that graphic type is made of a single graphic.
_SURFACES = {
    GraphicTypeValues3D.POINT: True,
    GraphicTypeValues3D.ELLIPSOID: True,
    GraphicTypeValues3D.ELLIPSE: False,
    GraphicTypeValues3D.POLYGON: False,
}


class VolumeSurface(SegmentationSources, ContentSequence):
    """Surface of a volume in space (PS3.16 TID 1411).

    Parameters
    ----------
    graphic_type
        Kind of the graphics: a single POINT or ELLIPSOID, or several ELLIPSEs or
        POLYGONs in different planes.
    graphic_data
        Shape (n, 3) each: points (x, y, z) in millimetres; one array, or a sequence
        of arrays.
    frame_of_reference_uid
        The frame of reference.
    source_images
        The images that the surface was made from.
    source_series
        The series that the surface was made from, if no images are given.

    Raises
    ------
    ArgumentTypeError
        If something has another type.
    InvalidArgumentError
        If there is no such graphic type, it makes no surface, the points or their
        number do not fit it, or neither images nor a series is given.

    Warns
    -----
    InformationLossWarning
        If both images and a series are given: the template allows one of them.

    Examples
    --------
    >>> import numpy as np
    >>> from highdicom.sr.content import SourceSeriesForSegmentation, VolumeSurface
    >>> surface = VolumeSurface(
    ...     "POINT",
    ...     np.array([[10.0, 20.0, 30.0]]),
    ...     "1.2.3",
    ...     source_series=SourceSeriesForSegmentation("1.2.4"),
    ... )
    >>> surface.graphic_data.tolist()
    [[10.0, 20.0, 30.0]]

    """

    def __init__(
        self,
        graphic_type: GraphicTypeValues3D | str,
        graphic_data: npt.NDArray[Any] | AnySequence[npt.NDArray[Any]],
        frame_of_reference_uid: str,
        source_images: AnySequence[SourceImageForSegmentation] | None = None,
        source_series: SourceSeriesForSegmentation | None = None,
    ) -> None:
        kind = member_of(GraphicTypeValues3D, graphic_type, "graphic_type")
        graphics = [
            Scoord3DContentItem(
                _VOLUME_SURFACE,
                kind,
                points,
                frame_of_reference_uid,
                relationship_type="CONTAINS",
            )
            for points in _graphics(kind, graphic_data)
        ]
        super().__init__(
            [*graphics, *self.checked_sources(source_images, source_series)]
        )

    @classmethod
    def from_sequence(  # type: ignore[override]
        cls, sequence: AnySequence[Dataset]
    ) -> Self:
        """Find a surface and its sources among content items; they are copied.

        Parameters
        ----------
        sequence
            Content items of a measurement group.

        Raises
        ------
        UnexpectedContentError
            If there is no surface, its parts do not belong together, or there is no
            source.

        """
        return cls.found_among(ContentSequence.from_sequence(sequence))

    @classmethod
    def found_among(cls, items: Iterable[Dataset]) -> Self:
        """Find a surface and its sources among items; they are not copied."""
        items = list(items)
        is_surface = matching(_VOLUME_SURFACE, "SCOORD3D")
        graphics = [item for item in items if is_surface(item)]
        if not graphics:
            raise UnexpectedContentError(
                "The sequence must have one or more content items 'Volume Surface'."
            )
        for keyword in ("GraphicType", "ReferencedFrameOfReferenceUID"):
            if len({item[keyword].value for item in graphics}) > 1:
                raise UnexpectedContentError(
                    f"All content items 'Volume Surface' must have the same {keyword}.",
                    keyword=keyword,
                )
        return cls.of([*graphics, *cls.found_sources(items)])

    @property
    def _graphics(self) -> list[Scoord3DContentItem]:
        return [item for item in self if isinstance(item, Scoord3DContentItem)]

    @property
    def graphic_type(self) -> GraphicTypeValues3D:
        """Kind of the graphics."""
        return self._graphics[0].graphic_type

    @property
    def graphic_data(
        self,
    ) -> npt.NDArray[np.float64] | list[npt.NDArray[np.float64]]:
        """Points (x, y, z) in millimetres, shape (n, 3): an array, or one a graphic."""
        arrays = [item.value for item in self._graphics]
        return arrays[0] if len(arrays) == 1 else arrays

    @property
    def frame_of_reference_uid(self) -> UID:
        """The frame of reference."""
        return self._graphics[0].frame_of_reference_uid


def _graphics(kind: GraphicTypeValues3D, graphic_data: Any) -> list[Any]:
    """Arrays of the single graphics."""
    if kind not in _SURFACES:
        allowed = ", ".join(member.value for member in _SURFACES)
        raise InvalidArgumentError(
            f"'graphic_type' of a surface must be one of {allowed}, not {kind.value}."
        )
    is_one = isinstance(graphic_data, np.ndarray) and graphic_data.ndim <= 2
    graphics = [graphic_data] if is_one else list(graphic_data)
    if _SURFACES[kind] and len(graphics) != 1:
        raise InvalidArgumentError(
            f"'graphic_data' of a surface of type {kind.value} must be a single array, "
            f"not {len(graphics)}."
        )
    if not _SURFACES[kind] and len(graphics) < 2:
        raise InvalidArgumentError(
            f"'graphic_data' of a surface of type {kind.value} must be two or more "
            f"arrays, not {len(graphics)}."
        )
    return graphics
