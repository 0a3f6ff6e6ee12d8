"""SOP Common module (PS3.3 C.12.1)."""

from highdicom.attributes import Module
from highdicom.attributes.specifiers import (
    Integer,
    OptionalDate,
    OptionalEnumerated,
    OptionalItems,
    OptionalTime,
    Uid,
    between,
    date,
    enumerated,
    integer,
    items,
    time,
    uid,
)
from highdicom.coding_schemes import CodingSchemeIdentificationItem
from highdicom.enum import ContentQualificationValues

__all__ = ["SOPCommon"]


class SOPCommon(Module, defined_in="sop-common"):
    """Identity of an instance (PS3.3 C.12.1).

    Examples
    --------
    >>> from highdicom.modules.sop_common import SOPCommon
    >>> SOPCommon("1.2.840.10008.5.1.4.1.1.7", "1.2.3", 1).instance_number
    1

    """

    sop_class_uid: Uid = uid("SOPClassUID", "1")
    sop_instance_uid: Uid = uid("SOPInstanceUID", "1")
    # Type 3 in the module, 1 or 2 in most of the others that have it.
    instance_number: Integer = integer("InstanceNumber", "3", between(1, 2**31 - 1))
    instance_creation_date: OptionalDate = date(
        "InstanceCreationDate", "3", default=None
    )
    instance_creation_time: OptionalTime = time(
        "InstanceCreationTime", "3", default=None
    )
    content_qualification: OptionalEnumerated[ContentQualificationValues] = enumerated(
        "ContentQualification", "3", ContentQualificationValues, default=None
    )
    coding_schemes: OptionalItems[CodingSchemeIdentificationItem] = items(
        "CodingSchemeIdentificationSequence",
        "3",
        CodingSchemeIdentificationItem,
        default=None,
    )
