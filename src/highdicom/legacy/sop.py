"""Legacy Converted Enhanced CT, MR and PET images (PS3.3 A.70 to A.72)."""

from collections.abc import Sequence
from concurrent.futures import Executor
from os import PathLike
from typing import Any, BinaryIO, ClassVar

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset
from pydicom.sr.coding import Code
from pydicom.uid import ImplicitVRLittleEndian

from highdicom.base import SOPClass
from highdicom.coding import CodedConcept
from highdicom.encoding.elements import put
from highdicom.errors import (
    ArgumentTypeError,
    InvalidArgumentError,
    WrongSOPClassError,
)
from highdicom.frames.attributes import column_value
from highdicom.frames.columns import COLUMNS_BY_KEYWORD
from highdicom.frames.reading import index_of
from highdicom.image.image import imread
from highdicom.image.new_image import NewImage
from highdicom.image.options import transform_keywords
from highdicom.image.pixel_data import put_image_pixel
from highdicom.legacy.acquisition import acquisition_times, earliest_content
from highdicom.legacy.conversion import Conversion
from highdicom.legacy.mapping import CT, KINDS, MR, PET, LegacyKind
from highdicom.legacy.ordering import FrameOrder, ordered_frames
from highdicom.legacy.pixel_data import ConvertedPixels
from highdicom.legacy.references import put_references
from highdicom.legacy.sources import LegacyImages
from highdicom.modules.equipment import ContributingEquipment
from highdicom.typing import Self

__all__ = [
    "LEGACY_ENHANCED_SOP_CLASS_UID_MAP",
    "LegacyConvertedEnhancedCTImage",
    "LegacyConvertedEnhancedMRImage",
    "LegacyConvertedEnhancedPETImage",
    "lceread",
]

Array = npt.NDArray[Any]

LEGACY_ENHANCED_SOP_CLASS_UID_MAP = {
    kind.source_sop_class_uid: kind.sop_class_uid for kind in KINDS
}
"""SOP classes of converted images by those of the single-frame images."""

_SOURCES = "ConversionSourceAttributesSequence"
# Given by the images, and named so that it is an error to give them, too.
_OF_IMAGES = (
    "patient_id",
    "patient_name",
    "patient_birth_date",
    "patient_sex",
    "accession_number",
    "study_id",
    "study_date",
    "study_time",
    "referring_physician_name",
    "manufacturer",
)


