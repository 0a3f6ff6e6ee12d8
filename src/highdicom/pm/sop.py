"""Parametric Map (PS3.3 A.75)."""

from collections.abc import Sequence
from concurrent.futures import Executor
from os import PathLike
from typing import Any, BinaryIO

import numpy.typing as npt
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code
from pydicom.uid import UID, ExplicitVRLittleEndian
from pydicom.valuerep import PersonName

from highdicom.arguments import member_of
from highdicom.codec.encoder import FrameEncoder
from highdicom.codec.profiles import profile_of
from highdicom.coding import CodedConcept
from highdicom.content.creator import ContentCreatorIdentificationCodeSequence
from highdicom.content.palette import PaletteColorLUTTransformation
from highdicom.content.plane import (
    PixelMeasuresSequence,
    PlaneOrientationSequence,
    PlanePositionSequence,
)
from highdicom.content.transformations import VOILUTTransformation
from highdicom.encoding.elements import put, put_sequence
from highdicom.enum import (
    ContentQualificationValues,
    CoordinateSystemNames,
    DimensionOrganizationTypeValues,
)
from highdicom.errors import (
    ArgumentTypeError,
    MissingAttributeError,
)
from highdicom.image.lossy_compression import LossyCompressions
from highdicom.image.multiframe import DerivedMultiframeImage
from highdicom.image.sources import SourceImages
from highdicom.modules.equipment import ContributingEquipment, EnhancedGeneralEquipment
from highdicom.pm.arrangement import Geometry, arranged, order_of, organization_of
from highdicom.pm.content import RealWorldValueMapping
from highdicom.pm.enum import DerivedPixelContrastValues, ImageFlavorValues
from highdicom.pm.frames import MapFrames, dimension_organization_items
from highdicom.pm.mappings import (
    check_volume_channels,
    mappings_of_channels,
    warn_of_gaps,
)
from highdicom.pm.presentation import put_colors, shared_presentation, voi_lut_of
from highdicom.volume.volume import Volume

__all__ = ["ParametricMap", "pmread"]

Array = npt.NDArray[Any]


