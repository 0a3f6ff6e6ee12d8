"""Graphics, text, layers, groups and blending of presentation states."""

import numpy as np
import pytest

from highdicom import ReferencedImageSequence
from highdicom.color import CIELabColor
from highdicom.pr import (
    AnnotationUnitsValues,
    BlendingDisplay,
    BlendingDisplayInput,
    GraphicAnnotation,
    GraphicGroup,
    GraphicLayer,
    GraphicObject,
    GraphicTypeValues,
    SoftcopyVOILUTTransformation,
    TextObject,
)
from highdicom.testing import ct_series, enhanced_ct, slide

UID = "1.2.3.4"
LAYER = GraphicLayer("LAYER", 1)


def graphic(kind, points, units="PIXEL", **options):
    return GraphicObject(kind, np.array(points, float), units, **options)


SQUARE = [[1, 1], [4, 1], [4, 4], [1, 4], [1, 1]]


# --- graphics ------------------------------------------------------------------------


def test_a_graphic_says_what_it_was_made_of():
    group = GraphicGroup(3, "Group")
    drawn = graphic(
        "CIRCLE",
        [[8, 9], [8, 12]],
        is_filled=True,
        tracking_id="a",
        tracking_uid=UID,
        graphic_group=group,
    )
    assert drawn.graphic_type is GraphicTypeValues.CIRCLE
    assert drawn.units is AnnotationUnitsValues.PIXEL
    assert drawn.graphic_data.tolist() == [[8, 9], [8, 12]]
    assert (drawn.tracking_id, drawn.tracking_uid) == ("a", UID)
    assert drawn.graphic_group_id == 3
    assert drawn.NumberOfGraphicPoints == 2
    assert drawn.GraphicDimensions == 2
    assert drawn.GraphicFilled == "Y"


@pytest.mark.parametrize(
    ("kind", "points", "filled"),
    [
        ("POINT", [[1, 1]], None),
        ("POLYLINE", [[1, 1], [2, 2]], None),
        ("POLYLINE", SQUARE, "N"),
        ("INTERPOLATED", SQUARE, "N"),
        ("CIRCLE", [[4, 4], [4, 5]], "N"),
        ("ELLIPSE", [[0, 5], [10, 5], [5, 2], [5, 8]], "N"),
    ],
)
def test_only_closed_graphics_say_whether_they_are_filled(kind, points, filled):
    assert graphic(kind, points).get("GraphicFilled") == filled


@pytest.mark.parametrize(
    ("kind", "points", "options", "message"),
    [
        ("POINT", [[1, 1], [2, 2]], {}, "must have 1 point, not 2"),
        ("POLYLINE", [[1, 1]], {}, "2 points or more, not 1"),
        ("INTERPOLATED", [[1, 1]], {}, "2 points or more, not 1"),
        ("CIRCLE", [[1, 1]], {}, "must have 2 points, not 1"),
        ("ELLIPSE", [[1, 1]] * 3, {}, "must have 4 points, not 3"),
        ("POINT", [1, 1], {}, r"shape \(n, 2\)"),
        ("POINT", [[1, 1, 1]], {}, r"shape \(n, 2\)"),
        ("SQUARE", [[1, 1]], {}, "'graphic_type' must be one of"),
        ("POINT", [[-1, 1]], {}, "not negative"),
        ("POINT", [[np.nan, 1]], {}, "finite"),
        ("POINT", [[np.inf, 1]], {}, "finite"),
        ("POINT", [[1, 1]], {"units": "MILLIMETRE"}, "'units' must be"),
        ("POINT", [[1, 1.5]], {"units": "DISPLAY"}, "0.0 to 1.0"),
        ("POINT", [[1, 1]], {"is_filled": True}, "not closed"),
        ("POLYLINE", [[1, 1], [2, 2], [3, 1]], {"is_filled": True}, "not closed"),
    ],
)
def test_impossible_graphics_are_refused(kind, points, options, message):
    with pytest.raises(ValueError, match=message):
        graphic(kind, points, **options)


@pytest.mark.parametrize(
    ("data", "options"),
    [
        ([[1.0, 1.0]], {}),
        (np.array([["a", "b"]]), {}),
        (np.ones((1, 2)), {"tracking_id": "a"}),
        (np.ones((1, 2)), {"tracking_uid": UID}),
        (np.ones((1, 2)), {"graphic_group": 1}),
    ],
)
def test_graphics_of_wrong_types_are_refused(data, options):
    with pytest.raises(TypeError):
        GraphicObject("POINT", data, "PIXEL", **options)


