"""The documents that the demonstration writes: measurement report and key objects."""

from collections.abc import Sequence
from typing import Any

from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code

from highdicom.demo.analysis import Segment
from highdicom.demo.objects import EQUIPMENT
from highdicom.ko import KeyObjectSelection, KeyObjectSelectionDocument
from highdicom.records import record
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

__all__ = ["Measured", "make_key_objects", "make_report"]

_IMAGING = Code("363679005", "SCT", "Imaging")


@record
class Measured:
    """A value measured of a segment, as a report says it."""

    segment: Segment
    name: Code
    value: float
    unit: Code
    derivation: Code | None = None


def _observer() -> ObserverContext:
    return ObserverContext(
        observer_type=codes.DCM.Device,
        observer_identifying_attributes=DeviceObserverIdentifyingAttributes(
            uid=UID(), name="highdicom demonstration"
        ),
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
    report = MeasurementReport(
        observation_context=ObservationContext(observer_device_context=_observer()),
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
        manufacturer=EQUIPMENT["manufacturer"],
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


def make_key_objects(
    images: Sequence[Dataset], description: str
) -> KeyObjectSelectionDocument:
    """Make a selection of images (TID 2010).

    Parameters
    ----------
    images
        The images that are selected.
    description
        Why, for humans.

    """
    content: Any = KeyObjectSelection(
        document_title=codes.DCM.OfInterest,
        referenced_objects=images,
        observer_device_context=_observer(),
        description=description,
    )
    return KeyObjectSelectionDocument(
        evidence=images,
        content=content,
        series_instance_uid=UID(),
        series_number=103,
        sop_instance_uid=UID(),
        instance_number=1,
        manufacturer=EQUIPMENT["manufacturer"],
        series_description="Key images",
    )
