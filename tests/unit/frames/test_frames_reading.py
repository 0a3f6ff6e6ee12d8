import copy
from io import BytesIO

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.data import get_testdata_file
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import (
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)

from highdicom.encoding.elements import tag_of
from highdicom.encoding.lazy import lazy_sequence
from highdicom.errors import (
    ArgumentTypeError,
    InvalidArgumentError,
    InvalidAttributeError,
    MissingAttributeError,
    NonconformantDatasetError,
    NonconformantDatasetWarning,
)
from highdicom.frames.columns import ABSENT
from highdicom.frames.index import FrameIndex
from highdicom.frames.reading import index_of, index_of_series
from highdicom.policy import reading_policy

PER_FRAME = tag_of("PerFrameFunctionalGroupsSequence")
SYNTAXES = pytest.mark.parametrize(
    "syntax", [ExplicitVRLittleEndian, ImplicitVRLittleEndian, ExplicitVRBigEndian]
)


def dataset_of(**values):
    dataset = Dataset()
    for keyword, value in values.items():
        setattr(dataset, keyword, value)
    return dataset


def source(uid, frames=None, preserved="YES", sop_class="1.2.840.10008.5.1.4.1.1.2"):
    item = dataset_of(ReferencedSOPClassUID=sop_class, ReferencedSOPInstanceUID=uid)
    if frames:
        item.ReferencedFrameNumber = frames
    if preserved:
        item.SpatialLocationsPreserved = preserved
    return item


def frame(position, segment, indices, sources=(), **groups):
    item = dataset_of(
        DerivationImageSequence=[
            dataset_of(
                SourceImageSequence=list(sources),
                DerivationCodeSequence=[dataset_of(CodeValue="113076")],
            )
        ],
        FrameContentSequence=[dataset_of(DimensionIndexValues=indices)],
        PlanePositionSequence=[dataset_of(ImagePositionPatient=position)],
        SegmentIdentificationSequence=[dataset_of(ReferencedSegmentNumber=segment)],
    )
    for keyword, value in groups.items():
        setattr(item, keyword, value)
    return item


def window(center):
    return [dataset_of(WindowCenter=[center, center + 1], WindowWidth=[10, 20])]


def image(items=None):
    items = items or [
        frame([0, 0, 1.5], 1, [1, 1], [source("1.1")], FrameVOILUTSequence=window(1)),
        frame([0, 0, "2.50"], 1, [1, 2], [source("1.1", 3), source("1.2", [4, 15])]),
        frame([0, -7, 1.5], 2, [2, 1], FrameVOILUTSequence=window(1)),
        frame([0, 0, 2.5], 2, [2, 2], [source("1.2", preserved="NO")]),
    ]
    shared = dataset_of(
        PlaneOrientationSequence=[
            dataset_of(ImageOrientationPatient=[1, 0, 0, 0, 1, 0])
        ],
        PixelMeasuresSequence=[
            dataset_of(PixelSpacing=["0.5", "0.25"], SliceThickness=2)
        ],
        PixelValueTransformationSequence=[dataset_of(RescaleSlope=2)],
    )
    dimensions = [
        dataset_of(
            DimensionOrganizationUID="1.5",
            DimensionIndexPointer=tag_of("ReferencedSegmentNumber"),
            FunctionalGroupPointer=tag_of("SegmentIdentificationSequence"),
            DimensionDescriptionLabel="Segment Number",
        ),
        dataset_of(
            DimensionOrganizationUID="1.5",
            DimensionIndexPointer=tag_of("ImagePositionPatient"),
            FunctionalGroupPointer=tag_of("PlanePositionSequence"),
        ),
    ]
    return dataset_of(
        SpecificCharacterSet="ISO_IR 192",
        SOPClassUID="1.2.840.10008.5.1.4.1.1.66.4",
        SOPInstanceUID="1.2.3",
        NumberOfFrames=len(items),
        DimensionIndexSequence=dimensions,
        SharedFunctionalGroupsSequence=[shared],
        PerFrameFunctionalGroupsSequence=items,
    )


def written_and_read(dataset, syntax=ExplicitVRLittleEndian):
    dataset = copy.deepcopy(dataset)
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = syntax
    stream = BytesIO()
    dataset.save_as(stream, enforce_file_format=True)
    stream.seek(0)
    return dcmread(stream)


def make_undefined(dataset):
    for element in dataset:
        if element.VR == "SQ":
            element.is_undefined_length = True
            for item in element.value:
                item.is_undefined_length_sequence_item = True
                make_undefined(item)


