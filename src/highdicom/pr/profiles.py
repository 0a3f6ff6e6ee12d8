"""ICC profiles that presentation states carry (PS3.3 C.11.15)."""

from highdicom.color import DEVICE_CLASS, ColorManager
from highdicom.errors import InvalidArgumentError

__all__ = ["check_icc_profile"]

_FOR_PCS_VALUES = (b"scnr", b"spac")


def check_icc_profile(icc_profile: bytes) -> bytes:
    """Refuse what is no ICC profile for PCS-Values (C.11.15.1.1).

    Raises
    ------
    InvalidArgumentError
        If it is no profile for RGB, of an input device or a colour space.
    ArgumentTypeError
        If it is not a sequence of bytes.

    """
    ColorManager(icc_profile)
    profile = bytes(icc_profile)
    if profile[DEVICE_CLASS] not in _FOR_PCS_VALUES:
        raise InvalidArgumentError(
            "'icc_profile', given or taken from the images, must be of the device class "
            f"'scnr' or 'spac', not {profile[DEVICE_CLASS].decode('latin-1')!r}."
        )
    return profile
