"""dcmqi reads our segmentations: the same voxels in the same places."""

import judges
import numpy as np
import pytest
import seg_objects
from pydicom import dcmread
from pydicom.data import get_testdata_file
from seg_objects import KINDS, labels, segmentation

from highdicom.seg import segread

# What has a place in the patient; dcmqi makes images of three dimensions of it.
CASES = {
    name: case
    for name, case in seg_objects.cases().items()
    if case.positions() is not None
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", CASES)
def test_dcmqi_reads_the_same_voxels_and_geometry(name, kind):
    case = CASES[name]
    array = labels(case.shape)
    image = segmentation(case.sources, case.pixels(array), kind, **case.options)
    judged = judges.segmentation_images(image, merge=kind == "LABELMAP")
    if kind == "LABELMAP":
        (label_map,) = judged
        volume = image.get_volume(combine_segments=True)
        judges.assert_same_image(label_map, volume.array, volume.affine)
        return
    volume = image.get_volume(rescale_fractional=False)
    assert len(judged) == 3
    for segment, found in enumerate(judged):
        array = volume.array[..., segment]
        if kind == "BINARY":
            array = array * (segment + 1)
        judges.assert_same_image(found, array, volume.affine)


def test_segmentation_of_another_writer_is_read():
    path = get_testdata_file("liver.dcm", download=False)
    assert path is not None
    image = segread(path)
    plain = dcmread(path)
    stored = plain.pixel_array.reshape(-1, plain.Rows, plain.Columns)
    for frame, item in enumerate(plain.PerFrameFunctionalGroupsSequence):
        number = item.SegmentIdentificationSequence[0].ReferencedSegmentNumber
        assert number in image.segment_numbers
        np.testing.assert_array_equal(image.get_stored_frame(frame + 1), stored[frame])
    volume = image.get_volume(segment_numbers=image.segment_numbers[:1])
    numbers = [
        item.SegmentIdentificationSequence[0].ReferencedSegmentNumber
        for item in plain.PerFrameFunctionalGroupsSequence
    ]
    chosen = stored[np.array(numbers) == image.segment_numbers[0]]
    assert volume.array.sum() == chosen.sum()
