"""Echocardiography reports: TID 5200 to 5204."""

from highdicom.sr.engine.conditions import none_present
from highdicom.sr.engine.table import Include, Row, TemplateTable
from highdicom.sr.engine.value_sets import baseline, closed, defined
from highdicom.sr.tables.concepts import dcm, ln, sct, ucum
from highdicom.sr.tables.context import TID_1001, TID_1204
from highdicom.sr.tables.groups import MEASUREMENT_GROUP
from highdicom.sr.tables.image_library import IMAGE_LIBRARY
from highdicom.sr.tables.measurement import FINDING_SITE, TID_300

__all__ = [
    "ECHO_MEASUREMENT",
    "ECHO_MEASUREMENT_GROUP",
    "TID_5200",
    "TID_5201",
    "TID_5202",
    "TID_5203",
    "TID_5204",
    "WALL_SEGMENT",
]

_FINDINGS = ln("59776-5", "Findings")
_ACQUISITION_PROTOCOL = dcm("125203", "Acquisition Protocol")
_IMAGE_MODE = sct("399264008", "Image Mode")
_STAGE = ln("18139-6", "Stage")

# fmt: off
# One line a row, as the standard prints them.
TID_5201 = TemplateTable(
    "5201",
    "Echocardiography Patient Characteristics",
    (
        Row("1", "CONTAINS", "CONTAINER", dcm("121118", "Patient Characteristics"), "1", "M"),
        Row("2", "CONTAINS", "NUM", dcm("121033", "Subject Age"), "1", "U", under="1", units=closed(7456)),
        Row("3", "CONTAINS", "CODE", dcm("121032", "Subject Sex"), "1", "U", under="1", values=closed(7455)),
        Row("4", "CONTAINS", "NUM", ln("8867-4", "Heart Rate"), "1", "U", under="1", units=ucum("{H.B.}/min", "BPM")),
        Row("5", "CONTAINS", "NUM", sct("271649006", "Systolic Blood Pressure"), "1", "U", under="1", units=ucum("mm[Hg]", "mmHg")),
        Row("6", "CONTAINS", "NUM", sct("271650006", "Diastolic Blood Pressure"), "1", "U", under="1", units=ucum("mm[Hg]", "mmHg")),
        Row("7", "CONTAINS", "NUM", ln("8277-6", "Body Surface Area"), "1", "M", under="1", units=ucum("m2")),
        Row("8", "INFERRED FROM", "CODE", ln("8278-4", "Body Surface Area Formula"), "1", "U", under="7", values=baseline(3663)),
    ),
    has_order=True,
)

TID_5203 = TemplateTable(
    "5203",
    "Echo Measurement",
    (
        Row("2", "HAS CONCEPT MOD", "CODE", sct("260674002", "Flow Direction"), "1", "U", values=baseline(12221)),
        Row("3", "HAS CONCEPT MOD", "CODE", sct("272517003", "Respiratory Cycle Point"), "1", "U", values=defined(12234)),
        Row("4", "HAS CONCEPT MOD", "CODE", sct("272518008", "Cardiac Cycle Point"), "1", "U", values=defined(12233)),
        Row("5", "HAS ACQ CONTEXT", "CODE", _IMAGE_MODE, "1", "U", values=defined(12224)),
        Row("6", "HAS ACQ CONTEXT", "CODE", dcm("111031", "Image View"), "1", "U", values=baseline(12226)),
        Row("7", "HAS CONCEPT MOD", "CODE", _STAGE, "1", "U", values=defined(12002)),
    ),
    has_order=True,
)

# Row 1 of TID 5203 includes TID 300; the other rows are nested in the measurement.
ECHO_MEASUREMENT = TemplateTable(
    "5203",
    "Echo Measurement",
    (*TID_300.rows, Include("5203", TID_5203, "1", "U", under="1")),
)

# Rows 3 ff. of TID 5202.
ECHO_MEASUREMENT_GROUP = TemplateTable(
    "5202",
    "Measurement Group",
    (
        Row("3", "CONTAINS", "CONTAINER", MEASUREMENT_GROUP, "1", "M"),
        Row("4", "HAS CONCEPT MOD", "CODE", _IMAGE_MODE, "1", "U", under="3", values=baseline(12224)),
        Row("5", "HAS CONCEPT MOD", "CODE", _ACQUISITION_PROTOCOL, "1", "U", under="3"),
        Row("6", "HAS CONCEPT MOD", "TEXT", _ACQUISITION_PROTOCOL, "1", "U", under="3"),
        Row("7", "HAS ACQ CONTEXT", "CODE", _STAGE, "1", "U", under="3", values=baseline(12002)),
        Include("8", ECHO_MEASUREMENT, "1-n", "M", under="3", relationship="CONTAINS"),
    ),
    has_order=True,
)

