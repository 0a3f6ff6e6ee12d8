"""Masks, thresholds, geometry, overlays and bitmap shutters of what is shown."""

from copy import deepcopy

import numpy as np
import pytest
from pr_images import NO_RESCALE, VOI, black, gray, identity, image_of
from pydicom.dataset import Dataset
from pydicom.pixels import pack_bits

from highdicom import (
    UID,
    PaletteColorLUTTransformation,
    PresentationLUTTransformation,
)
from highdicom.color import CIELabColor
from highdicom.errors import NonconformantDatasetError
from highdicom.pr import (
    AdvancedBlending,
    AdvancedBlendingPresentationState,
    BlendingDisplay,
    BlendingDisplayInput,
    GraphicLayer,
)
from highdicom.testing import enhanced_ct

# --- masks ---------------------------------------------------------------------------


def frames(count=4, rows=3, columns=4):
    """An enhanced image of random frames, and its stored values."""
    image = enhanced_ct(number_of_slices=count)
    image.Rows, image.Columns = rows, columns
    measures = image.SharedFunctionalGroupsSequence[0].PixelMeasuresSequence[0]
    measures.PixelSpacing = [1, 1]
    values = np.random.default_rng(7).integers(0, 200, (count, rows, columns))
    image.PixelData = values.astype(np.uint16).tobytes()
    return image, values


def with_mask(image, **attributes):
    """A state that shows differences from -128 to 127 as 0 to 255."""
    state = gray(image, voi_lut_transformations=[VOI(0, 256)])
    state.RecommendedViewingMode = "SUB"
    item = Dataset()
    for keyword, value in attributes.items():
        setattr(item, keyword, value)
    state.MaskSubtractionSequence = [item]
    return state


def rescale(holder, slope, intercept):
    # Elements are those of the transformation given, which other tests share.
    del holder.RescaleSlope, holder.RescaleIntercept
    holder.RescaleSlope, holder.RescaleIntercept = slope, intercept


def as_shown(difference):
    """Values as the linear window of 256 around 0 shows them (PS3.3 C.11.2.1.2.1)."""
    return np.clip(((difference + 0.5) / 255 + 0.5) * 255, 0, 255)


def assert_shows(state, image, frame_number, expected):
    found = state.apply(image, frame_number).astype(float)
    np.testing.assert_allclose(found, expected, atol=0.51)


def test_the_mean_of_masks_is_subtracted_from_the_mean_of_contrast_frames():
    image, values = frames()
    state = with_mask(
        image,
        MaskOperation="AVG_SUB",
        MaskFrameNumbers=[1, 2],
        ContrastFrameAveraging=2,
    )
    difference = values[2:4].mean(axis=0) - values[0:2].mean(axis=0)
    assert_shows(state, image, 3, as_shown(difference))


def test_masks_are_subtracted_after_the_modality_transformation():
    image, values = frames()
    state = with_mask(image, MaskOperation="AVG_SUB", MaskFrameNumbers=1)
    rescale(state, 0.5, 300)
    assert_shows(state, image, 2, as_shown((values[1] - values[0]) * 0.5))


@pytest.mark.parametrize(("offset", "mask"), [(2, 0), (-1, 3), (None, 1)])
def test_the_mask_is_as_many_frames_before_as_the_offset_says(offset, mask):
    image, values = frames()
    state = with_mask(image, MaskOperation="TID", TIDOffset=offset)
    assert_shows(state, image, 3, as_shown(values[2] - values[mask]))


@pytest.mark.parametrize(
    ("frame_number", "attributes"),
    [
        (1, {"MaskOperation": "TID", "TIDOffset": 1}),
        (4, {"MaskOperation": "TID", "TIDOffset": -1}),
        (2, {"MaskOperation": "NONE"}),
        (
            4,
            {
                "MaskOperation": "AVG_SUB",
                "MaskFrameNumbers": 1,
                "ContrastFrameAveraging": 2,
            },
        ),
    ],
)
def test_frames_that_the_operation_does_not_apply_to_are_shown_as_they_are(
    frame_number, attributes
):
    image, values = frames()
    state = with_mask(image, **attributes)
    assert_shows(state, image, frame_number, as_shown(values[frame_number - 1]))


