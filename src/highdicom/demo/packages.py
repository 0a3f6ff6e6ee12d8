"""Packages that only the demonstration needs."""

from importlib import import_module
from typing import Any

from highdicom.errors import MissingDependencyError

__all__ = ["required"]


def required(module: str, package: str, purpose: str) -> Any:
    """Import a module of a package that not every user has.

    Raises
    ------
    MissingDependencyError
        If it is not installed, saying what it is needed to do.

    """
    try:
        return import_module(module)
    except ImportError as error:
        raise MissingDependencyError(package, "demo", purpose) from error
