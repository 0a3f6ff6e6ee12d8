"""A measurement report as a table: one row a measurement."""

import math
from collections.abc import Iterable, Iterator
from typing import Any

from pydicom.dataset import Dataset

from highdicom.coding import CodedConcept
from highdicom.content_items.base import ContentItem
from highdicom.content_items.query import children_of
from highdicom.content_items.references import ImageContentItem
from highdicom.sr.content.findings import FindingSite
from highdicom.sr.templates.groups import _ROIMeasurementsAndQualitativeEvaluations
from highdicom.sr.templates.selection import readable, references_of

__all__ = ["COLUMNS", "rows_of"]

Record = dict[str, Any]

COLUMNS = (
    "group",
    "template",
    "tracking_identifier",
    "tracking_uid",
    "finding_category",
    "finding_type",
    "finding_sites",
    "session",
    "time_point",
    "name",
    "value",
    "unit",
    "qualifier",
    "evaluation",
    "derivation",
    "method",
    "measurement_sites",
    "algorithm",
    "reference_type",
    "referenced_sop_class_uids",
    "referenced_sop_instance_uids",
    "referenced_frame_numbers",
    "referenced_segment_numbers",
)
"""Columns of the table."""


def rows_of(groups: Iterable[Any], root: Dataset) -> Iterator[Record]:
    """Rows on measurements and qualitative evaluations, with the group of each.

    Parameters
    ----------
    groups
        Groups of measurements.
    root
        Root of the report.

    """
    for index, group in enumerate(groups):
        shared = _of_group(index, group, root)
        empty = dict.fromkeys(COLUMNS)
        for measurement in group.get_measurements():
            yield {**empty, **shared, **_of_measurement(measurement, shared)}
        for evaluation in group.get_qualitative_evaluations():
            yield {
                **empty,
                **shared,
                "name": _meaning(readable(evaluation, "name")),
                "evaluation": _meaning(readable(evaluation, "value")),
            }


def _of_group(index: int, group: Any, root: Dataset) -> Record:
    is_region = isinstance(group, _ROIMeasurementsAndQualitativeEvaluations)
    types = group.reference_types if is_region else ()
    time_point = group.time_point_context
    return {
        "group": index,
        "template": group.table.number,
        "tracking_identifier": group.tracking_identifier,
        "tracking_uid": group.tracking_uid,
        "finding_category": _meaning(group.finding_category),
        "finding_type": _meaning(group.finding_type),
        "finding_sites": _sites(group.finding_sites),
        "session": group.session,
        "time_point": None if time_point is None else time_point.time_point,
        "method": _meaning(group.method),
        "algorithm": _algorithm(group),
        "reference_type": types[0].meaning if types else None,
        **_references(group[0], root),
    }


def _of_measurement(measurement: Any, shared: Record) -> Record:
    value = readable(measurement, "value")
    if value is not None and math.isnan(value):
        value = None  # only a qualifier, which says why
    unit = None if value is None else readable(measurement, "unit")
    return {
        "name": _meaning(readable(measurement, "name")),
        "value": value,
        "unit": None if unit is None else unit.value,
        "qualifier": _meaning(measurement.qualifier),
        "derivation": _meaning(measurement.derivation),
        "method": _meaning(measurement.method) or shared["method"],
        "measurement_sites": _sites(measurement.finding_sites),
        "algorithm": _algorithm(measurement) or shared["algorithm"],
    }


def _meaning(concept: CodedConcept | None) -> str | None:
    return None if concept is None else concept.meaning


def _sites(sites: Iterable[FindingSite]) -> str | None:
    """Places in words, each with its side and modifier."""
    texts = []
    for site in sites:
        names = ("value", "laterality", "topographical_modifier")
        parts = (readable(site, name) for name in names)
        texts.append(", ".join(part.meaning for part in parts if part is not None))
    return "; ".join(texts) or None


def _algorithm(template: Any) -> str | None:
    algorithm = template.algorithm_id
    if algorithm is None:
        return None
    return " ".join(filter(None, (algorithm.name, algorithm.version))) or None


def _references(group: ContentItem, root: Dataset) -> Record:
    references = list(references_of(group, root))
    images = [item for item in children_of(group) if isinstance(item, ImageContentItem)]
    return {
        "referenced_sop_class_uids": _unique(uid for uid, _ in references),
        "referenced_sop_instance_uids": _unique(uid for _, uid in references),
        "referenced_frame_numbers": _joined(images, "referenced_frame_numbers"),
        "referenced_segment_numbers": _joined(images, "referenced_segment_numbers"),
    }


def _unique(uids: Iterable[str]) -> str | None:
    return " ".join(dict.fromkeys(map(str, uids))) or None


def _joined(images: Iterable[ImageContentItem], attribute: str) -> str | None:
    numbers = [number for image in images for number in getattr(image, attribute) or ()]
    return " ".join(map(str, numbers)) or None
