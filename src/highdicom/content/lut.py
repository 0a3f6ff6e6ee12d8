"""Look-up tables for modality, VOI and presentation (PS3.3 C.11.1, C.11.2, C.11.6)."""

from contextlib import suppress
from typing import Any, cast

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset
from pydicom.errors import BytesLengthException

from highdicom.attributes import Attribute, SequenceItem
from highdicom.attributes.specifiers import (
    Integers,
    OptionalText,
    Text,
    integers,
    text,
)
from highdicom.encoding.elements import put
from highdicom.enum import RescaleTypeValues
from highdicom.errors import (
    ArgumentTypeError,
    IncompatibleTransformError,
    InvalidArgumentError,
    InvalidAttributeError,
    MissingAttributeError,
)
from highdicom.pixels.functions import apply_lut

__all__ = [
    "LUT",
    "DescribedTable",
    "ModalityLUT",
    "PresentationLUT",
    "VOILUT",
    "check_lut",
    "lut_bytes",
    "encoded_descriptor",
    "read_descriptor",
    "read_lut_data",
    "stored_entries",
]

LutData = npt.NDArray[np.uint8] | npt.NDArray[np.uint16]

_LONGEST = 2**16


def check_lut(first_mapped_value: int, lut_data: Any, longest: int = _LONGEST) -> None:
    """Refuse what cannot be written as a look-up table.

    Raises
    ------
    ArgumentTypeError
        If an argument is of the wrong type.
    InvalidArgumentError
        If a value or the shape or data type of the table is wrong.

    """
    if isinstance(first_mapped_value, bool) or not isinstance(
        first_mapped_value, (int, np.integer)
    ):
        raise ArgumentTypeError(
            "'first_mapped_value' must be an integer, not "
            f"{type(first_mapped_value).__name__}."
        )
    if not -(2**15) <= first_mapped_value < 2**16:
        raise InvalidArgumentError(
            "'first_mapped_value' must be between -32768 and 65535, not "
            f"{first_mapped_value}."
        )
    if not isinstance(lut_data, np.ndarray):
        raise ArgumentTypeError(
            f"'lut_data' must be a numpy array, not {type(lut_data).__name__}."
        )
    if lut_data.dtype.newbyteorder("=") not in (np.uint8, np.uint16):
        raise InvalidArgumentError(
            f"'lut_data' must be of type uint8 or uint16, not {lut_data.dtype}."
        )
    if lut_data.ndim != 1 or not 0 < len(lut_data) <= longest:
        raise InvalidArgumentError(
            f"'lut_data' must be an array of one dimension with 1 to {longest} entries, "
            f"not of shape {lut_data.shape}."
        )


def encoded_descriptor(
    count: int, first_mapped_value: int, bits: int
) -> tuple[list[int], str]:
    """Values of a descriptor, and their value representation.

    The first mapped value is signed if pixel values are. The other two are not, although
    they stand in the same element (PS3.3 C.11.1.1); pydicom writes them so.
    """
    # A length of 65536 does not fit the attribute and is written as 0.
    values = [count % _LONGEST, int(first_mapped_value), bits]
    return values, "SS" if first_mapped_value < 0 else "US"


def read_descriptor(
    dataset: Dataset, keyword: str, path: str | None = None
) -> tuple[int, int, int]:
    """Number of entries, first mapped value and bits that a descriptor gives.

    Parameters
    ----------
    dataset
        Where the descriptor stands.
    keyword
        Keyword of the descriptor.
    path
        Its place, for errors.

    Raises
    ------
    InvalidAttributeError
        If it is damaged.

    """
    try:
        stored = dataset.get(keyword)
    except (ValueError, BytesLengthException) as error:
        raise InvalidAttributeError(
            f"{keyword} cannot be read: {error}.", keyword=keyword, path=path
        ) from error
    with suppress(TypeError, ValueError, OverflowError):
        count, first, bits = map(int, [] if isinstance(stored, bytes) else stored)
        # A length of 65536 does not fit the attribute and is written as 0.
        if 1 <= bits <= 16:
            return count % _LONGEST or _LONGEST, first, bits
    raise InvalidAttributeError(
        f"A table needs a {keyword} of three values, number of entries, first mapped "
        f"value and 1 to 16 bits, not {stored!r:.80}.",
        keyword=keyword,
        path=path,
    )


def lut_bytes(lut_data: npt.NDArray[Any]) -> bytes:
    """Encode entries, little endian, padded with null to an even length."""
    encoded = lut_data.astype(lut_data.dtype.newbyteorder("<")).tobytes()
    return encoded + b"\0" * (len(encoded) & 1)


