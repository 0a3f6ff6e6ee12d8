"""Segmentation and Label Map Segmentation (PS3.3 A.51 and A.86)."""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor
from os import PathLike
from typing import Any, BinaryIO

import numpy.typing as npt
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code
from pydicom.uid import UID, ExplicitVRLittleEndian
from pydicom.valuerep import PersonName

from highdicom import content, volume
from highdicom.arguments import member_of
from highdicom.coding import CodedConcept
from highdicom.content.creator import ContentCreatorIdentificationCodeSequence
from highdicom.content.plane import (
    PixelMeasuresSequence,
    PlaneOrientationSequence,
    PlanePositionSequence,
)
from highdicom.encoding.elements import new_dataset, put, put_sequence
from highdicom.enum import DimensionOrganizationTypeValues
from highdicom.errors import (
    UnknownSegmentError,
)
from highdicom.image.lossy_compression import LossyCompressions
from highdicom.image.planes import Planes
from highdicom.image.sources import SourceImages
from highdicom.modules.equipment import ContributingEquipment, EnhancedGeneralEquipment
from highdicom.seg import access
from highdicom.seg.arrangement import arranged, organization_of
from highdicom.seg.content import SegmentDescription
from highdicom.seg.enum import (
    SegmentAlgorithmTypeValues,
    SegmentationFractionalTypeValues,
    SegmentationTypeValues,
)
from highdicom.seg.frames import SegmentFrames
from highdicom.seg.reading import SegmentedImage
from highdicom.seg.segments import LABEL_MAP_SEGMENTATION_STORAGE, SegmentTable
from highdicom.seg.storage import Fractions, SegmentColors, encoder_of
from highdicom.seg.streaming import frames_of, segments_of

__all__ = ["Segmentation", "segread"]

Array = npt.NDArray[Any]


