"""Segmentations as they are read: frames of segments become arrays and volumes."""

# Signatures of the public interface are as long as it says.
# ruff: noqa: PLR0913, PLR0917

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os import PathLike
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset
from pydicom.tag import BaseTag

from highdicom.encoding.elements import stored_element, tag_of
from highdicom.errors import (
    HighdicomError,
    InvalidArgumentError,
    InvalidAttributeError,
    MissingAttributeError,
    MissingFramesError,
    NotTiledError,
    TransformNotFoundError,
)
from highdicom.image.multiframe import DerivedMultiframeImage
from highdicom.policy import ReadingPolicy, reading_policy
from highdicom.records import replace
from highdicom.seg import access
from highdicom.seg.enum import (
    SegmentationFractionalTypeValues,
    SegmentationTypeValues,
)
from highdicom.spatial.stacking import StackingRules
from highdicom.typing import Self

__all__ = ["SegmentedImage"]

Array = npt.NDArray[Any]
Integers = npt.NDArray[np.int64]


class SegmentedImage(DerivedMultiframeImage):
    """What a segmentation gives to those who read it: segments as pixels."""

    @classmethod
    def from_file(
        cls,
        fp: str | bytes | PathLike[str] | BinaryIO,
        lazy_frame_retrieval: bool = False,
    ) -> Self:
        """Read a segmentation from a file.

        Parameters
        ----------
        fp
            Path, URL, content of a file, or file object.
        lazy_frame_retrieval
            Whether frames, and what is said about each of them, are read when they are
            asked for, not at once.

        Raises
        ------
        SourceError
            If there is nothing to read.
        WrongSOPClassError
            If the file holds an instance of another SOP class.

        """
        image = super().from_file(fp, lazy_frame_retrieval)
        if not lazy_frame_retrieval:
            image._read_ahead()  # noqa: SLF001
        return image

    def _read_ahead(self) -> None:
        """Make the table of frames, which is needed for all that segments are read by.

        If anything is wrong with it, this is left until it is needed, and reported then.
        """
        try:
            with reading_policy(ReadingPolicy.STRICT):
                is_complete = not self._index.unreadable
        except Exception:  # noqa: BLE001 (raised again when it is due)
            return
        if not is_complete:
            self.__dict__.pop("_frame_index", None)

    @property
    def segmentation_type(self) -> SegmentationTypeValues:
        """How segments are stored."""
        value = _value_of(self, "SegmentationType")
        try:
            return SegmentationTypeValues(value)
        except ValueError as error:
            raise InvalidAttributeError(
                f"SegmentationType must be BINARY, FRACTIONAL or LABELMAP, not {value!r}.",
                keyword="SegmentationType",
            ) from error

    @property
    def segmentation_fractional_type(self) -> SegmentationFractionalTypeValues | None:
        """What fractions mean; None unless segments are stored as fractions."""
        value = self.get("SegmentationFractionalType")
        return SegmentationFractionalTypeValues(value) if value else None

    @property
    def segment_numbers(self) -> list[int]:
        """Numbers of the segments, without that of the background of a label map."""
        numbers = map(_number_of, _value_of(self, "SegmentSequence"))
        return [number for number in numbers if number != 0]

    @property
    def _frame_shape(self) -> tuple[int, int]:
        return _integer_of(self, "Rows"), _integer_of(self, "Columns")

    @property
    def _segment_of_frame(self) -> Integers:
        """Segment number of each frame, unless frames are label maps."""
        return np.asarray(self._index.column("ReferencedSegmentNumber"), np.int64)

    def _combination(self, options: access.SegmentOptions) -> access.Combination:
        kind = self.segmentation_type
        is_label_map = kind is SegmentationTypeValues.LABELMAP
        is_fractional = kind is SegmentationTypeValues.FRACTIONAL
        return access.Combination(
            self._stored,
            options,
            kind,
            None if is_label_map else self._segment_of_frame,
            int((is_fractional and self.get("MaximumFractionalValue")) or 1),
        )

    def _options(self, arguments: Mapping[str, Any]) -> access.SegmentOptions:
        """Check the arguments that all reading methods share."""
        dtype = arguments["dtype"]
        known = self.segment_numbers
        numbers = access.wanted_numbers(arguments["segment_numbers"], known)
        return access.SegmentOptions(
            numbers=numbers,
            combine=arguments["combine_segments"],
            relabel=arguments["relabel"],
            rescale=arguments["rescale_fractional"],
            skip_overlap_checks=arguments["skip_overlap_checks"],
            dtype=None if dtype is None else np.dtype(dtype),
            is_every=set(numbers) == set(known),
        )

    def _colored(
        self,
        array: Array,
        options: access.SegmentOptions,
        arguments: Mapping[str, Any],
    ) -> Array:
        """Give labels the colours of the palette, if that is asked for."""
        wants_profile = arguments["apply_icc_profile"]
        if not arguments["apply_palette_color_lut"]:
            return array
        is_label_map = self.segmentation_type is SegmentationTypeValues.LABELMAP
        if not (is_label_map and options.combine) or options.relabel:
            raise InvalidArgumentError(
                "'apply_palette_color_lut' needs the labels of a label map as they are "
                "stored: 'combine_segments' must be True and 'relabel' False."
            )
        palette = access.PaletteColorLUTTransformation.extract_from_dataset(self)
        is_whole = array.dtype.kind in "iu"
        colors = palette.apply(array if is_whole else array.astype(np.uint16))
        colors = self._corrected(colors, wants_profile)
        return colors if is_whole else colors.astype(array.dtype)

    def _corrected(self, colors: Array, wants_profile: bool | None) -> Array:
        """Correct colours by the ICC profile, if that is asked for."""
        profile = self.get("ICCProfile")
        if wants_profile is False or (wants_profile is None and not profile):
            return colors
        if not profile:
            raise TransformNotFoundError(
                "'apply_icc_profile' is True, and the image has no ICC Profile."
            )
        return access.IccCorrection(bytes(profile))(colors)

    def _assemble(
        self,
        plan: access.FramePlan,
        options: access.SegmentOptions,
        arguments: Mapping[str, Any],
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
    ) -> access.VolumeGeometry | None:
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
    ) -> access.Volume:
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
            Whether labels count the segments wanted from one; without effect unless
            segments are combined.
        rescale_fractional
            Whether fractions are given from zero to one, not as stored.
        skip_overlap_checks
            Whether overlapping segments are combined; the greater number wins.
        apply_palette_color_lut
            Whether labels are given as colours.
        apply_icc_profile
            Whether these are corrected; by default, if there is a profile.
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
            access.resolve_range("slice", slice_start, slice_end, counts[0], **ranges),
            access.resolve_range("row", row_start, row_end, counts[1], **ranges),
            access.resolve_range(
                "column", column_start, column_end, counts[2], **ranges
            ),
        )
        if self.is_tiled:
            plans = [
                self._plan_of_region(
                    np.flatnonzero(stack.slots == place), rows, columns, options
                )
                for place in range(slices.start, slices.stop)
            ]
            focal_planes = [self._assemble(plan, options, arguments) for plan in plans]
            array = (
                focal_planes[0][np.newaxis]
                if len(focal_planes) == 1
                else np.stack(focal_planes)
            )
        else:
            plan = self._plan_of_stack(
                stack.slots - slices.start,
                slices.stop - slices.start,
                (rows, columns),
                options,
            )
            array = self._assemble(plan, options, arguments)
        geometry = stack.geometry[region]
        return access.Volume(
            array,
            geometry.affine,
            coordinate_system=geometry.coordinate_system,
            frame_of_reference_uid=geometry.frame_of_reference_uid,
            channels=_channels(options, is_color=apply_palette_color_lut),
        )

    def _plan_of_stack(
        self,
        slots: Integers,
        number_of_slots: int,
        part: tuple[slice, slice] | None,
        options: access.SegmentOptions,
        rows_of_table: Integers | None = None,
    ) -> access.FramePlan:
        """Plan a stack in which the frames of segments lie on top of each other."""
        rows, columns = part or (None, None)
        index = self._index
        if rows_of_table is not None:
            index = index.selected(rows_of_table)
        plan = access.plan_stack(
            index,
            slots,
            number_of_slots,
            self._frame_shape,
            rows=rows,
            columns=columns,
            channels=self._channels_of(options),
            missing=access.Missing.BLANK,
        )
        return _without_channels(plan)

    def _plan_of_region(
        self,
        rows_of_table: Integers | None,
        rows: slice,
        columns: slice,
        options: access.SegmentOptions,
    ) -> access.FramePlan:
        index = self._index
        if rows_of_table is not None and len(rows_of_table) < len(index):
            index = index.selected(rows_of_table)
        plan = access.plan_region(
            index,
            rows,
            columns,
            self._frame_shape,
            channels=self._channels_of(options),
            missing=access.Missing.BLANK,
        )
        return _without_channels(plan)

    def _channels_of(
        self, options: access.SegmentOptions
    ) -> dict[str, list[int]] | None:
        if self.segmentation_type is SegmentationTypeValues.LABELMAP:
            return None
        return {"ReferencedSegmentNumber": list(options.distinct)}

    def is_indexable_as_total_pixel_matrix(self) -> bool:
        """Tell whether every pixel of the matrix is in one tile of a segment at most."""
        if not self.is_tiled:
            return False
        numbers = tuple(self.segment_numbers)
        try:
            self._plan_of_region(
                None,
                slice(0, _integer_of(self, "TotalPixelMatrixRows")),
                slice(0, _integer_of(self, "TotalPixelMatrixColumns")),
                access.SegmentOptions(numbers),
            )
        except HighdicomError:
            return False
        return True

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
        size = (
            _integer_of(self, "TotalPixelMatrixRows"),
            _integer_of(self, "TotalPixelMatrixColumns"),
        )
        ranges = {"as_indices": as_indices}
        rows = access.resolve_range("row", row_start, row_end, size[0], **ranges)
        columns = access.resolve_range(
            "column", column_start, column_end, size[1], **ranges
        )
        plan = self._plan_of_region(None, rows, columns, options)
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
        MissingFramesError
            If the image does not say which source frames its frames were made of.
        SpatialLocationsError
            If the image does not say that frames show the same places.

        """
        arguments = dict(locals())
        options = self._options(arguments)
        matches = access.match_instances(
            self._index,
            self._sources_beside(source_sop_instance_uids),
            source_sop_instance_uids,
            ignore_spatial_locations=ignore_spatial_locations,
            allow_missing=assert_missing_frames_are_empty,
        )
        return self._matched(matches, options, arguments)

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
        ArgumentTypeError
            If frame numbers are not given, and the image refers to no frame of the
            source image but to the whole of it.
        FrameNumberError
            If it is not known whether a frame exists.
        MissingFramesError
            If the image refers to no frame of the source image but to the whole of it,
            or does not say which source frames its frames were made of.

        """
        arguments = dict(locals())
        options = self._options(arguments)
        matches = access.match_source_frames(
            self._index,
            self._sources_beside([source_sop_instance_uid]),
            source_sop_instance_uid,
            source_frame_numbers,
            ignore_spatial_locations=ignore_spatial_locations,
            allow_missing=assert_missing_frames_are_empty,
        )
        return self._matched(matches, options, arguments)

    def _sources_beside(self, wanted: Sequence[str]) -> list[str]:
        """Sources of which no frame was made, if one that is wanted may be among them.

        They are seldom asked for, and take long to list.
        """
        if set(wanted) <= set(self._index.references.sop_instance_uids):
            return []
        return [uid for _, _, uid in self.get_source_image_uids()]

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
        InvalidArgumentError
            If no dimension is given.

        """
        pointers = list(dimension_index_pointers)
        if not pointers:
            raise InvalidArgumentError("'dimension_index_pointers' must not be empty.")
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
            If there are more or fewer indices than dimensions, one is not positive, or
            no frame has them.
        AmbiguousFramesError
            If several frames of a segment have the same indices.

        """
        arguments = dict(locals())
        options = self._options(arguments)
        pointers = (
            self.get_default_dimension_index_pointers()
            if dimension_index_pointers is None
            else list(dimension_index_pointers)
        )
        combinations = [
            tuple(int(value) for value in values) for values in dimension_index_values
        ]
        try:
            matches = access.match_indices(
                self._index,
                pointers,
                combinations,
                allow_missing=assert_missing_frames_are_empty,
            )
        except MissingFramesError as error:
            raise InvalidArgumentError(f"'dimension_index_values': {error}") from error
        return self._matched(matches, options, arguments)

    def _matched(
        self,
        matches: access.SourceMatches,
        options: access.SegmentOptions,
        arguments: Mapping[str, Any],
    ) -> Array:
        """Stack frames at the places where they belong."""
        plan = self._plan_of_stack(
            matches.places, matches.length, None, options, matches.frames
        )
        return self._assemble(plan, options, arguments)


