"""Errors that only volumes raise."""

from highdicom.errors import ArgumentError, HighdicomError

__all__ = ["VolumeError", "VolumeIndexError"]


class VolumeError(HighdicomError, RuntimeError):
    """A volume cannot be brought into the form asked for."""


class VolumeIndexError(ArgumentError, IndexError):
    """An index lies outside a volume or selects nothing."""
