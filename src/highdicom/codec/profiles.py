"""What each transfer syntax can carry (PS3.5 8.2 and Annex A), as a table."""

from collections.abc import Iterator
from types import MappingProxyType

import pydicom.uid

from highdicom.codec.format import PixelFormat
from highdicom.errors import UnsupportedTransferSyntaxError
from highdicom.records import record
from highdicom.uid import UID

__all__ = ["PROFILES", "SampleRule", "TransferSyntaxProfile", "profile_of"]

_UNSIGNED = (0,)
_ANY_SIGN = (0, 1)
_GRAY = ("MONOCHROME1", "MONOCHROME2")


@record
class SampleRule:
    """One row of a table of PS3.5 8.2: values that may be together.

    Parameters
    ----------
    photometric_interpretations, samples_per_pixel, bits_allocated, bits_stored
        Values of these attributes.
    pixel_representations
        Values of Pixel Representation.

    """

    photometric_interpretations: tuple[str, ...]
    samples_per_pixel: int
    bits_allocated: tuple[int, ...]
    bits_stored: range
    pixel_representations: tuple[int, ...] = _UNSIGNED

    def allows(self, pixel_format: PixelFormat) -> bool:
        """Whether a format is in the row."""
        return (
            pixel_format.photometric_interpretation in self.photometric_interpretations
            and pixel_format.samples_per_pixel == self.samples_per_pixel
            and pixel_format.bits_allocated in self.bits_allocated
            and pixel_format.bits_stored in self.bits_stored
            and pixel_format.pixel_representation in self.pixel_representations
        )

    def __str__(self) -> str:
        """Tell the row in words."""
        sign = "" if 1 in self.pixel_representations else ", unsigned"
        first, last = self.bits_stored[0], self.bits_stored[-1]
        bits = str(last) if first == last else f"{first} to {last}"
        return (
            f"{' or '.join(self.photometric_interpretations)} with "
            f"{' or '.join(map(str, self.bits_allocated))} bits allocated and {bits} "
            f"stored{sign}"
        )


@record
class TransferSyntaxProfile:
    """What a transfer syntax is and what it can carry.

    Parameters
    ----------
    uid
        Identifier.
    is_native
        Whether frames follow each other as they are; they are encapsulated otherwise.
    is_little_endian
        Byte order of the data set, and of the samples if they are native.
    lossy_method
        Defined term of Lossy Image Compression Method (PS3.3 C.7.6.1.1.5.1), if the
        compression loses information.
    rules
        Combinations of values that are allowed; all are if there is no rule.

    """

    uid: str
    is_native: bool
    is_little_endian: bool = True
    lossy_method: str | None = None
    rules: tuple[SampleRule, ...] = ()

    @property
    def name(self) -> str:
        """Name in the registry of UIDs (PS3.6 Annex A)."""
        return UID(self.uid).name

    @property
    def is_lossy(self) -> bool:
        """Whether compression loses information."""
        return self.lossy_method is not None

    @property
    def photometric_interpretations(self) -> frozenset[str]:
        """Photometric interpretations that rules allow; none if there are no rules."""
        return frozenset(
            value for rule in self.rules for value in rule.photometric_interpretations
        )

    def allows(self, pixel_format: PixelFormat) -> bool:
        """Whether frames of a format can be carried."""
        if pixel_format.is_float and not self.is_native:
            return False
        return not self.rules or any(rule.allows(pixel_format) for rule in self.rules)

    def check(self, pixel_format: PixelFormat) -> None:
        """Refuse a format that cannot be carried.

        Raises
        ------
        UnsupportedTransferSyntaxError
            If it cannot; the message lists what can.

        """
        if self.allows(pixel_format):
            return
        sign = "signed" if pixel_format.pixel_representation else "unsigned"
        given = (
            f"{pixel_format.photometric_interpretation} of "
            f"{pixel_format.samples_per_pixel} samples per pixel with "
            f"{pixel_format.bits_allocated} bits allocated and "
            f"{pixel_format.bits_stored} stored, {sign}"
        )
        if pixel_format.is_float:
            allowed = "integers"
        else:
            allowed = "; ".join(map(str, self.rules))
        raise UnsupportedTransferSyntaxError(
            f"The transfer syntax {self.name} cannot carry {given} "
            f"({pixel_format.keyword}), but {allowed}."
        )