def check(index):
    columns = index.columns
    np.testing.assert_array_equal(
        columns["ImagePositionPatient"],
        [[0, 0, 1.5], [0, 0, 2.5], [0, -7, 1.5], [0, 0, 2.5]],
    )
    assert columns["ReferencedSegmentNumber"].tolist() == [1, 1, 2, 2]
    assert columns["ReferencedSegmentNumber"].dtype == np.int64
    assert index.shared("ImageOrientationPatient").tolist() == [1, 0, 0, 0, 1, 0]
    assert index.shared("PixelSpacing").tolist() == [0.5, 0.25]
    assert index.shared("SliceThickness") == 2
    assert index.dimension_indices.tolist() == [[1, 1], [1, 2], [2, 1], [2, 2]]
    segment, position = index.dimensions
    assert segment.keyword == "ReferencedSegmentNumber"
    assert (segment.organization_uid, segment.label) == ("1.5", "Segment Number")
    assert (position.keyword, position.label) == ("ImagePositionPatient", None)
    references = index.references
    uids = [references.sop_instance_uids[i] for i in references.instance]
    assert list(zip(references.frame.tolist(), uids, strict=True)) == [
        (0, "1.1"),
        (1, "1.1"),
        (1, "1.2"),
        (1, "1.2"),
        (3, "1.2"),
    ]
    assert references.frame_number.tolist() == [0, 3, 4, 15, 0]
    assert references.locations_preserved.tolist() == [1, 1, 1, 1, 0]
    assert set(references.sop_class_uids) == {"1.2.840.10008.5.1.4.1.1.2"}
    ids, windows = index.distinct("FrameVOILUTSequence")
    assert ids.tolist() == [0, -1, 0, -1]
    assert windows[0][0].WindowCenter == [1, 2]
    ids, transformations = index.distinct("PixelValueTransformationSequence")
    assert ids.tolist() == [0, 0, 0, 0]
    assert transformations[0][0].RescaleSlope == 2
    assert not index.unreadable


@SYNTAXES
def test_image_is_read_from_its_bytes(syntax):
    dataset = written_and_read(image(), syntax)
    check(index_of(dataset))


@SYNTAXES
def test_image_is_read_from_decoded_items(syntax):
    dataset = written_and_read(image(), syntax)
    for _ in dataset.iterall():
        pass
    check(index_of(dataset))


def test_image_is_read_from_items_made_by_hand():
    dataset = image()
    before = copy.deepcopy(dataset)
    check(index_of(dataset))
    assert dataset == before


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, ImplicitVRLittleEndian])
def test_image_with_undefined_lengths_is_read(syntax):
    dataset = image()
    make_undefined(dataset)
    check(index_of(written_and_read(dataset, syntax)))


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, ImplicitVRLittleEndian])
def test_image_is_read_from_a_lazy_sequence(syntax):
    dataset = written_and_read(image(), syntax)
    lazy = lazy_sequence(dataset.get_item(PER_FRAME), "ISO_IR 192")
    dataset._dict[PER_FRAME] = DataElement(PER_FRAME, "SQ", lazy)
    check(index_of(dataset))
    assert lazy.decoded_count == 0
    lazy[0].SegmentIdentificationSequence[0].ReferencedSegmentNumber = 9
    assert index_of(dataset).columns["ReferencedSegmentNumber"][0] == 9


def test_bytes_that_had_to_be_mended_are_read():
    # Elements of odd length of unknown VR in undefined length, as some writers do.
    dataset = written_and_read(image(), ImplicitVRLittleEndian)
    raw = dataset.get_item(PER_FRAME)
    private = b"\x09\0\x10\0\x04\0\0\0ours\x09\0\x01\x10\xff\xff\xff\xff"
    private += b"\xfe\xff\0\xe0\0\0\0\0\xfe\xff\xdd\xe0\0\0\0\0"
    length = int.from_bytes(raw.value[4:8], "little") + len(private)
    value = b"\xfe\xff\0\xe0" + length.to_bytes(4, "little") + private + raw.value[8:]
    dataset._dict[PER_FRAME] = raw._replace(value=value, length=len(value))
    check(index_of(dataset))


