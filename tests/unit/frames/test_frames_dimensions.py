import numpy as np
import pytest
from pydicom.tag import BaseTag

from highdicom.errors import MissingAttributeError
from highdicom.frames.dimensions import (
    Dimension,
    dimension_index_items,
    dimension_indices,
    dimension_organization_items,
)

SEGMENT = Dimension.of(
    "ReferencedSegmentNumber", "SegmentIdentificationSequence", "1.2.3", "Segment"
)
POSITION = Dimension.of("ImagePositionPatient", "PlanePositionSequence", "1.2.3")
STACK = Dimension.of("StackID", "FrameContentSequence", "1.2.4")


def test_dimension_names_its_column_and_place():
    assert POSITION.keyword == "ImagePositionPatient"
    assert POSITION.path == (0x00209113, 0x00200032)
    private = Dimension(0x00091001)
    assert private.keyword == "(0009,1001)"
    assert private.path == (0x00091001,)
    assert isinstance(private.pointer, BaseTag)


def test_indices_are_ranks_of_values():
    columns = {"StackID": np.array(["b", "a", "c", "b"])}
    assert dimension_indices([STACK], columns).tolist() == [[2], [1], [3], [2]]


def test_segment_numbers_are_indices_themselves():
    columns = {"ReferencedSegmentNumber": np.array([7, 2, 7])}
    assert dimension_indices([SEGMENT], columns).tolist() == [[7], [2], [7]]
    columns = {"ReferencedSegmentNumber": np.array([0, 2])}
    assert dimension_indices([SEGMENT], columns).tolist() == [[1], [2]]


@pytest.mark.parametrize(
    ("orientation", "expected"),
    [
        # The slices of a volume follow each other so that row, column and slice
        # directions, in this order of index growth, are right-handed.
        ([1, 0, 0, 0, 1, 0], [2, 1, 3, 2]),
        ([0, 1, 0, 1, 0, 0], [2, 3, 1, 2]),
    ],
)
def test_planes_are_ranked_along_their_normal(orientation, expected):
    columns = {
        "ImagePositionPatient": np.array(
            [[0, 0, 5.0], [9, 0, 7], [3, 0, 1], [0, 0, 5]]
        ),
        "ImageOrientationPatient": np.tile(np.array(orientation, float), (4, 1)),
    }
    assert dimension_indices([POSITION], columns)[:, 0].tolist() == expected


def test_planes_of_several_orientations_are_ranked_by_coordinates():
    columns = {
        "ImagePositionPatient": np.array([[5, 0, 5.0], [1, 0, 7], [1, 0, 1]]),
        "ImageOrientationPatient": np.array(
            [[1, 0, 0, 0, 1, 0.0], [1, 0, 0, 0, 1, 0], [0, 1, 0, 1, 0, 0]]
        ),
    }
    assert dimension_indices([POSITION], columns)[:, 0].tolist() == [3, 2, 1]
    del columns["ImageOrientationPatient"]
    assert dimension_indices([POSITION], columns)[:, 0].tolist() == [3, 2, 1]


def test_encoded_values_are_ranked():
    values = np.empty(3, object)
    values[:] = [b"b", b"a", b"b"]
    columns = {"(0009,1001)": values}
    assert dimension_indices([Dimension(0x00091001)], columns)[:, 0].tolist() == [
        2,
        1,
        2,
    ]


def test_no_dimensions_have_no_indices():
    assert dimension_indices([], {"StackID": np.array(["a", "b"])}).shape == (2, 0)
    assert dimension_indices([], {}).shape == (0, 0)


def test_dimension_without_values_is_refused():
    with pytest.raises(MissingAttributeError, match="'StackID'"):
        dimension_indices([STACK], {})


def test_items_of_the_dimension_module_are_made():
    items = dimension_index_items([SEGMENT, POSITION, Dimension(0x00091001)])
    assert items[0].DimensionOrganizationUID == "1.2.3"
    assert items[0].DimensionIndexPointer == 0x0062000B
    assert items[0].FunctionalGroupPointer == 0x0062000A
    assert items[0].DimensionDescriptionLabel == "Segment"
    assert "DimensionDescriptionLabel" not in items[1]
    assert "FunctionalGroupPointer" not in items[2]
    organizations = dimension_organization_items([SEGMENT, POSITION, STACK])
    assert [item.DimensionOrganizationUID for item in organizations] == [
        "1.2.3",
        "1.2.4",
    ]
