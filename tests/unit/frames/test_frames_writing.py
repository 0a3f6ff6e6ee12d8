from io import BytesIO

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian

from highdicom.encoding.elements import tag_of
from highdicom.encoding.tree import encode_items
from highdicom.errors import InvalidArgumentError
from highdicom.frames.dimensions import Dimension, dimension_indices
from highdicom.frames.index import DistinctGroups, FrameIndex
from highdicom.frames.reading import index_of
from highdicom.frames.references import FrameReferences
from highdicom.frames.writing import DerivationCodes, functional_groups

ENCODINGS = pytest.mark.parametrize("implicit", [False, True])
DIMENSIONS = [
    Dimension.of(
        "ReferencedSegmentNumber", "SegmentIdentificationSequence", "1.2.3", "Segment"
    ),
    Dimension.of("ImagePositionPatient", "PlanePositionSequence", "1.2.3"),
]


def code(value):
    item = Dataset()
    item.CodeValue = value
    item.CodingSchemeDesignator = "DCM"
    item.CodeMeaning = "meaning"
    return item


def window(center):
    item = Dataset()
    item.WindowCenter = center
    item.WindowWidth = 100
    return item


CODES = DerivationCodes([code("113076")], [code("121322")])


def table(count=6, groups=None, references=None, **changes):
    segments = 1 + np.arange(count) // 3
    columns = {
        "ReferencedSegmentNumber": segments,
        "ImagePositionPatient": np.array([[-1.5, 2, n % 3] for n in range(count)]),
        "ImageOrientationPatient": np.tile([1.0, 0, 0, 0, 1, 0], (count, 1)),
        "PixelSpacing": np.full((count, 2), 0.5),
        "SliceThickness": np.broadcast_to(2.5, (count,)),
    }
    columns.update(changes)
    columns = {
        keyword: value for keyword, value in columns.items() if value is not None
    }
    return FrameIndex.of(
        columns,
        DIMENSIONS,
        dimension_indices(DIMENSIONS, columns),
        references,
        groups,
    )


def written(groups, implicit=False):
    """Dataset as read from a file with these groups."""
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = (
        ImplicitVRLittleEndian if implicit else ExplicitVRLittleEndian
    )
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.SOPClassUID = "1.2.840.10008.5.1.4.1.1.66.4"
    dataset.SOPInstanceUID = "1.2.3"
    dataset.NumberOfFrames = len(groups.index)
    groups.put_into(dataset)
    dataset.set_original_encoding(implicit, True, dataset._character_set)
    stream = BytesIO()
    dataset.save_as(stream, enforce_file_format=True)
    assert isinstance(
        dataset.get_item(tag_of("PerFrameFunctionalGroupsSequence")), RawDataElement
    )
    stream.seek(0)
    return dcmread(stream)


@ENCODINGS
def test_what_varies_stands_in_each_frame_and_the_rest_is_shared(implicit):
    groups = functional_groups(table(), implicit=implicit, derivation=CODES)
    dataset = written(groups, implicit)
    shared = dataset.SharedFunctionalGroupsSequence[0]
    assert [element.keyword for element in shared] == [
        "PlaneOrientationSequence",
        "PixelMeasuresSequence",
    ]
    assert shared.PixelMeasuresSequence[0].PixelSpacing == [0.5, 0.5]
    assert shared.PixelMeasuresSequence[0].SliceThickness == 2.5
    frames = dataset.PerFrameFunctionalGroupsSequence
    assert len(frames) == 6
    assert [element.keyword for element in frames[4]] == [
        "DerivationImageSequence",
        "FrameContentSequence",
        "PlanePositionSequence",
        "SegmentIdentificationSequence",
    ]
    assert len(frames[4].DerivationImageSequence) == 0
    assert frames[4].FrameContentSequence[0].DimensionIndexValues == [2, 2]
    assert frames[4].PlanePositionSequence[0].ImagePositionPatient == [-1.5, 2, 1]
    assert frames[4].SegmentIdentificationSequence[0].ReferencedSegmentNumber == 2


