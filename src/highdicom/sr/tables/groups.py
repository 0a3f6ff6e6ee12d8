"""Groups of measurements: TID 1410, 1411, 1419, 1420, 1501 and 1502."""

from pydicom.sr.coding import Code

from highdicom.sr.engine.conditions import all_of, any_present, none_present
from highdicom.sr.engine.table import Include, Row, TemplateTable
from highdicom.sr.engine.value_sets import baseline, closed, defined
from highdicom.sr.tables.concepts import dcm, sct, ucum
from highdicom.sr.tables.context import TID_4019
from highdicom.sr.tables.measurement import (
    FINDING_SITE,
    LATERALITY,
    METHOD,
    REAL_WORLD_VALUE_MAP,
    TID_300,
    TID_310,
    TOPOGRAPHICAL_MODIFIER,
)

__all__ = [
    "ACTIVITY_SESSION",
    "FINDING",
    "FINDING_CATEGORY",
    "GEOMETRIC_PURPOSE",
    "IMAGE_REGION",
    "MEASUREMENT_GROUP",
    "QUALITATIVE_EVALUATION",
    "REFERENCED_SEGMENT",
    "REFERENCED_SEGMENTATION_FRAME",
    "REGION_IN_SPACE",
    "TID_1410",
    "TID_1411",
    "TID_1419",
    "TID_1420",
    "TID_1501",
    "TID_1502",
    "TRACKING_IDENTIFIER",
    "TRACKING_UNIQUE_IDENTIFIER",
    "VOLUME_SURFACE",
]

ACTIVITY_SESSION = Code("C67447", "NCIt", "Activity Session")
FINDING = dcm("121071", "Finding")
FINDING_CATEGORY = sct("276214006", "Finding category")
GEOMETRIC_PURPOSE = dcm("130400", "Geometric purpose of region")
MEASUREMENT_GROUP = dcm("125007", "Measurement Group")
IMAGE_REGION = dcm("111030", "Image Region")
REFERENCED_SEGMENT = dcm("121191", "Referenced Segment")
REFERENCED_SEGMENTATION_FRAME = dcm("121214", "Referenced Segmentation Frame")
REGION_IN_SPACE = dcm("130488", "Region in Space")
VOLUME_SURFACE = dcm("121231", "Volume Surface")
TRACKING_IDENTIFIER = dcm("112039", "Tracking Identifier")
TRACKING_UNIQUE_IDENTIFIER = dcm("112040", "Tracking Unique Identifier")
SOURCE_IMAGE = dcm("121233", "Source Image for Segmentation")
SOURCE_SERIES = dcm("121232", "Source Series for Segmentation")
ILLUSTRATION = dcm("121200", "Illustration of ROI")
REGION_IDENTIFIER = dcm("130489", "Referenced Region of Interest Identifier")
VISUAL_EXPLANATION = dcm("130401", "Visual explanation")

# Graphic types that enclose something, or mark one point.
_PLANAR = ("POINT", "POLYLINE", "CIRCLE", "ELLIPSE")
_PLANAR_IN_SPACE = ("POINT", "POLYLINE", "POLYGON", "ELLIPSE")
_SURFACES = ("POINT", "ELLIPSOID", "ELLIPSE", "POLYGON")

# fmt: off
# One line a row, as the standard prints them.
TID_1502 = TemplateTable(
    "1502",
    "Time Point Context",
    (
        Row("1", "HAS OBS CONTEXT", "TEXT", dcm("126070", "Subject Time Point Identifier"), "1", "U"),
        Row("2", "HAS OBS CONTEXT", "TEXT", dcm("126071", "Protocol Time Point Identifier"), "1", "U"),
        Row("3", "HAS OBS CONTEXT", "TEXT", Code("C2348792", "UMLS", "Time Point"), "1", "M"),
        Row("4", "HAS OBS CONTEXT", "CODE", dcm("126072", "Time Point Type"), "1-n", "U", values=baseline(6146)),
        Row("5", "HAS OBS CONTEXT", "NUM", dcm("126073", "Time Point Order"), "1", "U", units=ucum("1", "no units")),
        Row("6", "HAS OBS CONTEXT", "NUM", dcm("128740", "Longitudinal Temporal Offset from Event"), "1", "U"),
        Row("7", "HAS CONCEPT MOD", "CODE", dcm("128741", "Longitudinal Temporal Event Type"), "1", "M", under="6", values=defined(280)),
    ),
)

# Rows that the templates of groups have in common, though not their numbers.
QUALITATIVE_EVALUATION = TemplateTable(
    "1501",
    "Qualitative Evaluation",
    (
        Row("11", "CONTAINS", "CODE", None, "1", "M"),
        Row("11b", "HAS CONCEPT MOD", "CODE", None, "1-n", "U", under="11"),
    ),
)

