"""What is done with datasets that deviate from the standard."""

import threading
import warnings

import pytest

from highdicom.errors import NonconformantDatasetError, NonconformantDatasetWarning
from highdicom.policy import (
    ReadingPolicy,
    current_reading_policy,
    reading_policy,
    tolerate,
)


def deviate():
    tolerate(
        "the value is odd",
        "taken as even",
        keyword="Rows",
        path="ItemSequence[0].Rows",
        source="image.dcm",
    )


def test_deviations_are_warned_of_unless_something_else_is_said():
    assert current_reading_policy() is ReadingPolicy.WARN
    with pytest.warns(
        NonconformantDatasetWarning,
        match=r"image.dcm: ItemSequence\[0\].Rows: the value is odd; taken as even\.",
    ):
        deviate()


def test_warnings_name_the_line_that_asked():
    with pytest.warns(NonconformantDatasetWarning) as caught:
        deviate()
    assert caught[0].filename == __file__


def test_strict_reading_makes_deviations_errors():
    with (
        reading_policy("strict"),
        pytest.raises(NonconformantDatasetError, match="the value is odd") as caught,
    ):
        deviate()
    assert caught.value.keyword == "Rows"
    assert caught.value.path == "ItemSequence[0].Rows"
    assert isinstance(caught.value, ValueError)


def test_lenient_reading_says_nothing():
    with warnings.catch_warnings(), reading_policy(ReadingPolicy.LENIENT):
        warnings.simplefilter("error")
        deviate()


def test_the_policy_holds_for_its_block_only():
    with reading_policy("strict"):
        with reading_policy("lenient"):
            assert current_reading_policy() is ReadingPolicy.LENIENT
        assert current_reading_policy() is ReadingPolicy.STRICT
    assert current_reading_policy() is ReadingPolicy.WARN
    with pytest.raises(KeyError), reading_policy("strict"):
        raise KeyError
    assert current_reading_policy() is ReadingPolicy.WARN


def test_the_policy_is_that_of_the_thread():
    found = []
    with reading_policy("strict"):
        thread = threading.Thread(target=lambda: found.append(current_reading_policy()))
        thread.start()
        thread.join()
    assert found == [ReadingPolicy.WARN]


def test_there_are_three_policies():
    with pytest.raises(ValueError, match="careful"), reading_policy("careful"):
        pass


def test_a_deviation_without_place_is_a_plain_sentence():
    with (
        reading_policy("strict"),
        pytest.raises(NonconformantDatasetError, match=r"^it is odd\.$"),
    ):
        tolerate("it is odd", "taken as even")
