"""What each transfer syntax can carry."""

import itertools

import pytest
from pydicom.pixels.encoders.base import ENCODING_PROFILES
from pydicom.uid import UID, AllTransferSyntaxes

from highdicom.codec import PixelFormat
from highdicom.codec.profiles import PROFILES, profile_of
from highdicom.errors import UnsupportedTransferSyntaxError

FORMATS = [
    PixelFormat(8, 8, samples, allocated, stored, sign, photometric, 0)
    for samples, photometric in [
        (1, "MONOCHROME1"),
        (1, "MONOCHROME2"),
        (1, "PALETTE COLOR"),
        (3, "RGB"),
        (3, "YBR_FULL"),
        (3, "YBR_FULL_422"),
        (3, "YBR_RCT"),
        (3, "YBR_ICT"),
    ]
    for allocated in (8, 16, 32)
    for stored in (1, 2, 7, 8, 9, 12, 13, 16, 17, 32)
    if stored <= allocated
    for sign in (0, 1)
]


@pytest.mark.parametrize("uid", ENCODING_PROFILES)
def test_rules_are_those_that_pydicom_knows(uid):
    profile = profile_of(uid)

    for pixel_format in FORMATS:
        expected = any(
            pixel_format.photometric_interpretation == photometric
            and pixel_format.samples_per_pixel == samples
            and pixel_format.pixel_representation in signs
            and pixel_format.bits_allocated in allocated
            and pixel_format.bits_stored in stored
            for photometric, samples, signs, allocated, stored in ENCODING_PROFILES[uid]
        )
        assert profile.allows(pixel_format) == expected, pixel_format


def test_one_bit_is_carried_by_few():
    one_bit = PixelFormat(8, 8, 1, 1, 1, 0, "MONOCHROME2")

    carriers = {uid for uid in PROFILES if profile_of(uid).rules}
    carriers = {uid for uid in carriers if profile_of(uid).allows(one_bit)}

    assert carriers == {
        "1.2.840.10008.1.2.5",
        "1.2.840.10008.1.2.4.90",
        "1.2.840.10008.1.2.4.91",
    }


def test_profiles_agree_with_pydicom_on_what_is_native():
    for uid in AllTransferSyntaxes:
        if uid.startswith("1.2.840.10008.1.2.7."):
            continue  # real-time video, which is not stored
        profile = profile_of(uid)
        assert profile.is_native == (not uid.is_encapsulated)
        assert profile.name == uid.name
        if profile.is_native:
            assert profile.is_little_endian == uid.is_little_endian


@pytest.mark.parametrize(
    ("numbers", "method"),
    [
        (["50", "51", "53", "61"], "ISO_10918_1"),
        (["81"], "ISO_14495_1"),
        (["91", "93"], "ISO_15444_1"),
        (["203"], "ISO_15444_15"),
        (["100", "101.1"], "ISO_13818_2"),
        (["102", "106.1"], "ISO_14496_10"),
        (["107", "108"], "ISO_23008_2"),
        (["112"], "ISO_18181_1"),
        (["57", "58", "65", "70", "80", "90", "92", "201", "202", "110"], None),
    ],
)
def test_lossy_methods_are_those_of_the_standard(numbers, method):
    for number in numbers:
        profile = profile_of(f"1.2.840.10008.1.2.4.{number}")
        assert profile.lossy_method == method
        assert profile.is_lossy == (method is not None)


def test_deflated_frames_are_encapsulated_and_may_be_anything():
    profile = profile_of("1.2.840.10008.1.2.8.1")

    assert profile.name == "Deflated Image Frame Compression"
    assert not profile.is_native
    assert all(profile.allows(pixel_format) for pixel_format in FORMATS)


def test_photometric_interpretations_of_a_syntax():
    names = profile_of("1.2.840.10008.1.2.4.50").photometric_interpretations

    assert names == {"MONOCHROME1", "MONOCHROME2", "YBR_FULL_422", "RGB"}
    assert profile_of("1.2.840.10008.1.2").photometric_interpretations == frozenset()


@pytest.mark.parametrize("uid", ["1.2.3", "", UID("1.2.840.10008.1.2.6.1")])
def test_other_uids_are_refused(uid):
    with pytest.raises(UnsupportedTransferSyntaxError, match="not that of a transfer"):
        profile_of(uid)


def test_no_rule_is_said_twice():
    for profile in PROFILES.values():
        for first, second in itertools.combinations(profile.rules, 2):
            assert first != second
