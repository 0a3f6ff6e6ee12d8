"""Where attributes of single-frame images go in the converted image, as tables.

An attribute belongs to a functional group, to a module at the top level or, if it is
none of either, to the unassigned converted attributes (PS3.3 C.7.6.16.2.25).
"""

from collections.abc import Iterator
from functools import cache

from pydicom.uid import (
    CTImageStorage,
    LegacyConvertedEnhancedCTImageStorage,
    LegacyConvertedEnhancedMRImageStorage,
    LegacyConvertedEnhancedPETImageStorage,
    MRImageStorage,
    PositronEmissionTomographyImageStorage,
)

from highdicom.encoding.elements import tag_of
from highdicom.records import record
from highdicom.standard import AttributeRule, iod_of, rules_of

__all__ = [
    "COLUMN_SOURCES",
    "CT",
    "DISCARDED",
    "KINDS",
    "MR",
    "PET",
    "SAME_IN_ALL",
    "UNASSIGNED_PER_FRAME",
    "UNASSIGNED_SHARED",
    "LegacyKind",
    "TopLevelModule",
    "top_level_modules",
]

UNASSIGNED_SHARED = "UnassignedSharedConvertedAttributesSequence"
UNASSIGNED_PER_FRAME = "UnassignedPerFrameConvertedAttributesSequence"


@record
class LegacyKind:
    """One of the kinds of images that can be converted.

    Parameters
    ----------
    name
        As in the name of the class.
    modality
        Modality of the images.
    source_sop_class_uid, sop_class_uid
        SOP classes of single-frame and of converted images.
    frame_type_group
        Keyword of the functional group that holds the type of a frame.
    rescale_type
        Unit of values where the images name none.
    is_rescale_type_fixed
        Whether no other unit is allowed.
    needs_window
        Whether each frame has to have a window (PS3.3 C.7.6.16.2.10).
    kept_groups
        Keyword of functional groups of a single attribute or sequence, with its
        keyword.

    """

    name: str
    modality: str
    source_sop_class_uid: str
    sop_class_uid: str
    frame_type_group: str
    rescale_type: str
    is_rescale_type_fixed: bool
    needs_window: bool
    kept_groups: tuple[tuple[str, str], ...]


_IRRADIATION = ("IrradiationEventIdentificationSequence", "IrradiationEventUID")
_REAL_WORLD = ("RealWorldValueMappingSequence", "RealWorldValueMappingSequence")
_REFERENCES = ("ReferencedImageSequence", "ReferencedImageSequence")

# PS3.3 A.70, A.71 and A.72
CT = LegacyKind(
    name="CT",
    modality="CT",
    source_sop_class_uid=CTImageStorage,
    sop_class_uid=LegacyConvertedEnhancedCTImageStorage,
    frame_type_group="CTImageFrameTypeSequence",
    rescale_type="HU",
    is_rescale_type_fixed=False,
    needs_window=True,
    kept_groups=(_IRRADIATION, _REFERENCES),
)
MR = LegacyKind(
    name="MR",
    modality="MR",
    source_sop_class_uid=MRImageStorage,
    sop_class_uid=LegacyConvertedEnhancedMRImageStorage,
    frame_type_group="MRImageFrameTypeSequence",
    rescale_type="US",
    is_rescale_type_fixed=True,
    needs_window=False,
    kept_groups=(_REAL_WORLD, _REFERENCES),
)
PET = LegacyKind(
    name="PET",
    modality="PT",
    source_sop_class_uid=PositronEmissionTomographyImageStorage,
    sop_class_uid=LegacyConvertedEnhancedPETImageStorage,
    frame_type_group="PETFrameTypeSequence",
    rescale_type="US",
    is_rescale_type_fixed=True,
    needs_window=True,
    kept_groups=(_IRRADIATION, _REAL_WORLD, _REFERENCES),
)
KINDS = (CT, MR, PET)

SAME_IN_ALL = (
    "StudyInstanceUID",
    "FrameOfReferenceUID",
    "PatientID",
    "PatientName",
    "Modality",
    "SOPClassUID",
    "SpecificCharacterSet",
    "Manufacturer",
    "ManufacturerModelName",
    "DeviceSerialNumber",
    "SoftwareVersions",
    "InstitutionName",
    "StationName",
    "Rows",
    "Columns",
    "SamplesPerPixel",
    "PhotometricInterpretation",
    "BitsAllocated",
    "BitsStored",
    "HighBit",
    "PixelRepresentation",
    "PixelPaddingValue",
    "PixelPaddingRangeLimit",
)
"""Attributes in which the images have to agree, since an image has one value only."""

