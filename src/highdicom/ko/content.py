"""Key Object Selection (PS3.16 TID 2010)."""

from collections.abc import Iterable, Iterator, Sequence as AnySequence
from typing import Any

from pydicom.dataset import Dataset
from pydicom.sr.coding import Code

from highdicom.arguments import member_of
from highdicom.coding import CodedConcept
from highdicom.content_items.base import ContentItem, ContentSequence, add_content
from highdicom.content_items.concepts import is_same_concept, key_of_code
from highdicom.content_items.enum import ValueTypeValues
from highdicom.content_items.query import children_of, matching, value_key_of
from highdicom.content_items.references import (
    CompositeContentItem,
    ImageContentItem,
    WaveformContentItem,
)
from highdicom.content_items.values import ContainerContentItem, TextContentItem
from highdicom.errors import (
    ArgumentTypeError,
    InvalidArgumentError,
    InvalidAttributeError,
    MissingAttributeError,
)
from highdicom.policy import tolerate
from highdicom.sr.templates.context import ObserverContext
from highdicom.typing import Self

__all__ = ["KeyObjectSelection"]

_TEMPLATE = "2010"
_DESCRIPTION = Code("113012", "DCM", "Key Object Description")
_OBSERVER_TYPE = Code("121005", "DCM", "Observer Type")
_PERSON = Code("121006", "DCM", "Person")
_DEVICE = Code("121007", "DCM", "Device")
_SOURCE = Code("260753009", "SCT", "Source")

_REFERENCES = (
    ValueTypeValues.COMPOSITE,
    ValueTypeValues.IMAGE,
    ValueTypeValues.WAVEFORM,
)
_Reference = ImageContentItem | CompositeContentItem | WaveformContentItem


class KeyObjectSelection(ContentSequence):
    """A selection of objects with a title that says why (PS3.16 TID 2010).

    Parameters
    ----------
    document_title
        Why the objects were selected (context group 7010).
    referenced_objects
        The objects: images, waveforms or other composite objects.
    observer_person_context, observer_device_context
        Who made the selection.
    description
        Text on the selection.

    Raises
    ------
    ArgumentTypeError
        If an argument has another type.
    InvalidArgumentError
        If there is no object, or an observer is of the other type.
    MissingAttributeError
        If an object lacks an identifier.

    Examples
    --------
    >>> from highdicom.ko import KeyObjectSelection
    >>> from highdicom.testing import ct_series
    >>> from pydicom.sr.codedict import codes
    >>> selection = KeyObjectSelection(
    ...     codes.DCM.ForReferringProvider, ct_series()[:2], description="Two of five"
    ... )
    >>> len(selection.get_references())
    2

    """

    def __init__(
        self,
        document_title: Code | CodedConcept,
        referenced_objects: AnySequence[Dataset],
        observer_person_context: ObserverContext | None = None,
        observer_device_context: ObserverContext | None = None,
        description: str | None = None,
    ) -> None:
        root = ContainerContentItem(document_title, template_id=_TEMPLATE)
        items: list[ContentItem] = [
            *_observer(observer_person_context, _PERSON, "observer_person_context"),
            *_observer(observer_device_context, _DEVICE, "observer_device_context"),
        ]
        if description is not None:
            items.append(TextContentItem(_DESCRIPTION, description, "CONTAINS"))
        add_content(root, [*items, *_references(referenced_objects)])
        super().__init__([root], is_root=True)

    @classmethod
    def from_sequence(  # type: ignore[override]
        cls, sequence: AnySequence[Dataset], is_root: bool = True
    ) -> Self:
        """Make the root of a tree a selection; it is copied.

        Parameters
        ----------
        sequence
            Sequence of one item, the root of the tree.
        is_root
            Whether it is a root, which has no relationship type.

        Raises
        ------
        InvalidArgumentError
            If there is not exactly one item.
        InvalidAttributeError
            If it is no container, or one of another template.

        """
        items = ContentSequence.from_sequence(sequence, is_root=is_root)
        if len(items) != 1:
            raise InvalidArgumentError(
                f"'sequence' must have one content item, not {len(items)}."
            )
        return cls.of_root(items[0], is_root=is_root)

    @classmethod
    def of_root(cls, root: ContentItem, *, is_root: bool = True) -> Self:
        """Make the root of a tree a selection; it is not copied."""
        if not isinstance(root, ContainerContentItem):
            raise InvalidAttributeError(
                "The root of a selection must be a CONTAINER.", keyword="ValueType"
            )
        template = root.template_id
        if template is None:
            tolerate(
                "The root of a selection names no template",
                f"it is taken to follow TID {_TEMPLATE}",
                keyword="ContentTemplateSequence",
            )
        elif template != _TEMPLATE:
            raise InvalidAttributeError(
                f"The root of a selection must follow TID {_TEMPLATE}, not {template}.",
                keyword="TemplateIdentifier",
            )
        return cls.of([root], is_root=is_root)

    def get_observer_contexts(
        self, observer_type: CodedConcept | Code | None = None
    ) -> list[ObserverContext]:
        """Find who made the selection.

        Parameters
        ----------
        observer_type
            Person or device; both if it is not given.

        """
        wanted = None if observer_type is None else key_of_code(observer_type)
        return [
            ObserverContext.from_sequence(group)
            for group in self._observer_groups()
            if wanted is None or is_same_concept(value_key_of(group[0]), wanted)
        ]

    def _observer_groups(self) -> Iterator[list[Any]]:
        """Items on each observer: one that says the type, then the attributes."""
        starts = matching(_OBSERVER_TYPE, "CODE", "HAS OBS CONTEXT")
        belongs = matching(relationship_type="HAS OBS CONTEXT")
        group: list[Any] = []
        for item in filter(belongs, children_of(self[0])):
            if starts(item):
                if group:
                    yield group
                group = [item]
            elif group:
                group.append(item)
        if group:
            yield group

    def get_references(
        self,
        value_type: ValueTypeValues | None = None,
        sop_class_uid: str | None = None,
    ) -> list[_Reference]:
        """Find the objects selected.

        Parameters
        ----------
        value_type
            IMAGE, WAVEFORM or COMPOSITE; all if it is not given.
        sop_class_uid
            SOP class of the objects; any if it is not given.

        Raises
        ------
        InvalidArgumentError
            If the value type is another.

        """
        wanted: tuple[ValueTypeValues, ...] = _REFERENCES
        if value_type is not None:
            wanted = (member_of(ValueTypeValues, value_type, "value_type"),)
            if wanted[0] not in _REFERENCES:
                raise InvalidArgumentError(
                    "'value_type' must be IMAGE, WAVEFORM or COMPOSITE, "
                    f"not {wanted[0].value}."
                )
        return [
            item
            for item in children_of(self[0])
            if isinstance(item, _Reference)
            and item.value_type in wanted
            and sop_class_uid in {None, item.referenced_sop_class_uid}
        ]