def test_the_native_viewing_mode_subtracts_nothing():
    image, values = frames()
    state = with_mask(image, MaskOperation="AVG_SUB", MaskFrameNumbers=1)
    state.RecommendedViewingMode = "NAT"
    assert_shows(state, image, 2, as_shown(values[1]))


def test_masks_are_shifted_down_and_to_the_right_by_fractions_of_pixels():
    image, values = frames(2, 5, 6)
    state = with_mask(
        image,
        MaskOperation="AVG_SUB",
        MaskFrameNumbers=1,
        MaskSubPixelShift=[1.0, 0.25],
    )
    mask = values[0].astype(float)
    # A row further down, and three quarters of a pixel with a quarter of its left one.
    expected = values[1, 1:, 1:] - (0.75 * mask[:-1, 1:] + 0.25 * mask[:-1, :-1])
    found = state.apply(image, 2)[1:, 1:].astype(float)
    np.testing.assert_allclose(found, as_shown(expected), atol=0.51)


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        ({}, "MaskOperation must be AVG_SUB or TID"),
        ({"MaskOperation": "REV_TID"}, "not REV_TID"),
        ({"MaskOperation": "AVG_SUB"}, "MaskFrameNumbers must be"),
        ({"MaskOperation": "AVG_SUB", "MaskFrameNumbers": 9}, "up to 4, not \\[9\\]"),
        (
            {
                "MaskOperation": "AVG_SUB",
                "MaskFrameNumbers": 1,
                "ContrastFrameAveraging": 0,
            },
            "ContrastFrameAveraging must be a positive",
        ),
        (
            {
                "MaskOperation": "AVG_SUB",
                "MaskFrameNumbers": 1,
                "MaskSubPixelShift": [1.0, float("nan")],
            },
            "MaskSubPixelShift must be two numbers",
        ),
    ],
)
def test_operations_on_masks_that_make_no_sense_are_refused(attributes, message):
    image, _ = frames()
    with pytest.raises(ValueError, match=message):
        with_mask(image, **attributes).apply(image, 2)


# --- supplemental palettes -----------------------------------------------------------


def test_colours_of_a_supplemental_palette_stay_as_they_are():
    image, values = frames(2)
    colors = np.array([[255, 0, 0], [0, 128, 255]], np.uint16) * 257
    palette = PaletteColorLUTTransformation.from_combined_lut(
        colors, first_mapped_value=1000
    )
    palette.insert_into(image)
    image.PixelPresentation = "COLOR"
    stored = values.astype(np.uint16)
    stored[0, 1, 1], stored[0, 2, 3], stored[0, 0, 0] = 1000, 1001, 1002
    image.PixelData = stored.tobytes()
    inverse = PresentationLUTTransformation("INVERSE")
    state = gray(image, presentation_lut_transformation=inverse)
    pixels = state.apply(image, 1)
    expected = np.repeat((255 - values[0])[..., np.newaxis], 3, axis=-1)
    expected[1, 1], expected[2, 3], expected[0, 0] = (255, 0, 0), (0, 128, 255), 0
    np.testing.assert_allclose(pixels.astype(int), expected, atol=1)
    assert state.apply(image, 2).ndim == 2


# --- blending ------------------------------------------------------------------------


def pair(first, second):
    """Two images of two series."""
    images = image_of(first), image_of(second)
    images[1].SOPInstanceUID, images[1].SeriesInstanceUID = UID(), UID()
    return images


def blended(images, mode="EQUAL", opacity=None):
    inputs = [BlendingDisplayInput(number) for number in (1, 2)]
    return AdvancedBlendingPresentationState(
        images,
        [
            AdvancedBlending([image], number, NO_RESCALE, [VOI(128, 256)])
            for number, image in enumerate(images, 1)
        ],
        [BlendingDisplay(mode, inputs, relative_opacity=opacity)],
        **identity(),
    )


def threshold(kind, *limits):
    item = Dataset()
    item.ThresholdType = kind
    values = [Dataset() for _ in limits]
    for holder, limit in zip(values, limits, strict=True):
        holder.ThresholdValue = limit
    item.ThresholdValueSequence = values
    return item


def shown_gray(state, images):
    return state.apply(list(images))[..., 0].astype(float).ravel()