def test_dimension_module_is_written():
    dataset = written(functional_groups(table()))
    assert [item.DimensionIndexPointer for item in dataset.DimensionIndexSequence] == [
        0x0062000B,
        0x00200032,
    ]
    assert len(dataset.DimensionOrganizationSequence) == 1


@ENCODINGS
def test_references_to_sources_are_written(implicit):
    references = FrameReferences.of(
        [0, 1, 1, 5],
        ["1.1", "1.1", "1.2.22", "1.1"],
        ["1.9"] * 4,
        [0, 3, 15, 0],
        [1, 0, -1, 1],
    )
    groups = functional_groups(
        table(references=references), implicit=implicit, derivation=CODES
    )
    frames = written(groups, implicit).PerFrameFunctionalGroupsSequence
    assert [len(frame.DerivationImageSequence) for frame in frames] == [
        1,
        1,
        0,
        0,
        0,
        1,
    ]
    derivation = frames[1].DerivationImageSequence[0]
    assert derivation.DerivationCodeSequence[0] == code("113076")
    first, second = derivation.SourceImageSequence
    assert first.ReferencedSOPClassUID == "1.9"
    assert first.ReferencedSOPInstanceUID == "1.1"
    assert first.ReferencedFrameNumber == 3
    assert first.SpatialLocationsPreserved == "NO"
    assert first.PurposeOfReferenceCodeSequence[0] == code("121322")
    assert second.ReferencedSOPInstanceUID == "1.2.22"
    assert "SpatialLocationsPreserved" not in second
    source = frames[0].DerivationImageSequence[0].SourceImageSequence[0]
    assert "ReferencedFrameNumber" not in source
    assert source.SpatialLocationsPreserved == "YES"


def test_very_uneven_references_are_written():
    frame = [0] * 200 + [150]
    uids = [f"1.{n}" for n in range(201)]
    references = FrameReferences.of(frame, uids, ["1.9"] * 201)
    groups = functional_groups(table(300, references=references), derivation=CODES)
    assert index_of(written(groups)).references == references


def test_references_need_codes():
    references = FrameReferences.of([0], ["1.1"], ["1.9"])
    with pytest.raises(InvalidArgumentError, match="'derivation'"):
        functional_groups(table(references=references))


@ENCODINGS
def test_table_that_was_written_is_read_back(implicit):
    index = table(
        references=FrameReferences.of([0, 3], ["1.1", "1.2"], ["1.9", "1.8"], [1, 0]),
        groups={
            "FrameVOILUTSequence": DistinctGroups(
                np.array([0, 1, -1, 0, 1, -1]),
                tuple(encode_items([window(n)]) for n in (40, 50)),
            ),
            "PixelValueTransformationSequence": DistinctGroups(
                np.zeros(6, int), (encode_items([window(1)], implicit=True),), True
            ),
        },
        SliceThickness=np.array([1, np.nan, 1, 1, 1, 2]),
        StackID=np.array(["a", "", "größer", "a", "a", "b"]),
        InStackPositionNumber=np.array([1, 2, 3, 1, 2, 3]),
        FrameAcquisitionDuration=np.array([0.1, 0.2, 0.3, np.nan, 0.5, 0.6]),
    )
    groups = functional_groups(
        index, implicit=implicit, derivation=CODES, character_set="ISO_IR 192"
    )
    assert groups.index == index
    dataset = written(groups, implicit)
    assert index_of(dataset) == index
    shared = dataset.SharedFunctionalGroupsSequence[0]
    assert "PixelMeasuresSequence" not in shared
    assert shared.PixelValueTransformationSequence[0] == window(1)


def test_pixel_measures_stay_together():
    index = table(SliceThickness=np.array([1, 1, 1, 1, 1, 2]))
    frames = written(functional_groups(index)).PerFrameFunctionalGroupsSequence
    assert frames[0].PixelMeasuresSequence[0].PixelSpacing == [0.5, 0.5]
    assert frames[5].PixelMeasuresSequence[0].SliceThickness == 2


