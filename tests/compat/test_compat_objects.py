"""Other objects as they are made, saved and read today."""

import datetime

import numpy as np
import pydicom
import pytest
from pydicom.sr.codedict import codes
from pydicom.uid import JPEGLSLossless, RLELossless

import highdicom as hd

EQUIPMENT = {
    "manufacturer": "Maker",
    "manufacturer_model_name": "Model",
    "software_versions": "v1",
    "device_serial_number": "0815",
}


def new_instance():
    return {
        "series_instance_uid": hd.UID(),
        "series_number": 9,
        "sop_instance_uid": hd.UID(),
        "instance_number": 1,
    }


# --- maps ---------------------------------------------------------------------------


@pytest.fixture
def mapping():
    return hd.pm.RealWorldValueMapping(
        lut_label="1",
        lut_explanation="density",
        unit=codes.UCUM.NoUnits,
        value_range=[0, 4095],
        intercept=10,
        slope=2,
    )


def test_a_map_of_floats_is_stored_as_it_is(ct_series, mapping, saved):
    pixels = np.linspace(0, 1, 5 * 16 * 12, dtype=np.float32).reshape(5, 16, 12)
    made = hd.pm.ParametricMap(
        ct_series,
        pixels,
        **new_instance(),
        **EQUIPMENT,
        contains_recognizable_visual_features=False,
        real_world_value_mappings=[
            hd.pm.RealWorldValueMapping(
                "1", "score", codes.UCUM.NoUnits, (0.0, 1.0), slope=1, intercept=0
            )
        ],
        voi_lut_transformations=[hd.VOILUTTransformation(0.5, 1.0)],
    )
    path = saved(made)
    frames = {frame.tobytes() for frame in pydicom.dcmread(path).pixel_array}
    assert frames == {plane.tobytes() for plane in pixels}
    volume = hd.imread(path).get_volume()
    np.testing.assert_allclose(volume.array, pixels[::-1])


def test_a_map_of_integers_is_mapped_to_real_values(ct_series, mapping, saved):
    pixels = np.arange(5 * 16 * 12, dtype=np.uint16).reshape(5, 16, 12) % 500
    made = hd.pm.ParametricMap(
        ct_series,
        pixels,
        **new_instance(),
        **EQUIPMENT,
        contains_recognizable_visual_features=False,
        real_world_value_mappings=[mapping],
        voi_lut_transformations=[hd.VOILUTTransformation(100, 200)],
    )
    volume = hd.imread(saved(made)).get_volume(apply_real_world_transform=True)
    np.testing.assert_array_equal(volume.array[::-1], pixels * 2.0 + 10.0)
    np.testing.assert_array_equal(mapping.apply(pixels[0]), pixels[0] * 2.0 + 10.0)


# --- presentation states ----------------------------------------------------------------


def test_a_presentation_state_refers_to_its_images(ct_series, saved):
    layer = hd.pr.GraphicLayer("LAYER1", order=1, description="Layer")
    annotation = hd.pr.GraphicAnnotation(
        referenced_images=[ct_series[0]],
        graphic_layer=layer,
        graphic_objects=[
            hd.pr.GraphicObject(
                graphic_type=hd.pr.GraphicTypeValues.CIRCLE,
                graphic_data=np.array([[4.0, 4.0], [6.0, 4.0]]),
                units=hd.pr.AnnotationUnitsValues.PIXEL,
                tracking_id="finding",
                tracking_uid=hd.UID(),
            )
        ],
        text_objects=[
            hd.pr.TextObject(
                text_value="Look here",
                units=hd.pr.AnnotationUnitsValues.PIXEL,
                anchor_point=(4.0, 4.0),
            )
        ],
    )
    made = hd.pr.GrayscaleSoftcopyPresentationState(
        referenced_images=ct_series,
        **new_instance(),
        **EQUIPMENT,
        content_label="BONE",
        graphic_layers=[layer],
        graphic_annotations=[annotation],
        voi_lut_transformations=[
            hd.pr.SoftcopyVOILUTTransformation(
                window_center=300.0, window_width=1500.0, window_explanation="bone"
            )
        ],
        content_creator_name="Doe^John",
    )
    read = pydicom.dcmread(saved(made))
    assert read.Modality == "PR"
    assert read.ContentLabel == "BONE"
    references = read.ReferencedSeriesSequence[0].ReferencedImageSequence
    assert [item.ReferencedSOPInstanceUID for item in references] == [
        image.SOPInstanceUID for image in ct_series
    ]
    assert read.SoftcopyVOILUTSequence[0].WindowCenter == 300.0
    assert read.RescaleSlope == 2
    drawn = read.GraphicAnnotationSequence[0]
    assert drawn.GraphicObjectSequence[0].GraphicType == "CIRCLE"
    assert drawn.TextObjectSequence[0].UnformattedTextValue == "Look here"


