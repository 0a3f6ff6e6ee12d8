"""Templates that whole documents follow."""

from collections.abc import Mapping

from highdicom.sr.engine.table import TemplateTable
from highdicom.sr.tables.echocardiography import TID_5200
from highdicom.sr.tables.key_objects import TID_2010
from highdicom.sr.tables.report import TID_1500

__all__ = ["ROOT_TEMPLATES"]

ROOT_TEMPLATES: Mapping[str, TemplateTable] = {
    table.number: table for table in (TID_1500, TID_2010, TID_5200)
}
"""Tables by the identifier that the root of a document has."""
