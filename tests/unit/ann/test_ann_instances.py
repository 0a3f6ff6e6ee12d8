"""Instances of bulk annotations: construction, files, queries, and what is refused."""

import copy
import io

import numpy as np
import pytest
from ann_groups import TRIANGLE, group
from pydicom import dcmread, dcmwrite
from pydicom.sr.codedict import codes
from pydicom.uid import (
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)

import highdicom
from highdicom import UID, AlgorithmIdentificationSequence
from highdicom.ann import (
    AnnotationCoordinateTypeValues,
    AnnotationGroup,
    Measurements,
    MicroscopyBulkSimpleAnnotations,
    PixelOriginInterpretationValues,
    RaggedCoordinates,
    annread,
)
from highdicom.ann.writing import enclosed
from highdicom.errors import (
    ArgumentTypeError,
    ConflictingArgumentsError,
    InvalidArgumentError,
    InvalidAttributeError,
    MissingAttributeError,
    SourceError,
    UnsupportedTransferSyntaxError,
    WrongSOPClassError,
)
from highdicom.testing import ct_series, slide

IN_SPACE = np.column_stack([TRIANGLE, [1.0, 2.0, 3.0]])
NET = AlgorithmIdentificationSequence("net", codes.DCM.ArtificialIntelligence, "2")


def points(number=2, **changes):
    data = np.array([[[3.5, 8.0]], [[10.25, 40.0]]])
    return group(
        data, "POINT", **{"number": number, "uid": f"1.2.{number + 3}", **changes}
    )


def annotations(groups=None, images=None, kind="2D", **changes):
    arguments = {
        "source_images": [slide()] if images is None else images,
        "annotation_coordinate_type": kind,
        "annotation_groups": [group()] if groups is None else groups,
        "series_instance_uid": UID(),
        "series_number": 1,
        "sop_instance_uid": UID(),
        "instance_number": 1,
        "manufacturer": "Maker",
        "manufacturer_model_name": "Annotator",
        "software_versions": "1.0",
        "device_serial_number": "1",
    }
    return MicroscopyBulkSimpleAnnotations(**{**arguments, **changes})


def file_of(instance):
    file = io.BytesIO()
    instance.save_as(file)
    return file.getvalue()


def instances_of(sequence):
    return [
        item.ReferencedSOPInstanceUID
        for series in sequence
        for item in series.ReferencedInstanceSequence
    ]


# --- what is written -----------------------------------------------------------------


def test_annotations_of_pixels_refer_to_their_image():
    image = slide()
    made = annotations(images=[image])
    assert made.Modality == "ANN"
    assert made.ContentLabel == "SM_ANN"
    assert made.PixelOriginInterpretation == "VOLUME"
    assert "FrameOfReferenceUID" not in made
    assert made.PatientID == image.PatientID
    assert made.StudyInstanceUID == image.StudyInstanceUID
    assert made.ContainerIdentifier == image.ContainerIdentifier
    (reference,) = made.ReferencedImageSequence
    assert reference.ReferencedSOPInstanceUID == image.SOPInstanceUID
    assert "ReferencedFrameNumber" not in reference
    assert instances_of(made.ReferencedSeriesSequence) == [image.SOPInstanceUID]


def test_annotations_in_space_share_the_frame_of_reference():
    image = slide()
    made = annotations([group([IN_SPACE])], [image], "3D")
    assert made.FrameOfReferenceUID == image.FrameOfReferenceUID
    assert "PixelOriginInterpretation" not in made
    assert made.pixel_origin_interpretation is None
    assert made.annotation_coordinate_type is AnnotationCoordinateTypeValues.SCOORD3D


def test_images_of_other_studies_are_referred_to_as_such():
    image, other, elsewhere = slide(), slide(), slide()
    other.SOPInstanceUID = UID()
    elsewhere.SOPInstanceUID = UID()
    elsewhere.StudyInstanceUID, elsewhere.SeriesInstanceUID = UID(), UID()
    made = annotations([group([IN_SPACE])], [image, other, elsewhere], "3D")
    assert instances_of(made.ReferencedSeriesSequence) == [
        image.SOPInstanceUID,
        other.SOPInstanceUID,
    ]
    (study,) = made.StudiesContainingOtherReferencedInstancesSequence
    assert study.StudyInstanceUID == elsewhere.StudyInstanceUID
    assert instances_of(study.ReferencedSeriesSequence) == [elsewhere.SOPInstanceUID]


