"""VOI transformations that apply to some images (PS3.3 C.11.8)."""

from collections.abc import Sequence as AnySequence
from typing import Any

from highdicom.attributes.specifiers import OptionalItems, items
from highdicom.content.lut import VOILUT
from highdicom.content.references import ImageReference, ReferencedImageSequence
from highdicom.content.transformations import VOILUTTransformation
from highdicom.encoding.elements import put_sequence
from highdicom.enum import VOILUTFunctionValues
from highdicom.errors import ArgumentTypeError

__all__ = ["SoftcopyVOILUTTransformation"]


class SoftcopyVOILUTTransformation(
    VOILUTTransformation,
    defined_in="softcopy-voi-lut",
    path=("SoftcopyVOILUTSequence",),
):
    """A VOI transformation and the images that it is for (PS3.3 C.11.8).

    Parameters
    ----------
    window_center, window_width, window_explanation, voi_lut_function, voi_luts
        As of :class:`highdicom.VOILUTTransformation`.
    referenced_images
        Images or frames that it is for; all of the presentation state, if not given.

    Raises
    ------
    ConflictingArgumentsError
        If neither windows nor tables are given, or part of what a window needs.
    InvalidArgumentError
        If the numbers of values differ, or a width is not positive.
    ArgumentTypeError
        If an argument is of the wrong type.

    Examples
    --------
    >>> from highdicom import ReferencedImageSequence
    >>> from highdicom.pr import SoftcopyVOILUTTransformation
    >>> from highdicom.testing import ct_series
    >>> SoftcopyVOILUTTransformation(
    ...     40.0, 400.0, referenced_images=ReferencedImageSequence(ct_series())
    ... ).has_window()
    True

    """

    references: OptionalItems[ImageReference] = items(
        "ReferencedImageSequence", "1C", ImageReference, default=None
    )

    def __init__(
        self,
        window_center: float | AnySequence[float] | None = None,
        window_width: float | AnySequence[float] | None = None,
        window_explanation: str | AnySequence[str] | None = None,
        voi_lut_function: VOILUTFunctionValues | str | None = None,
        voi_luts: AnySequence[VOILUT] | None = None,
        referenced_images: ReferencedImageSequence | None = None,
    ) -> None:
        super().__init__(
            window_center,
            window_width,
            window_explanation,
            voi_lut_function,
            voi_luts,
        )
        given: Any = referenced_images
        if given is None:
            return
        if not isinstance(given, ReferencedImageSequence):
            raise ArgumentTypeError(
                "'referenced_images' must be a ReferencedImageSequence, not "
                f"{type(given).__name__}."
            )
        put_sequence(self, "ReferencedImageSequence", given)