def test_frames_may_lack_what_others_have():
    items = [
        frame([0, 0, 1], 1, [1, 1]),
        dataset_of(FrameContentSequence=[dataset_of(StackID="größer")]),
        dataset_of(),
    ]
    dataset = image(items)
    index = index_of(dataset)
    positions = index.columns["ImagePositionPatient"]
    assert positions[0].tolist() == [0, 0, 1]
    assert np.isnan(positions[1:]).all()
    assert index.columns["ReferencedSegmentNumber"].tolist() == [1, ABSENT, ABSENT]
    assert index.columns["StackID"].tolist() == ["", "größer", ""]
    assert index.dimension_indices.tolist() == [[1, 1], [0, 0], [0, 0]]


def test_frames_without_their_own_value_have_the_shared_one():
    dataset = image()
    shared = dataset.SharedFunctionalGroupsSequence[0]
    shared.PlanePositionSequence = [dataset_of(ImagePositionPatient=[7, 8, 9])]
    shared.FrameVOILUTSequence = window(5)
    del dataset.PerFrameFunctionalGroupsSequence[1].PlanePositionSequence
    index = index_of(dataset)
    assert index.columns["ImagePositionPatient"][1].tolist() == [7, 8, 9]
    ids, windows = index.distinct("FrameVOILUTSequence")
    assert [windows[i][0].WindowCenter[0] for i in ids] == [1, 5, 1, 5]


def test_shared_group_that_every_frame_overrides_is_not_kept():
    dataset = image()
    dataset.SharedFunctionalGroupsSequence[0].FrameVOILUTSequence = window(5)
    for number, item in enumerate(dataset.PerFrameFunctionalGroupsSequence):
        item.FrameVOILUTSequence = window(number % 2)
    ids, windows = index_of(dataset).distinct("FrameVOILUTSequence")
    assert [windows[i][0].WindowCenter[0] for i in ids] == [0, 1, 0, 1]
    assert len(windows) == 2


def test_source_shared_by_all_frames_is_one_of_each():
    dataset = image([dataset_of(), dataset_of()])
    dataset.SharedFunctionalGroupsSequence[0].DerivationImageSequence = [
        dataset_of(SourceImageSequence=[source("1.1"), source("1.2", 4)])
    ]
    references = index_of(dataset).references
    assert references.frame.tolist() == [0, 0, 1, 1]
    assert references.frame_number.tolist() == [0, 4, 0, 4]


def test_sources_in_several_derivations_are_found_with_their_own_facts():
    item = dataset_of(
        DerivationImageSequence=[
            dataset_of(SourceImageSequence=[source("1.1", preserved=None)]),
            dataset_of(
                SourceImageSequence=[
                    source("1.2", 2, "REORIENTED_ONLY", "1.9"),
                    dataset_of(ReferencedFrameNumber=5),
                    source("1.3", None, "YES"),
                ]
            ),
        ]
    )
    references = index_of(image([dataset_of(), item])).references
    assert references.sop_instance_uids == ("1.1", "1.2", "1.3")
    assert references.sop_class_uids[1] == "1.9"
    assert references.frame.tolist() == [1, 1, 1]
    assert references.frame_number.tolist() == [0, 2, 0]
    assert references.locations_preserved.tolist() == [-1, 0, 1]


def test_source_without_class_has_an_empty_one():
    item = frame([0, 0, 0], 1, [1, 1], [dataset_of(ReferencedSOPInstanceUID="1.1")])
    assert index_of(image([item])).references.sop_class_uids == ("",)


def test_impossible_source_frame_number_is_noted():
    index = index_of(image([frame([0, 0, 0], 1, [1, 1], [source("1.1", [0, 3])])]))
    assert len(index.references) == 0
    assert "ReferencedFrameNumber" in index.unreadable["DerivationImageSequence"]


def test_position_that_is_no_number_is_noted_and_the_rest_is_read():
    dataset = image()
    position = dataset.PerFrameFunctionalGroupsSequence[1].PlanePositionSequence[0]
    position.add(DataElement("ImagePositionPatient", "LO", ["1", "x", "3"]))
    index = index_of(dataset)
    with pytest.raises(InvalidAttributeError, match=r"item 2.*no number"):
        index.column("ImagePositionPatient")
    assert index.columns["ReferencedSegmentNumber"].tolist() == [1, 1, 2, 2]


@pytest.mark.parametrize(
    "values", [["1", "2"], ["1", "2", "3", "4"], ["nan", "1", "2"]]
)
def test_position_of_a_wrong_kind_is_noted(values):
    dataset = image()
    for item in dataset.PerFrameFunctionalGroupsSequence:
        position = item.PlanePositionSequence[0]
        position.add(DataElement("ImagePositionPatient", "LO", values))
    with pytest.raises(InvalidAttributeError, match="ImagePositionPatient"):
        index_of(dataset).column("ImagePositionPatient")