def test_group_that_some_frames_lack_is_left_out_there():
    spacing = np.full((6, 2), 0.5)
    spacing[2] = np.nan
    index = table(PixelSpacing=spacing, SliceThickness=None)
    frames = written(functional_groups(index)).PerFrameFunctionalGroupsSequence
    assert "PixelMeasuresSequence" not in frames[2]
    assert "PixelMeasuresSequence" in frames[3]


def test_column_without_any_value_is_left_out():
    index = table(SliceThickness=np.full(6, np.nan), PixelSpacing=None)
    dataset = written(functional_groups(index))
    assert "PixelMeasuresSequence" not in dataset.SharedFunctionalGroupsSequence[0]
    assert "PixelMeasuresSequence" not in dataset.PerFrameFunctionalGroupsSequence[0]


def test_single_frame_keeps_its_own_position():
    frames = written(functional_groups(table(1))).PerFrameFunctionalGroupsSequence
    assert "PlanePositionSequence" in frames[0]
    groups = functional_groups(table(1), always_per_frame=["FrameContentSequence"])
    dataset = written(groups)
    assert "PlanePositionSequence" in dataset.SharedFunctionalGroupsSequence[0]
    assert "FrameContentSequence" in dataset.PerFrameFunctionalGroupsSequence[0]


def test_image_without_dimensions_has_no_dimension_module():
    index = FrameIndex.of({"ImagePositionPatient": np.zeros((2, 3))})
    dataset = written(functional_groups(index))
    assert "DimensionIndexSequence" not in dataset
    assert "FrameContentSequence" not in dataset.PerFrameFunctionalGroupsSequence[0]


def test_dimension_indices_share_their_group_with_other_attributes():
    index = table(StackID=np.array(["a", "a", "", "", "b", "b"]))
    frames = written(functional_groups(index)).PerFrameFunctionalGroupsSequence
    assert frames[1].FrameContentSequence[0].StackID == "a"
    assert frames[1].FrameContentSequence[0].DimensionIndexValues == [1, 2]
    assert "StackID" not in frames[2].FrameContentSequence[0]
    assert frames[2].FrameContentSequence[0].DimensionIndexValues == [1, 1]


def test_further_shared_groups_are_kept_and_not_changed():
    shared = Dataset()
    shared.FrameAnatomySequence = [Dataset()]
    shared.FrameAnatomySequence[0].FrameLaterality = "L"
    groups = functional_groups(table(), shared=shared)
    assert groups.shared.FrameAnatomySequence[0].FrameLaterality == "L"
    assert "PixelMeasuresSequence" in groups.shared
    assert [element.keyword for element in shared] == ["FrameAnatomySequence"]


def test_numbers_are_rounded_to_what_fits_a_decimal_string():
    positions = np.array([[1 / 3, -1 / 3, n % 3] for n in range(6)])
    groups = functional_groups(table(ImagePositionPatient=positions))
    read = index_of(written(groups))
    assert read == groups.index
    np.testing.assert_allclose(
        read.columns["ImagePositionPatient"], positions, rtol=0, atol=1e-13
    )
    assert (read.columns["ImagePositionPatient"] != positions).any()


def test_shared_numbers_are_rounded_alike():
    spacing = np.broadcast_to([1 / 3, 2 / 3], (6, 2))
    groups = functional_groups(table(PixelSpacing=spacing))
    assert index_of(written(groups)) == groups.index


def test_slide_positions_are_written():
    rows, columns = np.divmod(np.arange(12), 4)
    index = FrameIndex.of(
        {
            "RowPositionInTotalImagePixelMatrix": rows * 256 + 1,
            "ColumnPositionInTotalImagePixelMatrix": columns * 256 + 1,
            "XOffsetInSlideCoordinateSystem": 20 - rows * 0.064,
            "YOffsetInSlideCoordinateSystem": 40 - columns * 0.064,
            "ZOffsetInSlideCoordinateSystem": np.zeros(12),
        }
    )
    groups = functional_groups(index)
    dataset = written(groups)
    item = dataset.PerFrameFunctionalGroupsSequence[7].PlanePositionSlideSequence[0]
    assert item.RowPositionInTotalImagePixelMatrix == 257
    assert item.ColumnPositionInTotalImagePixelMatrix == 769
    assert item.XOffsetInSlideCoordinateSystem == 19.936
    assert index_of(dataset) == groups.index


