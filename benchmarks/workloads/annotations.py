"""Bulk annotations of a slide."""

import numpy as np
from pydicom.sr.codedict import codes

import highdicom as hd
from workloads.inputs import slide
from workloads.workload import Run, Workload


def _polygons(count: int) -> list[np.ndarray]:
    rng = np.random.default_rng(0)
    points = rng.integers(8, 17, count)
    ends = np.cumsum(points)
    angles = rng.uniform(0, 2 * np.pi, ends[-1])
    centers = np.repeat(rng.uniform(50, 32000, (count, 2)), points, axis=0)
    rays = np.stack([np.cos(angles), np.sin(angles)], 1)
    radii = rng.uniform(4, 12, (ends[-1], 1))
    coordinates = (centers + rays * radii).astype(np.float32)
    return np.split(coordinates, ends[:-1])


def polygons(run: Run, size: int) -> None:
    """Polygons of eight to sixteen points."""
    shapes, image = _polygons(size), slide(32768)
    areas = np.random.default_rng(1).uniform(10, 100, size).astype(np.float32)
    path = run.folder / "annotations.dcm"
    with run.step("construct"):
        group = hd.ann.AnnotationGroup(
            1,
            hd.UID(),
            "nuclei",
            codes.SCT.AnatomicalStructure,
            NUCLEUS,
            "POLYGON",
            shapes,
            "AUTOMATIC",
            hd.AlgorithmIdentificationSequence(
                "finder", codes.DCM.ArtificialIntelligence, "1"
            ),
            [hd.ann.Measurements(codes.SCT.Area, areas, codes.UCUM.SquareMicrometer)],
        )
        annotations = hd.ann.MicroscopyBulkSimpleAnnotations(
            [image], "2D", [group], hd.UID(), 2, hd.UID(), 1, "M", "Model", "1", "1"
        )
    with run.step("save"):
        annotations.save_as(path)
    del shapes, group, annotations
    group = hd.ann.annread(path).get_annotation_group(number=1)
    with run.step("first annotation"):
        group.get_coordinates(1, "2D")
    group = hd.ann.annread(path).get_annotation_group(number=1)
    with run.step("arrays of all shapes"):
        group.get_graphic_data("2D")


NUCLEUS = hd.sr.CodedConcept("84640000", "SCT", "Nucleus")

WORKLOADS = (
    Workload(
        "polygons",
        "A million polygons",
        polygons,
        100_000,
        1_000_000,
        "polygons",
        {
            "construct": 6,
            "save": 3,
            "arrays of all shapes": 4,
            "first annotation": 100,
        },
    ),
)
