"""Inputs of advanced blending and how they are blended (PS3.3 C.11.33 and C.11.34)."""

from collections.abc import Sequence as AnySequence
from typing import Any

from pydicom.dataset import Dataset

from highdicom.attributes import SequenceItem
from highdicom.attributes.specifiers import (
    Enumerated,
    Integer,
    Items,
    OptionalInteger,
    OptionalItems,
    OptionalNumber,
    Uid,
    between,
    enumerated,
    integer,
    items,
    number,
    uid,
)
from highdicom.content.palette import PaletteColorLUTTransformation
from highdicom.content.references import ImageReference, ReferencedImageSequence
from highdicom.content.transformations import ModalityLUTTransformation
from highdicom.encoding.elements import put_sequence
from highdicom.errors import (
    ConflictingArgumentsError,
    InvalidArgumentError,
)
from highdicom.pr.copying import voi_of
from highdicom.pr.enum import BlendingModeValues
from highdicom.pr.references import check_images
from highdicom.pr.transformations import (
    check_modality,
    check_palette,
    check_voi_transformations,
)
from highdicom.pr.voi import SoftcopyVOILUTTransformation

__all__ = ["AdvancedBlending", "BlendingDisplay", "BlendingDisplayInput"]

_NUMBER = between(1, 65535)


class AdvancedBlending(
    SequenceItem,
    defined_in="advanced-blending-presentation-state",
    path=("AdvancedBlendingSequence",),
):
    """Images of a series that are an input of blending (PS3.3 C.11.33).

    Values of interest are taken from the images if they are not given.

    Parameters
    ----------
    referenced_images
        Images of one series.
    blending_input_number
        Number of the input, from 1.
    modality_lut_transformation
        From stored values to those of the modality, instead of that of each image.
    voi_lut_transformations
        From values of the modality to those of interest, one or more; if more, each
        for other images.
    palette_color_lut_transformation
        Colours of grayscale images, which stay gray without it: 8 or 16 bits, not
        segmented. Its first entry is for the least value of interest.

    Raises
    ------
    InvalidArgumentError
        If the images are not of one series, or a transformation does not suit them.
    ArgumentTypeError
        If an argument is of the wrong type.

    Examples
    --------
    >>> from highdicom.pr import AdvancedBlending
    >>> from highdicom.testing import ct_series
    >>> AdvancedBlending(ct_series(), 1).blending_input_number
    1

    """

    blending_input_number: Integer = integer("BlendingInputNumber", "1", _NUMBER)
    study_instance_uid: Uid = uid("StudyInstanceUID", "1")
    series_instance_uid: Uid = uid("SeriesInstanceUID", "1")
    references: OptionalItems[ImageReference] = items(
        "ReferencedImageSequence", "1C", ImageReference, default=None
    )
    voi_lut_transformations: OptionalItems[SoftcopyVOILUTTransformation] = items(
        "SoftcopyVOILUTSequence", "1C", SoftcopyVOILUTTransformation, default=None
    )
    palettes: OptionalItems[PaletteColorLUTTransformation] = items(
        "PaletteColorLookupTableSequence",
        "1C",
        PaletteColorLUTTransformation,
        default=None,
    )

    def __init__(
        self,
        referenced_images: AnySequence[Dataset],
        blending_input_number: int,
        modality_lut_transformation: ModalityLUTTransformation | None = None,
        voi_lut_transformations: AnySequence[SoftcopyVOILUTTransformation]
        | None = None,
        palette_color_lut_transformation: PaletteColorLUTTransformation | None = None,
    ) -> None:
        images = check_images(referenced_images)
        for keyword in ("StudyInstanceUID", "SeriesInstanceUID"):
            if len({image[keyword].value for image in images}) > 1:
                raise InvalidArgumentError(
                    f"'referenced_images' must share {keyword}: an input of blending is "
                    "of one series."
                )
        self.initialise()
        self.blending_input_number = blending_input_number
        self.study_instance_uid = images[0].StudyInstanceUID
        self.series_instance_uid = images[0].SeriesInstanceUID
        put_sequence(self, "ReferencedImageSequence", ReferencedImageSequence(images))
        is_gray = all(image.SamplesPerPixel == 1 for image in images)
        _refuse_for_color(
            is_gray,
            modality_lut_transformation=modality_lut_transformation,
            voi_lut_transformations=voi_lut_transformations,
            palette_color_lut_transformation=palette_color_lut_transformation,
        )
        if not is_gray:
            return
        # The standard has no place for it here: each image is taken to its own values
        # of the modality, unless somebody asks for others.
        modality = check_modality(modality_lut_transformation)
        if modality is not None:
            modality.insert_into(self)
        self.voi_lut_transformations = (
            voi_of(images)
            if voi_lut_transformations is None
            else check_voi_transformations(voi_lut_transformations, images)
        ) or None
        if palette_color_lut_transformation is not None:
            self.palettes = [check_palette(palette_color_lut_transformation)]


