"""Macros shared by information object definitions (PS3.3 10 and Annex C)."""

from typing import TYPE_CHECKING

from highdicom.lazy import lazily

if TYPE_CHECKING:
    from highdicom.content.algorithm import (
        AlgorithmIdentificationSequence as AlgorithmIdentificationSequence,
    )
    from highdicom.content.creator import (
        ContentCreatorIdentificationCodeSequence as ContentCreatorIdentificationCodeSequence,
    )
    from highdicom.content.issuer import (
        IssuerOfIdentifier as IssuerOfIdentifier,
    )
    from highdicom.content.lut import (
        LUT as LUT,
        VOILUT as VOILUT,
        ModalityLUT as ModalityLUT,
        PresentationLUT as PresentationLUT,
    )
    from highdicom.content.palette import (
        PaletteColorLUT as PaletteColorLUT,
        PaletteColorLUTTransformation as PaletteColorLUTTransformation,
        SegmentedPaletteColorLUT as SegmentedPaletteColorLUT,
    )
    from highdicom.content.plane import (
        PixelMeasuresSequence as PixelMeasuresSequence,
        PlaneOrientationSequence as PlaneOrientationSequence,
        PlanePositionSequence as PlanePositionSequence,
    )
    from highdicom.content.preparation import (
        SpecimenCollection as SpecimenCollection,
        SpecimenPreparationStep as SpecimenPreparationStep,
        SpecimenProcessing as SpecimenProcessing,
        SpecimenSampling as SpecimenSampling,
        SpecimenStaining as SpecimenStaining,
    )
    from highdicom.content.references import (
        ImageReference as ImageReference,
        ReferencedImageSequence as ReferencedImageSequence,
    )
    from highdicom.content.specimen import (
        SpecimenDescription as SpecimenDescription,
    )
    from highdicom.content.transformations import (
        ModalityLUTTransformation as ModalityLUTTransformation,
        PresentationLUTTransformation as PresentationLUTTransformation,
        VOILUTTransformation as VOILUTTransformation,
    )
else:
    __all__, __getattr__, __dir__ = lazily(
        __name__,
        {
            "highdicom.content.algorithm": ("AlgorithmIdentificationSequence",),
            "highdicom.content.creator": ("ContentCreatorIdentificationCodeSequence",),
            "highdicom.content.issuer": ("IssuerOfIdentifier",),
            "highdicom.content.lut": (
                "LUT",
                "VOILUT",
                "ModalityLUT",
                "PresentationLUT",
            ),
            "highdicom.content.palette": (
                "PaletteColorLUT",
                "PaletteColorLUTTransformation",
                "SegmentedPaletteColorLUT",
            ),
            "highdicom.content.plane": (
                "PixelMeasuresSequence",
                "PlaneOrientationSequence",
                "PlanePositionSequence",
            ),
            "highdicom.content.preparation": (
                "SpecimenCollection",
                "SpecimenPreparationStep",
                "SpecimenProcessing",
                "SpecimenSampling",
                "SpecimenStaining",
            ),
            "highdicom.content.references": (
                "ImageReference",
                "ReferencedImageSequence",
            ),
            "highdicom.content.specimen": ("SpecimenDescription",),
            "highdicom.content.transformations": (
                "ModalityLUTTransformation",
                "PresentationLUTTransformation",
                "VOILUTTransformation",
            ),
        },
    )