class _CommonLegacyConvertedEnhancedImage(NewImage):
    """Single-frame images of a series as one image (PS3.3 A.70 to A.72)."""

    _kind: ClassVar[LegacyKind]

    def __init__(
        self,
        legacy_datasets: Sequence[Dataset],
        series_instance_uid: str,
        series_number: int,
        sop_instance_uid: str,
        instance_number: int,
        *,
        transfer_syntax_uid: str | None = None,
        use_extended_offset_table: bool = False,
        require_volume: bool = False,
        strict: bool = False,
        skip_private_attributes: bool = False,
        contributing_equipment: Sequence[ContributingEquipment] | None = None,
        workers: int | Executor = 0,
        include_dimension_index: bool | None = None,
        **kwargs: Any,
    ) -> None:
        """Convert images.

        What the images share is said once, what they differ in for each frame. Attributes
        that have no place of their own are kept as unassigned converted attributes.

        Parameters
        ----------
        legacy_datasets
            Single-frame images of one kind and study, in one transfer syntax. They are not
            changed.
        series_instance_uid, series_number, sop_instance_uid, instance_number
            Identity of the new instance.
        transfer_syntax_uid
            Encoding in a file; that of the images if not given, in which case, as between
            native encodings, pixels stay as they are, byte for byte.
        use_extended_offset_table
            Whether offsets of encapsulated frames are written with 64 bits; native ones
            have none.
        require_volume
            Whether the images have to be parallel planes at equal distances.
        strict
            Whether it is an error if the images lack what the standard requires. Otherwise
            there is a warning.
        skip_private_attributes
            Whether private attributes are left out.
        contributing_equipment
            Who had a part besides the acquisition and this software.
        workers
            Number of processes that encode frames, or an executor.
        include_dimension_index
            Whether frames have to be ordered by a dimension (True), are if that can be done
            (None), or stay in the order given (False). Planes of a volume are ordered along
            its slices, other images by their instance numbers.
        **kwargs
            See :class:`highdicom.base.InstanceOptions`.

        Raises
        ------
        ArgumentTypeError
            If something is no dataset.
        InvalidArgumentError
            If there are no images, they are of another kind, do not belong together, or
            form no volume although they have to.
        MissingAttributeError
            If an image lacks an attribute without which it cannot be converted.
        AmbiguousFramesError
            If frames have to be ordered by a dimension, but cannot be.
        UnsupportedTransferSyntaxError
            If the transfer syntax cannot hold the pixels.

        Warns
        -----
        NonconformantDatasetWarning
            If the images lack what the standard requires, and it is not `strict`.

        """
        images = LegacyImages.of(legacy_datasets, self._kind)
        order = _order_of(images, require_volume, include_dimension_index)
        images = images.reordered(order.rows)
        pixels = ConvertedPixels(images, transfer_syntax_uid)
        if "content_date" not in kwargs and "content_time" not in kwargs:
            begun = earliest_content(images, acquisition_times(images))
            if begun is not None:
                kwargs["content_date"], kwargs["content_time"] = begun
        SOPClass.__init__(
            self,
            study_instance_uid=images.first.StudyInstanceUID,
            series_instance_uid=series_instance_uid,
            series_number=series_number,
            sop_instance_uid=sop_instance_uid,
            sop_class_uid=self._kind.sop_class_uid,
            instance_number=instance_number,
            modality=self._kind.modality,
            transfer_syntax_uid=pixels.transfer_syntax_uid,
            **dict.fromkeys(_OF_IMAGES),
            **kwargs,
        )
        if images.character_set and "SpecificCharacterSet" not in self:
            put(self, "SpecificCharacterSet", images.character_set)
            self._mark_encoding()
        conversion = Conversion(
            images,
            order,
            pixels,
            implicit=self.transfer_syntax_uid == ImplicitVRLittleEndian,
            skip_private_attributes=skip_private_attributes,
            strict=strict,
        )
        conversion.put_modules(self)
        conversion.put_equipment(self, contributing_equipment)
        put_references(self, images, implicit=conversion.implicit)
        conversion.put_frames(self)
        put_image_pixel(self, pixels.format)
        pixels.put_into(
            self,
            workers=workers,
            use_extended_offset_table=use_extended_offset_table,
        )
        conversion.check(self)

    @classmethod
    def from_dataset(cls, dataset: Dataset, copy: bool = False) -> Self:
        """Make a dataset an instance of this class.

        Parameters
        ----------
        dataset
            Converted image.
        copy
            Whether a deep copy is made. If not, the dataset itself gets this class.

        Raises
        ------
        ArgumentTypeError
            If it is no dataset.
        WrongSOPClassError
            If it is of another SOP class.

        """
        return super().from_dataset(dataset, copy=copy)

    def get_pixels_by_legacy_source_instance(
        self,
        legacy_sop_instance_uids: str | Sequence[str],
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
        """Give the frames that images were converted to, in the order of these.

        Parameters
        ----------
        legacy_sop_instance_uids
            SOP Instance UIDs of single-frame images, or that of one.
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
            New array (image, row, column), or (row, column) of the one.

        Raises
        ------
        InvalidArgumentError
            If there are no UIDs, or no frame was made of one of them.

        """
        transforms = transform_keywords(locals())
        is_one = isinstance(legacy_sop_instance_uids, str)
        uids = (
            [legacy_sop_instance_uids]
            if isinstance(legacy_sop_instance_uids, str)
            else list(legacy_sop_instance_uids)
        )
        if not uids:
            raise InvalidArgumentError("'legacy_sop_instance_uids' must not be empty.")
        frame_of = self._frames_by_source()
        unknown = [uid for uid in uids if uid not in frame_of]
        if unknown:
            raise InvalidArgumentError(
                "'legacy_sop_instance_uids' must be of images that were converted, which "
                f"{unknown[0]} is not."
            )
        frames = self._assembly(transforms).frames([frame_of[uid] for uid in uids])
        return frames[0] if is_one else frames

    def _frames_by_source(self) -> dict[str, int]:
        """Zero-based frame of each image that was converted, by SOP Instance UID."""
        group = index_of(self, groups=(_SOURCES,)).groups.get(_SOURCES)
        if group is None:
            return {}
        uids = [
            [str(item.get("ReferencedSOPInstanceUID", "")) for item in items]
            for items in group.decoded()
        ]
        return {
            uid: frame
            for frame, place in enumerate(group.ids.tolist())
            if place >= 0
            for uid in uids[place]
        }


class LegacyConvertedEnhancedCTImage(_CommonLegacyConvertedEnhancedImage):
    """Single-frame CT images of a series as one image (PS3.3 A.70).

    What the images share is said once, what they differ in for each frame. Attributes
    that have no place of their own are kept as unassigned converted attributes.

    Examples
    --------
    >>> from highdicom import UID
    >>> from highdicom.legacy import LegacyConvertedEnhancedCTImage
    >>> from highdicom.testing import ct_series
    >>> image = LegacyConvertedEnhancedCTImage(
    ...     ct_series(3),
    ...     series_instance_uid=UID(),
    ...     series_number=2,
    ...     sop_instance_uid=UID(),
    ...     instance_number=1,
    ... )
    >>> image.number_of_frames
    3

    """

    _kind = CT
    sop_class_uids = frozenset((CT.sop_class_uid,))


class LegacyConvertedEnhancedMRImage(_CommonLegacyConvertedEnhancedImage):
    """Single-frame MR images of a series as one image (PS3.3 A.71).

    What the images share is said once, what they differ in for each frame. Attributes
    that have no place of their own are kept as unassigned converted attributes.

    Examples
    --------
    >>> from highdicom import UID
    >>> from highdicom.legacy import LegacyConvertedEnhancedMRImage
    >>> from highdicom.testing import mr_series
    >>> image = LegacyConvertedEnhancedMRImage(
    ...     mr_series(3),
    ...     series_instance_uid=UID(),
    ...     series_number=2,
    ...     sop_instance_uid=UID(),
    ...     instance_number=1,
    ... )
    >>> image.number_of_frames
    3

    """

    _kind = MR
    sop_class_uids = frozenset((MR.sop_class_uid,))


class LegacyConvertedEnhancedPETImage(_CommonLegacyConvertedEnhancedImage):
    """Single-frame PET images of a series as one image (PS3.3 A.72).

    What the images share is said once, what they differ in for each frame. Attributes
    that have no place of their own are kept as unassigned converted attributes.

    Examples
    --------
    >>> from highdicom import UID
    >>> from highdicom.legacy import LegacyConvertedEnhancedPETImage
    >>> from highdicom.testing import pet_series
    >>> image = LegacyConvertedEnhancedPETImage(
    ...     pet_series(3),
    ...     series_instance_uid=UID(),
    ...     series_number=2,
    ...     sop_instance_uid=UID(),
    ...     instance_number=1,
    ... )
    >>> image.number_of_frames
    3

    """

    _kind = PET
    sop_class_uids = frozenset((PET.sop_class_uid,))


_CLASSES: dict[str, type[_CommonLegacyConvertedEnhancedImage]] = {
    CT.sop_class_uid: LegacyConvertedEnhancedCTImage,
    MR.sop_class_uid: LegacyConvertedEnhancedMRImage,
    PET.sop_class_uid: LegacyConvertedEnhancedPETImage,
}


def lceread(
    fp: str | bytes | PathLike[str] | BinaryIO, lazy_frame_retrieval: bool = False
) -> (
    LegacyConvertedEnhancedCTImage
    | LegacyConvertedEnhancedMRImage
    | LegacyConvertedEnhancedPETImage
):
    """Read a legacy converted enhanced image (PS3.3 A.70 to A.72).

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
        If the file holds an instance of another SOP class.

    Examples
    --------
    >>> import io
    >>> from highdicom import UID
    >>> from highdicom.legacy import LegacyConvertedEnhancedCTImage, lceread
    >>> from highdicom.testing import ct_series
    >>> image = LegacyConvertedEnhancedCTImage(ct_series(3), UID(), 2, UID(), 1)
    >>> image.save_as(file := io.BytesIO())
    >>> lceread(file.getvalue()).number_of_frames
    3

    """
    image = imread(fp, lazy_frame_retrieval)
    found = _CLASSES.get(str(image.SOPClassUID))
    if found is None:
        raise WrongSOPClassError(
            "The file holds no legacy converted enhanced image, but an instance of "
            f"{image.SOPClassUID.name}.",
            keyword="SOPClassUID",
            sop_instance_uid=image.get("SOPInstanceUID"),
        )
    return found.from_dataset(image, copy=False)  # type: ignore[return-value]


def _order_of(
    images: LegacyImages,
    require_volume: bool,
    include_dimension_index: bool | None,
) -> FrameOrder:
    if not isinstance(include_dimension_index, bool | None):
        raise ArgumentTypeError(
            "'include_dimension_index' must be True, False or None, not "
            f"{include_dimension_index!r}."
        )
    positions, orientations = (
        np.stack([_required_column(one, keyword) for one in images.datasets])
        for keyword in ("ImagePositionPatient", "ImageOrientationPatient")
    )
    return ordered_frames(
        positions,
        orientations,
        images.instance_numbers(),
        require_volume=require_volume,
        include_dimension_index=include_dimension_index,
    )


def _required_column(dataset: Dataset, keyword: str) -> Array:
    value = column_value(dataset, COLUMNS_BY_KEYWORD[keyword])
    assert value is not None  # it was checked that it is not empty
    return value
