"""The four presentation states: what is taken over, what is refused."""

from copy import deepcopy
from io import BytesIO

import numpy as np
import pytest
from pr_images import VOI, identity
from pydicom.sr.codedict import codes

import highdicom
from highdicom import (
    UID,
    VOILUT,
    ContentCreatorIdentificationCodeSequence,
    ContributingEquipment,
    ModalityLUT,
    ModalityLUTTransformation,
    PaletteColorLUTTransformation,
    PresentationLUTTransformation,
    ReferencedImageSequence,
    SegmentedPaletteColorLUT,
    VOILUTTransformation,
)
from highdicom.color import ColorManager
from highdicom.pr import (
    AdvancedBlending,
    AdvancedBlendingPresentationState,
    BlendingDisplay,
    BlendingDisplayInput,
    ColorSoftcopyPresentationState,
    GraphicAnnotation,
    GraphicGroup,
    GraphicLayer,
    GraphicObject,
    GrayscaleSoftcopyPresentationState,
    PseudoColorSoftcopyPresentationState,
    prread,
)
from highdicom.testing import (
    ct_series,
    enhanced_ct,
    file_bytes,
    icc_profile,
    pet_series,
    sc_image,
    slide,
)

PALETTE = PaletteColorLUTTransformation.from_combined_lut(
    np.arange(255 * 3, dtype=np.uint16).reshape(-1, 3)
)


def gray(images, **options):
    return GrayscaleSoftcopyPresentationState(images, **identity(**options))


def pseudo(images, palette=PALETTE, **options):
    return PseudoColorSoftcopyPresentationState(
        images, palette_color_lut_transformation=palette, **identity(**options)
    )


def input_profile():
    """A profile of the input device class, as those of images have to be."""
    profile = icc_profile()
    return profile[:12] + b"scnr" + profile[16:]


def color(images, **options):
    options = {"icc_profile": input_profile(), **options}
    return ColorSoftcopyPresentationState(images, **identity(**options))


def windowed(*windows):
    """CT images with a (centre, width) each, or none."""
    images = ct_series(len(windows))
    for image, window in zip(images, windows, strict=True):
        for keyword in ("WindowCenter", "WindowWidth", "VOILUTFunction"):
            image.pop(keyword, None)
        image.pop("WindowCenterWidthExplanation", None)
        if window:
            image.WindowCenter, image.WindowWidth = window
    return images


def numbers_of(references):
    return [item.get("ReferencedFrameNumber") for item in references]


# --- what all have in common ---------------------------------------------------------


def test_patient_and_study_are_those_of_the_images():
    images = ct_series(2)
    state = gray(images)
    for keyword in ("PatientID", "PatientName", "StudyInstanceUID", "StudyDate"):
        assert state[keyword].value == images[0][keyword].value
    assert state.Modality == "PR"
    assert state.BodyPartExamined == images[0].BodyPartExamined


def test_changing_a_state_leaves_what_it_was_made_of():
    modality = ModalityLUTTransformation(0.0, 1.0, "US")
    creator = ContentCreatorIdentificationCodeSequence([codes.DCM.Person], "Here")
    equipment = ContributingEquipment("Maker", codes.DCM.FilmDigitizer)
    state = gray(
        ct_series(1),
        modality_lut_transformation=modality,
        content_creator_identification=creator,
        contributing_equipment=[equipment],
    )
    state.RescaleSlope = 2
    state.ContentCreatorIdentificationCodeSequence[0].InstitutionName = "There"
    for item in state.ContributingEquipmentSequence:
        item.Manufacturer = "Other"
    assert modality.rescale_slope == 1
    assert creator[0].InstitutionName == "Here"
    assert equipment.manufacturer == "Maker"


def test_changing_what_a_state_was_made_of_leaves_the_state():
    lut = ModalityLUT("HU", 0, np.arange(256, dtype=np.uint16))
    modality = ModalityLUTTransformation(modality_lut=lut)
    state = gray(ct_series(1), modality_lut_transformation=modality)
    modality.ModalityLUTSequence[0].ModalityLUTType = "US"
    assert state.ModalityLUTSequence[0].ModalityLUTType == "HU"


def test_images_are_referred_to_by_series():
    images = ct_series(3)
    images[2].SeriesInstanceUID = UID()
    series = gray(images).ReferencedSeriesSequence
    assert [item.SeriesInstanceUID for item in series] == [
        images[0].SeriesInstanceUID,
        images[2].SeriesInstanceUID,
    ]
    assert [len(item.ReferencedImageSequence) for item in series] == [2, 1]


