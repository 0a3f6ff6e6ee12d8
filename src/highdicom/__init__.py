"""Read DICOM images as frames, volumes and slides; write valid derived objects.

The public names are resolved when they are first used, so that importing the package
or one of its modules loads nothing that is not needed.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from highdicom.version import __version__

if TYPE_CHECKING:
    from highdicom import (
        ann as ann,
        base as base,
        base_content as base_content,
        coding_schemes as coding_schemes,
        color as color,
        content as content,
        enum as enum,
        frame as frame,
        image as image,
        io as io,
        ko as ko,
        legacy as legacy,
        pixels as pixels,
        pm as pm,
        pr as pr,
        sc as sc,
        seg as seg,
        spatial as spatial,
        sr as sr,
        uid as uid,
        utils as utils,
        valuerep as valuerep,
        version as version,
        volume as volume,
    )
    from highdicom.base import SOPClass as SOPClass, read as read
    from highdicom.base_content import ContributingEquipment as ContributingEquipment
    from highdicom.content import (
        LUT as LUT,
        VOILUT as VOILUT,
        AlgorithmIdentificationSequence as AlgorithmIdentificationSequence,
        ContentCreatorIdentificationCodeSequence as ContentCreatorIdentificationCodeSequence,
        IssuerOfIdentifier as IssuerOfIdentifier,
        ModalityLUT as ModalityLUT,
        ModalityLUTTransformation as ModalityLUTTransformation,
        PaletteColorLUT as PaletteColorLUT,
        PaletteColorLUTTransformation as PaletteColorLUTTransformation,
        PixelMeasuresSequence as PixelMeasuresSequence,
        PlaneOrientationSequence as PlaneOrientationSequence,
        PlanePositionSequence as PlanePositionSequence,
        PresentationLUT as PresentationLUT,
        PresentationLUTTransformation as PresentationLUTTransformation,
        ReferencedImageSequence as ReferencedImageSequence,
        SegmentedPaletteColorLUT as SegmentedPaletteColorLUT,
        SpecimenCollection as SpecimenCollection,
        SpecimenDescription as SpecimenDescription,
        SpecimenPreparationStep as SpecimenPreparationStep,
        SpecimenProcessing as SpecimenProcessing,
        SpecimenSampling as SpecimenSampling,
        SpecimenStaining as SpecimenStaining,
        VOILUTTransformation as VOILUTTransformation,
    )
    from highdicom.enum import (
        AnatomicalOrientationTypeValues as AnatomicalOrientationTypeValues,
        AxisHandedness as AxisHandedness,
        ContentQualificationValues as ContentQualificationValues,
        CoordinateSystemNames as CoordinateSystemNames,
        DimensionOrganizationTypeValues as DimensionOrganizationTypeValues,
        InterpolationMethods as InterpolationMethods,
        LateralityValues as LateralityValues,
        PadModes as PadModes,
        PatientOrientationValuesBiped as PatientOrientationValuesBiped,
        PatientOrientationValuesQuadruped as PatientOrientationValuesQuadruped,
        PatientSexValues as PatientSexValues,
        PhotometricInterpretationValues as PhotometricInterpretationValues,
        PixelDataKeywords as PixelDataKeywords,
        PixelIndexDirections as PixelIndexDirections,
        PixelRepresentationValues as PixelRepresentationValues,
        PlanarConfigurationValues as PlanarConfigurationValues,
        PresentationLUTShapeValues as PresentationLUTShapeValues,
        RescaleTypeValues as RescaleTypeValues,
        RGBColorChannels as RGBColorChannels,
        SpecificCharacterSetValues as SpecificCharacterSetValues,
        UniversalEntityIDTypeValues as UniversalEntityIDTypeValues,
        VOILUTFunctionValues as VOILUTFunctionValues,
    )
    from highdicom.image import (
        Image as Image,
        get_volume_from_series as get_volume_from_series,
        imread as imread,
    )
    from highdicom.uid import UID as UID
    from highdicom.volume import (
        RGB_COLOR_CHANNEL_DESCRIPTOR as RGB_COLOR_CHANNEL_DESCRIPTOR,
        ChannelDescriptor as ChannelDescriptor,
        Volume as Volume,
        VolumeGeometry as VolumeGeometry,
        VolumeToVolumeTransformer as VolumeToVolumeTransformer,
    )

_NAMES = {
    "highdicom.base": (
        "SOPClass",
        "read",
    ),
    "highdicom.base_content": ("ContributingEquipment",),
    "highdicom.content": (
        "AlgorithmIdentificationSequence",
        "ContentCreatorIdentificationCodeSequence",
        "IssuerOfIdentifier",
        "LUT",
        "ModalityLUT",
        "ModalityLUTTransformation",
        "PaletteColorLUT",
        "PaletteColorLUTTransformation",
        "PixelMeasuresSequence",
        "PlaneOrientationSequence",
        "PlanePositionSequence",
        "PresentationLUT",
        "PresentationLUTTransformation",
        "ReferencedImageSequence",
        "SegmentedPaletteColorLUT",
        "SpecimenCollection",
        "SpecimenDescription",
        "SpecimenPreparationStep",
        "SpecimenProcessing",
        "SpecimenSampling",
        "SpecimenStaining",
        "VOILUT",
        "VOILUTTransformation",
    ),
    "highdicom.enum": (
        "AnatomicalOrientationTypeValues",
        "AxisHandedness",
        "ContentQualificationValues",
        "CoordinateSystemNames",
        "DimensionOrganizationTypeValues",
        "InterpolationMethods",
        "LateralityValues",
        "PadModes",
        "PatientOrientationValuesBiped",
        "PatientOrientationValuesQuadruped",
        "PatientSexValues",
        "PhotometricInterpretationValues",
        "PixelDataKeywords",
        "PixelIndexDirections",
        "PixelRepresentationValues",
        "PlanarConfigurationValues",
        "PresentationLUTShapeValues",
        "RGBColorChannels",
        "RescaleTypeValues",
        "SpecificCharacterSetValues",
        "UniversalEntityIDTypeValues",
        "VOILUTFunctionValues",
    ),
    "highdicom.image": (
        "Image",
        "get_volume_from_series",
        "imread",
    ),
    "highdicom.uid": ("UID",),
    "highdicom.volume": (
        "ChannelDescriptor",
        "RGB_COLOR_CHANNEL_DESCRIPTOR",
        "Volume",
        "VolumeGeometry",
        "VolumeToVolumeTransformer",
    ),
}
_MODULES = (
    "ann",
    "base",
    "base_content",
    "coding_schemes",
    "color",
    "content",
    "enum",
    "frame",
    "image",
    "io",
    "ko",
    "legacy",
    "pixels",
    "pm",
    "pr",
    "sc",
    "seg",
    "spatial",
    "sr",
    "uid",
    "utils",
    "valuerep",
    "version",
    "volume",
)
_ORIGINS = {name: module for module, names in _NAMES.items() for name in names}

__all__ = ["__version__", *_MODULES, *_ORIGINS]  # noqa: PLE0604  # pyright: ignore[reportUnsupportedDunderAll]


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return import_module(f"highdicom.{name}")
    if name not in _ORIGINS:
        raise AttributeError(f"module 'highdicom' has no attribute {name!r}")
    value = getattr(import_module(_ORIGINS[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