def _refuse_for_color(is_gray: bool, **given: Any) -> None:
    for argument, value in given.items():
        if value is not None and not is_gray:
            raise InvalidArgumentError(
                f"'{argument}' must not be given for images in colour: they are blended "
                "as they are."
            )


class BlendingDisplayInput(
    SequenceItem,
    defined_in="advanced-blending-presentation-state-display",
    path=("BlendingDisplaySequence", "BlendingDisplayInputSequence"),
):
    """One of the inputs of a blending operation (PS3.3 C.11.34).

    Examples
    --------
    >>> from highdicom.pr import BlendingDisplayInput
    >>> BlendingDisplayInput(1).blending_input_number
    1

    """

    blending_input_number: Integer = integer("BlendingInputNumber", "1", _NUMBER)

    def __init__(self, blending_input_number: int) -> None:
        self.initialise()
        self.blending_input_number = blending_input_number


class BlendingDisplay(
    SequenceItem,
    defined_in="advanced-blending-presentation-state-display",
    path=("BlendingDisplaySequence",),
):
    """A blending operation (PS3.3 C.11.34).

    Parameters
    ----------
    blending_mode
        How the inputs are blended.
    blending_display_inputs
        What is blended: images, or the results of other operations. Exactly two, the
        first over the second, if the mode is FOREGROUND.
    blending_input_number
        Number of the result, by which other operations refer to it. All operations
        but the last have one.
    relative_opacity
        Weight of the first input from 0.0 to 1.0, if the mode is FOREGROUND.

    Raises
    ------
    InvalidArgumentError
        If a value or the number of inputs is not allowed.
    ConflictingArgumentsError
        If the opacity is missing.
    ArgumentTypeError
        If an argument is of the wrong type.

    Examples
    --------
    >>> from highdicom.pr import BlendingDisplay, BlendingDisplayInput
    >>> inputs = [BlendingDisplayInput(1), BlendingDisplayInput(2)]
    >>> BlendingDisplay("FOREGROUND", inputs, relative_opacity=0.5).relative_opacity
    0.5

    """

    blending_display_inputs: Items[BlendingDisplayInput] = items(
        "BlendingDisplayInputSequence", "1", BlendingDisplayInput
    )
    blending_mode: Enumerated[BlendingModeValues] = enumerated(
        "BlendingMode", "1", BlendingModeValues
    )
    relative_opacity: OptionalNumber = number(
        "RelativeOpacity", "1C", between(0.0, 1.0), default=None
    )
    blending_input_number: OptionalInteger = integer(
        "BlendingInputNumber", "1C", _NUMBER, default=None
    )

    def __init__(
        self,
        blending_mode: BlendingModeValues | str,
        blending_display_inputs: AnySequence[BlendingDisplayInput],
        blending_input_number: int | None = None,
        relative_opacity: float | None = None,
    ) -> None:
        self.initialise()
        self.blending_mode = blending_mode
        self.blending_display_inputs = list(blending_display_inputs)
        self.blending_input_number = blending_input_number
        if self.blending_mode is not BlendingModeValues.FOREGROUND:
            return
        if relative_opacity is None:
            raise ConflictingArgumentsError(
                "'relative_opacity' must be given if 'blending_mode' is FOREGROUND."
            )
        if len(self.blending_display_inputs) != 2:
            raise InvalidArgumentError(
                "'blending_display_inputs' must hold two items if 'blending_mode' is "
                f"FOREGROUND, not {len(self.blending_display_inputs)}."
            )
        self.relative_opacity = relative_opacity