def test_the_creation_is_said_in_the_attributes_of_presentation_states():
    state = gray(ct_series(1), content_date="20200102", content_time="030405")
    assert str(state.PresentationCreationDate) == "20200102"
    assert str(state.PresentationCreationTime) == "030405"
    assert "ContentDate" not in state
    assert "ContentTime" not in state


def test_identification_is_kept():
    state = gray(
        ct_series(1),
        content_description="text",
        content_creator_name="Doe^Jane",
        concept_name=codes.DCM.ForReferringProvider,
        institution_name="Hospital",
    )
    assert state.content_label == "LABEL"
    assert state.ContentDescription == "text"
    assert state.ContentCreatorName == "Doe^Jane"
    assert state.ConceptNameCodeSequence[0].CodeMeaning == ("For Referring Provider")
    assert state.InstitutionName == "Hospital"


@pytest.mark.parametrize(
    ("side", "keyword"), [("L", "Laterality"), ("R", "ImageLaterality")]
)
def test_the_side_is_kept(side, keyword):
    images = ct_series(2)
    for image in images:
        setattr(image, keyword, side)
    assert gray(images).Laterality == side


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"content_label": "lower case"}, ValueError),
        ({"content_label": "L" * 17}, ValueError),
        ({"content_creator_name": 3}, TypeError),
        ({"content_creator_identification": "x"}, TypeError),
        ({"concept_name": "x"}, TypeError),
        ({"transfer_syntax_uid": "1.2.840.10008.1.2.4.50"}, ValueError),
        ({"transfer_syntax_uid": "1.2.840.10008.1.2.2"}, ValueError),
        ({"modality_lut_transformation": "x"}, ValueError),
        ({"presentation_lut_transformation": "x"}, ValueError),
        ({"voi_lut_transformations": []}, ValueError),
        ({"voi_lut_transformations": [VOILUTTransformation(40, 400)]}, TypeError),
        ({"voi_lut_transformations": VOI(40, 400)}, TypeError),
        ({"unknown": 1}, TypeError),
    ],
)
def test_wrong_arguments_are_refused(options, error):
    with pytest.raises(error):
        gray(ct_series(1), **options)


def test_images_are_checked():
    (image,) = ct_series(1)
    for wrong in ([], [image, image]):
        with pytest.raises(ValueError, match="'referenced_images'"):
            gray(wrong)
    for wrong in (["a"], image, "a"):
        with pytest.raises(TypeError, match="'referenced_images'"):
            gray(wrong)
    incomplete = deepcopy(image)
    del incomplete.SeriesInstanceUID
    with pytest.raises(AttributeError, match="SeriesInstanceUID"):
        gray([incomplete])


def test_images_of_another_size_study_or_number_of_samples_are_refused():
    images = ct_series(2)
    images[1].Rows += 1
    with pytest.raises(ValueError, match="rows and columns"):
        gray(images)
    images = ct_series(2)
    images[1].StudyInstanceUID = UID()
    with pytest.raises(ValueError, match="StudyInstanceUID"):
        gray(images)
    with pytest.raises(ValueError, match="1 sample per pixel"):
        gray([sc_image()])
    with pytest.raises(ValueError, match="1 sample per pixel"):
        pseudo([sc_image()])
    with pytest.raises(ValueError, match="3 samples per pixel"):
        color(ct_series(1))


@pytest.mark.parametrize("reader", [prread, highdicom.read])
def test_states_are_read_as_what_they_are(reader):
    layer = GraphicLayer("LAYER", 1)
    images = ct_series(1)
    drawn = GraphicObject("POINT", np.ones((1, 2)), "PIXEL")
    annotation = GraphicAnnotation(images, layer, graphic_objects=[drawn])
    for state in (
        gray(images, graphic_annotations=[annotation], graphic_layers=[layer]),
        pseudo(images),
        color([slide()]),
        blended(),
    ):
        buffer = BytesIO()
        state.save_as(buffer, enforce_file_format=True)
        again = reader(buffer.getvalue())
        assert type(again) is type(state)
        assert again.keys() == state.keys()
        for found in again.graphic_annotations:
            assert type(found) is GraphicAnnotation
            assert type(found.graphic_objects[0]) is GraphicObject