@pytest.mark.parametrize(
    ("items", "visible"),
    [
        ([("RANGE_INCL", 20, 40)], [False, True, True, True, False]),
        ([("RANGE_INCL", 40, 20)], [False, True, True, True, False]),
        ([("RANGE_EXCL", 20, 40)], [True, False, False, False, True]),
        ([("GREATER_OR_EQUAL", 30)], [False, False, True, True, True]),
        ([("LESS_OR_EQUAL", 30)], [True, True, True, False, False]),
        ([("GREATER_THAN", 30)], [False, False, False, True, True]),
        ([("LESS_THAN", 30)], [True, True, False, False, False]),
        ([("LESS_THAN", 20), ("GREATER_THAN", 40)], [True, False, False, False, True]),
    ],
)
@pytest.mark.parametrize(
    ("mode", "opacity", "weight"), [("EQUAL", None, 0.5), ("FOREGROUND", 0.25, 0.25)]
)
def test_values_beyond_thresholds_leave_the_other_input_alone(
    items, visible, mode, opacity, weight
):
    first = np.array([10.0, 20, 30, 40, 50])
    images = pair([first], [[200] * 5])
    state = blended(images, mode, opacity)
    state.blending[0].ThresholdSequence = [threshold(*item) for item in items]
    mixed = weight * first + (1 - weight) * 200
    expected = np.where(visible, mixed, 200)
    np.testing.assert_allclose(shown_gray(state, images), expected, atol=1)


def test_what_no_input_shows_is_black():
    images = pair([[10, 200]], [[10, 200]])
    state = blended(images)
    for item in state.blending:
        item.ThresholdSequence = [threshold("GREATER_THAN", 100)]
    np.testing.assert_allclose(shown_gray(state, images), [0, 200], atol=1)


def test_thresholds_are_values_of_the_modality():
    images = pair([[10, 20]], [[200, 200]])
    state = blended(images)
    rescale(state.blending[0], 1, 1000)
    state.blending[0].ThresholdSequence = [threshold("GREATER_THAN", 1015)]
    found = shown_gray(state, images)
    assert found[0] == pytest.approx(200, abs=1)
    assert found[1] > 220


def test_padding_is_not_blended():
    images = pair([[0, 5, 60, 60]], [[100] * 4])
    images[0].PixelPaddingValue, images[0].PixelPaddingRangeLimit = 0, 5
    found = shown_gray(blended(images), images)
    np.testing.assert_allclose(found, [100, 100, 80, 80], atol=1)


@pytest.mark.parametrize(
    ("item", "message"),
    [
        (("ABOVE", 1), "ThresholdType must be one of"),
        (("RANGE_INCL", 1), "must have 2 ThresholdValue"),
        (("LESS_THAN", 1, 2), "must have 1 ThresholdValue"),
        (("LESS_THAN", float("nan")), "must have 1 ThresholdValue"),
    ],
)
def test_thresholds_that_make_no_sense_are_refused(item, message):
    images = pair([[10]], [[200]])
    state = blended(images)
    state.blending[0].ThresholdSequence = [threshold(*item)]
    with pytest.raises(ValueError, match=message):
        state.apply(list(images))


def test_inputs_are_shown_in_the_geometry_of_one():
    coarse = np.array([[0, 80], [160, 240]])
    fine = np.zeros((4, 4))
    images = pair(fine, coarse)
    # Pixels of 2 mm, of which the first has its centre between the first of 1 mm.
    images[1].PixelSpacing = [2, 2]
    row, column = np.reshape(images[0].ImageOrientationPatient, (2, 3)).astype(float)
    corner = np.array(images[0].ImagePositionPatient, float)
    images[1].ImagePositionPatient = (corner + 0.5 * row + 0.5 * column).tolist()
    state = blended(images, "FOREGROUND", 0.0)
    along = np.array([0, 0.25, 0.75, 1])
    expected = 160 * along[:, np.newaxis] + 80 * along
    found = state.apply(list(images))[..., 0].astype(float)
    np.testing.assert_allclose(found, expected, atol=1)
    state.blending[1].GeometryForDisplay = "TRUE"
    found = state.apply(list(images))[..., 0].astype(float)
    np.testing.assert_allclose(found, coarse, atol=1)


