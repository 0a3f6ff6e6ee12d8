"""What presentation states look like."""

from copy import deepcopy
from io import BytesIO

import numpy as np
import pytest
from PIL import Image as PillowImage
from pr_images import NO_RESCALE, RAMP, VOI, black, gray, identity, image_of

from highdicom import (
    UID,
    VOILUT,
    Image,
    ModalityLUTTransformation,
    PaletteColorLUTTransformation,
    PresentationLUT,
    PresentationLUTTransformation,
    ReferencedImageSequence,
)
from highdicom.color import CIELabColor, srgb_profile
from highdicom.pr import (
    AdvancedBlending,
    AdvancedBlendingPresentationState,
    BlendingDisplay,
    BlendingDisplayInput,
    ColorSoftcopyPresentationState,
    GraphicAnnotation,
    GraphicLayer,
    GraphicObject,
    GrayscaleSoftcopyPresentationState,
    PseudoColorSoftcopyPresentationState,
    TextObject,
    prread,
)
from highdicom.testing import ct_series, enhanced_ct, sc_image, slide

RED = CIELabColor.from_string("red")


def drawn(image, *objects, color=None, **options):
    layer = GraphicLayer("LAYER", 1, display_color=color)
    graphics = [item for item in objects if isinstance(item, GraphicObject)]
    texts = [item for item in objects if isinstance(item, TextObject)]
    annotation = GraphicAnnotation(
        [image], layer, graphic_objects=graphics, text_objects=texts
    )
    return gray(
        image, graphic_annotations=[annotation], graphic_layers=[layer], **options
    )


def graphic(kind, points, units="PIXEL", **options):
    return GraphicObject(kind, np.array(points, float), units, **options)


# --- values --------------------------------------------------------------------------


def test_windows_and_shapes_say_which_values_are_white():
    image = image_of(RAMP)
    assert gray(image).apply(image).tolist() == RAMP.tolist()
    inverse = PresentationLUTTransformation("INVERSE")
    state = gray(image, presentation_lut_transformation=inverse)
    assert state.apply(image).tolist() == (255 - RAMP).tolist()


def test_the_modality_lut_comes_first():
    image = image_of(RAMP)
    state = gray(
        image, modality_lut_transformation=ModalityLUTTransformation(5, 0.5, "US")
    )
    expected = np.rint(RAMP * 0.5 + 5)
    assert state.apply(image).tolist() == expected.tolist()


def test_without_window_the_whole_range_of_values_is_shown():
    image = image_of([[0, 2048, 4095]])
    for keyword in ("WindowCenter", "WindowWidth"):
        image.pop(keyword, None)
    state = GrayscaleSoftcopyPresentationState([image], **identity())
    assert "SoftcopyVOILUTSequence" not in state
    assert state.apply(image).tolist() == [[0, 128, 255]]


def test_exact_and_sigmoid_windows_follow_their_formulas():
    values = np.arange(0, 256, 5).reshape(1, -1)
    image = image_of(values)
    exact = gray(image, voi_lut_transformations=[VOI(100, 50, None, "LINEAR_EXACT")])
    expected = np.rint(np.clip((values - 100) / 50 + 0.5, 0, 1) * 255)
    assert exact.apply(image).tolist() == expected.tolist()
    sigmoid = gray(image, voi_lut_transformations=[VOI(100, 50, None, "SIGMOID")])
    expected = np.rint(255 / (1 + np.exp(-4 * (values - 100) / 50)))
    assert sigmoid.apply(image).tolist() == expected.tolist()


def test_tables_are_looked_up():
    image = image_of([[0, 1, 2, 3, 9]])
    table = VOILUT(1, np.array([10, 200, 30], np.uint8))
    state = gray(image, voi_lut_transformations=[VOI(voi_luts=[table])])
    assert state.apply(image).tolist() == [[10, 10, 200, 30, 30]]
    reverse = PresentationLUT(0, np.arange(255, -1, -1, dtype=np.uint8))
    state = gray(
        image,
        voi_lut_transformations=[VOI(voi_luts=[table])],
        presentation_lut_transformation=PresentationLUTTransformation(
            presentation_lut=reverse
        ),
    )
    assert state.apply(image).tolist() == [[245, 245, 55, 225, 225]]


