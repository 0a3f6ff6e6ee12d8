"""When content was made, which General Image and its kin share (PS3.3 C.7.6.1)."""

from highdicom.attributes import Module
from highdicom.attributes.specifiers import Date, Time, date, time

__all__ = ["ContentTime"]


class ContentTime(Module, defined_in="general-image"):
    """Date and time at which the content of an instance was made.

    Examples
    --------
    >>> from highdicom.modules.content_time import ContentTime
    >>> str(ContentTime("20260131", "120000").content_date)
    '20260131'

    """

    content_date: Date = date("ContentDate", "2C")
    content_time: Time = time("ContentTime", "2C")
