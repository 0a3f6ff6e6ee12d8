"""What the demonstration writes from public images, before other judges."""

import judges
import numpy as np
import pytest

import highdicom as hd
from highdicom.command import main


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    output = tmp_path_factory.mktemp("results")
    assert main(["demo", "--output", str(output)]) == 0
    return output


def test_no_file_has_an_error(results):
    files = sorted(results.glob("*.dcm"))
    assert len(files) == 26
    found = {file.name: judges.dciodvfy(file).errors for file in files}
    assert {name: errors for name, errors in found.items() if errors} == {}


def test_another_reader_sees_the_same_voxels(results):
    path = next(results.glob("03-segmentation-binary.dcm"))
    ours = hd.seg.segread(path).get_volume(combine_segments=True)
    (judged,) = judges.segmentation_images(path, merge=True)
    judges.assert_same_image(judged, (ours.array > 0).astype(np.uint8), ours.affine)
