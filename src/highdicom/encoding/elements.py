"""Single data elements, made without paying pydicom's conversion and validation.

pydicom converts and checks a value each time it is assigned by keyword. Where a value
is known to be right already (it came out of a declaration that checked it, or is a
constant), the element is built here as pydicom would have built it, and stored as
pydicom would have stored it.

Two kinds are made. A :class:`pydicom.dataelem.DataElement` holds a Python value; it may
be changed and so belongs to one dataset. A :class:`pydicom.dataelem.RawDataElement`
holds encoded bytes; it is immutable and may be shared by any number of datasets.
"""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, TypeVar

from pydicom.charset import default_encoding
from pydicom.datadict import dictionary_VR, tag_for_keyword
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset
from pydicom.multival import MultiValue
from pydicom.sequence import Sequence
from pydicom.tag import BaseTag
from pydicom.uid import UID
from pydicom.valuerep import IS, DSfloat, PersonName

__all__ = [
    "TagPath",
    "data_element",
    "dataset_of_elements",
    "new_dataset",
    "put",
    "put_sequence",
    "raw_element",
    "stored_element",
    "tag_of",
    "vr_of",
]

DatasetT = TypeVar("DatasetT", bound=Dataset)

TagPath = tuple[int, ...]
"""Tags from the outermost sequence inside an item down to an element or sequence."""


@cache
def tag_of(keyword: str) -> BaseTag:
    """Tag of an attribute.

    Raises
    ------
    KeyError
        If the dictionary has no such keyword.

    """
    tag = tag_for_keyword(keyword)
    if tag is None:
        raise KeyError(keyword)
    return BaseTag(tag)


@cache
def vr_of(keyword: str) -> str:
    """Value representation of an attribute; "US or SS" and the like are left so."""
    return dictionary_VR(tag_of(keyword))


def _decimal_string(value: Any) -> DSfloat:
    if isinstance(value, DSfloat):
        return value
    made: DSfloat = DSfloat(value, auto_format=True)  # pyright: ignore[reportAssignmentType]
    return made


# What pydicom hands to readers of an element, by value representation. All other
# representations are handed out as they are.
_CONVERTED: dict[str, Callable[[Any], Any]] = {
    "DS": _decimal_string,
    "IS": IS,
    "PN": PersonName,
    "UI": UID,
}


def _as_is(value: Any) -> Any:
    return value


def _stored_value(vr: str, value: Any) -> Any:
    """Value as an element read from a file would hold it."""
    if value is None:
        # As pydicom does: an empty value is None for numbers and text for text.
        return value
    convert = _CONVERTED.get(vr)
    if isinstance(value, (list, tuple, MultiValue)):
        if len(value) == 1:
            return convert(value[0]) if convert else value[0]
        return MultiValue(convert or _as_is, value)
    return convert(value) if convert else value


_ELEMENT_STATE = DataElement(0x00080060, "CS", "OT").__dict__


def _element(tag: BaseTag, vr: str, stored: Any) -> DataElement:
    element = DataElement.__new__(DataElement)
    state = element.__dict__
    state.update(_ELEMENT_STATE)
    state["tag"] = tag
    state["VR"] = vr
    state["_value"] = stored
    return element


def data_element(keyword: str, value: Any, vr: str | None = None) -> DataElement:
    """Make an element from a value that is known to be right.

    Parameters
    ----------
    keyword
        Keyword of a standard attribute.
    value
        Value, list of values, or a sequence of datasets.
    vr
        Needed where the dictionary leaves a choice.

    """
    tag = tag_of(keyword)
    vr = vr or vr_of(keyword)
    if vr == "SQ":
        return _element(tag, vr, _sequence(value))
    return _element(tag, vr, _stored_value(vr, value))


def put(dataset: Dataset, keyword: str, value: Any, vr: str | None = None) -> None:
    """Store a value that is known to be right; parameters as of `data_element`."""
    element = data_element(keyword, value, vr)
    dataset._dict[element.tag] = element  # noqa: SLF001 (the whole point)


def stored_element(
    dataset: Dataset, keyword: str
) -> DataElement | RawDataElement | None:
    """Give an element as it stands in a dataset, encoded or not; None if absent.

    The same as ``Dataset.get_item`` in a quarter of the time, for what is asked of each
    of many images. An element whose value is to be read later has none yet.
    """
    return dataset._dict.get(tag_of(keyword))  # noqa: SLF001 (the whole point)


def _sequence(items: Iterable[Dataset]) -> Sequence:
    if isinstance(items, Sequence):
        return items
    sequence = Sequence.__new__(Sequence)
    sequence.__dict__["_list"] = list(items)
    return sequence


def put_sequence(dataset: Dataset, keyword: str, items: Iterable[Dataset]) -> None:
    """Store items that are known to be datasets; a pydicom sequence is kept itself."""
    tag = tag_of(keyword)
    dataset._dict[tag] = _element(tag, "SQ", _sequence(items))  # noqa: SLF001


def raw_element(tag: int, vr: str, value: bytes) -> RawDataElement:
    """Make an element from encoded bytes (explicit VR little endian), padded if odd.

    Text other than ASCII must not be given: its encoding depends on the dataset that
    the element will stand in.
    """
    if len(value) & 1:
        value += b"\0" if vr in {"UI", "OB", "UN"} else b" "
    return RawDataElement(BaseTag(tag), vr, len(value), value, 0, False, True)


def _empty_dataset_state() -> dict[str, Any]:
    prototype = Dataset()
    # So that pydicom writes raw elements as they are.
    prototype.set_original_encoding(
        is_implicit_vr=False, is_little_endian=True, character_encoding=default_encoding
    )
    state = dict(prototype.__dict__)
    del state["_dict"], state["_private_blocks"]
    del state["_pixel_array_opts"], state["_pixel_id"]
    return state


_DATASET_STATE = _empty_dataset_state()


def initialise(dataset: Dataset, elements: dict[BaseTag, Any]) -> None:
    """Do what ``Dataset.__init__`` does, in a tenth of the time."""
    state = dataset.__dict__
    state.update(_DATASET_STATE)
    state["_dict"] = elements
    state["_private_blocks"] = {}
    state["_pixel_array_opts"] = {"use_pdh": False}
    state["_pixel_id"] = {}


def new_dataset(cls: type[DatasetT]) -> DatasetT:
    """Make an empty dataset of a class without calling its constructor."""
    return dataset_of_elements(cls, {})


def dataset_of_elements(cls: type[DatasetT], elements: dict[BaseTag, Any]) -> DatasetT:
    """Make a dataset of a class around elements by tag, which it takes over."""
    dataset = cls.__new__(cls)
    initialise(dataset, elements)
    return dataset