def test_what_lies_beyond_an_input_is_padding():
    images = pair([[10, 20, 30]], [[200, 210, 220]])
    row = np.array(images[0].ImageOrientationPatient[:3], float)
    corner = np.array(images[0].ImagePositionPatient, float)
    images[1].ImagePositionPatient = (corner + 2 * row).tolist()
    found = shown_gray(blended(images), images)
    np.testing.assert_allclose(found, [10, 20, (30 + 200) / 2], atol=1)


def test_planes_that_are_apart_are_not_blended():
    images = pair([[10, 20]], [[30, 40]])
    orientation = np.array(images[0].ImageOrientationPatient, float)
    normal = np.cross(orientation[:3], orientation[3:])
    corner = np.array(images[0].ImagePositionPatient, float)
    thickness = float(images[0].SliceThickness)
    images[1].ImagePositionPatient = (corner + normal * (thickness + 1)).tolist()
    state = blended(images)
    with pytest.raises(ValueError, match="mm apart"):
        state.apply(list(images))
    images[1].ImagePositionPatient = corner.tolist()
    images[1].ImageOrientationPatient = [*orientation[3:], *normal]
    with pytest.raises(ValueError, match="of other orientation"):
        state.apply(list(images))


def test_inputs_that_have_to_be_registered_are_refused():
    images = pair([[10, 20]], [[30, 40]])
    state = blended(images)
    state.blending[0].ReferencedSpatialRegistrationSequence = [Dataset()]
    with pytest.raises(ValueError, match="registration"):
        state.apply(list(images))


# --- overlays and bitmap shutters ----------------------------------------------------


def put_overlay(holder, mask, group=0x6000, origin=(1, 1), layer=None):
    mask = np.asarray(mask, np.uint8)
    holder.add_new((group, 0x0010), "US", mask.shape[-2])
    holder.add_new((group, 0x0011), "US", mask.shape[-1])
    if mask.ndim == 3:
        holder.add_new((group, 0x0015), "IS", mask.shape[0])
        holder.add_new((group, 0x0051), "US", 2)
    holder.add_new((group, 0x0040), "CS", "G")
    holder.add_new((group, 0x0050), "SS", list(origin))
    holder.add_new((group, 0x0100), "US", 1)
    holder.add_new((group, 0x0102), "US", 0)
    holder.add_new((group, 0x3000), "OW", pack_bits(mask.ravel()))
    if layer is not None:
        holder.add_new((group, 0x1001), "CS", layer)


def overlaid(image, layer, **options):
    state = gray(image, **options)
    state.GraphicLayerSequence = [layer]
    return state


CROSS = np.array([[0, 1, 0], [1, 1, 1], [0, 1, 0]])


@pytest.mark.parametrize(
    ("origin", "rows", "columns", "part"),
    [
        ((1, 1), slice(0, 3), slice(0, 3), CROSS),
        ((4, 6), slice(3, 6), slice(5, 8), CROSS),
        ((0, -1), slice(0, 2), slice(0, 1), CROSS[1:, 2:]),
        ((8, 9), slice(7, 8), slice(8, 10), CROSS[:1, :2]),
    ],
)
def test_overlays_are_painted_at_their_origin(origin, rows, columns, part):
    image = black(8, 10)
    state = overlaid(image, GraphicLayer("PLANE", 1))
    put_overlay(state, CROSS, origin=origin, layer="PLANE")
    expected = np.zeros((8, 10), int)
    expected[rows, columns] = part * 255
    assert state.apply(image).tolist() == expected.tolist()


def test_overlays_of_the_image_are_shown_if_they_are_activated():
    image = black(3, 3)
    put_overlay(image, CROSS)
    state = overlaid(image, GraphicLayer("PLANE", 1))
    assert not state.apply(image).any()
    state.add_new((0x6000, 0x1001), "CS", "")
    assert not state.apply(image).any()
    state.add_new((0x6000, 0x1001), "CS", "PLANE")
    assert state.apply(image).tolist() == (CROSS * 255).tolist()
    # That of the presentation state takes its place.
    put_overlay(state, 1 - CROSS, layer="PLANE")
    assert state.apply(image).tolist() == ((1 - CROSS) * 255).tolist()


