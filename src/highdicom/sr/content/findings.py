"""Where a finding is, and when it was made relative to an event."""

from pydicom.sr.coding import Code

from highdicom.coding import CodedConcept
from highdicom.content_items.base import add_content
from highdicom.content_items.query import children_of, matching
from highdicom.content_items.values import CodeContentItem, NumContentItem

__all__ = ["FindingSite", "LongitudinalTemporalOffsetFromEvent"]

_FINDING_SITE = Code("363698007", "SCT", "Finding Site")
_LATERALITY = Code("272741003", "SCT", "Laterality")
_TOPOGRAPHICAL_MODIFIER = Code("106233006", "SCT", "Topographical modifier")
_OFFSET = Code("128740", "DCM", "Longitudinal Temporal Offset from Event")
_EVENT_TYPE = Code("128741", "DCM", "Longitudinal Temporal Event Type")


class FindingSite(CodeContentItem):
    """Place of a finding in the body (PS3.16 TID 300, 1419 and others).

    Parameters
    ----------
    anatomic_location
        The place.
    laterality
        Side of a place that is paired (context group 244).
    topographical_modifier
        Part of the place (context group 2).

    Raises
    ------
    ArgumentTypeError
        If something is not a code.

    Examples
    --------
    >>> from highdicom.sr.content import FindingSite
    >>> from pydicom.sr.codedict import codes
    >>> FindingSite(codes.SCT.Kidney, laterality=codes.SCT.Left).laterality.meaning
    'Left'

    """

    def __init__(
        self,
        anatomic_location: CodedConcept | Code,
        laterality: CodedConcept | Code | None = None,
        topographical_modifier: CodedConcept | Code | None = None,
    ) -> None:
        super().__init__(_FINDING_SITE, anatomic_location, "HAS CONCEPT MOD")
        modifiers = [
            CodeContentItem(name, value, "HAS CONCEPT MOD")
            for name, value in (
                (_LATERALITY, laterality),
                (_TOPOGRAPHICAL_MODIFIER, topographical_modifier),
            )
            if value is not None
        ]
        if modifiers:
            add_content(self, modifiers)

    @property
    def laterality(self) -> CodedConcept | None:
        """Side of the place."""
        return self._modifier(_LATERALITY)

    @property
    def topographical_modifier(self) -> CodedConcept | None:
        """Part of the place."""
        return self._modifier(_TOPOGRAPHICAL_MODIFIER)

    def _modifier(self, name: Code) -> CodedConcept | None:
        is_modifier = matching(name, "CODE")
        for item in children_of(self):
            if is_modifier(item):
                value: CodedConcept = item.value
                return value
        return None


class LongitudinalTemporalOffsetFromEvent(NumContentItem):
    """Time between an event and what is described (PS3.16 TID 1502).

    Parameters
    ----------
    value
        The time; negative before the event.
    unit
        Unit of time.
    event_type
        The event, such as ``codes.DCM.Baseline`` (context group 280).

    Raises
    ------
    ArgumentTypeError
        If the value is not a number, or one of the others is not a code.
    InvalidArgumentError
        If the value is not finite.

    Examples
    --------
    >>> from highdicom.sr.content import LongitudinalTemporalOffsetFromEvent
    >>> from pydicom.sr.codedict import codes
    >>> offset = LongitudinalTemporalOffsetFromEvent(
    ...     7, unit=codes.UCUM.Day, event_type=codes.DCM.Baseline
    ... )
    >>> offset.value, offset.event_type.meaning
    (7.0, 'Baseline')

    """

    def __init__(
        self,
        value: float,
        unit: CodedConcept | Code,
        event_type: CodedConcept | Code,
    ) -> None:
        super().__init__(_OFFSET, value, unit, relationship_type="HAS OBS CONTEXT")
        add_content(self, [CodeContentItem(_EVENT_TYPE, event_type, "HAS CONCEPT MOD")])

    @property
    def event_type(self) -> CodedConcept | None:
        """The event, if the item says it."""
        is_event = matching(_EVENT_TYPE, "CODE")
        found = [item.value for item in children_of(self) if is_event(item)]
        return found[0] if found else None
