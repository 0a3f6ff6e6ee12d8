"""Content Identification macro (PS3.3 Table 10-12)."""

from highdicom.attributes import Module
from highdicom.attributes.specifiers import (
    Integer,
    OptionalName,
    OptionalSequence,
    OptionalText,
    Text,
    integer,
    person_name,
    sequence,
    text,
)
from highdicom.content.creator import ContentCreatorIdentificationCodeSequence

__all__ = ["ContentIdentification"]


class ContentIdentification(Module, defined_in="content-identification"):
    """What the content is called and who made it (PS3.3 Table 10-12).

    Examples
    --------
    >>> from highdicom.modules.content_identification import ContentIdentification
    >>> ContentIdentification(1, "LIVER").content_label
    'LIVER'

    """

    instance_number: Integer = integer("InstanceNumber", "1")
    content_label: Text = text("ContentLabel", "1")
    content_description: OptionalText = text("ContentDescription", "2", default=None)
    content_creator_name: OptionalName = person_name(
        "ContentCreatorName", "2", default=None
    )
    content_creator_identification: OptionalSequence[
        ContentCreatorIdentificationCodeSequence
    ] = sequence(
        "ContentCreatorIdentificationCodeSequence",
        "3",
        ContentCreatorIdentificationCodeSequence,
        default=None,
    )
