"""One DICOM attribute of a declared dataset: read, write and adopt it."""

from collections.abc import Callable
from typing import Any, Final, Generic, Literal, NoReturn, TypeVar, overload

from pydicom.datadict import dictionary_description
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.tag import BaseTag

from highdicom.encoding.elements import put, tag_of, vr_of
from highdicom.errors import (
    ArgumentTypeError,
    HighdicomError,
    InvalidArgumentError,
    InvalidAttributeError,
)
from highdicom.typing import Self

__all__ = ["REQUIRED", "Attribute", "AttributeType"]

AttributeType = Literal["1", "1C", "2", "2C", "3"]

V = TypeVar("V")  # what readers get
W = TypeVar("W")  # what writers may give


class _Required:
    """Marks an attribute without default."""

    def __repr__(self) -> str:
        return "required"


REQUIRED: Final[Any] = _Required()


def _as_is(value: Any) -> Any:
    return value


class Attribute(Generic[V, W]):
    """An attribute as a data descriptor over its data element.

    The element is the only state: what is read is converted from it, what is written
    is checked, converted and stored in it. On a sequence of one item the attribute is
    that of the item.

    Parameters
    ----------
    keyword
        Keyword of the attribute.
    type
        Type as the standard gives it (PS3.5 7.4).
    write
        Takes the attribute and a value other than None; returns the value to store,
        or raises through `refuse`.
    read
        Takes the stored value; returns what readers get.
    adopt
        Takes the attribute and the stored sequence; gives its items their classes in
        place and returns the sequence to store. For sequences only.
    default
        Of the constructor's parameter. Without it the argument is required.
    empty
        Makes what readers get where the element is absent or empty.
    doc
        What is to be said beyond the name of the attribute.
    vr
        Where the dictionary leaves a choice.

    """

    def __init__(
        self,
        keyword: str,
        type: AttributeType,  # noqa: A002 (the standard's word)
        *,
        write: "Callable[[Attribute[Any, Any], Any], Any]",
        read: Callable[[Any], Any] = _as_is,
        adopt: "Callable[[Attribute[Any, Any], Sequence], Sequence] | None" = None,
        default: Any = REQUIRED,
        empty: Callable[[], Any] | None = None,
        doc: str = "",
        vr: str | None = None,
    ) -> None:
        self.keyword = keyword
        self.type = type
        self.name = ""
        self.default = default
        self.adopt = adopt
        self.doc = doc
        self._write = write
        self._read = read
        self._empty = empty
        self._vr = vr

    def __set_name__(self, owner: type[Any], name: str) -> None:
        self.name = name

    @property
    def tag(self) -> BaseTag:
        """Tag of the attribute."""
        return tag_of(self.keyword)

    @property
    def vr(self) -> str:
        """Value representation."""
        return self._vr or vr_of(self.keyword)

    @property
    def description(self) -> str:
        """One line on the attribute: its name, tag and Type, and what is to be said."""
        text = f"{dictionary_description(self.tag)} {self.tag}, Type {self.type}."
        return f"{text} {self.doc}" if self.doc else text

    @property
    def is_required(self) -> bool:
        """Whether the attribute has to be present in any dataset (Type 1 or 2)."""
        return self.type in {"1", "2"}

    @overload
    def __get__(self, instance: None, owner: type[Any]) -> Self: ...

    @overload
    def __get__(self, instance: object, owner: type[Any]) -> V: ...

    def __get__(self, instance: Any, owner: type[Any]) -> Any:
        if instance is None:
            return self
        dataset = _dataset_of(instance)
        tag = tag_of(self.keyword)
        if tag in dataset._dict:  # noqa: SLF001 (Dataset.__contains__ is ten times slower)
            value = dataset[tag].value
            if not _is_empty(value):
                try:
                    return self._read(value)
                except HighdicomError:
                    raise
                except (ValueError, TypeError) as error:
                    raise InvalidAttributeError(
                        f"'{self.keyword}' must not be {value!r:.60}.",
                        keyword=self.keyword,
                    ) from error
        return self._empty() if self._empty else None

    def __set__(self, instance: object, value: W) -> None:
        self.store(_dataset_of(instance), value)

    def store(self, dataset: Dataset, value: Any) -> None:
        """Check, convert and store a value; None makes it empty or takes it out."""
        if value is not None:
            put(dataset, self.keyword, self._write(self, value), self._vr)
        elif self.type == "1":
            raise ArgumentTypeError(
                f"'{self.name}' is required: {self.keyword} is of Type 1."
            )
        elif self.type == "2":
            put(dataset, self.keyword, [] if self.vr == "SQ" else None, self._vr)
        else:
            dataset._dict.pop(self.tag, None)  # noqa: SLF001

    def refuse(self, value: object, expected: str) -> NoReturn:
        """Raise the error that says what the attribute expects.

        Parameters
        ----------
        value
            The value refused.
        expected
            Completes "must be ...".

        """
        raise InvalidArgumentError(
            f"'{self.name}' must be {expected}, not {_shown(value)} ({self.keyword})."
        )

    def refuse_type(self, value: object, expected: str) -> NoReturn:
        """Raise the error that says which type the attribute expects."""
        raise ArgumentTypeError(
            f"'{self.name}' must be {expected}, not {type(value).__name__} "
            f"({self.keyword})."
        )

    def check(self, dataset: Dataset) -> None:
        """Check the stored value as if it were written anew.

        Raises
        ------
        InvalidAttributeError
            If it would be refused.

        """
        value = self.__get__(dataset, type(dataset))
        if value is None:
            return
        try:
            self._write(self, value)
        except (ValueError, TypeError) as error:
            raise InvalidAttributeError(str(error), keyword=self.keyword) from error


def _dataset_of(instance: Any) -> Dataset:
    if isinstance(instance, Dataset):
        return instance
    item: Dataset = instance[0]
    return item


def _is_empty(value: Any) -> bool:
    """Whether an element of that value is empty (PS3.5 7.4)."""
    if value is None:
        return True
    return isinstance(value, (str, bytes, Sequence)) and len(value) == 0


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