@pytest.mark.parametrize("always", [(), ("FrameVOILUTSequence",)])
def test_group_of_all_frames_is_shared_unless_told_otherwise(always):
    groups = {
        "FrameVOILUTSequence": DistinctGroups(
            np.zeros(6, int), (encode_items([window(40)]),)
        )
    }
    written_groups = functional_groups(table(groups=groups), always_per_frame=always)
    dataset = written(written_groups)
    assert ("FrameVOILUTSequence" in dataset.SharedFunctionalGroupsSequence[0]) == (
        not always
    )
    assert index_of(dataset).groups == groups


def test_group_that_no_frame_has_is_left_out():
    groups = {"FrameVOILUTSequence": DistinctGroups(np.full(6, -1), ())}
    dataset = written(functional_groups(table(groups=groups)))
    assert "FrameVOILUTSequence" not in dataset.PerFrameFunctionalGroupsSequence[0]


def test_text_of_groups_is_brought_into_the_character_set():
    item = Dataset()
    item.LUTExplanation = "größer"
    groups = {
        "FrameVOILUTSequence": DistinctGroups(
            np.array([0, -1, -1, -1, -1, -1]),
            (encode_items([item], character_set="ISO_IR 100"),),
            character_set="ISO_IR 100",
        )
    }
    dataset = written(
        functional_groups(table(groups=groups), character_set="ISO_IR 192")
    )
    frame = dataset.PerFrameFunctionalGroupsSequence[0]
    assert frame.FrameVOILUTSequence[0].LUTExplanation == "größer"


def voi_twice():
    shared = Dataset()
    shared.FrameVOILUTSequence = [window(1)]
    groups = {
        "FrameVOILUTSequence": DistinctGroups(
            np.array([0, 1, 0, 0, 0, 0]),
            tuple(encode_items([window(n)]) for n in (1, 2)),
        )
    }
    return table(groups=groups), {"shared": shared}


def shared_voi_twice():
    index, options = voi_twice()
    groups = {
        "FrameVOILUTSequence": DistinctGroups(
            np.zeros(6, int), index.groups["FrameVOILUTSequence"].encoded
        )
    }
    return table(groups=groups), options


def measures_twice():
    shared = Dataset()
    shared.PixelMeasuresSequence = [Dataset()]
    return table(), {"shared": shared}


def derivation_twice():
    groups = {
        "DerivationImageSequence": DistinctGroups(
            np.array([0, -1, 0, 0, 0, 0]), (encode_items([Dataset()]),)
        )
    }
    return table(groups=groups), {"derivation": CODES}


@pytest.mark.parametrize(
    "arguments", [voi_twice, shared_voi_twice, measures_twice, derivation_twice]
)
def test_group_that_is_given_in_two_ways_is_refused(arguments):
    index, options = arguments()
    with pytest.raises(InvalidArgumentError, match="given in two ways"):
        functional_groups(index, **options)


@pytest.mark.parametrize(
    "value", [[np.nan, 1, 2], [np.inf, 1, 2], [-np.inf, -np.inf, -np.inf]]
)
def test_position_that_is_not_finite_is_refused(value):
    positions = np.array([[-1.5, 2, n % 3] for n in range(6)])
    positions[3] = value
    index = FrameIndex.of({"ImagePositionPatient": positions})
    with pytest.raises(InvalidArgumentError, match="'ImagePositionPatient' of frame 4"):
        functional_groups(index)


def test_column_of_no_functional_group_is_refused():
    index = FrameIndex.of({"SOPInstanceUID": np.array(["1.2"])})
    with pytest.raises(InvalidArgumentError, match="'SOPInstanceUID'"):
        functional_groups(index)


def test_segment_number_that_does_not_fit_is_refused():
    index = FrameIndex.of({"ReferencedSegmentNumber": np.array([1, 70000])})
    with pytest.raises(InvalidArgumentError, match="70000"):
        functional_groups(index)
