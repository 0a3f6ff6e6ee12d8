"""Locks for objects that are pickled, copied and carried into child processes."""

import os
from threading import RLock
from types import TracebackType
from typing import Any
from weakref import WeakSet

__all__ = ["PortableLock"]


class PortableLock:
    """A re-entrant lock of the process it is used in.

    Copies and unpickled ones are fresh locks. In a child process made by ``fork`` the
    lock is free, even if another thread of the parent held it at that moment.

    Examples
    --------
    >>> import pickle
    >>> lock = PortableLock()
    >>> with lock, pickle.loads(pickle.dumps(lock)):
    ...     pass

    """

    def __init__(self) -> None:
        self._lock = RLock()
        _locks.add(self)

    def renew(self) -> None:
        """Forget who holds the lock."""
        self._lock = RLock()

    def __enter__(self) -> None:
        """Wait for the lock."""
        self._lock.acquire()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Give the lock back."""
        self._lock.release()

    def __reduce__(self) -> tuple[Any, ...]:
        """Copy and pickle as a fresh lock."""
        return PortableLock, ()


_locks: WeakSet[PortableLock] = WeakSet()


def _renew_all() -> None:
    for lock in list(_locks):
        lock.renew()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew_all)
