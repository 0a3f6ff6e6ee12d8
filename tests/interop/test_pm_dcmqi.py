"""Parametric maps that dcmqi has written."""

import json
import subprocess

import judges
import numpy as np
import pytest

from highdicom.errors import NonconformantDatasetWarning
from highdicom.pm import RealWorldValueMapping, pmread
from highdicom.policy import reading_policy
from highdicom.testing import ct_series

sitk = pytest.importorskip("SimpleITK", reason="dcmqi reads what SimpleITK writes")


def _code(value, scheme, meaning):
    return {
        "CodeValue": value,
        "CodingSchemeDesignator": scheme,
        "CodeMeaning": meaning,
    }


METADATA = {
    "@schema": (
        "https://raw.githubusercontent.com/qiicr/dcmqi/master/doc/schemas/"
        "pm-schema.json#"
    ),
    "SeriesDescription": "ADC",
    "SeriesNumber": "701",
    "InstanceNumber": "1",
    "BodyPartExamined": "CHEST",
    "QuantityValueCode": _code("113041", "DCM", "Apparent Diffusion Coefficient"),
    "MeasurementUnitsCode": _code("um2/s", "UCUM", "um2/s"),
    "DerivationCode": _code("113041", "DCM", "Apparent Diffusion Coefficient"),
    "AnatomicRegionSequence": _code("43799004", "SCT", "Chest"),
    "FrameLaterality": "U",
    "RealWorldValueSlope": 2,
    "DerivedPixelContrast": "NONE",
}
# dcmqi writes the spacing of columns and rows the wrong way round.
SPACING = {"pixel_spacing": (0.5, 0.5)}


@pytest.fixture
def written(tmp_path):
    program = judges.executable("itkimage2paramap")
    if program is None:
        pytest.skip("itkimage2paramap is not installed: it comes with dcmqi")
    images = tmp_path / "images"
    images.mkdir()
    for number, image in enumerate(ct_series(4, **SPACING)):
        image.save_as(images / f"{number}.dcm", enforce_file_format=True)
    array = np.random.default_rng(1).random((4, 16, 20), dtype=np.float32)
    array = array * 1000 - 200
    image = sitk.GetImageFromArray(array)
    image.SetSpacing((0.5, 0.5, 2.5))
    image.SetOrigin((-10.0, -20.0, 30.0))
    sitk.WriteImage(image, str(tmp_path / "map.nrrd"))
    metadata = tmp_path / "map.json"
    metadata.write_text(json.dumps(METADATA), encoding="utf-8")
    subprocess.run(
        [
            program,
            *("--inputImage", tmp_path / "map.nrrd"),
            *("--inputDICOMDirectory", images),
            *("--inputMetadata", metadata),
            *("--outputDICOM", tmp_path / "map.dcm"),
        ],
        check=True,
        capture_output=True,
        timeout=judges.TIMEOUT,
    )
    return tmp_path / "map.dcm", array


def test_stored_values_and_their_places_are_read(written):
    path, array = written
    image = pmread(path)
    np.testing.assert_array_equal(image.pixel_array, array)
    with reading_policy("lenient"):
        volume = image.get_volume(apply_real_world_transform=False, dtype="f4")
    for slice_index, plane in enumerate(volume.array):
        corner = volume.affine @ [slice_index, 0, 0, 1]
        number = round((corner[2] - 30.0) / 2.5)
        np.testing.assert_allclose(corner[:2], [-10, -20])
        np.testing.assert_array_equal(plane, array[number])
    assert volume.pixel_spacing == (0.5, 0.5)


def test_a_range_cut_to_integers_does_not_hinder_the_mapping(written):
    path, array = written
    image = pmread(path)
    with pytest.warns(NonconformantDatasetWarning, match="integers"):
        frames = image.get_frames()
    np.testing.assert_allclose(frames, array * 2.0, rtol=1e-6)


def test_the_mapping_is_read_as_one(written):
    path, _ = written
    shared = pmread(path).SharedFunctionalGroupsSequence[0]
    (mapping,) = shared.RealWorldValueMappingSequence
    assert isinstance(mapping, RealWorldValueMapping)
    assert mapping.unit.value == "um2/s"
    assert mapping.slope == 2.0
