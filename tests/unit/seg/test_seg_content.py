"""Descriptions of segments, queries by what they say, and dimensions."""

import numpy as np
import pytest
from pydicom import Dataset
from pydicom.sr.codedict import codes
from seg_objects import algorithm, described, labels, read_again, segmentation

from highdicom import UID, testing
from highdicom.color import CIELabColor
from highdicom.content import PlanePositionSequence
from highdicom.errors import HighdicomWarning
from highdicom.seg import (
    DimensionIndexSequence,
    SegmentAlgorithmTypeValues,
    SegmentDescription,
    utils,
)

TRACKED = UID()
SEGMENTS = [
    SegmentDescription(
        1,
        "liver",
        codes.SCT.Organ,
        codes.SCT.Liver,
        "AUTOMATIC",
        algorithm(),
        tracking_uid=TRACKED,
        tracking_id="Liver 1",
        anatomic_regions=[codes.SCT.Abdomen],
        display_color=CIELabColor(50.0, 10.0, -20.0),
    ),
    described(2, "spleen"),
    SegmentDescription(
        3, "liver", codes.SCT.Tissue, codes.SCT.Liver, "SEMIAUTOMATIC", algorithm()
    ),
]


@pytest.fixture(params=["BINARY", "LABELMAP", "FRACTIONAL"])
def image(request):
    sources = testing.ct_series(3)
    return read_again(
        segmentation(
            sources,
            labels((3, 16, 20)),
            request.param,
            segment_descriptions=SEGMENTS,
        )
    )


def test_description_says_what_it_was_given():
    segment = SEGMENTS[0]
    assert (segment.segment_number, segment.segment_label) == (1, "liver")
    assert segment.segmented_property_type == codes.SCT.Liver
    assert segment.algorithm_type is SegmentAlgorithmTypeValues.AUTOMATIC
    assert segment.algorithm_identification.name == "Threshold"
    assert segment.SegmentAlgorithmName == "Threshold"
    assert (segment.tracking_uid, segment.tracking_id) == (TRACKED, "Liver 1")
    assert segment.anatomic_regions == [codes.SCT.Abdomen]
    assert segment.primary_anatomic_structures == []
    np.testing.assert_allclose(
        segment.display_color.value, CIELabColor(50.0, 10.0, -20.0).value
    )


def test_description_is_adopted_with_what_is_in_it():
    plain = Dataset()
    plain.update(SEGMENTS[0])
    adopted = SegmentDescription.from_dataset(plain)
    assert adopted == SEGMENTS[0]
    assert adopted.algorithm_identification.version == "1.0"
    assert type(plain) is Dataset


@pytest.mark.parametrize(
    ("error", "message", "arguments"),
    [
        (
            TypeError,
            "'algorithm_identification' is required",
            {"algorithm_type": "AUTOMATIC"},
        ),
        (ValueError, "between 0 and 65535", {"segment_number": 70000}),
        (ValueError, "'segment_label'", {"segment_label": "x" * 65}),
        (ValueError, "'algorithm_type'", {"algorithm_type": "BY HAND"}),
        (TypeError, "'tracking_uid'|'tracking_id'", {"tracking_id": "x"}),
        (
            TypeError,
            "'display_color' must be a CIELabColor",
            {"display_color": (1, 2, 3)},
        ),
    ],
)
def test_description_refuses_what_does_not_fit(error, message, arguments):
    arguments = {
        "segment_number": 1,
        "segment_label": "liver",
        "segmented_property_category": codes.SCT.Organ,
        "segmented_property_type": codes.SCT.Liver,
        "algorithm_type": "MANUAL",
        **arguments,
    }
    with pytest.raises(error, match=message):
        SegmentDescription(**arguments)


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ({}, [1, 2, 3]),
        ({"segment_label": "liver"}, [1, 3]),
        ({"segment_label": "kidney"}, []),
        ({"segmented_property_category": codes.SCT.Tissue}, [3]),
        ({"segmented_property_type": codes.SCT.Liver}, [1, 2, 3]),
        ({"algorithm_type": "MANUAL"}, [2]),
        ({"algorithm_type": SegmentAlgorithmTypeValues.SEMIAUTOMATIC}, [3]),
        ({"tracking_uid": TRACKED}, [1]),
        ({"tracking_id": "Liver 1"}, [1]),
        ({"segment_label": "liver", "algorithm_type": "AUTOMATIC"}, [1]),
    ],
)
def test_segments_are_found_by_what_is_said_of_them(image, query, numbers):
    assert image.get_segment_numbers(**query) == numbers


def test_segments_are_listed(image):
    assert image.segment_numbers == [1, 2, 3]
    assert image.number_of_segments == 3
    assert image.segmented_property_types == [codes.SCT.Liver]
    assert image.segmented_property_categories == [codes.SCT.Organ, codes.SCT.Tissue]
    assert image.get_tracking_ids() == [("Liver 1", TRACKED)]
    assert image.get_tracking_ids(algorithm_type="MANUAL") == []
    assert image.get_segment_description(2).segment_label == "spleen"
    for number in (0, 4):
        if number == 0 and image.SegmentationType == "LABELMAP":
            continue
        with pytest.raises(IndexError, match=f"no segment {number}"):
            image.get_segment_description(number)


