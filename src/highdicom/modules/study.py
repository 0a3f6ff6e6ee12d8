"""General Study module (PS3.3 C.7.2.1)."""

from highdicom.attributes import Module
from highdicom.attributes.specifiers import (
    OptionalDate,
    OptionalName,
    OptionalText,
    OptionalTime,
    Uid,
    date,
    person_name,
    text,
    time,
    uid,
)

__all__ = ["GeneralStudy"]


class GeneralStudy(Module, defined_in="general-study"):
    """Which study an instance belongs to (PS3.3 C.7.2.1).

    Examples
    --------
    >>> from highdicom.modules.study import GeneralStudy
    >>> GeneralStudy("1.2.3", accession_number="A1").accession_number
    'A1'

    """

    study_instance_uid: Uid = uid("StudyInstanceUID", "1")
    accession_number: OptionalText = text("AccessionNumber", "2", default=None)
    study_id: OptionalText = text("StudyID", "2", default=None)
    study_date: OptionalDate = date("StudyDate", "2", default=None)
    study_time: OptionalTime = time("StudyTime", "2", default=None)
    referring_physician_name: OptionalName = person_name(
        "ReferringPhysicianName", "2", default=None
    )
