"""Unique identifiers (PS3.5 9 and Annex B)."""

from typing import cast
from uuid import UUID

import pydicom.uid

from highdicom.errors import ArgumentTypeError, InvalidArgumentError
from highdicom.typing import Self

__all__ = ["UID"]

# Transfer syntaxes that are younger than some versions of pydicom (PS3.6 Annex A), which
# then neither reads nor writes them: name and keyword.
_YOUNG_TRANSFER_SYNTAXES = {
    "1.2.840.10008.1.2.8.1": (
        "Deflated Image Frame Compression",
        "DeflatedImageFrameCompression",
    ),
    "1.2.840.10008.1.2.4.110": ("JPEG XL Lossless", "JPEGXLLossless"),
    "1.2.840.10008.1.2.4.111": (
        "JPEG XL JPEG Recompression",
        "JPEGXLJPEGRecompression",
    ),
    "1.2.840.10008.1.2.4.112": ("JPEG XL", "JPEGXL"),
}
for _uid, (_name, _keyword) in _YOUNG_TRANSFER_SYNTAXES.items():
    pydicom.uid.UID_dictionary.setdefault(  # type: ignore[attr-defined]
        _uid, (_name, "Transfer Syntax", "", "", _keyword)
    )


class UID(pydicom.uid.UID):
    """A DICOM unique identifier, a new one if no value is given.

    Parameters
    ----------
    value
        Dotted decimal identifier of up to 64 characters. A new one is made from
        a random UUID under the root "2.25" if it is not given (PS3.5 B.2).

    Examples
    --------
    >>> from highdicom import UID
    >>> UID() == UID()
    False
    >>> UID("1.2.840.10008.1.2.1").name
    'Explicit VR Little Endian'

    """

    def __new__(cls, value: str | None = None) -> Self:
        """Take the value given, or make a new identifier."""
        if value is None:
            value = pydicom.uid.generate_uid(prefix=None)
        return cast("Self", super().__new__(cls, value))

    @classmethod
    def from_uuid(cls, uuid: str) -> Self:
        """Derive an identifier from a UUID (PS3.5 B.2).

        Parameters
        ----------
        uuid
            UUID in hexadecimal notation, with or without hyphens and the prefix
            "urn:uuid:".

        Raises
        ------
        ArgumentTypeError
            If it is not a text.
        InvalidArgumentError
            If the text is not a UUID.

        """
        if not isinstance(uuid, str):
            raise ArgumentTypeError(
                f"'uuid' must be a text, not {type(uuid).__name__}."
            )
        try:
            number = UUID(uuid).int
        except ValueError as error:
            raise InvalidArgumentError(
                f"'uuid' must be a UUID in hexadecimal notation, not {uuid!r}."
            ) from error
        return cls(f"2.25.{number}")
