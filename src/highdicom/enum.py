"""Enumerated values used by more than one information object definition."""

from enum import Enum

__all__ = [
    "AnatomicalOrientationTypeValues",
    "AxisHandedness",
    "ContentQualificationValues",
    "CoordinateSystemNames",
    "DimensionOrganizationTypeValues",
    "InterpolationMethods",
    "LateralityValues",
    "NiBabelImageClasses",
    "PadModes",
    "PatientOrientationValuesBiped",
    "PatientOrientationValuesQuadruped",
    "PatientSexValues",
    "PhotometricInterpretationValues",
    "PixelDataKeywords",
    "PixelIndexDirections",
    "PixelRepresentationValues",
    "PlanarConfigurationValues",
    "PresentationLUTShapeValues",
    "RGBColorChannels",
    "RescaleTypeValues",
    "SpecificCharacterSetValues",
    "UniversalEntityIDTypeValues",
    "VOILUTFunctionValues",
]


class AnatomicalOrientationTypeValues(Enum):
    """Anatomical Orientation Type (PS3.3 C.7.6.1)."""

    BIPED = "BIPED"
    QUADRUPED = "QUADRUPED"


class AxisHandedness(Enum):
    """Handedness of three axes in the order of an array."""

    LEFT_HANDED = "LEFT_HANDED"
    """The third axis points along the negative cross product of the first two."""

    RIGHT_HANDED = "RIGHT_HANDED"
    """The third axis points along the cross product of the first two."""


class ContentQualificationValues(Enum):
    """Content Qualification (PS3.3 C.8.13.2.1)."""

    PRODUCT = "PRODUCT"
    RESEARCH = "RESEARCH"
    SERVICE = "SERVICE"


class CoordinateSystemNames(Enum):
    """Frame of reference that coordinates refer to (PS3.3 C.7.6.2.1.1 and C.8.12.2.1)."""

    PATIENT = "PATIENT"
    """Millimetres in the patient-based coordinate system."""

    SLIDE = "SLIDE"
    """Millimetres in the slide coordinate system."""


class DimensionOrganizationTypeValues(Enum):
    """Dimension Organization Type (PS3.3 C.7.6.17)."""

    THREE_DIMENSIONAL = "3D"
    THREE_DIMENSIONAL_TEMPORAL = "3D_TEMPORAL"
    TILED_FULL = "TILED_FULL"
    TILED_SPARSE = "TILED_SPARSE"


class InterpolationMethods(Enum):
    """How values between sample points are found."""

    NEAREST = "NEAREST"
    """The value of the nearest sample point."""

    LINEAR = "LINEAR"
    """Linear between neighbouring sample points."""


class LateralityValues(Enum):
    """Image Laterality (PS3.3 C.7.6.1)."""

    R = "R"
    L = "L"


class NiBabelImageClasses(Enum):
    """Image classes of nibabel."""

    NIFTI1IMAGE = "Nifti1Image"
    NIFTI2IMAGE = "Nifti2Image"
    MGHIMAGE = "MGHImage"
    MINC1IMAGE = "Minc1Image"
    MINC2IMAGE = "Minc2Image"
    ANALYZEIMAGE = "AnalyzeImage"


class PadModes(Enum):
    """What padded elements of an array are filled with."""

    CONSTANT = "CONSTANT"
    """One value given by the caller."""

    EDGE = "EDGE"
    """The nearest value on the edge."""

    MINIMUM = "MINIMUM"
    """The smallest value of the array."""

    MAXIMUM = "MAXIMUM"
    """The largest value of the array."""

    MEAN = "MEAN"
    """The mean of the array."""

    MEDIAN = "MEDIAN"
    """The median of the array."""


class PatientOrientationValuesBiped(Enum):
    """Directions in a biped patient (PS3.3 C.7.6.1.1.1)."""

    A = "A"
    """Anterior."""

    P = "P"
    """Posterior."""

    R = "R"
    """Right."""

    L = "L"
    """Left."""

    H = "H"
    """Head."""

    F = "F"
    """Foot."""


class PatientOrientationValuesQuadruped(Enum):
    """Directions in a quadruped patient (PS3.3 C.7.6.1.1.1)."""

    LE = "LE"
    """Left."""

    RT = "RT"
    """Right."""

    D = "D"
    """Dorsal."""

    V = "V"
    """Ventral."""

    CR = "CR"
    """Cranial."""

    CD = "CD"
    """Caudal."""

    R = "R"
    """Rostral."""

    M = "M"
    """Medial."""

    L = "L"
    """Lateral."""

    PR = "PR"
    """Proximal."""

    DI = "DI"
    """Distal."""

    PA = "PA"
    """Palmar."""

    PL = "PL"
    """Plantar."""


class PatientSexValues(Enum):
    """Patient's Sex (PS3.3 C.7.1.1)."""

    M = "M"
    F = "F"
    O = "O"  # noqa: E741 (public name)


class PhotometricInterpretationValues(Enum):
    """Photometric Interpretation (PS3.3 C.7.6.3.1.2)."""

    MONOCHROME1 = "MONOCHROME1"
    MONOCHROME2 = "MONOCHROME2"
    PALETTE_COLOR = "PALETTE COLOR"
    RGB = "RGB"
    YBR_FULL = "YBR_FULL"
    YBR_FULL_422 = "YBR_FULL_422"
    YBR_PARTIAL_420 = "YBR_PARTIAL_420"
    YBR_ICT = "YBR_ICT"
    YBR_RCT = "YBR_RCT"