def stored_entries(data: Any, keyword: str, path: str | None = None) -> LutData:
    """Entries of 16 bits as they are stored.

    Parameters
    ----------
    data
        Bytes, or integers if the value representation is US.
    keyword, path
        Keyword and place of the attribute, for errors.

    Raises
    ------
    InvalidAttributeError
        If the data is something else.

    """
    if isinstance(data, bytes):
        return np.frombuffer(data[: len(data) & ~1], "<u2").astype(np.uint16)
    values = np.atleast_1d(np.array([] if data is None else data))
    if values.size and (
        values.dtype.kind not in "iu" or values.min() < 0 or values.max() >= _LONGEST
    ):
        raise InvalidAttributeError(
            f"{keyword} must be bytes or integers of 16 bits without sign, not "
            f"{data!r:.80}.",
            keyword=keyword,
            path=path,
        )
    return values.astype(np.uint16)


def read_lut_data(
    data: Any,
    descriptor: tuple[int, int, int],
    keyword: str,
    path: str | None = None,
) -> LutData:
    """Decode entries as they are stored.

    Parameters
    ----------
    data
        Bytes, or integers if the value representation is US.
    descriptor
        The three values of the descriptor.
    keyword, path
        Keyword and place of the attribute, for errors.

    Returns
    -------
    numpy.ndarray
        Entries of type uint8 where they are stored in single bytes, else of uint16.

    Raises
    ------
    InvalidAttributeError
        If the data is something else, or there are more or fewer than the descriptor
        says.

    """
    count, _, bits = descriptor
    entries: LutData
    if (
        isinstance(data, bytes)
        and bits <= 8
        and len(data) in {count, count + count % 2}
    ):
        entries = np.frombuffer(data, np.uint8, count)
    else:
        entries = stored_entries(data, keyword, path)
    if len(entries) != count:
        raise InvalidAttributeError(
            f"{keyword} has {len(entries)} entries, where its descriptor says {count}.",
            keyword=keyword,
            path=path,
        )
    return entries


def _written_data(attribute: Attribute[Any, Any], value: Any) -> bytes:
    if not isinstance(value, bytes):
        attribute.refuse_type(value, "encoded entries")
    return value


class DescribedTable(Dataset):
    """What the descriptor of a table says (PS3.3 C.7.6.3.1.5 and C.11.1.1)."""

    @property
    def _descriptor_keyword(self) -> str:
        raise NotImplementedError

    def _path_of(self, keyword: str) -> str:
        """Place of an attribute, as far as the class says where its instances stand."""
        return keyword

    @property
    def _descriptor(self) -> tuple[int, int, int]:
        keyword = self._descriptor_keyword
        return read_descriptor(self, keyword, self._path_of(keyword))

    @property
    def first_mapped_value(self) -> int:
        """Value to which the first entry belongs."""
        return self._descriptor[1]

    @property
    def number_of_entries(self) -> int:
        """Number of entries, at most 65536."""
        return self._descriptor[0]

    @property
    def bits_per_entry(self) -> int:
        """Bits of an entry: the greatest possible value is one less than their power."""
        return self._descriptor[2]


