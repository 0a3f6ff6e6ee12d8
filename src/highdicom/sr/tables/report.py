"""Measurement reports: TID 1500."""

from pydicom.sr.coding import Code

from highdicom.sr.engine.conditions import none_present
from highdicom.sr.engine.table import Include, Row, TemplateTable
from highdicom.sr.engine.value_sets import baseline, defined
from highdicom.sr.tables.concepts import dcm
from highdicom.sr.tables.context import TID_1001, TID_1204, TID_4019
from highdicom.sr.tables.groups import (
    QUALITATIVE_EVALUATION,
    TID_1410,
    TID_1411,
    TID_1420,
    TID_1501,
)
from highdicom.sr.tables.image_library import TID_1600

__all__ = ["IMAGING_MEASUREMENTS", "TID_1500"]

IMAGING_MEASUREMENTS = dcm("126010", "Imaging Measurements")
_DERIVED = dcm("126011", "Derived Imaging Measurements")
_QUALITATIVE = Code("C0034375", "UMLS", "Qualitative Evaluations")

# fmt: off
# One line a row, as the standard prints them.
TID_1500 = TemplateTable(
    "1500",
    "Measurement Report",
    (
        Row("1", None, "CONTAINER", defined(7021), "1", "M", template="1500"),
        Include("2", TID_1204, "1", "U", under="1", relationship="HAS CONCEPT MOD"),
        Include("3", TID_1001, "1", "M", under="1", relationship="HAS OBS CONTEXT"),
        Row("4", "HAS CONCEPT MOD", "CODE", dcm("121058", "Procedure reported"), "1-n", "U", under="1", values=baseline(100)),
        Include("5", TID_1600, "1", "U", under="1", relationship="CONTAINS"),
        Row("6", "CONTAINS", "CONTAINER", IMAGING_MEASUREMENTS, "1", "MC", under="1", condition=none_present("10", "12")),
        Include("6b", TID_4019, "1", "U", under="6", relationship="HAS CONCEPT MOD"),
        Include("7", TID_1410, "1-n", "U", under="6", relationship="CONTAINS"),
        Include("8", TID_1411, "1-n", "U", under="6", relationship="CONTAINS"),
        Include("9", TID_1501, "1-n", "U", under="6", relationship="CONTAINS"),
        Row("10", "CONTAINS", "CONTAINER", _DERIVED, "1", "MC", under="1", condition=none_present("6", "12")),
        Include("10b", TID_4019, "1", "U", under="10", relationship="HAS CONCEPT MOD"),
        Include("11", TID_1420, "1-n", "U", under="10", relationship="CONTAINS"),
        Row("12", "CONTAINS", "CONTAINER", _QUALITATIVE, "1", "MC", under="1", condition=none_present("6", "10")),
        Include("12b", TID_4019, "1", "U", under="12", relationship="HAS CONCEPT MOD"),
        Include("13", QUALITATIVE_EVALUATION, "1-n", "U", under="12", relationship="CONTAINS"),
        Row("14", "CONTAINS", "TEXT", None, "1-n", "U", under="12"),
    ),
)
# fmt: on
