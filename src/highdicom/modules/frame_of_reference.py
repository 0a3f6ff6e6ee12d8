"""Frame of Reference module (PS3.3 C.7.4.1)."""

from highdicom.attributes import Module
from highdicom.attributes.specifiers import OptionalText, Uid, text, uid

__all__ = ["FrameOfReference"]


class FrameOfReference(Module, defined_in="frame-of-reference"):
    """What positions are relative to (PS3.3 C.7.4.1).

    Examples
    --------
    >>> from highdicom.modules.frame_of_reference import FrameOfReference
    >>> FrameOfReference("1.2.3").frame_of_reference_uid
    '1.2.3'

    """

    frame_of_reference_uid: Uid = uid("FrameOfReferenceUID", "1")
    position_reference_indicator: OptionalText = text(
        "PositionReferenceIndicator", "2", default=None
    )
