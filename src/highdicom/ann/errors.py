"""Errors that only annotations raise."""

from highdicom.errors import ArgumentError, DatasetError

__all__ = ["AnnotationIndexError", "AnnotationNumberError"]


class AnnotationNumberError(ArgumentError, IndexError, ValueError):
    """There is no annotation of that number in the group."""


class AnnotationIndexError(DatasetError, IndexError, ValueError):
    """A list of indices points at annotations or points that do not exist."""
