"""How pixels of segments are stored and shown."""

from pydicom.dataset import Dataset

from highdicom import content
from highdicom.arguments import member_of
from highdicom.codec.encoder import FrameEncoder
from highdicom.codec.format import PixelFormat
from highdicom.codec.profiles import profile_of
from highdicom.color import DEVICE_CLASS, ColorManager, srgb_profile
from highdicom.encoding.elements import put
from highdicom.errors import (
    ArgumentTypeError,
    ConflictingArgumentsError,
    InvalidArgumentError,
    UnsupportedTransferSyntaxError,
)
from highdicom.records import record
from highdicom.seg.enum import (
    SegmentationFractionalTypeValues,
    SegmentationTypeValues,
)
from highdicom.seg.segments import SegmentTable

__all__ = ["Fractions", "SegmentColors", "encoder_of"]


@record
class Fractions:
    """What stored values of a fractional segmentation mean (PS3.3 C.8.20.2.3).

    Parameters
    ----------
    meaning
        Segmentation Fractional Type; None if values are no fractions.
    maximum
        Maximum Fractional Value, which a fraction of one is stored as.

    """

    meaning: SegmentationFractionalTypeValues | None = None
    maximum: int = 1

    @classmethod
    def of(
        cls, kind: SegmentationTypeValues, meaning: object, maximum: int
    ) -> "Fractions":
        """Check the arguments of a call; they mean nothing unless `kind` is FRACTIONAL.

        Raises
        ------
        ArgumentTypeError
            If the maximum is no integer.
        InvalidArgumentError
            If a value is not allowed.

        """
        if kind is not SegmentationTypeValues.FRACTIONAL:
            return cls()
        if isinstance(maximum, bool) or not isinstance(maximum, int):
            raise ArgumentTypeError(
                f"'max_fractional_value' must be an integer, not "
                f"{type(maximum).__name__}."
            )
        if not 1 <= maximum <= 255:
            raise InvalidArgumentError(
                f"'max_fractional_value' must be between 1 and 255, not {maximum}."
            )
        return cls(
            member_of(SegmentationFractionalTypeValues, meaning, "fractional_type"),
            maximum,
        )

    def insert_into(self, dataset: Dataset) -> None:
        """Put the attributes, if there are fractions."""
        if self.meaning is not None:
            put(dataset, "SegmentationFractionalType", self.meaning.value)
            put(dataset, "MaximumFractionalValue", self.maximum)


@record
class SegmentColors:
    """How labels are shown (PS3.3 C.8.20.2 and C.7.9).

    Parameters
    ----------
    palette
        Colours of the labels of a label map, if any.
    icc_profile
        ICC profile of these colours; that of sRGB if not given.

    """

    palette: "content.PaletteColorLUTTransformation | None"
    icc_profile: bytes | None

    @classmethod
    def of(
        cls,
        kind: SegmentationTypeValues,
        palette: "content.PaletteColorLUTTransformation | None",
        icc_profile: bytes | None,
    ) -> "SegmentColors":
        """Check the arguments of a call.

        Raises
        ------
        ArgumentTypeError
            If the palette is none.
        ConflictingArgumentsError
            If there is a profile without palette, or a palette without label map.
        InvalidArgumentError
            If the profile is none.

        """
        if palette is None:
            if icc_profile is not None:
                raise ConflictingArgumentsError(
                    "'icc_profile' must not be given without "
                    "'palette_color_lut_transformation'."
                )
            return cls(None, None)
        if kind is not SegmentationTypeValues.LABELMAP:
            raise ConflictingArgumentsError(
                "'palette_color_lut_transformation' must not be given unless the "
                "segmentation type is LABELMAP."
            )
        if not isinstance(palette, content.PaletteColorLUTTransformation):
            raise ArgumentTypeError(
                "'palette_color_lut_transformation' must be a "
                f"PaletteColorLUTTransformation, not {type(palette).__name__}."
            )
        if icc_profile is not None:
            _check_profile(icc_profile)
        return cls(palette, icc_profile)

    def check_entries(self, greatest: int) -> None:
        """Refuse a palette without an entry for the background and each segment.

        Parameters
        ----------
        greatest
            Greatest label.

        Raises
        ------
        InvalidArgumentError
            If one of them would have the colour of another.

        """
        if self.palette is None:
            return
        first = self.palette.first_mapped_value
        last = first + self.palette.number_of_entries - 1
        if first > 0 or last < greatest:
            raise InvalidArgumentError(
                "'palette_color_lut_transformation' must have an entry for each label "
                f"from 0, the background, to {greatest}, not from {first} to {last}."
            )

    @property
    def photometric_interpretation(self) -> str:
        """Photometric Interpretation."""
        return "MONOCHROME2" if self.palette is None else "PALETTE COLOR"

    def insert_into(self, dataset: Dataset) -> None:
        """Put the attributes."""
        if self.palette is None:
            put(dataset, "PresentationLUTShape", "IDENTITY")
            return
        self.palette.insert_into(dataset)
        dataset.ICCProfile = self.icc_profile or srgb_profile()


def encoder_of(
    transfer_syntax_uid: str,
    table: SegmentTable,
    shape: tuple[int, int],
    colors: SegmentColors,
) -> FrameEncoder:
    """Give what encodes frames; transfer syntaxes that change pixels are refused.

    Parameters
    ----------
    transfer_syntax_uid
        Transfer syntax.
    table
        The segments.
    shape
        Rows and columns of a frame.
    colors
        How they are shown.

    Raises
    ------
    UnsupportedTransferSyntaxError
        If it is lossy or retired, or cannot hold the pixels.

    """
    profile = profile_of(transfer_syntax_uid)
    if profile.is_lossy or not profile.is_little_endian:
        raise UnsupportedTransferSyntaxError(
            f"'transfer_syntax_uid' must not be that of {profile.name} for a "
            "segmentation: it is lossy or retired."
        )
    pixel_format = PixelFormat(
        rows=shape[0],
        columns=shape[1],
        samples_per_pixel=1,
        bits_allocated=table.bits_allocated,
        bits_stored=table.bits_allocated,
        pixel_representation=0,
        photometric_interpretation=colors.photometric_interpretation,
    )
    return FrameEncoder(transfer_syntax_uid, pixel_format)


def _check_profile(icc_profile: bytes) -> None:
    """Refuse what is no profile of the classes that images may have (C.11.15.1.1)."""
    ColorManager(icc_profile)
    if icc_profile[DEVICE_CLASS] not in {b"scnr", b"spac"}:
        name = icc_profile[DEVICE_CLASS].decode("latin-1")
        raise InvalidArgumentError(
            f"'icc_profile' must be of the class 'scnr' or 'spac', not {name!r}."
        )
