"""Which compressions with loss an image went through (PS3.3 C.7.6.1.1.5)."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from pydicom.dataset import Dataset

from highdicom.codec.format import PixelFormat
from highdicom.codec.profiles import PROFILES
from highdicom.encoding.elements import put, stored_element
from highdicom.records import record

__all__ = ["LossyCompressions"]

_LOSSY = "01"
_LOSSLESS = "00"
# These can be without loss in transfer syntaxes that allow it (PS3.5 A.4.3 and A.4.4).
_MAYBE_LOSSLESS = frozenset(("ISO_14495_1", "ISO_15444_1", "ISO_15444_15"))


@record
class LossyCompressions:
    """Compressions with loss that pixels went through, the latest last.

    Parameters
    ----------
    methods
        Values of Lossy Image Compression Method, as far as they are known.
    ratios
        Values of Lossy Image Compression Ratio, as far as they are known.
    has_lost
        Whether pixels were ever compressed with loss.

    Examples
    --------
    >>> from highdicom.image.lossy_compression import LossyCompressions
    >>> from highdicom.testing import ct_series
    >>> LossyCompressions.of(ct_series(3)).has_lost
    False

    """

    methods: tuple[str, ...] = ()
    ratios: tuple[float, ...] = ()
    has_lost: bool = False

    @classmethod
    def of(cls, images: Iterable[Dataset]) -> "LossyCompressions":
        """Read what images say of themselves: methods of the first, mean ratios.

        What an image does not say is taken from its transfer syntax.
        """
        told = [one for one in map(_told_by, images) if one.has_lost]
        if not told:
            return cls()
        steps = min(len(one.ratios) for one in told)
        means = np.mean([one.ratios[:steps] for one in told], axis=0)
        methods = next((one.methods for one in told if one.methods), ())
        return cls(methods, tuple(means.tolist()), has_lost=True)

    def put_into(
        self,
        image: Dataset,
        pixel_format: PixelFormat | None,
        *,
        is_required: bool = False,
    ) -> None:
        """Write them into an image that has its pixel data.

        Parameters
        ----------
        image
            Image to write to.
        pixel_format
            Form of the frames that were encoded for the image; None if it has them as
            they were.
        is_required
            Whether an image has to say, too, that nothing was lost.

        """
        every = self
        if pixel_format is not None:
            every = self._and_last(_of_transfer_syntax(image, pixel_format))
        if not every.has_lost:
            if is_required:
                put(image, "LossyImageCompression", _LOSSLESS)
            return
        put(image, "LossyImageCompression", _LOSSY)
        if every.ratios:
            rounded = [round(ratio, 2) for ratio in every.ratios]
            put(image, "LossyImageCompressionRatio", rounded)
        if every.methods:
            put(image, "LossyImageCompressionMethod", list(every.methods))

    def _and_last(self, last: "LossyCompressions") -> "LossyCompressions":
        return LossyCompressions(
            self.methods + last.methods,
            self.ratios + last.ratios,
            self.has_lost or last.has_lost,
        )


_NONE = LossyCompressions()


def _told_by(image: Dataset) -> LossyCompressions:
    is_told = stored_element(image, "LossyImageCompression") is not None
    flag = image.LossyImageCompression if is_told else None
    methods = image.get("LossyImageCompressionMethod") if flag == _LOSSY else None
    if methods:
        ratios = map(float, _listed(image.get("LossyImageCompressionRatio")))
        names = tuple(map(str, _listed(methods)))
        return LossyCompressions(names, tuple(ratios), has_lost=True)
    by_syntax = _of_transfer_syntax(image)
    if flag == _LOSSLESS and _MAYBE_LOSSLESS.issuperset(by_syntax.methods):
        return _NONE
    if flag != _LOSSY:
        return by_syntax
    return LossyCompressions(by_syntax.methods, by_syntax.ratios, has_lost=True)


def _of_transfer_syntax(
    image: Dataset, pixel_format: PixelFormat | None = None
) -> LossyCompressions:
    """Compression by the encoding of an image itself."""
    meta: Dataset | None = getattr(image, "file_meta", None)
    is_told = meta and stored_element(meta, "TransferSyntaxUID") is not None
    uid = str(meta.TransferSyntaxUID) if meta and is_told else ""
    method = PROFILES[uid].lossy_method if uid in PROFILES else None
    if method is None:
        return _NONE
    if "PixelData" not in image:
        return LossyCompressions((method,), (), has_lost=True)
    one = pixel_format or PixelFormat.of(image, "PixelData")
    # All samples count, also those that the encoding leaves out (YBR_FULL_422).
    bits = one.rows * one.columns * one.samples_per_pixel * one.bits_allocated
    size = bits / 8 * int(image.get("NumberOfFrames") or 1)
    return LossyCompressions(
        (method,), (size / max(len(image.PixelData), 1),), has_lost=True
    )


def _listed(value: Any) -> list[Any]:
    if value is None or value == "":
        return []
    is_list = isinstance(value, Sequence) and not isinstance(value, str)
    return list(value) if is_list else [value]