def test_each_frame_has_its_own_window():
    image = enhanced_ct(number_of_slices=3)
    windows = [
        VOI(
            center,
            1,
            None,
            "LINEAR_EXACT",
            referenced_images=ReferencedImageSequence(
                [image], referenced_frame_number=frames
            ),
        )
        for center, frames in ((-5000, [1, 3]), (5000, 2))
    ]
    state = gray(image, voi_lut_transformations=windows)
    assert [int(state.apply(image, n).min()) for n in (1, 2, 3)] == [255, 0, 255]


def test_a_palette_gives_values_of_interest_their_colours():
    image = image_of([[0, 128, 255]])
    colors = np.array([[65535, 0, 0], [0, 65535, 0], [0, 0, 65535]], np.uint16)
    state = PseudoColorSoftcopyPresentationState(
        [image],
        palette_color_lut_transformation=(
            PaletteColorLUTTransformation.from_combined_lut(colors)
        ),
        modality_lut_transformation=NO_RESCALE,
        voi_lut_transformations=[VOI(128, 256)],
        **identity(),
    )
    expected = [[[255, 0, 0], [0, 255, 0], [0, 0, 255]]]
    np.testing.assert_allclose(state.apply(image), expected, atol=1)


def test_colours_are_shown_as_they_are():
    image = sc_image()
    state = ColorSoftcopyPresentationState(
        [image], icc_profile=srgb_profile(), **identity()
    )
    stored = Image.from_dataset(image).get_stored_frame(1)
    np.testing.assert_allclose(
        state.apply(image).astype(int), stored.astype(int), atol=1
    )


# --- blending ------------------------------------------------------------------------


def blended(first, second, mode, opacity=None):
    inputs = [BlendingDisplayInput(number) for number in (1, 2)]
    return AdvancedBlendingPresentationState(
        [first, second],
        [
            AdvancedBlending([image], number, NO_RESCALE, [VOI(128, 256)])
            for number, image in enumerate((first, second), 1)
        ],
        [BlendingDisplay(mode, inputs, relative_opacity=opacity)],
        **identity(),
    )


def two_images():
    first, second = image_of([[200, 100]]), image_of([[100, 0]])
    second.SOPInstanceUID, second.SeriesInstanceUID = UID(), UID()
    return first, second


@pytest.mark.parametrize(
    ("mode", "opacity", "expected"),
    [("EQUAL", None, [150, 50]), ("FOREGROUND", 0.25, [125, 25])],
)
def test_inputs_are_blended(mode, opacity, expected):
    first, second = two_images()
    pixels = blended(first, second, mode, opacity).apply([second, first])
    assert pixels.shape == (1, 2, 3)
    np.testing.assert_allclose(pixels[0, :, 0], expected, atol=1)


def test_each_input_of_blending_needs_its_image():
    first, second = two_images()
    with pytest.raises(ValueError, match="one image for each input"):
        blended(first, second, "EQUAL").apply(first)


# --- viewport ------------------------------------------------------------------------


