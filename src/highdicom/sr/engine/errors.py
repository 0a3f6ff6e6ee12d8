"""Errors of content that does not follow its template."""

from highdicom.errors import DatasetError

__all__ = ["TemplateMismatchError"]


class TemplateMismatchError(DatasetError, ValueError, TypeError):
    """Content items do not follow the template that they are read as."""
