"""Sequences whose items are decoded one by one, when they are asked for.

pydicom decodes a sequence as a whole on first access, at about a millisecond for each
item. A :class:`LazySequence` knows where its items stand in the encoded value and
decodes those that are used. What was never touched is written back byte for byte.
"""

from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from threading import Lock
from typing import Any, SupportsIndex, cast, overload

import numpy as np
import numpy.typing as npt
from pydicom.charset import convert_encodings, default_encoding
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.filereader import read_sequence_item
from pydicom.sequence import Sequence

from highdicom.encoding.bounds import item_bounds
from highdicom.encoding.headers import UNDEFINED_LENGTH
from highdicom.errors import InvalidAttributeError
from highdicom.typing import Self

__all__ = ["LazySequence", "lazy_sequence"]

CharacterSet = str | list[str]
Adopt = Callable[[Dataset], Dataset]

# One for all sequences, since a lock can be neither pickled nor copied. It is held only
# to store an item, so that every thread gets the same one.
_storing = Lock()


def _encodings(character_set: Any) -> list[str]:
    return convert_encodings(character_set or default_encoding)


class LazySequence(Sequence):
    """A sequence that decodes an item when it is first asked for.

    It behaves as any :class:`pydicom.sequence.Sequence`: items can be changed,
    inserted, replaced and deleted, and it can be copied, compared and pickled. Items
    once decoded are kept, so that the same item is always the same object. Reading
    from several threads at once is safe.

    Parameters
    ----------
    value
        Encoded items, little endian.
    bounds
        Shape (n, 2): byte offsets at which each item starts, header included, and
        ends.
    implicit
        Whether the items are encoded in implicit VR.
    character_set
        Character set of the dataset that the sequence stands in: values of Specific
        Character Set, or names of Python encodings.
    pixel_representation
        Pixel Representation of that dataset, which implicit VR needs to tell US from
        SS.
    adopt
        Called with each item when it has been decoded; returns the item to be kept,
        which may be the same one with another class.
    offset
        Byte offset of the value in its file, for error messages of pydicom.

    Examples
    --------
    >>> from pydicom.dataset import Dataset
    >>> from highdicom.encoding.elements import raw_element
    >>> from highdicom.encoding.tree import encode_items
    >>> item = Dataset()
    >>> item.CodeValue = "T-04000"
    >>> value = encode_items([item] * 3)
    >>> codes = lazy_sequence(raw_element(0x00082218, "SQ", value), "ISO_IR 100")
    >>> len(codes), codes[1].CodeValue, codes.decoded_count
    (3, 'T-04000', 1)

    """

    def __init__(
        self,
        value: bytes,
        bounds: npt.NDArray[np.int64],
        *,
        implicit: bool,
        character_set: CharacterSet = default_encoding,
        pixel_representation: int | None = None,
        adopt: Adopt | None = None,
        offset: int = 0,
    ) -> None:
        super().__init__()
        self._value = value
        self._bounds = bounds
        self._implicit = implicit
        self._character_set = _encodings(character_set)
        self._pixel_representation = pixel_representation
        self._adopt = adopt
        self._offset = offset
        # A number stands for the encoded item of that number. pydicom knows the list as
        # one of datasets; nothing but this class reaches into it.
        self._list = cast("list[Dataset]", list(range(len(bounds))))

    @property
    def implicit(self) -> bool:
        """Whether the items were encoded in implicit VR."""
        return self._implicit

    @property
    def decoded_count(self) -> int:
        """Number of items that have been decoded or put in."""
        return sum(
            not isinstance(entry, int) for entry in cast("list[Any]", self._list)
        )

    def pieces(
        self, *, implicit: bool, character_set: CharacterSet = default_encoding
    ) -> Iterator[Dataset | bytes]:
        """Items to be written: runs of untouched ones as bytes, others as datasets.

        Parameters
        ----------
        implicit, character_set
            Encoding to be written. If it is another one than was read, every item is
            decoded.

        """
        same = implicit == self._implicit
        if not same or _encodings(character_set) != self._character_set:
            yield from self
            return
        start = stop = 0
        for entry in cast("list[int | Dataset]", self._list):
            if isinstance(entry, int):
                first, last = self._bounds[entry].tolist()
                if first == stop:
                    stop = last
                    continue
                yield self._value[start:stop]
                start, stop = first, last
            else:
                yield self._value[start:stop]
                start = stop
                yield entry
        yield self._value[start:stop]

    def _decode(self, number: int) -> Dataset:
        start, stop = self._bounds[number].tolist()
        stream = BytesIO(self._value[start:stop])
        try:
            item = read_sequence_item(
                stream, self._implicit, True, self._character_set, self._offset + start
            )
        except Exception as error:
            raise self._undecodable(number, str(error)) from error
        if item is None:
            raise self._undecodable(number, "it has no content")
        item.file_tell = self._offset + start
        if self._pixel_representation is not None:
            item._pixel_rep = self._pixel_representation  # noqa: SLF001 (as pydicom does)
        return self._adopt(item) if self._adopt else item

    def _undecodable(self, number: int, reason: str) -> InvalidAttributeError:
        return InvalidAttributeError(
            f"Item {number + 1} of a sequence cannot be decoded ({reason.rstrip('.')}), "
            "since its bytes are damaged."
        )

    def _loaded(self, index: int) -> Dataset:
        entries = cast("list[int | Dataset]", self._list)
        entry = entries[index]
        if not isinstance(entry, int):
            return entry
        item = self._decode(entry)
        with _storing:
            # Another thread may have been faster; its item is the one.
            present = entries[index]
            if isinstance(present, int):
                entries[index] = item
                return item
            return present

    def _all(self) -> list[Dataset]:
        for index in range(len(self._list)):
            self._loaded(index)
        return self._list

    @overload
    def __getitem__(self, index: int) -> Dataset: ...
    @overload
    def __getitem__(self, index: slice) -> list[Dataset]: ...
    def __getitem__(self, index: slice | SupportsIndex) -> Dataset | list[Dataset]:
        """Return an item, or a list of items."""
        if isinstance(index, slice):
            places = range(*index.indices(len(self._list)))
            return [self._loaded(place) for place in places]
        return self._loaded(index.__index__())

    def __iter__(self) -> Iterator[Dataset]:
        """Yield the items, decoding one at a time."""
        index = 0
        while index < len(self._list):
            yield self._loaded(index)
            index += 1

    def _encoded(self) -> tuple[Any, ...] | None:
        """What the items follow from, if none was decoded or put in."""
        if self.decoded_count:
            return None
        return self._list, self._value, self._implicit, self._character_set

    def __eq__(self, other: object) -> Any:
        """Compare item by item, unless both are still the same bytes."""
        if other is self:
            return True
        if isinstance(other, LazySequence):
            encoded = self._encoded()
            if encoded is not None and encoded == other._encoded():
                return True
            return self._all() == list(other)
        return self._all() == other

    def __ne__(self, other: object) -> Any:
        """Compare item by item, unless both are still the same bytes."""
        return not self == other

    __hash__ = None  # type: ignore[assignment]

    def __iadd__(self, other: Iterable[Dataset]) -> Self:
        """Append items."""
        return super().__iadd__(other)


def lazy_sequence(
    element: RawDataElement,
    character_set: CharacterSet = default_encoding,
    *,
    pixel_representation: int | None = None,
    adopt: Adopt | None = None,
) -> LazySequence:
    """Make a lazy sequence from an element as read from a file.

    Parameters
    ----------
    element
        Encoded sequence, little endian, of defined or undefined length.
    character_set, pixel_representation, adopt
        As of :class:`LazySequence`.

    Raises
    ------
    InvalidAttributeError
        If the value is not a row of sequence items: truncated, or with lengths that
        point beyond its end.

    """
    value = bytes(element.value or b"")
    bounds = item_bounds(value, implicit=element.is_implicit_VR)
    length = int(bounds[-1, 1]) if len(bounds) else 0
    sequence = LazySequence(
        value[:length],
        bounds,
        implicit=element.is_implicit_VR,
        character_set=character_set,
        pixel_representation=pixel_representation,
        adopt=adopt,
        offset=element.value_tell,
    )
    sequence.is_undefined_length = element.length == UNDEFINED_LENGTH
    return sequence
