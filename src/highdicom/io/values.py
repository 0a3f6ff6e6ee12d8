"""Values of attributes of datasets that may be damaged."""

from typing import Any

from pydicom.dataset import Dataset

from highdicom.errors import InvalidAttributeError

__all__ = ["value_of"]


def value_of(dataset: Dataset, keyword: str, default: Any = None) -> Any:
    """Return the value of an attribute, or the default if it is absent or empty.

    Raises
    ------
    InvalidAttributeError
        If the value cannot be decoded.

    """
    try:
        value = dataset.get(keyword)
    except Exception as error:
        raise InvalidAttributeError(
            f"'{keyword}' cannot be decoded ({str(error).rstrip('.')}).",
            keyword=keyword,
        ) from error
    return default if value is None or value == "" else value
