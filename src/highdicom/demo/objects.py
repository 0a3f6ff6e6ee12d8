"""The derived objects that the demonstration writes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code

from highdicom.color import CIELabColor
from highdicom.content.algorithm import AlgorithmIdentificationSequence
from highdicom.demo.analysis import Segment
from highdicom.seg import (
    SegmentAlgorithmTypeValues,
    SegmentationTypeValues,
    SegmentDescription,
)
from highdicom.seg.sop import Segmentation
from highdicom.sr import (
    Comprehensive3DSR,
    DeviceObserverIdentifyingAttributes,
    Measurement,
    MeasurementReport,
    ObservationContext,
    ObserverContext,
    ReferencedSegment,
    TrackingIdentifier,
    VolumetricROIMeasurementsAndQualitativeEvaluations,
)
from highdicom.uid import UID
from highdicom.version import __version__
from highdicom.volume import Volume

__all__ = ["Measured", "make_report", "make_segmentation"]

_IMAGING = Code("363679005", "SCT", "Imaging")

_EQUIPMENT: dict[str, Any] = {
    "manufacturer": "highdicom developers",
    "manufacturer_model_name": "highdicom demonstration",
    "software_versions": __version__,
    "device_serial_number": "1",
}


@dataclass(frozen=True)
class Measured:
    """A value measured of a segment, as a report says it."""

    segment: Segment
    name: Code
    value: float
    unit: Code
    derivation: Code | None = None


def _description(segment: Segment) -> SegmentDescription:
    return SegmentDescription(
        segment_number=segment.number,
        segment_label=segment.label,
        segmented_property_category=segment.category,
        segmented_property_type=segment.type,
        algorithm_type=SegmentAlgorithmTypeValues.AUTOMATIC,
        algorithm_identification=AlgorithmIdentificationSequence(
            name="Threshold", family=codes.DCM.ImageProcessing, version=__version__
        ),
        tracking_uid=UID(),
        tracking_id=segment.label,
        display_color=CIELabColor.from_rgb(*segment.color),
    )


def make_segmentation(
    sources: Sequence[Dataset],
    labels: npt.NDArray[np.uint8] | Volume,
    segments: Sequence[Segment],
    segmentation_type: SegmentationTypeValues,
    **options: Any,
) -> Segmentation:
    """Make a segmentation of labels.

    Parameters
    ----------
    sources
        Images that were segmented.
    labels
        Label map (frame, row, column), that of a total pixel matrix, or a volume.
    segments
        What the labels stand for.
    segmentation_type
        How they are stored.
    **options
        Further arguments of :class:`highdicom.seg.Segmentation`.

    """
    return Segmentation(
        source_images=sources,
        pixel_array=labels,
        segmentation_type=segmentation_type,
        segment_descriptions=[_description(segment) for segment in segments],
        series_instance_uid=UID(),
        series_number=100
        if segmentation_type is SegmentationTypeValues.BINARY
        else 101,
        sop_instance_uid=UID(),
        instance_number=1,
        series_description="Segmentation by thresholds",
        content_label="THRESHOLDS",
        **_EQUIPMENT,
        **options,
    )


def make_report(
    sources: Sequence[Dataset],
    segmentation: Segmentation,
    measured: Sequence[Measured],
) -> Comprehensive3DSR:
    """Make a report of what was measured of the segments (TID 1500).

    Parameters
    ----------
    sources
        Images that were segmented.
    segmentation
        Their segmentation.
    measured
        Values by segment.

    """
    device = ObserverContext(
        observer_type=codes.DCM.Device,
        observer_identifying_attributes=DeviceObserverIdentifyingAttributes(
            uid=UID(), name="highdicom demonstration"
        ),
    )
    report = MeasurementReport(
        observation_context=ObservationContext(observer_device_context=device),
        procedure_reported=_IMAGING,
        imaging_measurements=[
            _group(segmentation, number, measured)
            for number in segmentation.segment_numbers
        ],
        title=codes.DCM.ImagingMeasurementReport,
    )
    return Comprehensive3DSR(
        evidence=[*sources, segmentation],
        content=report[0],
        series_instance_uid=UID(),
        series_number=102,
        sop_instance_uid=UID(),
        instance_number=1,
        manufacturer=_EQUIPMENT["manufacturer"],
        series_description="Measurements",
        is_complete=True,
    )


def _group(
    segmentation: Segmentation, number: int, measured: Sequence[Measured]
) -> VolumetricROIMeasurementsAndQualitativeEvaluations:
    description = segmentation.get_segment_description(number)
    return VolumetricROIMeasurementsAndQualitativeEvaluations(
        tracking_identifier=TrackingIdentifier(
            uid=description.tracking_uid, identifier=description.tracking_id
        ),
        referenced_segment=ReferencedSegment.from_segmentation(segmentation, number),
        finding_type=description.segmented_property_type,
        measurements=[
            Measurement(
                name=value.name,
                value=value.value,
                unit=value.unit,
                derivation=value.derivation,
            )
            for value in measured
            if value.segment.number == number
        ],
    )