def test_other_files_are_no_presentation_states():
    with pytest.raises(ValueError, match="CT Image Storage"):
        prread(file_bytes(ct_series(1)[0]))


# --- graphics ------------------------------------------------------------------------


def annotated(images, layer, group=None):
    drawn = GraphicObject("POINT", np.ones((1, 2)), "PIXEL", graphic_group=group)
    return GraphicAnnotation(images, layer, graphic_objects=[drawn])


def test_annotations_know_their_layers_groups_and_images():
    images = ct_series(1)
    first, second = GraphicLayer("A", 1), GraphicLayer("B", 2)
    group = GraphicGroup(1, "a")
    drawn = [annotated(images, first, group)]
    state = gray(
        images,
        graphic_annotations=drawn,
        graphic_layers=[first, second],
        graphic_groups=[group],
    )
    assert state.graphic_annotations == drawn
    assert state.graphic_layers == [first, second]
    assert state.graphic_groups == [group]
    wrong = [
        ({}, "must be in one of 'graphic_layers'"),
        ({"graphic_layers": [second]}, r"\['B'\], not in 'A'"),
        ({"graphic_layers": [first, GraphicLayer("A", 2)]}, "named 'A'"),
        ({"graphic_layers": [first]}, r"\[0\].graphic_objects\[0\] must belong"),
        (
            {"graphic_layers": [first], "graphic_groups": [GraphicGroup(2, "a")]},
            r"\[2\], not to 1",
        ),
        ({"graphic_groups": [group, GraphicGroup(1, "b")]}, "named 1"),
    ]
    for options, message in wrong:
        with pytest.raises(ValueError, match=message):
            gray(images, graphic_annotations=drawn, **options)


def test_annotations_are_of_images_of_the_state():
    layer = GraphicLayer("A", 1)
    first, second = ct_series(2)
    with pytest.raises(ValueError, match=second.SOPInstanceUID):
        gray(
            [first],
            graphic_annotations=[annotated([second], layer)],
            graphic_layers=[layer],
        )


# --- displayed area ------------------------------------------------------------------


def test_all_of_the_image_is_displayed():
    images = ct_series(2)
    (area,) = gray(images).displayed_areas
    assert area.references is None
    assert area.top_left_hand_corner == [1, 1]
    assert area.bottom_right_hand_corner == [images[0].Columns, images[0].Rows]
    assert area.PresentationSizeMode == "SCALE TO FIT"
    assert "PixelOriginInterpretation" not in area


def test_the_displayed_area_of_a_slide_is_its_total_pixel_matrix():
    image = slide()
    (area,) = color([image]).displayed_areas
    assert area.PixelOriginInterpretation == "VOLUME"
    assert area.bottom_right_hand_corner == [
        image.TotalPixelMatrixColumns,
        image.TotalPixelMatrixRows,
    ]
    assert area.references[0].sop_instance_uid == image.SOPInstanceUID


def test_pixels_that_are_not_square_are_not_shown_as_squares():
    (image,) = ct_series(1)
    image.PixelSpacing = [0.5, 0.25]
    (area,) = gray([image]).displayed_areas
    assert area.presentation_pixel_spacing == [0.5, 0.25]
    assert "PresentationPixelAspectRatio" not in area
    image.PixelSpacing = [0.5, 0.5]
    (area,) = gray([image]).displayed_areas
    assert area.presentation_pixel_aspect_ratio == [1, 1]
    del image.PixelSpacing
    image.PixelAspectRatio = [2, 1]
    (area,) = gray([image]).displayed_areas
    assert area.presentation_pixel_aspect_ratio == [2, 1]


# --- modality ------------------------------------------------------------------------


def test_the_rescale_of_the_images_is_taken_over():
    images = ct_series(2)
    state = gray(images)
    assert state.RescaleSlope == images[0].RescaleSlope
    assert state.RescaleIntercept == images[0].RescaleIntercept
    state = gray([enhanced_ct()])
    assert state.RescaleType == "HU"


def test_a_ct_image_without_rescale_type_is_in_hounsfield_units():
    images = ct_series(1)
    images[0].pop("RescaleType", None)
    assert gray(images).RescaleType == "HU"
    images = pet_series(1)
    images[0].pop("RescaleType", None)
    assert gray(images).RescaleType == "US"


