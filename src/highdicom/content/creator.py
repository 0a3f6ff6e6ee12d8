"""Content Creator Identification: Person Identification macro (PS3.3 Table 10-1)."""

from highdicom.attributes import Rule, SingleItemSequence, at_least_one_of
from highdicom.attributes.specifiers import (
    CodedList,
    OptionalCoded,
    OptionalText,
    OptionalTexts,
    Text,
    coded,
    coded_list,
    text,
    texts,
)
from highdicom.errors import InvalidArgumentError

__all__ = ["ContentCreatorIdentificationCodeSequence"]


class ContentCreatorIdentificationCodeSequence(
    SingleItemSequence, defined_in="person-identification"
):
    """Who made the content, by codes (PS3.3 Table 10-1).

    Examples
    --------
    >>> from highdicom import ContentCreatorIdentificationCodeSequence
    >>> from highdicom.coding import CodedConcept
    >>> creator = ContentCreatorIdentificationCodeSequence(
    ...     [CodedConcept("4711", "99HOSPITAL", "Doe, Jane")], "General Hospital"
    ... )
    >>> creator.institution_name
    'General Hospital'

    """

    person_identification_codes: CodedList = coded_list(
        "PersonIdentificationCodeSequence", "1"
    )
    institution_name: Text = text("InstitutionName", "1C")
    person_address: OptionalText = text("PersonAddress", "3", default=None)
    person_telephone_numbers: OptionalTexts = texts(
        "PersonTelephoneNumbers", "3", default=None
    )
    person_telecom_information: OptionalText = text(
        "PersonTelecomInformation", "3", default=None
    )
    institution_code: OptionalCoded = coded(
        "InstitutionCodeSequence", "1C", default=None
    )
    institution_address: OptionalText = text("InstitutionAddress", "3", default=None)
    institutional_department_name: OptionalText = text(
        "InstitutionalDepartmentName", "3", default=None
    )
    institutional_department_type_code: OptionalCoded = coded(
        "InstitutionalDepartmentTypeCodeSequence", "3", default=None
    )

    # PS3.3 Table 10-1: each is required if the other is absent.
    named = at_least_one_of("institution_name", "institution_code")
    reachable = Rule(
        "'person_telephone_numbers' must hold one number or more.",
        lambda creator: creator.person_telephone_numbers != [],
        InvalidArgumentError,
    )
