"""Which pixel transforms a frame needs, from the attributes of its image.

The chain is that of PS3.3 C.7.6.16.2.11, C.11 and PS3.4 N.2: real world values *or*
modality values, then values of interest, then presentation; for colour, the palette and
the ICC profile. Nothing here touches pixels.
"""

from typing import Any

import numpy as np
from pydicom.dataset import Dataset

from highdicom.codec.format import PixelFormat
from highdicom.content.lut import LUT
from highdicom.content.palette import PaletteColorLUTTransformation
from highdicom.enum import VOILUTFunctionValues
from highdicom.errors import (
    IncompatibleTransformError,
    InvalidAttributeError,
    TransformNotFoundError,
)
from highdicom.frames.index import FrameIndex
from highdicom.image.options import Switch, TransformOptions
from highdicom.image.selectors import select, select_real_world_map
from highdicom.pixels.pipeline import PixelPipeline
from highdicom.pixels.transforms import (
    CheckRange,
    IccCorrection,
    Invert,
    Lookup,
    PaletteColor,
    PixelTransform,
    Rescale,
    Scale,
    Window,
)
from highdicom.policy import tolerate

__all__ = ["FrameTransforms"]

# Functional groups that hold transforms; in single-frame images their attributes stand
# at the top level of the dataset.
_GROUPS = (
    "RealWorldValueMappingSequence",
    "PixelValueTransformationSequence",
    "FrameVOILUTSequence",
    "OpticalPathIdentificationSequence",
)
_COLOR = frozenset({"RGB", "YBR_FULL", "YBR_FULL_422", "YBR_ICT", "YBR_RCT"})

Steps = list[PixelTransform]


class FrameTransforms:
    """The transforms that an image asks for, frame by frame.

    Frames with the same attributes share one pipeline.

    Parameters
    ----------
    dataset
        The image.
    index
        Its frames.
    options
        What the caller wants.
    pixel_format
        Form of the stored values.

    """

    def __init__(
        self,
        dataset: Dataset,
        index: FrameIndex,
        options: TransformOptions,
        pixel_format: PixelFormat,
    ) -> None:
        self._dataset = dataset
        self._options = options
        self._format = pixel_format
        self._groups = [index.distinct(keyword) for keyword in _GROUPS]
        self._pipelines: dict[tuple[int, ...], PixelPipeline] = {}

    @property
    def is_color(self) -> bool:
        """Whether results are colours, with three samples a pixel."""
        kind = self._format.photometric_interpretation
        if kind == "PALETTE COLOR":
            return self._options.palette_color is not Switch.NEVER
        return self._format.samples_per_pixel > 1

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
        key = tuple(int(ids[frame]) for ids, _ in self._groups)
        pipeline = self._pipelines.get(key)
        if pipeline is None:
            groups = [
                items[number] if number >= 0 else None
                for number, (_, items) in zip(key, self._groups, strict=True)
            ]
            pipeline = self._pipeline(*groups)
            self._pipelines[key] = pipeline
        return pipeline

    def _pipeline(
        self, real_world: Any, modality: Any, voi: Any, optical_path: Any
    ) -> PixelPipeline:
        kind = self._format.photometric_interpretation
        if kind in _COLOR:
            steps = self._color_steps(optical_path)
        elif kind == "PALETTE COLOR":
            steps = self._palette_steps(optical_path)
        else:
            steps = self._monochrome_steps(real_world, modality, voi)
        return PixelPipeline(steps).fused(
            self._options.dtype, self._format.stored_range
        )

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
        table = PaletteColor(palette.combined_lut_data, palette.first_mapped_value)
        return [table, *self._icc_steps(optical_path)]

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
        paths = self._dataset.get("OpticalPathSequence") or []
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
        voi_steps = self._voi_steps(voi)
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
            low, high = PixelPipeline(steps).bounds(*self._format.stored_range)
        return [*steps, Invert(low, high)]

    def _real_world_steps(self, group: Any) -> Steps | None:
        """Steps to real world values, or None where other transforms apply."""
        options = self._options
        if options.real_world is Switch.NEVER:
            return None
        # Whoever asks for modality values does not want others.
        if options.modality is Switch.ALWAYS:
            return None
        maps = group or self._dataset.get("RealWorldValueMappingSequence")
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
        return _real_world_map(selected)

    def _modality_steps(self, group: Any) -> Steps:
        if self._options.modality is Switch.NEVER:
            return []
        source = group[0] if group else self._dataset
        luts = source.get("ModalityLUTSequence")
        if luts:
            return [_lookup(luts[0], signed=self._format.pixel_representation == 1)]
        slope, intercept = source.get("RescaleSlope"), source.get("RescaleIntercept")
        if slope is not None or intercept is not None:
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

    def _voi_steps(self, group: Any) -> Steps:
        options = self._options
        if options.voi is Switch.NEVER:
            return []
        given = isinstance(options.voi_transform_selector, Dataset)
        source: Dataset = (
            options.voi_transform_selector  # type: ignore[assignment]
            if given
            else (group[0] if group else self._dataset)
        )
        luts, windows = _voi_luts(source), _windows(source)
        candidates: list[_VoiWindow | _VoiLookup] = [*luts, *windows]
        if not candidates:
            if options.voi is Switch.ALWAYS:
                raise TransformNotFoundError(
                    "'apply_voi_transform' is True, and the image has neither Window "
                    "Center nor VOI LUT for the frame."
                )
            return []
        self._check_voi_dtype()
        selector: Any = 0 if given else options.voi_transform_selector
        if not isinstance(selector, str) and luts:
            candidates = [*luts]
        chosen = select(
            candidates, selector, lambda c: c.name, "voi_transform_selector"
        )
        return chosen.steps(options.voi_output_range, self._format)

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