def test_concatenations_are_referred_to_as_a_whole():
    part = slide()
    part.SOPInstanceUIDOfConcatenationSource = "1.2.3.4"
    made = annotations(images=[part])
    assert made.ReferencedImageSequence[0].ReferencedSOPInstanceUID == "1.2.3.4"


def test_coordinates_of_a_frame_name_the_frame():
    made = annotations(pixel_origin_interpretation="FRAME", referenced_frame_number=3)
    assert made.ReferencedImageSequence[0].ReferencedFrameNumber == 3
    assert made.pixel_origin_interpretation is PixelOriginInterpretationValues.FRAME


def test_a_single_frame_need_not_be_named():
    made = annotations(images=[ct_series(1)[0]], pixel_origin_interpretation="FRAME")
    assert "ReferencedFrameNumber" not in made.ReferencedImageSequence[0]
    assert made.ContentLabel == "CT_ANN"


def test_optional_attributes_are_written():
    made = annotations(
        content_label="NUCLEI 1",
        content_description="all nuclei",
        content_creator_name="Doe^Jane",
        software_versions=("1", "2"),
        series_description="annotations",
    )
    assert made.ContentLabel == "NUCLEI 1"
    assert made.ContentDescription == "all nuclei"
    assert made.ContentCreatorName == "Doe^Jane"
    assert made.SoftwareVersions == ["1", "2"]
    assert made.SeriesDescription == "annotations"


def test_the_image_stays_as_it_is():
    image = slide()
    before = copy.deepcopy(image)
    annotations(images=[image])
    assert image == before


def test_instances_conform_to_the_standard():
    made = annotations(
        [group(), points(algorithm_type="AUTOMATIC", algorithm_identification=NET)]
    )
    assert made.validate() == []
    assert annotations([group([IN_SPACE])], kind="3D").validate() == []


# --- files ---------------------------------------------------------------------------


@pytest.mark.parametrize("syntax", [ImplicitVRLittleEndian, ExplicitVRLittleEndian])
def test_files_are_read_as_written(syntax):
    area = Measurements(
        codes.SCT.Area, np.array([np.nan, 2.0]), codes.UCUM.SquareMicrometer
    )
    made = annotations(
        [group(), points(measurements=[area])], transfer_syntax_uid=syntax
    )
    read = annread(file_of(made))
    assert type(read) is MicroscopyBulkSimpleAnnotations
    assert read.annotation_groups == made.annotation_groups
    assert read.file_meta.TransferSyntaxUID == syntax
    first, second = read.annotation_groups
    assert type(first) is AnnotationGroup
    assert first.get_coordinates(1, "2D").tolist() == TRIANGLE.tolist()
    assert second.get_coordinates(2, "2D").tolist() == [[10.25, 40.0]]
    np.testing.assert_array_equal(second.get_measurements()[1], [[np.nan], [2.0]])
    assert type(second.measurements[0]) is Measurements


def test_groups_of_a_file_know_their_coordinate_type():
    read = annread(file_of(annotations([group([IN_SPACE])], kind="3D")))
    (found,) = read.annotation_groups
    assert found.get_coordinates(1, "3D").tolist() == IN_SPACE.tolist()
    with pytest.raises(InvalidArgumentError, match="are 3D, not 2D"):
        found.get_graphic_data("2D")


def test_many_points_are_written_as_pydicom_writes_them(tmp_path):
    rng = np.random.default_rng(0)
    offsets = np.concatenate([[0], np.cumsum(rng.integers(3, 30, 20_000))])
    data = rng.random((offsets[-1], 2), np.float32) * 40
    made = annotations([group(RaggedCoordinates(data, offsets))])
    path = tmp_path / "annotations.dcm"
    made.save_as(path)
    plain = dcmread(path)
    item = plain.AnnotationGroupSequence[0]
    assert item.PointCoordinatesData == data.tobytes()
    file = io.BytesIO()
    plain.save_as(file)
    assert file.getvalue() == path.read_bytes()
    ragged = annread(path).annotation_groups[0].get_ragged_coordinates("2D")
    np.testing.assert_array_equal(ragged.coordinates, data)
    np.testing.assert_array_equal(ragged.offsets, offsets)


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, ImplicitVRLittleEndian])
@pytest.mark.parametrize("is_read", [False, True])
def test_files_are_those_that_pydicom_writes(syntax, is_read, tmp_path):
    area = Measurements(codes.SCT.Area, np.array([2.5, 3]), codes.UCUM.NoUnits)
    groups = [
        group([TRIANGLE, TRIANGLE + 5], measurements=[area], label="Größe"),
        points(optical_path_identifiers=["1"]),
    ]
    made = annotations(groups, transfer_syntax_uid=syntax)
    made.add_new(0x00710010, "LO", "MAKER")
    made.add_new(0x00711001, "LO", "Größe")
    if is_read:
        made.save_as(tmp_path / "first.dcm")
        made = annread(tmp_path / "first.dcm")
    expected = io.BytesIO()
    dcmwrite(expected, made)
    made.save_as(tmp_path / "annotations.dcm")
    assert (tmp_path / "annotations.dcm").read_bytes() == expected.getvalue()
    file = io.BytesIO()
    made.save_as(file, enforce_file_format=True)
    assert file.getvalue() == expected.getvalue()


