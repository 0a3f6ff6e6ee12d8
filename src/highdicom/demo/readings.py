"""What is shown of a report, as it is read back."""

from collections.abc import Sequence

from highdicom.demo.analysis import Segment
from highdicom.demo.page import Case, Row
from highdicom.demo.results import Results
from highdicom.sr import MeasurementReport
from highdicom.sr.sop import srread

__all__ = ["show_report"]


def show_report(case: Case, results: Results, segments: Sequence[Segment]) -> None:
    """Show the report of a case as a table and as a page."""
    content = srread(results.path("report.dcm")).content
    if not isinstance(content, MeasurementReport):
        return
    case.rows += _rows(content, segments)
    case.report = results.report("report", case.title, content.to_text())


def _rows(content: MeasurementReport, segments: Sequence[Segment]) -> list[Row]:
    colors = {
        segment.label: "#{:02x}{:02x}{:02x}".format(*segment.color)
        for segment in segments
    }
    rows = []
    for group in content.get_volumetric_roi_measurement_groups():
        finding = str(group.tracking_identifier)
        for measurement in group.get_measurements():
            name = measurement.name.meaning
            if measurement.derivation is not None:
                name = f"{name}, {measurement.derivation.meaning.lower()}"
            rows.append(
                Row(
                    finding,
                    colors.get(finding, "#888888"),
                    name,
                    _as_text(measurement.value),
                    measurement.unit.value,
                )
            )
    return rows


def _as_text(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:,.4g}"
