"""Single measurements: TID 300, 310 to 312, 315, 320 and 321."""

from highdicom.sr.engine.conditions import none_present
from highdicom.sr.engine.table import Include, Row, TemplateTable
from highdicom.sr.engine.value_sets import closed, defined
from highdicom.sr.tables.concepts import dcm, sct
from highdicom.sr.tables.context import TID_1000, TID_4019, TID_4108

__all__ = [
    "DERIVATION",
    "FINDING_SITE",
    "LATERALITY",
    "METHOD",
    "REAL_WORLD_VALUE_MAP",
    "TID_300",
    "TID_310",
    "TID_311",
    "TID_312",
    "TID_315",
    "TID_320",
    "TID_321",
    "TOPOGRAPHICAL_MODIFIER",
]

METHOD = sct("370129005", "Measurement Method")
DERIVATION = dcm("121401", "Derivation")
FINDING_SITE = sct("363698007", "Finding Site")
LATERALITY = sct("272741003", "Laterality")
TOPOGRAPHICAL_MODIFIER = sct("106233006", "Topographical modifier")
REAL_WORLD_VALUE_MAP = dcm("126100", "Real World Value Map used for measurement")

_POPULATION = dcm("121405", "Population Description")
_AUTHORITY = dcm("121406", "Reference Authority")
_RANGE_DESCRIPTION = dcm("121407", "Normal Range description")
_RANGE_AUTHORITY = dcm("121408", "Normal Range Authority")

# fmt: off
# One line a row, as the standard prints them.
TID_311 = TemplateTable(
    "311",
    "Measurement Statistical Properties",
    (
        Row("1", "HAS PROPERTIES", "NUM", defined(221), "1-n", "M"),
        Row("2", "HAS PROPERTIES", "TEXT", _POPULATION, "1", "U"),
        Row("3", "HAS PROPERTIES", "TEXT", _AUTHORITY, "1", "UC", condition=none_present("4").exclusively),
        Row("4", "HAS PROPERTIES", "CODE", _AUTHORITY, "1", "UC", condition=none_present("3").exclusively),
    ),
    has_order=True,
)

TID_312 = TemplateTable(
    "312",
    "Normal Range Properties",
    (
        Row("1", "HAS PROPERTIES", "NUM", defined(223), "1-n", "M"),
        Row("2", "HAS PROPERTIES", "TEXT", _RANGE_DESCRIPTION, "1", "U"),
        Row("3", "HAS PROPERTIES", "TEXT", _RANGE_AUTHORITY, "1", "UC", condition=none_present("4").exclusively),
        Row("4", "HAS PROPERTIES", "CODE", _RANGE_AUTHORITY, "1", "UC", condition=none_present("3").exclusively),
    ),
    has_order=True,
)

TID_310 = TemplateTable(
    "310",
    "Measurement Properties",
    (
        Row("1", "HAS PROPERTIES", "CODE", dcm("121402", "Normality"), "1", "U", values=defined(222)),
        Include("2", TID_311, "1", "U"),
        Include("3", TID_312, "1", "U"),
        Row("4", "HAS PROPERTIES", "CODE", dcm("121403", "Level of Significance"), "1", "U", values=defined(220)),
        Row("5", "HAS PROPERTIES", "NUM", defined(225), "1-n", "U"),
        Row("6", "HAS PROPERTIES", "CODE", dcm("121404", "Selection Status"), "1", "U", values=defined(224)),
    ),
    has_order=True,
)

TID_315 = TemplateTable(
    "315",
    "Equation or Table",
    (
        Row("1", "INFERRED FROM", "CODE", defined(228), "1", "M"),
        Row("2", "HAS PROPERTIES", "NUM", None, "1-n", "U", under="1", is_reference=True),
    ),
    has_order=True,
)

TID_320 = TemplateTable(
    "320",
    "Image or Spatial Coordinates",
    (
        Row("1", "INFERRED FROM", "IMAGE", None, "1", "MC", condition=none_present("3", "6").exclusively, is_reference=True),
        Row("3", "INFERRED FROM", "SCOORD", None, "1", "MC", condition=none_present("1", "6").exclusively),
        Row("4", "SELECTED FROM", "IMAGE", None, "1", "M", under="3", is_reference=True),
        Row("6", "INFERRED FROM", "SCOORD3D", None, "1", "MC", condition=none_present("1", "3").exclusively),
    ),
    has_order=True,
)

TID_321 = TemplateTable(
    "321",
    "Waveform or Temporal Coordinates",
    (
        Row("1", "INFERRED FROM", "WAVEFORM", None, "1", "MC", condition=none_present("3").exclusively, is_reference=True),
        Row("3", "INFERRED FROM", "TCOORD", None, "1", "MC", condition=none_present("1").exclusively),
        Row("4", "SELECTED FROM", "WAVEFORM", None, "1", "M", under="3", is_reference=True),
    ),
    has_order=True,
)

TID_300 = TemplateTable(
    "300",
    "Measurement",
    (
        Row("1", "CONTAINS", "NUM", None, "1", "M"),
        Row("3", "HAS CONCEPT MOD", "CODE", METHOD, "1", "U", under="1"),
        Row("4", "HAS CONCEPT MOD", "CODE", DERIVATION, "1", "U", under="1"),
        Row("5", "HAS CONCEPT MOD", "CODE", FINDING_SITE, "1-n", "U", under="1"),
        Row("6", "HAS CONCEPT MOD", "CODE", LATERALITY, "1", "U", under="5", values=closed(244)),
        Row("7", "HAS CONCEPT MOD", "CODE", TOPOGRAPHICAL_MODIFIER, "1", "U", under="5"),
        # Row 2 stands for modifiers that other templates name when they include this.
        Row("2", "HAS CONCEPT MOD", "CODE", None, "1-n", "U", under="1"),
        Include("8", TID_310, "1", "U", under="1", relationship="HAS PROPERTIES"),
        Row("9", "INFERRED FROM", "NUM", None, "1-n", "U", under="1", is_reference=True),
        Include("11", TID_315, "1", "UC", under="1", relationship="INFERRED FROM", condition=none_present("12").exclusively),
        Row("12", "INFERRED FROM", "TEXT", defined(228), "1", "UC", under="1", condition=none_present("11").exclusively),
        Include("13", TID_320, "1-n", "U", under="1"),
        Include("14", TID_321, "1-n", "U", under="1"),
        Include("15", TID_1000, "1", "U", under="1"),
        Row("16", "HAS CONCEPT MOD", "TEXT", dcm("121050", "Equivalent Meaning of Concept Name"), "1", "U", under="1"),
        Include("17", TID_4108, "1", "U", under="1", relationship="HAS OBS CONTEXT"),
        Row("18", "INFERRED FROM", "COMPOSITE", REAL_WORLD_VALUE_MAP, "1", "U", under="1"),
        Include("19", TID_4019, "1", "U", under="1", relationship="HAS CONCEPT MOD"),
    ),
    has_order=True,
)
# fmt: on