@pytest.mark.parametrize("flip", [False, True])
@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_images_are_turned_clockwise_and_then_flipped(rotation, flip):
    image = image_of(RAMP)
    state = gray(image)
    state.ImageRotation, state.ImageHorizontalFlip = rotation, "Y" if flip else "N"
    expected = RAMP
    for _ in range(rotation // 90):
        expected = expected[::-1].T
    if flip:
        expected = expected[:, ::-1]
    assert state.apply(image).tolist() == expected.tolist()


def test_the_displayed_area_is_cut_out_and_black_beyond_the_image():
    image = image_of(RAMP)
    state = gray(image)
    (area,) = state.displayed_areas
    area.top_left_hand_corner = [2, 0]
    area.bottom_right_hand_corner = [5, 2]
    shown = state.apply(image)
    assert shown.tolist() == [
        [0, 0, 0, 0],
        [20, 40, 60, 0],
        [100, 120, 140, 0],
    ]
    area.top_left_hand_corner, area.bottom_right_hand_corner = [9, 9], [12, 12]
    assert state.apply(image).tolist() == np.zeros((4, 4)).tolist()


def test_sizes_are_fitted_into_or_magnified():
    image = black(rows=20, columns=30)
    state = gray(image)
    (area,) = state.displayed_areas
    assert state.apply(image, size=(300, 300)).shape == (200, 300)
    assert state.apply(image, size=(300, 100)).shape == (100, 150)
    state.ImageRotation = 90
    assert state.apply(image, size=(300, 300)).shape == (300, 200)
    area.presentation_size_mode = "MAGNIFY"
    area.presentation_pixel_magnification_ratio = 2.0
    assert state.apply(image, size=(300, 300)).shape == (60, 40)


def test_pixels_have_their_shape():
    image = black(rows=20, columns=30)
    image.PixelSpacing = [2, 1]
    assert gray(image).apply(image).shape == (40, 30)
    image.PixelSpacing = [1, 2]
    assert gray(image).apply(image).shape == (20, 60)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"ImageRotation": 45}, "ImageRotation"),
        ({"ShutterShape": "STAR"}, "ShutterShape"),
    ],
)
def test_states_that_make_no_sense_are_refused(change, message):
    image = image_of(RAMP)
    state = gray(image)
    for keyword, value in change.items():
        setattr(state, keyword, value)
    with pytest.raises(ValueError, match=message):
        state.apply(image)


def damaged(image, **elements):
    """A state whose graphic was changed by another hand."""
    state = drawn(image, graphic("ELLIPSE", [[1, 5], [9, 5], [5, 3], [5, 7]]))
    item = state.graphic_annotations[0].graphic_objects[0]
    for keyword, value in elements.items():
        setattr(item, keyword, value)
    return state


@pytest.mark.parametrize(
    "elements",
    [
        {"GraphicData": [1, 2, 3]},
        {"GraphicData": [1, 2, 3, 4, 5, 6]},
        {"GraphicData": [1, 2, 3, 4, 5, 6, 7, float("nan")]},
        {"GraphicData": [1, 2, 3, 4, 5, 6, 7, 1e30]},
        {"GraphicType": "SQUARE"},
        {"GraphicAnnotationUnits": "MATRIX"},
        {"GraphicAnnotationUnits": "MILLIMETRE"},
    ],
)
def test_damaged_graphics_are_refused(elements):
    image = black()
    state = damaged(image, **elements)
    with pytest.raises(ValueError):  # noqa: PT011 (the place differs)
        state.apply(image)


def test_damaged_windows_are_refused():
    image = image_of(RAMP)
    state = gray(image)
    del state.SoftcopyVOILUTSequence[0].WindowWidth
    with pytest.raises(AttributeError, match="WindowWidth"):
        state.apply(image)


def test_displayed_areas_that_fill_memory_are_refused():
    image = image_of(RAMP)
    state = gray(image)
    state.displayed_areas[0].bottom_right_hand_corner = [2**31 - 1, 2**31 - 1]
    with pytest.raises(ValueError, match="must not come to more than"):
        state.apply(image)
    state = gray(image)
    with pytest.raises(ValueError, match="must not come to more than"):
        state.apply(image, size=(2**31, 2**31))
    with pytest.raises(ValueError, match="'size'"):
        state.apply(image, size=(0, 10))


# --- shutters ------------------------------------------------------------------------


def test_rectangular_shutters_cover_what_is_outside():
    image = image_of(np.full((6, 8), 200))
    state = gray(image)
    state.ShutterShape = "RECTANGULAR"
    state.ShutterLeftVerticalEdge, state.ShutterRightVerticalEdge = 3, 6
    state.ShutterUpperHorizontalEdge, state.ShutterLowerHorizontalEdge = 2, 4
    expected = np.zeros((6, 8))
    expected[1:4, 2:6] = 200
    assert state.apply(image).tolist() == expected.tolist()
    state.ShutterPresentationValue = 65535
    expected[expected == 0] = 255
    assert state.apply(image).tolist() == expected.tolist()
    del state.ShutterRightVerticalEdge
    with pytest.raises(AttributeError, match="ShutterRightVerticalEdge"):
        state.apply(image)