def test_layers_that_are_not_given_are_refused(ct_series):
    layer = hd.pr.GraphicLayer("LAYER1", order=1)
    annotation = hd.pr.GraphicAnnotation(
        referenced_images=[ct_series[0]],
        graphic_layer=layer,
        text_objects=[hd.pr.TextObject("Text", "PIXEL", anchor_point=(1.0, 1.0))],
    )
    with pytest.raises(ValueError, match="layer"):
        hd.pr.GrayscaleSoftcopyPresentationState(
            ct_series,
            **new_instance(),
            **EQUIPMENT,
            content_label="BONE",
            graphic_annotations=[annotation],
        )


# --- annotations ------------------------------------------------------------------------


def test_annotations_of_a_slide_keep_shapes_and_values(slide_image, saved):
    shapes = [
        np.array([[1.0, 1.0], [4.0, 1.0], [4.0, 4.0]], np.float32),
        np.array([[10.0, 10.0], [14.0, 10.0], [14.0, 14.0], [9.0, 13.0]], np.float32),
    ]
    group = hd.ann.AnnotationGroup(
        number=1,
        uid=hd.UID(),
        label="nuclei",
        annotated_property_category=codes.SCT.AnatomicalStructure,
        annotated_property_type=hd.sr.CodedConcept("84640000", "SCT", "Nucleus"),
        algorithm_type=hd.ann.AnnotationGroupGenerationTypeValues.AUTOMATIC,
        algorithm_identification=hd.AlgorithmIdentificationSequence(
            "finder", codes.DCM.ArtificialIntelligence, "1"
        ),
        graphic_type=hd.ann.GraphicTypeValues.POLYGON,
        graphic_data=shapes,
        measurements=[
            hd.ann.Measurements(
                name=codes.SCT.Area,
                values=np.array([4.5, np.nan], np.float32),
                unit=codes.UCUM.SquareMicrometer,
            )
        ],
    )
    made = hd.ann.MicroscopyBulkSimpleAnnotations(
        source_images=[slide_image],
        annotation_coordinate_type=hd.ann.AnnotationCoordinateTypeValues.SCOORD,
        annotation_groups=[group],
        **new_instance(),
        **EQUIPMENT,
    )
    read = hd.ann.annread(saved(made))
    found = read.get_annotation_groups(
        annotated_property_type=group.annotated_property_type
    )
    assert len(found) == 1
    assert found[0].number_of_annotations == 2
    for got, shape in zip(found[0].get_graphic_data("2D"), shapes, strict=True):
        np.testing.assert_array_equal(got, shape)
    np.testing.assert_array_equal(found[0].get_coordinates(2, "2D"), shapes[1])
    names, values, units = found[0].get_measurements()
    assert names == [codes.SCT.Area]
    assert units == [codes.UCUM.SquareMicrometer]
    np.testing.assert_array_equal(values, np.array([[4.5], [np.nan]], np.float32))


# --- key objects --------------------------------------------------------------------------


def test_key_objects_refer_to_what_was_selected(ct_series, saved):
    content = hd.ko.KeyObjectSelection(
        document_title=codes.DCM.Manifest,
        referenced_objects=ct_series[:2],
        description="For the meeting",
    )
    made = hd.ko.KeyObjectSelectionDocument(
        evidence=ct_series[:2], content=content, **new_instance(), manufacturer="Maker"
    )
    read = hd.ko.KeyObjectSelectionDocument.from_dataset(pydicom.dcmread(saved(made)))
    references = read.content.get_references()
    assert [item.referenced_sop_instance_uid for item in references] == [
        image.SOPInstanceUID for image in ct_series[:2]
    ]
    study, series, uid = read.resolve_reference(ct_series[1].SOPInstanceUID)
    assert study == ct_series[1].StudyInstanceUID
    assert series == ct_series[1].SeriesInstanceUID
    assert uid == ct_series[1].SOPInstanceUID


# --- secondary captures -----------------------------------------------------------------


@pytest.mark.parametrize("syntax", [None, RLELossless, JPEGLSLossless])
def test_a_secondary_capture_holds_the_picture(saved, syntax):
    picture = np.random.default_rng(1).integers(0, 255, (20, 30, 3), dtype=np.uint8)
    more = {} if syntax is None else {"transfer_syntax_uid": syntax}
    made = hd.sc.SCImage(
        pixel_array=picture,
        photometric_interpretation=hd.PhotometricInterpretationValues.RGB,
        bits_allocated=8,
        coordinate_system=hd.CoordinateSystemNames.PATIENT,
        study_instance_uid=hd.UID(),
        **new_instance(),
        manufacturer="Maker",
        patient_id="P2",
        patient_name="Roe^Richard",
        patient_birth_date="19600203",
        patient_sex="M",
        study_date=datetime.date(2024, 5, 6),
        study_time=datetime.time(7, 8, 9),
        patient_orientation=("L", "P"),
        **more,
    )
    read = pydicom.dcmread(saved(made))
    np.testing.assert_array_equal(hd.imread(saved(made)).get_frame(1), picture)
    assert (read.Rows, read.Columns, read.SamplesPerPixel) == (20, 30, 3)
    assert read.StudyDate == "20240506"
    assert list(read.PatientOrientation) == ["L", "P"]