class ParametricMap(DerivedMultiframeImage):
    """Measurements made of other images, pixel by pixel (PS3.3 A.75).

    Parameters
    ----------
    source_images
        Images that were measured: single-frame images of one series, or one
        multi-frame image. Where nothing else is said, the planes of the map are those
        of the source frames, in their order.
    pixel_array
        Stored values (plane, row, column) or (plane, row, column, channel) as an array
        or a volume, of type uint8, uint16, float32 or float64. A single plane may lack
        its axis. The array is not changed. A volume may have the channels ``LUTLabel``.
    series_instance_uid, series_number, sop_instance_uid, instance_number
        Identity of the new instance.
    manufacturer, manufacturer_model_name, software_versions, device_serial_number
        What made it.
    contains_recognizable_visual_features
        Whether somebody could be recognised by the image.
    real_world_value_mappings
        What stored values mean: a sequence of mappings or, for pixels with channels,
        one such sequence for each. Their ranges are of integers for integers, and of
        floating point numbers for these. There is a warning if they do not cover all
        stored values.
    window_center, window_width
        A linear window; `voi_lut_transformations` are to be preferred.
    transfer_syntax_uid
        Encoding in a file. Floating point numbers are never compressed by frame.
    content_description, content_creator_name, content_label
        What the content is called and who made it.
    pixel_measures, plane_orientation, plane_positions
        Geometry, where it is not that of the source images.
    content_qualification
        Whether the map is for clinical use.
    image_flavor, derived_pixel_contrast
        Values 3 and 4 of Image Type.
    content_creator_identification
        Who made the content, by codes.
    palette_color_lut_transformation
        Colours in which the stored values are best shown. For integers only.
    contributing_equipment
        Who else had a part.
    use_extended_offset_table
        Whether offsets of encapsulated frames are written with 64 bits.
    voi_lut_transformations
        Windows or tables that stored values are best seen with. Several become those
        of one item, which is all there may be.
    workers
        Number of processes or threads that encode frames: none besides this one if 0,
        as many as there are processors if negative. Or an executor.
    further_source_images
        Images that had a part in the map without being measured.
    icc_profile
        ICC profile of the colours; that of sRGB if not given.
    dimension_organization_type
        How frames are organised; chosen if not given.
    tile_pixel_array
        Whether `pixel_array` is one total pixel matrix, to be cut into tiles. Tiles are
        filled up with zeros beyond the matrix.
    tile_size
        Rows and columns of the tiles; those of the source image if not given.
    pyramid_uid, pyramid_label
        Multi-resolution pyramid that the instance belongs to.
    derivation
        How the map was made of the images; not specified if not given.
    **kwargs
        See :class:`highdicom.base.InstanceOptions`.

    Raises
    ------
    InvalidArgumentError
        If shapes, types, values or source images do not fit each other.
    ArgumentTypeError
        If an argument is of the wrong type.
    ConflictingArgumentsError
        If arguments exclude, or one is missing that accompanies, another.
    MissingAttributeError
        If a source image lacks what the map needs, such as a frame of reference.
    UnsupportedTransferSyntaxError
        If the transfer syntax cannot hold the pixels.

    Notes
    -----
    Frames of the first channel come first, then those of the next: one behind the other
    along the normal of rows and columns or, for tiles, row by row.

    Examples
    --------
    >>> import numpy as np
    >>> from highdicom import UID, VOILUTTransformation
    >>> from highdicom.pm import ParametricMap, RealWorldValueMapping
    >>> from highdicom.testing import ct_series
    >>> from pydicom.sr.codedict import codes
    >>> images = ct_series(number_of_slices=3)
    >>> probability = np.linspace(0, 1, 3 * 16 * 20, dtype=np.float32)
    >>> parametric_map = ParametricMap(
    ...     images, probability.reshape(3, 16, 20), UID(), 1, UID(), 1,
    ...     "Maker", "Model", "1.0", "17",
    ...     contains_recognizable_visual_features=False,
    ...     real_world_value_mappings=[
    ...         RealWorldValueMapping(
    ...             "P", "Probability", codes.UCUM.NoUnits, (0.0, 1.0)
    ...         )
    ...     ],
    ...     voi_lut_transformations=[VOILUTTransformation(0.5, 1.0)],
    ... )
    >>> float(parametric_map.get_volume().array.max())
    1.0

    :func:`pmread` reads it again, from a path, an URL, a file object or bytes.

    >>> import io
    >>> from highdicom.pm import pmread
    >>> parametric_map.save_as(file := io.BytesIO())
    >>> pmread(file.getvalue()).number_of_frames
    3

    """

    sop_class_uids = frozenset({"1.2.840.10008.5.1.4.1.1.30"})

    def __init__(
        self,
        source_images: Sequence[Dataset],
        pixel_array: Array | Volume,
        series_instance_uid: str,
        series_number: int,
        sop_instance_uid: str,
        instance_number: int,
        manufacturer: str,
        manufacturer_model_name: str,
        software_versions: str | tuple[str, ...],
        device_serial_number: str,
        contains_recognizable_visual_features: bool,
        real_world_value_mappings: Sequence[RealWorldValueMapping]
        | Sequence[Sequence[RealWorldValueMapping]],
        window_center: float | None = None,
        window_width: float | None = None,
        transfer_syntax_uid: str | UID = ExplicitVRLittleEndian,
        content_description: str | None = None,
        content_creator_name: str | PersonName | None = None,
        pixel_measures: PixelMeasuresSequence | None = None,
        plane_orientation: PlaneOrientationSequence | None = None,
        plane_positions: Sequence[PlanePositionSequence] | None = None,
        content_label: str | None = None,
        content_qualification: str
        | ContentQualificationValues = ContentQualificationValues.RESEARCH,
        image_flavor: str | ImageFlavorValues = ImageFlavorValues.VOLUME,
        derived_pixel_contrast: str
        | DerivedPixelContrastValues = DerivedPixelContrastValues.QUANTITY,
        content_creator_identification: ContentCreatorIdentificationCodeSequence
        | None = None,
        palette_color_lut_transformation: PaletteColorLUTTransformation | None = None,
        contributing_equipment: Sequence[ContributingEquipment] | None = None,
        use_extended_offset_table: bool = False,
        *,
        voi_lut_transformations: Sequence[VOILUTTransformation] | None = None,
        workers: int | Executor = 0,
        further_source_images: Sequence[Dataset] | None = None,
        icc_profile: bytes | None = None,
        dimension_organization_type: DimensionOrganizationTypeValues
        | str
        | None = None,
        tile_pixel_array: bool = False,
        tile_size: Sequence[int] | None = None,
        pyramid_uid: str | None = None,
        pyramid_label: str | None = None,
        derivation: Code | CodedConcept | None = None,
        **kwargs: Any,
    ) -> None:
        sources = _checked_sources(source_images, further_source_images)
        image_type = _image_type(image_flavor, derived_pixel_contrast)
        method = _checked_derivation(derivation)
        frames = _frames_of(
            sources,
            pixel_array,
            real_world_value_mappings,
            geometry=(pixel_measures, plane_orientation, plane_positions),
            tile_size=tile_size,
            tile_pixel_array=tile_pixel_array,
        )
        voi_lut = voi_lut_of(voi_lut_transformations, window_center, window_width)
        organization = organization_of(
            dimension_organization_type,
            frames.planes,
            frames.order,
            number_of_channels=frames.pixels.number_of_channels,
        )
        profile_of(transfer_syntax_uid).check(frames.pixels.pixel_format)
        self._initialise_instance(
            sources,
            sop_class_uid="1.2.840.10008.5.1.4.1.1.30",
            modality="OT",
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
            content_qualification=content_qualification,
            **kwargs,
        )
        self._put_image_type(
            image_type, is_recognizable=contains_recognizable_visual_features
        )
        self._put_content_identification(
            content_label=content_label or "MAP",
            content_description=content_description,
            content_creator_name=content_creator_name,
            content_creator_identification=content_creator_identification,
        )
        palette = palette_color_lut_transformation
        put_colors(self, frames.pixels, palette, icc_profile)
        self._put_pyramid(pyramid_uid, pyramid_label, frames.planes)
        presentation = shared_presentation(voi_lut, image_type, palette)
        self._put_map_frames(frames, presentation, method, organization)
        self._put_map_pixels(
            frames, workers, use_extended_offset_table=use_extended_offset_table
        )
        LossyCompressions.of(sources.datasets).put_into(
            self, frames.pixels.pixel_format, is_required=True
        )
        self._adopt()

    def _put_image_type(self, image_type: list[str], *, is_recognizable: bool) -> None:
        put(self, "ImageType", image_type)
        put(self, "BurnedInAnnotation", "NO")
        put(self, "RecognizableVisualFeatures", "YES" if is_recognizable else "NO")
        put(self, "PresentationLUTShape", "IDENTITY")
        put_sequence(self, "AcquisitionContextSequence", [])

    def _put_map_frames(
        self,
        frames: MapFrames,
        presentation: Dataset,
        derivation: Code | CodedConcept,
        organization: DimensionOrganizationTypeValues | None,
    ) -> None:
        put(self, "NumberOfFrames", len(frames))
        self._put_organization(frames.planes, organization)
        shared = frames.shared_groups(presentation)
        is_in_patient = frames.planes.coordinate_system is CoordinateSystemNames.PATIENT
        if is_in_patient and "FrameAnatomySequence" not in shared:
            # Type 2C: the body part may be a paired structure (PS3.3 C.7.3.1).
            put(self, "Laterality", frames.sources.first.get("Laterality"))
        if organization is DimensionOrganizationTypeValues.TILED_FULL:
            put_sequence(self, "SharedFunctionalGroupsSequence", [shared])
            put_sequence(
                self, "DimensionOrganizationSequence", dimension_organization_items()
            )
            return
        frames.functional_groups(
            shared,
            derivation,
            implicit=bool(self.original_encoding[0]),
            character_set=self._character_set,
        ).put_into(self)

    def _put_map_pixels(
        self,
        frames: MapFrames,
        workers: int | Executor,
        *,
        use_extended_offset_table: bool,
    ) -> None:
        encoder = FrameEncoder(self.transfer_syntax_uid, frames.pixels.pixel_format)
        pixel_data = frames.pixel_data(encoder, workers)
        # The values of pixels that come one after the other are known only now.
        warn_of_gaps(frames.mappings, frames.pixels)
        self._put_pixels(
            pixel_data,
            frames.pixels.pixel_format,
            workers=workers,
            use_extended_offset_table=use_extended_offset_table,
        )

    def _adopt(self) -> None:
        super()._adopt()
        for group in self.get("SharedFunctionalGroupsSequence") or []:
            for item in group.get("RealWorldValueMappingSequence") or []:
                RealWorldValueMapping.from_dataset(item, copy=False)