def test_circular_and_polygonal_shutters_cover_what_is_outside_of_either():
    image = image_of(np.full((21, 21), 200))
    state = gray(image)
    state.ShutterShape = "CIRCULAR"
    state.CenterOfCircularShutter, state.RadiusOfCircularShutter = [11, 11], 5
    shown = state.apply(image)
    rows, columns = np.mgrid[-10:11, -10:11]
    assert ((shown == 200) == (rows**2 + columns**2 <= 25)).all()
    state.ShutterShape = ["CIRCULAR", "POLYGONAL"]
    state.VerticesOfThePolygonalShutter = [1, 1, 1, 21, 11, 21, 11, 1]
    half = state.apply(image)
    assert (half[:11] == shown[:11]).all()
    assert not half[11:].any()


def test_shutters_may_be_in_colour():
    image = image_of(np.full((4, 4), 200))
    state = gray(image)
    state.ShutterShape = "CIRCULAR"
    state.CenterOfCircularShutter, state.RadiusOfCircularShutter = [2, 2], 1
    state.ShutterPresentationColorCIELabValue = list(RED.value)
    shown = state.apply(image)
    assert shown[3, 3].tolist() == list(RED.to_rgb(clip=True))
    assert shown[1, 1].tolist() == [200, 200, 200]


# --- graphics ------------------------------------------------------------------------


def test_gray_graphics_leave_the_picture_gray():
    image = black()
    shown = drawn(image, graphic("POLYLINE", [[5.5, 3.5], [9.5, 3.5]])).apply(image)
    expected = np.zeros((20, 30))
    expected[3, 5:10] = 255
    assert shown.tolist() == expected.tolist()


def test_graphics_have_the_colour_of_their_layer():
    image = black()
    shown = drawn(image, graphic("POINT", [[5.5, 3.5]]), color=RED).apply(image)
    assert shown.shape == (20, 30, 3)
    assert shown[3, 5].tolist() == list(RED.to_rgb(clip=True))
    assert not shown[..., 1:].any()


def test_circles_and_ellipses_go_through_their_points():
    image = black(40, 60)
    circle = drawn(image, graphic("CIRCLE", [[20.5, 20.5], [20.5, 30.5]])).apply(image)
    assert [circle[20, 10], circle[20, 30], circle[10, 20], circle[30, 20]] == [255] * 4
    assert circle[20, 20] == 0
    points = [[10.5, 20.5], [50.5, 20.5], [30.5, 15.5], [30.5, 25.5]]
    ellipse = drawn(image, graphic("ELLIPSE", points, is_filled=True)).apply(image)
    for column, row in points:
        assert ellipse[int(row), int(column)] == 255
    assert ellipse[20, 30] == 255
    assert ellipse[15, 12] == 0


def test_curves_go_through_their_points():
    image = black(40, 60)
    points = [[5.5, 5.5], [20.5, 30.5], [40.5, 10.5], [50.5, 30.5]]
    shown = drawn(image, graphic("INTERPOLATED", points)).apply(image)
    for column, row in points:
        assert shown[int(row), int(column)] == 255


@pytest.mark.parametrize("flip", ["Y", "N"])
@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_graphics_of_the_image_turn_with_it(rotation, flip):
    image = black()
    state = drawn(image, graphic("POINT", [[5.5, 3.5]]))
    marked = np.zeros((20, 30))
    marked[3, 5] = 255
    state.ImageRotation, state.ImageHorizontalFlip = rotation, flip
    pixel = image_of(marked)
    turned = gray(pixel)
    turned.ImageRotation, turned.ImageHorizontalFlip = rotation, flip
    centers = [
        np.argwhere(shown).mean(axis=0).tolist()
        for shown in (state.apply(image), turned.apply(pixel))
    ]
    assert centers[0] == centers[1]


def test_graphics_of_the_display_stay_where_they_are():
    image = black(20, 30)
    state = drawn(image, graphic("POINT", [[0.5, 0.25]], "DISPLAY"))
    for rotation, place in ((0, (5, 15)), (90, (7.5, 10))):
        state.ImageRotation = rotation
        center = np.argwhere(state.apply(image)).mean(axis=0)
        assert np.abs(center + 0.5 - place).max() <= 1


