"""Annotations as data frames of GeoPandas."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from highdicom.errors import MissingDependencyError

__all__ = ["data_frame"]


def data_frame(
    geometries: npt.NDArray[Any], label: str, columns: Mapping[str, npt.NDArray[Any]]
) -> Any:
    """Make a data frame.

    Parameters
    ----------
    geometries
        Geometries of Shapely, shape (n,).
    label
        Name of the group of annotations, in each row.
    columns
        Further values by name, each of shape (n,).

    Returns
    -------
    geopandas.GeoDataFrame
        Indexed by one-based number of the annotation.

    Raises
    ------
    MissingDependencyError
        If GeoPandas is not installed.

    """
    try:
        import geopandas  # noqa: PLC0415 (optional)
    except ImportError as error:
        raise MissingDependencyError(
            "geopandas", "shapes", "make data frames of annotations"
        ) from error
    return geopandas.GeoDataFrame(
        {"label": label, **columns},
        geometry=geometries,
        index=np.arange(1, len(geometries) + 1),
    )