class _VoiWindow:
    """A window with its explanation (PS3.3 C.11.2.1.2)."""

    def __init__(
        self, center: float, width: float, name: str | None, function: str
    ) -> None:
        self.name = name
        self._center, self._width = float(center), float(width)
        self._function = VOILUTFunctionValues(function)

    def steps(
        self, output_range: tuple[float, float], pixel_format: PixelFormat
    ) -> Steps:
        """Steps to the values of interest."""
        del pixel_format
        width = self._width
        if self._function is VOILUTFunctionValues.LINEAR and 0 <= width < 1:
            tolerate(
                f"a linear window needs a width of at least 1, not {width}",
                "taken as 1",
                keyword="WindowWidth",
                stacklevel=6,
            )
            width = 1.0
        return [Window(self._center, width, self._function, output_range)]


class _VoiLookup:
    """A VOI LUT with its explanation (PS3.3 C.11.2.1.1)."""

    def __init__(self, item: Dataset) -> None:
        self.name = item.get("LUTExplanation")
        self._item = item

    def steps(
        self, output_range: tuple[float, float], pixel_format: PixelFormat
    ) -> Steps:
        """Steps to the values of interest: the range is that of the bits of entries."""
        lookup = _lookup(self._item, signed=pixel_format.pixel_representation == 1)
        bits = int(self._item.LUTDescriptor[2])
        return [lookup, Scale((0, 2**bits - 1), output_range)]


def _values(dataset: Dataset, keyword: str) -> list[Any]:
    value = dataset.get(keyword)
    if value is None or value == "":
        return []
    return (
        list(value)
        if hasattr(value, "__iter__") and not isinstance(value, str)
        else [value]
    )


def _windows(source: Dataset) -> list[_VoiWindow]:
    centers, widths = _values(source, "WindowCenter"), _values(source, "WindowWidth")
    if len(centers) != len(widths):
        raise InvalidAttributeError(
            f"WindowCenter has {len(centers)} values and WindowWidth {len(widths)}, "
            "which must be as many (PS3.3 C.11.2.1.2).",
            keyword="WindowWidth",
        )
    names: list[Any] = _values(source, "WindowCenterWidthExplanation")
    names += [None] * (len(centers) - len(names))
    function = source.get("VOILUTFunction") or "LINEAR"
    return [
        _VoiWindow(center, width, name, function)
        for center, width, name in zip(centers, widths, names, strict=False)
    ]


def _voi_luts(source: Dataset) -> list[_VoiLookup]:
    return [_VoiLookup(item) for item in source.get("VOILUTSequence") or []]


def _lookup(item: Dataset, *, signed: bool) -> Lookup:
    lut = LUT.from_dataset(item)
    first = lut.first_mapped_value
    # The descriptor is of the signedness of the values it maps (PS3.3 C.11.1.1.1).
    if signed and first >= 2**15:
        first -= 2**16
    return Lookup(lut.lut_data, first)


_DOMAIN = (
    ("RealWorldValueFirstValueMapped", "DoubleFloatRealWorldValueFirstValueMapped"),
    ("RealWorldValueLastValueMapped", "DoubleFloatRealWorldValueLastValueMapped"),
)


def _real_world_map(item: Dataset) -> Steps:
    ends = []
    for keywords in _DOMAIN:
        present = [item[keyword].value for keyword in keywords if keyword in item]
        if not present:
            raise InvalidAttributeError(
                f"A real world value map needs {keywords[0]} or {keywords[1]}.",
                keyword=keywords[0],
            )
        ends.append(present[0])
    first, last = ends
    if item.get("RealWorldValueLUTData") is not None:
        table = np.atleast_1d(np.array(item.RealWorldValueLUTData, np.float64))
        return [Lookup(table, int(first), clip=False)]
    for keyword in ("RealWorldValueSlope", "RealWorldValueIntercept"):
        if keyword not in item:
            raise InvalidAttributeError(
                f"A real world value map without LUT needs {keyword}.", keyword=keyword
            )
    rescale = Rescale(item.RealWorldValueSlope, item.RealWorldValueIntercept)
    return [CheckRange(first, last), rescale]
