"""Classes of named values that do not change, and that cost nothing to declare.

`dataclasses.dataclass(frozen=True)` writes the source of six methods for each class and
compiles it: about a millisecond. The thirty of a first segmentation would take longer to
declare than it takes to make. Those here share one set of methods, and are declared and
used in the same way::

    @record
    class Grid:
        rows: int
        columns: int = 1
"""

from collections.abc import Callable
from inspect import Parameter, Signature, get_annotations, signature
from typing import Any, NamedTuple, TypeVar, overload

from highdicom.typing import dataclass_transform

__all__ = ["field", "record", "replace", "values_of"]

T = TypeVar("T")


_FIELDS = "_record_fields"


class _Field(NamedTuple):
    """How a value that is not given is made, and whether it is shown."""

    default_factory: Callable[[], Any] | None
    shown: bool


class _Fields(NamedTuple):
    """What a record consists of."""

    names: tuple[str, ...]
    positional: tuple[str, ...]
    shown: tuple[str, ...]
    defaults: dict[str, Any]
    factories: dict[str, Callable[[], Any]]


def field(
    *,
    default_factory: Callable[[], Any] | None = None,
    repr: bool = True,  # noqa: A002
) -> Any:
    """Describe a value by more than its type and a default.

    Parameters
    ----------
    default_factory
        Makes the value where none is given.
    repr
        Whether the value is in the text of the record.

    """
    return _Field(default_factory, repr)


def values_of(instance: object) -> dict[str, Any]:
    """Values of a record by name, in their order."""
    return {name: getattr(instance, name) for name in _fields_of(instance).names}


def replace(instance: T, **changes: Any) -> T:
    """Make a record that differs from another in some values.

    Examples
    --------
    >>> from highdicom.records import record, replace
    >>> @record
    ... class Grid:
    ...     rows: int
    ...     columns: int = 1
    >>> replace(Grid(2), columns=3)
    Grid(rows=2, columns=3)

    """
    return type(instance)(**values_of(instance) | changes)


@overload
def record(cls: type[T]) -> type[T]: ...


@overload
def record(
    *, eq: bool = True, kw_only: bool = False
) -> Callable[[type[T]], type[T]]: ...


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(
    cls: type[T] | None = None, *, eq: bool = True, kw_only: bool = False
) -> type[T] | Callable[[type[T]], type[T]]:
    """Make a class one of named values that do not change.

    Parameters
    ----------
    eq
        Whether records are equal if their values are. Each equals only itself otherwise.
    kw_only
        Whether all arguments of the constructor are given by name.

    """

    def made(cls: type[T]) -> type[T]:
        declared = _declared(cls, kw_only=kw_only)
        methods = _METHODS | (_COMPARISON if eq else {})
        for name in methods.keys() - vars(cls).keys():
            setattr(cls, name, methods[name])
        setattr(cls, _FIELDS, declared)
        return cls

    return made if cls is None else made(cls)


def _declared(cls: type, *, kw_only: bool) -> _Fields:
    """Read the body of a class, and the records that it is derived from."""
    inherited = getattr(cls, _FIELDS, _Fields((), (), (), {}, {}))
    own = tuple(get_annotations(cls))
    given = {name: vars(cls)[name] for name in own if name in vars(cls)}
    described = {k: v for k, v in given.items() if isinstance(v, _Field)}
    for name in described:
        delattr(cls, name)
    hidden = {name for name, value in described.items() if not value.shown}
    factories = {
        name: value.default_factory
        for name, value in described.items()
        if value.default_factory is not None
    }
    return _Fields(
        inherited.names + own,
        inherited.positional + (() if kw_only else own),
        inherited.shown + tuple(name for name in own if name not in hidden),
        inherited.defaults
        | {name: value for name, value in given.items() if name not in described},
        inherited.factories | factories,
    )


def _fields_of(instance: object) -> _Fields:
    found: _Fields = getattr(instance, _FIELDS)
    return found


def _init(self: Any, *args: Any, **kwargs: Any) -> None:
    """Take the values by position or name."""
    names, positional, _, defaults, factories = _fields_of(self)
    given = dict(zip(positional, args, strict=False))
    if len(args) > len(positional) or (kwargs and not given.keys().isdisjoint(kwargs)):
        raise TypeError(f"{type(self).__name__} is given too many values.")
    values = {**defaults, **given, **kwargs}
    for name, make in factories.items():
        if name not in values:
            values[name] = make()
    if len(values) != len(names) or not all(map(values.__contains__, names)):
        different = ", ".join(sorted(values.keys() ^ set(names)))
        raise TypeError(f"{type(self).__name__} lacks or does not know: {different}.")
    self.__dict__.update(values)
    if hasattr(self, "__post_init__"):
        self.__post_init__()


def _repr(self: Any) -> str:
    shown = (f"{name}={getattr(self, name)!r}" for name in _fields_of(self).shown)
    return f"{type(self).__qualname__}({', '.join(shown)})"


def _eq(self: Any, other: object) -> Any:
    if type(other) is not type(self):
        return NotImplemented
    return values_of(self) == values_of(other)


def _hash(self: Any) -> int:
    return hash(tuple(values_of(self).values()))


def _refuse(self: Any, name: str, *_: Any) -> None:
    raise AttributeError(
        f"'{name}' of {type(self).__name__} does not change.", name=name, obj=self
    )


class _SignatureOfRecord:
    """Signature of the constructor, made when `help` or `inspect` ask a class for it."""

    def __get__(self, instance: object, owner: Any) -> Signature:
        if owner.__init__ is not _init:
            own = signature(owner.__init__)
            return own.replace(parameters=tuple(own.parameters.values())[1:])
        fields: _Fields = getattr(owner, _FIELDS)
        # What a factory makes is shown as "...".
        defaults = {**dict.fromkeys(fields.factories, ...), **fields.defaults}
        by_name = [name for name in fields.names if name not in fields.positional]
        kinds = {
            **dict.fromkeys(fields.positional, Parameter.POSITIONAL_OR_KEYWORD),
            **dict.fromkeys(by_name, Parameter.KEYWORD_ONLY),
        }
        return Signature(
            [
                Parameter(name, kind, default=defaults.get(name, Parameter.empty))
                for name, kind in kinds.items()
            ]
        )


_METHODS: dict[str, Any] = {
    "__signature__": _SignatureOfRecord(),
    "__init__": _init,
    "__repr__": _repr,
    "__setattr__": _refuse,
    "__delattr__": _refuse,
}
_COMPARISON: dict[str, Any] = {"__eq__": _eq, "__hash__": _hash}
