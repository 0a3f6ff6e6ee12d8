"""Patient module (PS3.3 C.7.1.1)."""

from highdicom.attributes import Module
from highdicom.attributes.specifiers import (
    OptionalDate,
    OptionalEnumerated,
    OptionalName,
    OptionalText,
    date,
    enumerated,
    person_name,
    text,
)
from highdicom.enum import PatientSexValues

__all__ = ["Patient"]


class Patient(Module, defined_in="patient"):
    """Who the patient is (PS3.3 C.7.1.1).

    Examples
    --------
    >>> from highdicom.modules.patient import Patient
    >>> str(Patient(patient_name="Doe^Jane").patient_name)
    'Doe^Jane'

    """

    patient_id: OptionalText = text("PatientID", "2", default=None)
    patient_name: OptionalName = person_name("PatientName", "2", default=None)
    patient_birth_date: OptionalDate = date("PatientBirthDate", "2", default=None)
    patient_sex: OptionalEnumerated[PatientSexValues] = enumerated(
        "PatientSex", "2", PatientSexValues, default=None
    )
