"""General Series module (PS3.3 C.7.3.1)."""

from highdicom.attributes import Module
from highdicom.attributes.specifiers import (
    Integer,
    OptionalDate,
    OptionalText,
    OptionalTime,
    Text,
    Uid,
    between,
    date,
    integer,
    text,
    time,
    uid,
)

__all__ = ["GeneralSeries"]


class GeneralSeries(Module, defined_in="general-series"):
    """Which series an instance belongs to (PS3.3 C.7.3.1).

    Examples
    --------
    >>> from highdicom.modules.series import GeneralSeries
    >>> GeneralSeries("1.2.3.4", 7, "SEG").series_number
    7

    """

    series_instance_uid: Uid = uid("SeriesInstanceUID", "1")
    # Type 2 in the module; a number is asked for so that series can be told apart.
    series_number: Integer = integer("SeriesNumber", "2", between(1, 2**31 - 1))
    modality: Text = text("Modality", "1")
    series_description: OptionalText = text("SeriesDescription", "3", default=None)
    series_date: OptionalDate = date("SeriesDate", "3", default=None)
    series_time: OptionalTime = time("SeriesTime", "3", default=None)
