"""What all derived multi-frame images share: modules, frames, pixel data."""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Executor
from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset
from pydicom.sr.coding import Code
from pydicom.valuerep import DSfloat, PersonName

from highdicom.base import InstanceOptions, SOPClass
from highdicom.codec.format import PixelFormat
from highdicom.coding import CodedConcept
from highdicom.content.creator import ContentCreatorIdentificationCodeSequence
from highdicom.encoding.decimals import decimal_string
from highdicom.encoding.elements import new_dataset, put, put_sequence
from highdicom.enum import CoordinateSystemNames, DimensionOrganizationTypeValues
from highdicom.errors import (
    ArgumentTypeError,
    ConflictingArgumentsError,
    MissingAttributeError,
)
from highdicom.frames.dimensions import (
    Dimension,
    dimension_indices,
    dimension_organization_items,
)
from highdicom.image.derived_frames import DerivedFrames
from highdicom.image.dimension_index import LABELS, POSITIONS
from highdicom.image.new_image import NewImage
from highdicom.image.pieces import Pieces
from highdicom.image.pixel_data import (
    put_image_pixel,
    put_native_pixel_data,
    put_pixel_data,
)
from highdicom.image.planes import Planes, shared_groups
from highdicom.image.sources import SourceImages
from highdicom.image.spool import SpooledFrames
from highdicom.modules.content_identification import ContentIdentification
from highdicom.modules.equipment import ContributingEquipment, EnhancedGeneralEquipment
from highdicom.modules.frame_of_reference import FrameOfReference
from highdicom.typing import Unpack
from highdicom.uid import UID
from highdicom.valuerep import check_person_name

__all__ = ["DerivedMultiframeImage"]

Integers = npt.NDArray[np.int64]
Size = tuple[int, int]

_GROUPS = {"ReferencedSegmentNumber": "SegmentIdentificationSequence"}
_STACK = ("InStackPositionNumber", "FrameContentSequence")
_FRAME = ("FrameLabel", "FrameContentSequence")