TID_1419 = TemplateTable(
    "1419",
    "ROI Measurements",
    (
        Row("1", "HAS CONCEPT MOD", "CODE", METHOD, "1", "U"),
        Row("2", "HAS CONCEPT MOD", "CODE", FINDING_SITE, "1-n", "U"),
        Row("3", "HAS CONCEPT MOD", "CODE", LATERALITY, "1", "U", under="2", values=closed(244)),
        Row("4", "HAS CONCEPT MOD", "CODE", TOPOGRAPHICAL_MODIFIER, "1", "U", under="2"),
        Include("4b", TID_4019, "1", "U", relationship="HAS CONCEPT MOD"),
        # What rows 5 to 20 say of a measurement is in TID 300, but for coordinates.
        Include("5", TID_300, "1-n", "U", relationship="CONTAINS"),
    ),
)

TID_1410 = TemplateTable(
    "1410",
    "Planar ROI Measurements and Qualitative Evaluations",
    (
        Row("1", "CONTAINS", "CONTAINER", MEASUREMENT_GROUP, "1", "M", template="1410"),
        Row("1b", "HAS OBS CONTEXT", "TEXT", ACTIVITY_SESSION, "1", "U", under="1"),
        Row("2", "HAS OBS CONTEXT", "TEXT", TRACKING_IDENTIFIER, "1", "U", under="1"),
        Row("3", "HAS OBS CONTEXT", "UIDREF", TRACKING_UNIQUE_IDENTIFIER, "1", "U", under="1"),
        Row("3a", "CONTAINS", "CODE", FINDING_CATEGORY, "1", "U", under="1"),
        Row("3b", "CONTAINS", "CODE", FINDING, "1", "U", under="1"),
        Row("3c", "CONTAINS", "CODE", GEOMETRIC_PURPOSE, "1", "U", under="1", values=baseline(219)),
        Include("4", TID_1502, "1", "U", under="1", relationship="HAS OBS CONTEXT"),
        Row("5", "CONTAINS", "SCOORD", IMAGE_REGION, "1", "MC", under="1", graphic_types=_PLANAR, condition=none_present("5b", "5c", "7").exclusively),
        Row("6", "SELECTED FROM", "IMAGE", None, "1", "M", under="5", is_reference=True),
        Row("5b", "CONTAINS", "SCOORD3D", IMAGE_REGION, "1", "MC", under="1", graphic_types=_PLANAR_IN_SPACE, condition=none_present("5", "5c", "7").exclusively),
        Row("5c", "CONTAINS", "COMPOSITE", REGION_IN_SPACE, "1", "MC", under="1", condition=none_present("5", "5b", "7").exclusively),
        Row("5d", "HAS PROPERTIES", "TEXT", REGION_IDENTIFIER, "1", "M", under="5c"),
        Row("7", "CONTAINS", "IMAGE", REFERENCED_SEGMENTATION_FRAME, "1", "MC", under="1", condition=none_present("5", "5b", "5c").exclusively),
        Row("8", "CONTAINS", "IMAGE", SOURCE_IMAGE, "1", "MC", under="1", condition=any_present("7").exclusively),
        Row("9", "CONTAINS", "IMAGE", ILLUSTRATION, "1", "U", under="1"),
        Row("9b", "CONTAINS", "IMAGE", VISUAL_EXPLANATION, "1-n", "U", under="1"),
        Row("10", "CONTAINS", "COMPOSITE", REAL_WORLD_VALUE_MAP, "1", "U", under="1"),
        Include("11", TID_1419, "1", "U", under="1"),
        Include("12", QUALITATIVE_EVALUATION, "1-n", "U", under="1", relationship="CONTAINS"),
        Row("13", "CONTAINS", "TEXT", None, "1-n", "U", under="1"),
    ),
)

TID_1411 = TemplateTable(
    "1411",
    "Volumetric ROI Measurements and Qualitative Evaluations",
    (
        Row("1", "CONTAINS", "CONTAINER", MEASUREMENT_GROUP, "1", "M", template="1411"),
        Row("1b", "HAS OBS CONTEXT", "TEXT", ACTIVITY_SESSION, "1", "U", under="1"),
        Row("2", "HAS OBS CONTEXT", "TEXT", TRACKING_IDENTIFIER, "1", "U", under="1"),
        Row("3", "HAS OBS CONTEXT", "UIDREF", TRACKING_UNIQUE_IDENTIFIER, "1", "U", under="1"),
        Row("3a", "CONTAINS", "CODE", FINDING_CATEGORY, "1", "U", under="1"),
        Row("3b", "CONTAINS", "CODE", FINDING, "1", "U", under="1"),
        Row("3c", "CONTAINS", "CODE", GEOMETRIC_PURPOSE, "1", "U", under="1", values=baseline(219)),
        Include("4", TID_1502, "1", "U", under="1", relationship="HAS OBS CONTEXT"),
        Row("5", "CONTAINS", "SCOORD", IMAGE_REGION, "1-n", "MC", under="1", graphic_types=_PLANAR, condition=none_present("7", "12b", "10").exclusively),
        Row("6", "SELECTED FROM", "IMAGE", None, "1", "M", under="5", is_reference=True),
        Row("7", "CONTAINS", "IMAGE", REFERENCED_SEGMENT, "1", "MC", under="1", condition=none_present("5", "12b", "10").exclusively),
        Row("10", "CONTAINS", "SCOORD3D", VOLUME_SURFACE, "1-n", "MC", under="1", graphic_types=_SURFACES, condition=none_present("5", "7", "12b").exclusively),
        Row("11", "CONTAINS", "IMAGE", SOURCE_IMAGE, "1-n", "MC", under="1", condition=all_of(any_present("7", "10"), none_present("12")).exclusively),
        Row("12", "CONTAINS", "UIDREF", SOURCE_SERIES, "1", "MC", under="1", condition=all_of(any_present("7", "10"), none_present("11")).exclusively),
        Row("12b", "CONTAINS", "COMPOSITE", REGION_IN_SPACE, "1", "MC", under="1", condition=none_present("5", "7", "10").exclusively),
        Row("12c", "HAS PROPERTIES", "TEXT", REGION_IDENTIFIER, "1", "M", under="12b"),
        Row("13", "CONTAINS", "IMAGE", ILLUSTRATION, "1-n", "U", under="1"),
        Row("13b", "CONTAINS", "IMAGE", VISUAL_EXPLANATION, "1-n", "U", under="1"),
        Row("14", "CONTAINS", "COMPOSITE", REAL_WORLD_VALUE_MAP, "1", "U", under="1"),
        Include("15", TID_1419, "1", "U", under="1"),
        Include("16", QUALITATIVE_EVALUATION, "1-n", "U", under="1", relationship="CONTAINS"),
        Row("17", "CONTAINS", "TEXT", None, "1-n", "U", under="1"),
    ),
)