def _checked_sources(
    images: Sequence[Dataset], further: Sequence[Dataset] | None
) -> SourceImages:
    sources = SourceImages.of(images, further)
    if sources.coordinate_system is None:
        raise MissingAttributeError(
            "'source_images' lack a frame of reference and positions in it, which a "
            "parametric map needs (PS3.3 A.75.3).",
            keyword="FrameOfReferenceUID",
            sop_instance_uid=sources.first.SOPInstanceUID,
        )
    return sources


def _frames_of(
    sources: SourceImages,
    pixel_array: Array | Volume,
    real_world_value_mappings: object,
    *,
    geometry: Geometry,
    tile_size: Sequence[int] | None,
    tile_pixel_array: bool,
) -> MapFrames:
    """Put planes and channels of the pixels into the order of the frames."""
    pixels, planes = arranged(
        sources,
        pixel_array,
        geometry=geometry,
        tile_size=tile_size,
        tile_pixel_array=tile_pixel_array,
    )
    mappings = mappings_of_channels(real_world_value_mappings, pixels)
    if isinstance(pixel_array, Volume):
        check_volume_channels(pixel_array, mappings)
    return MapFrames(pixels, planes, sources, mappings, order_of(planes))


def _image_type(
    flavor: str | ImageFlavorValues, contrast: str | DerivedPixelContrastValues
) -> list[str]:
    return [
        "DERIVED",
        "PRIMARY",
        member_of(ImageFlavorValues, flavor, "image_flavor").value,
        member_of(DerivedPixelContrastValues, contrast, "derived_pixel_contrast").value,
    ]


def _checked_derivation(
    derivation: Code | CodedConcept | None,
) -> Code | CodedConcept:
    if derivation is None:
        unspecified: Code = codes.DCM.UnspecifiedMethodOfCalculation
        return unspecified
    if not isinstance(derivation, (Code, CodedConcept)):
        raise ArgumentTypeError(
            "'derivation' must be a pydicom Code or a CodedConcept, not "
            f"{type(derivation).__name__}."
        )
    return derivation


def pmread(
    fp: str | bytes | PathLike[str] | BinaryIO, lazy_frame_retrieval: bool = False
) -> ParametricMap:
    """Read a parametric map from a file (PS3.3 A.75).

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
        If the file holds no parametric map.

    See :class:`ParametricMap` for an example.

    """
    return ParametricMap.from_file(fp, lazy_frame_retrieval)
