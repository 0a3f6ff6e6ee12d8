"""Measurements derived from others: TID 1420."""

from highdicom.content_items.base import ContentItemReference
from highdicom.sr.engine.specifiers import (
    Coded,
    Number,
    OptionalCoded,
    OptionalOf,
    Several,
    content_item,
    included,
    part,
)
from highdicom.sr.engine.template import Template
from highdicom.sr.tables.groups import TID_1420
from highdicom.sr.templates.context import AlgorithmIdentification
from highdicom.sr.templates.measurement import MeasurementProperties

__all__ = ["DerivedMeasurement"]


class DerivedMeasurement(Template, table=TID_1420):
    """A number derived from several groups of measurements (PS3.16 TID 1420).

    The groups are referred to by their place in the report, from 1 for its root.

    Examples
    --------
    >>> from highdicom.content_items import ContentItemReference
    >>> from highdicom.sr.templates.derived import DerivedMeasurement
    >>> from pydicom.sr.codedict import codes
    >>> groups = [ContentItemReference([1, 4, n], "INFERRED FROM") for n in (1, 2)]
    >>> total = DerivedMeasurement(codes.SCT.Volume, 12.5, codes.UCUM.CubicMillimeter, groups)
    >>> [one.referenced_content_item_identifier for one in total.groups]
    [(1, 4, 1), (1, 4, 2)]

    """

    name: Coded = part("name")
    value: Number = part("value")
    unit: Coded = part("unit")
    groups: Several[ContentItemReference] = content_item(
        "2", ContentItemReference, is_many=True
    )
    qualifier: OptionalCoded = part("qualifier", default=None)
    algorithm_id: OptionalOf[AlgorithmIdentification] = included(
        "1b", AlgorithmIdentification, default=None
    )
    properties: OptionalOf[MeasurementProperties] = included(
        "4", MeasurementProperties, default=None
    )
