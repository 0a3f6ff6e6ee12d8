"""Macros shared by information object definitions (PS3.3 Section 10 and Annex C)."""

from highdicom.content.algorithm import AlgorithmIdentificationSequence
from highdicom.content.creator import ContentCreatorIdentificationCodeSequence
from highdicom.content.issuer import IssuerOfIdentifier
from highdicom.content.lut import LUT, VOILUT, ModalityLUT, PresentationLUT
from highdicom.content.palette import (
    PaletteColorLUT,
    PaletteColorLUTTransformation,
    SegmentedPaletteColorLUT,
)
from highdicom.content.plane import (
    PixelMeasuresSequence,
    PlaneOrientationSequence,
    PlanePositionSequence,
)
from highdicom.content.preparation import (
    SpecimenCollection,
    SpecimenPreparationStep,
    SpecimenProcessing,
    SpecimenSampling,
    SpecimenStaining,
)
from highdicom.content.references import ImageReference, ReferencedImageSequence
from highdicom.content.specimen import SpecimenDescription
from highdicom.content.transformations import (
    ModalityLUTTransformation,
    PresentationLUTTransformation,
    VOILUTTransformation,
)

__all__ = [
    "LUT",
    "VOILUT",
    "ModalityLUT",
    "PresentationLUT",
    "PaletteColorLUT",
    "PaletteColorLUTTransformation",
    "SegmentedPaletteColorLUT",
    "ModalityLUTTransformation",
    "PresentationLUTTransformation",
    "VOILUTTransformation",
    "AlgorithmIdentificationSequence",
    "ContentCreatorIdentificationCodeSequence",
    "ImageReference",
    "IssuerOfIdentifier",
    "PixelMeasuresSequence",
    "PlaneOrientationSequence",
    "PlanePositionSequence",
    "ReferencedImageSequence",
    "SpecimenCollection",
    "SpecimenDescription",
    "SpecimenPreparationStep",
    "SpecimenProcessing",
    "SpecimenSampling",
    "SpecimenStaining",
]