class Segmentation(SegmentedImage):
    """Segments of other images, or a map of their labels (PS3.3 A.51 and A.86).

    Parameters
    ----------
    source_images
        Images that were segmented: single-frame images of one series, or one
        multi-frame image. Where nothing else is said, the planes of the segmentation
        are those of the source frames, in their order.
    pixel_array
        Segments as an array or a volume:

        * labels (plane, row, column) of an integer type: pixels hold the number of
          their segment, or zero;
        * one segment (plane, row, column) of boolean or floating point type;
        * segments side by side (plane, row, column, segment) of any of these types.

        A single plane may lack its axis. The array is not changed.
    segmentation_type
        How segments are stored: each by itself in bits (BINARY) or as fractions of
        pixels (FRACTIONAL), or all together as labels (LABELMAP).
    segment_descriptions
        What the segments are.
    series_instance_uid, series_number, sop_instance_uid, instance_number
        Identity of the new instance.
    manufacturer, manufacturer_model_name, software_versions, device_serial_number
        What made it.
    fractional_type, max_fractional_value
        What fractions mean, and as what a fraction of one is stored.
    content_description, content_creator_name, content_label
        What the content is called and who made it.
    transfer_syntax_uid
        Encoding in a file.
    pixel_measures, plane_orientation, plane_positions
        Geometry, where it is not that of the source images.
    omit_empty_frames
        Whether frames without any pixel of their segment are left out.
    content_creator_identification
        Who made the content, by codes.
    workers
        Number of processes or threads that encode frames: none besides this one if 0,
        as many as there are processors if negative. Or an executor.
    dimension_organization_type
        How frames are organised; chosen if not given.
    tile_pixel_array
        Whether `pixel_array` is one total pixel matrix, to be cut into tiles.
    tile_size
        Rows and columns of the tiles; those of the source image if not given.
    pyramid_uid, pyramid_label
        Multi-resolution pyramid that the instance belongs to.
    further_source_images
        Images of the same study that had a part in the segmentation, too. Frames refer
        to those that show the same pixels.
    palette_color_lut_transformation
        Colours of the labels of a label map.
    icc_profile
        ICC profile of these colours.
    contributing_equipment
        Who else had a part.
    use_extended_offset_table
        Whether offsets of encapsulated frames are written with 64 bits.
    **kwargs
        See :class:`highdicom.base.InstanceOptions`.

    Raises
    ------
    InvalidArgumentError
        If shapes, values, numbers or source images do not fit each other.
    ArgumentTypeError
        If an argument is of the wrong type.
    MissingAttributeError
        If a source image lacks what the segmentation needs.
    UnsupportedTransferSyntaxError
        If the transfer syntax cannot hold the pixels.

    Examples
    --------
    >>> import numpy as np
    >>> from highdicom import UID
    >>> from highdicom.seg import Segmentation, SegmentDescription
    >>> from highdicom.testing import ct_series
    >>> from pydicom.sr.codedict import codes
    >>> images = ct_series(number_of_slices=3)
    >>> mask = np.zeros((3, 16, 20), bool)
    >>> mask[1, 4:8, 5:10] = True
    >>> liver = SegmentDescription(
    ...     1, "Liver", codes.SCT.Organ, codes.SCT.Liver, "MANUAL"
    ... )
    >>> segmentation = Segmentation(
    ...     images, mask, "BINARY", [liver], UID(), 1, UID(), 1,
    ...     "Maker", "Model", "1.0", "17",
    ... )
    >>> segmentation.number_of_frames
    1
    >>> bool((segmentation.get_volume().array[..., 0].sum() == mask.sum()))
    True

    """

    sop_class_uids = frozenset(
        {"1.2.840.10008.5.1.4.1.1.66.4", LABEL_MAP_SEGMENTATION_STORAGE}
    )

    def __init__(
        self,
        source_images: Sequence[Dataset],
        pixel_array: "Array | volume.Volume",
        segmentation_type: str | SegmentationTypeValues,
        segment_descriptions: Sequence[SegmentDescription],
        series_instance_uid: str,
        series_number: int,
        sop_instance_uid: str,
        instance_number: int,
        manufacturer: str,
        manufacturer_model_name: str,
        software_versions: str | tuple[str, ...],
        device_serial_number: str,
        fractional_type: str
        | SegmentationFractionalTypeValues
        | None = SegmentationFractionalTypeValues.PROBABILITY,
        max_fractional_value: int = 255,
        content_description: str | None = None,
        content_creator_name: str | PersonName | None = None,
        transfer_syntax_uid: str | UID = ExplicitVRLittleEndian,
        pixel_measures: PixelMeasuresSequence | None = None,
        plane_orientation: PlaneOrientationSequence | None = None,
        plane_positions: Sequence[PlanePositionSequence] | None = None,
        omit_empty_frames: bool = True,
        content_label: str | None = None,
        content_creator_identification: ContentCreatorIdentificationCodeSequence
        | None = None,
        workers: int | Executor = 0,
        dimension_organization_type: DimensionOrganizationTypeValues
        | str
        | None = None,
        tile_pixel_array: bool = False,
        tile_size: Sequence[int] | None = None,
        pyramid_uid: str | None = None,
        pyramid_label: str | None = None,
        further_source_images: Sequence[Dataset] | None = None,
        palette_color_lut_transformation: "content.PaletteColorLUTTransformation | None" = None,
        icc_profile: bytes | None = None,
        contributing_equipment: Sequence[ContributingEquipment] | None = None,
        use_extended_offset_table: bool = False,
        **kwargs: Any,
    ) -> None:
        sources = SourceImages.of(source_images, further_source_images)
        kind = member_of(SegmentationTypeValues, segmentation_type, "segmentation_type")
        table = SegmentTable.of(segment_descriptions, kind)
        array, planes = arranged(
            sources,
            pixel_array,
            geometry=(pixel_measures, plane_orientation, plane_positions),
            table=table,
            tile_size=tile_size,
            tile_pixel_array=tile_pixel_array,
        )
        fractions = Fractions.of(kind, fractional_type, max_fractional_value)
        pixels = segments_of(array, table, fractions.maximum)
        colors = SegmentColors.of(kind, palette_color_lut_transformation, icc_profile)
        colors.check_entries(max(d.segment_number for d in table.descriptions))
        encoder = encoder_of(transfer_syntax_uid, table, pixels.shape, colors)
        self._initialise_instance(
            sources,
            sop_class_uid=table.sop_class_uid,
            modality="SEG",
            series_instance_uid=series_instance_uid,
            series_number=series_number,
            sop_instance_uid=sop_instance_uid,
            instance_number=instance_number,
            transfer_syntax_uid=transfer_syntax_uid,
            equipment=EnhancedGeneralEquipment(
                manufacturer,
                manufacturer_model_name,
                device_serial_number,
                software_versions,
            ),
            contributing_equipment=contributing_equipment,
            **kwargs,
        )
        self._put_content_identification(
            content_label=content_label or f"{sources.first.get('Modality', 'OT')}_SEG",
            content_description=content_description,
            content_creator_name=content_creator_name,
            content_creator_identification=content_creator_identification,
        )
        self._put_segments(table, fractions, colors)
        # What was lost before is lost, though nothing is as segments are encoded.
        LossyCompressions.of(sources.datasets).put_into(self, None, is_required=True)
        self._put_pyramid(pyramid_uid, pyramid_label, planes)
        frames = frames_of(
            pixels, planes, encoder, omit_empty=omit_empty_frames, workers=workers
        )
        self._put_segment_frames(
            frames,
            planes,
            sources,
            dimension_organization_type,
            size=pixels.shape,
            omit_empty_frames=omit_empty_frames,
        )
        self._put_pixels(
            frames.pixel_data,
            encoder.pixel_format,
            workers=workers,
            use_extended_offset_table=use_extended_offset_table,
        )

    def _put_segments(
        self, table: SegmentTable, fractions: Fractions, colors: SegmentColors
    ) -> None:
        """Put what segments are and how they are stored and shown."""
        put(self, "ImageType", ["DERIVED", "PRIMARY"])
        put(self, "SegmentationType", table.kind.value)
        put_sequence(self, "SegmentSequence", table.descriptions)
        if table.kind is SegmentationTypeValues.LABELMAP:
            put(self, "PixelPaddingValue", 0, "US")
        fractions.insert_into(self)
        colors.insert_into(self)

    def _put_segment_frames(
        self,
        frames: SegmentFrames,
        planes: Planes,
        sources: SourceImages,
        organization_type: DimensionOrganizationTypeValues | str | None,
        *,
        size: tuple[int, int],
        omit_empty_frames: bool,
    ) -> None:
        """Put what each frame shows."""
        put(self, "SegmentsOverlap", frames.overlap.value)
        is_label_map = self.SegmentationType == SegmentationTypeValues.LABELMAP.value
        has_one = not is_label_map and len(self.SegmentSequence) == 1
        organization = organization_of(
            organization_type,
            planes,
            frames.plane_of_frame,
            size,
            is_single=is_label_map or has_one,
            omit_empty_frames=omit_empty_frames,
        )
        columns = {"ReferencedSegmentNumber": frames.segment_of_frame}
        # The order of the tiles tells their segment, too (PS3.3 C.7.6.17.3).
        is_full = organization is DimensionOrganizationTypeValues.TILED_FULL
        self._put_frames(
            planes,
            sources,
            frames.plane_of_frame,
            {} if is_label_map else columns,
            derivation=codes.DCM.SegmentationImageDerivation,
            size=size,
            shared=_only_segment() if has_one and not is_full else None,
            organization_type=organization,
        )

    def _adopt(self) -> None:
        super()._adopt()
        for item in self.get("SegmentSequence") or []:
            SegmentDescription.from_dataset(item, copy=False)

    def add_segments(
        self,
        pixel_array: Array,
        segment_descriptions: Sequence[SegmentDescription],
        plane_positions: Sequence[PlanePositionSequence] | None = None,
        omit_empty_frames: bool = True,
    ) -> None:
        """Refuse to add segments: an instance is complete once it is constructed.

        Raises
        ------
        AttributeError
            Always, as in the interface that this one keeps.

        """
        del pixel_array, segment_descriptions, plane_positions, omit_empty_frames
        raise AttributeError(
            "Segments cannot be added to an instance: give all of them to the "
            "constructor."
        )

    # --- segments ----------------------------------------------------------------------

    @property
    def number_of_segments(self) -> int:
        """Number of segments, without the background of a label map."""
        return len(self.segment_numbers)

    @property
    def segmented_property_categories(self) -> list[CodedConcept]:
        """Distinct categories of the segments."""
        return _distinct(d.segmented_property_category for d in self._descriptions())

    @property
    def segmented_property_types(self) -> list[CodedConcept]:
        """Distinct types of the segments."""
        return _distinct(d.segmented_property_type for d in self._descriptions())

    def _descriptions(self) -> list[SegmentDescription]:
        return [
            SegmentDescription.from_dataset(item, copy=False)
            for item in self.SegmentSequence
            if int(item.SegmentNumber) != 0
        ]

    def get_segment_description(self, segment_number: int) -> SegmentDescription:
        """Give the description of a segment.

        Parameters
        ----------
        segment_number
            Number of the segment.

        Raises
        ------
        UnknownSegmentError
            If there is no such segment.

        """
        for item in self.SegmentSequence:
            if int(item.SegmentNumber) == segment_number:
                return SegmentDescription.from_dataset(item, copy=False)
        raise UnknownSegmentError(
            f"The image has no segment {segment_number}; there are "
            f"{self.segment_numbers[:20]}."
        )

    def get_segment_numbers(
        self,
        segment_label: str | None = None,
        segmented_property_category: Code | CodedConcept | None = None,
        segmented_property_type: Code | CodedConcept | None = None,
        algorithm_type: SegmentAlgorithmTypeValues | str | None = None,
        tracking_uid: str | None = None,
        tracking_id: str | None = None,
    ) -> list[int]:
        """List the numbers of the segments that have all the properties given.

        Parameters
        ----------
        segment_label, tracking_id
            Texts, which have to be equal.
        segmented_property_category, segmented_property_type
            Codes.
        algorithm_type
            How segments were made.
        tracking_uid
            Identifier.

        """
        query = access.SegmentQuery(
            segment_label,
            segmented_property_category,
            segmented_property_type,
            None
            if algorithm_type is None
            else member_of(
                SegmentAlgorithmTypeValues, algorithm_type, "algorithm_type"
            ),
            tracking_uid,
            tracking_id,
        )
        return [
            d.segment_number
            for d in access.matching_segments(self._descriptions(), query)
        ]

    def get_tracking_ids(
        self,
        segmented_property_category: Code | CodedConcept | None = None,
        segmented_property_type: Code | CodedConcept | None = None,
        algorithm_type: SegmentAlgorithmTypeValues | str | None = None,
    ) -> list[tuple[str, UID]]:
        """List distinct tracking identifiers and UIDs of segments.

        Parameters
        ----------
        segmented_property_category, segmented_property_type, algorithm_type
            As of :meth:`get_segment_numbers`.

        """
        numbers = self.get_segment_numbers(
            segmented_property_category=segmented_property_category,
            segmented_property_type=segmented_property_type,
            algorithm_type=algorithm_type,
        )
        pairs: dict[tuple[str, UID], None] = {}
        for description in map(self.get_segment_description, numbers):
            if description.tracking_uid and description.tracking_id:
                pairs[description.tracking_id, description.tracking_uid] = None
        return list(pairs)

    def iter_segments(self) -> Iterator[tuple[Array, tuple[Dataset, ...], Dataset]]:
        """Go through segments: frames, their functional groups, and description."""
        return access.iter_segments(self)


