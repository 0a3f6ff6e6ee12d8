"""Which pixel transforms a frame needs, from the attributes of its image.

The chain is that of PS3.3 C.7.6.16.2.11, C.11 and PS3.4 N.2: real world values *or*
modality values, then values of interest, then presentation; for colour, the palette and
the ICC profile. Nothing here touches pixels.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset

from highdicom.codec.format import PixelFormat
from highdicom.content.palette import PaletteColorLUTTransformation
from highdicom.errors import (
    IncompatibleTransformError,
    InvalidArgumentError,
    InvalidAttributeError,
    TransformNotFoundError,
)
from highdicom.image.groups import (
    MODALITY,
    OPTICAL_PATH,
    REAL_WORLD,
    VALUES_OF_INTEREST,
    TransformGroups,
)
from highdicom.image.options import Switch, TransformOptions
from highdicom.image.selectors import select_real_world_map
from highdicom.image.voi import lookup_of, select_voi, voi_transforms
from highdicom.pixels.pipeline import PixelPipeline
from highdicom.pixels.transforms import (
    AsType,
    CheckRange,
    IccCorrection,
    Invert,
    Lookup,
    PaletteColor,
    PixelTransform,
    Rescale,
    Scale,
)
from highdicom.policy import tolerate
from highdicom.records import replace
from highdicom.spatial.reading import items_of, numbers, value_of

__all__ = ["FrameTransforms"]

_MONOCHROME_GROUPS = (REAL_WORLD, MODALITY, VALUES_OF_INTEREST)
_PALETTE = "PALETTE COLOR"
# Values of Pixel Presentation of images with a supplemental palette.
_SUPPLEMENTED = frozenset(("COLOR", "MIXED"))

Steps = list[PixelTransform]


class FrameTransforms:
    """The transforms that an image asks for, frame by frame.

    Frames with the same attributes share one pipeline.

    Parameters
    ----------
    dataset
        The image.
    groups
        Functional groups of its frames.
    options
        What the caller wants.
    pixel_format
        Form of the stored values.

    """

    def __init__(
        self,
        dataset: Dataset,
        groups: TransformGroups,
        options: TransformOptions,
        pixel_format: PixelFormat,
    ) -> None:
        self._dataset = dataset
        # Warnings name it.
        self._file: str | None = getattr(dataset, "filename", None)
        self._options = options
        self._format = pixel_format
        self._groups = groups
        self._is_supplemented = self._wants_supplemental_palette()
        self._keywords = self._dependencies()
        self._pipelines: dict[tuple[int, ...], PixelPipeline] = {}

    @property
    def is_color(self) -> bool:
        """Whether results are colours, with three samples a pixel."""
        if self._format.photometric_interpretation == _PALETTE:
            return self._options.palette_color is not Switch.NEVER
        return self._is_supplemented or self._format.samples_per_pixel > 1

    def _wants_supplemental_palette(self) -> bool:
        """Whether the highest of grey values are to have colours (PS3.3 C.7.6.19)."""
        return (
            self._options.palette_color is Switch.ALWAYS
            and self._format.photometric_interpretation.startswith("MONOCHROME")
            and self._dataset.get("PixelPresentation") in _SUPPLEMENTED
        )

    def _dependencies(self) -> tuple[str, ...]:
        """Functional groups that matter here.

        Where a frame has none, their attributes stand at the top level of the dataset.
        """
        if self._is_supplemented or not self.is_color:
            return _MONOCHROME_GROUPS
        return () if self._options.icc_profile is Switch.NEVER else (OPTICAL_PATH,)

    def for_frame(self, frame: int) -> PixelPipeline:
        """Give the pipeline of a frame, fused for the data type asked for.

        Parameters
        ----------
        frame
            Zero-based index of the frame.

        Raises
        ------
        TransformNotFoundError
            If a transform that must be applied is absent.
        IncompatibleTransformError
            If transforms do not fit each other or the data type.

        """
        key = tuple(self._groups.number(keyword, frame) for keyword in self._keywords)
        pipeline = self._pipelines.get(key)
        if pipeline is None:
            pipeline = self._pipelines[key] = self._pipeline(key)
        return pipeline

    def _pipeline(self, key: tuple[int, ...]) -> PixelPipeline:
        groups = {
            keyword: self._groups.items(keyword, number)
            for keyword, number in zip(self._keywords, key, strict=True)
        }
        if self._is_supplemented:
            steps = self._supplemented_steps(
                groups[MODALITY], groups[VALUES_OF_INTEREST]
            )
        elif self._format.photometric_interpretation == _PALETTE:
            steps = self._palette_steps(groups.get(OPTICAL_PATH))
        elif self._format.samples_per_pixel > 1:
            steps = self._color_steps(groups.get(OPTICAL_PATH))
        else:
            steps = self._monochrome_steps(
                *(groups[keyword] for keyword in _MONOCHROME_GROUPS)
            )
        return self._fused(PixelPipeline(steps))

    def _fused(self, pipeline: PixelPipeline) -> PixelPipeline:
        dtype = self._options.dtype
        if dtype.kind == "b" and pipeline:
            raise IncompatibleTransformError(
                "'dtype' must not be bool where pixel values are transformed."
            )
        try:
            return pipeline.fused(dtype, self._format.stored_range)
        except IncompatibleTransformError:
            if dtype.kind != "f":
                raise
            # A value that could be stored is too large, which need not occur.
            return PixelPipeline([*pipeline, AsType(dtype)])

    # --- colour --------------------------------------------------------------------

    def _color_steps(self, optical_path: Any) -> Steps:
        self._refuse_required("monochrome", "real_world", "modality", "voi")
        self._refuse_required("palette colour", "palette_color")
        return self._icc_steps(optical_path)

    def _palette_steps(self, optical_path: Any) -> Steps:
        self._refuse_required("monochrome", "modality", "voi", "real_world")
        if self._options.palette_color is Switch.NEVER:
            if self._options.icc_profile is Switch.ALWAYS:
                raise IncompatibleTransformError(
                    "'apply_icc_profile' must not be True if 'apply_palette_color_lut' "
                    "is False: the profile is for the colours of the palette."
                )
            return []
        palette = PaletteColorLUTTransformation.extract_from_dataset(self._dataset)
        return self._steps_to_colors(
            palette.combined_lut_data, palette.first_mapped_value, optical_path
        )

    def _steps_to_colors(self, colors: Any, first: int, optical_path: Any) -> Steps:
        for correction in self._icc_steps(optical_path):
            colors = correction(colors)
        return [PaletteColor(colors, first)]

    def _supplemented_steps(self, modality: Any, voi: Any) -> Steps:
        """Steps to colours of the highest stored values, and greys of all others.

        Greys are those that values of interest have, if these are asked for, and go
        from the lowest to the highest value that can be stored if not.
        """
        low, high = self._format.stored_range
        if self._options.real_world is Switch.ALWAYS or high - low >= 2**16:
            raise IncompatibleTransformError(
                "'apply_palette_color_lut' must not be True for real world values, nor "
                "for stored values of more than 16 bits."
            )
        palette = PaletteColorLUTTransformation.extract_from_dataset(self._dataset)
        colors, first = palette.combined_lut_data, palette.first_mapped_value
        if low < 0 and first >= 2**15:
            first -= 2**16
        values = np.arange(low, high + 1, dtype=np.int64)
        table = np.empty((len(values), 3), colors.dtype)
        table[:] = self._greys(values, modality, voi, colors.dtype)[:, np.newaxis]
        is_colored = values >= first
        entries = np.minimum(values[is_colored] - first, len(colors) - 1)
        table[is_colored] = colors[entries]
        return self._steps_to_colors(table, int(low), None)

    def _greys(
        self, values: npt.NDArray[np.int64], modality: Any, voi: Any, dtype: Any
    ) -> npt.NDArray[Any]:
        greatest = float(np.iinfo(dtype).max)
        options = replace(
            self._options,
            dtype=np.dtype(float),
            palette_color=Switch.NEVER,
            voi_output_range=(0.0, greatest),
        )
        monochrome = FrameTransforms(self._dataset, self._groups, options, self._format)
        steps = monochrome._modality_steps(modality)
        shown = monochrome._voi_steps(voi, steps)
        shown = shown or [Scale(self._range_after(steps), (0.0, greatest))]
        if self._is_inverted():
            shown.append(Invert(0.0, greatest))
        return np.rint(PixelPipeline([*steps, *shown])(values)).astype(dtype)

    def _icc_steps(self, optical_path: Any) -> Steps:
        if self._options.icc_profile is Switch.NEVER:
            return []
        profile = self._icc_profile(optical_path)
        if profile:
            return [IccCorrection(profile)]
        if self._options.icc_profile is Switch.ALWAYS:
            raise TransformNotFoundError(
                "'apply_icc_profile' is True, and the image has no ICC Profile."
            )
        return []

    def _icc_profile(self, optical_path: Any) -> bytes | None:
        """Profile of the image, or of the optical path of the frame (PS3.3 C.8.12.5)."""
        paths = items_of(self._dataset, "OpticalPathSequence") or []
        wanted = optical_path[0].get("OpticalPathIdentifier") if optical_path else None
        for path in paths:
            if wanted in {None, path.get("OpticalPathIdentifier")}:
                profile = path.get("ICCProfile")
                if profile:
                    return bytes(profile)
        profile = self._dataset.get("ICCProfile")
        return bytes(profile) if profile else None

    def _refuse_required(self, kind: str, *names: str) -> None:
        """Refuse what must be applied but is for images of another kind."""
        for name in names:
            if getattr(self._options, name) is Switch.ALWAYS:
                raise IncompatibleTransformError(
                    f"The {name.replace('_', ' ')} transform must be applied, but the "
                    f"image is not a {kind} image: its Photometric Interpretation is "
                    f"{self._format.photometric_interpretation}."
                )

    # --- monochrome ----------------------------------------------------------------

    def _monochrome_steps(self, real_world: Any, modality: Any, voi: Any) -> Steps:
        self._refuse_required("palette colour", "palette_color")
        self._refuse_required("colour or palette colour", "icc_profile")
        steps = self._real_world_steps(real_world)
        if steps is not None:
            return steps
        modality_steps = self._modality_steps(modality)
        voi_steps = self._voi_steps(voi, modality_steps)
        steps = [*modality_steps, *voi_steps]
        if not self._is_inverted():
            return steps
        if voi_steps:
            low, high = self._options.voi_output_range
        elif self._format.keyword != "PixelData":
            raise IncompatibleTransformError(
                "Floating point values have no range that could be inverted: set "
                "'apply_presentation_lut' to False."
            )
        else:
            low, high = self._range_after(steps)
        return [*steps, Invert(low, high)]

    def _real_world_steps(self, group: Any) -> Steps | None:
        """Steps to real world values, or None where other transforms apply."""
        options = self._options
        if options.real_world is Switch.NEVER:
            return None
        # Whoever asks for modality values does not want others.
        if options.modality is Switch.ALWAYS:
            return None
        maps = group or items_of(self._dataset, REAL_WORLD)
        if not maps:
            if options.real_world is Switch.ALWAYS:
                raise TransformNotFoundError(
                    "'apply_real_world_transform' is True, and the image has no real "
                    "world value map for the frame."
                )
            return None
        if options.voi is Switch.ALWAYS:
            raise TransformNotFoundError(
                "'apply_voi_transform' is True, and the image has a real world value "
                "map, to which values of interest do not refer: set "
                "'apply_real_world_transform' to False."
            )
        selected = select_real_world_map(maps, options.real_world_value_map_selector)
        return _real_world_map(selected, self._format, self._file)

    def _range_after(self, steps: Steps) -> tuple[float, float]:
        return PixelPipeline(steps).bounds(*self._format.stored_range)

    def _modality_steps(self, group: list[Dataset]) -> Steps:
        if self._options.modality is Switch.NEVER:
            return []
        source = group[0] if group else self._dataset
        luts = items_of(source, "ModalityLUTSequence")
        if luts:
            return [lookup_of(luts[0], self._format.stored_range)]
        slope, intercept = (
            _number(source, keyword) for keyword in ("RescaleSlope", "RescaleIntercept")
        )
        if slope is not None or intercept is not None:
            _report_half_a_rescale(slope, intercept, self._file)
            rescale = Rescale(
                1.0 if slope is None else slope, 0.0 if intercept is None else intercept
            )
            return [] if rescale == Rescale(1.0, 0.0) else [rescale]
        if self._options.modality is Switch.ALWAYS:
            raise TransformNotFoundError(
                "'apply_modality_transform' is True, and the image has neither Rescale "
                "Slope nor Modality LUT for the frame."
            )
        return []

    def _voi_steps(self, group: list[Dataset], modality: Steps) -> Steps:
        options = self._options
        if options.voi is Switch.NEVER:
            return []
        selector = options.voi_transform_selector
        if isinstance(selector, Dataset):
            transforms, selector = voi_transforms(selector), 0
            if len(transforms) != 1:
                raise InvalidArgumentError(
                    "'voi_transform_selector' must hold one transform, not "
                    f"{len(transforms)}."
                )
        else:
            transforms = voi_transforms(
                group[0] if group else self._dataset, self._file
            )
        if not transforms:
            if options.voi is Switch.ALWAYS:
                raise TransformNotFoundError(
                    "'apply_voi_transform' is True, and the image has neither Window "
                    "Center nor VOI LUT for the frame."
                )
            return []
        self._check_voi_dtype()
        return select_voi(transforms, selector).steps(
            self._range_after(modality), options.voi_output_range
        )

    def _check_voi_dtype(self) -> None:
        if self._options.dtype.kind != "f":
            raise IncompatibleTransformError(
                "'dtype' must be a floating point type if values of interest are asked "
                f"for, not {self._options.dtype}."
            )

    def _is_inverted(self) -> bool:
        """Whether low values are white (PS3.3 C.11.6)."""
        if not self._options.presentation_lut:
            return False
        shape = self._dataset.get("PresentationLUTShape")
        if shape:
            return bool(shape == "INVERSE")
        return self._format.photometric_interpretation == "MONOCHROME1"


def _report_half_a_rescale(slope: object, intercept: object, file: str | None) -> None:
    for keyword, value, assumed in (
        ("RescaleSlope", slope, 1),
        ("RescaleIntercept", intercept, 0),
    ):
        if value is None:
            tolerate(
                "the attribute is absent although the other of the two is there",
                f"taken as {assumed}",
                keyword=keyword,
                source=file,
                stacklevel=8,
            )


_FIRST = ("RealWorldValueFirstValueMapped", "DoubleFloatRealWorldValueFirstValueMapped")
_LAST = ("RealWorldValueLastValueMapped", "DoubleFloatRealWorldValueLastValueMapped")


def _real_world_map(
    item: Dataset, pixel_format: PixelFormat, file: str | None
) -> Steps:
    entries = value_of(item, "RealWorldValueLUTData")
    if entries is None and pixel_format.is_float and _is_cut(item, file):
        return [_rescale(item)]
    first, last = _mapped_range(item, signed=pixel_format.stored_range[0] < 0)
    if entries is None:
        return [CheckRange(first, last), _rescale(item)]
    table = np.atleast_1d(np.array(entries, np.float64))
    if len(table) != last - first + 1:
        raise InvalidAttributeError(
            f"RealWorldValueLUTData has {len(table)} entries for the values from "
            f"{first} to {last}.",
            keyword="RealWorldValueLUTData",
        )
    return [CheckRange(first, last), Lookup(table, int(first))]


def _rescale(item: Dataset) -> Rescale:
    return Rescale(
        *(
            _first_of(item, (keyword,))
            for keyword in ("RealWorldValueSlope", "RealWorldValueIntercept")
        )
    )


def _is_cut(item: Dataset, file: str | None) -> bool:
    """Whether the range of floating point numbers is given in integers.

    Some writers cut the lowest and highest value to 16 bits: such a range is not taken
    for one that pixels have to be in.
    """
    if _FIRST[0] not in item or _FIRST[1] in item or _LAST[1] in item:
        return False
    tolerate(
        "the range of a mapping of floating point numbers is given in integers",
        "taken for one that covers all values",
        keyword=_FIRST[0],
        source=file,
        stacklevel=10,
    )
    return True


def _mapped_range(item: Dataset, *, signed: bool) -> tuple[float, float]:
    """First and last value that is mapped.

    They are as signed as pixels are, but read as unsigned from implicit VR.
    """
    first, last = (
        _first_of(item, keywords, may_be_infinite=True) for keywords in (_FIRST, _LAST)
    )
    if signed and first >= 2**15 and _FIRST[0] in item:
        first -= 2**16
        if last >= 2**15 and last - 2**16 >= first:
            last -= 2**16
    return first, last


def _number(
    item: Dataset, keyword: str, *, may_be_infinite: bool = False
) -> float | None:
    found = numbers(item, keyword, 1, may_be_infinite=may_be_infinite)
    if found is None:
        return None
    number = float(found[0])
    return int(number) if number.is_integer() else number


def _first_of(
    item: Dataset, keywords: tuple[str, ...], *, may_be_infinite: bool = False
) -> float:
    for keyword in keywords:
        value = _number(item, keyword, may_be_infinite=may_be_infinite)
        if value is not None:
            return value
    raise InvalidAttributeError(
        f"A real world value map needs {' or '.join(keywords)}.", keyword=keywords[0]
    )
