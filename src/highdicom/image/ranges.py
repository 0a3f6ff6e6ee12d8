"""Sub-ranges of rows, columns and slices, as users ask for them."""

from highdicom.errors import ArgumentTypeError, FrameNumberError, InvalidArgumentError

__all__ = ["resolve_range"]


def resolve_range(
    name: str, start: int | None, end: int | None, size: int, *, as_indices: bool
) -> slice:
    """Make a range of zero-based indices of what a user asks for.

    Parameters
    ----------
    name
        What is counted: "row", "column" or "slice".
    start
        First one wanted; the first there is if not given. Counted from one, or from
        zero `as_indices`, or backwards from the end if negative.
    end
        The one after the last wanted, counted likewise; all to the last if not given.
    size
        How many there are.
    as_indices
        Whether counting begins at zero.

    Raises
    ------
    InvalidArgumentError
        If a number is zero where counting begins at one.
    FrameNumberError
        If the range is empty or begins or ends beyond what there is.

    """
    first = 0 if start is None else _index(f"{name}_start", start, size, as_indices)
    last = size if end is None else _index(f"{name}_end", end, size, as_indices)
    if not (0 <= first < size and 0 < last <= size):
        raise FrameNumberError(
            f"'{name}_start' {start} and '{name}_end' {end} must lie within the {size} "
            f"{name}s that there are."
        )
    if first >= last:
        raise FrameNumberError(
            f"'{name}_start' {start} must lie before '{name}_end' {end}."
        )
    return slice(first, last)


def _index(name: str, value: int, size: int, as_indices: bool) -> int:
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        raise ArgumentTypeError(
            f"'{name}' must be an integer, not {type(value).__name__}."
        )
    value = value.__index__()
    if value < 0:
        return size + value
    if as_indices:
        return value
    if value == 0:
        raise InvalidArgumentError(
            f"'{name}' must not be 0, since counting begins at 1: set 'as_indices' to "
            "True to count from 0."
        )
    return value - 1
