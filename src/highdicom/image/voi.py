"""Windows and look-up tables to the values of interest (PS3.3 C.11.2)."""

from collections.abc import Sequence
from typing import Any

from pydicom.dataset import Dataset

from highdicom.content.lut import LUT
from highdicom.enum import VOILUTFunctionValues
from highdicom.errors import InvalidAttributeError, MissingAttributeError
from highdicom.image.selectors import select
from highdicom.pixels.transforms import Lookup, PixelTransform, Scale, Window
from highdicom.policy import tolerate
from highdicom.spatial.reading import items_of, value_of

__all__ = ["VoiTransform", "lookup_of", "select_voi", "voi_transforms"]

Range = tuple[float, float]
Steps = list[PixelTransform]


class VoiTransform:
    """One way to the values of interest.

    Parameters
    ----------
    name
        Its explanation, by which it can be chosen.

    """

    def __init__(self, name: str | None) -> None:
        self.name = name

    def steps(self, input_range: Range, output_range: Range) -> Steps:
        """Steps from values of the modality to those of interest.

        Parameters
        ----------
        input_range
            Lowest and highest value that there can be.
        output_range
            Lowest and highest value of the result.

        """
        raise NotImplementedError


class _Window(VoiTransform):
    """A window (PS3.3 C.11.2.1.2)."""

    def __init__(
        self, center: Any, width: Any, name: Any, function: str, file: str | None
    ) -> None:
        super().__init__(name)
        self._file = file
        try:
            self._center, self._width = float(center), float(width)
        except (TypeError, ValueError) as error:
            raise InvalidAttributeError(
                f"A window must have numbers, not {center!r} and {width!r}.",
                keyword="WindowCenter",
            ) from error
        self._function = _function(function)

    def steps(self, input_range: Range, output_range: Range) -> Steps:
        del input_range
        width = self._width
        if self._function is VOILUTFunctionValues.LINEAR and 0 <= width < 1:
            tolerate(
                f"a linear window needs a width of at least 1, not {width}",
                "taken as 1",
                keyword="WindowWidth",
                source=self._file,
                stacklevel=8,
            )
            width = 1.0
        try:
            return [Window(self._center, width, self._function, output_range)]
        except ValueError as error:
            raise InvalidAttributeError(
                f"A window of the image cannot be applied: {error}",
                keyword="WindowWidth",
            ) from error


class _Table(VoiTransform):
    """A VOI LUT (PS3.3 C.11.2.1.1)."""

    def __init__(self, item: Dataset) -> None:
        super().__init__(item.get("LUTExplanation"))
        self._item = item

    def steps(self, input_range: Range, output_range: Range) -> Steps:
        lookup = lookup_of(self._item, input_range)
        # The range is that of the bits of entries, whether they fill it or not.
        bits = int(self._item.LUTDescriptor[2])
        return [lookup, Scale((0, 2**bits - 1), output_range)]


def voi_transforms(source: Dataset, file: str | None = None) -> list[VoiTransform]:
    """List the tables of a dataset or, after them, its windows.

    Parameters
    ----------
    source
        Image, functional group, or transformation.
    file
        Name of the file, for warnings.

    Raises
    ------
    InvalidAttributeError, MissingAttributeError
        If a window is not one.

    """
    tables = [_Table(item) for item in items_of(source, "VOILUTSequence") or []]
    return [*tables, *_windows(source, file)]


def select_voi(transforms: Sequence[VoiTransform], selector: int | str) -> VoiTransform:
    """Choose a transform; indices are those of the tables if there are any.

    Raises
    ------
    TransformNotFoundError
        If there is none of that index or explanation.

    """
    if not isinstance(selector, str):
        tables = [one for one in transforms if isinstance(one, _Table)]
        transforms = tables or transforms
    return select(transforms, selector, lambda one: one.name, "voi_transform_selector")


def lookup_of(item: Dataset, input_range: Range) -> Lookup:
    """Make a transform of an item of a Modality or VOI LUT Sequence.

    Parameters
    ----------
    item
        Item with LUT Descriptor and LUT Data.
    input_range
        Lowest and highest value that is to be looked up.

    """
    lut = LUT.from_dataset(item)
    first = lut.first_mapped_value
    # The first value mapped is of the signedness of the values (PS3.3 C.11.1.1.1), but
    # is read as unsigned where that is not known.
    if input_range[0] < 0 and first >= 2**15:
        first -= 2**16
    return Lookup(lut.lut_data, first)


def _windows(source: Dataset, file: str | None) -> list[VoiTransform]:
    centers, widths = _values(source, "WindowCenter"), _values(source, "WindowWidth")
    for keyword, values, others in (
        ("WindowCenter", centers, widths),
        ("WindowWidth", widths, centers),
    ):
        if others and not values:
            raise MissingAttributeError(
                f"A window needs {keyword} (PS3.3 C.11.2.1.2).", keyword=keyword
            )
    if len(centers) != len(widths):
        tolerate(
            f"WindowCenter has {len(centers)} values and WindowWidth {len(widths)}",
            "those without a counterpart are ignored",
            keyword="WindowWidth",
            source=file,
            stacklevel=8,
        )
    names = _values(source, "WindowCenterWidthExplanation")
    names += [None] * (len(centers) - len(names))
    function = source.get("VOILUTFunction") or "LINEAR"
    return [
        _Window(center, width, name, function, file)
        for center, width, name in zip(centers, widths, names, strict=False)
    ]


def _function(value: str) -> VOILUTFunctionValues:
    try:
        return VOILUTFunctionValues(value)
    except ValueError as error:
        allowed = ", ".join(member.value for member in VOILUTFunctionValues)
        raise InvalidAttributeError(
            f"VOILUTFunction must be one of {allowed}, not {value!r}.",
            keyword="VOILUTFunction",
        ) from error


def _values(dataset: Dataset, keyword: str) -> list[Any]:
    value = value_of(dataset, keyword)
    if value is None:
        return []
    is_single = isinstance(value, str) or not hasattr(value, "__iter__")
    return [value] if is_single else list(value)