def test_binary_position_that_is_not_finite_is_noted():
    position = dataset_of(ImagePositionVolume=[0.0, float("nan"), 1.0])
    dataset = image([dataset_of(PlanePositionVolumeSequence=[position])])
    with pytest.raises(InvalidAttributeError, match="not finite"):
        index_of(dataset).column("ImagePositionVolume")


def test_wrong_number_of_dimension_indices_is_noted():
    dataset = image()
    for item in dataset.PerFrameFunctionalGroupsSequence:
        item.FrameContentSequence[0].DimensionIndexValues = [1, 2, 3]
    index = index_of(dataset)
    assert "3 DimensionIndexValues" in index.unreadable["DimensionIndexValues"]
    assert not index.dimension_indices.any()


def test_dimension_without_pointer_is_refused():
    dataset = image()
    del dataset.DimensionIndexSequence[0].DimensionIndexPointer
    with pytest.raises(InvalidAttributeError, match="DimensionIndexPointer"):
        index_of(dataset)


@pytest.mark.parametrize(("count", "kept"), [(6, 4), (3, 3)])
def test_number_of_items_that_differs_from_that_of_frames_is_tolerated(count, kept):
    dataset = image()
    dataset.NumberOfFrames = count
    with pytest.warns(NonconformantDatasetWarning, match=f"4 items for {count} frames"):
        index = index_of(dataset)
    assert len(index) == count
    assert (index.columns["ReferencedSegmentNumber"] != ABSENT).sum() == kept
    with (
        reading_policy("strict"),
        pytest.raises(NonconformantDatasetError, match="4 items"),
    ):
        index_of(dataset)


def test_damaged_item_leaves_the_other_frames_usable():
    dataset = written_and_read(image())
    raw = dataset.get_item(PER_FRAME)
    value = bytearray(raw.value)
    value[value.index(b"UL") + 2] = 0xF0  # a length far beyond the item
    dataset._dict[PER_FRAME] = raw._replace(value=bytes(value))
    with pytest.warns(NonconformantDatasetWarning, match=r"Sequence\[0\]"):
        index = index_of(dataset)
    assert np.isnan(index.columns["ImagePositionPatient"][0]).all()
    assert index.columns["ImagePositionPatient"][1].tolist() == [0, 0, 2.5]


def test_truncated_groups_are_refused():
    dataset = written_and_read(image())
    raw = dataset.get_item(PER_FRAME)
    dataset._dict[PER_FRAME] = raw._replace(value=raw.value[:-10])
    with pytest.raises(InvalidAttributeError, match="PerFrameFunctionalGroupsSequence"):
        index_of(dataset)


@pytest.mark.parametrize("value", ["0", "-3", "x", "1\\2", ""])
def test_impossible_number_of_frames_is_refused(value):
    dataset = image()
    tag = tag_of("NumberOfFrames")
    raw = RawDataElement(tag, "IS", len(value), value.encode(), 0, False, True)
    dataset._dict[tag] = raw
    if value:
        with pytest.raises(InvalidAttributeError, match=r"'NumberOfFrames'.*1\.2\.3"):
            index_of(dataset)
    else:
        with pytest.warns(NonconformantDatasetWarning, match="4 items for 1 frames"):
            assert len(index_of(dataset)) == 1


def test_dimensions_that_are_no_columns_are_read_as_well():
    items = [
        dataset_of(
            FrameContentSequence=[dataset_of(DimensionIndexValues=[1, 1, 1, 1])],
            MRAveragesSequence=[dataset_of(NumberOfAverages=averages)],
            FrameAnatomySequence=[dataset_of(FrameLaterality=laterality)],
            FrameLabel=label,
        )
        for averages, laterality, label in [(3, "L", "x"), (1, "R", "y")]
    ]
    dataset = image(items)
    pointers = [
        ("NumberOfAverages", "MRAveragesSequence"),
        ("FrameLaterality", "FrameAnatomySequence"),
        ("FrameLabel", None),
        ("SpacingBetweenSlices", "FrameContentSequence"),
    ]
    dataset.DimensionIndexSequence = []
    for pointer, group in pointers:
        dimension = dataset_of(DimensionIndexPointer=tag_of(pointer))
        if group:
            dimension.FunctionalGroupPointer = tag_of(group)
        dataset.DimensionIndexSequence.append(dimension)
    index = index_of(dataset)
    assert index.columns["NumberOfAverages"].tolist() == [3, 1]
    assert index.columns["FrameLaterality"].tolist() == ["L", "R"]
    assert index.columns["FrameLabel"].tolist() == ["x", "y"]
    assert "SpacingBetweenSlices" not in index.columns


