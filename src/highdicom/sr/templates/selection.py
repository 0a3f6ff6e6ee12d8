"""Which groups of measurements a query asks for."""

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.sr.coding import Code

from highdicom.coding import CodedConcept
from highdicom.content_items.base import ContentItem, ContentItemReference
from highdicom.content_items.concepts import key_of_code
from highdicom.content_items.coordinates import Scoord3DContentItem, ScoordContentItem
from highdicom.content_items.enum import GraphicTypeValues, GraphicTypeValues3D
from highdicom.content_items.query import (
    children_of,
    item_at,
    name_key_of,
    stored_element,
    value_type_of,
)
from highdicom.content_items.references import ImageContentItem
from highdicom.encoding.elements import tag_of
from highdicom.errors import ArgumentTypeError, DatasetError, InvalidArgumentError
from highdicom.policy import tolerate
from highdicom.sr.tables.groups import (
    IMAGE_REGION,
    REFERENCED_SEGMENT,
    REFERENCED_SEGMENTATION_FRAME,
    REGION_IN_SPACE,
    VOLUME_SURFACE,
)
from highdicom.sr.templates.groups import (
    MeasurementsAndQualitativeEvaluations,
    PlanarROIMeasurementsAndQualitativeEvaluations,
    VolumetricROIMeasurementsAndQualitativeEvaluations,
)

__all__ = [
    "check_planar_query",
    "check_volumetric_query",
    "group_class_of",
    "may_hold",
    "readable",
    "references_of",
    "selects",
]

GroupClass: TypeAlias = (
    type[PlanarROIMeasurementsAndQualitativeEvaluations]
    | type[VolumetricROIMeasurementsAndQualitativeEvaluations]
    | type[MeasurementsAndQualitativeEvaluations]
)
GraphicType: TypeAlias = GraphicTypeValues | GraphicTypeValues3D

_CLASSES: dict[str, GroupClass] = {
    "1410": PlanarROIMeasurementsAndQualitativeEvaluations,
    "1411": VolumetricROIMeasurementsAndQualitativeEvaluations,
    "1501": MeasurementsAndQualitativeEvaluations,
}

_CONTENT = tag_of("ContentSequence")
# Tag of Referenced Content Item Identifier, as it is encoded.
_BY_REFERENCE = b"\x40\x00\x73\xdb"
_REGION = key_of_code(IMAGE_REGION)
_FRAME = key_of_code(REFERENCED_SEGMENTATION_FRAME)
_SEGMENT = key_of_code(REFERENCED_SEGMENT)
_SURFACE = key_of_code(VOLUME_SURFACE)
_IN_SPACE = key_of_code(REGION_IN_SPACE)
_GRAPHICS = frozenset((_REGION, _SURFACE))

_PLANAR_OTHERS = (REFERENCED_SEGMENTATION_FRAME, REGION_IN_SPACE)
_VOLUMETRIC_OTHERS = (REFERENCED_SEGMENT, REGION_IN_SPACE)
_NOT_VOLUMETRIC: frozenset[GraphicType] = frozenset(
    (
        GraphicTypeValues.MULTIPOINT,
        GraphicTypeValues3D.MULTIPOINT,
        GraphicTypeValues3D.POLYLINE,
    )
)
_NOT_PLANAR = _NOT_VOLUMETRIC | {GraphicTypeValues3D.ELLIPSOID}


def group_class_of(item: Dataset) -> GroupClass:
    """Kind of a measurement group: as it says, or as its region tells."""
    template_id = getattr(item, "template_id", None)
    if template_id in _CLASSES:
        return _CLASSES[template_id]
    names = [name_key_of(child) for child in _stored_children(item)]
    regions = names.count(_REGION)
    if regions == 1 or _FRAME in names:
        return PlanarROIMeasurementsAndQualitativeEvaluations
    if regions or not {_SEGMENT, _SURFACE, _IN_SPACE}.isdisjoint(names):
        return VolumetricROIMeasurementsAndQualitativeEvaluations
    return MeasurementsAndQualitativeEvaluations


def selects(
    *,
    tracking_uid: str | None = None,
    finding_type: Code | CodedConcept | None = None,
    finding_site: Code | CodedConcept | None = None,
    reference_type: Code | CodedConcept | None = None,
    graphic_type: GraphicType | None = None,
    instance_uid: str | None = None,
    class_uid: str | None = None,
    root: Dataset | None = None,
) -> Callable[[Any], bool]:
    """Make a predicate of groups; what is not given is not asked.

    In the root of the report relationships by reference are followed.
    """
    tests: list[Callable[[Any], bool]] = []
    if tracking_uid is not None:
        tests.append(lambda group: bool(group.tracking_uid == tracking_uid))
    if finding_type is not None:
        tests.append(lambda group: _means(group.finding_type, finding_type))
    if finding_site is not None:
        tests.append(
            lambda group: any(
                site.value == finding_site for site in group.finding_sites
            )
        )
    if reference_type is not None:
        tests.append(lambda group: reference_type in group.reference_types)
    if graphic_type is not None:
        tests.append(lambda group: _has_graphic(group[0], graphic_type))
    if instance_uid is not None or class_uid is not None:
        tests.append(
            lambda group: any(
                instance_uid in (None, found_instance) and class_uid in (None, found)
                for found, found_instance in references_of(group[0], root)
            )
        )
    return lambda group: all(test(group) for test in tests)


def may_hold(*uids: str | None) -> Callable[[Dataset], bool]:
    """Make a predicate of items that rules out those that cannot hold some UIDs.

    What an item encloses need not be decoded for that: UIDs are stored as they are.
    """
    encoded = [uid.encode("ascii", "replace") for uid in uids if isinstance(uid, str)]

    def is_possible(item: Dataset) -> bool:
        element: Any = stored_element(item, _CONTENT)
        if not isinstance(element, RawDataElement):
            return True
        value = element.value or b""
        return _BY_REFERENCE in value or all(_holds(value, uid) for uid in encoded)

    return is_possible


