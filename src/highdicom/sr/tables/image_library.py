"""Images that a report is about, and what describes them: TID 1600 to 1607."""

from highdicom.sr.engine.table import Include, Row, TemplateTable
from highdicom.sr.engine.value_sets import baseline, closed, defined
from highdicom.sr.tables.concepts import dcm, ln, sct, ucum

__all__ = [
    "IMAGE_LIBRARY",
    "IMAGE_LIBRARY_GROUP",
    "TID_1600",
    "TID_1601",
    "TID_1602",
    "TID_1603",
    "TID_1604",
    "TID_1605",
    "TID_1606",
    "TID_1607",
]

IMAGE_LIBRARY = dcm("111028", "Image Library")
IMAGE_LIBRARY_GROUP = dcm("126200", "Image Library Group")

_DEGREE = ucum("deg", "degree")
_DIRECTION = ucum("{-1:1}")
_MILLIMETER = ucum("mm")
_PIXELS = ucum("{pixels}", "Pixels")

# fmt: off
# One line a row, as the standard prints them.
TID_1603 = TemplateTable(
    "1603",
    "Image Library Entry Descriptors for Projection Radiography",
    (
        Row("1", "HAS ACQ CONTEXT", "CODE", dcm("111031", "Image View"), "1", "U", values=defined(4010)),
        Row("2", "HAS CONCEPT MOD", "CODE", dcm("111032", "Image View Modifier"), "1-n", "U", under="1", values=defined(4011)),
        Row("3", "HAS ACQ CONTEXT", "TEXT", dcm("111044", "Patient Orientation Row"), "1", "U"),
        Row("4", "HAS ACQ CONTEXT", "TEXT", dcm("111043", "Patient Orientation Column"), "1", "U"),
        Row("5", "HAS ACQ CONTEXT", "NUM", dcm("111026", "Horizontal Pixel Spacing"), "1", "U", units=_MILLIMETER),
        Row("6", "HAS ACQ CONTEXT", "NUM", dcm("111066", "Vertical Pixel Spacing"), "1", "U", units=_MILLIMETER),
        Row("7", "HAS ACQ CONTEXT", "NUM", dcm("112011", "Positioner Primary Angle"), "1", "U", units=_DEGREE),
        Row("8", "HAS ACQ CONTEXT", "NUM", dcm("112012", "Positioner Secondary Angle"), "1", "U", units=_DEGREE),
    ),
)

TID_1604 = TemplateTable(
    "1604",
    "Image Library Entry Descriptors for Cross-Sectional Modalities",
    (
        Row("1", "HAS ACQ CONTEXT", "NUM", dcm("111026", "Horizontal Pixel Spacing"), "1", "U", units=_MILLIMETER),
        Row("2", "HAS ACQ CONTEXT", "NUM", dcm("111066", "Vertical Pixel Spacing"), "1", "U", units=_MILLIMETER),
        Row("3", "HAS ACQ CONTEXT", "NUM", dcm("112226", "Spacing between slices"), "1", "U", units=_MILLIMETER),
        Row("4", "HAS ACQ CONTEXT", "NUM", dcm("112225", "Slice Thickness"), "1", "U", units=_MILLIMETER),
        Row("5", "HAS ACQ CONTEXT", "NUM", dcm("110901", "Image Position (Patient) X"), "1", "U", units=_MILLIMETER),
        Row("6", "HAS ACQ CONTEXT", "NUM", dcm("110902", "Image Position (Patient) Y"), "1", "U", units=_MILLIMETER),
        Row("7", "HAS ACQ CONTEXT", "NUM", dcm("110903", "Image Position (Patient) Z"), "1", "U", units=_MILLIMETER),
        Row("8", "HAS ACQ CONTEXT", "NUM", dcm("110904", "Image Orientation (Patient) Row X"), "1", "U", units=_DIRECTION),
        Row("9", "HAS ACQ CONTEXT", "NUM", dcm("110905", "Image Orientation (Patient) Row Y"), "1", "U", units=_DIRECTION),
        Row("10", "HAS ACQ CONTEXT", "NUM", dcm("110906", "Image Orientation (Patient) Row Z"), "1", "U", units=_DIRECTION),
        Row("11", "HAS ACQ CONTEXT", "NUM", dcm("110907", "Image Orientation (Patient) Column X"), "1", "U", units=_DIRECTION),
        Row("12", "HAS ACQ CONTEXT", "NUM", dcm("110908", "Image Orientation (Patient) Column Y"), "1", "U", units=_DIRECTION),
        Row("13", "HAS ACQ CONTEXT", "NUM", dcm("110909", "Image Orientation (Patient) Column Z"), "1", "U", units=_DIRECTION),
    ),
)

TID_1605 = TemplateTable(
    "1605",
    "Image Library Entry Descriptors for CT",
    (
        Row("1", "HAS ACQ CONTEXT", "CODE", dcm("113820", "CT Acquisition Type"), "1", "U", values=defined(10013)),
        Row("2", "HAS ACQ CONTEXT", "CODE", dcm("113961", "Reconstruction Algorithm"), "1", "U", values=defined(10033)),
    ),
)

TID_1606 = TemplateTable(
    "1606",
    "Image Library Entry Descriptors for MR",
    (Row("1", "HAS ACQ CONTEXT", "TEXT", dcm("128230", "Pulse Sequence Name"), "1", "U"),),
)

