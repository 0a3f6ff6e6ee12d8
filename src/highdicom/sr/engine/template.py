"""Base class of templates: constructor, properties and recognition from a table."""

import inspect
from collections.abc import Callable, Mapping, Sequence as AnySequence
from typing import Any, ClassVar

from pydicom.dataset import Dataset

from highdicom.content_items.base import ContentItem, ContentSequence
from highdicom.content_items.query import value_type_of
from highdicom.content_items.requirements import RelationshipTypeError
from highdicom.errors import ArgumentTypeError
from highdicom.sr.engine.checking import check_items, check_root
from highdicom.sr.engine.errors import TemplateMismatchError
from highdicom.sr.engine.fields import REQUIRED, Field
from highdicom.sr.engine.plan import Step, build, plan_of
from highdicom.sr.engine.rendering import json_of, text_of
from highdicom.sr.engine.specifiers import (
    content_item,
    included,
    part,
    together,
    value,
)
from highdicom.sr.engine.table import Include, Row, TemplateTable
from highdicom.standard import Violation
from highdicom.typing import Self, dataclass_transform

__all__ = ["Template"]


def _constructor(
    fields: Mapping[str, Field[Any, Any]], owner: str
) -> Callable[..., None]:
    """Make the constructor that the fields of a class describe."""
    names = tuple(fields)
    defaults = {name: field.default for name, field in fields.items()}
    required = [name for name, default in defaults.items() if default is REQUIRED]

    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:  # noqa: N807
        values = defaults.copy()
        values.update(zip(names, args, strict=False))
        values.update(kwargs)
        if len(args) > len(names) or len(values) > len(names):
            unknown = ", ".join(f"'{name}'" for name in kwargs if name not in fields)
            raise ArgumentTypeError(
                f"{owner} takes {len(names)} arguments: {', '.join(names)}"
                f"{f'; not {unknown}' if unknown else ''}."
            )
        if args and not kwargs.keys().isdisjoint(names[: len(args)]):
            raise ArgumentTypeError(f"{owner} got an argument twice.")
        for name in required:
            if values[name] is REQUIRED:
                raise ArgumentTypeError(f"{owner} misses the argument '{name}'.")
        self.assemble(values)

    __init__.__signature__ = _signature(fields)  # type: ignore[attr-defined]
    __init__.__doc__ = _documentation(fields)
    return __init__


def _signature(fields: Mapping[str, Field[Any, Any]]) -> inspect.Signature:
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    empty = inspect.Parameter.empty
    own = [
        inspect.Parameter(
            name,
            kind,
            default=empty if field.default is REQUIRED else field.default,
        )
        for name, field in fields.items()
    ]
    return inspect.Signature([inspect.Parameter("self", kind), *own])


def _documentation(fields: Mapping[str, Field[Any, Any]]) -> str:
    lines = [f"{name}\n    {field.description}" for name, field in fields.items()]
    return "\n".join(["Parameters", "----------", *lines, "", *_RAISES])


_RAISES = (
    "Raises",
    "------",
    "ArgumentTypeError",
    "    If an argument has another type, or is missing.",
    "InvalidArgumentError",
    "    If a value is not allowed.",
)


