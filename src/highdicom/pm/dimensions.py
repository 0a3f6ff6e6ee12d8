"""By which attributes the frames of a parametric map are told apart (C.7.6.17)."""

from highdicom.enum import CoordinateSystemNames
from highdicom.image.dimension_index import PositionIndexSequence

__all__ = ["DimensionIndexSequence"]


class DimensionIndexSequence(PositionIndexSequence):
    """Dimension Index Sequence of a map without channels (PS3.3 C.7.6.17).

    Maps have one when they are made: it is kept for those who call it by themselves,
    which is deprecated.

    Parameters
    ----------
    coordinate_system
        What positions of planes refer to; None if there is no frame of reference.

    Raises
    ------
    InvalidArgumentError
        If the coordinate system is unknown.

    Examples
    --------
    >>> import warnings
    >>> from highdicom.pm import DimensionIndexSequence
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")
    ...     dimensions = DimensionIndexSequence("SLIDE")
    >>> dimensions.get_index_position("ColumnPositionInTotalImagePixelMatrix")
    1

    """

    def __init__(self, coordinate_system: str | CoordinateSystemNames | None) -> None:
        super().__init__(coordinate_system)
