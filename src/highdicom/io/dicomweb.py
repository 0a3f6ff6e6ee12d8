"""Frames over DICOMweb: metadata and frames by WADO-RS (PS3.18 10.4)."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from threading import local
from typing import Any, TypeVar
from urllib.parse import urljoin

import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)

from highdicom.errors import SourceError
from highdicom.io.byte_source import SourceNotFoundError
from highdicom.io.codestreams import transfer_syntax_of
from highdicom.io.frame_reader import checked_index, number_of_frames_of
from highdicom.io.json_model import elements_of_json
from highdicom.io.locking import PortableLock
from highdicom.policy import tolerate
from highdicom.uid import UID

__all__ = ["DicomWebFrameReader"]

Result = TypeVar("Result")

_PIXEL_DATA = ("7FE00001", "7FE00002", "7FE00008", "7FE00009", "7FE00010")
_TRANSFER_SYNTAX_TAGS = ("00020010", "00083002")
_NATIVE = {
    ImplicitVRLittleEndian,
    ExplicitVRLittleEndian,
    DeflatedExplicitVRLittleEndian,
}

# As stored is asked for first, then whatever the server gives by itself.
_MEDIA_TYPES: tuple[Any, ...] = (
    (("application/octet-stream", "*"),),
    (("*/*", "*"),),
    None,
)
_NOT_ACCEPTABLE = {400, 406, 415}

_MOST_FRAMES_A_REQUEST = 64
_MOST_BYTES_A_REQUEST = 1 << 23

# What the last response to this thread said of its first part.
_heard = local()


def _listen(response: Any, *_: Any, **__: Any) -> None:
    """Note what a response says of its transfer syntax; a hook of requests."""
    header = response.content[:2048].partition(b"\r\n\r\n")[0].decode("latin-1")
    described = [response.headers.get("Content-Type", ""), *header.splitlines()]
    for line in described:
        for parameter in line.split(";")[1:]:
            name, _, value = parameter.partition("=")
            if name.strip().lower() == "transfer-syntax":
                _heard.transfer_syntax_uid = value.strip().strip('"')


class DicomWebFrameReader:
    """Reads dataset and frames of an instance that a DICOMweb server has.

    The dataset comes as metadata with the first request. Frames come when they are
    asked for, as they are stored if the server agrees to that.

    Parameters
    ----------
    client
        Client of the package dicomweb-client.
    study
        Study Instance UID.
    series
        Series Instance UID.
    instance
        SOP Instance UID.

    Raises
    ------
    SourceNotFoundError
        If the server has no such instance.
    SourceError
        If the server cannot be reached or refuses.
    NonconformantDatasetError
        If the metadata are not in the DICOM JSON Model.

    """

    def __init__(self, client: Any, study: str, series: str, instance: str) -> None:
        self._client = client
        self._uids = (str(study), str(series), str(instance))
        self._name = f"instance {instance}"
        self._lock = PortableLock()
        self._media_types = 0
        self._first_frame: bytes | None = None
        self._is_aligned: bool | None = None
        metadata = self._ask(client.retrieve_instance_metadata, *self._uids)
        self._elements = elements_of_json(
            metadata, self._fetch_bulk_data, skipped=_PIXEL_DATA
        )
        self._attributes = Dataset(dict(self._elements))
        self._number_of_frames = number_of_frames_of(self._attributes, self._name)
        self._transfer_syntax_uid = _declared_transfer_syntax(metadata)

    @property
    def number_of_frames(self) -> int:
        """Number of frames, one at least."""
        return self._number_of_frames

    @property
    def transfer_syntax_uid(self) -> UID:
        """Transfer syntax in which the server sends frames.

        If the metadata do not say so, the first frame is fetched, and what the server
        says of it or how it starts decides.

        Raises
        ------
        SourceError
            If the frame cannot be had, or its transfer syntax cannot be told.

        """
        with self._lock:
            if self._transfer_syntax_uid is None:
                self._learn_transfer_syntax()
            assert self._transfer_syntax_uid is not None
            return self._transfer_syntax_uid

    def _learn_transfer_syntax(self) -> None:
        hooks = getattr(getattr(self._client, "_session", None), "hooks", {})
        listeners = hooks.get("response")
        _heard.transfer_syntax_uid = None
        if isinstance(listeners, list):
            listeners.append(_listen)
        try:
            frame = self._fetch([0])[0]
        finally:
            if isinstance(listeners, list):
                listeners.remove(_listen)
        uid = _heard.transfer_syntax_uid
        if uid in {None, "", "*"}:
            is_native = self._frame_bits is not None and len(frame) in {
                -(-self._frame_bits // 8) + padding for padding in (0, 1)
            }
            uid = ExplicitVRLittleEndian if is_native else transfer_syntax_of(frame)
        if uid is None:
            raise SourceError(
                f"{self._name}: The server does not say in which transfer syntax it "
                "sends frames, nor do they look like any.",
                source=self._name,
            )
        self._first_frame = frame
        self._transfer_syntax_uid = UID(uid)

    @property
    def _frame_bits(self) -> int | None:
        """Number of bits of a native frame, if the metadata say it."""
        keywords = ("Rows", "Columns", "SamplesPerPixel", "BitsAllocated")
        values = [self._attributes.get(keyword) for keyword in keywords]
        if not all(isinstance(value, int) for value in values):
            return None
        return int(np.prod(values, dtype=np.int64))

    def read_dataset(self) -> Dataset:
        """Return everything but the pixel data; it belongs to the caller.

        Text is in UTF-8. Sequences are raw elements until they are used.
        """
        dataset = Dataset(dict(self._elements))
        dataset.set_original_encoding(
            is_implicit_vr=False,
            is_little_endian=True,
            character_encoding=dataset._character_set,  # noqa: SLF001 (see header.py)
        )
        meta = FileMetaDataset()
        meta.TransferSyntaxUID = self.transfer_syntax_uid
        for name, keyword in (
            ("MediaStorageSOPClassUID", "SOPClassUID"),
            ("MediaStorageSOPInstanceUID", "SOPInstanceUID"),
        ):
            if keyword in dataset:
                setattr(meta, name, dataset[keyword].value)
        dataset.file_meta = meta
        return dataset

    def read_frame(self, index: int) -> bytes:
        """Return a frame.

        Parameters
        ----------
        index
            Zero-based index of the frame.

        Raises
        ------
        FrameNumberError
            If there is no such frame.
        SourceError
            If the server does not give it.

        """
        return next(self.read_frames([index]))

    def read_frames(self, indices: Iterable[int]) -> Iterator[bytes]:
        """Yield frames in the order asked for, several with each request.

        Parameters
        ----------
        indices
            Zero-based indices of the frames.

        Raises
        ------
        FrameNumberError, SourceError
            As of :meth:`read_frame`.

        """
        remaining = iter(indices)
        size = (self._frame_bits or 0) // 8 + 1
        count = min(max(_MOST_BYTES_A_REQUEST // size, 1), _MOST_FRAMES_A_REQUEST)
        while batch := [
            checked_index(index, self._number_of_frames)
            for index in islice(remaining, count)
        ]:
            frames = self._take_first(batch) or self._fetch(batch)
            for index, frame in zip(batch, frames, strict=True):
                yield self._as_stored(index, frame)

    def _take_first(self, batch: list[int]) -> list[bytes] | None:
        """Give the frame that is in memory since the transfer syntax was asked for."""
        if batch != [0]:
            return None
        with self._lock:
            frame, self._first_frame = self._first_frame, None
        return None if frame is None else [frame]

    def _fetch(self, batch: list[int]) -> list[bytes]:
        numbers = [index + 1 for index in batch]
        while True:
            media_types = _MEDIA_TYPES[self._media_types]
            try:
                frames: list[bytes] = self._ask(
                    self._client.retrieve_instance_frames,
                    *self._uids,
                    numbers,
                    media_types=media_types,
                )
            except _NotAcceptableError:
                if self._media_types + 1 == len(_MEDIA_TYPES):
                    raise
                self._media_types += 1
                continue
            if len(frames) != len(batch) or not all(frames):
                raise SourceError(
                    f"{self._name}: The server sent {len(frames)} frames, some of them "
                    f"empty perhaps, where {len(batch)} were asked for.",
                    source=self._name,
                )
            return [bytes(frame) for frame in frames]

    def _as_stored(self, index: int, frame: bytes) -> bytes:
        """Move the bits of a frame to where they would be among others in a file."""
        bits = self._frame_bits
        if bits is None or bits % 8 == 0 or self.transfer_syntax_uid not in _NATIVE:
            return frame
        first = index * bits % 8
        if first == 0 or not self._aligns_frames(bits):
            return frame
        values = np.unpackbits(
            np.frombuffer(frame, np.uint8), count=bits, bitorder="little"
        )
        shifted = np.concatenate([np.zeros(first, np.uint8), values])
        return np.packbits(shifted, bitorder="little").tobytes()

    def _aligns_frames(self, bits: int) -> bool:
        """Whether the server lets each frame start on a byte, unlike in a file.

        The standard does not say. Frames that touch one byte more in a file tell.
        """
        with self._lock:
            if self._is_aligned is None:
                size = -(-bits // 8)
                telling = [
                    index
                    for index in range(min(8, self._number_of_frames))
                    if (index * bits % 8 + bits) > 8 * size
                ]
                frames = self._fetch(telling[:1]) if telling else []
                self._is_aligned = all(len(frame) <= size for frame in frames)
            return self._is_aligned

    def _fetch_bulk_data(self, uri: str) -> bytes:
        base = f"{getattr(self._client, 'base_url', '')}/"
        try:
            parts = self._ask(
                self._client.retrieve_bulkdata,
                urljoin(base, uri),
                media_types=("application/octet-stream",),
            )
        except SourceError as error:
            tolerate(
                f"bulk data cannot be had ({str(error).rstrip('.')})",
                "the value is left empty",
                source=self._name,
            )
            return b""
        return b"".join(parts)

    def _ask(
        self, method: Callable[..., Result], *arguments: Any, **options: Any
    ) -> Result:
        """Call a method of the client and translate what it may raise."""
        try:
            return method(*arguments, **options)
        except Exception as error:
            response = getattr(error, "response", None)
            status = getattr(response, "status_code", None)
            kind = SourceError
            if status == 404:
                kind = SourceNotFoundError
            elif status in _NOT_ACCEPTABLE:
                kind = _NotAcceptableError
            raise kind(
                f"{self._name}: The server did not answer as it should "
                f"({str(error).rstrip('.')}).",
                source=self._name,
            ) from error

    def close(self) -> None:
        """Do nothing: the client is not ours to close."""


class _NotAcceptableError(SourceError):
    """The server does not give what is asked for in this form."""


def _declared_transfer_syntax(metadata: Any) -> UID | None:
    """Return the transfer syntax that the metadata name, if it is a single one."""
    for tag in _TRANSFER_SYNTAX_TAGS:
        values = metadata.get(tag, {}).get("Value") or []
        if len(values) == 1 and isinstance(values[0], str):
            return UID(values[0])
    return None