@dataclass_transform(field_specifiers=(value, content_item, included, together, part))
class Template(ContentSequence):
    """Content items that follow a template (PS3.16 6).

    A subclass names the table of the template and gives its rows names. From that it
    has a constructor that makes the items in the order of the rows (or in one of its
    own, where the template leaves it open), properties that find them again, and a
    class method that recognises them among others.

    Parameters
    ----------
    items
        The items.
    is_root
        Whether they are the root of a report.

    Examples
    --------
    >>> from pydicom.sr.codedict import codes
    >>> from highdicom.content_items import TextContentItem
    >>> from highdicom.sr.templates import Template
    >>> len(Template([TextContentItem(codes.DCM.Comment, "none", "CONTAINS")]))
    1

    """

    table: ClassVar[TemplateTable]
    fields: ClassVar[dict[str, Field[Any, Any]]] = {}
    # Names of fields in the order of their items, where the template leaves it open.
    _item_order: ClassVar[tuple[str, ...]] = ()
    _plan: ClassVar[tuple[Step, ...]] = ()
    _makes_root: ClassVar[bool] = False

    def __init__(
        self,
        items: AnySequence[ContentItem] | None = None,
        is_root: bool = False,
    ) -> None:
        super().__init__(items, is_root=is_root)

    def __init_subclass__(
        cls, table: TemplateTable | None = None, **kwargs: Any
    ) -> None:
        super().__init_subclass__(**kwargs)
        if table is not None:
            cls.table = table
            root = table.root
            cls._makes_root = root is not None and root.relationship is None
        own = {k: v for k, v in vars(cls).items() if isinstance(v, Field)}
        if not own:
            return
        for field in own.values():
            field.bind(cls.table)
        cls.fields = {**cls.fields, **own}
        arguments = {name: field for name, field in cls.fields.items() if field.init}
        cls._plan = plan_of(cls.table, arguments.values(), cls._item_order)
        if "__init__" not in vars(cls):
            type.__setattr__(cls, "__init__", _constructor(arguments, cls.__name__))

    @classmethod
    def check_arguments(cls, values: Mapping[str, Any]) -> None:
        """Check arguments of the constructor that depend on each other.

        Parameters
        ----------
        values
            Arguments by name.

        """

    def assemble(self, values: Mapping[str, Any]) -> None:
        """Make the items of arguments."""
        self.check_arguments(values)
        state = self.__dict__
        state["_list"] = build(self._plan, values)
        state["_is_root"] = self._makes_root
        state["_is_sr"] = True

    def check(self) -> list[Violation]:
        """Check the items against the template.

        Returns
        -------
        list[Violation]
            What does not follow it, with paths from the item that encloses all others.

        """
        if self.table.root is not None and len(self) == 1:
            return check_root(self[0], self.table)
        return check_items(self.stored_items, self.table)

    def to_text(self) -> str:
        """Write the items as text: one a line, nested items indented."""
        return "\n".join(map(text_of, self))

    def to_json(self, *, indent: int | None = None) -> str:
        """Write the items as JSON.

        Each is an object of ``type``, ``relationship``, ``name``, ``value`` and what
        else its type has, with the items that it encloses as ``content``.

        Parameters
        ----------
        indent
            Number of spaces by which a level is indented; without, it is one line.

        """
        return json_of(self, indent=indent)

    @classmethod
    def from_sequence(
        cls,
        sequence: AnySequence[Dataset],
        is_root: bool = False,
        is_sr: bool = True,
        copy: bool = True,
    ) -> Self:
        """Recognise the items of the template among content items.

        Parameters
        ----------
        sequence
            Content items; for a template with one item that encloses all others, that
            item alone.
        is_root
            Whether they are the root of a report.
        is_sr
            Whether they belong to a report.
        copy
            Whether the items are copied.

        Raises
        ------
        TemplateMismatchError
            If the items of the template are not there.

        """
        if not hasattr(cls, "table"):
            return super().from_sequence(sequence, is_root, is_sr, copy)
        try:
            items = ContentSequence.from_sequence(sequence, is_root, is_sr, copy)
        except RelationshipTypeError as error:
            raise TemplateMismatchError(str(error), path=error.path) from error
        return cls.recognised(items)

    @classmethod
    def recognised(cls, items: ContentSequence) -> Self:
        """Recognise the items of the template among others; they are not copied."""
        root = cls.table.root
        found = cls._own(items) if root is None else [_single(items, root, cls)]
        return cls.of(found, is_root=items.is_root)

    @classmethod
    def _own(cls, items: ContentSequence) -> list[ContentItem]:
        """Items that follow one of the rows."""
        rows = cls.table.scope(None)
        found = [item for item in items if any(row.matches(item) for row in rows)]
        if not found:
            raise TemplateMismatchError(
                f"There is no content item of {cls.__name__} (TID {cls.table.number})."
            )
        for row in cls.table.nested(None):
            if isinstance(row, Include) or row.requirement != "M":
                continue
            if not any(row.matches(item) for item in found):
                raise TemplateMismatchError(
                    f"{cls.__name__} needs a content item '{row.title}'."
                )
        return found


def _single(items: ContentSequence, root: Row, cls: type[Template]) -> ContentItem:
    """Item that encloses all others of a template."""
    if len(items) != 1:
        raise TemplateMismatchError(
            f"{cls.__name__} needs exactly one content item, not {len(items)}."
        )
    # Titles may be chosen from groups that may be extended: they tell nothing.
    is_named = root.key is not None
    if value_type_of(items[0]) != root.value_type or (
        is_named and not root.matches(items[0])
    ):
        raise TemplateMismatchError(
            f"{cls.__name__} needs a content item '{root.title}' of type "
            f"{root.value_type}."
        )
    item: ContentItem = items[0]
    return item
