"""Coding Scheme Identification (PS3.3 C.12.1.1.1)."""

from enum import Enum

from highdicom.attributes import Rule, SequenceItem
from highdicom.attributes.specifiers import (
    Enumerated,
    OptionalItems,
    OptionalText,
    OptionalUid,
    Text,
    enumerated,
    items,
    text,
    uid,
)
from highdicom.errors import InvalidArgumentError

__all__ = [
    "CodingSchemeIdentificationItem",
    "CodingSchemeResourceItem",
    "CodingSchemeURLTypeValues",
]


class CodingSchemeURLTypeValues(Enum):
    """Coding Scheme URL Type (PS3.3 C.12.1)."""

    DOC = "DOC"
    OWL = "OWL"
    CSV = "CSV"
    FHIR = "FHIR"


class CodingSchemeResourceItem(
    SequenceItem,
    defined_in="sop-common",
    path=("CodingSchemeIdentificationSequence", "CodingSchemeResourcesSequence"),
):
    """Where a resource of a coding scheme is found (PS3.3 C.12.1).

    Examples
    --------
    >>> from highdicom.coding_schemes import CodingSchemeResourceItem
    >>> CodingSchemeResourceItem("https://example.org/scheme.pdf", "DOC").url_type.value
    'DOC'

    """

    url: Text = text("CodingSchemeURL", "1")
    url_type: Enumerated[CodingSchemeURLTypeValues] = enumerated(
        "CodingSchemeURLType", "1", CodingSchemeURLTypeValues
    )


class CodingSchemeIdentificationItem(
    SequenceItem,
    defined_in="sop-common",
    path=("CodingSchemeIdentificationSequence",),
):
    """What the designator of a coding scheme stands for (PS3.3 C.12.1.1.1).

    Parameters
    ----------
    designator
        Designator used in codes.
    name
        Common name of the scheme.
    version
        Version of the scheme.
    registry
        Name of the external registry where the scheme is registered.
    uid
        Identifier of the scheme.
    external_id
        Identifier in the registry, where the scheme has no UID.
    responsible_organization
        Who maintains the scheme.
    resources
        Where it can be found.

    Raises
    ------
    InvalidArgumentError
        If a registered scheme has neither or both of UID and external identifier, or
        one has an external identifier without registry.

    Examples
    --------
    >>> from highdicom.coding_schemes import CodingSchemeIdentificationItem
    >>> CodingSchemeIdentificationItem("99HOSPITAL", name="House codes").designator
    '99HOSPITAL'

    """

    designator: Text = text("CodingSchemeDesignator", "1")
    name: OptionalText = text("CodingSchemeName", "3", default=None)
    version: OptionalText = text("CodingSchemeVersion", "3", default=None)
    registry: OptionalText = text("CodingSchemeRegistry", "1C", default=None)
    uid: OptionalUid = uid("CodingSchemeUID", "1C", default=None)
    external_id: OptionalText = text("CodingSchemeExternalID", "2C", default=None)
    responsible_organization: OptionalText = text(
        "CodingSchemeResponsibleOrganization", "3", default=None
    )

    resources: OptionalItems[CodingSchemeResourceItem] = items(
        "CodingSchemeResourcesSequence", "3", CodingSchemeResourceItem, default=None
    )

    # PS3.3 C.12.1: the External ID is "required if coding scheme is registered and
    # Coding Scheme UID is not present", and does not stand anywhere else.
    identified = Rule(
        "'uid' or 'external_id' is required if 'registry' is given.",
        lambda item: (
            item.registry is None
            or item.uid is not None
            or item.external_id is not None
        ),
        InvalidArgumentError,
    )
    identified_once = Rule(
        "Only one of 'uid' and 'external_id' may be given.",
        lambda item: item.uid is None or item.external_id is None,
        InvalidArgumentError,
    )
    registered = Rule(
        "'registry' is required if 'external_id' is given.",
        lambda item: item.external_id is None or item.registry is not None,
        InvalidArgumentError,
    )