def test_another_encoding_is_written_by_pydicom():
    made = annotations()
    made.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian
    file = io.BytesIO()
    made.save_as(file)
    (read,) = annread(file.getvalue()).annotation_groups
    assert read.get_coordinates(1, "2D").tolist() == TRIANGLE.tolist()


def test_files_are_kept_if_they_must_not_be_replaced(tmp_path):
    path = tmp_path / "annotations.dcm"
    path.write_bytes(b"kept")
    with pytest.raises(FileExistsError):
        annotations().save_as(path, overwrite=False)
    assert path.read_bytes() == b"kept"


def test_files_are_kept_if_there_is_nothing_to_replace_them_with(tmp_path):
    path = tmp_path / "annotations.dcm"
    path.write_bytes(b"kept")
    made = annotations()
    del made.SOPClassUID, made.file_meta.MediaStorageSOPClassUID
    with pytest.raises(AttributeError):
        made.save_as(path, enforce_file_format=True)
    assert path.read_bytes() == b"kept"


def test_groups_too_long_for_a_length_are_delimited():
    class Gigabytes(bytes):
        def __len__(self):
            return 2**32

    value = Gigabytes(b"points")
    assert enclosed(b"start", [value], 0xFFFEE00D) == [
        b"start\xff\xff\xff\xff",
        value,
        b"\xfe\xff\x0d\xe0\0\0\0\0",
    ]


def test_a_million_polygons_are_read_as_written(tmp_path):
    rng = np.random.default_rng(1)
    data = rng.integers(0, 50, (3_000_000, 2)).astype(np.float32)
    data[1::3, 0] = data[::3, 0] + 1
    data[2::3, 0] = data[::3, 0] + 2
    offsets = np.arange(0, 3_000_001, 3)
    area = Measurements(codes.SCT.Area, rng.random(1_000_000), codes.UCUM.NoUnits)
    made = annotations([group(RaggedCoordinates(data, offsets), measurements=[area])])
    made.save_as(tmp_path / "annotations.dcm")
    (read,) = annread(tmp_path / "annotations.dcm").annotation_groups
    again = read.get_ragged_coordinates("2D")
    assert np.array_equal(again.coordinates, data)
    assert np.array_equal(again.offsets, offsets)
    assert np.array_equal(
        read.get_measurements()[1], made.annotation_groups[0].get_measurements()[1]
    )
    assert read.get_coordinates(1_000_000, "2D").tolist() == data[-3:].tolist()
    assert made.validate() == []


def test_files_in_big_endian_are_read():
    area = Measurements(
        codes.SCT.Area, np.array([np.nan, 2.0]), codes.UCUM.SquareMicrometer
    )
    made = annotations([group([TRIANGLE, TRIANGLE + 1], measurements=[area])])
    swapped = dcmread(io.BytesIO(file_of(made)))
    (item,) = swapped.AnnotationGroupSequence
    (values,) = item.MeasurementsSequence[0].MeasurementValuesSequence
    for dataset, keyword, size in (
        (item, "DoublePointCoordinatesData", 8),
        (item, "LongPrimitivePointIndexList", 4),
        (values, "FloatingPointValues", 4),
        (values, "AnnotationIndexList", 4),
    ):
        stored = np.frombuffer(dataset[keyword].value, f"<u{size}")
        setattr(dataset, keyword, stored.astype(f">u{size}").tobytes())
    swapped.file_meta.TransferSyntaxUID = ExplicitVRBigEndian
    file = io.BytesIO()
    dcmwrite(file, swapped, implicit_vr=False, little_endian=False, overwrite=True)
    (read,) = annread(file.getvalue()).annotation_groups
    assert read.get_coordinates(2, "2D").tolist() == (TRIANGLE + 1).tolist()
    np.testing.assert_array_equal(read.get_measurements()[1], [[np.nan], [2.0]])