def _only_segment() -> Dataset:
    """Functional groups that all frames share if there is a single segment."""
    shared, item = new_dataset(Dataset), new_dataset(Dataset)
    put(item, "ReferencedSegmentNumber", 1)
    put_sequence(shared, "SegmentIdentificationSequence", [item])
    return shared


def _distinct(concepts: Iterable[CodedConcept]) -> list[CodedConcept]:
    distinct: list[CodedConcept] = []
    for concept in concepts:
        if concept not in distinct:
            distinct.append(concept)
    return distinct


def segread(
    fp: str | bytes | PathLike[str] | BinaryIO, lazy_frame_retrieval: bool = False
) -> Segmentation:
    """Read a segmentation from a file (PS3.3 A.51 and A.86).

    Parameters
    ----------
    fp
        Path, URL, content of a file, or file object.
    lazy_frame_retrieval
        Whether frames are read when they are asked for, not at once.

    Raises
    ------
    SourceError
        If there is nothing to read.
    WrongSOPClassError
        If the file holds no segmentation.

    Examples
    --------
    >>> from highdicom.seg import segread
    >>> from pydicom.data import get_testdata_file
    >>> segread(get_testdata_file("liver.dcm")).segment_numbers
    [1]

    """
    return Segmentation.from_file(fp, lazy_frame_retrieval)
