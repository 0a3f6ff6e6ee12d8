"""Errors of content that does not follow its template."""

from highdicom.errors import ArgumentTypeError, DatasetError, InvalidArgumentError

__all__ = ["MemberTypeError", "TemplateMismatchError"]


class TemplateMismatchError(DatasetError, ValueError, TypeError):
    """Content items do not follow the template that they are read as."""


class MemberTypeError(ArgumentTypeError, InvalidArgumentError):
    """A member of a sequence has another type than it must have."""
