"""Pixel measures, plane positions and orientations (PS3.3 C.7.6.16.2)."""

import copy
import pickle
from decimal import Decimal

import numpy as np
import pytest
from pydicom import Dataset
from pydicom.sequence import Sequence
from pydicom.valuerep import DSdecimal

from highdicom.content import (
    PixelMeasuresSequence,
    PlaneOrientationSequence,
    PlanePositionSequence,
)
from highdicom.enum import CoordinateSystemNames
from highdicom.errors import (
    ArgumentTypeError,
    ConflictingArgumentsError,
    InvalidArgumentError,
    MissingAttributeError,
)


def plain(sequence):
    item = Dataset()
    item.update(copy.deepcopy(sequence[0]))
    return Sequence([item])


class TestPixelMeasures:
    def test_attributes_say_what_was_given(self):
        measures = PixelMeasuresSequence([0.5, 0.25], 3.0, 2.5)
        assert len(measures) == 1
        assert measures[0].PixelSpacing == [0.5, 0.25]
        assert measures[0].SliceThickness == 3.0
        assert measures[0].SpacingBetweenSlices == 2.5

    def test_thickness_and_spacing_between_slices_may_be_unknown(self):
        measures = PixelMeasuresSequence((1, 1), None)
        assert "SpacingBetweenSlices" not in measures[0]
        assert measures.slice_thickness is None

    def test_numbers_fit_decimal_strings(self):
        measures = PixelMeasuresSequence([1 / 3, 2 / 3], 1)
        for value in measures[0].PixelSpacing:
            assert len(str(value)) <= 16
        np.testing.assert_allclose(measures.pixel_spacing, [1 / 3, 2 / 3], rtol=1e-13)

    def test_a_single_row_may_have_no_spacing(self):
        assert PixelMeasuresSequence([0, 1], 1).pixel_spacing == [0, 1]

    @pytest.mark.parametrize(
        ("arguments", "error", "message"),
        [
            (([1, 2, 3], 1), InvalidArgumentError, "'pixel_spacing' must be 2 values"),
            (([1, -1], 1), InvalidArgumentError, "'pixel_spacing' must be zero or pos"),
            (([1, float("nan")], 1), InvalidArgumentError, "'pixel_spacing'"),
            ((["a", 1], 1), ArgumentTypeError, "'pixel_spacing' must be a number"),
            (([1, 1], -1), InvalidArgumentError, "'slice_thickness' must be zero or"),
            (([1, 1], 1, "a"), ArgumentTypeError, "'spacing_between_slices' must be"),
        ],
    )
    def test_what_is_no_measure_is_refused(self, arguments, error, message):
        with pytest.raises(error, match=message):
            PixelMeasuresSequence(*arguments)

    def test_equal_measures_are_equal(self):
        measures = PixelMeasuresSequence([1, 2], 3)
        assert measures == PixelMeasuresSequence([1, 2], 3)
        assert measures == plain(measures)
        assert measures != PixelMeasuresSequence([2, 1], 3)
        assert measures != PixelMeasuresSequence([1, 2], 3, 4)
        with pytest.raises(ArgumentTypeError, match="compare with a Sequence"):
            _ = measures == [1, 2]

    def test_sequences_are_adopted(self):
        given = plain(PixelMeasuresSequence([1, 2], 3))
        copied = PixelMeasuresSequence.from_sequence(given)
        assert copied.pixel_spacing == [1, 2]
        assert copied[0] is not given[0]
        assert PixelMeasuresSequence.from_sequence(given, copy=False)[0] is given[0]

    @pytest.mark.parametrize(
        ("given", "error"),
        [
            (Sequence([]), InvalidArgumentError),
            (Sequence([Dataset(), Dataset()]), InvalidArgumentError),
            ([Dataset()], ArgumentTypeError),
        ],
    )
    def test_a_sequence_of_one_item_is_needed(self, given, error):
        with pytest.raises(error):
            PixelMeasuresSequence.from_sequence(given)