TID_5202 = TemplateTable(
    "5202",
    "Echo Section",
    (
        Row("1", "CONTAINS", "CONTAINER", _FINDINGS, "1", "M"),
        Row("2", "HAS CONCEPT MOD", "CODE", FINDING_SITE, "1", "M", under="1"),
        Include("3", ECHO_MEASUREMENT_GROUP, "1-n", "M", under="1", relationship="CONTAINS"),
    ),
    has_order=True,
)

# Rows 10 ff. of TID 5204.
WALL_SEGMENT = TemplateTable(
    "5204",
    "Wall Segment",
    (
        Row("10", "CONTAINS", "CODE", ln("18179-2", "Wall Segment"), "1", "M", values=baseline(3717)),
        Row("11", "HAS PROPERTIES", "CODE", sct("60797005", "Cardiac Wall Motion"), "1", "MC", under="10", values=defined(3703), condition=none_present("12")),
        Row("12", "HAS PROPERTIES", "CODE", sct("116676008", "Associated Morphology"), "1", "MC", under="10", values=defined(3704), condition=none_present("11")),
        Row("13", "HAS PROPERTIES", "NUM", sct("246262008", "Score"), "1", "U", under="10"),
        Row("14", "HAS PROPERTIES", "NUM", dcm("122624", "Wall Thickness Ratio end-systolic to end-diastolic"), "1", "U", under="10", units=ucum("%")),
    ),
    has_order=True,
)

TID_5204 = TemplateTable(
    "5204",
    "Wall Motion Analysis",
    (
        Row("1", "CONTAINS", "CONTAINER", _FINDINGS, "1", "M"),
        Row("2", "HAS CONCEPT MOD", "CODE", dcm("121058", "Procedure reported"), "1", "M", under="1"),
        Row("3", "HAS ACQ CONTEXT", "CODE", _STAGE, "1", "U", under="1", values=baseline(3207)),
        Row("4", "CONTAINS", "IMAGE", dcm("125201", "Illustration of Finding"), "1", "U", under="1"),
        Row("5", "CONTAINS", "TEXT", ln("18118-0", "LV Wall Motion Segmental Findings"), "1", "U", under="1"),
        Row("6", "CONTAINS", "NUM", dcm("125202", "LV Wall Motion Score Index"), "1", "U", under="1", units=ucum("1", "no units")),
        Row("7", "HAS CONCEPT MOD", "CODE", sct("273249006", "Assessment Scale"), "1", "M", under="6", values=baseline(12238)),
        Row("8", "CONTAINS", "CONTAINER", _FINDINGS, "1", "U", under="1"),
        Row("9", "HAS CONCEPT MOD", "CODE", FINDING_SITE, "1", "M", under="8"),
        Include("10", WALL_SEGMENT, "1-n", "M", under="8", relationship="CONTAINS"),
    ),
    has_order=True,
)

TID_5200 = TemplateTable(
    "5200",
    "Echocardiography Procedure Report",
    (
        Row("1", None, "CONTAINER", dcm("125200", "Adult Echocardiography Procedure Report"), "1", "M", template="5200"),
        Include("2", TID_1204, "1", "U", under="1", relationship="HAS CONCEPT MOD"),
        Include("3", TID_1001, "1", "M", under="1", relationship="HAS OBS CONTEXT"),
        Row("4", "CONTAINS", "CONTAINER", ln("55111-9", "Current Procedure Descriptions"), "1", "U", under="1"),
        Row("5", "CONTAINS", "CODE", _ACQUISITION_PROTOCOL, "1-n", "M", under="4", values=baseline(12001)),
        Include("6", TID_5201, "1", "U", under="1", relationship="CONTAINS"),
        Row("7", "CONTAINS", "CONTAINER", IMAGE_LIBRARY, "1", "U", under="1"),
        Row("8", "CONTAINS", "IMAGE", None, "1-n", "M", under="7"),
        Include("9", TID_5202, "1-n", "U", under="1", relationship="CONTAINS"),
        Include("24", TID_5204, "1-n", "U", under="1", relationship="CONTAINS"),
    ),
    has_order=True,
)
# fmt: on
