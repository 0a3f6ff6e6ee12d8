"""How the patient or a specimen lies in a capture (PS3.3 C.7.6.1 and C.7.6.22)."""

from collections.abc import Sequence

from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes

from highdicom.arguments import member_of
from highdicom.coding import CodedConcept
from highdicom.content.issuer import IssuerOfIdentifier
from highdicom.content.specimen import SpecimenDescription
from highdicom.encoding.elements import put, put_sequence
from highdicom.enum import (
    AnatomicalOrientationTypeValues,
    CoordinateSystemNames,
    LateralityValues,
    PatientOrientationValuesBiped,
    PatientOrientationValuesQuadruped,
)
from highdicom.errors import (
    ArgumentTypeError,
    ConflictingArgumentsError,
    InvalidArgumentError,
)
from highdicom.records import record

__all__ = ["PatientOrientation", "PatientSubject", "SlideSubject", "subject_of"]

PatientOrientation = (
    tuple[str, str]
    | tuple[PatientOrientationValuesBiped, PatientOrientationValuesBiped]
    | tuple[PatientOrientationValuesQuadruped, PatientOrientationValuesQuadruped]
)

_OPPOSITES = ("AP", "RL", "HF")


@record
class PatientSubject:
    """A patient, seen from some direction.

    Parameters
    ----------
    patient_orientation
        Where rows and columns run to.
    anatomical_orientation_type
        Whether the patient walks on two legs, which is taken for granted, or on four.
    laterality
        Which of a pair of body parts is seen.

    """

    patient_orientation: PatientOrientation
    anatomical_orientation_type: AnatomicalOrientationTypeValues | str | None = None
    laterality: LateralityValues | str | None = None

    def insert_into(self, dataset: Dataset) -> None:
        """Put the attributes of General Series and General Image."""
        kind = self.anatomical_orientation_type
        if kind is not None:
            kind = member_of(
                AnatomicalOrientationTypeValues, kind, "anatomical_orientation_type"
            )
            put(dataset, "AnatomicalOrientationType", kind.value)
        is_quadruped = kind is AnatomicalOrientationTypeValues.QUADRUPED
        put(dataset, "PatientOrientation", self._directions(is_quadruped))
        # Which side is seen may not be known, and empty says so (Type 2C).
        laterality = None
        if self.laterality is not None:
            laterality = member_of(
                LateralityValues, self.laterality, "laterality"
            ).value
        put(dataset, "Laterality", laterality)

    def _directions(self, is_quadruped: bool) -> list[str]:
        given = self.patient_orientation
        if not hasattr(given, "__len__") or len(given) != 2:
            raise InvalidArgumentError(
                "'patient_orientation' must be two directions, of rows and of columns, "
                f"not {given!r}."
            )
        enumeration: type[
            PatientOrientationValuesBiped | PatientOrientationValuesQuadruped
        ] = (
            PatientOrientationValuesQuadruped
            if is_quadruped
            else PatientOrientationValuesBiped
        )
        row, column = (
            str(member_of(enumeration, one, "patient_orientation").value)
            for one in given
        )
        on_one_axis = not is_quadruped and any(
            row in axis and column in axis for axis in _OPPOSITES
        )
        if row == column or on_one_axis:
            raise InvalidArgumentError(
                "'patient_orientation' must be two directions at right angles, not "
                f"{row} and {column}."
            )
        return [row, column]


@record
class SlideSubject:
    """Specimens on a slide.

    Parameters
    ----------
    container_identifier
        Identifier of the slide.
    specimen_descriptions
        The specimens on it.
    issuer
        Who gave it the identifier.

    """

    container_identifier: str
    specimen_descriptions: Sequence[SpecimenDescription]
    issuer: IssuerOfIdentifier | None = None

    def insert_into(self, dataset: Dataset) -> None:
        """Put the Specimen module."""
        for description in self.specimen_descriptions:
            if not isinstance(description, SpecimenDescription):
                raise ArgumentTypeError(
                    "'specimen_descriptions' must be a sequence of "
                    f"SpecimenDescription, not of {type(description).__name__}."
                )
        if not self.specimen_descriptions:
            raise InvalidArgumentError("'specimen_descriptions' must not be empty.")
        # A slide has no orientation in the patient, which empty says (Type 2C).
        put(dataset, "PatientOrientation", None)
        put(dataset, "ContainerIdentifier", self.container_identifier)
        issuers = [] if self.issuer is None else [self.issuer]
        put_sequence(dataset, "IssuerOfTheContainerIdentifierSequence", issuers)
        container_type = CodedConcept.from_code(codes.SCT.MicroscopeSlide)
        put_sequence(dataset, "ContainerTypeCodeSequence", [container_type])
        put_sequence(dataset, "SpecimenDescriptionSequence", self.specimen_descriptions)


def subject_of(
    coordinate_system: CoordinateSystemNames | str,
    *,
    patient_orientation: PatientOrientation | None,
    anatomical_orientation_type: AnatomicalOrientationTypeValues | str | None,
    laterality: LateralityValues | str | None,
    container_identifier: str | None,
    issuer_of_container_identifier: IssuerOfIdentifier | None,
    specimen_descriptions: Sequence[SpecimenDescription] | None,
) -> PatientSubject | SlideSubject:
    """Choose what is captured by the coordinate system.

    Raises
    ------
    InvalidArgumentError
        If the coordinate system is neither that of a patient nor that of a slide.
    ConflictingArgumentsError
        If an argument is missing that the coordinate system asks for.

    """
    system = member_of(CoordinateSystemNames, coordinate_system, "coordinate_system")
    if system is CoordinateSystemNames.PATIENT:
        if patient_orientation is None:
            raise ConflictingArgumentsError(
                "'patient_orientation' is required if 'coordinate_system' is PATIENT."
            )
        return PatientSubject(
            patient_orientation, anatomical_orientation_type, laterality
        )
    if container_identifier is None:
        raise ConflictingArgumentsError(
            "'container_identifier' is required if 'coordinate_system' is SLIDE."
        )
    if specimen_descriptions is None:
        raise ConflictingArgumentsError(
            "'specimen_descriptions' is required if 'coordinate_system' is SLIDE."
        )
    return SlideSubject(
        container_identifier, specimen_descriptions, issuer_of_container_identifier
    )