def _value_of(dataset: Dataset, keyword: str) -> Any:
    """Value of an attribute of one value, in a tenth of the time if it is decoded."""
    element = stored_element(dataset, keyword)
    value = element.value if type(element) is DataElement else dataset.get(keyword)
    if value is None or value == "":
        raise MissingAttributeError(
            f"A segmentation needs {keyword}, which is missing or empty.",
            keyword=keyword,
        )
    return value


def _integer_of(dataset: Dataset, keyword: str) -> int:
    value = _value_of(dataset, keyword)
    try:
        return int(value)
    except (TypeError, ValueError) as error:
        raise InvalidAttributeError(
            f"{keyword} must be an integer, not {value!r}.", keyword=keyword
        ) from error


def _number_of(segment: Dataset) -> int:
    """Segment Number of an item, which need not be decoded for it."""
    element = stored_element(segment, "SegmentNumber")
    if isinstance(element, RawDataElement) and element.is_little_endian:
        value = element.value or b""
        if len(value) == 2:
            return int.from_bytes(value, "little")
    return _integer_of(segment, "SegmentNumber")


def _without_channels(plan: access.FramePlan) -> access.FramePlan:
    """Plan in which the frames of segments lie on top of each other."""
    return replace(plan, inner_shape=(), inner=plan.inner[:, :0])


def _channels(
    options: access.SegmentOptions, *, is_color: bool
) -> dict[Any, Any] | None:
    if is_color:
        return {access.RGB_COLOR_CHANNEL_DESCRIPTOR: ["R", "G", "B"]}
    if options.combine:
        return None
    return {access.ChannelDescriptor("ReferencedSegmentNumber"): list(options.numbers)}
