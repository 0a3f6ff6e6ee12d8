"""The demonstration and the console command."""

import re

import numpy as np
import pytest

import highdicom as hd
from highdicom.demo.analysis import label_values, otsu_threshold
from highdicom.demo.command import main
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
    names = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert len(names) >= 10
    assert [name for name in names if not (results / name).is_file()] == []


def test_written_instances_are_valid(results):
    files = sorted(results.glob("*.dcm"))
    assert len(files) >= 6
    assert [
        (f.name, hd.read(f).validate()) for f in files if hd.read(f).validate()
    ] == []


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