def test_dimension_that_only_some_frames_have_is_read_as_bytes():
    dataset = image()
    dataset.DimensionIndexSequence[0].DimensionIndexPointer = tag_of("WindowCenter")
    dataset.DimensionIndexSequence[0].FunctionalGroupPointer = tag_of(
        "FrameVOILUTSequence"
    )
    index = index_of(dataset)
    assert index.columns["WindowCenter"].tolist() == [
        b"1.0\\2.0",
        b"",
        b"1.0\\2.0",
        b"",
    ]


def test_dimension_with_uneven_values_is_read_as_bytes():
    dataset = image()
    dataset.DimensionIndexSequence[0].DimensionIndexPointer = tag_of("WindowCenter")
    dataset.DimensionIndexSequence[0].FunctionalGroupPointer = tag_of(
        "FrameVOILUTSequence"
    )
    for number, item in enumerate(dataset.PerFrameFunctionalGroupsSequence):
        item.FrameVOILUTSequence = [dataset_of(WindowCenter=[5] * (number + 1))]
    index = index_of(dataset)
    assert index.columns["WindowCenter"][:2].tolist() == [b"5.0", b"5.0\\5.0"]


def test_private_dimension_is_named_by_its_tag():
    items = []
    for value in (b"b ", b"a "):
        item = dataset_of()
        block = item.private_block(0x0009, "ours", create=True)
        block.add_new(1, "SQ", Sequence([dataset_of()]))
        inner = item[0x00091001].value[0].private_block(0x0009, "ours", create=True)
        inner.add_new(2, "OB", value)
        items.append(item)
    dataset = image(items)
    dataset.DimensionIndexSequence = [
        dataset_of(DimensionIndexPointer=0x00091002, FunctionalGroupPointer=0x00091001)
    ]
    index = index_of(dataset)
    assert index.columns["(0009,1002)"].tolist() == [b"b ", b"a "]


def test_shared_dimension_is_repeated():
    dataset = image()
    dataset.DimensionIndexSequence[0].DimensionIndexPointer = tag_of("RescaleSlope")
    dataset.DimensionIndexSequence[0].FunctionalGroupPointer = tag_of(
        "PixelValueTransformationSequence"
    )
    assert index_of(dataset).columns["RescaleSlope"].tolist() == [2, 2, 2, 2]


def test_single_frame_image_is_read():
    dataset = dcmread(get_testdata_file("CT_small.dcm"))
    index = index_of(dataset)
    assert len(index) == 1
    assert index.shared("ImagePositionPatient").tolist() == [
        float(value) for value in dataset.ImagePositionPatient
    ]
    assert index.shared("PixelSpacing").tolist() == [0.661468, 0.661468]
    assert index.dimensions == ()
    assert "FrameLabel" not in index.columns


def test_enhanced_image_of_pydicom_is_read():
    dataset = dcmread(get_testdata_file("eCT_Supplemental.dcm"))
    index = index_of(dataset)
    items = dcmread(get_testdata_file("eCT_Supplemental.dcm"))
    for row, item in enumerate(items.PerFrameFunctionalGroupsSequence):
        position = [
            float(x) for x in item.PlanePositionSequence[0].ImagePositionPatient
        ]
        assert index.columns["ImagePositionPatient"][row].tolist() == position
    ids, groups = index.distinct("RealWorldValueMappingSequence")
    assert ids.tolist() == [0, 0]
    assert groups[0][0].RealWorldValueSlope is not None


def test_clip_without_geometry_has_frames_and_nothing_else():
    dataset = dataset_of(
        NumberOfFrames=3, FrameIncrementPointer=0x00181063, FrameTime=40
    )
    index = index_of(dataset)
    assert len(index) == 3
    assert dict(index.columns) == {}
    with pytest.raises(MissingAttributeError):
        index.column("ImagePositionPatient")


def test_one_position_says_nothing_of_several_frames():
    dataset = dataset_of(
        NumberOfFrames=2,
        ImagePositionPatient=[0, 0, 0],
        ImageOrientationPatient=[1, 0, 0, 0, 1, 0],
        PixelSpacing=[1, 1],
    )
    index = index_of(dataset)
    assert "ImagePositionPatient" not in index.columns
    assert index.shared("PixelSpacing").tolist() == [1, 1]