TID_1607 = TemplateTable(
    "1607",
    "Image Library Entry Descriptors for PET",
    (
        Row("1", "HAS ACQ CONTEXT", "CODE", sct("89457008", "Radionuclide"), "1", "U", values=defined(4020)),
        Row("2", "HAS ACQ CONTEXT", "CODE", sct("349358000", "Radiopharmaceutical agent"), "1", "U", values=defined(4021)),
        Row("3", "HAS ACQ CONTEXT", "NUM", sct("304283002", "Half-life of radiopharmaceutical"), "1", "U", units=ucum("s")),
        Row("4", "HAS ACQ CONTEXT", "DATETIME", dcm("123003", "Radiopharmaceutical Start DateTime"), "1", "U"),
        Row("5", "HAS ACQ CONTEXT", "DATETIME", dcm("123004", "Radiopharmaceutical Stop DateTime"), "1", "U"),
        Row("6", "HAS ACQ CONTEXT", "NUM", dcm("123005", "Radiopharmaceutical Volume"), "1", "U", units=ucum("cm3")),
        Row("7", "HAS ACQ CONTEXT", "NUM", dcm("123006", "Radionuclide Total Dose"), "1", "U", units=ucum("Bq")),
        Row("8", "HAS ACQ CONTEXT", "NUM", dcm("123007", "Radiopharmaceutical Specific Activity"), "1", "U", units=ucum("Bq/mol")),
        Row("9", "HAS ACQ CONTEXT", "CODE", sct("410675002", "Route of Administration"), "1", "U", values=baseline(11)),
        Row("10", "HAS ACQ CONTEXT", "NUM", dcm("123009", "Radionuclide Syringe Counts"), "1", "U", units=ucum("{counts}/s")),
        Row("11", "HAS ACQ CONTEXT", "NUM", dcm("123010", "Radionuclide Residual Syringe Counts"), "1", "U", units=ucum("{counts}/s")),
        Row("12", "HAS ACQ CONTEXT", "NUM", dcm("126203", "PET Radionuclide Incubation Time"), "1", "U", units=ucum("min")),
        Row("13", "HAS ACQ CONTEXT", "NUM", ln("14749-6", "Glucose"), "1", "U", units=ucum("mmol/l")),
        Row("14", "HAS ACQ CONTEXT", "DATE", dcm("109081", "Glucose Measurement Date"), "1", "U"),
        Row("15", "HAS ACQ CONTEXT", "TIME", dcm("109082", "Glucose Measurement Time"), "1", "U"),
    ),
)

TID_1602 = TemplateTable(
    "1602",
    "Image Library Entry Descriptors",
    (
        Row("1", "HAS ACQ CONTEXT", "CODE", dcm("121139", "Modality"), "1", "M", values=defined(29)),
        Row("2", "HAS ACQ CONTEXT", "CODE", dcm("123014", "Target Region"), "1", "U", values=defined(4031)),
        Row("3", "HAS ACQ CONTEXT", "CODE", dcm("111027", "Image Laterality"), "1", "U", values=closed(244)),
        Row("4", "HAS ACQ CONTEXT", "DATE", dcm("111060", "Study Date"), "1", "U"),
        Row("5", "HAS ACQ CONTEXT", "TIME", dcm("111061", "Study Time"), "1", "U"),
        Row("6", "HAS ACQ CONTEXT", "DATE", dcm("111018", "Content Date"), "1", "U"),
        Row("7", "HAS ACQ CONTEXT", "TIME", dcm("111019", "Content Time"), "1", "U"),
        Row("8", "HAS ACQ CONTEXT", "DATE", dcm("126201", "Acquisition Date"), "1", "U"),
        Row("9", "HAS ACQ CONTEXT", "TIME", dcm("126202", "Acquisition Time"), "1", "U"),
        Row("10", "HAS ACQ CONTEXT", "UIDREF", dcm("112227", "Frame of Reference UID"), "1", "U"),
        Row("11", "HAS ACQ CONTEXT", "NUM", dcm("110910", "Pixel Data Rows"), "1", "U", units=_PIXELS),
        Row("12", "HAS ACQ CONTEXT", "NUM", dcm("110911", "Pixel Data Columns"), "1", "U", units=_PIXELS),
        Include("13", TID_1603, "1", "U", relationship="HAS ACQ CONTEXT"),
        Include("14", TID_1604, "1", "U", relationship="HAS ACQ CONTEXT"),
        Include("15", TID_1605, "1", "U", relationship="HAS ACQ CONTEXT"),
        Include("16", TID_1606, "1", "U", relationship="HAS ACQ CONTEXT"),
        Include("17", TID_1607, "1", "U", relationship="HAS ACQ CONTEXT"),
    ),
)

TID_1601 = TemplateTable(
    "1601",
    "Image Library Entry",
    (
        Row("1", "CONTAINS", "IMAGE", None, "1", "M"),
        Include("2", TID_1602, "1-n", "U", under="1", relationship="HAS ACQ CONTEXT"),
    ),
)

TID_1600 = TemplateTable(
    "1600",
    "Image Library",
    (
        Row("1", "CONTAINS", "CONTAINER", IMAGE_LIBRARY, "1", "M"),
        Row("2", "CONTAINS", "CONTAINER", IMAGE_LIBRARY_GROUP, "1-n", "U", under="1"),
        Include("3", TID_1602, "1", "U", under="2", relationship="HAS ACQ CONTEXT"),
        Include("4", TID_1601, "1-n", "U", under="2", relationship="CONTAINS"),
    ),
)
# fmt: on