class DerivedMultiframeImage(NewImage):
    """Base of images whose frames are derived from those of other images."""

    def _initialise_instance(  # noqa: PLR0913 (what every instance is told by)
        self,
        sources: SourceImages,
        *,
        sop_class_uid: str,
        modality: str,
        series_instance_uid: str,
        series_number: int,
        sop_instance_uid: str,
        instance_number: int,
        transfer_syntax_uid: str,
        equipment: EnhancedGeneralEquipment,
        contributing_equipment: Sequence[ContributingEquipment] | None,
        **options: Unpack[InstanceOptions],
    ) -> None:
        """Put the modules of patient, study, series, equipment and references."""
        first = sources.first
        if "specific_character_set" not in options:
            options["specific_character_set"] = "ISO_IR 192"
        SOPClass.__init__(
            self,
            study_instance_uid=first.StudyInstanceUID,
            series_instance_uid=series_instance_uid,
            series_number=series_number,
            sop_instance_uid=sop_instance_uid,
            sop_class_uid=sop_class_uid,
            instance_number=instance_number,
            modality=modality,
            transfer_syntax_uid=transfer_syntax_uid,
            **options,
        )
        equipment.insert_into(self)
        self.copy_patient_and_study_information(first)
        self._put_contributing_equipment(contributing_equipment, first)
        sources.put_references_into(self)
        system = sources.coordinate_system
        if system is not None:
            FrameOfReference(
                first.FrameOfReferenceUID,
                first.get("PositionReferenceIndicator") or None,
            ).insert_into(self)
        else:
            # Type 2C where there is no orientation (PS3.3 C.7.6.1).
            put(self, "PatientOrientation", first.get("PatientOrientation"))
        if system is CoordinateSystemNames.SLIDE:
            self.copy_specimen_information(first)

    def _put_content_identification(
        self,
        *,
        content_label: str,
        content_description: str | None,
        content_creator_name: str | PersonName | None,
        content_creator_identification: ContentCreatorIdentificationCodeSequence | None,
    ) -> None:
        if content_creator_name is not None:
            check_person_name(content_creator_name)
        ContentIdentification(
            self.InstanceNumber,
            content_label,
            content_description,
            content_creator_name,
            content_creator_identification,
        ).insert_into(self)

    def _put_frames(
        self,
        planes: Planes,
        sources: SourceImages,
        plane_of_frame: npt.NDArray[np.int64],
        frame_columns: Mapping[str, npt.ArrayLike],
        *,
        derivation: Code | CodedConcept,
        size: Size | None = None,
        shared: Dataset | None = None,
        organization_type: DimensionOrganizationTypeValues | None = None,
    ) -> None:
        """Put dimensions and functional groups.

        Parameters
        ----------
        planes
            Where planes lie.
        sources
            Source images that `planes` refers to.
        plane_of_frame
            Shape (n,): zero-based plane of each frame.
        frame_columns
            What else tells frames apart, by keyword, each of shape (n,); these are the
            first dimensions. They are not written if their group is in `shared`.
        derivation
            What was done with the source images.
        size
            Rows and columns of the planes; those of the source images if not given.
        shared
            Further functional groups that all frames share.
        organization_type
            Dimension Organization Type.

        """
        put(self, "NumberOfFrames", len(plane_of_frame))
        common = shared_groups(planes)
        if shared is not None:
            common.update(shared)
        self._put_organization(planes, organization_type)
        if organization_type is DimensionOrganizationTypeValues.TILED_FULL:
            self._put_frames_without_dimensions(common)
            return
        own_size = int(sources.first.Rows), int(sources.first.Columns)
        frames = DerivedFrames(planes, sources, plane_of_frame, size or own_size)
        columns = _columns(frames, frame_columns)
        dimensions = _dimensions(planes, frame_columns)
        # What all frames share is still a dimension.
        own = {kw: v for kw, v in columns.items() if _GROUPS.get(kw, "") not in common}
        frames.functional_groups(
            own,
            dimensions,
            _indices(dimensions, columns, planes),
            derivation=derivation,
            shared=common,
            implicit=bool(self.original_encoding[0]),
            character_set=self._character_set,
        ).put_into(self)

    def _put_frames_without_dimensions(self, shared: Dataset) -> None:
        """Put what is left where the order of tiles tells all (PS3.3 C.7.6.17.3)."""
        put_sequence(self, "SharedFunctionalGroupsSequence", [shared])
        put_sequence(
            self,
            "DimensionOrganizationSequence",
            dimension_organization_items([Dimension.of("StackID", None, UID())]),
        )

    def _put_organization(
        self,
        planes: Planes,
        organization_type: DimensionOrganizationTypeValues | None,
    ) -> None:
        if organization_type is not None:
            put(self, "DimensionOrganizationType", organization_type.value)
        if planes.total_pixel_matrix is None:
            return
        if planes.orientation is None:
            raise MissingAttributeError(
                "A tiled image needs an orientation.", keyword="ImageOrientationSlide"
            )
        rows, columns = planes.total_pixel_matrix
        put(self, "TotalPixelMatrixRows", rows)
        put(self, "TotalPixelMatrixColumns", columns)
        put(self, "TotalPixelMatrixFocalPlanes", 1)
        put(self, "ImageOrientationSlide", planes.orientation[0].ImageOrientationSlide)
        origin = new_dataset(Dataset)
        for axis, offset in zip("XYZ", planes.matrix_origin, strict=True):
            # Type 1C: that of the third axis is needed only if it is not zero.
            if axis != "Z" or offset:
                value = DSfloat(decimal_string(offset))
                put(origin, f"{axis}OffsetInSlideCoordinateSystem", value)
        put_sequence(self, "TotalPixelMatrixOriginSequence", [origin])

    def _put_pyramid(
        self, pyramid_uid: str | None, pyramid_label: str | None, planes: Planes
    ) -> None:
        """Put the pyramid that the image is a level of, if any.

        Raises
        ------
        ConflictingArgumentsError
            If there is a label only, or the image is not tiled.

        """
        if pyramid_label is not None and pyramid_uid is None:
            raise ConflictingArgumentsError(
                "'pyramid_label' must not be given without 'pyramid_uid'."
            )
        if pyramid_uid is None:
            return
        if planes.total_pixel_matrix is None:
            raise ConflictingArgumentsError(
                "'pyramid_uid' must not be given unless the image is tiled."
            )
        put(self, "PyramidUID", pyramid_uid)
        if pyramid_label is not None:
            put(self, "PyramidLabel", pyramid_label)

    def _put_pixels(
        self,
        frames: Iterable[npt.NDArray[Any]] | bytes | Pieces | SpooledFrames,
        pixel_format: PixelFormat,
        *,
        workers: int | Executor,
        use_extended_offset_table: bool,
    ) -> None:
        """Put what pixels are, and the pixels.

        Parameters
        ----------
        frames
            Arrays in the order of the frames, or all frames encoded for a native
            transfer syntax, perhaps in pieces, or frames that were encoded before.
        pixel_format, workers, use_extended_offset_table
            As of :func:`highdicom.image.pixel_data.put_pixel_data`.

        """
        if not isinstance(workers, int | Executor):
            raise ArgumentTypeError(
                f"'workers' must be an integer or an executor, not "
                f"{type(workers).__name__}."
            )
        put_image_pixel(self, pixel_format)
        if isinstance(frames, SpooledFrames):
            frames.put_into(
                self,
                pixel_format,
                self.transfer_syntax_uid,
                use_extended_offset_table=use_extended_offset_table,
            )
            return
        if isinstance(frames, bytes | Pieces):
            put_native_pixel_data(self, frames, pixel_format)
            return
        put_pixel_data(
            self,
            frames,
            pixel_format,
            self.transfer_syntax_uid,
            workers=workers,
            use_extended_offset_table=use_extended_offset_table,
        )


