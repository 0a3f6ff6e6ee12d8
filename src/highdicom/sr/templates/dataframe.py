"""Tables for pandas."""

from collections.abc import Iterable, Mapping, Sequence as AnySequence
from typing import Any

from highdicom.errors import MissingDependencyError

__all__ = ["dataframe_of"]


def dataframe_of(
    records: Iterable[Mapping[str, Any]], columns: AnySequence[str]
) -> Any:
    """Make a data frame of records.

    Parameters
    ----------
    records
        Values by name of the column.
    columns
        Names of the columns.

    Returns
    -------
    pandas.DataFrame
        One row a record.

    Raises
    ------
    MissingDependencyError
        If pandas is not installed.

    """
    try:
        import pandas as pd  # noqa: PLC0415 (an optional dependency)
    except ImportError as error:
        raise MissingDependencyError(
            "pandas", "tables", "make a data frame of a report"
        ) from error
    return pd.DataFrame(list(records), columns=list(columns))
