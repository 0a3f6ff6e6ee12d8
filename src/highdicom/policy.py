"""What to do with datasets that deviate from the standard when reading."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import Enum

from highdicom.errors import NonconformantDatasetError, NonconformantDatasetWarning

__all__ = ["ReadingPolicy", "current_reading_policy", "reading_policy", "tolerate"]


class ReadingPolicy(Enum):
    """How small deviations from the standard are met."""

    STRICT = "strict"
    """They are errors."""

    WARN = "warn"
    """They are accepted with a warning that names what was assumed (the default)."""

    LENIENT = "lenient"
    """They are accepted silently."""


_policy: ContextVar[ReadingPolicy] = ContextVar(
    "highdicom_reading_policy", default=ReadingPolicy.WARN
)


def current_reading_policy() -> ReadingPolicy:
    """Policy in force here."""
    return _policy.get()


@contextmanager
def reading_policy(policy: ReadingPolicy | str) -> Iterator[None]:
    """Set the policy for a block.

    Parameters
    ----------
    policy
        ``"strict"``, ``"warn"`` or ``"lenient"``.

    Examples
    --------
    >>> from highdicom.policy import reading_policy
    >>> with reading_policy("strict"):
    ...     pass  # what is read here has to conform

    """
    token = _policy.set(ReadingPolicy(policy))
    try:
        yield
    finally:
        _policy.reset(token)


def tolerate(
    deviation: str,
    assumption: str,
    *,
    keyword: str | None = None,
    path: str | None = None,
    source: str | None = None,
    stacklevel: int = 3,
) -> None:
    """Accept, report or refuse a deviation, as the policy in force says.

    Never to be used where going on would guess at geometry: that is an error.

    Parameters
    ----------
    deviation
        What is wrong: a clause without a full stop.
    assumption
        What is assumed instead: a clause without a full stop.
    keyword, path
        Attribute concerned and its place in the dataset.
    source
        Name of the file or other source, if known.
    stacklevel
        As of :func:`warnings.warn`; names the caller's caller.

    Raises
    ------
    NonconformantDatasetError
        If the policy is strict.

    """
    policy = _policy.get()
    if policy is ReadingPolicy.LENIENT:
        return
    where = ": ".join(str(part) for part in (source, path or keyword) if part)
    message = f"{where}: {deviation}" if where else deviation
    if policy is ReadingPolicy.STRICT:
        raise NonconformantDatasetError(f"{message}.", keyword=keyword, path=path)
    warnings.warn(
        f"{message}; {assumption}.", NonconformantDatasetWarning, stacklevel=stacklevel
    )
