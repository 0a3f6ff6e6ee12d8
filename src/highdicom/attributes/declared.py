"""Datasets described by declarations: constructor, adoption, checks, documentation."""

import inspect
from collections.abc import Callable
from copy import deepcopy
from typing import Any, ClassVar

from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset
from pydicom.multival import MultiValue
from pydicom.sequence import Sequence

from highdicom.attributes.descriptor import REQUIRED, Attribute
from highdicom.attributes.rules import Rule
from highdicom.attributes.specifiers import (
    coded,
    coded_list,
    date,
    date_time,
    enumerated,
    integer,
    integers,
    items,
    number,
    numbers,
    person_name,
    sequence,
    text,
    texts,
    time,
    uid,
)
from highdicom.encoding.elements import initialise, new_dataset
from highdicom.errors import (
    ArgumentTypeError,
    InvalidArgumentError,
    MissingAttributeError,
)
from highdicom.policy import tolerate
from highdicom.typing import Self, dataclass_transform

__all__ = [
    "Declaration",
    "DeclaredDataset",
    "Module",
    "SequenceItem",
    "SingleItemSequence",
]


class Declaration:
    """What the body of a declared class says.

    Parameters
    ----------
    attributes
        By name, those of base classes first.
    rules
        Rules across attributes.
    defined_in
        Name of the macro or module in the tables of `highdicom.standard`.
    path
        Keywords of the sequences in which the attributes stand there.

    """

    def __init__(
        self,
        attributes: dict[str, Attribute[Any, Any]],
        rules: tuple[Rule, ...],
        defined_in: str | None,
        path: tuple[str, ...],
    ) -> None:
        self.attributes = attributes
        self.rules = rules
        self.defined_in = defined_in
        self.path = path

    def extended_by(
        self,
        body: dict[str, Any],
        defined_in: str | None,
        path: tuple[str, ...],
    ) -> "Declaration":
        """Declaration of a subclass with that body."""
        own = {k: v for k, v in body.items() if isinstance(v, Attribute)}
        rules = tuple(value for value in body.values() if isinstance(value, Rule))
        return Declaration(
            {**self.attributes, **own},
            self.rules + rules,
            defined_in or self.defined_in,
            path,
        )

    def fill(self, dataset: Dataset, values: dict[str, Any]) -> None:
        """Store values by name of attribute."""
        for name, attribute in self.attributes.items():
            attribute.store(dataset, values[name])

    def enforce(self, instance: object) -> None:
        """Raise if a rule is broken."""
        for rule in self.rules:
            rule.enforce(instance)

    def adopt(self, dataset: Dataset, owner: str) -> None:
        """Check that the attributes are there, and give nested items their classes.

        Raises
        ------
        MissingAttributeError
            If an attribute of Type 1 is absent. A missing attribute of Type 2 is
            tolerated as the policy of reading says.

        """
        for attribute in self.attributes.values():
            if attribute.keyword not in dataset:
                _miss(attribute, owner)
            elif attribute.adopt is not None:
                element = dataset[attribute.tag]
                if element.value:
                    element._value = attribute.adopt(attribute, element.value)  # noqa: SLF001

    def bind(
        self, args: tuple[Any, ...], kwargs: dict[str, Any], owner: str
    ) -> dict[str, Any]:
        """Values by name from the arguments of a constructor."""
        names = self.attributes
        if len(args) > len(names):
            raise ArgumentTypeError(
                f"{owner} takes at most {len(names)} arguments, not {len(args)}."
            )
        values = dict(zip(names, args, strict=False))
        for name, value in kwargs.items():
            if name not in names or name in values:
                problem = "twice the" if name in values else "an unknown"
                raise ArgumentTypeError(f"{owner} got {problem} argument '{name}'.")
            values[name] = value
        for name, attribute in names.items():
            if name not in values:
                if attribute.default is REQUIRED:
                    raise ArgumentTypeError(f"{owner} misses the argument '{name}'.")
                values[name] = attribute.default
        return values

    @property
    def signature(self) -> inspect.Signature:
        """Signature of the constructor."""
        kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
        empty = inspect.Parameter.empty
        own = [
            inspect.Parameter(
                name, kind, default=empty if a.default is REQUIRED else a.default
            )
            for name, a in self.attributes.items()
        ]
        return inspect.Signature([inspect.Parameter("self", kind), *own])

    @property
    def documentation(self) -> str:
        """Parameters section of a docstring."""
        lines = [f"{name}\n    {a.description}" for name, a in self.attributes.items()]
        return "\n".join(["Parameters", "----------", *lines])


def _miss(attribute: Attribute[Any, Any], owner: str) -> None:
    if attribute.type == "1":
        raise MissingAttributeError(
            f"{owner} needs {attribute.keyword}, which is of Type 1.",
            keyword=attribute.keyword,
        )
    if attribute.type == "2":
        tolerate(
            f"{owner} lacks the attribute, which is of Type 2",
            "taken as empty",
            keyword=attribute.keyword,
            stacklevel=5,
        )