def test_images_that_differ_in_their_rescale_need_one_that_is_given():
    images = ct_series(2)
    images[1].RescaleIntercept = 5
    with pytest.raises(ValueError, match="'modality_lut_transformation' must be given"):
        gray(images)
    given = ModalityLUTTransformation(3.0, 2.0, "HU")
    assert gray(images, modality_lut_transformation=given).RescaleIntercept == 3


def test_a_modality_lut_is_taken_over():
    (image,) = ct_series(1)
    for keyword in ("RescaleSlope", "RescaleIntercept", "RescaleType"):
        image.pop(keyword, None)
    assert "ModalityLUTSequence" not in gray([image])
    item = ModalityLUT("HU", 0, np.arange(4, dtype=np.uint16))
    image.ModalityLUTSequence = [item]
    state = gray([image])
    assert state.ModalityLUTSequence[0].LUTData == item.LUTData
    assert "RescaleSlope" not in state


# --- values of interest --------------------------------------------------------------


def test_one_window_for_all_needs_no_references():
    (voi,) = gray(windowed((40, 400), (40, 400))).SoftcopyVOILUTSequence
    assert (voi.WindowCenter, voi.WindowWidth) == (40, 400)
    assert "ReferencedImageSequence" not in voi


def test_equal_windows_are_written_once():
    images = windowed((40, 400), (50, 500), None, ("40.0", "400.0"))
    first, second = gray(images).SoftcopyVOILUTSequence
    assert (first.WindowCenter, second.WindowCenter) == (40, 50)
    assert [item.sop_instance_uid for item in first.references] == [
        images[0].SOPInstanceUID,
        images[3].SOPInstanceUID,
    ]
    assert len(second.references) == 1


def test_images_without_window_have_no_voi_transformation():
    assert "SoftcopyVOILUTSequence" not in gray(windowed(None, None))


def test_several_windows_of_an_image_are_taken_over():
    (image,) = windowed(None)
    image.WindowCenter, image.WindowWidth = [40, 50], [400, 500]
    image.WindowCenterWidthExplanation = ["A", "B"]
    image.VOILUTFunction = "SIGMOID"
    (voi,) = gray([image]).SoftcopyVOILUTSequence
    assert voi.window_center == [40, 50]
    assert voi.window_explanation == ["A", "B"]
    assert voi.VOILUTFunction == "SIGMOID"


def test_voi_luts_are_taken_over():
    (image,) = windowed(None)
    image.VOILUTSequence = [VOILUT(0, np.arange(4, dtype=np.uint16))]
    (voi,) = gray([image]).SoftcopyVOILUTSequence
    assert voi.has_lut()
    assert not voi.has_window()
    assert voi.VOILUTSequence[0] is not image.VOILUTSequence[0]


def test_frames_with_windows_of_their_own_are_named():
    image = enhanced_ct(number_of_slices=4)
    shared = image.SharedFunctionalGroupsSequence[0]
    group = shared.pop("FrameVOILUTSequence", None)
    frames = image.PerFrameFunctionalGroupsSequence
    for number, frame in enumerate(frames):
        voi = deepcopy(group.value if group else frame.FrameVOILUTSequence)
        voi[0].WindowCenter = 40 if number != 2 else 90
        frame.FrameVOILUTSequence = voi
    centers = {
        voi.WindowCenter: numbers_of(voi.references)
        for voi in gray([image]).SoftcopyVOILUTSequence
    }
    assert centers == {40: [[1, 2, 4]], 90: [3]}


def test_given_windows_are_for_images_of_the_state_once_each():
    first, second, other = ct_series(3)

    def of(*images, **options):
        return VOI(
            40, 400, referenced_images=ReferencedImageSequence(images, **options)
        )

    state = gray([first, second], voi_lut_transformations=[of(first), of(second)])
    assert len(state.SoftcopyVOILUTSequence) == 2
    wrong = [
        ([VOI(40, 400), of(first)], "must refer to the images that it is for"),
        ([of(other)], other.SOPInstanceUID),
        ([of(first), of(first, second)], "another item refers"),
    ]
    for given, message in wrong:
        with pytest.raises(ValueError, match=message):
            gray([first, second], voi_lut_transformations=given)
    image = enhanced_ct(number_of_slices=4)
    apart = [of(image, referenced_frame_number=n) for n in (1, [2, 3])]
    assert len(gray([image], voi_lut_transformations=apart).SoftcopyVOILUTSequence) == 2
    with pytest.raises(ValueError, match="another item refers"):
        gray([image], voi_lut_transformations=[*apart, apart[0]])


