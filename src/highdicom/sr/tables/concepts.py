"""Short ways to say the codes that tables are full of."""

from pydicom.sr.coding import Code

__all__ = ["dcm", "ln", "sct", "ucum"]


def dcm(value: str, meaning: str) -> Code:
    """Code of the DICOM Controlled Terminology (PS3.16 Annex D)."""
    return Code(value, "DCM", meaning)


def sct(value: str, meaning: str) -> Code:
    """Code of SNOMED CT."""
    return Code(value, "SCT", meaning)


def ln(value: str, meaning: str) -> Code:
    """Code of LOINC."""
    return Code(value, "LN", meaning)


def ucum(value: str, meaning: str | None = None) -> Code:
    """Unit of measurement."""
    return Code(value, "UCUM", meaning or value)
