"""Graphic layers and groups of graphics (PS3.3 C.10.7 and C.10.12)."""

from typing import Any

from highdicom.attributes import Attribute, SequenceItem
from highdicom.attributes.specifiers import (
    Integer,
    OptionalText,
    Text,
    between,
    integer,
    text,
)
from highdicom.color import CIELabColor

__all__ = ["GraphicGroup", "GraphicLayer"]


def _color_value(attribute: Attribute[Any, Any], value: Any) -> list[int]:
    if not isinstance(value, CIELabColor):
        attribute.refuse_type(value, "a CIELabColor")
    return list(value.value)


class GraphicLayer(
    SequenceItem, defined_in="graphic-layer", path=("GraphicLayerSequence",)
):
    """A layer that annotations are drawn in (PS3.3 C.10.7).

    Parameters
    ----------
    layer_name
        Name that annotations refer to: at most 16 upper case letters, digits, spaces
        and underscores.
    order
        Layers of higher numbers are drawn over those of lower ones.
    description
        Text on the layer, at most 64 characters.
    display_color
        Recommended colour of what is drawn.

    Raises
    ------
    InvalidArgumentError
        If a value is not allowed.
    ArgumentTypeError
        If an argument is of the wrong type.

    Examples
    --------
    >>> from highdicom.color import CIELabColor
    >>> from highdicom.pr import GraphicLayer
    >>> layer = GraphicLayer("FINDINGS", 1, display_color=CIELabColor(60, 80, 60))
    >>> layer.layer_name
    'FINDINGS'

    """

    layer_name: Text = text("GraphicLayer", "1")
    order: Integer = integer("GraphicLayerOrder", "1")
    description: OptionalText = text("GraphicLayerDescription", "3", default=None)
    display_color: Attribute[CIELabColor | None, CIELabColor | None] = Attribute(
        "GraphicLayerRecommendedDisplayCIELabValue",
        "3",
        write=_color_value,
        read=CIELabColor.from_dicom_value,
        default=None,
    )

    def __init__(
        self,
        layer_name: str,
        order: int,
        description: str | None = None,
        display_color: CIELabColor | None = None,
    ) -> None:
        self.initialise()
        self.layer_name = layer_name
        self.order = order
        self.description = description
        self.display_color = display_color


class GraphicGroup(
    SequenceItem, defined_in="graphic-group", path=("GraphicGroupSequence",)
):
    """Graphics and text that belong together (PS3.3 C.10.12).

    Parameters
    ----------
    graphic_group_id
        Number of the group, from 1.
    label
        Name of the group, at most 64 characters.
    description
        Text on the group.

    Raises
    ------
    InvalidArgumentError
        If a value is not allowed.
    ArgumentTypeError
        If an argument is of the wrong type.

    Examples
    --------
    >>> from highdicom.pr import GraphicGroup
    >>> GraphicGroup(1, "Lesion").graphic_group_id
    1

    """

    graphic_group_id: Integer = integer("GraphicGroupID", "1", between(1, 2**32 - 1))
    label: Text = text("GraphicGroupLabel", "1")
    description: OptionalText = text("GraphicGroupDescription", "3", default=None)

    def __init__(
        self, graphic_group_id: int, label: str, description: str | None = None
    ) -> None:
        self.initialise()
        self.graphic_group_id = graphic_group_id
        self.label = label
        self.description = description
