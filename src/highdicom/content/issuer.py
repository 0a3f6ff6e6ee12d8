"""HL7v2 Hierarchic Designator macro (PS3.3 Table 10-17)."""

from pydicom.dataset import Dataset

from highdicom.attributes import SequenceItem
from highdicom.attributes.specifiers import (
    OptionalEnumerated,
    OptionalText,
    enumerated,
    text,
)
from highdicom.enum import UniversalEntityIDTypeValues
from highdicom.errors import (
    ArgumentTypeError,
    InvalidArgumentError,
    InvalidAttributeError,
)
from highdicom.typing import Self

__all__ = ["IssuerOfIdentifier"]


class IssuerOfIdentifier(SequenceItem, defined_in="hl7v2-hierarchic-designator"):
    """Who issued an identifier (PS3.3 Table 10-17).

    Parameters
    ----------
    issuer_of_identifier
        Name of the issuer, known locally or, if a type is given, everywhere.
    issuer_of_identifier_type
        Kind of name that is known everywhere, such as an object identifier (ISO).

    Raises
    ------
    InvalidArgumentError
        If the name is empty, or there is no such type.
    ArgumentTypeError
        If the name is not a string.

    Examples
    --------
    >>> from highdicom import IssuerOfIdentifier
    >>> IssuerOfIdentifier("1.2.3", "ISO").issuer_of_identifier_type.value
    'ISO'
    >>> IssuerOfIdentifier("LAB").hierarchic_designator
    'LAB'

    """

    local_namespace_entity_id: OptionalText = text(
        "LocalNamespaceEntityID", "1C", default=None
    )
    universal_entity_id: OptionalText = text("UniversalEntityID", "1C", default=None)
    issuer_of_identifier_type: OptionalEnumerated[UniversalEntityIDTypeValues] = (
        enumerated(
            "UniversalEntityIDType", "1C", UniversalEntityIDTypeValues, default=None
        )
    )

    def __init__(
        self,
        issuer_of_identifier: str,
        issuer_of_identifier_type: str | UniversalEntityIDTypeValues | None = None,
    ) -> None:
        if not isinstance(issuer_of_identifier, str):
            raise ArgumentTypeError(
                "'issuer_of_identifier' must be a string, not "
                f"{type(issuer_of_identifier).__name__}."
            )
        if issuer_of_identifier == "":
            raise InvalidArgumentError("'issuer_of_identifier' must not be empty.")
        self.initialise()
        if issuer_of_identifier_type is None:
            self.local_namespace_entity_id = issuer_of_identifier
        else:
            self.universal_entity_id = issuer_of_identifier
            self.issuer_of_identifier_type = issuer_of_identifier_type

    @classmethod
    def from_dataset(cls, dataset: Dataset, copy: bool = True) -> Self:
        """Make a dataset an issuer.

        Parameters
        ----------
        dataset
            Item of a sequence that names issuers.
        copy
            Whether a copy is made. If not, the dataset itself gets this class.

        Raises
        ------
        ArgumentTypeError
            If it is no dataset.
        InvalidAttributeError
            If it has neither a local name nor one known everywhere with its type.

        """
        issuer = super().from_dataset(dataset, copy=copy)
        # PS3.3 Table 10-17: one of the two names, and the type of a universal one.
        if issuer.local_namespace_entity_id is None and (
            issuer.universal_entity_id is None
            or issuer.get("UniversalEntityIDType") is None
        ):
            raise InvalidAttributeError(
                "An issuer needs LocalNamespaceEntityID, or UniversalEntityID with "
                "UniversalEntityIDType.",
                keyword="LocalNamespaceEntityID",
            )
        return issuer

    @property
    def issuer_of_identifier(self) -> str:
        """Name of the issuer: the local one, if there are both."""
        return self.local_namespace_entity_id or self.universal_entity_id or ""

    @property
    def hierarchic_designator(self) -> str:
        """The issuer as one text: ``namespace^universal ID^type`` (HL7 v2 2.A.33)."""
        kind = self.issuer_of_identifier_type
        parts = [
            self.local_namespace_entity_id or "",
            self.universal_entity_id or "",
            "" if kind is None else str(kind.value),
        ]
        return "^".join(parts).rstrip("^")
