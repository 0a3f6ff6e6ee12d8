"""Dimension Index Sequences that users make themselves."""

import numpy as np
import pytest

from highdicom.content.plane import PlanePositionSequence
from highdicom.errors import HighdicomWarning
from highdicom.pm.content import DimensionIndexSequence
from highdicom.testing import cr_image, ct_series, enhanced_ct, slide


def made(coordinate_system):
    with pytest.warns(HighdicomWarning, match="deprecated"):
        return DimensionIndexSequence(coordinate_system)


def test_dimensions_are_those_of_the_coordinate_system():
    (item,) = made("PATIENT")
    assert item.DimensionIndexPointer == 0x00200032
    assert item.FunctionalGroupPointer == 0x00209113
    on_slide = made("SLIDE")
    assert [one.DimensionIndexPointer for one in on_slide] == [0x0048021F, 0x0048021E]
    assert on_slide.get_index_keywords() == [
        "RowPositionInTotalImagePixelMatrix",
        "ColumnPositionInTotalImagePixelMatrix",
    ]
    assert on_slide.get_index_position("ColumnPositionInTotalImagePixelMatrix") == 1
    assert made(None).get_index_keywords() == []
    assert made(None).get_index_position("FrameLabel") == 0


def test_positions_of_images_are_read():
    dimensions = made("PATIENT")
    images = ct_series(3)
    positions = dimensions.get_plane_positions_of_series(images)
    assert [one.image_position for one in positions] == [
        tuple(image.ImagePositionPatient) for image in images
    ]
    of_frames = dimensions.get_plane_positions_of_image(enhanced_ct())
    assert len(of_frames) == 5
    on_slide = made("SLIDE").get_plane_positions_of_image(slide())
    assert on_slide[1].column_position == 21
    assert on_slide[1].row_position == 1


def test_planes_are_sorted():
    dimensions = made("PATIENT")
    positions = [PlanePositionSequence("PATIENT", [1.0, 2.0, z]) for z in (5, 1, 3)]
    values, order = dimensions.get_index_values(positions)
    assert values.shape == (3, 1, 3)
    assert order.tolist() == [1, 2, 0]
    turned = [1, 0, 0, 0, -1, 0]
    assert dimensions.get_index_values(positions, turned)[1].tolist() == [0, 2, 1]
    values, order = made("SLIDE").get_index_values(
        [
            PlanePositionSequence("SLIDE", [0, 0, 0], (column, row))
            for column, row in [(5, 1), (1, 1), (1, 3)]
        ]
    )
    np.testing.assert_array_equal(values, [[1, 5], [1, 1], [3, 1]])
    assert order.tolist() == [1, 0, 2]
    assert [len(part) for part in dimensions.get_index_values([])] == [0, 0]


def test_what_has_no_indices_is_refused():
    dimensions = made("PATIENT")
    one = PlanePositionSequence("PATIENT", [1.0, 2.0, 3.0])
    tile = PlanePositionSequence("SLIDE", [1.0, 2.0, 3.0], (1, 1))
    with pytest.raises(ValueError, match="different places"):
        dimensions.get_index_values([one, one])
    with pytest.raises(ValueError, match=r"'plane_positions'\[1\]"):
        dimensions.get_index_values([one, tile])
    with pytest.raises(ValueError, match="'image_orientation'"):
        made("SLIDE").get_index_values([tile], [1, 0, 0, 0, 1, 0])
    beside = PlanePositionSequence("PATIENT", [9.0, 2.0, 3.0])
    with pytest.raises(ValueError, match="along the normal"):
        dimensions.get_index_values([one, beside], [1, 0, 0, 0, 1, 0])
    with pytest.raises(RuntimeError, match="frame of reference"):
        made(None).get_index_values([one])
    with pytest.raises(ValueError, match="'pointer'"):
        dimensions.get_index_position("x")
    with pytest.raises(ValueError, match="'image'"):
        dimensions.get_plane_positions_of_image(ct_series(1)[0])
    with pytest.raises(ValueError, match="'images'"):
        dimensions.get_plane_positions_of_series([enhanced_ct()])
    with pytest.raises(ValueError, match="frame of reference"):
        dimensions.get_plane_positions_of_series([cr_image()])
    with pytest.raises(ValueError, match="'coordinate_system'"):
        DimensionIndexSequence("x")
