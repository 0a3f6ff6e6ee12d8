"""Measurement reports."""

import numpy as np
from pydicom.sr.codedict import codes

import highdicom as hd
from workloads.inputs import ct_series
from workloads.workload import Run, Workload

MEASURED = (
    (codes.SCT.Area, codes.UCUM.SquareMillimeter),
    (codes.SCT.Length, codes.UCUM.Millimeter),
    (codes.SCT.Diameter, codes.UCUM.Millimeter),
)


def planar_groups(run: Run, size: int) -> None:
    """TID 1500 with planar measurement groups, each of a polyline and three values."""
    images = ct_series(20, 16)
    points = np.random.default_rng(0).uniform(0, 15, (size, 21, 2))
    points[:, -1] = points[:, 0]
    path = run.folder / "report.dcm"
    with run.step("content"):
        groups = [
            _group(number, images[number % 20], points[number])
            for number in range(size)
        ]
        content = hd.sr.MeasurementReport(
            _context(), codes.LN.CTUnspecifiedBodyRegion, imaging_measurements=groups
        )
    with run.step("document"):
        report = hd.sr.Comprehensive3DSR(
            images, content[0], hd.UID(), 3, hd.UID(), 1, "M"
        )
    with run.step("save"):
        report.save_as(path)
    with run.step("srread"):
        read = hd.sr.srread(path)
    with run.step("all groups"):
        read.content.get_planar_roi_measurement_groups()
    read = hd.sr.srread(path)
    with run.step("one tracking UID"):
        read.content.get_planar_roi_measurement_groups(tracking_uid=f"1.2.{size // 2}")


def _context() -> object:
    return hd.sr.ObservationContext(
        observer_person_context=hd.sr.ObserverContext(
            codes.DCM.Person, hd.sr.PersonObserverIdentifyingAttributes("Doe^Jane")
        )
    )


def _group(number: int, image: object, points: np.ndarray) -> object:
    region = hd.sr.ImageRegion(
        hd.sr.GraphicTypeValues.POLYLINE,
        points,
        hd.sr.SourceImageForRegion(image.SOPClassUID, image.SOPInstanceUID),
    )
    return hd.sr.PlanarROIMeasurementsAndQualitativeEvaluations(
        tracking_identifier=hd.sr.TrackingIdentifier(
            f"1.2.{number}", f"lesion {number}"
        ),
        referenced_region=region,
        finding_type=codes.SCT.Neoplasm,
        finding_sites=[hd.sr.FindingSite(codes.SCT.Liver)],
        measurements=[
            hd.sr.Measurement(name, number * 1.5, unit) for name, unit in MEASURED
        ],
    )


WORKLOADS = (
    Workload(
        "planar_groups",
        "TID 1500 with 1,000 planar groups",
        planar_groups,
        250,
        1000,
        "groups",
        {
            "content": 6,
            "document": 20,
            "save": 10,
            "srread": 30,
            "all groups": 10,
            "one tracking UID": 30,
        },
    ),
)