def test_layers_of_higher_order_are_drawn_over_others():
    image = black()
    top = GraphicLayer("TOP", 2, display_color=RED)
    bottom = GraphicLayer("BOTTOM", 1)
    point = graphic("POINT", [[5.5, 3.5]])
    state = gray(
        image,
        graphic_annotations=[
            GraphicAnnotation([image], layer, graphic_objects=[point])
            for layer in (top, bottom)
        ],
        graphic_layers=[top, bottom],
    )
    assert state.apply(image)[3, 5].tolist() == list(RED.to_rgb(clip=True))


def test_annotations_are_drawn_in_their_frames_only():
    image = enhanced_ct(number_of_slices=2)
    layer = GraphicLayer("LAYER", 1, display_color=RED)
    annotation = GraphicAnnotation(
        [image], layer, 2, graphic_objects=[graphic("POINT", [[5.5, 3.5]])]
    )
    state = gray(image, graphic_annotations=[annotation], graphic_layers=[layer])
    assert [state.apply(image, number).ndim for number in (1, 2)] == [2, 3]


def test_texts_stand_in_their_boxes():
    image = black(60, 120)
    for justification, side in (("LEFT", 0), ("RIGHT", 1)):
        text = TextObject("I", "PIXEL", (20, 10, 100, 40), None, justification)
        shown = drawn(image, text).apply(image)
        rows, columns = np.nonzero(shown)
        assert rows.min() >= 10
        assert rows.max() < 40
        assert 20 <= columns.min() <= columns.max() < 100
        assert (columns.mean() > 60) == bool(side)


def test_a_line_goes_to_an_anchor_that_is_visible():
    image = black(60, 120)
    for visible in (True, False):
        text = TextObject(
            "I", "PIXEL", (20, 10, 60, 20), (100.5, 50.5), "LEFT", visible
        )
        shown = drawn(image, text).apply(image)
        assert bool(shown[50, 100]) is visible


def test_slides_are_shown_as_a_whole_or_by_tiles():
    image = slide()
    layer = GraphicLayer("LAYER", 1)
    point = graphic("POINT", [[5.5, 3.5]], "MATRIX")
    state = ColorSoftcopyPresentationState(
        [image],
        graphic_annotations=[
            GraphicAnnotation([image], layer, graphic_objects=[point])
        ],
        graphic_layers=[layer],
        icc_profile=srgb_profile(),
        **identity(),
    )
    for area in state.displayed_areas:
        area.presentation_pixel_spacing = None
        area.presentation_pixel_aspect_ratio = [1, 1]
    shown = state.apply(image)
    assert shown.shape == (image.TotalPixelMatrixRows, image.TotalPixelMatrixColumns, 3)
    assert shown[3, 5].tolist() == [255, 255, 255]
    with pytest.raises(ValueError, match="MATRIX"):
        state.apply(image, 1)


# --- arguments -----------------------------------------------------------------------


def test_only_images_of_the_state_are_shown():
    image, other = ct_series(2)
    with pytest.raises(ValueError, match=other.SOPInstanceUID):
        gray(image).apply(other)
    with pytest.raises(ValueError, match="one image"):
        gray([image, other]).apply([image, other])
    with pytest.raises(ValueError, match="empty"):
        gray(image).apply([])
    with pytest.raises(TypeError):
        gray(image).apply("x")
    with pytest.raises(IndexError):
        gray(image).apply(image, 2)


def test_state_and_image_stay_as_they_are():
    image = image_of(RAMP)
    state = drawn(image, graphic("POINT", [[1, 1]]))
    before = deepcopy(image), deepcopy(state)
    state.apply(image)
    assert (image, state) == before
    assert type(image) is type(before[0])


def test_a_state_that_was_read_renders_the_same():
    image = image_of(RAMP)
    state = drawn(image, graphic("POINT", [[1, 1]]), color=RED)
    buffer = BytesIO()
    state.save_as(buffer, enforce_file_format=True)
    again = prread(buffer.getvalue())
    assert np.array_equal(again.apply(image), state.apply(image))


def test_a_png_holds_what_is_shown():
    image = image_of(RAMP)
    state = gray(image)
    with PillowImage.open(BytesIO(state.to_png(image))) as picture:
        assert picture.format == "PNG"
        assert np.array(picture).tolist() == RAMP.tolist()
