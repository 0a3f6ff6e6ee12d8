import math

import pytest

from highdicom.encoding.decimals import decimal_string, integer_string
from highdicom.errors import InvalidArgumentError


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (1.0, "1"),
        (-180.5, "-180.5"),
        (0.1, "0.1"),
        (1e-5, "1e-5"),
        (1e22, "1e22"),
        (-1.5e-300, "-1.5e-300"),
        (123456789012345.0, "123456789012345"),
        (-123456789012345.0, "-123456789012345"),
        (5e-324, "5e-324"),
    ],
)
def test_number_with_a_short_text_is_written_exactly(value, text):
    assert decimal_string(value) == text
    assert float(decimal_string(value)) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1 / 3, "0.33333333333333"),
        (-1 / 3, "-0.3333333333333"),
        (2e6 / 3, "666666.666666667"),
        (-1 / 3e7, "-3.333333333e-08".replace("e-08", "3e-8")),
        (-1234567890123456.0, "-1.2345678901e15"),
        (1.7976931348623157e308, "1.79769313e308"),
    ],
)
def test_number_that_does_not_fit_is_written_as_near_as_possible(value, text):
    written = decimal_string(value)
    assert written == text
    assert len(written) <= 16


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_number_that_is_not_finite_is_refused(value):
    with pytest.raises(InvalidArgumentError, match="decimal string"):
        decimal_string(value)


def test_integer_string_takes_32_bits_and_no_more():
    assert integer_string(-(2**31)) == "-2147483648"
    assert integer_string(2**31 - 1) == "2147483647"
    with pytest.raises(InvalidArgumentError, match="2147483648"):
        integer_string(2**31)
