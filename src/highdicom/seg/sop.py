"""Segmentation and Label Map Segmentation (PS3.3 A.51 and A.86)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from os import PathLike
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code
from pydicom.tag import BaseTag
from pydicom.uid import UID, ExplicitVRLittleEndian
from pydicom.valuerep import PersonName

from highdicom.codec.format import PixelFormat
from highdicom.coding import CodedConcept
from highdicom.color import srgb_profile
from highdicom.content.creator import ContentCreatorIdentificationCodeSequence
from highdicom.content.palette import PaletteColorLUTTransformation
from highdicom.content.plane import (
    PixelMeasuresSequence,
    PlaneOrientationSequence,
    PlanePositionSequence,
)
from highdicom.encoding.elements import put, put_sequence, tag_of
from highdicom.enum import DimensionOrganizationTypeValues
from highdicom.errors import (
    ArgumentTypeError,
    ConflictingArgumentsError,
    InvalidArgumentError,
    NotTiledError,
    TransformNotFoundError,
    UnknownSegmentError,
)
from highdicom.frames.plan import FramePlan, Missing
from highdicom.frames.region import plan_region
from highdicom.frames.stack import plan_stack
from highdicom.image.arguments import enumerated_argument
from highdicom.image.multiframe import DerivedMultiframeImage
from highdicom.image.ranges import resolve_range
from highdicom.image.source_frames import (
    places_of_indices,
    places_of_instances,
    places_of_source_frames,
)
from highdicom.image.sources import SourceImages
from highdicom.modules.equipment import ContributingEquipment, EnhancedGeneralEquipment
from highdicom.pixels.transforms import IccCorrection
from highdicom.seg.arrangement import arranged, organization_of
from highdicom.seg.combining import Combination, SegmentOptions, wanted_numbers
from highdicom.seg.content import SegmentDescription
from highdicom.seg.enum import (
    SegmentAlgorithmTypeValues,
    SegmentationFractionalTypeValues,
    SegmentationTypeValues,
)
from highdicom.seg.frames import SegmentFrames
from highdicom.seg.planes import SegmentPlanes
from highdicom.seg.queries import SegmentQuery, matching_segments
from highdicom.seg.segments import LABEL_MAP_SEGMENTATION_STORAGE, SegmentTable
from highdicom.seg.utils import iter_segments
from highdicom.spatial.stacking import StackingRules
from highdicom.volume.channels import RGB_COLOR_CHANNEL_DESCRIPTOR, ChannelDescriptor
from highdicom.volume.volume import Volume, VolumeGeometry

__all__ = ["Segmentation", "segread"]

Array = npt.NDArray[Any]


class Segmentation(DerivedMultiframeImage):
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
        Number of processes that encode frames, or an executor.
    dimension_organization_type
        How frames are organised; chosen if not given.
    tile_pixel_array
        Whether `pixel_array` is one total pixel matrix, to be cut into tiles.
    tile_size
        Rows and columns of the tiles; those of the source image if not given.
    pyramid_uid, pyramid_label
        Multi-resolution pyramid that the instance belongs to.
    further_source_images
        Images that had a part in the segmentation without being segmented.
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
        pixel_array: Array | Volume,
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
        palette_color_lut_transformation: PaletteColorLUTTransformation | None = None,
        icc_profile: bytes | None = None,
        contributing_equipment: Sequence[ContributingEquipment] | None = None,
        use_extended_offset_table: bool = False,
        **kwargs: Any,
    ) -> None:
        sources = SourceImages.of(source_images, further_source_images)
        kind = enumerated_argument(
            SegmentationTypeValues, "segmentation_type", segmentation_type
        )
        table = SegmentTable.of(segment_descriptions, kind)
        array, planes = arranged(
            sources,
            pixel_array,
            geometry=(pixel_measures, plane_orientation, plane_positions),
            tile_size=tile_size,
            tile_pixel_array=tile_pixel_array,
        )
        pixels = SegmentPlanes(array, table, _checked_maximum(max_fractional_value))
        organization = organization_of(dimension_organization_type, planes)
        is_full = organization is DimensionOrganizationTypeValues.TILED_FULL
        frames = SegmentFrames.of(
            pixels, planes, table, omit_empty=omit_empty_frames and not is_full
        )
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
        put(self, "ImageType", ["DERIVED", "PRIMARY"])
        put(self, "LossyImageCompression", "00")
        self._put_content_identification(
            content_label=content_label or f"{sources.first.get('Modality', 'OT')}_SEG",
            content_description=content_description,
            content_creator_name=content_creator_name,
            content_creator_identification=content_creator_identification,
        )
        self._put_segments(table, pixels, fractional_type, max_fractional_value)
        colors = self._put_presentation(
            table, palette_color_lut_transformation, icc_profile
        )
        self._put_pyramid(pyramid_uid, pyramid_label)
        self._put_frames(
            planes,
            sources,
            frames.plane_of_frame,
            {}
            if kind is SegmentationTypeValues.LABELMAP
            else {"ReferencedSegmentNumber": frames.segment_of_frame},
            derivation=codes.DCM.Segmentation,
            organization_type=organization,
        )
        pixel_format = PixelFormat(
            rows=pixels.shape[0],
            columns=pixels.shape[1],
            samples_per_pixel=1,
            bits_allocated=table.bits_allocated,
            bits_stored=table.bits_allocated,
            pixel_representation=0,
            photometric_interpretation=colors,
        )
        self._put_pixels(
            frames.pixels(),
            pixel_format,
            workers=workers,
            use_extended_offset_table=use_extended_offset_table,
        )

    def _put_segments(
        self,
        table: SegmentTable,
        pixels: SegmentPlanes,
        fractional_type: str | SegmentationFractionalTypeValues | None,
        max_fractional_value: int,
    ) -> None:
        put(self, "SegmentationType", table.kind.value)
        put_sequence(self, "SegmentSequence", table.descriptions)
        put(self, "SegmentsOverlap", pixels.overlap.value)
        if table.kind is SegmentationTypeValues.FRACTIONAL:
            meaning = enumerated_argument(
                SegmentationFractionalTypeValues, "fractional_type", fractional_type
            )
            put(self, "SegmentationFractionalType", meaning.value)
            put(self, "MaximumFractionalValue", max_fractional_value)

    def _put_presentation(
        self,
        table: SegmentTable,
        palette: PaletteColorLUTTransformation | None,
        icc_profile: bytes | None,
    ) -> str:
        """Put how pixels are shown; returns the Photometric Interpretation."""
        is_label_map = table.kind is SegmentationTypeValues.LABELMAP
        if is_label_map:
            put(self, "PixelPaddingValue", 0, "US")
        if palette is None:
            if icc_profile is not None:
                raise ConflictingArgumentsError(
                    "'icc_profile' must not be given without "
                    "'palette_color_lut_transformation'."
                )
            put(self, "PresentationLUTShape", "IDENTITY")
            return "MONOCHROME2"
        if not is_label_map:
            raise ConflictingArgumentsError(
                "'palette_color_lut_transformation' must not be given unless the "
                "segmentation type is LABELMAP."
            )
        if not isinstance(palette, PaletteColorLUTTransformation):
            raise ArgumentTypeError(
                "'palette_color_lut_transformation' must be a "
                f"PaletteColorLUTTransformation, not {type(palette).__name__}."
            )
        palette.insert_into(self)
        self.ICCProfile = icc_profile or srgb_profile()
        return "PALETTE COLOR"

    def _put_pyramid(self, pyramid_uid: str | None, pyramid_label: str | None) -> None:
        if pyramid_uid is None:
            if pyramid_label is not None:
                raise ConflictingArgumentsError(
                    "'pyramid_label' must not be given without 'pyramid_uid'."
                )
            return
        put(self, "PyramidUID", pyramid_uid)
        if pyramid_label is not None:
            put(self, "PyramidLabel", pyramid_label)

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
    def segmentation_type(self) -> SegmentationTypeValues:
        """How segments are stored."""
        return SegmentationTypeValues(self.SegmentationType)

    @property
    def segmentation_fractional_type(self) -> SegmentationFractionalTypeValues | None:
        """What fractions mean; None unless segments are stored as fractions."""
        value = self.get("SegmentationFractionalType")
        return SegmentationFractionalTypeValues(value) if value else None

    @property
    def segment_numbers(self) -> list[int]:
        """Numbers of the segments, without that of the background of a label map."""
        numbers = [int(item.SegmentNumber) for item in self.SegmentSequence]
        return [number for number in numbers if number != 0]

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
        query = SegmentQuery(
            segment_label,
            segmented_property_category,
            segmented_property_type,
            None
            if algorithm_type is None
            else enumerated_argument(
                SegmentAlgorithmTypeValues, "algorithm_type", algorithm_type
            ),
            tracking_uid,
            tracking_id,
        )
        return [
            d.segment_number for d in matching_segments(self._descriptions(), query)
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
        return iter_segments(self)

    # --- pixels ------------------------------------------------------------------------

    @property
    def _segment_of_frame(self) -> npt.NDArray[np.int64] | None:
        """Segment number of each frame; None for label maps."""
        if self.segmentation_type is SegmentationTypeValues.LABELMAP:
            return None
        return np.asarray(self._index.column("ReferencedSegmentNumber"), np.int64)

    def _combination(self, options: SegmentOptions) -> Combination:
        return Combination(
            self._stored,
            options,
            self.segmentation_type,
            self._segment_of_frame,
            int(self.get("MaximumFractionalValue") or 1),
        )

    def _options(self, arguments: Mapping[str, Any]) -> SegmentOptions:
        """Check the arguments that all reading methods share."""
        dtype = arguments["dtype"]
        return SegmentOptions(
            numbers=wanted_numbers(arguments["segment_numbers"], self.segment_numbers),
            combine=arguments["combine_segments"],
            relabel=arguments["relabel"],
            rescale=arguments["rescale_fractional"],
            skip_overlap_checks=arguments["skip_overlap_checks"],
            dtype=None if dtype is None else np.dtype(dtype),
        )

    def _wanted_rows(self, options: SegmentOptions) -> npt.NDArray[np.int64]:
        """Rows of the table of frames that hold segments wanted."""
        segments = self._segment_of_frame
        if segments is None:
            return np.arange(len(self._index))
        return np.flatnonzero(np.isin(segments, options.numbers))

    def _colored(
        self,
        array: Array,
        options: SegmentOptions,
        arguments: Mapping[str, Any],
    ) -> Array:
        """Give labels the colours of the palette, if that is asked for."""
        wants_profile = arguments["apply_icc_profile"]
        if not arguments["apply_palette_color_lut"]:
            if wants_profile:
                raise InvalidArgumentError(
                    "'apply_icc_profile' must not be True unless "
                    "'apply_palette_color_lut' is: the profile is for its colours."
                )
            return array
        is_label_map = self.segmentation_type is SegmentationTypeValues.LABELMAP
        if not (is_label_map and options.combine) or options.relabel:
            raise InvalidArgumentError(
                "'apply_palette_color_lut' needs the labels of a label map as they are "
                "stored: 'combine_segments' must be True and 'relabel' False."
            )
        palette = PaletteColorLUTTransformation.extract_from_dataset(self)
        colors = palette.apply(array)
        profile = self.get("ICCProfile")
        if wants_profile is False or (wants_profile is None and not profile):
            return colors
        if not profile:
            raise TransformNotFoundError(
                "'apply_icc_profile' is True, and the image has no ICC Profile."
            )
        return IccCorrection(bytes(profile))(colors)

    def _assemble(
        self, plan: FramePlan, options: SegmentOptions, arguments: Mapping[str, Any]
    ) -> Array:
        array = self._combination(options).assemble(plan)
        return self._colored(array, options, arguments)

    def get_volume_geometry(
        self,
        *,
        rtol: float | None = None,
        atol: float | None = None,
        perpendicular_tol: float | None = None,
        allow_missing_positions: bool = True,
        allow_duplicate_positions: bool = True,
    ) -> VolumeGeometry | None:
        """Give the geometry of the volume that the frames form, if they do.

        Parameters
        ----------
        rtol, atol, perpendicular_tol, allow_missing_positions
            As of :class:`highdicom.spatial.stacking.StackingRules`. Positions may be
            missing by default, since empty frames are often left out.
        allow_duplicate_positions
            Whether several frames may lie at one position, as those of different
            segments do.

        Returns
        -------
        VolumeGeometry | None
            None if the frames form no volume.

        """
        return super().get_volume_geometry(
            rtol=rtol,
            atol=atol,
            perpendicular_tol=perpendicular_tol,
            allow_missing_positions=allow_missing_positions,
            allow_duplicate_positions=allow_duplicate_positions,
        )

    def get_volume(  # type: ignore[override]
        self,
        *,
        slice_start: int | None = None,
        slice_end: int | None = None,
        row_start: int | None = None,
        row_end: int | None = None,
        column_start: int | None = None,
        column_end: int | None = None,
        as_indices: bool = False,
        dtype: npt.DTypeLike | None = None,
        segment_numbers: Sequence[int] | None = None,
        combine_segments: bool = False,
        relabel: bool = False,
        rescale_fractional: bool = True,
        skip_overlap_checks: bool = False,
        apply_palette_color_lut: bool = False,
        apply_icc_profile: bool | None = None,
        allow_missing_positions: bool = True,
        rtol: float | None = None,
        atol: float | None = None,
        perpendicular_tol: float | None = None,
    ) -> Volume:
        """Give segments as a volume.

        Parameters
        ----------
        slice_start, slice_end, row_start, row_end, column_start, column_end
            Part of the volume, as of :meth:`highdicom.Image.get_volume`.
        as_indices
            Whether counting begins at zero.
        dtype
            Type of the result; the smallest that fits if not given.
        segment_numbers
            Segments wanted; all if not given.
        combine_segments
            Whether they are combined into a label map; otherwise they stand side by
            side along a last axis.
        relabel
            Whether labels count the segments wanted from one.
        rescale_fractional
            Whether fractions are given from zero to one, not as stored.
        skip_overlap_checks
            Whether overlapping segments are combined; the greater number wins.
        apply_palette_color_lut
            Whether labels are given as colours.
        apply_icc_profile
            Whether these are corrected.
        allow_missing_positions
            Whether slices without frames are taken for empty.
        rtol, atol, perpendicular_tol
            As of :class:`highdicom.spatial.stacking.StackingRules`.

        Returns
        -------
        Volume
            Array (slice, row, column[, segment]) with its geometry.

        Raises
        ------
        SegmentsOverlapError
            If segments overlap that are to be combined.
        IrregularVolumeError
            If the frames form no regular grid.

        """
        arguments = dict(locals())
        options = self._options(arguments)
        stack = self._stack(
            StackingRules(
                rtol=rtol,
                atol=atol,
                perpendicular_tol=perpendicular_tol,
                allow_missing_positions=allow_missing_positions,
                allow_duplicate_positions=True,
            )
        )
        counts = stack.geometry.spatial_shape
        ranges = {"as_indices": as_indices}
        slices, rows, columns = region = (
            resolve_range("slice", slice_start, slice_end, counts[0], **ranges),
            resolve_range("row", row_start, row_end, counts[1], **ranges),
            resolve_range("column", column_start, column_end, counts[2], **ranges),
        )
        wanted = self._wanted_rows(options)
        if self.is_tiled:
            plans = [
                self._plan_of_region(
                    wanted[stack.slots[wanted] == place], rows, columns, options
                )
                for place in range(slices.start, slices.stop)
            ]
            array = np.stack(
                [self._assemble(plan, options, arguments) for plan in plans]
            )
        else:
            plan = self._plan_of_stack(
                wanted,
                stack.slots[wanted] - slices.start,
                slices.stop - slices.start,
                (rows, columns),
                options,
            )
            array = self._assemble(plan, options, arguments)
        geometry = stack.geometry[region]
        return Volume(
            array,
            geometry.affine,
            coordinate_system=geometry.coordinate_system,
            frame_of_reference_uid=geometry.frame_of_reference_uid,
            channels=_channels(options, is_color=apply_palette_color_lut),
        )

    def _plan_of_stack(
        self,
        rows_of_table: npt.NDArray[np.int64],
        slots: npt.NDArray[np.int64],
        number_of_slots: int,
        part: tuple[slice, slice] | None,
        options: SegmentOptions,
    ) -> FramePlan:
        """Plan a stack in which the frames of segments lie on top of each other."""
        index = self._index.selected(rows_of_table)
        rows, columns = part or (None, None)
        plan = plan_stack(
            index,
            slots,
            number_of_slots,
            (int(self.Rows), int(self.Columns)),
            rows=rows,
            columns=columns,
            channels=self._channels_of(options),
            missing=Missing.BLANK,
        )
        return _without_channels(plan)

    def _plan_of_region(
        self,
        rows_of_table: npt.NDArray[np.int64],
        rows: slice,
        columns: slice,
        options: SegmentOptions,
    ) -> FramePlan:
        plan = plan_region(
            self._index.selected(rows_of_table),
            rows,
            columns,
            (int(self.Rows), int(self.Columns)),
            channels=self._channels_of(options),
            missing=Missing.BLANK,
        )
        return _without_channels(plan)

    def _channels_of(self, options: SegmentOptions) -> dict[str, list[int]] | None:
        if self.segmentation_type is SegmentationTypeValues.LABELMAP:
            return None
        return {"ReferencedSegmentNumber": list(options.numbers)}

    def get_total_pixel_matrix(  # type: ignore[override]
        self,
        row_start: int | None = None,
        row_end: int | None = None,
        column_start: int | None = None,
        column_end: int | None = None,
        segment_numbers: Sequence[int] | None = None,
        combine_segments: bool = False,
        relabel: bool = False,
        rescale_fractional: bool = True,
        skip_overlap_checks: bool = False,
        dtype: npt.DTypeLike | None = None,
        apply_palette_color_lut: bool = False,
        apply_icc_profile: bool | None = None,
        as_indices: bool = False,
    ) -> Array:
        """Give segments as a total pixel matrix, or a region of it.

        Parameters
        ----------
        row_start, row_end, column_start, column_end, as_indices
            Region, as of :meth:`highdicom.Image.get_total_pixel_matrix`.
        segment_numbers, combine_segments, relabel, rescale_fractional
            As of :meth:`get_volume`.
        skip_overlap_checks, dtype, apply_palette_color_lut, apply_icc_profile
            As of :meth:`get_volume`.

        Returns
        -------
        numpy.ndarray
            New array (row, column[, segment]).

        Raises
        ------
        NotTiledError
            If the image is not tiled.
        SegmentsOverlapError
            If segments overlap that are to be combined.

        """
        arguments = dict(locals())
        options = self._options(arguments)
        if not self.is_tiled:
            raise NotTiledError("The image is not tiled: it has no total pixel matrix.")
        size = int(self.TotalPixelMatrixRows), int(self.TotalPixelMatrixColumns)
        ranges = {"as_indices": as_indices}
        rows = resolve_range("row", row_start, row_end, size[0], **ranges)
        columns = resolve_range("column", column_start, column_end, size[1], **ranges)
        plan = self._plan_of_region(self._wanted_rows(options), rows, columns, options)
        return self._assemble(plan, options, arguments)

    def get_pixels_by_source_instance(  # type: ignore[override]
        self,
        source_sop_instance_uids: Sequence[str],
        segment_numbers: Sequence[int] | None = None,
        combine_segments: bool = False,
        relabel: bool = False,
        ignore_spatial_locations: bool = False,
        assert_missing_frames_are_empty: bool = False,
        rescale_fractional: bool = True,
        skip_overlap_checks: bool = False,
        dtype: npt.DTypeLike | None = None,
        apply_palette_color_lut: bool = False,
        apply_icc_profile: bool | None = None,
    ) -> Array:
        """Give segments for each of several single-frame source images.

        Parameters
        ----------
        source_sop_instance_uids
            SOP Instance UIDs of the source images.
        segment_numbers, combine_segments, relabel, rescale_fractional
            As of :meth:`get_volume`.
        ignore_spatial_locations
            Whether frames are taken to show the same places even if the image does not
            say so.
        assert_missing_frames_are_empty
            Whether source images that are not referred to are taken for empty.
        skip_overlap_checks, dtype, apply_palette_color_lut, apply_icc_profile
            As of :meth:`get_volume`.

        Returns
        -------
        numpy.ndarray
            New array (source image, row, column[, segment]).

        Raises
        ------
        UnknownSourceError
            If a source image is not referred to.
        SpatialLocationsError
            If the image does not say that frames show the same places.

        """
        arguments = dict(locals())
        options = self._options(arguments)
        known = [uid for _, _, uid in self.get_source_image_uids()]
        places = places_of_instances(
            self._index,
            known,
            source_sop_instance_uids,
            ignore_spatial_locations=ignore_spatial_locations,
            allow_missing=assert_missing_frames_are_empty,
        )
        return self._at_places(
            places, len(source_sop_instance_uids), options, arguments
        )

    def get_pixels_by_source_frame(  # type: ignore[override]
        self,
        source_sop_instance_uid: str,
        source_frame_numbers: Sequence[int] | None = None,
        segment_numbers: Sequence[int] | None = None,
        combine_segments: bool = False,
        relabel: bool = False,
        ignore_spatial_locations: bool = False,
        assert_missing_frames_are_empty: bool = False,
        rescale_fractional: bool = True,
        skip_overlap_checks: bool = False,
        dtype: npt.DTypeLike | None = None,
        apply_palette_color_lut: bool = False,
        apply_icc_profile: bool | None = None,
    ) -> Array:
        """Give segments for each of several frames of a source image.

        Parameters
        ----------
        source_sop_instance_uid
            SOP Instance UID of the source image.
        source_frame_numbers
            One-based numbers of its frames; all up to the last one that is referred to
            if not given.
        segment_numbers, combine_segments, relabel, rescale_fractional
            As of :meth:`get_volume`.
        ignore_spatial_locations, assert_missing_frames_are_empty
            As of :meth:`get_pixels_by_source_instance`.
        skip_overlap_checks, dtype, apply_palette_color_lut, apply_icc_profile
            As of :meth:`get_volume`.

        Returns
        -------
        numpy.ndarray
            New array (source frame, row, column[, segment]).

        Raises
        ------
        UnknownSourceError
            If the source image is not referred to.
        MissingFramesError
            If it is not known whether a frame exists.

        """
        arguments = dict(locals())
        options = self._options(arguments)
        places, count = places_of_source_frames(
            self._index,
            source_sop_instance_uid,
            source_frame_numbers,
            ignore_spatial_locations=ignore_spatial_locations,
            allow_missing=assert_missing_frames_are_empty,
        )
        return self._at_places(places, count, options, arguments)

    def get_default_dimension_index_pointers(self) -> list[BaseTag]:
        """List the dimensions without that of the segment number."""
        segment = tag_of("ReferencedSegmentNumber")
        return [tag for tag in self.dimension_index_pointers if tag != segment]

    def are_dimension_indices_unique(
        self, dimension_index_pointers: Sequence[int | BaseTag]
    ) -> bool:
        """Tell whether no two frames of a segment share the indices of dimensions.

        Parameters
        ----------
        dimension_index_pointers
            Tags of the dimensions; that of the segment number is added.

        Raises
        ------
        UnknownDimensionError
            If an attribute is no dimension of the image.

        """
        pointers = list(dimension_index_pointers)
        segment = tag_of("ReferencedSegmentNumber")
        if segment in self.dimension_index_pointers and segment not in pointers:
            pointers.append(segment)
        return super().are_dimension_indices_unique(pointers)

    def get_pixels_by_dimension_index_values(
        self,
        dimension_index_values: Sequence[Sequence[int]],
        dimension_index_pointers: Sequence[int] | None = None,
        segment_numbers: Sequence[int] | None = None,
        combine_segments: bool = False,
        relabel: bool = False,
        assert_missing_frames_are_empty: bool = False,
        rescale_fractional: bool = True,
        skip_overlap_checks: bool = False,
        dtype: npt.DTypeLike | None = None,
        apply_palette_color_lut: bool = False,
        apply_icc_profile: bool | None = None,
    ) -> Array:
        """Give segments for each of several combinations of dimension indices.

        Parameters
        ----------
        dimension_index_values
            One-based indices, for each combination one of each dimension.
        dimension_index_pointers
            Tags of the dimensions; all but that of the segment number if not given.
        segment_numbers, combine_segments, relabel, rescale_fractional
            As of :meth:`get_volume`.
        assert_missing_frames_are_empty
            Whether combinations that no frame has are taken for empty.
        skip_overlap_checks, dtype, apply_palette_color_lut, apply_icc_profile
            As of :meth:`get_volume`.

        Returns
        -------
        numpy.ndarray
            New array (combination, row, column[, segment]).

        Raises
        ------
        UnknownDimensionError
            If an attribute is no dimension of the image.
        InvalidArgumentError
            If there are more or fewer indices than dimensions, or one is not positive.
        AmbiguousFramesError
            If several frames of a segment have the same indices.
        MissingFramesError
            If no frame has them.

        """
        arguments = dict(locals())
        options = self._options(arguments)
        pointers = (
            self.get_default_dimension_index_pointers()
            if dimension_index_pointers is None
            else list(dimension_index_pointers)
        )
        places = places_of_indices(
            self._index,
            pointers,
            dimension_index_values,
            allow_missing=assert_missing_frames_are_empty,
        )
        return self._at_places(places, len(dimension_index_values), options, arguments)

    def _at_places(
        self,
        places: npt.NDArray[np.int64],
        count: int,
        options: SegmentOptions,
        arguments: Mapping[str, Any],
    ) -> Array:
        """Stack frames at the places that rows of the table are given; -1 for none."""
        wanted = self._wanted_rows(options)
        wanted = wanted[places[wanted] >= 0]
        plan = self._plan_of_stack(wanted, places[wanted], count, None, options)
        return self._assemble(plan, options, arguments)


def _without_channels(plan: FramePlan) -> FramePlan:
    """Plan in which the frames of segments lie on top of each other."""
    return replace(plan, inner_shape=(), inner=plan.inner[:, :0])


def _channels(options: SegmentOptions, *, is_color: bool) -> dict[Any, Any] | None:
    if is_color:
        return {RGB_COLOR_CHANNEL_DESCRIPTOR: ["R", "G", "B"]}
    if options.combine:
        return None
    return {ChannelDescriptor("ReferencedSegmentNumber"): list(options.numbers)}


def _distinct(concepts: Iterable[CodedConcept]) -> list[CodedConcept]:
    distinct: list[CodedConcept] = []
    for concept in concepts:
        if concept not in distinct:
            distinct.append(concept)
    return distinct


def _checked_maximum(value: int) -> int:
    if not 1 <= value <= 255:
        raise InvalidArgumentError(
            f"'max_fractional_value' must be between 1 and 255, not {value}."
        )
    return value


def segread(
    fp: str | bytes | PathLike[str] | BinaryIO, lazy_frame_retrieval: bool = False
) -> Segmentation:
    """Read a segmentation from a file.

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

    """
    return Segmentation.from_file(fp, lazy_frame_retrieval)
