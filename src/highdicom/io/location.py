"""Where in a source the value of the pixel data element is."""

from collections.abc import Sequence

from highdicom.errors import (
    FrameError,
    NonconformantDatasetError,
    SourceError,
)
from highdicom.io.byte_source import ByteSource
from highdicom.io.elements import ElementHeader
from highdicom.io.items import UNDEFINED_LENGTH
from highdicom.policy import tolerate
from highdicom.records import record

__all__ = [
    "DamagedPixelDataError",
    "PIXEL_DATA_KEYWORDS",
    "PixelDataLocation",
    "location_of",
    "report_truncated",
]

PIXEL_DATA_KEYWORDS = {
    0x7FE00008: "FloatPixelData",
    0x7FE00009: "DoubleFloatPixelData",
    0x7FE00010: "PixelData",
}


class DamagedPixelDataError(SourceError, NonconformantDatasetError, FrameError):
    """The pixel data do not hold a frame that they should hold.

    Parameters
    ----------
    message
        What is wrong.
    keyword
        Attribute that holds the pixel data.
    source
        Name of the file or other source.
    frame_numbers
        One-based numbers of the frames concerned, if they are known.

    """

    def __init__(
        self,
        message: str,
        *,
        keyword: str | None = None,
        source: str | None = None,
        frame_numbers: Sequence[int] = (),
    ) -> None:
        FrameError.__init__(self, message, frame_numbers=frame_numbers)
        self.path = self.keyword = keyword
        self.sop_instance_uid = None
        self.violations = ()
        self.source = source


@record
class PixelDataLocation:
    """Where the value of the pixel data element is."""

    source: ByteSource
    """Source in which it is: the file, or what a deflated file inflates to."""

    keyword: str
    """PixelData, FloatPixelData or DoubleFloatPixelData."""

    vr: str | None
    """Value representation; None in implicit VR."""

    offset: int
    """Where the value starts."""

    length: int | None
    """Length of the value as its header says; None if it is of undefined length."""

    is_little_endian: bool = True
    """Byte order of values of several bytes."""

    @property
    def end(self) -> int:
        """Where the bytes end that may belong to the value."""
        if self.length is not None:
            return self.offset + self.length
        return self.source.size()

    def error(self, message: str, index: int | None = None) -> "DamagedPixelDataError":
        """Make an error that names the source.

        Parameters
        ----------
        message
            What is wrong, a sentence.
        index
            Zero-based index of the frame concerned, if it is a single one.

        """
        return DamagedPixelDataError(
            f"{self.source.name}: {message}",
            keyword=self.keyword,
            source=self.source.name,
            frame_numbers=() if index is None else (index + 1,),
        )


def location_of(
    source: ByteSource,
    header: ElementHeader,
    position: int,
    *,
    is_little_endian: bool = True,
) -> PixelDataLocation:
    """Make a location from the header of an element and where that starts."""
    return PixelDataLocation(
        source=source,
        keyword=PIXEL_DATA_KEYWORDS[header.tag],
        vr=header.vr,
        offset=position + header.size,
        length=None if header.length == UNDEFINED_LENGTH else header.length,
        is_little_endian=is_little_endian,
    )


def report_truncated(location: PixelDataLocation, present: int) -> None:
    """Tolerate pixel data that are shorter than they should be."""
    expected = "" if location.length is None else f" of {location.length}"
    tolerate(
        f"the file ends after {present}{expected} bytes of pixel data",
        "what there is can be read",
        keyword=location.keyword,
        source=location.source.name,
    )