def test_overlays_have_the_colour_and_order_of_their_layers():
    image = black(3, 3)
    red, blue = (CIELabColor.from_string(name) for name in ("red", "blue"))
    state = gray(image)
    state.GraphicLayerSequence = [
        GraphicLayer("UPPER", 2, display_color=red),
        GraphicLayer("LOWER", 1, display_color=blue),
    ]
    put_overlay(state, CROSS, 0x6000, layer="UPPER")
    put_overlay(state, np.ones((3, 3)), 0x6002, layer="LOWER")
    pixels = state.apply(image)
    np.testing.assert_allclose(pixels[1, 1], (255, 0, 0), atol=3)
    np.testing.assert_allclose(pixels[0, 0], (0, 0, 255), atol=3)


def test_each_frame_has_its_plane_of_an_overlay():
    image, _ = frames(3, 3, 3)
    image.PixelData = bytes(len(image.PixelData))
    put_overlay(image, np.stack([CROSS, 1 - CROSS]))
    state = overlaid(image, GraphicLayer("PLANE", 1))
    state.add_new((0x6000, 0x1001), "CS", "PLANE")
    # The first plane is for the second frame.
    assert not state.apply(image, 1).any()
    assert state.apply(image, 2).tolist() == (CROSS * 255).tolist()
    assert state.apply(image, 3).tolist() == ((1 - CROSS) * 255).tolist()


def test_overlays_turn_with_the_image():
    image = black(4, 6)
    mask = np.zeros((4, 6), int)
    mask[0, 1:3] = 1
    state = overlaid(image, GraphicLayer("PLANE", 1))
    put_overlay(state, mask, layer="PLANE")
    state.ImageRotation, state.ImageHorizontalFlip = 90, "Y"
    expected = np.rot90(mask, -1)[:, ::-1] * 255
    assert state.apply(image).tolist() == expected.tolist()


def test_damaged_overlays_are_refused():
    image = black(3, 3)
    state = overlaid(image, GraphicLayer("PLANE", 1))
    put_overlay(state, CROSS, layer="PLANE")
    state[0x6000, 0x0010].value = 3000
    with pytest.raises(ValueError, match="overlay of group 6000"):
        state.apply(image)


def test_bitmap_shutters_cover_what_they_mark():
    image = image_of(np.full((3, 3), 200))
    state = gray(image)
    put_overlay(state, CROSS, 0x6002)
    state.ShutterShape, state.ShutterOverlayGroup = "BITMAP", 0x6002
    state.ShutterPresentationValue = 0x8080
    expected = np.where(CROSS, 128, 200)
    assert state.apply(image).tolist() == expected.tolist()


def test_a_bitmap_shutter_is_not_shown_as_an_overlay():
    image = black(3, 3)
    state = overlaid(image, GraphicLayer("PLANE", 1))
    put_overlay(state, CROSS, 0x6002, layer="PLANE")
    state.ShutterShape, state.ShutterOverlayGroup = "BITMAP", 0x6002
    state.ShutterPresentationValue = 0
    assert not state.apply(image).any()


def test_rendering_leaves_state_and_image_as_they_are():
    image, _ = frames()
    state = with_mask(image, MaskOperation="AVG_SUB", MaskFrameNumbers=1)
    put_overlay(image, CROSS)
    state.GraphicLayerSequence = [GraphicLayer("PLANE", 1)]
    state.add_new((0x6000, 0x1001), "CS", "PLANE")
    before = deepcopy(state), deepcopy(image)
    state.apply(image, 2)
    assert (state, image) == before


# --- damage --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("keyword", "value", "path"),
    [
        ("PresentationSizeMode", "JUNK", "PresentationSizeMode"),
        ("DisplayedAreaTopLeftHandCorner", 1, "DisplayedAreaTopLeftHandCorner"),
        ("PresentationPixelAspectRatio", 1, "PresentationPixelAspectRatio"),
    ],
)
def test_damaged_states_say_which_attribute_is_damaged(keyword, value, path):
    image = black(3, 3)
    state = gray(image)
    area = state.DisplayedAreaSelectionSequence[0]
    area.pop("PresentationPixelSpacing", None)
    area.PresentationPixelAspectRatio = [1, 1]
    del area[keyword]
    setattr(area, keyword, value)
    with pytest.raises(NonconformantDatasetError, match=path) as caught:
        state.apply(image)
    assert caught.value.path == f"DisplayedAreaSelectionSequence[0].{path}"
    assert caught.value.violations
