"""Errors of content that does not follow its template."""

from highdicom.errors import DatasetError

__all__ = ["UnexpectedContentError"]


class UnexpectedContentError(DatasetError, RuntimeError):
    """A sequence does not hold the content items that it should."""