def _columns(
    frames: DerivedFrames, frame_columns: Mapping[str, npt.ArrayLike]
) -> dict[str, Any]:
    """Attributes of the frames by keyword."""
    columns: dict[str, Any] = {**frames.positions(), **frame_columns}
    named = _named_dimensions(frames.planes, frame_columns)
    if _STACK in named:
        columns["StackID"] = np.full(len(frames), "1")
        columns[_STACK[0]] = frames.plane_of_frame + 1
    if _FRAME in named:
        columns[_FRAME[0]] = np.full(len(frames), "Frame")
    return columns


def _dimensions(
    planes: Planes, frame_columns: Mapping[str, npt.ArrayLike]
) -> list[Dimension]:
    uid = str(UID())
    return [
        Dimension.of(keyword, group, uid, LABELS[keyword])
        for keyword, group in _named_dimensions(planes, frame_columns)
    ]


def _indices(
    dimensions: Sequence[Dimension], columns: Mapping[str, Any], planes: Planes
) -> Integers:
    """Dimension indices; those of positions in a stack are the positions themselves."""
    ranked = dict(columns)
    if planes.orientation is not None:
        count = len(next(iter(columns.values())))
        cosines = np.asarray(planes.orientation.cosines)
        ranked["ImageOrientationPatient"] = np.broadcast_to(cosines, (count, 6))
    indices: Integers = dimension_indices(dimensions, ranked).copy()
    for place, dimension in enumerate(dimensions):
        if dimension.keyword == _STACK[0]:
            indices[:, place] = columns[_STACK[0]]
    return indices


def _named_dimensions(
    planes: Planes, frame_columns: Mapping[str, npt.ArrayLike]
) -> list[tuple[str, str]]:
    """Attributes that tell frames apart, with their functional groups."""
    named = [(keyword, _GROUPS[keyword]) for keyword in frame_columns]
    if planes.coordinate_system is not None:
        return [*named, *POSITIONS[planes.coordinate_system]]
    if planes.count == 1:
        # There has to be a dimension, though nothing is to be told apart.
        return named or [_FRAME]
    # Without positions there is nothing but the order of the planes.
    return [*named, _STACK]
