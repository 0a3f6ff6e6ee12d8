"""Parts of measurement reports for tests, with all and with fewest arguments."""

import numpy as np
from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code

from highdicom.sr import (
    AlgorithmIdentification,
    CoordinatesForMeasurement,
    DeviceObserverIdentifyingAttributes,
    FindingSite,
    ImageRegion,
    ImageRegion3D,
    LongitudinalTemporalOffsetFromEvent,
    Measurement,
    MeasurementProperties,
    MeasurementReport,
    MeasurementsAndQualitativeEvaluations,
    MeasurementStatisticalProperties,
    NumContentItem,
    ObservationContext,
    ObserverContext,
    PersonObserverIdentifyingAttributes,
    PlanarROIMeasurementsAndQualitativeEvaluations,
    QualitativeEvaluation,
    RealWorldValueMap,
    ReferencedSegment,
    ReferencedSegmentationFrame,
    SourceImageForMeasurement,
    SourceImageForMeasurementGroup,
    SourceImageForRegion,
    SourceImageForSegmentation,
    SourceSeriesForSegmentation,
    SubjectContext,
    SubjectContextSpecimen,
    TimePointContext,
    TrackingIdentifier,
    VolumeSurface,
    VolumetricROIMeasurementsAndQualitativeEvaluations,
)

CT = "1.2.840.10008.5.1.4.1.1.2"
SEGMENTATION = "1.2.840.10008.5.1.4.1.1.66.4"
METHOD = Code("126410", "DCM", "SUV body weight calculation method")
PROCEDURE = codes.LN.CTUnspecifiedBodyRegion

Planar = PlanarROIMeasurementsAndQualitativeEvaluations
Volumetric = VolumetricROIMeasurementsAndQualitativeEvaluations
Group = MeasurementsAndQualitativeEvaluations


def tracking(uid="1.2.3", identifier="nodule"):
    return TrackingIdentifier(uid=uid, identifier=identifier)


def person():
    return ObserverContext(
        codes.DCM.Person,
        PersonObserverIdentifyingAttributes(
            "Doe^Jane", "jane", "Clinic", codes.DCM.Physician, codes.DCM.Performing
        ),
    )


def device():
    return ObserverContext(
        codes.DCM.Device,
        DeviceObserverIdentifyingAttributes("1.2.9", "scanner", model_name="A1"),
    )


def specimen():
    return SubjectContext(codes.DCM.Specimen, SubjectContextSpecimen("1.2.4", "A-1"))


def observation():
    return ObservationContext(person(), device(), specimen())


def algorithm():
    return AlgorithmIdentification(
        "finder", "1.2", ["a=1", "b=2"], codes.DCM.ArtificialIntelligence, "Maker"
    )


def time_point():
    return TimePointContext(
        "week 2",
        codes.DCM.Baseline,
        2,
        "subject point",
        "protocol point",
        LongitudinalTemporalOffsetFromEvent(14, codes.UCUM.Day, codes.DCM.Baseline),
    )


def properties():
    population = NumContentItem(
        codes.SCT.Mean, 4.0, codes.UCUM.Millimeter, None, "HAS PROPERTIES"
    )
    return MeasurementProperties(
        normality=codes.SCT.Normal,
        level_of_significance=codes.SCT.NotSignificant,
        selection_status=codes.DCM.UserChosenValue,
        measurement_statistical_properties=MeasurementStatisticalProperties(
            [population], "adults", "atlas"
        ),
        upper_measurement_uncertainty=0.5,
        lower_measurement_uncertainty=0.25,
    )


def sites():
    return [
        FindingSite(codes.SCT.Kidney, laterality=codes.SCT.Left),
        FindingSite(codes.SCT.Liver),
    ]


def full_measurement(**more):
    return Measurement(
        codes.SCT.Diameter,
        4.25,
        codes.UCUM.Millimeter,
        codes.DCM.ValueOutOfRange,
        tracking("1.2.8", "diameter"),
        algorithm(),
        codes.SCT.Mean,
        sites(),
        METHOD,
        properties(),
        [SourceImageForMeasurement(CT, "1.2.7")],
        referenced_real_world_value_map=RealWorldValueMap("1.2.99"),
        **more,
    )


def coordinates():
    return CoordinatesForMeasurement(
        "POLYLINE",
        np.array([[1.0, 1.0], [2.0, 2.0]]),
        SourceImageForRegion(CT, "1.2.7"),
    )


def area(value=3.0):
    return Measurement(codes.SCT.Area, value, codes.UCUM.SquareMillimeter)


def evaluation():
    return QualitativeEvaluation(
        Code("RID50296", "RADLEX", "LI-RADS"), Code("RID50298", "RADLEX", "LR-3")
    )


def region(instance="1.2.7"):
    return ImageRegion(
        "CIRCLE",
        np.array([[45.0, 55.0], [45.0, 65.0]]),
        SourceImageForRegion(CT, instance),
    )


def region_in_space():
    points = np.array([[1.0, 1, 1], [2, 2, 1], [3, 2, 1], [1, 1, 1]])
    return ImageRegion3D("POLYGON", points, "1.2.77")


def frame():
    return ReferencedSegmentationFrame(
        SEGMENTATION,
        "1.2.6",
        frame_number=4,
        segment_number=1,
        source_image=SourceImageForSegmentation(CT, "1.2.7"),
    )


def segment():
    return ReferencedSegment(
        SEGMENTATION,
        "1.2.6",
        segment_number=2,
        source_images=[SourceImageForSegmentation(CT, "1.2.7")],
    )


def surface():
    return VolumeSurface(
        "POINT",
        np.array([[1.0, 2.0, 3.0]]),
        "1.2.77",
        source_series=SourceSeriesForSegmentation("1.2.66"),
    )


def everything():
    """Arguments that all groups take."""
    return {
        "tracking_identifier": tracking(),
        "referenced_real_world_value_map": RealWorldValueMap("1.2.99"),
        "time_point_context": time_point(),
        "finding_type": codes.SCT.Neoplasm,
        "method": METHOD,
        "algorithm_id": algorithm(),
        "finding_sites": sites(),
        "session": "first",
        "measurements": [full_measurement(), area()],
        "qualitative_evaluations": [evaluation()],
        "finding_category": codes.SCT.MorphologicallyAbnormalStructure,
    }


def full_groups():
    """A group of each kind and region, with all arguments."""
    purpose = codes.SCT.BoundedBy
    return {
        "region": Planar(
            referenced_region=region(), geometric_purpose=purpose, **everything()
        ),
        "region in space": Planar(referenced_region=region_in_space(), **everything()),
        "frame": Planar(referenced_segment=frame(), **everything()),
        "regions": Volumetric(
            referenced_regions=[region(), region("1.2.8")],
            geometric_purpose=purpose,
            **everything(),
        ),
        "segment": Volumetric(referenced_segment=segment(), **everything()),
        "surface": Volumetric(referenced_volume_surface=surface(), **everything()),
        "images": Group(
            source_images=[SourceImageForMeasurementGroup(CT, "1.2.7")], **everything()
        ),
    }


def full_report():
    return MeasurementReport(observation(), PROCEDURE, list(full_groups().values()))


def least_report():
    return MeasurementReport(ObservationContext(), PROCEDURE, [Group(tracking())])
