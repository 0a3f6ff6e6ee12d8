"""Modules as lists and trees of attributes, and checks against a single module."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from functools import cache
from typing import Any, TypeVar

from pydicom.dataset import Dataset

from highdicom.errors import InvalidArgumentError, MissingAttributeError
from highdicom.standard.model import (
    AttributeRule,
    AttributeType,
    FunctionalGroupsHere,
    Iod,
    MacroUse,
    Row,
    Usage,
)
from highdicom.standard.tables import (
    iod_by_key,
    iod_keys,
    iod_of,
    macro,
    module,
    module_keys,
    sop_class_uids,
)
from highdicom.standard.values import items_of

__all__ = [
    "IOD_MODULE_MAP",
    "MODULE_ATTRIBUTE_MAP",
    "SOP_CLASS_UID_IOD_KEY_MAP",
    "AttributeTypeValues",
    "ModuleUsageValues",
    "check_required_attributes",
    "construct_module_tree",
    "get_module_usage",
    "is_attribute_in_iod",
]

AttributeTypeValues = AttributeType
ModuleUsageValues = Usage

FUNCTIONAL_GROUPS_MODULE = "multi-frame-functional-groups"
_SUFFIX = f"-{FUNCTIONAL_GROUPS_MODULE}"

Tree = dict[str, Any]
ValueT = TypeVar("ValueT")


class _LazyMapping(Mapping[str, ValueT]):
    """Mapping whose values are made when they are first asked for."""

    def __init__(
        self, keys: Callable[[], tuple[str, ...]], make: Callable[[str], ValueT]
    ) -> None:
        self._keys = keys
        self._make = make
        self._made: dict[str, ValueT] = {}

    def __getitem__(self, key: str) -> ValueT:
        if key not in self._made:
            if key not in self._keys():
                raise KeyError(key)
            self._made[key] = self._make(key)
        return self._made[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys())

    def __len__(self) -> int:
        return len(self._keys())

    def __repr__(self) -> str:
        return f"<mapping of {len(self)} keys>"


# Modules as lists and trees


@cache
def _keys_of_modules() -> tuple[str, ...]:
    """Keys of all modules, functional groups module of single IODs included."""
    with_groups = (
        key + _SUFFIX
        for key in iod_keys()
        if iod_by_key(key).functional_group_kind == "multi-frame"
    )
    return (*module_keys(), *with_groups)


def _rows_of_module(key: str) -> tuple[tuple[Row, ...], Iod | None]:
    """Rows of a module, and the IOD whose functional groups stand in it.

    Raises
    ------
    InvalidArgumentError
        If there is no such module.

    """
    if key.endswith(_SUFFIX):
        return module(FUNCTIONAL_GROUPS_MODULE).rows, iod_by_key(
            key.removesuffix(_SUFFIX)
        )
    return module(key).rows, None


def _attributes(
    rows: Sequence[Row], iod: Iod | None, above: frozenset[str]
) -> Iterator[tuple[AttributeRule, frozenset[str]]]:
    """Attributes of rows, macros expanded.

    Each comes with the macros it is in. A macro that is part of itself, as that of a
    content tree, is expanded once.
    """
    for row in rows:
        if isinstance(row, AttributeRule):
            yield row, above
        elif isinstance(row, MacroUse) and row.macro not in above:
            inner = list(_attributes(macro(row.macro).rows, iod, above | {row.macro}))
            yield from inner
            for rule, macros in reversed(inner):
                if rule.rows and row.extension:
                    # Told apart by the sequence it extends when the tree is built.
                    yield _extension_of(rule, row), macros
                    break
        elif isinstance(row, FunctionalGroupsHere) and iod is not None:
            for use in iod.functional_groups:
                yield from _attributes(macro(use.macro).rows, iod, above | {use.macro})


def _extension_of(rule: AttributeRule, row: MacroUse) -> AttributeRule:
    return AttributeRule(
        rule.keyword,
        rule.tag,
        rule.type,
        rule.condition,
        (),
        None,
        rule.number_of_items,
        None,
        row.extension,
        rule.is_repeating,
    )


def _tree(rows: Sequence[Row], iod: Iod | None, above: frozenset[str]) -> Tree:
    tree: Tree = {}
    for rule, macros in _attributes(rows, iod, above):
        entry = tree.setdefault(rule.keyword, {"type": rule.type.value})
        below = _tree(rule.rows, iod, macros) if rule.rows else {}
        if below:
            _merge(entry.setdefault("attributes", {}), below)
    return tree


def _merge(tree: Tree, other: Tree) -> None:
    """Add what is in another tree and not in this one."""
    for keyword, entry in other.items():
        own = tree.setdefault(keyword, {"type": entry["type"]})
        if "attributes" in entry:
            _merge(own.setdefault("attributes", {}), entry["attributes"])


@cache
def _module_tree(key: str) -> Tree:
    rows, iod = _rows_of_module(key)
    return {"attributes": _tree(rows, iod, frozenset())}


def construct_module_tree(module: str) -> dict[str, Any]:
    """Attributes of a module as a tree.

    Parameters
    ----------
    module
        Key of a module such as ``"general-series"``. The functional groups of an IOD
        are those of ``"<key of the IOD>-multi-frame-functional-groups"``.

    Returns
    -------
    dict
        ``{"attributes": {keyword: {"type": type, "attributes": {...}}}}``, the second
        level of ``"attributes"`` for sequences only.

    Raises
    ------
    InvalidArgumentError
        If there is no such module.

    Examples
    --------
    >>> from highdicom.standard import construct_module_tree
    >>> construct_module_tree("modality-lut")["attributes"]["RescaleSlope"]
    {'type': '1C'}

    """
    return deepcopy(_module_tree(module))


def _flattened(tree: Tree, path: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    for keyword, entry in tree.items():
        yield {"keyword": keyword, "type": entry["type"], "path": list(path)}
        yield from _flattened(entry.get("attributes", {}), (*path, keyword))


def _attribute_list(key: str) -> list[dict[str, Any]]:
    return list(_flattened(_module_tree(key)["attributes"], ()))


def _module_list(key: str) -> list[dict[str, str]]:
    return [
        {"key": use.module, "usage": use.usage.value, "ie": use.entity}
        for use in iod_by_key(key).modules
    ]


SOP_CLASS_UID_IOD_KEY_MAP: Mapping[str, str] = _LazyMapping(
    sop_class_uids, lambda uid: iod_of(uid).key
)
"""Key of the IOD by SOP Class UID."""

IOD_MODULE_MAP: Mapping[str, list[dict[str, str]]] = _LazyMapping(
    iod_keys, _module_list
)
"""Modules by key of the IOD: ``{"key": ..., "usage": "M"|"C"|"U", "ie": ...}`` each."""

MODULE_ATTRIBUTE_MAP: Mapping[str, list[dict[str, Any]]] = _LazyMapping(
    _keys_of_modules, _attribute_list
)
"""Attributes by key of the module: ``{"keyword": ..., "type": ..., "path": [...]}`` each."""


# Questions about IODs


def get_module_usage(module_key: str, sop_class_uid: str) -> Usage | None:
    """Usage of a module in the IOD of a SOP class.

    Parameters
    ----------
    module_key
        Key of the module.
    sop_class_uid
        SOP Class UID.

    Returns
    -------
    Usage or None
        None if the module is not part of the IOD.

    Raises
    ------
    InvalidArgumentError
        If the SOP class is not known.

    Examples
    --------
    >>> from highdicom.standard import get_module_usage
    >>> get_module_usage("overlay-plane", "1.2.840.10008.5.1.4.1.1.2").value
    'U'

    """
    iod = iod_of(sop_class_uid)
    key = FUNCTIONAL_GROUPS_MODULE if module_key == iod.key + _SUFFIX else module_key
    return next((use.usage for use in iod.modules if use.module == key), None)


def is_attribute_in_iod(
    attribute: str,
    sop_class_uid: str,
    exclude_path_elements: Sequence[str] | None = None,
) -> bool:
    """Whether an attribute stands anywhere in the IOD of a SOP class.

    Parameters
    ----------
    attribute
        Keyword.
    sop_class_uid
        SOP Class UID.
    exclude_path_elements
        Keywords of sequences. What stands in one of them does not count.

    Raises
    ------
    InvalidArgumentError
        If the SOP class is not known.

    Examples
    --------
    >>> from highdicom.standard import is_attribute_in_iod
    >>> is_attribute_in_iod("SegmentLabel", "1.2.840.10008.5.1.4.1.1.66.4")
    True

    """
    iod = iod_of(sop_class_uid)
    excluded = set(exclude_path_elements or ())
    for use in iod.modules:
        key = use.module
        if key == FUNCTIONAL_GROUPS_MODULE:
            key = iod.key + _SUFFIX
        if any(
            entry["keyword"] == attribute and excluded.isdisjoint(entry["path"])
            for entry in MODULE_ATTRIBUTE_MAP[key]
        ):
            return True
    return False


# Required attributes of a module


def _missing(
    dataset: Dataset, tree: Tree, path: str, *, check_optional_sequences: bool
) -> Iterator[str]:
    """Paths of required attributes that are not there."""
    for keyword, entry in tree.items():
        is_required = entry["type"] in {"1", "2"}
        if keyword not in dataset:
            if is_required:
                yield path + keyword
            continue
        if "attributes" not in entry or not (is_required or check_optional_sequences):
            continue
        element = dataset.data_element(keyword)
        items = items_of(dataset, element.tag) if element is not None else None
        for index, item in enumerate(items or ()):
            yield from _missing(
                item,
                entry["attributes"],
                f"{path}{keyword}[{index}].",
                check_optional_sequences=check_optional_sequences,
            )


def check_required_attributes(
    dataset: Dataset,
    module: str,
    base_path: Sequence[str] | None = None,
    check_optional_sequences: bool = True,
) -> None:
    """Check that a dataset has the attributes of a module that it must have.

    These are those of Type 1 and Type 2; conditions are not looked at. `validate` checks
    more.

    Parameters
    ----------
    dataset
        Data set or item.
    module
        Key of the module.
    base_path
        Keywords of the sequences in which the item stands in the module.
    check_optional_sequences
        Whether the items of sequences that need not be there are checked, too.

    Raises
    ------
    MissingAttributeError
        If attributes are missing.
    InvalidArgumentError
        If there is no such module, or no such path in it.

    Examples
    --------
    >>> from pydicom.dataset import Dataset
    >>> from highdicom.standard import check_required_attributes
    >>> dataset = Dataset()
    >>> dataset.Manufacturer = ""
    >>> check_required_attributes(dataset, "general-equipment")

    """
    tree = _module_tree(module)
    for keyword in base_path or ():
        entry = tree["attributes"].get(keyword, {})
        if "attributes" not in entry:
            raise InvalidArgumentError(
                f"'base_path' is {list(base_path or ())}, but the module '{module}' has "
                "no such sequence."
            )
        tree = entry
    missing = list(
        _missing(
            dataset,
            tree["attributes"],
            "",
            check_optional_sequences=check_optional_sequences,
        )
    )
    if missing:
        names = ", ".join(f"'{path}'" for path in missing)
        raise MissingAttributeError(
            f"The dataset lacks {names}, which the module '{module}' requires.",
            path=missing[0],
            keyword=missing[0].rpartition(".")[2],
        )