def test_label_map_describes_its_background_first():
    image = segmentation(testing.ct_series(3), labels((3, 16, 20)), "LABELMAP")
    background = image.SegmentSequence[0]
    assert (background.SegmentNumber, background.SegmentLabel) == (0, "Background")
    assert background.SegmentedPropertyTypeCodeSequence[0].CodeValue == "125040"
    assert image.PixelPaddingValue == 0


def test_segments_are_gone_through_one_by_one():
    array = labels((3, 16, 20))
    image = segmentation(testing.ct_series(3), array, "BINARY")
    found = list(image.iter_segments())
    assert [d.SegmentNumber for _, _, d in found] == [1, 2, 3]
    for frames, items, description in found:
        assert len(frames) == len(items) == 1
        expected = array[1] == description.SegmentNumber
        np.testing.assert_array_equal(frames[0], expected)
    plain = read_again(image)
    plain.__class__ = Dataset
    assert len(list(utils.iter_segments(plain))) == 3
    del plain.PixelData
    with pytest.raises(ValueError, match="PixelData"):
        list(utils.iter_segments(plain))


def positions(*heights):
    return [PlanePositionSequence("PATIENT", [0.0, 0.0, z]) for z in heights]


def made_dimensions(*arguments):
    with pytest.warns(HighdicomWarning, match="deprecated"):
        return DimensionIndexSequence(*arguments)


def test_dimensions_are_those_of_segments_and_positions():
    keywords = {
        ("PATIENT", True): ["ReferencedSegmentNumber", "ImagePositionPatient"],
        ("PATIENT", False): ["ImagePositionPatient"],
        ("SLIDE", False): [
            "RowPositionInTotalImagePixelMatrix",
            "ColumnPositionInTotalImagePixelMatrix",
        ],
        (None, True): ["ReferencedSegmentNumber"],
        (None, False): ["FrameLabel"],
    }
    for (system, with_segments), expected in keywords.items():
        dimensions = made_dimensions(system, with_segments)
        assert len(dimensions) == len(expected)
        for place, keyword in enumerate(expected):
            assert dimensions.get_index_position(keyword) == place
        uids = {item.DimensionOrganizationUID for item in dimensions}
        assert len(uids) == 1
        with pytest.raises(ValueError, match="'pointer' must be one of"):
            dimensions.get_index_position("PixelSpacing")


def test_dimensions_order_planes_by_their_positions():
    dimensions = made_dimensions("PATIENT")
    values, order = dimensions.get_index_values(positions(3.0, 1.0, 2.0))
    assert values.tolist() == [[[0, 0, 3]], [[0, 0, 1]], [[0, 0, 2]]]
    assert order.tolist() == [1, 2, 0]
    axial = [1, 0, 0, 0, 1, 0]
    _, order = dimensions.get_index_values(
        positions(3.0, 1.0, 2.0), axial, handedness="LEFT_HANDED"
    )
    assert order.tolist() == [0, 2, 1]
    with pytest.raises(ValueError, match="different places, not 1"):
        dimensions.get_index_values(positions(1.0, 1.0))
    beside = [PlanePositionSequence("PATIENT", [x, 0.0, 1.0]) for x in (1.0, 2.0)]
    with pytest.raises(ValueError, match="along the normal"):
        dimensions.get_index_values(beside, axial)
    with pytest.raises(RuntimeError, match="frame of reference"):
        made_dimensions(None).get_index_values(positions(1.0))


def test_dimensions_take_positions_from_images():
    dimensions = made_dimensions("PATIENT")
    series = testing.ct_series(3)
    found = dimensions.get_plane_positions_of_series(series)
    assert [p.image_position[2] for p in found] == [30.0, 32.5, 35.0]
    found = dimensions.get_plane_positions_of_image(testing.enhanced_ct(3))
    assert [p.image_position[2] for p in found] == [30.0, 32.5, 35.0]
    tiles = made_dimensions("SLIDE").get_plane_positions_of_image(testing.slide())
    items = [tile[0] for tile in tiles[:5]]
    assert [i.ColumnPositionInTotalImagePixelMatrix for i in items] == [
        1,
        21,
        41,
        61,
        1,
    ]
    with pytest.raises(ValueError, match="must be a multi-frame image"):
        dimensions.get_plane_positions_of_image(series[0])
    with pytest.raises(ValueError, match="must be single-frame images"):
        dimensions.get_plane_positions_of_series([testing.enhanced_ct(3)])
    with pytest.raises(ValueError, match="frame of reference"):
        dimensions.get_plane_positions_of_series([testing.cr_image()])