def test_read_gives_the_class():
    read = highdicom.read(file_of(annotations()))
    assert type(read) is MicroscopyBulkSimpleAnnotations


def test_datasets_are_adopted_or_copied():
    plain = dcmread(io.BytesIO(file_of(annotations())))
    copied = MicroscopyBulkSimpleAnnotations.from_dataset(plain)
    assert copied is not plain
    assert type(plain.AnnotationGroupSequence[0]) is not AnnotationGroup
    adopted = MicroscopyBulkSimpleAnnotations.from_dataset(plain, copy=False)
    assert adopted is plain
    assert type(plain.AnnotationGroupSequence[0]) is AnnotationGroup


def test_other_objects_are_refused():
    for image in (ct_series(1)[0],):
        with pytest.raises(WrongSOPClassError):
            MicroscopyBulkSimpleAnnotations.from_dataset(image)
    with pytest.raises(ArgumentTypeError):
        MicroscopyBulkSimpleAnnotations.from_dataset(3)
    with pytest.raises(SourceError):
        annread("no such file")


# --- queries -------------------------------------------------------------------------


@pytest.fixture
def several():
    return annotations(
        [
            group(),
            points(
                label="centres",
                algorithm_type="AUTOMATIC",
                algorithm_identification=NET,
            ),
        ]
    )


def test_groups_are_found_by_number_and_uid(several):
    assert several.get_annotation_group(2).label == "centres"
    assert several.get_annotation_group(uid="1.2.3").label == "nuclei"
    assert several.get_annotation_group(1, "1.2.3").label == "nuclei"
    for asked in ({"number": 3}, {"uid": "9"}, {"number": 1, "uid": "1.2.5"}):
        with pytest.raises(ValueError, match="no annotation group"):
            several.get_annotation_group(**asked)
    with pytest.raises(TypeError, match="must be given"):
        several.get_annotation_group()


@pytest.mark.parametrize(
    ("asked", "numbers"),
    [
        ({}, [1, 2]),
        ({"label": "centres"}, [2]),
        ({"label": "x"}, []),
        ({"graphic_type": "POINT"}, [2]),
        ({"graphic_type": "POLYGON", "label": "centres"}, []),
        ({"algorithm_type": "MANUAL"}, [1]),
        ({"algorithm_name": "net"}, [2]),
        ({"algorithm_family": codes.DCM.ArtificialIntelligence}, [2]),
        ({"algorithm_version": "2"}, [2]),
        ({"annotated_property_type": codes.SCT.Liver}, []),
        ({"annotated_property_category": codes.SCT.AnatomicalStructure}, [1, 2]),
    ],
)
def test_groups_are_found_by_attributes(several, asked, numbers):
    found = several.get_annotation_groups(**asked)
    assert [one.number for one in found] == numbers


@pytest.mark.parametrize("name", ["graphic_type", "algorithm_type"])
def test_unknown_terms_are_refused(several, name):
    with pytest.raises(InvalidArgumentError, match=f"'{name}' must be one of"):
        several.get_annotation_groups(**{name: "X"})


# --- what is refused -----------------------------------------------------------------


@pytest.mark.parametrize("shift", [[100, 0], [-1.5, 0], [0, 60], [0, -1.5], [1e6, 1e6]])
def test_annotations_beyond_the_slide_are_refused(shift):
    far = group([TRIANGLE, TRIANGLE + shift])
    with pytest.raises(
        InvalidArgumentError,
        match=r"Annotation 2 of annotation group 1 \('nuclei'\).*70 columns and 50 rows",
    ):
        annotations([far])


def test_annotations_may_touch_the_edge_of_the_slide():
    corners = np.array([[0.0, 0.0], [70.0, 0.0], [70.0, 50.0], [0.0, 50.0]])
    assert annotations([group([corners])]).validate() == []


def test_annotations_beyond_the_frame_are_refused():
    with pytest.raises(InvalidArgumentError, match="20 columns and 16 rows"):
        annotations(
            [group([TRIANGLE + np.array([20, 0])])],
            pixel_origin_interpretation="FRAME",
            referenced_frame_number=1,
        )


