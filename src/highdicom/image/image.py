"""Images of any kind, read as frames, volumes and total pixel matrices."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from os import PathLike
from typing import Any, BinaryIO, NamedTuple, cast

import numpy as np
import numpy.typing as npt
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.errors import BytesLengthException
from pydicom.sr.coding import Code
from pydicom.tag import BaseTag, Tag
from pydicom.uid import UID

from highdicom.base import SOPClass
from highdicom.codec.format import PixelFormat
from highdicom.coding import CodedConcept
from highdicom.encoding.elements import tag_of
from highdicom.enum import CoordinateSystemNames
from highdicom.errors import (
    ArgumentTypeError,
    FrameNumberError,
    HighdicomError,
    InvalidArgumentError,
    InvalidAttributeError,
    IrregularVolumeError,
    MissingAttributeError,
    MixedValuesError,
    NotTiledError,
    UnknownDimensionError,
)
from highdicom.frames.dimensions import tag_of_dimension
from highdicom.frames.index import FrameIndex
from highdicom.frames.reading import index_of
from highdicom.image import access
from highdicom.image.pieces import content_of
from highdicom.spatial.kind import get_image_coordinate_system, is_tiled_image
from highdicom.spatial.reading import integer, items_of, value_of
from highdicom.spatial.stacking import StackingRules
from highdicom.typing import Self, Unpack

__all__ = ["Image", "imread", "stored_frames_of"]

Array = npt.NDArray[Any]

_VR_OF_PIXEL_DATA = {
    "PixelData": "OW",
    "FloatPixelData": "OF",
    "DoubleFloatPixelData": "OD",
}
_PIXEL_DATA = frozenset(map(tag_of, _VR_OF_PIXEL_DATA))
# Attributes that say what the pixel data are.
_PIXEL_FORMAT = tuple(
    map(
        tag_of,
        (
            "Rows",
            "Columns",
            "SamplesPerPixel",
            "BitsAllocated",
            "BitsStored",
            "HighBit",
            "PixelRepresentation",
            "PhotometricInterpretation",
            "PlanarConfiguration",
            "NumberOfFrames",
        ),
    )
)
# What is made of the elements when it is needed.
_CACHES = frozenset({"_stored_frames", "_frame_index", "_transform_groups"})


class _PixelState(NamedTuple):
    """What stored frames are made of; while it is the same, they are."""

    value: object
    attributes: list[object]

    def is_same(self, other: _PixelState) -> bool:
        return self.value is other.value and self.attributes == other.attributes


class Image(SOPClass):
    """An image of any SOP class, with one frame or many (PS3.3 C.7.6.3 and C.7.6.6).

    An image is always read, from a file, a dataset, or a frame reader; it is not
    constructed.

    Examples
    --------
    >>> import numpy as np
    >>> from highdicom import Image
    >>> from highdicom.testing import enhanced_ct
    >>> image = Image.from_dataset(enhanced_ct(number_of_slices=4))
    >>> image.get_frame(2, dtype=np.float32).shape
    (16, 20)
    >>> image.get_volume().spatial_shape
    (4, 16, 20)

    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        del args, kwargs
        raise RuntimeError(
            "An image is not constructed but read: use 'highdicom.imread' or "
            "'Image.from_dataset'."
        )

    # --- where it comes from -------------------------------------------------------

    @classmethod
    def _check_dataset(cls, dataset: Dataset) -> None:
        super()._check_dataset(dataset)
        for keyword in ("Rows", "Columns", "BitsAllocated"):
            if keyword not in dataset:
                raise MissingAttributeError(
                    f"An image needs {keyword}, which the dataset lacks.",
                    keyword=keyword,
                    sop_instance_uid=dataset.get("SOPInstanceUID"),
                )

    def _adopt(self) -> None:
        super()._adopt()
        for name in _CACHES:
            self.__dict__.pop(name, None)

    @classmethod
    def from_file(
        cls,
        fp: str | bytes | PathLike[str] | BinaryIO,
        lazy_frame_retrieval: bool = False,
    ) -> Self:
        """Read an image from a file.

        Parameters
        ----------
        fp
            Path, URL, content of a file, or file object, which is read from its present
            position on, or from its start if frames are read lazily.
        lazy_frame_retrieval
            Whether frames are read when they are asked for, not at once.

        Raises
        ------
        SourceError
            If there is nothing to read.
        WrongSOPClassError
            If the file holds an instance of another SOP class.

        """
        if lazy_frame_retrieval:
            # Whoever has looked at the header of a file before may have left it anywhere.
            with suppress(AttributeError, OSError, ValueError):
                cast("BinaryIO", fp).seek(0)
        source = access.open_source(fp)
        if lazy_frame_retrieval:
            return cls.from_reader(access.FileFrameReader(source))
        return cls.from_dataset(access.read_dataset(source), copy=False)

    @classmethod
    def from_reader(cls, reader: access.FrameReader) -> Self:
        """Make an image of what a reader reads; frames stay with the reader.

        Parameters
        ----------
        reader
            Reader of the dataset and of frames.

        """
        image = cls.from_dataset(reader.read_dataset(), copy=False)
        image.__dict__["_reader"] = reader
        return image

    def validate(self) -> list[access.Violation]:
        """List what in the instance violates the standard.

        Frames that are left with a reader count as there. See `SOPClass.validate`.
        """
        reader: access.FrameReader | None = self.__dict__.get("_reader")
        keyword = getattr(reader, "pixel_data_keyword", "PixelData")
        if reader is None or keyword is None or self._dict.keys() & _PIXEL_DATA:
            return super().validate()
        # A view of the same elements, with one that stands for the pixel data.
        view = self.__class__.__new__(self.__class__)
        tag = Tag(keyword)
        held = RawDataElement(tag, _VR_OF_PIXEL_DATA[keyword], 8, None, 0, False, True)
        view.__dict__.update(self.__dict__, _dict={**self._dict, held.tag: held})
        return SOPClass.validate(view)

    def __getstate__(self) -> dict[str, Any]:
        """Leave out what can be made again."""
        return {k: v for k, v in self.__dict__.items() if k not in _CACHES}

    @property
    def _stored(self) -> access.StoredFrames:
        """Frames of the pixel data in memory or, if there are none, of the reader."""
        held = self._dict.keys() & _PIXEL_DATA
        cached = self.__dict__.get("_stored_frames")
        if cached is None or not cached[0].is_same(self._pixel_state()):
            pixel_format = PixelFormat.of(self)
            stored = (
                access.StoredFrames.in_memory(self, pixel_format)
                if held
                else access.StoredFrames(self._require_reader(), pixel_format)
            )
            # Elements have been converted by now, which makes their values others.
            cached = self.__dict__["_stored_frames"] = (self._pixel_state(), stored)
        frames: access.StoredFrames = cached[1]
        return frames

    def _pixel_state(self) -> _PixelState:
        elements = self._dict
        held = elements.keys() & _PIXEL_DATA
        attributes = [elements.get(tag) for tag in _PIXEL_FORMAT]
        return _PixelState(
            content_of(elements[min(held)]) if held else None,
            [None if element is None else element.value for element in attributes],
        )

    def _require_reader(self) -> access.FrameReader:
        reader: access.FrameReader | None = self.__dict__.get("_reader")
        if reader is None:
            raise MissingAttributeError(
                "The image has no pixel data.",
                keyword="PixelData",
                sop_instance_uid=self.get("SOPInstanceUID"),
            )
        return reader

    @property
    def _index(self) -> FrameIndex:
        """Table of the frames, made when it is first needed."""
        index: FrameIndex | None = self.__dict__.get("_frame_index")
        if index is None:
            try:
                index = self.__dict__["_frame_index"] = index_of(self)
            except (BytesLengthException, NotImplementedError) as error:
                # What pydicom raises for values that it cannot decode.
                raise InvalidAttributeError(
                    f"The functional groups cannot be read: {error}."
                ) from error
        return index

    @property
    def _groups(self) -> access.TransformGroups:
        """Functional groups that hold pixel transforms, decoded when needed."""
        groups: access.TransformGroups | None = self.__dict__.get("_transform_groups")
        if groups is None:
            groups = self.__dict__["_transform_groups"] = access.TransformGroups(
                self._index
            )
        return groups

    # --- what it is ------------------------------------------------------------------

    @property
    def number_of_frames(self) -> int:
        """Number of frames, one for images that are not multi-frame images."""
        return access.number_of_frames_of(self)

    @property
    def is_tiled(self) -> bool:
        """Whether frames are tiles of a total pixel matrix."""
        return is_tiled_image(self)

    @property
    def coordinate_system(self) -> CoordinateSystemNames | None:
        """Whether frames lie in the patient or on a slide; None if that is not said."""
        return get_image_coordinate_system(self)

    @property
    def dimension_index_pointers(self) -> list[BaseTag]:
        """Tags of the attributes that are dimensions (PS3.3 C.7.6.17)."""
        return [
            tag_of_dimension(_required(item, "DimensionIndexPointer"))
            for item in items_of(self, "DimensionIndexSequence") or []
        ]

    def are_dimension_indices_unique(
        self, dimension_index_pointers: Sequence[int | BaseTag]
    ) -> bool:
        """Tell whether no two frames share the indices of some dimensions.

        Parameters
        ----------
        dimension_index_pointers
            Tags of the dimensions.

        Raises
        ------
        UnknownDimensionError
            If an attribute is no dimension of the image.

        """
        pointers = self.dimension_index_pointers
        columns = []
        for pointer in dimension_index_pointers:
            if pointer not in pointers:
                raise UnknownDimensionError(
                    f"{Tag(pointer)} is not among the dimensions of the image: "
                    f"{', '.join(map(str, pointers)) or 'there are none'}."
                )
            columns.append(pointers.index(BaseTag(pointer)))
        indices = self._index.dimension_indices[:, columns]
        return len(np.unique(indices, axis=0)) == len(indices)

    def is_indexable_as_total_pixel_matrix(self) -> bool:
        """Tell whether every pixel of the total pixel matrix is in one tile at most."""
        if not self.is_tiled:
            return False
        try:
            self._plan_region(
                self._index,
                slice(0, integer(self, "TotalPixelMatrixRows")),
                slice(0, integer(self, "TotalPixelMatrixColumns")),
            )
        except HighdicomError:
            return False
        return True

    def get_source_image_uids(self) -> list[tuple[UID, UID, UID]]:
        """List the images that this one refers to (PS3.3 C.12.2).

        Returns
        -------
        list[tuple[UID, UID, UID]]
            Study, Series and SOP Instance UID of each.

        """
        studies: list[tuple[str, Dataset]] = [(self.get("StudyInstanceUID", ""), self)]
        others = "StudiesContainingOtherReferencedInstancesSequence"
        studies += [
            (_required(study, "StudyInstanceUID"), study)
            for study in items_of(self, others) or []
        ]
        return [
            (
                UID(uid),
                UID(_required(series, "SeriesInstanceUID")),
                UID(_required(item, "ReferencedSOPInstanceUID")),
            )
            for uid, study in studies
            for series in items_of(study, "ReferencedSeriesSequence") or []
            for item in items_of(series, "ReferencedInstanceSequence") or []
        ]

    # --- frames ----------------------------------------------------------------------

    def _frame_index_of(self, number: int, *, as_index: bool) -> int:
        if isinstance(number, bool) or not hasattr(number, "__index__"):
            raise ArgumentTypeError(
                f"A frame {'index' if as_index else 'number'} must be an integer, not "
                f"{type(number).__name__}."
            )
        first = 0 if as_index else 1
        index = number.__index__() - first
        if not 0 <= index < self.number_of_frames:
            what = "index" if as_index else "number"
            raise FrameNumberError(
                f"The image has no frame of {what} {number}: it must be between {first} "
                f"and {self.number_of_frames - 1 + first}.",
                frame_numbers=[index + 1],
            )
        return index

    def _frame_indices_of(
        self, numbers: Sequence[int] | None, *, as_indices: bool
    ) -> Sequence[int]:
        if numbers is None:
            return range(self.number_of_frames)
        if len(numbers) == 0:
            raise InvalidArgumentError("'frame_numbers' must not be empty.")
        return [self._frame_index_of(n, as_index=as_indices) for n in numbers]

    def get_raw_frame(self, frame_number: int, as_index: bool = False) -> bytes:
        """Give a frame as it is stored.

        Parameters
        ----------
        frame_number
            One-based number or zero-based index of the frame.
        as_index
            Whether it is an index.

        Raises
        ------
        FrameNumberError
            If there is no such frame.

        """
        index = self._frame_index_of(frame_number, as_index=as_index)
        return self._stored.reader.read_frame(index)

    def get_stored_frame(self, frame_number: int, as_index: bool = False) -> Array:
        """Give the stored values of a frame.

        Parameters
        ----------
        frame_number
            One-based number or zero-based index of the frame.
        as_index
            Whether it is an index.

        Returns
        -------
        numpy.ndarray
            New array (row, column[, sample]) of the type of the stored values.

        Raises
        ------
        FrameNumberError
            If there is no such frame.

        """
        index = self._frame_index_of(frame_number, as_index=as_index)
        return np.array(self._stored.read(index))

    def get_stored_frames(
        self, frame_numbers: Sequence[int] | None = None, as_indices: bool = False
    ) -> Array:
        """Give the stored values of several frames.

        Parameters
        ----------
        frame_numbers
            One-based numbers or zero-based indices of the frames; all if not given.
        as_indices
            Whether they are indices.

        Returns
        -------
        numpy.ndarray
            New array (frame, row, column[, sample]) of the type of the stored values.

        Raises
        ------
        FrameNumberError
            If there is no such frame.

        """
        indices = self._frame_indices_of(frame_numbers, as_indices=as_indices)
        return self._stored.stack(indices)

    @property
    def pixel_array(self) -> Array:
        """Stored values: (row, column[, sample]), or (frame, row, ...) of several."""
        frames = self.get_stored_frames()
        return frames[0] if self.number_of_frames == 1 else frames

    def get_frame(
        self,
        frame_number: int,
        as_index: bool = False,
        **transforms: Unpack[access.TransformKeywords],
    ) -> Array:
        """Give the pixel values of a frame.

        Parameters
        ----------
        frame_number
            One-based number or zero-based index of the frame.
        as_index
            Whether it is an index.
        **transforms
            See :class:`highdicom.image.options.TransformKeywords`.

        Returns
        -------
        numpy.ndarray
            New array (row, column), or (row, column, 3) of colours.

        Raises
        ------
        FrameNumberError
            If there is no such frame.
        TransformNotFoundError
            If a transform is to be applied that the image does not have.
        IncompatibleTransformError
            If the data type cannot hold the result.

        """
        index = self._frame_index_of(frame_number, as_index=as_index)
        return self._assembly(transforms).frame(index)

    def get_frames(
        self,
        frame_numbers: Sequence[int] | None = None,
        as_indices: bool = False,
        **transforms: Unpack[access.TransformKeywords],
    ) -> Array:
        """Give the pixel values of several frames.

        Parameters
        ----------
        frame_numbers
            One-based numbers or zero-based indices of the frames; all if not given.
        as_indices
            Whether they are indices.
        **transforms
            See :class:`highdicom.image.options.TransformKeywords`.

        Returns
        -------
        numpy.ndarray
            New array (frame, row, column), or (frame, row, column, 3) of colours.

        Raises
        ------
        FrameNumberError, TransformNotFoundError, IncompatibleTransformError
            As :meth:`get_frame`.

        """
        indices = self._frame_indices_of(frame_numbers, as_indices=as_indices)
        return self._assembly(transforms).frames(indices)

    def _assembly(self, transforms: access.TransformKeywords) -> access.Assembly:
        options = access.TransformOptions.of(**transforms)
        return access.Assembly(
            self._stored, self._frame_transforms(options), options.dtype
        )

    def _frame_transforms(
        self, options: access.TransformOptions
    ) -> access.FrameTransforms:
        return access.FrameTransforms(
            self, self._groups, options, self._stored.pixel_format
        )

    # --- frames by what they were made of --------------------------------------------

    def get_pixels_by_source_instance(
        self,
        source_sop_instance_uids: Sequence[str],
        ignore_spatial_locations: bool = False,
        assert_missing_frames_are_empty: bool = False,
        dtype: npt.DTypeLike = np.float64,
        apply_real_world_transform: bool | None = None,
        real_world_value_map_selector: int | str | Code | CodedConcept = 0,
        apply_modality_transform: bool | None = None,
        apply_voi_transform: bool | None = False,
        voi_transform_selector: int | str | Dataset = 0,
        voi_output_range: tuple[float, float] = (0.0, 1.0),
        apply_presentation_lut: bool = True,
        apply_palette_color_lut: bool | None = None,
        apply_icc_profile: bool | None = None,
    ) -> Array:
        """Give the frames made of single-frame source images, in the order of these.

        Parameters
        ----------
        source_sop_instance_uids
            SOP Instance UIDs of the source images.
        ignore_spatial_locations
            Whether frames are taken for pictures of the same place even if the image
            does not say so.
        assert_missing_frames_are_empty
            Whether source images to which the image does not refer give frames of
            zeros, as those do to which it refers but of which no frame was made.
        dtype, apply_real_world_transform, real_world_value_map_selector
            See :class:`highdicom.image.options.TransformKeywords`.
        apply_modality_transform, apply_voi_transform, voi_transform_selector
            See :class:`highdicom.image.options.TransformKeywords`.
        voi_output_range, apply_presentation_lut, apply_palette_color_lut
            See :class:`highdicom.image.options.TransformKeywords`.
        apply_icc_profile
            See :class:`highdicom.image.options.TransformKeywords`.

        Returns
        -------
        numpy.ndarray
            New array (source image, row, column[, 3]).

        Raises
        ------
        AmbiguousFramesError
            If several frames were made of one source image.
        UnknownSourceError
            If the image does not refer to one of them.
        MissingFramesError
            If the image does not say which images its frames were made of.
        SpatialLocationsError
            If it does not say that its frames show the same places as these.

        """
        transforms = access.transform_keywords(locals())
        known = [uid for _, _, uid in self.get_source_image_uids()]
        matches = access.match_instances(
            self._index,
            known,
            source_sop_instance_uids,
            ignore_spatial_locations=ignore_spatial_locations,
            allow_missing=assert_missing_frames_are_empty,
        )
        return self._matched_frames(matches, transforms)

    def get_pixels_by_source_frame(
        self,
        source_sop_instance_uid: str,
        source_frame_numbers: Sequence[int] | None = None,
        ignore_spatial_locations: bool = False,
        assert_missing_frames_are_empty: bool = False,
        dtype: npt.DTypeLike = np.float64,
        apply_real_world_transform: bool | None = None,
        real_world_value_map_selector: int | str | Code | CodedConcept = 0,
        apply_modality_transform: bool | None = None,
        apply_voi_transform: bool | None = False,
        voi_transform_selector: int | str | Dataset = 0,
        voi_output_range: tuple[float, float] = (0.0, 1.0),
        apply_presentation_lut: bool = True,
        apply_palette_color_lut: bool | None = None,
        apply_icc_profile: bool | None = None,
    ) -> Array:
        """Give the frames made of frames of a source image, in the order of these.

        Parameters
        ----------
        source_sop_instance_uid
            SOP Instance UID of the multi-frame source image.
        source_frame_numbers
            One-based numbers of its frames; all up to the last that is referred to if
            not given. Those of which no frame was made give frames of zeros.
        ignore_spatial_locations, assert_missing_frames_are_empty
            As of :meth:`get_pixels_by_source_instance`.
        dtype, apply_real_world_transform, real_world_value_map_selector
            See :class:`highdicom.image.options.TransformKeywords`.
        apply_modality_transform, apply_voi_transform, voi_transform_selector
            See :class:`highdicom.image.options.TransformKeywords`.
        voi_output_range, apply_presentation_lut, apply_palette_color_lut
            See :class:`highdicom.image.options.TransformKeywords`.
        apply_icc_profile
            See :class:`highdicom.image.options.TransformKeywords`.

        Returns
        -------
        numpy.ndarray
            New array (source frame, row, column[, 3]).

        Raises
        ------
        AmbiguousFramesError
            If several frames were made of one source frame.
        UnknownSourceError
            If the image does not refer to the source image.
        FrameNumberError
            If it refers neither to one of the frames nor to any after it.
        MissingFramesError
            If it does not say which frames its frames were made of.
        SpatialLocationsError
            If it does not say that its frames show the same places as these.
        ArgumentTypeError
            If frames have to be named, since it refers to the image as a whole.

        """
        transforms = access.transform_keywords(locals())
        known = [uid for _, _, uid in self.get_source_image_uids()]
        matches = access.match_source_frames(
            self._index,
            known,
            source_sop_instance_uid,
            source_frame_numbers,
            ignore_spatial_locations=ignore_spatial_locations,
            allow_missing=assert_missing_frames_are_empty,
        )
        return self._matched_frames(matches, transforms)

    def _matched_frames(
        self, matches: access.SourceMatches, transforms: access.TransformKeywords
    ) -> Array:
        frames = access.frame_at_each(matches)
        options = access.TransformOptions.of(**transforms)
        if not len(matches.frames):
            # What is asked for is checked even if no frame needs it.
            self._frame_transforms(options).for_frame(0)
        return self._assembly(transforms).frames(frames.tolist())

    # --- volumes and total pixel matrices --------------------------------------------

    def _stack(self, rules: StackingRules) -> access.Stack:
        if self.is_tiled:
            return access.stack_of_tiles(self, self._index)
        return access.stack_of_frames(self, self._index, rules)

    def get_volume_geometry(
        self,
        *,
        rtol: float | None = None,
        atol: float | None = None,
        perpendicular_tol: float | None = None,
        allow_missing_positions: bool = False,
        allow_duplicate_positions: bool = True,
    ) -> access.VolumeGeometry | None:
        """Give the geometry of the volume that the frames form, if they do.

        Parameters
        ----------
        rtol, atol, perpendicular_tol, allow_missing_positions
            As of :class:`highdicom.spatial.stacking.StackingRules`.
        allow_duplicate_positions
            Whether several frames may lie at one position.

        Returns
        -------
        VolumeGeometry | None
            None if the frames form no volume.

        """
        rules = StackingRules(
            rtol=rtol,
            atol=atol,
            perpendicular_tol=perpendicular_tol,
            allow_missing_positions=allow_missing_positions,
            allow_duplicate_positions=allow_duplicate_positions,
        )
        try:
            stack = self._stack(rules)
            if self.is_tiled and not allow_duplicate_positions:
                access.check_tiles_differ(self._index, stack.slots)
        except (IrregularVolumeError, MixedValuesError, MissingAttributeError):
            return None
        return stack.geometry

    def get_volume(
        self,
        *,
        slice_start: int | None = None,
        slice_end: int | None = None,
        row_start: int | None = None,
        row_end: int | None = None,
        column_start: int | None = None,
        column_end: int | None = None,
        as_indices: bool = False,
        allow_missing_positions: bool = False,
        rtol: float | None = None,
        atol: float | None = None,
        perpendicular_tol: float | None = None,
        **transforms: Unpack[access.TransformKeywords],
    ) -> access.Volume:
        """Give the frames as a volume.

        Parameters
        ----------
        slice_start, slice_end, row_start, row_end, column_start, column_end
            Part of the volume: first one and the one after the last, counted from one,
            or from zero `as_indices`, or backwards from the end if negative.
        as_indices
            Whether counting begins at zero.
        allow_missing_positions
            Whether slices without a frame are filled with zeros.
        rtol, atol, perpendicular_tol
            As of :class:`highdicom.spatial.stacking.StackingRules`.
        **transforms
            See :class:`highdicom.image.options.TransformKeywords`.

        Returns
        -------
        Volume
            Array (slice, row, column[, 3]) with its geometry.

        Raises
        ------
        IrregularVolumeError
            If the frames form no regular grid.
        AmbiguousFramesError
            If several frames lie at one position.
        FrameNumberError
            If the part asked for is not within the volume.

        """
        stack = self._stack(
            StackingRules(
                rtol=rtol,
                atol=atol,
                perpendicular_tol=perpendicular_tol,
                allow_missing_positions=allow_missing_positions,
                # The plan tells how frames at the same position differ.
                allow_duplicate_positions=True,
            )
        )
        counts = stack.geometry.spatial_shape
        slices, rows, columns = region = (
            access.resolve_range(
                "slice", slice_start, slice_end, counts[0], as_indices=as_indices
            ),
            access.resolve_range(
                "row", row_start, row_end, counts[1], as_indices=as_indices
            ),
            access.resolve_range(
                "column", column_start, column_end, counts[2], as_indices=as_indices
            ),
        )
        missing = (
            access.Missing.BLANK if allow_missing_positions else access.Missing.ERROR
        )
        assembly = self._assembly(transforms)
        if self.is_tiled:
            array = self._focal_planes(assembly, stack, region)
        else:
            plan = access.plan_stack(
                self._index,
                stack.slots - slices.start,
                slices.stop - slices.start,
                (int(self.Rows), int(self.Columns)),
                rows=rows,
                columns=columns,
                missing=missing,
            )
            array = assembly.plan(plan)
        return stack.volume(array, region)

    def get_total_pixel_matrix(
        self,
        row_start: int | None = None,
        row_end: int | None = None,
        column_start: int | None = None,
        column_end: int | None = None,
        dtype: npt.DTypeLike = np.float64,
        apply_real_world_transform: bool | None = None,
        real_world_value_map_selector: int | str | Code | CodedConcept = 0,
        apply_modality_transform: bool | None = None,
        apply_voi_transform: bool | None = False,
        voi_transform_selector: int | str | Dataset = 0,
        voi_output_range: tuple[float, float] = (0.0, 1.0),
        apply_presentation_lut: bool = True,
        apply_palette_color_lut: bool | None = None,
        apply_icc_profile: bool | None = None,
        as_indices: bool = False,
    ) -> Array:
        """Give the total pixel matrix of a tiled image, or a region of it.

        Parameters
        ----------
        row_start, row_end, column_start, column_end
            Region: first row or column and the one after the last, counted from one,
            or from zero `as_indices`, or backwards from the end if negative.
        dtype, apply_real_world_transform, real_world_value_map_selector
            See :class:`highdicom.image.options.TransformKeywords`.
        apply_modality_transform, apply_voi_transform, voi_transform_selector
            See :class:`highdicom.image.options.TransformKeywords`.
        voi_output_range, apply_presentation_lut, apply_palette_color_lut
            See :class:`highdicom.image.options.TransformKeywords`.
        apply_icc_profile
            See :class:`highdicom.image.options.TransformKeywords`.
        as_indices
            Whether counting begins at zero.

        Returns
        -------
        numpy.ndarray
            New array (row, column[, 3]); zero where no tile is stored.

        Raises
        ------
        NotTiledError
            If the image is not tiled.
        AmbiguousFramesError
            If tiles overlap, as those of several focal planes or optical paths do.
        FrameNumberError
            If the region is not within the matrix.

        """
        transforms = access.transform_keywords(locals())
        if not self.is_tiled:
            raise NotTiledError("The image is not tiled: it has no total pixel matrix.")
        rows = access.resolve_range(
            "row",
            row_start,
            row_end,
            integer(self, "TotalPixelMatrixRows"),
            as_indices=as_indices,
        )
        columns = access.resolve_range(
            "column",
            column_start,
            column_end,
            integer(self, "TotalPixelMatrixColumns"),
            as_indices=as_indices,
        )
        assembly = self._assembly(transforms)
        return assembly.plan(self._plan_region(self._index, rows, columns))

    def _plan_region(
        self, index: FrameIndex, rows: slice, columns: slice
    ) -> access.FramePlan:
        shape = (integer(self, "Rows"), integer(self, "Columns"))
        return access.plan_region(
            index, rows, columns, shape, missing=access.Missing.BLANK
        )

    def _focal_planes(
        self,
        assembly: access.Assembly,
        stack: access.Stack,
        region: tuple[slice, slice, slice],
    ) -> Array:
        slices, rows, columns = region
        planes = []
        for place in range(slices.start, slices.stop):
            tiles = self._index.selected(np.flatnonzero(stack.slots == place))
            planes.append(assembly.plan(self._plan_region(tiles, rows, columns)))
        return planes[0][np.newaxis] if len(planes) == 1 else np.stack(planes)


def _required(item: Dataset, keyword: str) -> Any:
    value = value_of(item, keyword)
    if value is None:
        raise MissingAttributeError(
            f"An item has no {keyword}, which every such item needs.", keyword=keyword
        )
    return value


def stored_frames_of(
    dataset: Dataset, pixel_format: PixelFormat
) -> access.StoredFrames:
    """Give the stored values of any dataset, read lazily or not.

    Parameters
    ----------
    dataset
        Image.
    pixel_format
        Form of its stored values.

    """
    if isinstance(dataset, Image):
        return dataset._stored  # noqa: SLF001
    return access.StoredFrames.in_memory(dataset, pixel_format)


def imread(
    fp: str | bytes | PathLike[str] | BinaryIO, lazy_frame_retrieval: bool = False
) -> Image:
    """Read an image of any SOP class from a file (PS3.10 7).

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
    MissingAttributeError
        If the file holds no image.

    Examples
    --------
    >>> from highdicom import imread
    >>> from pydicom.data import get_testdata_file
    >>> imread(get_testdata_file("CT_small.dcm")).number_of_frames
    1

    """
    return Image.from_file(fp, lazy_frame_retrieval)