TID_1501 = TemplateTable(
    "1501",
    "Measurement and Qualitative Evaluation Group",
    (
        Row("1", "CONTAINS", "CONTAINER", MEASUREMENT_GROUP, "1", "M", template="1501"),
        Row("1b", "HAS OBS CONTEXT", "TEXT", ACTIVITY_SESSION, "1", "U", under="1"),
        Row("2", "HAS OBS CONTEXT", "TEXT", TRACKING_IDENTIFIER, "1", "U", under="1"),
        Row("3", "HAS OBS CONTEXT", "UIDREF", TRACKING_UNIQUE_IDENTIFIER, "1", "U", under="1"),
        Row("3a", "CONTAINS", "CODE", FINDING_CATEGORY, "1", "U", under="1"),
        Row("3b", "CONTAINS", "CODE", FINDING, "1", "U", under="1"),
        Include("4", TID_1502, "1", "U", under="1", relationship="HAS OBS CONTEXT"),
        Row("5", "HAS CONCEPT MOD", "CODE", METHOD, "1", "U", under="1"),
        Row("6", "HAS CONCEPT MOD", "CODE", FINDING_SITE, "1-n", "U", under="1"),
        Row("7", "HAS CONCEPT MOD", "CODE", LATERALITY, "1", "U", under="6", values=closed(244)),
        Row("8", "HAS CONCEPT MOD", "CODE", TOPOGRAPHICAL_MODIFIER, "1", "U", under="6"),
        Row("9", "CONTAINS", "COMPOSITE", REAL_WORLD_VALUE_MAP, "1", "U", under="1"),
        Include("9b", TID_4019, "1", "U", under="1", relationship="HAS CONCEPT MOD"),
        Row("9c", "CONTAINS", "IMAGE", ILLUSTRATION, "1", "U", under="1"),
        Row("9d", "CONTAINS", "IMAGE", VISUAL_EXPLANATION, "1-n", "U", under="1"),
        Include("10", TID_300, "1-n", "U", under="1", relationship="CONTAINS"),
        Row("10b", "CONTAINS", "IMAGE", None, "1-n", "U", under="1"),
        Row("10c", "CONTAINS", "SCOORD", None, "1-n", "U", under="1"),
        Row("10d", "SELECTED FROM", "IMAGE", None, "1", "M", under="10c", is_reference=True),
        Row("10e", "CONTAINS", "SCOORD3D", None, "1-n", "U", under="1"),
        Row("10f", "CONTAINS", "WAVEFORM", None, "1-n", "U", under="1"),
        Row("10g", "CONTAINS", "TCOORD", None, "1-n", "U", under="1"),
        Row("10h", "SELECTED FROM", "WAVEFORM", None, "1", "M", under="10g", is_reference=True),
        Include("11", QUALITATIVE_EVALUATION, "1-n", "U", under="1", relationship="CONTAINS"),
        Row("12", "CONTAINS", "TEXT", None, "1-n", "U", under="1"),
    ),
)

TID_1420 = TemplateTable(
    "1420",
    "Measurements Derived From Multiple ROI Measurements",
    (
        Row("1", "CONTAINS", "NUM", defined(7465), "1-n", "M"),
        Include("1b", TID_4019, "1", "U", under="1", relationship="HAS CONCEPT MOD"),
        # Rows 2 and 3: groups of TID 1410 or TID 1411, by reference.
        Row("2", "INFERRED FROM", "CONTAINER", MEASUREMENT_GROUP, "1-n", "M", under="1", is_reference=True),
        Include("4", TID_310, "1", "U", under="1", relationship="HAS PROPERTIES"),
    ),
)
# fmt: on
