"""Going through the segments of a plain dataset."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset

from highdicom.errors import InvalidAttributeError
from highdicom.frames.reading import index_of
from highdicom.image.image import Image

__all__ = ["iter_segments"]


def iter_segments(
    dataset: Dataset,
) -> Iterator[tuple[npt.NDArray[Any], tuple[Dataset, ...], Dataset]]:
    """Go through the segments of a segmentation (PS3.3 C.8.20.2).

    Parameters
    ----------
    dataset
        Segmentation with one segment in each frame; it stays as it is.

    Yields
    ------
    tuple
        Stored values of the frames of a segment (frame, row, column), their items of
        the Per-Frame Functional Groups Sequence, and the item of the Segment Sequence.

    Raises
    ------
    InvalidAttributeError
        If the dataset has no pixel data or no segments.

    Examples
    --------
    >>> import pydicom
    >>> from highdicom.seg.utils import iter_segments
    >>> from pydicom.data import get_testdata_file
    >>> dataset = pydicom.dcmread(get_testdata_file("liver.dcm"))
    >>> [(len(frames), item.SegmentLabel) for frames, _, item in iter_segments(dataset)]
    [(3, 'Liver')]

    """
    if "PixelData" not in dataset:
        raise InvalidAttributeError(
            "A segmentation needs PixelData.", keyword="PixelData"
        )
    image = dataset if isinstance(dataset, Image) else Image.from_dataset(dataset)
    numbers = np.asarray(index_of(image).column("ReferencedSegmentNumber"))
    items = image.PerFrameFunctionalGroupsSequence
    for description in image.SegmentSequence:
        frames = np.flatnonzero(numbers == description.SegmentNumber).tolist()
        if frames:
            yield (
                image.get_stored_frames(frames, as_indices=True),
                tuple(items[frame] for frame in frames),
                description,
            )