# --- presentation --------------------------------------------------------------------


def test_images_in_which_low_values_are_white_stay_so():
    images = ct_series(2)
    assert gray(images).PresentationLUTShape == "IDENTITY"
    for image in images:
        image.PhotometricInterpretation = "MONOCHROME1"
    assert gray(images).PresentationLUTShape == "INVERSE"
    images[0].PhotometricInterpretation = "MONOCHROME2"
    with pytest.raises(ValueError, match="'presentation_lut_transformation'"):
        gray(images)
    given = PresentationLUTTransformation("IDENTITY")
    state = gray(images, presentation_lut_transformation=given)
    assert state.PresentationLUTShape == "IDENTITY"


# --- colour --------------------------------------------------------------------------


def test_a_palette_of_odd_length_has_all_of_its_entries():
    state = pseudo(ct_series(1))
    for name in ("Red", "Green", "Blue"):
        keyword = f"{name}PaletteColorLookupTable"
        assert list(state[f"{keyword}Descriptor"].value) == [255, 0, 16]
        assert len(state[f"{keyword}Data"].value) == 510
    assert "PresentationLUTShape" not in state
    assert len(state.ICCProfile) > 128


def test_palettes_of_presentation_states_have_16_bits_and_no_segments():
    eight = PaletteColorLUTTransformation.from_colors(["black", "red"])
    segments = np.array([0, 1, 0, 1, 255, 65535], np.uint16)
    segmented = PaletteColorLUTTransformation(
        *(SegmentedPaletteColorLUT(0, segments, c) for c in ("red", "green", "blue"))
    )
    for palette, message in ((eight, "16 bits"), (segmented, "segmented")):
        with pytest.raises(ValueError, match=message):
            pseudo(ct_series(1), palette)
    with pytest.raises(TypeError, match="PaletteColorLUTTransformation"):
        pseudo(ct_series(1), "x")


def test_the_identifier_of_the_palette_is_kept():
    palette = PaletteColorLUTTransformation.from_combined_lut(
        PALETTE.combined_lut_data, palette_color_lut_uid="1.2.840.10008.1.5.1"
    )
    state = pseudo(ct_series(1), palette)
    assert state.PaletteColorLookupTableUID == "1.2.840.10008.1.5.1"


def test_the_icc_profile_is_that_of_the_images_or_given():
    image = slide()
    for path in image.OpticalPathSequence:
        path.ICCProfile = input_profile()
    assert color([image], icc_profile=None).ICCProfile == input_profile()
    plain = sc_image()
    plain.pop("ICCProfile", None)
    with pytest.raises(ValueError, match="no ICC profile"):
        color([plain], icc_profile=None)
    assert color([plain]).ICCProfile == input_profile()
    with pytest.raises(ValueError, match="ICC"):
        color([plain], icc_profile=b"abc")


def test_profiles_of_displays_are_refused():
    # PS3.3 C.11.15.1.1: the profile is of an input device.
    profile_of_display = icc_profile().replace(b"scnr", b"mntr", 1)
    with pytest.raises(ValueError, match="device class 'scnr' or 'spac', not 'mntr'"):
        color([sc_image()], icc_profile=profile_of_display)


def test_without_a_profile_colours_are_of_an_input_device_of_srgb():
    state = pseudo(ct_series())
    assert state.ICCProfile[12:16] == b"scnr"
    colors = np.random.default_rng(1).integers(0, 256, (8, 8, 3)).astype(np.uint8)
    shown = ColorManager(state.ICCProfile).transform_frame(colors)
    assert np.abs(shown.astype(int) - colors).max() <= 1


# --- blending ------------------------------------------------------------------------


def series_of_two():
    ct, pet = ct_series(2), pet_series(2)
    for image in pet:
        image.FrameOfReferenceUID = ct[0].FrameOfReferenceUID
        image.StudyInstanceUID = ct[0].StudyInstanceUID
    return ct, pet


def blended(images=None, blending=None, display=None, **options):
    ct, pet = series_of_two()
    inputs = [BlendingDisplayInput(1), BlendingDisplayInput(2)]
    return AdvancedBlendingPresentationState(
        images or [*ct, *pet],
        blending or [AdvancedBlending(ct, 1), AdvancedBlending(pet[:1], 2)],
        [BlendingDisplay("EQUAL", inputs)] if display is None else display,
        **identity(**options),
    )