COLUMN_SOURCES = {
    "ImagePositionPatient": "ImagePositionPatient",
    "ImageOrientationPatient": "ImageOrientationPatient",
    "PixelSpacing": "PixelSpacing",
    "SliceThickness": "SliceThickness",
    "FrameAcquisitionNumber": "AcquisitionNumber",
    "FrameAcquisitionDuration": "ActualFrameDuration",
    "FrameComments": "ImageComments",
}
"""Columns of the table of frames that hold an attribute as it is."""

DISCARDED = frozenset(
    map(
        tag_of,
        (
            # Identity and encoding of the single image
            "SOPClassUID",
            "SOPInstanceUID",
            "SeriesInstanceUID",
            "SpecificCharacterSet",
            "Modality",
            "NumberOfFrames",
            "DataSetTrailingPadding",
            # Signatures do not hold for another instance
            "MACParametersSequence",
            "DigitalSignaturesSequence",
            "EncryptedAttributesSequence",
            # Pixels, which are converted by themselves
            "SamplesPerPixel",
            "PhotometricInterpretation",
            "PlanarConfiguration",
            "Rows",
            "Columns",
            "BitsAllocated",
            "BitsStored",
            "HighBit",
            "PixelRepresentation",
            "PixelData",
            "FloatPixelData",
            "DoubleFloatPixelData",
            "ExtendedOffsetTable",
            "ExtendedOffsetTableLengths",
            "PresentationLUTShape",
        ),
    )
)
"""Tags of attributes that the converted image has in another way, or not at all."""

_OTHER_MODULES = frozenset(
    (
        # Made anew
        "multi-frame-functional-groups",
        "multi-frame-dimension",
        "common-instance-reference",
        "frame-extraction",
        # Attributes of the same names mean less in single-frame images
        "enhanced-contrast-bolus",
        "enhanced-patient-orientation",
        "cardiac-synchronization",
        "respiratory-synchronization",
        "bulk-motion-synchronization",
    )
)
_NEVER_AT_TOP_LEVEL = frozenset(
    (
        # Of the single image, not of what is made of it
        "InstanceNumber",
        "InstanceCreationDate",
        "InstanceCreationTime",
        "InstanceCreatorUID",
        "ContentDate",
        "ContentTime",
        "ImageType",
        "IconImageSequence",
        "ConversionSourceAttributesSequence",
        # Of the series of the single image
        "SeriesNumber",
        "SeriesDescription",
        # In functional groups
        "AcquisitionNumber",
        "AcquisitionDateTime",
        "AcquisitionDuration",
        "ImageComments",
        "BodyPartExamined",
        "Laterality",
        "ReferencedImageSequence",
        "RealWorldValueMappingSequence",
        # With other items than those of single-frame images
        "ContrastBolusAgentSequence",
        # Put together by itself
        "ContributingEquipmentSequence",
    )
)


@record
class TopLevelModule:
    """Module of the converted image that attributes are copied to.

    Parameters
    ----------
    is_mandatory
        Whether each converted image has it.
    rules
        Rules of its attributes by tag.

    """

    is_mandatory: bool
    rules: dict[int, AttributeRule]

    def required(self, *types: str) -> Iterator[AttributeRule]:
        """Rules of attributes of some types, such as "1"."""
        return (rule for rule in self.rules.values() if rule.type.value in types)


@cache
def top_level_modules(kind: LegacyKind) -> tuple[TopLevelModule, ...]:
    """Modules of converted images of a kind, in the order of the IOD."""
    return tuple(
        TopLevelModule(
            use.usage.value == "M",
            {
                int(tag_of(keyword)): rule
                for keyword, rule in rules_of(use.module).items()
                if keyword not in _NEVER_AT_TOP_LEVEL
                and tag_of(keyword) not in DISCARDED
            },
        )
        for use in iod_of(kind.sop_class_uid).modules
        if use.module not in _OTHER_MODULES
    )
