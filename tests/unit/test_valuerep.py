import warnings

import pytest
from pydicom.valuerep import PersonName

from highdicom.errors import (
    ArgumentTypeError,
    HighdicomWarning,
    InvalidArgumentError,
)
from highdicom.valuerep import check_person_name


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Doe^Jane",
        "Doe^",
        "^Jane",
        "Doe^Jane^M^Dr^Jr",
        "Yamada^Tarou=山田^太郎=やまだ^たろう",
        "=山田^太郎",
        PersonName("Doe^Jane"),
        "x" * 32 + "^" + "y" * 31,
    ],
)
def test_names_of_several_components_are_fine(name):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check_person_name(name)


@pytest.mark.parametrize("name", ["Doe", "Jane Doe", "Doe,Jane", PersonName("Doe")])
def test_a_single_component_is_unlikely(name):
    with pytest.warns(HighdicomWarning, match="has a single component") as caught:
        check_person_name(name)
    assert issubclass(caught[0].category, UserWarning)
    assert caught[0].filename == __file__


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("x" * 65 + "^", "more than 64 characters"),
        ("a^b=" + "x" * 70, "more than 64 characters"),
        ("a^b^c^d^e^f", "more than 5 components"),
        ("a^b=c^d=e^f=g^h", "more than 3 component groups"),
        ("Doe^Jane\\Doe^John", "a control character or a backslash"),
        ("Doe^Jane\n", "a control character or a backslash"),
    ],
)
def test_names_that_cannot_be_written_are_refused(name, message):
    with pytest.raises(InvalidArgumentError, match=message):
        check_person_name(name)


@pytest.mark.parametrize("name", [None, 5, b"Doe^Jane", ["Doe^Jane"]])
def test_names_must_be_text(name):
    with pytest.raises(ArgumentTypeError, match="must be a string or a PersonName"):
        check_person_name(name)
