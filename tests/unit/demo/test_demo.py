"""The demonstration and the console command."""

import re

import numpy as np
import pytest

import highdicom as hd
from highdicom.command import main
from highdicom.demo.analysis import (
    find_nuclei,
    label_values,
    local_deviation,
    otsu_threshold,
    probability_above,
)
from highdicom.demo.inputs import find_inputs
from highdicom.demo.packages import required
from highdicom.demo.pictures import draw_outlines, lay_over
from highdicom.errors import MissingDependencyError
from highdicom.testing import ct_series, enhanced_mr, slide


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("images")
    images = [*ct_series(number_of_slices=3), enhanced_mr(), slide()]
    for number, image in enumerate(images):
        image.save_as(folder / f"{number}.dcm", enforce_file_format=True)
    (folder / "notes.txt").write_text("no image")
    output = tmp_path_factory.mktemp("results")
    assert main(["demo", "--input", str(folder), "--output", str(output)]) == 0
    return output


def test_every_link_and_picture_of_the_page_exists(results):
    page = (results / "index.html").read_text("utf-8")
    names = re.findall(r'(?:src|href)="([^"#]+)"', page)
    assert len(names) >= 10
    assert [name for name in names if not (results / name).is_file()] == []


def test_written_instances_are_valid(results):
    files = sorted(results.glob("*.dcm"))
    assert len(files) >= 20
    assert [
        (f.name, hd.read(f).validate()) for f in files if hd.read(f).validate()
    ] == []


@pytest.mark.parametrize(
    "name",
    [
        "presentation-state",
        "presentation-state-color",
        "segmentation-binary",
        "segmentation-label-map",
        "segmentation-fractional",
        "parametric-map",
        "secondary-capture",
        "report",
        "key-objects",
        "segmentation-3",
    ],
)
def test_each_kind_of_object_is_written_and_on_the_page(results, name):
    page = (results / "index.html").read_text("utf-8")
    assert re.search(rf'href="\d\d-{name}\.dcm"', page)


def test_the_report_is_shown_as_a_page(results):
    (path, *_) = sorted(results.glob("*-report.html"))
    page = path.read_text("utf-8")
    assert "<h1>Imaging Measurement Report</h1>" in page
    assert re.search(r"Tracking Identifier:</span> \w+", page)


def test_what_was_read_back_is_said_to_be_equal(results):
    page = (results / "index.html").read_text("utf-8")
    for said in (
        "Segmentation, label map: read back voxel for voxel.",
        "Segmentation, fractional: read back within half a step of 1/255.",
        "Parametric map: read back value for value.",
        "Secondary capture: read back pixel for pixel.",
        "Segmentation, finest level: read back pixel for pixel.",
    ):
        assert said in page


def test_values_on_the_page_are_those_of_the_report(results):
    page = (results / "index.html").read_text("utf-8")
    report = hd.sr.srread(next(results.glob("*-report.dcm"))).content
    group = report.get_volumetric_roi_measurement_groups()[0]
    value = group.get_measurements()[0].value
    shown = f"{value:,.0f}" if abs(value) >= 1000 else f"{value:,.4g}"
    assert f">{shown}<" in page


@pytest.mark.parametrize("name", ["empty", "absent"])
def test_without_images_it_says_so_in_one_line(tmp_path, capsys, name):
    (tmp_path / "empty").mkdir()
    output = tmp_path / "output"
    status = main(["demo", "--input", str(tmp_path / name), "--output", str(output)])
    assert status == 2
    message = capsys.readouterr().err
    assert message.count("\n") == 1
    assert "whole slide images" in message
    assert not output.exists()


def test_threshold_parts_two_clusters():
    values = np.concatenate([np.full(100, 3.0), np.full(50, 40.0), [np.nan]])
    assert 3 < otsu_threshold(values) < 40


def test_hounsfield_units_are_parted_into_soft_tissue_and_bone():
    values = np.array([[-1000.0, 40.0, 700.0]])
    labels, segments = label_values(values, is_hounsfield=True)
    assert labels.tolist() == [[0, 1, 2]]
    assert [segment.label for segment in segments] == ["Soft tissue", "Bone"]


def test_segments_without_pixels_are_left_out():
    labels, segments = label_values(np.array([[-1000.0, 700.0]]), is_hounsfield=True)
    assert labels.tolist() == [[0, 1]]
    assert [(s.number, s.label) for s in segments] == [(1, "Bone")]


def test_a_nucleus_is_outlined_where_it_is():
    pixels = np.full((60, 80, 3), 230, np.uint8)
    pixels[20:40, 30:50] = (60, 60, 160)
    (outline,) = find_nuclei(pixels)
    x, y = outline.T
    assert [x.min(), x.max(), y.min(), y.max()] == pytest.approx(
        [30, 50, 20, 40], abs=1.5
    )


def test_local_deviation_is_that_of_the_square_around_a_pixel():
    values = np.random.default_rng(3).normal(50, 9, (2, 12, 14)).astype(np.float32)
    found = local_deviation(values, 3)
    assert found[1, 5, 6] == pytest.approx(values[1, 4:7, 5:8].std(), rel=1e-4)


def test_a_value_at_the_threshold_is_as_likely_above_as_below():
    values = np.array([[0.0, 10.0, 20.0]], np.float32)
    found = probability_above(values, 10.0, values >= 0)
    assert found[0, 1] == pytest.approx(0.5)
    assert found[0, 0] == pytest.approx(1 - found[0, 2])
    assert found[0, 0] < 0.5


def test_colours_are_laid_over_by_their_weights():
    picture = np.full((1, 2, 3), 100, np.uint8)
    colors = np.full((1, 2, 3), 200, np.uint8)
    drawn = lay_over(picture, colors, np.array([[0.0, 0.5]]))
    assert drawn[0, :, 0].tolist() == [100, 150]


def test_outlines_are_drawn_on_the_enlarged_picture():
    drawn = draw_outlines(
        np.zeros((10, 10, 3), np.uint8),
        [np.array([(2.0, 2.0), (6.0, 2.0), (6.0, 6.0)])],
        (255, 0, 0),
        2,
    )
    assert drawn.shape == (20, 20, 3)
    assert drawn[4, 8].tolist() == [255, 0, 0]
    assert drawn[15, 15].tolist() == [0, 0, 0]


def test_images_of_public_packages_are_worked_on_without_a_folder():
    pytest.importorskip("data_store")
    pytest.importorskip("skimage")
    inputs = find_inputs(None)
    assert [images.kind for images in inputs] == [
        "series",
        "enhanced",
        "enhanced",
        "clip",
        "slide",
    ]
    assert all(images.datasets for images in inputs)


def test_packages_that_are_missing_are_named_with_what_they_are_needed_for():
    with pytest.raises(
        MissingDependencyError, match=r"'snow' is needed to ski: .*demo"
    ):
        required("no_such_module", "snow", "ski")