class PixelDataKeywords(Enum):
    """Keywords of the attributes that hold pixel data (PS3.3 C.7.6.3 and C.7.6.24)."""

    PIXEL_DATA = "PixelData"
    FLOAT_PIXEL_DATA = "FloatPixelData"
    DOUBLE_FLOAT_PIXEL_DATA = "DoubleFloatPixelData"


class PixelIndexDirections(Enum):
    """Directions on an image in which an index grows (PS3.3 C.7.6.2.1.1)."""

    L = "L"
    """To the left: the column index grows against its usual sense."""

    R = "R"
    """To the right: columns in their usual order."""

    U = "U"
    """Upwards: the row index grows against its usual sense."""

    D = "D"
    """Downwards: rows in their usual order."""


class PixelRepresentationValues(Enum):
    """Pixel Representation (PS3.3 C.7.6.3)."""

    UNSIGNED_INTEGER = 0
    COMPLEMENT = 1


class PlanarConfigurationValues(Enum):
    """Planar Configuration (PS3.3 C.7.6.3.1.3)."""

    COLOR_BY_PIXEL = 0
    COLOR_BY_PLANE = 1


class PresentationLUTShapeValues(Enum):
    """Presentation LUT Shape (PS3.3 C.11.6)."""

    IDENTITY = "IDENTITY"
    INVERSE = "INVERSE"


class RGBColorChannels(Enum):
    """Channels of a colour image (PS3.3 C.7.6.3.1.2)."""

    R = "R"
    G = "G"
    B = "B"


class RescaleTypeValues(Enum):
    """Rescale Type and Modality LUT Type (PS3.3 C.11.1.1.2)."""

    OD = "OD"
    """Thousandths of optical density."""

    HU = "HU"
    """Hounsfield units."""

    US = "US"
    """Unspecified."""

    MGML = "MGML"
    """Milligrams per millilitre."""

    Z_EFF = "Z_EFF"
    """Effective atomic number."""

    ED = "ED"
    """Electron density in 10^23 electrons per millilitre."""

    EDW = "EDW"
    """Electron density relative to water."""

    HU_MOD = "HU_MOD"
    """Modified Hounsfield units."""

    PCT = "PCT"
    """Per cent."""


class SpecificCharacterSetValues(Enum):
    """Specific Character Set (PS3.3 C.12.1.1.2)."""

    LATIN_ALPHABET_NO_1 = "ISO_IR 100"
    LATIN_ALPHABET_NO_2 = "ISO_IR 101"
    LATIN_ALPHABET_NO_3 = "ISO_IR 109"
    LATIN_ALPHABET_NO_4 = "ISO_IR 110"
    CYRILLIC = "ISO_IR 144"
    ARABIC = "ISO_IR 127"
    GREEK = "ISO_IR 126"
    HEBREW = "ISO_IR 138"
    LATIN_ALPHABET_NO_5 = "ISO_IR 148"
    LATIN_ALPHABET_NO_9 = "ISO_IR 203"
    JAPANESE = "ISO_IR 13"
    THAI = "ISO_IR 166"
    DEFAULT_REPERTOIRE_CODE_EXTENSIONS = "ISO 2022 IR 6"
    LATIN_ALPHABET_NO_1_CODE_EXTENSIONS = "ISO 2022 IR 100"
    LATIN_ALPHABET_NO_2_CODE_EXTENSIONS = "ISO 2022 IR 101"
    LATIN_ALPHABET_NO_3_CODE_EXTENSIONS = "ISO 2022 IR 109"
    LATIN_ALPHABET_NO_4_CODE_EXTENSIONS = "ISO 2022 IR 110"
    CYRILLIC_CODE_EXTENSIONS = "ISO 2022 IR 144"
    ARABIC_CODE_EXTENSIONS = "ISO 2022 IR 127"
    GREEK_CODE_EXTENSIONS = "ISO 2022 IR 126"
    HEBREW_CODE_EXTENSIONS = "ISO 2022 IR 138"
    LATIN_ALPHABET_NO_5_CODE_EXTENSIONS = "ISO 2022 IR 148"
    LATIN_ALPHABET_NO_9_CODE_EXTENSIONS = "ISO 2022 IR 203"
    JAPANESE_CODE_EXTENSIONS = "ISO 2022 IR 13"
    THAI_CODE_EXTENSIONS = "ISO 2022 IR 166"
    JAPANESE_KANJI_CODE_EXTENSIONS = "ISO 2022 IR 87"
    JAPANESE_KANJI_SUPPLEMENTARY_CODE_EXTENSIONS = "ISO 2022 IR 159"
    KOREAN_CODE_EXTENSIONS = "ISO 2022 IR 159"  # noqa: PIE796
    """An alias of the Japanese set, kept for compatibility; not for Korean text."""

    KOREAN_KS_X_1001_CODE_EXTENSIONS = "ISO 2022 IR 149"
    """Korean (KS X 1001), which the standard calls ISO 2022 IR 149."""

    SIMPLIFIED_CHINESE_CODE_EXTENSIONS = "ISO 2022 IR 58"
    UNICODE_IN_UTF8 = "ISO_IR 192"
    GB18030 = "GB18030"
    GBK = "GBK"


class UniversalEntityIDTypeValues(Enum):
    """Universal Entity ID Type (PS3.3 10.14)."""

    DNS = "DNS"
    EUI64 = "EUI64"
    ISO = "ISO"
    URI = "URI"
    UUID = "UUID"
    X400 = "X400"
    X500 = "X500"


class VOILUTFunctionValues(Enum):
    """VOI LUT Function (PS3.3 C.11.2.1.3)."""

    LINEAR = "LINEAR"
    LINEAR_EXACT = "LINEAR_EXACT"
    SIGMOID = "SIGMOID"