def test_points_of_the_caller_stay_as_they_are():
    points = np.array([[1, 2]], np.int32)
    GraphicObject("POINT", points, "PIXEL").graphic_data[0, 0] = 7
    assert points.tolist() == [[1, 2]]


# --- text ----------------------------------------------------------------------------


def test_a_text_says_what_it_was_made_of():
    text = TextObject("a\nb", "PIXEL", (1, 2, 3, 4), (5, 6), "LEFT", False)
    assert text.text_value == "a\nb"
    assert text.bounding_box == (1, 2, 3, 4)
    assert text.anchor_point == (5, 6)
    assert text.BoundingBoxTextHorizontalJustification == "LEFT"
    assert text.AnchorPointVisibility == "N"
    assert text.BoundingBoxAnnotationUnits == "PIXEL"
    assert text.AnchorPointAnnotationUnits == "PIXEL"


def test_a_text_at_a_point_has_no_box():
    text = TextObject("a", "DISPLAY", anchor_point=(0.5, 0.5))
    assert text.bounding_box is None
    assert text.units is AnnotationUnitsValues.DISPLAY
    assert "BoundingBoxAnnotationUnits" not in text
    assert "BoundingBoxTextHorizontalJustification" not in text


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("a", "PIXEL"), TypeError),
        (("a", "PIXEL", (1, 2, 3)), ValueError),
        (("a", "PIXEL", None, (1, 2, 3)), ValueError),
        (("a", "PIXEL", (3, 4, 1, 2)), ValueError),
        (("a", "PIXEL", (1, 2, 1, 4)), ValueError),
        (("a", "PIXEL", (-1, 2, 3, 4)), ValueError),
        (("a", "PIXEL", (1, 2, 3, np.nan)), ValueError),
        (("a", "PIXEL", "abcd"), TypeError),
        (("a", "DISPLAY", (0, 0, 2, 2)), ValueError),
        (("a", "INCH", (1, 2, 3, 4)), ValueError),
        (("a", "PIXEL", (1, 2, 3, 4), None, "TOP"), ValueError),
        (("", "PIXEL", (1, 2, 3, 4)), ValueError),
        (("a" * 1025, "PIXEL", (1, 2, 3, 4)), ValueError),
        ((3, "PIXEL", (1, 2, 3, 4)), TypeError),
    ],
)
def test_impossible_texts_are_refused(arguments, error):
    with pytest.raises(error):
        TextObject(*arguments)


# --- annotations ---------------------------------------------------------------------


def test_an_annotation_refers_to_its_images_and_its_layer():
    images = ct_series(2)
    drawn = graphic("POINT", [[20, 16]])
    annotation = GraphicAnnotation(images, LAYER, graphic_objects=[drawn])
    assert [item.sop_instance_uid for item in annotation.references] == [
        image.SOPInstanceUID for image in images
    ]
    assert annotation.layer_name == "LAYER"
    assert annotation.graphic_objects == [drawn]
    assert annotation.text_objects == []


def test_an_annotation_of_frames_names_them():
    annotation = GraphicAnnotation(
        [enhanced_ct()], LAYER, [1, 3], graphic_objects=[graphic("POINT", [[1, 1]])]
    )
    assert annotation.references[0].frame_numbers == [1, 3]


def test_annotations_outside_of_the_image_are_refused_and_named():
    image = ct_series(1)[0]
    inside = graphic("POINT", [[image.Columns, image.Rows]])
    outside = graphic("POINT", [[image.Columns + 0.1, 1]])
    with pytest.raises(ValueError, match=r"'graphic_objects'\[1\] must lie within"):
        GraphicAnnotation([image], LAYER, graphic_objects=[inside, outside])
    text = TextObject("a", "PIXEL", (1, 2, 3, 1000))
    with pytest.raises(ValueError, match=r"'text_objects'\[0\] must lie within"):
        GraphicAnnotation([image], LAYER, text_objects=[text])


def test_matrix_units_are_for_tiled_images_only():
    drawn = graphic("POINT", [[1, 1]], "MATRIX")
    with pytest.raises(ValueError, match="MATRIX"):
        GraphicAnnotation(ct_series(1), LAYER, graphic_objects=[drawn])
    tiled = slide()
    GraphicAnnotation([tiled], LAYER, graphic_objects=[drawn])
    beyond = graphic("POINT", [[tiled.TotalPixelMatrixColumns + 1, 1]], "MATRIX")
    with pytest.raises(ValueError, match="must lie within"):
        GraphicAnnotation([tiled], LAYER, graphic_objects=[beyond])