def test_vectors_of_frame_increments_are_columns():
    dataset = dataset_of(
        NumberOfFrames=3,
        FrameIncrementPointer=[tag_of("SliceVector"), tag_of("FrameTimeVector")],
        SliceVector=[1, 2, 3],
        FrameTimeVector=[0, "40.5", 40],
    )
    index = index_of(dataset)
    assert index.columns["SliceVector"].tolist() == [1, 2, 3]
    assert index.columns["FrameTimeVector"].tolist() == [0, 40.5, 40]


def test_vector_of_another_length_is_noted():
    dataset = dataset_of(
        NumberOfFrames=3,
        FrameIncrementPointer=tag_of("SliceVector"),
        SliceVector=[1, 2],
    )
    with pytest.raises(InvalidAttributeError, match="2 values for 3 frames"):
        index_of(dataset).column("SliceVector")


def dose(offsets, position=(1, 2, 3), orientation=(1, 0, 0, 0, 1, 0)):
    return dataset_of(
        NumberOfFrames=len(offsets),
        GridFrameOffsetVector=offsets,
        ImagePositionPatient=list(position),
        ImageOrientationPatient=list(orientation),
    )


def test_planes_of_a_dose_grid_lie_along_its_normal():
    positions = index_of(dose([0, 2.5, 5])).columns["ImagePositionPatient"]
    assert positions.tolist() == [[1, 2, 3], [1, 2, 5.5], [1, 2, 8]]
    sagittal = dose([0, 2], orientation=(0, 1, 0, 0, 0, -1))
    positions = index_of(sagittal).columns["ImagePositionPatient"]
    assert positions.tolist() == [[1, 2, 3], [-1, 2, 3]]


def test_offsets_of_a_dose_grid_may_be_coordinates():
    positions = index_of(dose([3, 1, -1])).columns["ImagePositionPatient"]
    assert positions.tolist() == [[1, 2, 3], [1, 2, 1], [1, 2, -1]]


@pytest.mark.parametrize(
    "grid",
    [dose([4, 5]), dose([3, 4], orientation=(0, 1, 0, 0, 0, -1))],
)
def test_offsets_of_a_dose_grid_that_contradict_the_position_are_noted(grid):
    with pytest.raises(InvalidAttributeError, match="GridFrameOffsetVector"):
        index_of(grid).column("ImagePositionPatient")


def test_dose_grid_without_position_has_none():
    grid = dose([0, 1])
    del grid.ImagePositionPatient
    assert "ImagePositionPatient" not in index_of(grid).columns


def tiled(**changes):
    dataset = dataset_of(
        SOPClassUID="1.2.840.10008.5.1.4.1.1.77.1.6",
        DimensionOrganizationType="TILED_FULL",
        Rows=10,
        Columns=20,
        TotalPixelMatrixRows=25,
        TotalPixelMatrixColumns=40,
        TotalPixelMatrixFocalPlanes=1,
        NumberOfOpticalPaths=2,
        NumberOfFrames=12,
        ImageOrientationSlide=[0, -1, 0, -1, 0, 0],
        TotalPixelMatrixOriginSequence=[
            dataset_of(
                XOffsetInSlideCoordinateSystem=20, YOffsetInSlideCoordinateSystem=40
            )
        ],
        OpticalPathSequence=[
            dataset_of(OpticalPathIdentifier="a"),
            dataset_of(OpticalPathIdentifier="b"),
        ],
        SharedFunctionalGroupsSequence=[
            dataset_of(PixelMeasuresSequence=[dataset_of(PixelSpacing=[0.5, 0.25])])
        ],
        DimensionIndexSequence=[
            dataset_of(
                DimensionIndexPointer=tag_of("RowPositionInTotalImagePixelMatrix"),
                FunctionalGroupPointer=tag_of("PlanePositionSlideSequence"),
            ),
        ],
    )
    for keyword, value in changes.items():
        setattr(dataset, keyword, value)
    return dataset