def profile_of(transfer_syntax_uid: str) -> TransferSyntaxProfile:
    """Give the profile of a transfer syntax.

    Raises
    ------
    UnsupportedTransferSyntaxError
        If the standard has no transfer syntax of that UID for stored images.

    Examples
    --------
    >>> from highdicom.codec.profiles import profile_of
    >>> profile_of("1.2.840.10008.1.2.4.50").lossy_method
    'ISO_10918_1'

    """
    try:
        return PROFILES[str(transfer_syntax_uid)]
    except KeyError:
        raise UnsupportedTransferSyntaxError(
            f"The UID {str(transfer_syntax_uid)!r} is not that of a transfer syntax "
            "for images that is known here."
        ) from None


_EIGHT = (8,)
_UP_TO_SIXTEEN = (8, 16)
_UP_TO_THIRTY_TWO = (8, 16, 32)

# Table 8.2.1-1
_JPEG_BASELINE = (
    SampleRule(_GRAY, 1, _EIGHT, range(8, 9)),
    SampleRule(("YBR_FULL_422", "RGB"), 3, _EIGHT, range(8, 9)),
)
_JPEG_EXTENDED = (
    SampleRule(_GRAY, 1, _EIGHT, range(8, 9)),
    SampleRule(_GRAY, 1, (16,), range(12, 13)),
)
# Table 8.2.1-2
_JPEG_LOSSLESS = (
    SampleRule(_GRAY, 1, _UP_TO_SIXTEEN, range(1, 17), _ANY_SIGN),
    SampleRule(("PALETTE COLOR",), 1, _UP_TO_SIXTEEN, range(1, 17)),
    SampleRule(("YBR_FULL", "RGB"), 3, _UP_TO_SIXTEEN, range(1, 17)),
)
# Table 8.2.2-1; a sample of one bit takes a byte (G.2).
_RLE = (
    SampleRule(("MONOCHROME2",), 1, (1,), range(1, 2)),
    SampleRule(_GRAY, 1, _UP_TO_SIXTEEN, range(1, 17), _ANY_SIGN),
    SampleRule(("PALETTE COLOR",), 1, _UP_TO_SIXTEEN, range(1, 17)),
    SampleRule(("YBR_FULL",), 3, _EIGHT, range(1, 9)),
    SampleRule(("RGB",), 3, _UP_TO_SIXTEEN, range(1, 17)),
)
# Table 8.2.3-1
_JPEG_LS_NEAR_LOSSLESS = (
    SampleRule(_GRAY, 1, _UP_TO_SIXTEEN, range(2, 17), _ANY_SIGN),
    SampleRule(("YBR_FULL",), 3, _EIGHT, range(2, 9)),
    SampleRule(("RGB",), 3, _UP_TO_SIXTEEN, range(2, 17)),
)
_JPEG_LS_LOSSLESS = (
    *_JPEG_LS_NEAR_LOSSLESS,
    SampleRule(("PALETTE COLOR",), 1, _UP_TO_SIXTEEN, range(2, 17)),
)
# Table 8.2.4-1, likewise for HTJ2K (8.2.14), which has no row for one bit allocated.
_HTJ2K = (
    SampleRule(_GRAY, 1, _UP_TO_THIRTY_TWO, range(1, 33), _ANY_SIGN),
    SampleRule(("YBR_ICT", "RGB", "YBR_FULL"), 3, _UP_TO_THIRTY_TWO, range(1, 33)),
)
_HTJ2K_LOSSLESS = (
    SampleRule(_GRAY, 1, _UP_TO_THIRTY_TWO, range(1, 33), _ANY_SIGN),
    SampleRule(("PALETTE COLOR",), 1, _UP_TO_SIXTEEN, range(1, 17)),
    SampleRule(("YBR_RCT", "RGB", "YBR_FULL"), 3, _UP_TO_THIRTY_TWO, range(1, 33)),
)
_ONE_BIT = (SampleRule(("MONOCHROME2",), 1, (1,), range(1, 2)),)
_JPEG_2000 = (*_ONE_BIT, *_HTJ2K)
_JPEG_2000_LOSSLESS = (*_ONE_BIT, *_HTJ2K_LOSSLESS)