def test_annotations_need_something_to_draw_of_the_right_type():
    images = ct_series(1)
    drawn = [graphic("POINT", [[1, 1]])]
    for arguments in (
        {"graphic_layer": LAYER},
        {"graphic_layer": LAYER, "graphic_objects": [], "text_objects": []},
        {"graphic_layer": LAYER, "graphic_objects": ["x"]},
        {"graphic_layer": LAYER, "text_objects": drawn},
        {"graphic_layer": "LAYER", "graphic_objects": drawn},
        {
            "graphic_layer": LAYER,
            "graphic_objects": drawn,
            "referenced_frame_number": 1,
        },
    ):
        with pytest.raises(TypeError):
            GraphicAnnotation(images, **arguments)


def test_images_of_one_annotation_share_their_size():
    first, second = ct_series(2)
    second.Rows += 1
    with pytest.raises(ValueError, match="same numbers of columns and rows"):
        GraphicAnnotation(
            [first, second], LAYER, graphic_objects=[graphic("POINT", [[1, 1]])]
        )


# --- layers and groups ---------------------------------------------------------------


def test_layers_and_groups_say_what_they_were_made_of():
    color = CIELabColor(60, 20, -20)
    layer = GraphicLayer("A 1_B", -2, "text", color)
    assert (layer.layer_name, layer.order, layer.description) == ("A 1_B", -2, "text")
    assert layer.display_color == color
    assert GraphicLayer("A", 1).display_color is None
    group = GraphicGroup(4, "Group", "text")
    assert (group.graphic_group_id, group.label, group.description) == (
        4,
        "Group",
        "text",
    )


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (lambda: GraphicLayer("lower case", 1), ValueError),
        (lambda: GraphicLayer("L" * 17, 1), ValueError),
        (lambda: GraphicLayer("L", "1"), TypeError),
        (lambda: GraphicLayer("L", 1.5), TypeError),
        (lambda: GraphicLayer("L", 1, display_color="red"), TypeError),
        (lambda: GraphicGroup("1", "a"), TypeError),
        (lambda: GraphicGroup(0, "a"), ValueError),
        (lambda: GraphicGroup(1, "a" * 65), ValueError),
    ],
)
def test_impossible_layers_and_groups_are_refused(make, error):
    with pytest.raises(error):
        make()


# --- values of interest and blending -------------------------------------------------


def test_a_voi_transformation_may_be_for_some_images():
    references = ReferencedImageSequence(ct_series(2))
    voi = SoftcopyVOILUTTransformation(40, 401, referenced_images=references)
    assert len(voi.references) == 2
    assert voi.apply(np.array([39.5])).tolist() == [0.5]
    assert SoftcopyVOILUTTransformation(40, 401).references is None


def test_references_of_a_voi_transformation_are_a_sequence_of_their_own():
    with pytest.raises(TypeError, match="ReferencedImageSequence"):
        SoftcopyVOILUTTransformation(40, 401, referenced_images=ct_series(2))
    with pytest.raises(TypeError):
        SoftcopyVOILUTTransformation()


def test_a_blending_operation_keeps_the_number_of_its_result():
    inputs = [BlendingDisplayInput(1), BlendingDisplayInput(2)]
    display = BlendingDisplay("FOREGROUND", inputs, 3, 0.25)
    assert display.blending_input_number == 3
    assert display.relative_opacity == 0.25
    assert [item.blending_input_number for item in display.blending_display_inputs] == [
        1,
        2,
    ]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("FOREGROUND", 2), TypeError),
        (("FOREGROUND", 1, None, 0.5), ValueError),
        (("FOREGROUND", 3, None, 0.5), ValueError),
        (("FOREGROUND", 2, None, 1.5), ValueError),
        (("EQUAL", 0), ValueError),
        (("OVER", 2), ValueError),
    ],
)
def test_impossible_blending_is_refused(arguments, error):
    mode, count, *more = arguments
    inputs = [BlendingDisplayInput(number + 1) for number in range(count)]
    with pytest.raises(error):
        BlendingDisplay(mode, inputs, *more)


def test_inputs_of_blending_are_numbered_from_one():
    with pytest.raises(ValueError, match="between 1 and"):
        BlendingDisplayInput(0)
    with pytest.raises(TypeError):
        BlendingDisplay("EQUAL", [1])