def test_places_of_tiles_follow_from_their_order():
    index = index_of(tiled())
    columns = index.columns
    assert columns["RowPositionInTotalImagePixelMatrix"].tolist() == [
        1, 1, 11, 11, 21, 21, 1, 1, 11, 11, 21, 21,
    ]  # fmt: skip
    assert columns["ColumnPositionInTotalImagePixelMatrix"].tolist() == [1, 21] * 6
    assert columns["OpticalPathIdentifier"].tolist() == ["a"] * 6 + ["b"] * 6
    assert columns["XOffsetInSlideCoordinateSystem"][2] == 20 - 10 * 0.5
    assert columns["YOffsetInSlideCoordinateSystem"][1] == 40 - 20 * 0.25
    assert index.dimension_indices[:, 0].tolist() == [1, 1, 2, 2, 3, 3] * 2
    ids, groups = index.distinct("OpticalPathIdentificationSequence")
    assert groups[ids[-1]][0].OpticalPathIdentifier == "b"


def test_segments_are_channels_of_tiles():
    dataset = tiled(
        SOPClassUID="1.2.840.10008.5.1.4.1.1.66.4",
        SegmentSequence=[dataset_of(SegmentNumber=n) for n in (1, 3)],
    )
    del dataset.OpticalPathSequence
    index = index_of(dataset)
    assert index.columns["ReferencedSegmentNumber"].tolist() == [1] * 6 + [3] * 6


def test_number_of_frames_that_contradicts_the_tiles_is_noted():
    index = index_of(tiled(NumberOfFrames=11))
    assert len(index) == 11
    with pytest.raises(InvalidAttributeError, match="NumberOfFrames is 11"):
        index.column("RowPositionInTotalImagePixelMatrix")


def test_series_of_single_frames_has_the_same_table():
    datasets = []
    for number in range(3):
        dataset = dcmread(get_testdata_file("CT_small.dcm"))
        dataset.SOPInstanceUID = f"1.2.{number}"
        dataset.ImagePositionPatient = [0, 0, number]
        datasets.append(dataset)
    del datasets[1].SliceThickness
    index = index_of_series(datasets)
    assert index.columns["ImagePositionPatient"].tolist() == [
        [0, 0, 0],
        [0, 0, 1],
        [0, 0, 2],
    ]
    assert index.columns["SliceThickness"][[0, 2]].tolist() == [5, 5]
    assert np.isnan(index.columns["SliceThickness"][1])
    assert index.shared("PixelSpacing").tolist() == [0.661468, 0.661468]
    assert len(index_of_series([])) == 0


def test_series_of_enhanced_images_of_one_frame_is_read():
    datasets = [
        image([frame([0, 0, 1], 1, [1, 1])]),
        image([frame([0, 0, 2], 2, [1, 1])]),
        dataset_of(ImagePositionPatient=[0, 0, 3], SOPInstanceUID="1.2.4"),
    ]
    index = index_of_series(datasets)
    assert index.columns["ImagePositionPatient"][:, 2].tolist() == [1, 2, 3]
    assert index.columns["ReferencedSegmentNumber"].tolist() == [1, 2, ABSENT]


def test_wrong_value_in_a_series_is_noted_with_its_instance():
    datasets = [dataset_of(SOPInstanceUID="1.2.4", PixelSpacing=[1, 1])]
    datasets[0].add(DataElement("ImagePositionPatient", "LO", ["1", "2"]))
    index = index_of_series(datasets)
    with pytest.raises(
        InvalidAttributeError, match=r"1\.2\.4 has 2 values instead of 3"
    ):
        index.column("ImagePositionPatient")
    assert index.shared("PixelSpacing").tolist() == [1, 1]


def test_wrong_numbers_of_values_that_add_up_are_noted_too():
    datasets = [
        dataset_of(SOPInstanceUID=f"1.2.{n}", PixelSpacing=[1, 1]) for n in "34"
    ]
    for dataset, count in zip(datasets, (1, 3), strict=True):
        dataset.PixelSpacing = [1] * count
    index = index_of_series(datasets)
    with pytest.raises(
        InvalidAttributeError, match=r"1\.2\.3 has 1 values instead of 2"
    ):
        index.column("PixelSpacing")


def test_series_must_consist_of_single_frames():
    with pytest.raises(InvalidArgumentError, match="number 2 has 3 frames"):
        index_of_series([dataset_of(), dataset_of(NumberOfFrames=3)])
    with pytest.raises(ArgumentTypeError, match="type str"):
        index_of_series(["path"])