def _constructor(declaration: Declaration, owner: str) -> Callable[..., None]:
    """Make the constructor that a declaration describes."""

    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:  # noqa: N807
        values = declaration.bind(args, kwargs, owner)
        declaration.fill(self.initialise(), values)
        declaration.enforce(self)

    __init__.__signature__ = declaration.signature  # type: ignore[attr-defined]
    __init__.__doc__ = declaration.documentation
    return __init__


@dataclass_transform(
    field_specifiers=(
        coded,
        coded_list,
        date,
        date_time,
        enumerated,
        integer,
        integers,
        items,
        number,
        numbers,
        person_name,
        sequence,
        text,
        texts,
        time,
        uid,
    )
)
class Declared:
    """What datasets and sequences described by declarations share.

    A subclass that declares attributes gets a constructor with a parameter for each of
    them and of those it inherits, in their order, unless it has one of its own.
    """

    declaration: ClassVar[Declaration] = Declaration({}, (), None, ())

    def initialise(self) -> Dataset:
        """Make the instance an empty one; returns the dataset of the attributes."""
        raise NotImplementedError

    def __init_subclass__(
        cls, defined_in: str | None = None, path: tuple[str, ...] = (), **kwargs: Any
    ) -> None:
        super().__init_subclass__(**kwargs)
        cls.declaration = cls.declaration.extended_by(dict(vars(cls)), defined_in, path)
        declares = any(isinstance(value, Attribute) for value in vars(cls).values())
        if "__init__" not in vars(cls) and declares:
            type.__setattr__(
                cls, "__init__", _constructor(cls.declaration, cls.__name__)
            )


class DeclaredDataset(Declared, Dataset):
    """A dataset whose class body declares its attributes."""

    def initialise(self) -> Dataset:
        """Make the dataset an empty one; it holds the attributes itself."""
        initialise(self, {})
        return self

    @classmethod
    def from_dataset(cls, dataset: Dataset, copy: bool = True) -> Self:
        """Make a dataset an instance of this class, with all that is nested in it.

        Parameters
        ----------
        dataset
            Dataset that has the attributes of this class.
        copy
            Whether a deep copy is made. If not, the dataset itself gets this class.

        Raises
        ------
        MissingAttributeError
            If an attribute of Type 1 is absent.

        """
        if not isinstance(dataset, Dataset):
            raise ArgumentTypeError(
                f"'dataset' must be a Dataset, not {type(dataset).__name__}."
            )
        instance = deepcopy(dataset) if copy else dataset
        cls.declaration.adopt(instance, cls.__name__)
        instance.__class__ = cls
        return instance  # type: ignore[return-value]


class SequenceItem(DeclaredDataset):
    """An item of a sequence."""


class Module(DeclaredDataset):
    """A module: attributes at the top level of a dataset."""

    def insert_into(self, dataset: Dataset) -> None:
        """Put copies of the attributes into a dataset, in place of what it has."""
        for tag, element in self._dict.items():
            dataset._dict[tag] = _copied(element)  # noqa: SLF001


def _copied(element: RawDataElement | DataElement) -> RawDataElement | DataElement:
    """Copy an element; values that nobody can change, such as bytes, are shared."""
    if isinstance(element, RawDataElement):
        return element
    if isinstance(element.value, (Sequence, MultiValue, list)):
        return deepcopy(element)
    made = DataElement.__new__(DataElement)
    made.__dict__.update(element.__dict__)
    return made


class SingleItemSequence(Declared, Sequence):
    """A sequence of one item whose attributes the class body declares."""

    def initialise(self) -> Dataset:
        """Make the sequence one of an empty item, which holds the attributes."""
        item = new_dataset(Dataset)
        self.__dict__["_list"] = [item]
        return item

    @classmethod
    def from_sequence(cls, sequence: Sequence, copy: bool = True) -> Self:
        """Make a sequence an instance of this class.

        Parameters
        ----------
        sequence
            Sequence of one item that has the attributes of this class.
        copy
            Whether the item is copied. If not, the new sequence holds the item itself.

        Raises
        ------
        InvalidArgumentError
            If there is not exactly one item.
        MissingAttributeError
            If an attribute of Type 1 is absent.

        """
        if not isinstance(sequence, Sequence):
            raise ArgumentTypeError(
                f"'sequence' must be a pydicom Sequence, not {type(sequence).__name__}."
            )
        if len(sequence) != 1:
            raise InvalidArgumentError(
                f"{cls.__name__} needs exactly one item, not {len(sequence)}."
            )
        item = deepcopy(sequence[0]) if copy else sequence[0]
        cls.declaration.adopt(item, cls.__name__)
        instance = cls.__new__(cls)
        instance.__dict__.update(sequence.__dict__)
        instance.__dict__["_list"] = [item]
        return instance