def _observer(
    context: ObserverContext | None, observer_type: Code, argument: str
) -> list[Any]:
    given: Any = context
    if given is None:
        return []
    if not isinstance(given, ObserverContext):
        raise ArgumentTypeError(
            f"'{argument}' must be an ObserverContext, not {type(given).__name__}."
        )
    if given.observer_type != observer_type:
        raise InvalidArgumentError(
            f"'{argument}' must be of a {observer_type.meaning.lower()}, "
            f"not of a {given.observer_type.meaning.lower()}."
        )
    return list(given)


def _references(referenced_objects: Any) -> list[ContentItem]:
    if isinstance(referenced_objects, (Dataset, str)) or not isinstance(
        referenced_objects, Iterable
    ):
        raise ArgumentTypeError(
            "'referenced_objects' must be a sequence of datasets, "
            f"not {type(referenced_objects).__name__}."
        )
    items = [
        _reference(index, dataset) for index, dataset in enumerate(referenced_objects)
    ]
    if not items:
        raise InvalidArgumentError("'referenced_objects' must not be empty.")
    return items


def _reference(index: int, dataset: Any) -> ContentItem:
    if not isinstance(dataset, Dataset):
        raise ArgumentTypeError(
            f"'referenced_objects'[{index}] must be a Dataset, "
            f"not {type(dataset).__name__}."
        )
    for keyword in ("SOPClassUID", "SOPInstanceUID"):
        if keyword not in dataset:
            raise MissingAttributeError(
                f"'referenced_objects'[{index}] lacks {keyword}.", keyword=keyword
            )
    item_class: type[Any] = CompositeContentItem
    if "Rows" in dataset and "Columns" in dataset:
        item_class = ImageContentItem
    elif "WaveformSequence" in dataset:
        item_class = WaveformContentItem
    item: ContentItem = item_class(
        _SOURCE,
        dataset.SOPClassUID,
        dataset.SOPInstanceUID,
        relationship_type="CONTAINS",
    )
    return item
