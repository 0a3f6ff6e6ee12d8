"""Tables for pandas and polars."""

import importlib
from collections.abc import Iterable, Mapping, Sequence as AnySequence
from typing import Any

from highdicom.errors import InvalidArgumentError, MissingDependencyError

__all__ = ["dataframe_of"]

_LIBRARIES = ("pandas", "polars")


def dataframe_of(
    records: Iterable[Mapping[str, Any]], columns: AnySequence[str], library: str
) -> Any:
    """Make a data frame of records.

    Parameters
    ----------
    records
        Values by name of the column.
    columns
        Names of the columns.
    library
        Package that the data frame is for: pandas or polars.

    Returns
    -------
    pandas.DataFrame | polars.DataFrame
        One row a record.

    Raises
    ------
    InvalidArgumentError
        If it is for another package.
    MissingDependencyError
        If the package is not installed.

    """
    if library not in _LIBRARIES:
        raise InvalidArgumentError(
            f"'library' must be one of {', '.join(_LIBRARIES)}, not {library!r}."
        )
    try:
        package = importlib.import_module(library)
    except ImportError as error:
        raise MissingDependencyError(
            library, "tables", "make a data frame of a report"
        ) from error
    # By column: polars would take the type of a column from its first rows only.
    rows = list(records)
    return package.DataFrame({name: [row[name] for row in rows] for name in columns})
