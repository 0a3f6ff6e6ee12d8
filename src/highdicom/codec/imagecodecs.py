"""Codecs of the optional package imagecodecs, which release the interpreter.

Only those are used that give the same values as the others: no lossy JPEG.
"""

import sys
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from threading import Lock, local
from typing import Any

import numpy as np
import numpy.typing as npt

from highdicom.errors import FrameCodingError, MissingDependencyError

__all__ = [
    "decode_high_throughput",
    "decode_jpeg_2000",
    "decode_jpeg_ls",
    "decode_run_lengths",
    "encode_high_throughput",
    "encode_jpeg_2000",
    "encode_run_lengths",
    "is_available",
]

Array = npt.NDArray[Any]


@cache
def is_available(codec: str) -> bool:
    """Whether the package is installed and has a codec, such as ``"HTJ2K"``."""
    if find_spec("imagecodecs") is None:
        return False
    return bool(getattr(getattr(_package(codec), codec, None), "available", False))


def decode_run_lengths(segment: bytes) -> bytes:
    """Decode a segment of RLE.

    Its decoder of whole frames does not check where their segments are.
    """
    plane: bytes = _package("PACKBITS").packbits_decode(segment)
    return plane


def encode_run_lengths(plane: npt.NDArray[np.uint8]) -> bytes:
    """Encode a plane of bytes into a segment of RLE, row by row."""
    segment: bytes = _package("PACKBITS").packbits_encode(plane, axis=-1)
    return segment


def decode_jpeg_ls(data: bytes) -> Array:
    """Decode JPEG-LS into unsigned samples."""
    decoded: Array = _package("JPEGLS").jpegls_decode(data)
    return decoded


def decode_jpeg_2000(data: bytes) -> Array:
    """Decode JPEG 2000."""
    decoded: Array = _package("JPEG2K").jpeg2k_decode(data)
    return decoded


def encode_jpeg_2000(
    frame: Array, bits_stored: int, *, noise_ratio: int, use_transform: bool
) -> bytes:
    """Encode JPEG 2000, with as many resolutions as a small frame can have.

    A peak signal-to-noise ratio of zero stands for no loss.
    """
    # The codec takes a precision of up to eight bits from samples of one byte alone.
    samples = frame.astype(f"{frame.dtype.kind}1") if bits_stored <= 8 else frame
    encoded: bytes = _package("JPEG2K").jpeg2k_encode(
        samples,
        level=noise_ratio,
        reversible=noise_ratio == 0,
        codecformat="j2k",
        bitspersample=bits_stored,
        resolutions=min(6, min(frame.shape[:2]).bit_length()),
        mct=use_transform,
    )
    return encoded


def decode_high_throughput(data: bytes) -> Array:
    """Decode HTJ2K.

    Raises
    ------
    FrameCodingError
        If the codestream is damaged.

    """
    with _hook as errors:
        decoded: Array = _package("HTJ2K").htj2k_decode(data)
    if errors:
        raise FrameCodingError(f"A codestream of HTJ2K is damaged ({errors[0]}).")
    return decoded


class _Hook:
    """Keeps errors that the package cannot raise, of which it only tells the hook.

    What it returns then is whatever was in memory. The hook is called in the thread in
    which the error occurred, and is that of all threads.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._users = 0
        self._local = local()
        self._previous: Callable[[Any], object] = sys.unraisablehook

    def __enter__(self) -> list[str]:
        errors: list[str] = []
        self._local.errors = errors
        with self._lock:
            if not self._users:
                self._previous, sys.unraisablehook = sys.unraisablehook, self._keep
            self._users += 1
        return errors

    def __exit__(self, *details: object) -> None:
        with self._lock:
            self._users -= 1
            if not self._users:
                sys.unraisablehook = self._previous

    def _keep(self, told: Any) -> None:
        if "imagecodecs" in str(told.object) and hasattr(self._local, "errors"):
            self._local.errors.append(str(told.exc_value))
        else:
            self._previous(told)


_hook = _Hook()


def encode_high_throughput(frame: Array, *, use_transform: bool) -> bytes:
    """Encode High-Throughput JPEG 2000 without loss, in the bits of the data type."""
    encoded: bytes = _package("HTJ2K").htj2k_encode(
        frame, reversible=True, rgb=use_transform if frame.ndim == 3 else None
    )
    return encoded


def _package(codec: str) -> Any:
    try:
        import imagecodecs  # noqa: PLC0415 (optional)
    except ImportError as error:
        raise MissingDependencyError(
            "imagecodecs", "fast-codecs", f"use the codec {codec}"
        ) from error
    return imagecodecs
