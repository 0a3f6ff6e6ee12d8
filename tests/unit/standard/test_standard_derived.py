"""Checks of objects that are derived from images: what readers need to place them."""

import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes

from highdicom import UID
from highdicom.seg import Segmentation, SegmentDescription
from highdicom.standard import validate
from highdicom.testing import ct_series, enhanced_ct, slide


def _segmentation(sources: list[Dataset], mask: np.ndarray) -> Segmentation:
    category, kind = codes.SCT.Organ, codes.SCT.Liver
    return Segmentation(
        sources,
        mask,
        "BINARY",
        [SegmentDescription(1, "Liver", category, kind, "MANUAL")],
        UID(),
        1,
        UID(),
        1,
        "Maker",
        "Model",
        "1",
        "1",
    )


@pytest.fixture
def segmentation() -> Segmentation:
    sources = ct_series(number_of_slices=2)
    mask = np.ones((2, sources[0].Rows, sources[0].Columns), np.uint8)
    made = _segmentation(sources, mask)
    assert made.validate() == []
    return made


@pytest.mark.parametrize(
    ("group", "keyword"),
    [
        ("PixelMeasuresSequence", "PixelSpacing"),
        ("PixelMeasuresSequence", "SliceThickness"),
        ("PlaneOrientationSequence", "ImageOrientationPatient"),
    ],
)
def test_geometry_of_all_frames_is_missed(
    segmentation: Segmentation, group: str, keyword: str
) -> None:
    shared = segmentation.SharedFunctionalGroupsSequence[0]
    del shared[group].value[0][keyword]
    path = f"SharedFunctionalGroupsSequence[0].{group}[0].{keyword}"
    assert [v.path for v in validate(segmentation)] == [path]
    del shared[group]
    assert [v.path for v in validate(segmentation)] == [
        f"PerFrameFunctionalGroupsSequence[{frame}].{group}" for frame in (0, 1)
    ]


@pytest.mark.parametrize("group", ["PlanePositionSequence", "FrameContentSequence"])
def test_geometry_of_one_frame_is_missed(
    segmentation: Segmentation, group: str
) -> None:
    del segmentation.PerFrameFunctionalGroupsSequence[1][group]
    paths = [v.path for v in validate(segmentation)]
    assert paths == [f"PerFrameFunctionalGroupsSequence[1].{group}"]


def test_images_that_are_referenced_have_to_be_listed(
    segmentation: Segmentation,
) -> None:
    del segmentation.ReferencedSeriesSequence
    (found,) = validate(segmentation)
    assert found.path == "ReferencedSeriesSequence"
    assert "DerivationImageSequence[0].SourceImageSequence[0]" in found.message


def test_a_dimension_in_a_functional_group_says_in_which(
    segmentation: Segmentation,
) -> None:
    del segmentation.DimensionIndexSequence[0].FunctionalGroupPointer
    paths = [v.path for v in validate(segmentation)]
    assert paths == ["DimensionIndexSequence[0].FunctionalGroupPointer"]


def test_original_frames_say_when_they_were_acquired() -> None:
    image = enhanced_ct()
    assert [v for v in validate(image) if v.severity.value == "error"] == []
    content = image.PerFrameFunctionalGroupsSequence[0].FrameContentSequence[0]
    del content.FrameAcquisitionDateTime
    assert "FrameAcquisitionDateTime" in {v.keyword for v in validate(image)}


def test_slides_say_how_they_lie() -> None:
    image = slide()
    del image.ImageOrientationSlide
    assert "ImageOrientationSlide" in {v.path for v in validate(image)}
