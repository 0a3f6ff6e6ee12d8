"""Minimal images to read geometry from."""

from collections.abc import Callable

import numpy as np
import pytest
from pydicom import Dataset
from pydicom.uid import (
    CTImageStorage,
    EnhancedCTImageStorage,
    VLWholeSlideMicroscopyImageStorage,
)

AXIAL = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)


def _item(**attributes) -> Dataset:
    item = Dataset()
    for keyword, value in attributes.items():
        setattr(item, keyword, value)
    return item


@pytest.fixture
def item() -> Callable[..., Dataset]:
    return _item


@pytest.fixture
def single_frame() -> Callable[..., Dataset]:
    def make(position=(0.0, 0.0, 0.0), orientation=AXIAL, spacing=(1.0, 1.0)):
        return _item(
            SOPClassUID=CTImageStorage,
            FrameOfReferenceUID="2.25.1",
            ImagePositionPatient=[float(value) for value in position],
            ImageOrientationPatient=[float(value) for value in orientation],
            PixelSpacing=[float(value) for value in spacing],
        )

    return make


@pytest.fixture
def enhanced() -> Callable[..., Dataset]:
    """An enhanced image; groups other than the positions are shared."""

    def make(positions, orientation=AXIAL, spacing=(1.0, 1.0), between_slices=None):
        measures = _item(PixelSpacing=list(spacing))
        if between_slices is not None:
            measures.SpacingBetweenSlices = between_slices
        shared = _item(
            PixelMeasuresSequence=[measures],
            PlaneOrientationSequence=[_item(ImageOrientationPatient=list(orientation))],
        )
        frames = [
            _item(
                PlanePositionSequence=[
                    _item(ImagePositionPatient=[float(value) for value in position])
                ]
            )
            for position in positions
        ]
        return _item(
            SOPClassUID=EnhancedCTImageStorage,
            FrameOfReferenceUID="2.25.1",
            NumberOfFrames=len(frames),
            SharedFunctionalGroupsSequence=[shared],
            PerFrameFunctionalGroupsSequence=frames,
        )

    return make


@pytest.fixture
def slide() -> Callable[..., Dataset]:
    """A TILED_FULL slide of 3 by 2 tiles, rows to -y, columns to -x."""

    def make(
        *,
        focal_planes=1,
        optical_paths=1,
        between_slices=None,
        origin=(10.0, 20.0, None),
    ):
        measures = _item(PixelSpacing=[0.5, 0.25])
        if between_slices is not None:
            measures.SpacingBetweenSlices = between_slices
        offsets = _item(
            XOffsetInSlideCoordinateSystem=origin[0],
            YOffsetInSlideCoordinateSystem=origin[1],
        )
        if origin[2] is not None:
            offsets.ZOffsetInSlideCoordinateSystem = origin[2]
        return _item(
            SOPClassUID=VLWholeSlideMicroscopyImageStorage,
            FrameOfReferenceUID="2.25.1",
            DimensionOrganizationType="TILED_FULL",
            Rows=16,
            Columns=32,
            TotalPixelMatrixRows=40,
            TotalPixelMatrixColumns=64,
            TotalPixelMatrixFocalPlanes=focal_planes,
            TotalPixelMatrixOriginSequence=[offsets],
            ImageOrientationSlide=[0.0, -1.0, 0.0, -1.0, 0.0, 0.0],
            NumberOfOpticalPaths=optical_paths,
            OpticalPathSequence=[
                _item(OpticalPathIdentifier=str(number))
                for number in range(1, optical_paths + 1)
            ],
            NumberOfFrames=6 * focal_planes * optical_paths,
            SharedFunctionalGroupsSequence=[_item(PixelMeasuresSequence=[measures])],
        )

    return make


@pytest.fixture
def rotation() -> np.ndarray:
    """An oblique rotation, its columns along a row, a column and the normal."""
    tilt, turn = np.radians(20.0), np.radians(35.0)
    about_x = np.array(
        [
            [1, 0, 0],
            [0, np.cos(tilt), -np.sin(tilt)],
            [0, np.sin(tilt), np.cos(tilt)],
        ]
    )
    about_z = np.array(
        [
            [np.cos(turn), -np.sin(turn), 0],
            [np.sin(turn), np.cos(turn), 0],
            [0, 0, 1],
        ]
    )
    return about_z @ about_x