def test_a_secondary_capture_of_an_image_is_of_its_patient(ct_series):
    made = hd.sc.SCImage.from_ref_dataset(
        ref_dataset=ct_series[0],
        pixel_array=np.zeros((4, 4), np.uint8),
        photometric_interpretation="MONOCHROME2",
        bits_allocated=8,
        coordinate_system="PATIENT",
        **new_instance(),
        manufacturer="Maker",
        patient_orientation=("L", "P"),
    )
    assert made.PatientName == "Doe^Jane"
    assert made.StudyInstanceUID == ct_series[0].StudyInstanceUID
    assert made.SeriesInstanceUID != ct_series[0].SeriesInstanceUID


# --- conversions --------------------------------------------------------------------------


def test_a_series_is_converted_into_one_image(ct_series, saved):
    made = hd.legacy.LegacyConvertedEnhancedCTImage(
        legacy_datasets=ct_series, **new_instance()
    )
    read = pydicom.dcmread(saved(made))
    assert read.SOPClassUID == "1.2.840.10008.5.1.4.1.1.2.2"
    assert read.NumberOfFrames == 5
    frames = {frame.tobytes() for frame in read.pixel_array}
    assert frames == {image.PixelData for image in ct_series}
    image = hd.imread(saved(made))
    assert image.get_volume().geometry_equal(hd.get_volume_from_series(ct_series))


# --- frames -----------------------------------------------------------------------------


@pytest.mark.parametrize("syntax", [RLELossless, JPEGLSLossless])
def test_a_frame_is_encoded_and_decoded(syntax):
    frame = np.random.default_rng(2).integers(0, 4095, (9, 7), dtype=np.uint16)
    encoded = hd.frame.encode_frame(
        frame,
        transfer_syntax_uid=syntax,
        bits_allocated=16,
        bits_stored=12,
        photometric_interpretation="MONOCHROME2",
    )
    decoded = hd.frame.decode_frame(
        encoded,
        transfer_syntax_uid=syntax,
        rows=9,
        columns=7,
        samples_per_pixel=1,
        bits_allocated=16,
        bits_stored=12,
        photometric_interpretation="MONOCHROME2",
    )
    np.testing.assert_array_equal(decoded, frame)


# --- content ----------------------------------------------------------------------------


def test_a_palette_colours_labels():
    palette = hd.PaletteColorLUTTransformation.from_colors(
        ["black", "red", "lime"], palette_color_lut_uid=hd.UID()
    )
    coloured = palette.apply(np.array([[0, 1], [2, 1]], np.uint8))
    assert coloured.tolist() == [
        [[0, 0, 0], [255, 0, 0]],
        [[0, 255, 0], [255, 0, 0]],
    ]


def test_specimens_are_described():
    description = hd.SpecimenDescription(
        specimen_id="S1",
        specimen_uid=hd.UID(),
        specimen_preparation_steps=[
            hd.SpecimenPreparationStep(
                specimen_id="S1",
                processing_procedure=hd.SpecimenStaining(
                    substances=[codes.SCT.HematoxylinStain]
                ),
            )
        ],
    )
    step = description.specimen_preparation_steps[0]
    assert step.specimen_id == "S1"
    assert isinstance(step.processing_procedure, hd.SpecimenStaining)
    assert step.processing_procedure.substances[0] == codes.SCT.HematoxylinStain


def test_colours_are_converted_to_the_space_of_dicom():
    white = hd.color.CIELabColor(100.0, 0.0, 0.0)
    assert tuple(white.value) == (65535, 32896, 32896)
    red = hd.color.CIELabColor.from_string("red")
    assert red.l_star == pytest.approx(53.2, abs=0.2)
    assert red.a_star == pytest.approx(80.1, abs=1.0)


def test_contributing_equipment_is_kept(ct_series):
    equipment = hd.ContributingEquipment(
        manufacturer="Other",
        purpose_of_reference=codes.DCM.ProcessingEquipment,
        manufacturer_model_name="Box",
        software_versions="2",
    )
    made = hd.pr.GrayscaleSoftcopyPresentationState(
        ct_series,
        **new_instance(),
        **EQUIPMENT,
        content_label="BONE",
        contributing_equipment=[equipment],
    )
    kept = [item.Manufacturer for item in made.ContributingEquipmentSequence]
    assert "Other" in kept
