"""Describe an attribute, item or module once.

A class body is the description; constructor, properties, adoption of existing
datasets, checks and documentation follow from it::

    class Issuer(SequenceItem, defined_in="hl7v2-hierarchic-designator"):
        entity: OptionalText = text("LocalNamespaceEntityID", "1C", default=None)
        uid: OptionalText = text("UniversalEntityID", "1C", default=None)

        named = at_least_one_of("entity", "uid")
"""

from highdicom.attributes.declared import (
    Declaration,
    DeclaredDataset,
    Module,
    SequenceItem,
    SingleItemSequence,
)
from highdicom.attributes.descriptor import REQUIRED, Attribute, AttributeType
from highdicom.attributes.rules import (
    Rule,
    at_least_one_of,
    at_most_one_of,
    required_if,
    together,
)

__all__ = [
    "REQUIRED",
    "Attribute",
    "AttributeType",
    "Declaration",
    "DeclaredDataset",
    "Module",
    "Rule",
    "SequenceItem",
    "SingleItemSequence",
    "at_least_one_of",
    "at_most_one_of",
    "required_if",
    "together",
]
