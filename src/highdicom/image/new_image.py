"""Images that are made, not read: their pixel data is written without a copy."""

from collections.abc import Iterator
from io import BufferedIOBase
from typing import Any

from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset

from highdicom.image.image import Image
from highdicom.image.pieces import PiecedElement
from highdicom.image.pixel_data import as_written

__all__ = ["NewImage"]


class NewImage(Image):
    """Image with large pixel data in memory.

    What writes a dataset asks for one element after the other, and gets pixel data as a
    file to copy from. Whoever looks at the dataset in another way gets bytes.
    """

    def get_item(self, key: Any, *, keep_deferred: bool = False) -> Any:
        """Return an element as it is written; large pixel data without a copy."""
        if isinstance(key, slice):
            return self[key]
        held = self._dict.get(key)
        if isinstance(held, PiecedElement):
            return as_written(held)
        return as_written(super().get_item(key, keep_deferred=keep_deferred))

    def elements(self) -> Iterator[DataElement | RawDataElement]:
        """Go through the elements as they stand, pixel data as bytes."""
        return map(self._as_held, super().elements())

    def _dataset_slice(self, slce: Any) -> Dataset:
        part = super()._dataset_slice(slce)
        for element in list(part.elements()):
            if isinstance(element.value, BufferedIOBase):
                part[element.tag] = self._as_held(element)
        return part

    def _as_held(self, element: DataElement | RawDataElement) -> Any:
        """Give pixel data that would be written by parts as they are in the dataset."""
        is_file = isinstance(element.value, BufferedIOBase)
        return self._dict[element.tag] if is_file else element