_NATIVE = {
    pydicom.uid.ImplicitVRLittleEndian: True,
    pydicom.uid.ExplicitVRLittleEndian: True,
    pydicom.uid.DeflatedExplicitVRLittleEndian: True,
    pydicom.uid.ExplicitVRBigEndian: False,
}
_JPEG, _HT = "1.2.840.10008.1.2.4.{}", "1.2.840.10008.1.2.4.20{}"
_ENCAPSULATED: tuple[tuple[str, str | None, tuple[SampleRule, ...]], ...] = (
    ("1.2.840.10008.1.2.1.98", None, ()),
    ("1.2.840.10008.1.2.5", None, _RLE),
    ("1.2.840.10008.1.2.8.1", None, ()),
    (_JPEG.format(50), "ISO_10918_1", _JPEG_BASELINE),
    (_JPEG.format(51), "ISO_10918_1", _JPEG_EXTENDED),
    (_JPEG.format(57), None, _JPEG_LOSSLESS),
    (_JPEG.format(70), None, _JPEG_LOSSLESS),
    (_JPEG.format(80), None, _JPEG_LS_LOSSLESS),
    (_JPEG.format(81), "ISO_14495_1", _JPEG_LS_NEAR_LOSSLESS),
    (_JPEG.format(90), None, _JPEG_2000_LOSSLESS),
    (_JPEG.format(91), "ISO_15444_1", _JPEG_2000),
    (_HT.format(1), None, _HTJ2K_LOSSLESS),
    (_HT.format(2), None, _HTJ2K_LOSSLESS),
    (_HT.format(3), "ISO_15444_15", _HTJ2K),
    # Known, so that their frames can be copied, but not decoded here.
    *((_JPEG.format(number), "ISO_10918_1", ()) for number in range(52, 57)),
    *((_JPEG.format(number), "ISO_10918_1", ()) for number in range(59, 65)),
    *((_JPEG.format(number), None, ()) for number in (58, 65, 66)),
    (_JPEG.format(92), None, ()),
    (_JPEG.format(93), "ISO_15444_1", ()),
    (_JPEG.format(110), None, ()),
    (_JPEG.format(111), None, ()),
    (_JPEG.format(112), "ISO_18181_1", ()),
    *((_JPEG.format(number), "ISO_13818_2", ()) for number in (100, 101)),
    *((_JPEG.format(f"{n}.1"), "ISO_13818_2", ()) for n in (100, 101)),
    *((_JPEG.format(number), "ISO_14496_10", ()) for number in range(102, 107)),
    *((_JPEG.format(f"{n}.1"), "ISO_14496_10", ()) for n in range(102, 107)),
    *((_JPEG.format(number), "ISO_23008_2", ()) for number in (107, 108)),
    *((_JPEG.format(number), None, ()) for number in (94, 95, 204, 205)),
)


def _profiles() -> Iterator[TransferSyntaxProfile]:
    for native, is_little_endian in _NATIVE.items():
        yield TransferSyntaxProfile(
            str(native), is_native=True, is_little_endian=is_little_endian
        )
    for uid, lossy_method, rules in _ENCAPSULATED:
        yield TransferSyntaxProfile(
            uid,
            is_native=False,
            lossy_method=lossy_method,
            rules=rules,
        )


PROFILES = MappingProxyType({profile.uid: profile for profile in _profiles()})
"""Profiles of the transfer syntaxes for stored images, by UID."""
