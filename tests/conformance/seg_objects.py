"""Segmentations to be judged: every kind of source, of pixels and of tiling."""

from dataclasses import dataclass, field
from io import BytesIO

import numpy as np
from pydicom.sr.codedict import codes

from highdicom import UID, Volume, testing
from highdicom.content import (
    AlgorithmIdentificationSequence,
    PixelMeasuresSequence,
    PlaneOrientationSequence,
    PlanePositionSequence,
)
from highdicom.seg import Segmentation, SegmentDescription, segread

KINDS = ("BINARY", "LABELMAP", "FRACTIONAL")


def described(number, label=None, **options):
    """Description of a segment that was made by hand."""
    return SegmentDescription(
        number,
        label or f"Segment {number}",
        codes.SCT.Organ,
        codes.SCT.Liver,
        "MANUAL",
        **options,
    )


def algorithm():
    return AlgorithmIdentificationSequence(
        "Threshold", codes.DCM.ArtificialIntelligence, "1.0"
    )


def segmentation(sources, pixels, kind, numbers=(1, 2, 3), **options):
    """Segmentation with the arguments that are of no interest filled in."""
    identity = {
        "segment_descriptions": [described(number) for number in numbers],
        "series_instance_uid": UID(),
        "series_number": 2,
        "sop_instance_uid": UID(),
        "instance_number": 1,
        "manufacturer": "Maker",
        "manufacturer_model_name": "Model",
        "software_versions": "1.0",
        "device_serial_number": "17",
    }
    return Segmentation(sources, pixels, kind, **{**identity, **options})


def read_again(instance, *, lazy=False):
    """The instance as it comes back from a file."""
    buffer = BytesIO()
    instance.save_as(buffer, enforce_file_format=True)
    return segread(buffer.getvalue(), lazy_frame_retrieval=lazy)


def labels(shape, numbers=(1, 2, 3)):
    """Label map with a box for each number, none of them in the first or last plane.

    Boxes touch, but do not overlap, and differ in size.
    """
    array = np.zeros(shape, np.uint16 if max(numbers) > 255 else np.uint8)
    planes, rows, columns = shape
    first, last = (0, 1) if planes == 1 else (1, max(planes - 1, 2))
    step = columns // len(numbers)
    for place, number in enumerate(numbers):
        array[
            first : last - (place % 2 if last - first > 1 else 0),
            rows // 4 : rows - 1 - place,
            place * step : (place + 1) * step,
        ] = number
    return array


@dataclass
class Case:
    """A source, and pixels that go with it."""

    sources: list
    shape: tuple
    options: dict = field(default_factory=dict)
    wrap: object = None

    def pixels(self, array):
        return array if self.wrap is None else self.wrap(array)

    @property
    def is_slide(self):
        return "TotalPixelMatrixRows" in self.sources[0]

    @property
    def is_tiled_here(self):
        """Whether the pixels are those of one total pixel matrix."""
        return bool(self.options.get("tile_pixel_array"))

    @property
    def is_multi_frame(self):
        return "NumberOfFrames" in self.sources[0]

    @property
    def has_planes_of_sources(self):
        """Whether each plane is that of a source frame."""
        return self.wrap is None and not self.options

    def positions(self):
        """Position of each plane in the patient, (plane, 3); None without."""
        if self.wrap is not None:
            affine = self.wrap(np.zeros(self.shape, np.uint8)).affine
            return np.array([affine[:3, 3] + n * affine[:3, 0] for n in range(4)])
        if "plane_positions" in self.options:
            return np.array([p.image_position for p in self.options["plane_positions"]])
        first = self.sources[0]
        if self.is_slide or "FrameOfReferenceUID" not in first:
            return None
        if self.is_multi_frame:
            items = first.PerFrameFunctionalGroupsSequence
            items = [item.PlanePositionSequence[0] for item in items]
        else:
            items = self.sources
        return np.array([item.ImagePositionPatient for item in items], float)


def _positions(count):
    return [
        PlanePositionSequence("PATIENT", [1.5, -2.25, 40.0 - 3.0 * index])
        for index in range(count)
    ]


def cases():
    """Cases by name."""
    ct = testing.ct_series(5)
    own = Volume(
        np.zeros((4, 9, 14), np.uint8),
        [[0, 0, 1.5, 5], [0, 2, 0, 6], [3, 0, 0, 7], [0, 0, 0, 1]],
        "PATIENT",
        frame_of_reference_uid=ct[0].FrameOfReferenceUID,
    )
    tiles = {"tile_pixel_array": True}
    return {
        "CT series": Case(ct, (5, 16, 20)),
        "CT series in descending order": Case(
            testing.ct_series(5, reverse=True), (5, 16, 20)
        ),
        "oblique CT series": Case(
            testing.ct_series(5, orientation="oblique"), (5, 16, 20)
        ),
        "sagittal MR series": Case(
            testing.mr_series(4, orientation="sagittal"), (4, 16, 20)
        ),
        "one CT image": Case(testing.ct_series(1), (1, 16, 20)),
        "enhanced CT": Case([testing.enhanced_ct(5)], (5, 16, 20)),
        "enhanced MR": Case([testing.enhanced_mr(4, reverse=True)], (4, 16, 20)),
        "odd size": Case(testing.ct_series(3, rows=15, columns=17), (3, 15, 17)),
        "columns that do not end on bytes": Case(
            testing.ct_series(4, rows=16, columns=21), (4, 16, 21)
        ),
        "CR": Case([testing.cr_image()], (1, 16, 20)),
        "DX": Case([testing.dx_image()], (1, 16, 20)),
        "US clip": Case([testing.us_clip()], (4, 15, 17)),
        "volume": Case(ct, (4, 9, 14), wrap=own.with_array),
        "plane positions": Case(
            ct,
            (3, 12, 10),
            {
                "plane_positions": _positions(3),
                "pixel_measures": PixelMeasuresSequence([0.5, 0.75], 3.0, 3.0),
                "plane_orientation": PlaneOrientationSequence(
                    "PATIENT", [1.0, 0.0, 0.0, 0.0, 1.0, 0.0]
                ),
            },
        ),
        "slide": Case([testing.slide()], (1, 50, 70), tiles),
        "sparse slide": Case(
            [testing.slide(organization="TILED_SPARSE")], (1, 50, 70), tiles
        ),
        "slide in tiles of its own": Case(
            [testing.slide()], (1, 50, 70), {**tiles, "tile_size": (13, 11)}
        ),
        "slide in one tile": Case(
            [testing.slide()], (1, 50, 70), {**tiles, "tile_size": (64, 72)}
        ),
        "full slide": Case(
            [testing.slide()],
            (1, 50, 70),
            {
                **tiles,
                "dimension_organization_type": "TILED_FULL",
                "omit_empty_frames": False,
            },
        ),
        "tiles of a slide": Case([testing.slide()], (16, 16, 20)),
    }
