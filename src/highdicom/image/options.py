"""The keywords by which readers choose pixel transforms, and what they come to."""

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, cast

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset
from pydicom.sr.coding import Code

from highdicom.coding import CodedConcept
from highdicom.errors import ArgumentTypeError, InvalidArgumentError
from highdicom.records import field, record
from highdicom.typing import TypedDict, Unpack

__all__ = ["Switch", "TransformKeywords", "TransformOptions", "transform_keywords"]


class Switch(Enum):
    """Whether a transform is applied: what the three values of a keyword mean."""

    NEVER = "False"
    IF_PRESENT = "None"
    ALWAYS = "True"

    @classmethod
    def of(cls, name: str, value: object) -> "Switch":
        """Read the value of a keyword."""
        if value is None:
            return cls.IF_PRESENT
        if isinstance(value, (bool, np.bool_)):
            return cls.ALWAYS if value else cls.NEVER
        raise ArgumentTypeError(f"'{name}' must be True, False or None, not {value!r}.")


class TransformKeywords(TypedDict, total=False):
    """Which transforms take stored values to those that are returned.

    A transform that is ``True`` must be present in the image, one that is ``None`` is
    applied if it is present, one that is ``False`` never is.
    """

    dtype: npt.DTypeLike
    """Data type of the result; float64 by default."""
    apply_real_world_transform: bool | None
    """Map to real world values (PS3.3 C.7.6.16.2.11), instead of any other transform."""
    real_world_value_map_selector: int | str | Code | CodedConcept
    """Which map: its index, from the end if negative, its LUT Label, or its unit."""
    apply_modality_transform: bool | None
    """Rescale or look up modality values (PS3.3 C.11.1)."""
    apply_voi_transform: bool | None
    """Window or look up the values of interest (PS3.3 C.11.2)."""
    voi_transform_selector: int | str | Dataset
    """Which one: its index, from the end if negative, its explanation, or the
    transformation itself."""
    voi_output_range: tuple[float, float]
    """Range that values of interest are mapped to."""
    apply_presentation_lut: bool
    """Turn values upside down if Presentation LUT Shape is INVERSE, or it is absent and
    Photometric Interpretation is MONOCHROME1 (PS3.3 C.11.6)."""
    apply_palette_color_lut: bool | None
    """Give pixels the colours of the palette (PS3.3 C.7.9). A supplemental palette, which
    colours the highest of grey values (PS3.3 C.7.6.19), is applied if this is True."""
    apply_icc_profile: bool | None
    """Correct colours by the ICC profile (PS3.3 C.11.15)."""


@record
class TransformOptions:
    """The same, checked."""

    dtype: np.dtype[Any] = field(default_factory=lambda: np.dtype(np.float64))
    real_world: Switch = Switch.IF_PRESENT
    real_world_value_map_selector: int | str | Code | CodedConcept = 0
    modality: Switch = Switch.IF_PRESENT
    voi: Switch = Switch.NEVER
    voi_transform_selector: int | str | Dataset = 0
    voi_output_range: tuple[float, float] = (0.0, 1.0)
    presentation_lut: bool = True
    palette_color: Switch = Switch.IF_PRESENT
    icc_profile: Switch = Switch.IF_PRESENT

    def __post_init__(self) -> None:
        """Refuse what excludes each other."""
        if self.real_world is Switch.ALWAYS and self.modality is Switch.ALWAYS:
            raise InvalidArgumentError(
                "'apply_real_world_transform' and 'apply_modality_transform' must not "
                "both be True: real world values are not those of the modality."
            )
        if self.real_world is Switch.ALWAYS and self.voi is not Switch.NEVER:
            raise InvalidArgumentError(
                "'apply_voi_transform' must be False if 'apply_real_world_transform' is "
                "True: values of interest are chosen among those of the modality."
            )
        if self.voi is not Switch.NEVER and self.modality is Switch.NEVER:
            raise InvalidArgumentError(
                "'apply_modality_transform' must not be False if 'apply_voi_transform' "
                "is True or None: values of interest are chosen among those of the "
                "modality."
            )
        if self.dtype.kind not in "buif":
            raise InvalidArgumentError(
                "'dtype' must be a boolean, integer or floating point type, not "
                f"{self.dtype}."
            )
        low, high = self.voi_output_range
        if not (low < high and np.isfinite([low, high]).all()):
            raise InvalidArgumentError(
                "'voi_output_range' must go from a lower to a higher finite value, not "
                f"from {low} to {high}."
            )

    @classmethod
    def of(cls, **keywords: Unpack[TransformKeywords]) -> "TransformOptions":
        """Check the keywords of a call."""
        checked: dict[str, Any] = {
            _FIELDS[name]: _CHECKS[name](name, value)
            for name, value in keywords.items()
        }
        return cls(**checked)


def _dtype(name: str, value: Any) -> np.dtype[Any]:
    try:
        return cast("np.dtype[Any]", np.dtype(value))
    except TypeError as error:
        raise ArgumentTypeError(
            f"'{name}' must be a data type of numpy, not {value!r}."
        ) from error


def _range(name: str, value: Any) -> tuple[float, float]:
    try:
        low, high = value
        return float(low), float(high)
    except (TypeError, ValueError) as error:
        kind = (
            ArgumentTypeError if isinstance(error, TypeError) else InvalidArgumentError
        )
        raise kind(
            f"'{name}' must be a lower and a higher value, not {value!r}."
        ) from error


def _flag(name: str, value: Any) -> bool:
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    raise ArgumentTypeError(f"'{name}' must be True or False, not {value!r}.")


def _as_is(_: str, value: Any) -> Any:
    return value


# Keyword, field, and how the value is checked.
_TABLE: tuple[tuple[str, str, Callable[[str, Any], Any]], ...] = (
    ("dtype", "dtype", _dtype),
    ("apply_real_world_transform", "real_world", Switch.of),
    ("real_world_value_map_selector", "real_world_value_map_selector", _as_is),
    ("apply_modality_transform", "modality", Switch.of),
    ("apply_voi_transform", "voi", Switch.of),
    ("voi_transform_selector", "voi_transform_selector", _as_is),
    ("voi_output_range", "voi_output_range", _range),
    ("apply_presentation_lut", "presentation_lut", _flag),
    ("apply_palette_color_lut", "palette_color", Switch.of),
    ("apply_icc_profile", "icc_profile", Switch.of),
)
_FIELDS = {keyword: name for keyword, name, _ in _TABLE}
_CHECKS = {keyword: check for keyword, _, check in _TABLE}


def transform_keywords(arguments: Mapping[str, Any]) -> TransformKeywords:
    """Pick the keywords of transforms from all arguments of a call.

    Parameters
    ----------
    arguments
        Arguments by name.

    """
    picked = {name: arguments[name] for name in _FIELDS if name in arguments}
    return cast("TransformKeywords", picked)
