"""Enhanced CT, MR and PET images (PS3.3 A.38, A.36, A.56)."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from pydicom import Dataset
from pydicom.datadict import tag_for_keyword
from pydicom.uid import (
    EnhancedCTImageStorage,
    EnhancedMRImageStorage,
    EnhancedPETImageStorage,
)

from highdicom.errors import InvalidArgumentError
from highdicom.records import replace
from highdicom.testing.factories.building import (
    Identifiers,
    Values,
    code,
    dataset_of,
    finished,
    general,
)
from highdicom.testing.factories.pixel_data import put_pixel_data
from highdicom.testing.factories.stack import Plane, Stack, StackOptions
from highdicom.typing import Unpack

__all__ = ["enhanced_ct", "enhanced_mr", "enhanced_pet"]


class EnhancedOptions(StackOptions, total=False):
    """Options of the factories of enhanced images, further to those of `Stack`."""

    orientations: Sequence[str | Sequence[float]]
    """One stack of planes for each, in place of `orientation`."""

    temporal_positions: int
    """How often each plane is there; planes vary fastest, stacks slowest."""

    rescale: tuple[float, float] | Sequence[tuple[float, float]]
    """Slope and intercept, one pair or one for each slice of a stack."""

    window: tuple[float, float] | None
    """Centre and width, if any."""

    per_frame: Collection[str]
    """Keywords of functional groups that stay per frame though all frames agree."""

    frame_order: Sequence[int] | None
    """Zero-based places, in the order above, of the frames to store."""


def enhanced_ct(
    number_of_slices: int = 5, **options: Unpack[EnhancedOptions]
) -> Dataset:
    """Enhanced CT image.

    Parameters
    ----------
    number_of_slices
        Of each stack, including those in `missing_slices`.
    **options
        See :class:`EnhancedOptions` and :class:`Stack`. Pixel values are rescaled to
        Hounsfield units; Bits Stored is 12 or 16.

    Returns
    -------
    Dataset
        Image with its File Meta Information.

    Raises
    ------
    InvalidArgumentError
        If an argument is not allowed.

    Examples
    --------
    >>> from highdicom.testing import enhanced_ct
    >>> image = enhanced_ct(4, per_frame=["PixelMeasuresSequence"])
    >>> int(image.NumberOfFrames)
    4
    >>> "PixelMeasuresSequence" in image.SharedFunctionalGroupsSequence[0]
    False

    """
    options.setdefault("rescale", (1.0, -1024.0))
    options.setdefault("window", (40.0, 400.0))
    return _Enhanced(_CT, number_of_slices, options).image()


def enhanced_mr(
    number_of_slices: int = 5, **options: Unpack[EnhancedOptions]
) -> Dataset:
    """Enhanced MR image.

    Parameters
    ----------
    number_of_slices
        Of each stack, including those in `missing_slices`.
    **options
        See :class:`EnhancedOptions` and :class:`Stack`; Bits Stored is 12 or 16.

    Returns
    -------
    Dataset
        Image with its File Meta Information.

    Raises
    ------
    InvalidArgumentError
        If an argument is not allowed.

    Examples
    --------
    >>> from highdicom.testing import enhanced_mr
    >>> image = enhanced_mr(
    ...     3, orientations=["axial", "coronal"], temporal_positions=2
    ... )
    >>> int(image.NumberOfFrames)
    12

    """
    options.setdefault("rescale", (1.0, 0.0))
    options.setdefault("window", (2000.0, 4000.0))
    return _Enhanced(_MR, number_of_slices, options).image()


def enhanced_pet(
    number_of_slices: int = 5, **options: Unpack[EnhancedOptions]
) -> Dataset:
    """Enhanced PET image, in Bq/ml.

    Parameters
    ----------
    number_of_slices
        Of each stack, including those in `missing_slices`.
    **options
        See :class:`EnhancedOptions` and :class:`Stack`; Bits Stored is 16. The
        rescale slope differs from slice to slice by default.

    Returns
    -------
    Dataset
        Image with its File Meta Information.

    Raises
    ------
    InvalidArgumentError
        If an argument is not allowed.

    Examples
    --------
    >>> from highdicom.testing import enhanced_pet
    >>> frames = enhanced_pet(2).PerFrameFunctionalGroupsSequence
    >>> [float(f.PixelValueTransformationSequence[0].RescaleSlope) for f in frames]
    [0.5, 0.75]

    """
    options.setdefault("bits_stored", 16)
    options.setdefault("window", (10000.0, 20000.0))
    slopes = [(0.5 + 0.25 * index, 0.0) for index in range(number_of_slices)]
    options.setdefault("rescale", slopes)
    return _Enhanced(_PET, number_of_slices, options).image()


class _Kind(NamedTuple):
    """What tells one kind of enhanced image from another."""

    modality: str
    sop_class_uid: str
    bits_stored: Collection[int]
    attributes: Values
    functional_groups: Values
    rescale_type: str
    real_world_unit: Values | None


class _Frame(NamedTuple):
    stack: int
    temporal_position: int
    plane: Plane
    cosines: list[float]


class _Enhanced:
    """Puts one enhanced image together."""

    def __init__(
        self, kind: _Kind, number_of_slices: int, options: EnhancedOptions
    ) -> None:
        given: dict[str, Any] = dict(options)
        orientations = given.pop("orientations", None)
        self.temporal_positions: int = given.pop("temporal_positions", 1)
        self.rescale = given.pop("rescale")
        self.window = given.pop("window")
        self.per_frame = frozenset(given.pop("per_frame", ()))
        self.frame_order = given.pop("frame_order", None)
        self.kind = kind
        self.stack = Stack(number_of_slices=number_of_slices, **given)
        self.stacks = [
            replace(self.stack, orientation=orientation)
            for orientation in orientations or [self.stack.orientation]
        ]
        self.identify = Identifiers(self.stack.seed)
        if self.stack.bits_stored not in kind.bits_stored:
            raise InvalidArgumentError(
                f"'bits_stored' of enhanced {kind.modality} images must be one of "
                f"{sorted(kind.bits_stored)}, not {self.stack.bits_stored}."
            )

    def image(self) -> Dataset:
        """The image."""
        frames = self._frames()
        name = f"enhanced {self.kind.modality}"
        stack = self.stack
        image = dataset_of(
            general(stack.seed, name, self.kind.sop_class_uid, self.kind.modality),
            {
                "FrameOfReferenceUID": self.identify("frame of reference"),
                "PositionReferenceIndicator": None,
                "PatientPosition": "HFS",
                "AcquisitionContextSequence": [],
                "NumberOfFrames": len(frames),
                **_IMAGE,
                **self.kind.attributes,
            },
            self._dimensions(),
            self._functional_groups(frames),
        )
        values = stack.frames([self._pixel_index(frame) for frame in frames])
        put_pixel_data(image, values, stack.stored_format)
        return finished(image, stack.attributes)

    def _frames(self) -> list[_Frame]:
        frames = [
            _Frame(number, temporal_position, plane, stack.cosines)
            for number, stack in enumerate(self.stacks)
            for temporal_position in range(self.temporal_positions)
            for plane in stack
        ]
        if self.frame_order is not None:
            frames = [frames[place] for place in self.frame_order]
        return frames

    def _pixel_index(self, frame: _Frame) -> int:
        repetition = frame.stack * self.temporal_positions + frame.temporal_position
        return repetition * self.stack.number_of_slices + frame.plane.place

    def _dimensions(self) -> dict[str, Any]:
        organization = self.identify(f"enhanced {self.kind.modality}/dimensions")
        keywords = ["StackID", "InStackPositionNumber"]
        if self.temporal_positions > 1:
            keywords.append("TemporalPositionIndex")
        return {
            "DimensionOrganizationSequence": {"DimensionOrganizationUID": organization},
            "DimensionIndexSequence": [
                {
                    "DimensionOrganizationUID": organization,
                    "DimensionIndexPointer": tag_for_keyword(keyword),
                    "FunctionalGroupPointer": tag_for_keyword("FrameContentSequence"),
                    "DimensionDescriptionLabel": keyword,
                }
                for keyword in keywords
            ],
        }

    def _functional_groups(self, frames: Sequence[_Frame]) -> dict[str, Any]:
        """Functional groups, shared where all frames agree (PS3.3 C.7.6.16)."""
        groups = [self._groups_of(frame) for frame in frames]
        shared = {
            keyword: group
            for keyword, group in groups[0].items()
            if keyword != "FrameContentSequence"
            and keyword not in self.per_frame
            and all(other[keyword] == group for other in groups)
        }
        return {
            "SharedFunctionalGroupsSequence": shared,
            "PerFrameFunctionalGroupsSequence": [
                {
                    keyword: value
                    for keyword, value in group.items()
                    if keyword not in shared
                }
                for group in groups
            ],
        }

    def _groups_of(self, frame: _Frame) -> dict[str, Any]:
        stack = self.stack
        groups = {
            "FrameContentSequence": self._frame_content(frame),
            "PlanePositionSequence": {"ImagePositionPatient": frame.plane.position},
            "PlaneOrientationSequence": {"ImageOrientationPatient": frame.cosines},
            "PixelMeasuresSequence": {
                "PixelSpacing": list(map(float, stack.pixel_spacing)),
                "SliceThickness": stack.thickness,
                "SpacingBetweenSlices": float(stack.spacing_between_slices),
            },
            "FrameAnatomySequence": {
                "FrameLaterality": "U",
                "AnatomicRegionSequence": code("43799004", "SCT", "Chest"),
            },
            "PixelValueTransformationSequence": self._rescale_of(frame),
            **self.kind.functional_groups,
        }
        if self.window is not None:
            groups["FrameVOILUTSequence"] = {
                "WindowCenter": float(self.window[0]),
                "WindowWidth": float(self.window[1]),
            }
        if self.kind.real_world_unit is not None:
            groups["RealWorldValueMappingSequence"] = self._real_world_value(frame)
        if self.temporal_positions > 1:
            groups["TemporalPositionSequence"] = {
                "TemporalPositionTimeOffset": 2.0 * frame.temporal_position
            }
        if self.kind.modality == "CT":
            groups["IrradiationEventIdentificationSequence"] = {
                "IrradiationEventUID": self.identify("irradiation event")
            }
        return groups

    def _frame_content(self, frame: _Frame) -> dict[str, Any]:
        position = frame.plane.place + 1
        time = f"20240102101213.{frame.temporal_position:06d}"
        values = [frame.stack + 1, position]
        if self.temporal_positions > 1:
            values.append(frame.temporal_position + 1)
        content: dict[str, Any] = {
            "FrameAcquisitionNumber": 1,
            "FrameReferenceDateTime": time,
            "FrameAcquisitionDateTime": time,
            "FrameAcquisitionDuration": 100.0,
            "StackID": str(frame.stack + 1),
            "InStackPositionNumber": position,
            "DimensionIndexValues": values,
        }
        if self.temporal_positions > 1 or self.kind.modality == "PT":
            content["TemporalPositionIndex"] = frame.temporal_position + 1
        return content

    def _rescale_of(self, frame: _Frame) -> dict[str, Any]:
        slope, intercept = self._slope_and_intercept(frame)
        return {
            "RescaleSlope": slope,
            "RescaleIntercept": intercept,
            "RescaleType": self.kind.rescale_type,
        }

    def _slope_and_intercept(self, frame: _Frame) -> tuple[float, float]:
        pairs: Any = self.rescale
        if isinstance(pairs[0], Sequence):
            pairs = pairs[frame.plane.place]
        return float(pairs[0]), float(pairs[1])

    def _real_world_value(self, frame: _Frame) -> dict[str, Any]:
        slope, intercept = self._slope_and_intercept(frame)
        low, high = self.stack.stored_format.stored_range
        return {
            "LUTExplanation": "Activity concentration",
            "LUTLabel": "ACTIVITY",
            "RealWorldValueFirstValueMapped": low,
            "RealWorldValueLastValueMapped": high,
            "RealWorldValueSlope": slope,
            "RealWorldValueIntercept": intercept,
            "MeasurementUnitsCodeSequence": self.kind.real_world_unit,
        }


_TYPE = ["ORIGINAL", "PRIMARY", "VOLUME", "NONE"]
_DESCRIPTION: Mapping[str, Any] = {
    "PixelPresentation": "MONOCHROME",
    "VolumetricProperties": "VOLUME",
    "VolumeBasedCalculationTechnique": "NONE",
}
_IMAGE: Mapping[str, Any] = {
    "ImageType": _TYPE,
    **_DESCRIPTION,
    "AcquisitionNumber": 1,
    "AcquisitionDuration": 1.0,
    "ContentQualification": "RESEARCH",
    "BurnedInAnnotation": "NO",
    "LossyImageCompression": "00",
    "PresentationLUTShape": "IDENTITY",
}

_CT = _Kind(
    modality="CT",
    sop_class_uid=EnhancedCTImageStorage,
    bits_stored=(12, 16),
    attributes={},
    functional_groups={
        "CTImageFrameTypeSequence": {"FrameType": _TYPE, **_DESCRIPTION},
        "CTAcquisitionTypeSequence": {
            "AcquisitionType": "SPIRAL",
            "ConstantVolumeFlag": "NO",
            "FluoroscopyFlag": "NO",
        },
        "CTAcquisitionDetailsSequence": {
            "RotationDirection": "CW",
            "RevolutionTime": 1.0,
            "SingleCollimationWidth": 2.5,
            "TotalCollimationWidth": 2.5,
            "TableHeight": 100.0,
            "GantryDetectorTilt": 0.0,
            "DataCollectionDiameter": 500.0,
        },
        "CTTableDynamicsSequence": {
            "TableSpeed": 10.0,
            "TableFeedPerRotation": 10.0,
            "SpiralPitchFactor": 1.0,
        },
        "CTPositionSequence": {
            "TablePosition": 0.0,
            "DataCollectionCenterPatient": [0.0, 0.0, 0.0],
            "ReconstructionTargetCenterPatient": [0.0, 0.0, 0.0],
        },
        "CTGeometrySequence": {
            "DistanceSourceToDetector": 900.0,
            "DistanceSourceToDataCollectionCenter": 500.0,
        },
        "CTReconstructionSequence": {
            "ReconstructionAlgorithm": "FILTER_BACK_PROJ",
            "ConvolutionKernel": "B",
            "ConvolutionKernelGroup": "SOFT_TISSUE",
            "ReconstructionDiameter": 10.0,
            "ReconstructionPixelSpacing": [0.75, 0.5],
            "ReconstructionAngle": 360.0,
            "ImageFilter": "NONE",
        },
        "CTExposureSequence": {
            "ExposureTimeInms": 1000.0,
            "XRayTubeCurrentInmA": 100.0,
            "ExposureInmAs": 100.0,
            "ExposureModulationType": "NONE",
            "CTDIvol": 5.0,
            "CTDIPhantomTypeCodeSequence": code(
                "113691", "DCM", "IEC Body Dosimetry Phantom"
            ),
        },
        "CTXRayDetailsSequence": {
            "KVP": 120.0,
            "FocalSpots": 1.0,
            "FilterType": "FLAT",
            "FilterMaterial": "ALUMINUM",
        },
    },
    rescale_type="HU",
    real_world_unit=None,
)

_MR_DESCRIPTION: Mapping[str, Any] = {
    "ComplexImageComponent": "MAGNITUDE",
    "AcquisitionContrast": "T1",
}
_MR = _Kind(
    modality="MR",
    sop_class_uid=EnhancedMRImageStorage,
    bits_stored=(8, 12, 16),
    attributes={
        **_MR_DESCRIPTION,
        "MagneticFieldStrength": 1.5,
        "ResonantNucleus": "1H",
        "KSpaceFiltering": "NONE",
        "ApplicableSafetyStandardAgency": "IEC",
        "PulseSequenceName": "SE",
        "MRAcquisitionType": "2D",
        "EchoPulseSequence": "SPIN",
        "MultipleSpinEcho": "NO",
        "MultiPlanarExcitation": "NO",
        "PhaseContrast": "NO",
        "TimeOfFlightContrast": "NO",
        "SteadyStatePulseSequence": "NONE",
        "EchoPlanarPulseSequence": "NO",
        "SaturationRecovery": "NO",
        "SpectrallySelectedSuppression": "NONE",
        "OversamplingPhase": "NONE",
        "GeometryOfKSpaceTraversal": "RECTILINEAR",
        "RectilinearPhaseEncodeReordering": "LINEAR",
        "SegmentedKSpaceTraversal": "SINGLE",
        "NumberOfKSpaceTrajectories": 1,
    },
    functional_groups={
        "MRImageFrameTypeSequence": {
            "FrameType": _TYPE,
            **_DESCRIPTION,
            **_MR_DESCRIPTION,
        },
        "MRTimingAndRelatedParametersSequence": {
            "RepetitionTime": 500.0,
            "FlipAngle": 90.0,
            "EchoTrainLength": 1,
            "RFEchoTrainLength": 1,
            "GradientEchoTrainLength": 0,
            "SpecificAbsorptionRateSequence": {
                "SpecificAbsorptionRateDefinition": "IEC_WHOLE_BODY",
                "SpecificAbsorptionRateValue": 0.1,
            },
            "GradientOutputType": "DB_DT",
            "GradientOutput": 1.0,
            "OperatingModeSequence": {
                "OperatingModeType": "STATIC FIELD",
                "OperatingMode": "IEC_NORMAL",
            },
        },
        "MRFOVGeometrySequence": {
            "InPlanePhaseEncodingDirection": "COLUMN",
            "MRAcquisitionFrequencyEncodingSteps": 16,
            "MRAcquisitionPhaseEncodingStepsInPlane": 16,
            "PercentSampling": 100.0,
            "PercentPhaseFieldOfView": 100.0,
        },
        "MREchoSequence": {"EffectiveEchoTime": 10.0},
        "MRModifierSequence": {
            "InversionRecovery": "NO",
            "FlowCompensation": "NONE",
            "T2Preparation": "NO",
            "SpectrallySelectedExcitation": "NONE",
            "SpatialPresaturation": "NONE",
            "PartialFourier": "NO",
            "ParallelAcquisition": "NO",
        },
        "MRImagingModifierSequence": {
            "MagnetizationTransfer": "NONE",
            "BloodSignalNulling": "NO",
            "Tagging": "NONE",
            "TransmitterFrequency": 63.9,
            "PixelBandwidth": 200.0,
        },
        "MRReceiveCoilSequence": {
            "ReceiveCoilName": "BODY",
            "ReceiveCoilManufacturerName": None,
            "ReceiveCoilType": "BODY",
            "QuadratureReceiveCoil": "YES",
        },
        "MRTransmitCoilSequence": {
            "TransmitCoilName": "BODY",
            "TransmitCoilManufacturerName": None,
            "TransmitCoilType": "BODY",
        },
        "MRAveragesSequence": {"NumberOfAverages": 1.0},
    },
    rescale_type="US",
    real_world_unit=None,
)

_PET = _Kind(
    modality="PT",
    sop_class_uid=EnhancedPETImageStorage,
    bits_stored=(16,),
    attributes={
        "RadiopharmaceuticalInformationSequence": {
            "RadiopharmaceuticalAgentNumber": 1,
            "RadionuclideCodeSequence": code("77004003", "SCT", "^18^Fluorine"),
            "AdministrationRouteCodeSequence": code(
                "47625008", "SCT", "Intravenous route"
            ),
            "RadiopharmaceuticalStartDateTime": "20240102091011",
            "RadionuclideTotalDose": 370000000.0,
            "RadionuclideHalfLife": 6586.2,
            "RadionuclidePositronFraction": 0.967,
            "RadiopharmaceuticalCodeSequence": code(
                "35321007", "SCT", "Fluorodeoxyglucose F^18^"
            ),
        },
        "AcquisitionStartCondition": "MANU",
        "AcquisitionTerminationCondition": "TIME",
        "TerminationTimeThreshold": 180000.0,
        "TypeOfDetectorMotion": "STATIONARY",
        "DetectorGeometry": "CYLINDRICAL_RING",
        "TransverseDetectorSeparation": 800.0,
        "AxialDetectorDimension": 150.0,
        "CollimatorType": "NONE",
        "CoincidenceWindowWidth": 6.0,
        "EnergyWindowRangeSequence": {
            "EnergyWindowLowerLimit": 425.0,
            "EnergyWindowUpperLimit": 650.0,
        },
        "TableMotion": "STATIC",
        "TimeOfFlightInformationUsed": "FALSE",
        "ViewCodeSequence": code("62824007", "SCT", "Transverse"),
        "CountsSource": "EMISSION",
        "DecayCorrected": "YES",
        "AttenuationCorrected": "YES",
        "ScatterCorrected": "NO",
        "DeadTimeCorrected": "NO",
        "GantryMotionCorrected": "NO",
        "PatientMotionCorrected": "NO",
        "CountLossNormalizationCorrected": "NO",
        "RandomsCorrected": "NO",
        "NonUniformRadialSamplingCorrected": "NO",
        "SensitivityCalibrated": "YES",
        "DetectorNormalizationCorrection": "NO",
        "AttenuationCorrectionSource": "CT",
        "AttenuationCorrectionTemporalRelationship": "SEPARATE",
        "DecayCorrectionDateTime": "20240102091011",
    },
    functional_groups={
        "PETFrameTypeSequence": {"FrameType": _TYPE, **_DESCRIPTION},
        "RadiopharmaceuticalUsageSequence": {"RadiopharmaceuticalAgentNumber": 1},
        "PETFrameAcquisitionSequence": {
            "TableHeight": 100.0,
            "GantryDetectorTilt": 0.0,
            "GantryDetectorSlew": 0.0,
            "DataCollectionDiameter": 500.0,
        },
        "PETPositionSequence": {
            "TablePosition": 0.0,
            "DataCollectionCenterPatient": [0.0, 0.0, 0.0],
            "ReconstructionTargetCenterPatient": [0.0, 0.0, 0.0],
        },
        "PETFrameCorrectionFactorsSequence": {
            "PrimaryPromptsCountsAccumulated": 100000,
            "SliceSensitivityFactor": 1.0,
            "DecayFactor": 1.0,
            "ScatterFractionFactor": 0.0,
            "DeadTimeFactor": 1.0,
        },
        "PETReconstructionSequence": {
            "ReconstructionType": "3D",
            "ReconstructionAlgorithm": "FILTER_BACK_PROJ",
            "IterativeReconstructionMethod": "NO",
            "ReconstructionDiameter": 500.0,
        },
    },
    rescale_type="US",
    real_world_unit=code("Bq/ml", "UCUM", "Becquerels/milliliter"),
)