class TestPlanePosition:
    def test_patient_positions_are_in_one_attribute(self):
        position = PlanePositionSequence("PATIENT", [1.5, -2, 3])
        assert position[0].ImagePositionPatient == [1.5, -2, 3]
        assert position.coordinate_system is CoordinateSystemNames.PATIENT
        assert position.image_position == (1.5, -2.0, 3.0)
        assert len(position[0]) == 1

    def test_slide_positions_have_a_place_in_the_matrix(self):
        position = PlanePositionSequence(
            CoordinateSystemNames.SLIDE, np.array([1.0, 2.0, 0.5]), (257, 513)
        )
        item = position[0]
        assert item.ColumnPositionInTotalImagePixelMatrix == 257
        assert item.RowPositionInTotalImagePixelMatrix == 513
        assert item.XOffsetInSlideCoordinateSystem == 1
        assert item.YOffsetInSlideCoordinateSystem == 2
        assert item.ZOffsetInSlideCoordinateSystem == 0.5
        assert position.coordinate_system is CoordinateSystemNames.SLIDE
        assert position.image_position == (1.0, 2.0, 0.5)

    @pytest.mark.parametrize(
        ("arguments", "error", "message"),
        [
            (("ROOM", [1, 2, 3]), InvalidArgumentError, "'coordinate_system' must be"),
            (("PATIENT", [1, 2]), InvalidArgumentError, "3 coordinates, not 2"),
            (("PATIENT", [1, 2, np.inf]), InvalidArgumentError, "'image_position'"),
            (("PATIENT", ["1", 2, 3]), ArgumentTypeError, "'image_position'"),
            (("SLIDE", [1, 2, 3]), ConflictingArgumentsError, "'pixel_matrix_position"),
        ],
    )
    def test_what_is_no_position_is_refused(self, arguments, error, message):
        with pytest.raises(error, match=message):
            PlanePositionSequence(*arguments)

    def test_equal_positions_are_equal(self):
        position = PlanePositionSequence("PATIENT", [1, 2, 3])
        slide = PlanePositionSequence("SLIDE", [1, 2, 3], (1, 1))
        assert position == PlanePositionSequence("PATIENT", [1, 2, 3])
        assert position != PlanePositionSequence("PATIENT", [1, 2, 3.001])
        assert slide != PlanePositionSequence("SLIDE", [1, 2, 3], (1, 2))
        with pytest.raises(MissingAttributeError, match="PATIENT and SLIDE"):
            _ = position == slide
        with pytest.raises(ArgumentTypeError, match="its own kind"):
            _ = position == plain(position)

    @pytest.mark.parametrize(
        "position",
        [
            PlanePositionSequence("PATIENT", [1, 2, 3]),
            PlanePositionSequence("SLIDE", [1, 2, 3], (1, 2)),
        ],
    )
    def test_positions_come_back(self, position):
        assert PlanePositionSequence.from_sequence(plain(position)) == position
        assert pickle.loads(pickle.dumps(position)) == position
        assert copy.deepcopy(position) == position

    def test_a_position_has_coordinates(self):
        with pytest.raises(MissingAttributeError, match="neither is present"):
            PlanePositionSequence.from_sequence(Sequence([Dataset()]))


class TestPlaneOrientation:
    @pytest.mark.parametrize("system", ["PATIENT", "SLIDE"])
    def test_cosines_are_stored_for_the_coordinate_system(self, system):
        cosines = (0.0, 1.0, 0.0, 0.0, 0.0, -1.0)
        orientation = PlaneOrientationSequence(system, cosines)
        assert len(orientation[0]) == 1
        keyword = f"ImageOrientation{system.capitalize()}"
        assert orientation[0][keyword].value == list(cosines)
        assert orientation.cosines == cosines
        assert orientation.coordinate_system.value == system

    @pytest.mark.parametrize(
        "cosines",
        [
            [1, 0, 0, 0, 1],
            [1, 0, 0, 1, 0, 0],
            [2, 0, 0, 0, 1, 0],
            [0, 0, 0, 0, 1, 0],
            [np.nan, 0, 0, 0, 1, 0],
        ],
    )
    def test_what_is_no_orientation_is_refused(self, cosines):
        with pytest.raises(InvalidArgumentError, match="'image_orientation' must"):
            PlaneOrientationSequence("PATIENT", cosines)

    def test_cosines_of_files_are_precise_enough(self):
        cosines = [0.7071, 0.7071, 0, -0.7071, 0.7071, 0]
        assert PlaneOrientationSequence("PATIENT", cosines).cosines[0] == 0.7071

    def test_equal_orientations_are_equal(self):
        axial = PlaneOrientationSequence("PATIENT", [1, 0, 0, 0, 1, 0])
        assert axial == PlaneOrientationSequence("PATIENT", [1, 0, 0, 0, 1, 0])
        assert axial != PlaneOrientationSequence("PATIENT", [0, 1, 0, 1, 0, 0])
        with pytest.raises(MissingAttributeError, match="PATIENT and SLIDE"):
            _ = axial == PlaneOrientationSequence("SLIDE", [1, 0, 0, 0, 1, 0])
        with pytest.raises(ArgumentTypeError, match="its own kind"):
            _ = axial == 3

    def test_orientations_come_back(self):
        axial = PlaneOrientationSequence("PATIENT", [1, 0, 0, 0, 1, 0])
        assert PlaneOrientationSequence.from_sequence(plain(axial)) == axial
        with pytest.raises(MissingAttributeError, match="neither is present"):
            PlaneOrientationSequence.from_sequence(Sequence([Dataset()]))


def test_decimals_are_numbers():
    # So pydicom reads decimal strings where it is told to.
    one, spacing = DSdecimal("1"), DSdecimal("0.5")
    position = PlanePositionSequence("PATIENT", [one, Decimal("2.5"), 3])
    orientation = PlaneOrientationSequence("PATIENT", [one, 0, 0, 0, one, 0])
    measures = PixelMeasuresSequence([spacing, spacing], slice_thickness=one)
    assert position[0].ImagePositionPatient == [1.0, 2.5, 3.0]
    assert orientation[0].ImageOrientationPatient == [1, 0, 0, 0, 1, 0]
    assert measures[0].PixelSpacing == [0.5, 0.5]
    assert measures[0].SliceThickness == 1


def test_a_decimal_that_is_no_number_is_refused():
    with pytest.raises(InvalidArgumentError, match="finite"):
        PlanePositionSequence("PATIENT", [Decimal("NaN"), 0, 0])