def _holds(value: bytes, uid: bytes) -> bool:
    """Whether a UID stands among encoded elements, not as the beginning of a longer."""
    position = value.find(uid)
    while position >= 0:
        following = value[position + len(uid) : position + len(uid) + 1]
        # Only after those of odd length, which are padded, is it known what follows.
        if len(uid) % 2 == 0 or not (following.isdigit() or following == b"."):
            return True
        position = value.find(uid, position + 1)
    return False


def _means(found: CodedConcept | None, asked: Code | CodedConcept) -> bool:
    # A pydicom code cannot be compared with None.
    return found is not None and bool(found == asked)


def references_of(
    group: ContentItem, root: Dataset | None = None
) -> Iterator[tuple[str, str]]:
    """SOP Class UID and SOP Instance UID of what the region or group refers to.

    Parameters
    ----------
    group
        The group.
    root
        Root of the report, in which relationships by reference are followed.

    """
    for item in _followed(group, root):
        coordinates = isinstance(item, (ScoordContentItem, Scoord3DContentItem))
        for source in _followed(item, root) if coordinates else (item,):
            if isinstance(source, ImageContentItem):
                reference = readable(source, "value")
                if reference is not None:
                    yield reference


def readable(content: Any, attribute: str) -> Any:
    """Attribute of an item or a template, or None if it is not there to be read.

    What keeps it from being read is met as the policy of reading says.
    """
    try:
        return getattr(content, attribute)
    except DatasetError as error:
        deviation = str(error).rstrip(".").removeprefix(f"{error.path} ")
        tolerate(deviation, "it is left out", path=error.path, keyword=error.keyword)
    except AttributeError:
        # Of a plain item, since it could not be understood.
        tolerate(f"a content item has no {attribute}", "it is left out")
    return None


def _followed(parent: Dataset, root: Dataset | None) -> Iterator[Dataset]:
    """Items that an item encloses, or refers to."""
    for item in children_of(parent):
        if not isinstance(item, ContentItemReference):
            yield item
        elif root is not None:
            target = item_at(root, item.referenced_content_item_identifier)
            if target is not None:
                yield target


def _has_graphic(group: ContentItem, graphic_type: GraphicType) -> bool:
    is_planar = isinstance(graphic_type, GraphicTypeValues)
    value_type = "SCOORD" if is_planar else "SCOORD3D"
    return any(
        item.get("GraphicType") == graphic_type.value
        for item in _stored_children(group)
        if value_type_of(item) == value_type and name_key_of(item) in _GRAPHICS
    )


def _stored_children(item: Dataset) -> list[Dataset]:
    children: Any = children_of(item)
    stored: list[Dataset] = getattr(children, "stored_items", children)
    return stored


# --- what may be asked ---------------------------------------------------------------


def check_planar_query(reference_type: Any, graphic_type: Any) -> None:
    """Check what may be asked of regions in planes."""
    _check_reference_type(reference_type, (IMAGE_REGION, *_PLANAR_OTHERS))
    _check_graphic_type(graphic_type, _NOT_PLANAR)
    if graphic_type is None or reference_type is None:
        return
    if reference_type in _PLANAR_OTHERS:
        raise InvalidArgumentError(
            "'graphic_type' must not be given together with the reference type "
            f"'{reference_type.meaning}'."
        )


def check_volumetric_query(reference_type: Any, graphic_type: Any) -> None:
    """Check what may be asked of regions in space."""
    _check_reference_type(
        reference_type, (IMAGE_REGION, VOLUME_SURFACE, *_VOLUMETRIC_OTHERS)
    )
    _check_graphic_type(graphic_type, _NOT_VOLUMETRIC)
    if graphic_type is None or reference_type is None:
        return
    if reference_type in _VOLUMETRIC_OTHERS:
        raise InvalidArgumentError(
            "'graphic_type' must not be given together with the reference type "
            f"'{reference_type.meaning}'."
        )
    is_surface = reference_type == VOLUME_SURFACE
    expected = GraphicTypeValues3D if is_surface else GraphicTypeValues
    if not isinstance(graphic_type, expected):
        raise ArgumentTypeError(
            f"'graphic_type' must be of {expected.__name__} for the reference type "
            f"'{reference_type.meaning}', not {type(graphic_type).__name__}."
        )


def _check_reference_type(reference_type: Any, allowed: tuple[Code, ...]) -> None:
    if reference_type is None:
        return
    if not isinstance(reference_type, (Code, CodedConcept)):
        raise InvalidArgumentError(
            "'reference_type' must be a pydicom Code or a CodedConcept, "
            f"not {type(reference_type).__name__}."
        )
    if reference_type in allowed:
        return
    names = ", ".join(f"'{code.meaning}'" for code in allowed)
    raise InvalidArgumentError(
        f"'reference_type' must be one of {names}, not '{reference_type.meaning}'."
    )


def _check_graphic_type(graphic_type: Any, refused: frozenset[GraphicType]) -> None:
    if graphic_type is None:
        return
    if not isinstance(graphic_type, (GraphicTypeValues, GraphicTypeValues3D)):
        raise ArgumentTypeError(
            "'graphic_type' must be of GraphicTypeValues or GraphicTypeValues3D, "
            f"not {type(graphic_type).__name__}."
        )
    if graphic_type in refused:
        raise InvalidArgumentError(
            f"'graphic_type' must not be {graphic_type}: no such region is given so."
        )