def test_inputs_and_operations_are_kept():
    state = blended()
    ct, _ = series_of_two()
    assert [item.blending_input_number for item in state.blending] == [1, 2]
    assert len(state.blending[0].references) == 2
    assert state.FrameOfReferenceUID == ct[0].FrameOfReferenceUID
    assert state.PixelPresentation == "TRUE_COLOR"
    assert len(state.ICCProfile) > 128
    series = state.ReferencedSeriesSequence
    assert [len(item.ReferencedInstanceSequence) for item in series] == [2, 2]


def test_operations_given_are_not_those_of_the_state():
    inputs = [BlendingDisplayInput(1), BlendingDisplayInput(2)]
    operation = BlendingDisplay("EQUAL", inputs)
    blended(display=[operation]).blending_display[0].BlendingMode = "FOREGROUND"
    assert operation.BlendingMode == "EQUAL"


def test_images_of_other_studies_are_referred_to_by_study():
    ct, pet = series_of_two()
    study = UID()
    for image in pet:
        image.StudyInstanceUID = study
    state = blended([*ct, *pet], [AdvancedBlending(ct, 1), AdvancedBlending(pet, 2)])
    assert len(state.ReferencedSeriesSequence) == 1
    (other,) = state.StudiesContainingOtherReferencedInstancesSequence
    assert other.StudyInstanceUID == study


def test_results_of_operations_may_be_blended_again():
    first = BlendingDisplay("EQUAL", [BlendingDisplayInput(n) for n in (1, 2)], 3)
    last = BlendingDisplay(
        "FOREGROUND", [BlendingDisplayInput(n) for n in (3, 1)], relative_opacity=0.5
    )
    assert len(blended(display=[last, first]).blending_display) == 2


def test_operations_that_cannot_be_carried_out_are_refused():
    def equal(*inputs, number=None):
        return BlendingDisplay("EQUAL", map(BlendingDisplayInput, inputs), number)

    wrong = [
        ([], "all but one"),
        ([equal(1), equal(2)], "all but one"),
        ([equal(1, 2, number=3)], "all but one"),
        ([equal(1, 3)], r"which \[3\] do not"),
        ([equal(1, number=2), equal(1)], "differ from each other"),
        ([equal(4, number=3), equal(3, number=4), equal(3)], r"\[3, 4\] do not"),
    ]
    for display, message in wrong:
        with pytest.raises(ValueError, match=message):
            blended(display=display)
    with pytest.raises(TypeError):
        blended(display=["x"])


def test_inputs_are_numbered_and_among_the_images():
    ct, pet = series_of_two()
    inputs = [AdvancedBlending(ct, 2), AdvancedBlending(pet, 3)]
    with pytest.raises(ValueError, match="1, 2, 3"):
        blended([*ct, *pet], inputs)
    inputs = [AdvancedBlending(ct, 1), AdvancedBlending(pet, 2)]
    with pytest.raises(ValueError, match=r"'blending'\[1\]"):
        blended(ct, inputs)
    with pytest.raises(ValueError, match="share SeriesInstanceUID"):
        AdvancedBlending([ct[0], pet[0]], 1)
    with pytest.raises(TypeError):
        blended(blending=["x"])


def test_images_that_are_blended_share_their_frame_of_reference():
    ct, pet = series_of_two()
    for image in pet:
        image.FrameOfReferenceUID = UID()
    inputs = [AdvancedBlending(ct, 1), AdvancedBlending(pet, 2)]
    with pytest.raises(ValueError, match="FrameOfReferenceUID"):
        blended([*ct, *pet], inputs)
    del pet[0].FrameOfReferenceUID
    with pytest.raises(AttributeError, match="FrameOfReferenceUID"):
        blended([*ct, *pet], inputs)


def test_inputs_in_colour_take_no_transformations():
    with pytest.raises(ValueError, match="in colour"):
        AdvancedBlending([sc_image()], 1, palette_color_lut_transformation=PALETTE)
    item = AdvancedBlending([sc_image()], 1)
    assert "PaletteColorLookupTableSequence" not in item


def test_names_of_creators_are_checked():
    images = ct_series(number_of_slices=1)
    with pytest.warns(UserWarning, match="single component"):
        gray(images, content_creator_name="Jane")
    for name in ("a^b^c^d^e^f", "a\\b"):
        with pytest.raises(ValueError, match="The person name"):
            gray(images, content_creator_name=name)