class LUT(
    DescribedTable,
    SequenceItem,
    defined_in="modality-lut",
    path=("ModalityLUTSequence",),
):
    """A look-up table (PS3.3 C.11.1.1.1, C.11.2.1.1, C.11.6.1).

    Parameters
    ----------
    first_mapped_value
        Value to which the first entry belongs. Values before it get the first entry,
        values after the last the last one.
    lut_data
        Entries of shape ``(n,)`` and type uint8 or uint16.
    lut_explanation
        What the table is for.

    Raises
    ------
    ArgumentTypeError
        If an argument is of the wrong type.
    InvalidArgumentError
        If a value or the shape or data type of the table is wrong.

    Examples
    --------
    >>> import numpy as np
    >>> from highdicom import LUT
    >>> lut = LUT(10, np.array([1, 4, 9], np.uint8))
    >>> lut.apply(np.array([0, 11, 20]))
    array([1, 4, 9], dtype=uint8)

    """

    lut_descriptor: Integers = integers("LUTDescriptor", "1", count=3, vr="US")
    encoded_data: Attribute[Any, bytes] = Attribute(
        "LUTData", "1", write=_written_data, vr="OW"
    )
    lut_explanation: OptionalText = text("LUTExplanation", "3", default=None)

    def __init__(
        self,
        first_mapped_value: int,
        lut_data: npt.NDArray[Any],
        lut_explanation: str | None = None,
    ) -> None:
        check_lut(first_mapped_value, lut_data)
        self.initialise()
        bits = lut_data.dtype.itemsize * 8
        descriptor, vr = encoded_descriptor(len(lut_data), first_mapped_value, bits)
        put(self, "LUTDescriptor", descriptor, vr)
        self.encoded_data = lut_bytes(lut_data)
        self.lut_explanation = lut_explanation

    @property
    def lut_data(self) -> LutData:
        """Entries of shape ``(n,)`` and type uint8 or uint16.

        Raises
        ------
        MissingAttributeError
            If a table that was read has no entries.
        InvalidAttributeError
            If it has more or fewer than its descriptor says.

        """
        path = self._path_of("LUTData")
        if "LUTData" not in self:
            raise MissingAttributeError(
                "A LUT needs LUTData.", keyword="LUTData", path=path
            )
        return read_lut_data(self.LUTData, self._descriptor, "LUTData", path)

    @property
    def _descriptor_keyword(self) -> str:
        return "LUTDescriptor"

    def _path_of(self, keyword: str) -> str:
        # Which item of its sequence a table is, it cannot tell.
        sequences = () if type(self) is LUT else self.declaration.path
        return ".".join((*sequences, keyword))

    def get_scaled_lut_data(
        self,
        output_range: tuple[float, float] = (0.0, 1.0),
        dtype: npt.DTypeLike | None = np.float64,
        invert: bool = False,
    ) -> npt.NDArray[Any]:
        """Give the entries scaled so that the least and greatest meet a range.

        Parameters
        ----------
        output_range
            Where the least and the greatest entry go.
        dtype
            Floating point type of the result.
        invert
            Whether the least entry goes to the upper end.

        Raises
        ------
        IncompatibleTransformError
            If the type is not a floating point type.
        InvalidArgumentError
            If the range does not go from a lower to a higher value.

        """
        low, high = output_range
        if not low < high:
            raise InvalidArgumentError(
                "'output_range' must go from a lower to a higher value, not from "
                f"{low} to {high}."
            )
        if np.dtype(dtype).kind != "f":
            raise IncompatibleTransformError(
                f"'dtype' must be a floating point type, not {np.dtype(dtype)}."
            )
        entries = self.get_inverted_lut_data() if invert else self.lut_data
        scaled = entries.astype(np.float64)
        scaled -= scaled.min()
        greatest = scaled.max()
        if greatest:
            scaled *= (high - low) / greatest
        scaled += low
        return scaled.astype(dtype, copy=False)

    def get_inverted_lut_data(self) -> LutData:
        """Give the entries turned upside down within their own range."""
        entries = self.lut_data
        total = int(entries.min()) + int(entries.max())
        inverted = (total - entries.astype(np.int64)).astype(entries.dtype)
        return cast("LutData", inverted)

    def apply(
        self, array: npt.NDArray[Any], dtype: npt.DTypeLike | None = None
    ) -> npt.NDArray[Any]:
        """Look values up.

        Parameters
        ----------
        array
            Integers of any shape.
        dtype
            Type of the result, which must hold the entries; theirs if not given.

        Raises
        ------
        InvalidArgumentError
            If the values are not integers.
        ArgumentTypeError
            If the type cannot hold the entries.

        """
        return apply_lut(array, self.lut_data, self.first_mapped_value, dtype=dtype)


class ModalityLUT(LUT, defined_in="modality-lut", path=("ModalityLUTSequence",)):
    """A look-up table from stored values to those of the modality (PS3.3 C.11.1).

    Parameters
    ----------
    lut_type
        What the entries are: a defined term, or a text of one's own.
    first_mapped_value, lut_data, lut_explanation
        As of :class:`LUT`.

    Examples
    --------
    >>> import numpy as np
    >>> from highdicom import ModalityLUT
    >>> ModalityLUT("US", 0, np.arange(256, dtype=np.uint8)).lut_type
    'US'

    """

    lut_type: Text = text("ModalityLUTType", "1", default=None)

    def __init__(
        self,
        lut_type: RescaleTypeValues | str,
        first_mapped_value: int,
        lut_data: npt.NDArray[Any],
        lut_explanation: str | None = None,
    ) -> None:
        super().__init__(first_mapped_value, lut_data, lut_explanation)
        is_term = isinstance(lut_type, RescaleTypeValues)
        self.lut_type = lut_type.value if is_term else lut_type  # type: ignore[union-attr, assignment]


class VOILUT(LUT, defined_in="voi-lut", path=("VOILUTSequence",)):
    """A look-up table for values of interest (PS3.3 C.11.2.1.1).

    Examples
    --------
    >>> import numpy as np
    >>> from highdicom import VOILUT
    >>> VOILUT(0, np.arange(256, dtype=np.uint8), "ramp").lut_explanation
    'ramp'

    """


class PresentationLUT(
    LUT, defined_in="softcopy-presentation-lut", path=("PresentationLUTSequence",)
):
    """A look-up table for presentation values (PS3.3 C.11.6.1).

    Examples
    --------
    >>> import numpy as np
    >>> from highdicom import PresentationLUT
    >>> PresentationLUT(0, np.arange(4096, dtype=np.uint16)).number_of_entries
    4096

    """