def test_pixels_given_as_millimetres_are_refused():
    with pytest.raises(InvalidArgumentError, match=r"Annotation 1.*millimetres"):
        annotations([group([IN_SPACE + np.array([4000, 0, 0])])], kind="3D")


def test_groups_of_another_coordinate_type_are_refused():
    with pytest.raises(InvalidArgumentError, match=r"group 1.* are 3D, not 2D"):
        annotations([group([IN_SPACE])])
    with pytest.raises(InvalidArgumentError, match=r"group 1.* are 2D, not 3D"):
        annotations(kind="3D")


@pytest.mark.parametrize(
    ("groups", "error", "message"),
    [
        ([], InvalidArgumentError, "one item or more"),
        ([3], ArgumentTypeError, "AnnotationGroup"),
        (group(), ArgumentTypeError, "sequence"),
        ([points(2)], InvalidArgumentError, "must be numbered 1"),
        ([group(), group()], InvalidArgumentError, "must be numbered 2"),
        ([group(), points(uid="1.2.3")], InvalidArgumentError, "same UID"),
    ],
)
def test_wrong_groups_are_refused(groups, error, message):
    with pytest.raises(error, match=message):
        annotations(groups)


def test_unknown_optical_paths_are_refused():
    image = slide(samples=1, optical_paths=2)
    known = [item.OpticalPathIdentifier for item in image.OpticalPathSequence]
    made = annotations([group(optical_path_identifiers=known[:1])], [image])
    assert made.validate() == []
    with pytest.raises(InvalidArgumentError, match=r"group 1.*'unknown' is none"):
        annotations([group(optical_path_identifiers=["unknown"])], [image])


def without(keyword):
    image = slide()
    del image[keyword]
    return image


@pytest.mark.parametrize(
    ("images", "kind", "error"),
    [
        ([], "2D", InvalidArgumentError),
        (slide(), "2D", ArgumentTypeError),
        ([3], "2D", ArgumentTypeError),
        ([slide(), slide()], "2D", InvalidArgumentError),
        ([without("SeriesInstanceUID")], "2D", MissingAttributeError),
        ([without("FrameOfReferenceUID")], "3D", MissingAttributeError),
        ([slide(), slide(attributes={"FrameOfReferenceUID": "1.2"})], "3D", ValueError),
    ],
)
def test_wrong_source_images_are_refused(images, kind, error):
    with pytest.raises(error, match="source_images"):
        annotations(images=images, kind=kind)


def test_images_of_unknown_size_are_refused():
    image = slide()
    for keyword in ("TotalPixelMatrixRows", "Rows"):
        del image[keyword]
    with pytest.raises(MissingAttributeError, match="Rows"):
        annotations(images=[image])


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"annotation_coordinate_type": "4D"}, InvalidArgumentError),
        ({"pixel_origin_interpretation": "X"}, InvalidArgumentError),
        ({"pixel_origin_interpretation": "FRAME"}, ConflictingArgumentsError),
        ({"referenced_frame_number": 1}, ConflictingArgumentsError),
        ({"content_label": "label"}, InvalidArgumentError),
        ({"content_label": ""}, InvalidArgumentError),
        ({"content_description": "x" * 65}, InvalidArgumentError),
        ({"manufacturer": None}, ArgumentTypeError),
        ({"series_number": None}, ArgumentTypeError),
        ({"content_creator_identification": 3}, ArgumentTypeError),
        (
            {"transfer_syntax_uid": "1.2.840.10008.1.2.4.50"},
            UnsupportedTransferSyntaxError,
        ),
    ],
)
def test_wrong_arguments_are_refused(change, error):
    with pytest.raises(error):
        annotations(**change)


@pytest.mark.parametrize(
    ("number", "error"),
    [
        (0, InvalidArgumentError),
        (99, InvalidArgumentError),
        ("1", ArgumentTypeError),
        (True, ArgumentTypeError),
    ],
)
def test_wrong_frame_numbers_are_refused(number, error):
    with pytest.raises(error, match="'referenced_frame_number'"):
        annotations(pixel_origin_interpretation="FRAME", referenced_frame_number=number)


def test_coordinates_are_of_two_kinds():
    read = annotations()
    read.AnnotationCoordinateType = "4D"
    with pytest.raises(InvalidAttributeError, match="must be 2D or 3D, not '4D'"):
        _ = read.annotation_coordinate_type