@pytest.mark.parametrize("value", [b"nan\\0\\0", b"1\\x\\2", b"1e999\\0\\0"])
def test_top_level_position_that_is_no_number_is_noted(value):
    dataset = dataset_of(SOPInstanceUID="1.2.3")
    tag = tag_of("ImagePositionPatient")
    dataset._dict[tag] = RawDataElement(tag, "DS", len(value), value, 0, False, True)
    with pytest.raises(InvalidAttributeError, match="'ImagePositionPatient'"):
        index_of(dataset).column("ImagePositionPatient")


def test_table_of_an_image_is_equal_each_time():
    first, second = index_of(image()), index_of(written_and_read(image()))
    assert isinstance(first, FrameIndex)
    assert first == second


@pytest.mark.parametrize(
    ("vr", "value"),
    [
        ("UN", b"1\\2"),
        (None, b"1\\2"),
        ("FD", np.array([1.0, 2.0]).tobytes()),
        ("DS", b"1\\2 "),
    ],
)
def test_encoded_spacing_is_read_whatever_its_vr(vr, value):
    tag = tag_of("PixelSpacing")
    dataset = dataset_of()
    dataset._dict[tag] = RawDataElement(tag, vr, len(value), value, 0, vr is None, True)
    assert index_of(dataset).shared("PixelSpacing").tolist() == [1, 2]
    assert isinstance(dataset.get_item(tag), RawDataElement)


def test_empty_position_is_none():
    dataset = dataset_of(
        ImagePositionPatient=None, PixelSpacing="", SliceThickness=None
    )
    assert dict(index_of(dataset).columns) == {}


def test_integer_in_a_decimal_string_is_read():
    dataset = image()
    for item in dataset.PerFrameFunctionalGroupsSequence:
        item.SegmentIdentificationSequence[0]["ReferencedSegmentNumber"].VR = "DS"
    assert index_of(dataset).columns["ReferencedSegmentNumber"].tolist() == [1, 1, 2, 2]


def test_dimension_that_is_shared_and_overridden_is_read_as_bytes():
    dataset = image()
    dataset.SharedFunctionalGroupsSequence[0].FrameVOILUTSequence = window(5)
    dataset.DimensionIndexSequence[0].DimensionIndexPointer = tag_of("WindowCenter")
    dataset.DimensionIndexSequence[0].FunctionalGroupPointer = tag_of(
        "FrameVOILUTSequence"
    )
    values = index_of(dataset).columns["WindowCenter"].tolist()
    assert values == [b"1.0\\2.0", b"5.0\\6.0", b"1.0\\2.0", b"5.0\\6.0"]


def test_frame_increment_without_its_vector_is_none():
    dataset = dataset_of(NumberOfFrames=2, FrameIncrementPointer=0x00540080)
    assert dict(index_of(dataset).columns) == {}
    dataset.SliceVector = None
    assert dict(index_of(dataset).columns) == {}


def test_tiles_keep_the_positions_that_frames_state():
    position = dataset_of(
        RowPositionInTotalImagePixelMatrix=7, ColumnPositionInTotalImagePixelMatrix=8
    )
    items = [dataset_of(PlanePositionSlideSequence=[position]) for _ in range(12)]
    index = index_of(tiled(PerFrameFunctionalGroupsSequence=items))
    assert index.shared("RowPositionInTotalImagePixelMatrix") == 7
    assert index.columns["XOffsetInSlideCoordinateSystem"][2] == 20 - 10 * 0.5
    wrong = index_of(
        tiled(PerFrameFunctionalGroupsSequence=items, TotalPixelMatrixRows=None)
    )
    assert wrong.shared("RowPositionInTotalImagePixelMatrix") == 7
    assert "XOffsetInSlideCoordinateSystem" in wrong.unreadable


def test_optical_paths_without_identifier_are_no_column():
    dataset = tiled()
    del dataset.OpticalPathSequence[1].OpticalPathIdentifier
    assert "OpticalPathIdentifier" not in index_of(dataset).columns


def test_series_may_have_vectors_only_in_part():
    datasets = [
        image([frame([0, 0, 1], 1, [1, 1])]),
        dataset_of(FrameIncrementPointer=0x00540080, SliceVector=3),
    ]
    assert "SliceVector" not in index_of_series(datasets).columns


def test_number_of_frames_far_beyond_the_items_is_refused():
    dataset = image()
    dataset.NumberOfFrames = 60_000_000
    with pytest.raises(InvalidAttributeError, match="only 4 items"):
        index_of(dataset)
    with pytest.raises(InvalidAttributeError, match="'NumberOfFrames'"):
        index_of(dataset_of(NumberOfFrames=2**31 - 1))
