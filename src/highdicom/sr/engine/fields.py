"""What classes say of the rows of a template: names and types in Python.

A field is bound to a row by its number; ``"11.2"`` is row 2 of the template that row 11
includes. It makes content items of an argument, and finds them again in content that
was read.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence as AnySequence
from typing import Any, Final, Generic, NoReturn, TypeVar, overload

from pydicom.dataset import Dataset
from pydicom.sr.coding import Code
from pydicom.valuerep import PersonName

from highdicom.content_items.base import (
    ContentItem,
    ContentItemReference,
    ContentSequence,
)
from highdicom.content_items.query import children_of, relationship_type_of
from highdicom.content_items.requirements import is_reference
from highdicom.errors import ArgumentTypeError
from highdicom.records import replace
from highdicom.sr.engine.errors import MemberTypeError
from highdicom.sr.engine.items import (
    VALUE_KINDS,
    item_of_value,
    related,
    relationship_element,
)
from highdicom.sr.engine.table import Include, Row, TableRow, TemplateTable
from highdicom.typing import Self

__all__ = [
    "REQUIRED",
    "Field",
    "ItemField",
    "PartField",
    "SequenceField",
    "TemplateField",
    "ValueField",
    "repetitions",
]

V = TypeVar("V")  # what readers get
W = TypeVar("W")  # what writers may give


class _Required:
    """Marks an argument without default."""

    def __repr__(self) -> str:
        return "required"


REQUIRED: Final[Any] = _Required()


class Field(Generic[V, W]):
    """A row of a template as property of a class, and argument of its constructor.

    Parameters
    ----------
    row
        Number of the row, or path to it.
    also
        Numbers of further rows, next to that one, that items may follow.
    default
        Of the constructor's parameter. Without it the argument is required.
    doc
        What is to be said beyond the name of the row.

    """

    table: TemplateTable
    row: TableRow

    def __init__(
        self,
        row: str,
        *,
        also: tuple[str, ...] = (),
        default: Any = REQUIRED,
        doc: str = "",
    ) -> None:
        self.path = row
        self.also = also
        self.default = default
        self.init = True
        self.doc = doc
        self.name = ""
        self.enclosing: tuple[Row, ...] = ()
        self._is_rooted = False
        self._rows: list[Row] = []
        # Whether no other row there has the same value type.
        self._is_only = False
        # Of the items, as far as the row determines it.
        self.relationship: Any = None

    def __set_name__(self, owner: type[Any], name: str) -> None:
        self.name = name

    def bind(self, table: TemplateTable) -> None:
        """Find the row in the table of a class."""
        self._is_rooted = table.root is not None
        self.table = table
        relationship = None
        *includes, number = self.path.split(".")
        for include in includes:
            row = self.table.row(include)
            assert isinstance(row, Include), self.path
            relationship = relationship or row.relationship
            self.enclosing += self.table.enclosing(row)
            self.table = row.table
        self.row = self.table.row(number)
        self.enclosing += self.table.enclosing(self.row)
        if relationship is not None and self.row.under is None:
            self.row = replace(self.row, relationship=relationship)
        self._rows = [
            row
            for found in (self.row, *(self.table.row(other) for other in self.also))
            for row in ([found] if isinstance(found, Row) else _inner_rows(found))
        ]
        value_types = [row.value_type for row in self.table.scope(self.row.under)]
        self._is_only = value_types.count(self._rows[0].value_type) == 1
        if self.row.relationship is not None:
            self.relationship = relationship_element(self.row.relationship)

    @property
    def description(self) -> str:
        """One line on the field."""
        text = self.row.title
        if isinstance(self.row, Include):
            text += f" (TID {self.row.table.number})"
        return f"{text}. {self.doc}".strip()

    @overload
    def __get__(self, instance: None, owner: type[Any]) -> Self: ...
    @overload
    def __get__(self, instance: object, owner: type[Any]) -> V: ...
    def __get__(self, instance: Any, owner: type[Any]) -> Any:
        """What the content says."""
        return self if instance is None else self.read(instance)

    def __set__(self, instance: object, value: W) -> NoReturn:
        raise AttributeError(f"'{self.name}' cannot be set: it is what the items say.")

    def read(self, template: ContentSequence) -> Any:
        """What readers get."""
        raise NotImplementedError

    def items_of(self, value: Any) -> AnySequence[ContentItem]:
        """Items for an argument other than None."""
        raise NotImplementedError

    def levels(self, template: ContentSequence) -> list[ContentSequence]:
        """Sequences in which items that follow the row may stand."""
        found: list[Any] = [template]
        for depth, row in enumerate(self.enclosing):
            is_given = depth == 0 and self._is_rooted
            found = [
                children_of(sequence[index])
                for sequence in found
                for index, item in enumerate(_stored(sequence))
                if is_given or row.matches(item)
            ]
        return found

    def found(
        self,
        template: ContentSequence,
        is_asked: Callable[[Dataset], bool] | None = None,
    ) -> Iterator[ContentItem]:
        """Items that follow the row.

        Parameters
        ----------
        template
            What to search.
        is_asked
            Leaves out stored items early, before they get their classes.

        """
        for sequence in self.levels(template):
            for index, item in enumerate(_stored(sequence)):
                if is_asked is not None and not is_asked(item):
                    continue
                if self.claims(item):
                    found = sequence[index]
                    # What is not what it should be was reported when it was reached.
                    if found.__class__ is not ContentItem:
                        yield found

    def claims(self, item: Dataset) -> bool:
        """Whether an item follows the row, if it stands where it should."""
        for row in self._rows:
            if row.matches(item):
                return row.key is not None or not self.table.claims(
                    item, self.row.under
                )
        return self._is_only and self._rows[0].may_name(item)

    def refuse(
        self,
        value: object,
        expected: str,
        error: type[ArgumentTypeError] = ArgumentTypeError,
    ) -> NoReturn:
        """Raise the error that says what type is expected."""
        raise error(f"'{self.name}' must be {expected}, not {type(value).__name__}.")

    def listed(self, value: Any, expected: str) -> AnySequence[Any]:
        """Members of an argument that is a sequence."""
        if value.__class__ is list:  # the usual case, and the fastest to tell
            given: list[Any] = value
            return given
        if isinstance(value, (str, bytes, Dataset)) or not isinstance(value, Iterable):
            self.refuse(value, f"a sequence of {expected}")
        return list(value)


def _inner_rows(row: Include) -> list[Row]:
    """Rows that stand in place of one that includes them."""
    rows = row.table.scope(None)
    if row.relationship is None:
        return list(rows)
    return [replace(inner, relationship=row.relationship) for inner in rows]


def _stored(sequence: Any) -> list[Dataset]:
    """Items as they are: giving each its class takes ten times as long."""
    stored: list[Dataset] = getattr(sequence, "stored_items", sequence)
    return stored


class ValueField(Field[V, W]):
    """Row whose item is made of its value; `is_many` for a sequence of values.

    A `name` is needed where the row leaves a choice of names.
    """

    def __init__(
        self,
        row: str,
        *,
        default: Any = REQUIRED,
        is_many: bool = False,
        name: Code | None = None,
        init: bool = True,
        doc: str = "",
    ) -> None:
        super().__init__(row, default=default, doc=doc)
        self.is_many = is_many
        self.init = init
        self._concept = name

    def bind(self, table: TemplateTable) -> None:
        """Find the row in the table of a class."""
        super().bind(table)
        if self._concept is not None:
            assert isinstance(self.row, Row)
            self.row = replace(self.row, name=self._concept)
            self._rows = [self.row]

    def items_of(self, value: Any) -> list[ContentItem]:
        """Items for an argument other than None."""
        row = self.row
        assert isinstance(row, Row)
        if not self.is_many:
            return [item_of_value(row, value, self.name)]
        expected = VALUE_KINDS[row.value_type].plural
        return [
            item_of_value(row, member, self.name)
            for member in self.listed(value, expected)
        ]

    def read(self, template: ContentSequence) -> Any:
        """Value or values."""
        row = self.row
        assert isinstance(row, Row)
        values: list[Any] = [
            getattr(item, "value", None) for item in self.found(template)
        ]
        if row.value_type == "PNAME":
            values = [PersonName(name) for name in values]
        return values if self.is_many else next(iter(values), None)


class GivenField(Field[V, W]):
    """Row whose items are given ready-made, by objects of some classes."""

    def __init__(
        self,
        row: str,
        *classes: type[Any],
        also: tuple[str, ...] = (),
        default: Any = REQUIRED,
        is_many: bool = False,
        init: bool = True,
        doc: str = "",
    ) -> None:
        super().__init__(row, also=also, default=default, doc=doc)
        self.classes = classes
        self.is_many = is_many
        self.init = init
        self._names = " or ".join(cls.__name__ for cls in classes)

    def checked(self, value: Any) -> Iterable[Any]:
        """Objects of an argument other than None."""
        objects = self.listed(value, self._names) if self.is_many else (value,)
        for given in objects:
            if not isinstance(given, self.classes):
                error = MemberTypeError if self.is_many else ArgumentTypeError
                self.refuse(given, self._expected, error)
        return objects

    @property
    def _expected(self) -> str:
        return f"a sequence of {self._names}" if self.is_many else self._names


class ItemField(GivenField[V, W]):
    """Row whose items are given as such."""

    def claims(self, item: Dataset) -> bool:
        """Whether an item follows the row, if it stands where it should."""
        if is_reference(item) and ContentItemReference in self.classes:
            return relationship_type_of(item) == self.row.relationship
        return super().claims(item)

    def items_of(self, value: Any) -> list[ContentItem]:
        """Items for an argument other than None."""
        return [related(item, self.relationship) for item in self.checked(value)]

    def read(self, template: ContentSequence) -> Any:
        """Item or items, with the classes that they have when they are built."""
        items = (_reclassed(item, self.classes) for item in self.found(template))
        return list(items) if self.is_many else next(items, None)


def _reclassed(
    item: ContentItem, classes: tuple[type[ContentItem], ...]
) -> ContentItem:
    for cls in classes:
        if isinstance(item, cls):
            return item
    for cls in classes:
        if issubclass(cls, item.__class__):
            item.__class__ = cls
            return item
    return item


class TemplateField(GivenField[V, W]):
    """Row that includes another template, given as an object of its class.

    Parameters
    ----------
    row, also, default, is_many, doc
        As of other fields.
    *classes
        Classes of the template.
    part
        Attribute of the template that readers get in its place.
    choose
        Tells which of the classes an item that was read belongs to.

    """

    def __init__(
        self,
        row: str,
        *classes: type[ContentSequence],
        part: str | None = None,
        choose: Callable[[ContentItem], type[ContentSequence]] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(row, *classes, **kwargs)
        self._part = part
        self._choose = choose
        # Other templates that may stand there, and whose root has the same name.
        self._rivals: list[TemplateTable] = []

    def bind(self, table: TemplateTable) -> None:
        """Find the row in the table of a class."""
        super().bind(table)
        own = {self.row.number, *self.also}
        self._rivals = [
            row.table
            for row in self.table.nested(self.row.under)
            if isinstance(row, Include) and row.number not in own
            if row.table.root is not None and row.table.root.key == self._rows[0].key
        ]

    def claims(self, item: Dataset) -> bool:
        """Whether an item follows the row, if it stands where it should."""
        if not super().claims(item):
            return False
        if not self._rivals or not isinstance(self.row, Include):
            return True
        missing = self.row.table.number_missing_in(item)
        return all(rival.number_missing_in(item) >= missing for rival in self._rivals)

    def items_of(self, value: Any) -> list[ContentItem]:
        """Items for an argument other than None."""
        return [
            related(item, self.relationship)
            for template in self.checked(value)
            for item in template.stored_items
        ]

    def read(self, template: ContentSequence) -> Any:
        """Template, or list of templates."""
        cls = self.classes[0]
        items = list(self.found(template))
        if self._choose is not None:
            return [self._choose(item).of([item]) for item in items]
        if self.is_many:
            assert isinstance(self.row, Include)
            return [cls.of(part) for part in repetitions(self.row.table, items)]
        if not items:
            return None
        is_rooted = isinstance(self.row, Include) and self.row.table.root is not None
        found = cls.of(items[:1] if is_rooted else items)
        return getattr(found, self._part) if self._part else found


def repetitions(
    table: TemplateTable, items: Iterable[ContentItem]
) -> list[list[ContentItem]]:
    """Divide items among the times that a template is followed one after the other.

    A new time starts where an item follows the first row, or a row that may be
    followed once is followed again.
    """
    if table.root is not None:
        return [[item] for item in items]
    parts: list[list[ContentItem]] = []
    rows = table.scope(None)
    seen: set[str] = set()
    for item in items:
        row = next(row for row in rows if row.matches(item))
        is_again = row.title in seen and row.multiplicity == "1"
        if not parts or is_again or (row is rows[0] and seen):
            parts.append([])
            seen = set()
        seen.add(row.title)
        parts[-1].append(item)
    return parts


class SequenceField(GivenField[V, W]):
    """Rows that are given together, as a sequence of items that belong together."""

    def items_of(self, value: Any) -> AnySequence[ContentItem]:
        """Items for an argument other than None."""
        if not isinstance(value, self.classes):
            self.refuse(value, self._expected)
        items: AnySequence[ContentItem] = value[:]
        return items

    def read(self, template: ContentSequence) -> Any:
        """Items that belong together, if there is one that follows the row."""
        if next(self.found(template), None) is None:
            return None
        cls: Any = self.classes[0]
        return cls.found_among(self.levels(template)[0])


class PartField(Field[V, W]):
    """Part of the root item of a template, such as its name or value."""

    def __init__(
        self, part: str, *, row: str = "1", default: Any = REQUIRED, doc: str = ""
    ) -> None:
        super().__init__(row, default=default, doc=doc)
        self.part = part

    def read(self, template: ContentSequence) -> Any:
        """The part."""
        return getattr(template[0], self.part)
