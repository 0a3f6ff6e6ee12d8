"""Macros shared by information object definitions (PS3.3 Section 10 and Annex C)."""

from highdicom.content.algorithm import AlgorithmIdentificationSequence
from highdicom.content.creator import ContentCreatorIdentificationCodeSequence
from highdicom.content.plane import (
    PixelMeasuresSequence,
    PlaneOrientationSequence,
    PlanePositionSequence,
)
from highdicom.content.references import ImageReference, ReferencedImageSequence

__all__ = [
    "AlgorithmIdentificationSequence",
    "ContentCreatorIdentificationCodeSequence",
    "ImageReference",
    "PixelMeasuresSequence",
    "PlaneOrientationSequence",
    "PlanePositionSequence",
    "ReferencedImageSequence",
]
