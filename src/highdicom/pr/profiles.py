"""ICC profiles that presentation states carry (PS3.3 C.11.15)."""

from highdicom.color import ColorManager, srgb_profile
from highdicom.errors import InvalidArgumentError

__all__ = ["check_icc_profile", "default_profile"]

# Where the header of a profile says its class, and those that take colours to PCS-Values.
_CLASS = slice(12, 16)
_INPUT, _COLOR_SPACE = b"scnr", b"spac"


def default_profile() -> bytes:
    """Give the profile of sRGB as one of the input device class.

    Three matrix columns and tone curves, as sRGB has them, are what profiles of display
    and input devices share, so that only the class in the header differs.
    """
    profile = bytearray(srgb_profile())
    profile[_CLASS] = _INPUT
    return bytes(profile)


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
    if profile[_CLASS] not in {_INPUT, _COLOR_SPACE}:
        raise InvalidArgumentError(
            "'icc_profile', given or taken from the images, must be of the device class "
            f"'scnr' or 'spac', not {profile[_CLASS].decode('latin-1')!r}."
        )
    return profile
