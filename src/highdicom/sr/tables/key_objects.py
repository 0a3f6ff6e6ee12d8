"""Key object selections: TID 2010."""

from highdicom.sr.engine.conditions import none_present
from highdicom.sr.engine.table import Include, Row, TemplateTable
from highdicom.sr.engine.value_sets import defined
from highdicom.sr.tables.concepts import dcm
from highdicom.sr.tables.context import TID_1002, TID_1204

__all__ = ["TID_2010"]

# fmt: off
# One line a row, as the standard prints them. Rows 3 and 4 say which modifiers go with
# the titles of rejected instances and of the best in a set; row 2 stands for all three.
TID_2010 = TemplateTable(
    "2010",
    "Key Object Selection",
    (
        Row("1", None, "CONTAINER", defined(7010), "1", "M", template="2010"),
        Row("2", "HAS CONCEPT MOD", "CODE", dcm("113011", "Document Title Modifier"), "1-n", "U", under="1"),
        Include("5", TID_1204, "1", "U", under="1"),
        Include("6", TID_1002, "1-n", "U", under="1"),
        Row("7", "CONTAINS", "TEXT", dcm("113012", "Key Object Description"), "1", "U", under="1"),
        Row("8", "CONTAINS", "IMAGE", None, "1-n", "MC", under="1", condition=none_present("9", "10")),
        Row("9", "CONTAINS", "WAVEFORM", None, "1-n", "MC", under="1", condition=none_present("8", "10")),
        Row("10", "CONTAINS", "COMPOSITE", None, "1-n", "MC", under="1", condition=none_present("8", "9")),
    ),
    is_extensible=False,
)
# fmt: on
