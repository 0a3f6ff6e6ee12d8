"""Files and folders are checked along the tables of the standard."""

import json
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

from pydicom import dcmread
from pydicom.datadict import tag_for_keyword
from pydicom.dataset import Dataset
from pydicom.errors import InvalidDicomError

from highdicom.base import read
from highdicom.errors import (
    HighdicomError,
    InvalidAttributeError,
    MissingAttributeError,
    NonconformantDatasetWarning,
    SourceError,
)
from highdicom.io import FileFrameReader, open_source
from highdicom.records import record
from highdicom.standard import Requirement, Severity, Violation, validate
from highdicom.standard.values import READING_ERRORS

__all__ = ["Findings", "check_files"]

_UNREADABLE = (HighdicomError, InvalidDicomError, *READING_ERRORS)
# Values of more bytes stay in the file.
_LARGE = 1 << 16


@record
class Findings:
    """What was found in one file: violations, or why it could not be read.

    Parameters
    ----------
    path
        The file.
    violations
        Severity, path, message and source of each.
    failure
        Why it could not be read; None if it could.

    """

    path: Path
    violations: Sequence[dict[str, str]]
    failure: str | None = None

    @property
    def status(self) -> int:
        """0 if there is no error, 1 if there is, 2 if the file could not be read."""
        if self.failure is not None:
            return 2
        return int(any(found["severity"] == "error" for found in self.violations))

    def as_json(self) -> str:
        """Tell them to a program, on one line."""
        document: dict[str, object] = {"path": str(self.path)}
        if self.failure is None:
            document["violations"] = list(self.violations)
        else:
            document["failure"] = self.failure
        return json.dumps(document)

    def as_text(self) -> str:
        """Tell them to a person, a line for the file and one for each violation."""
        if self.failure is not None:
            return f"{self.path}: not readable: {self.failure}"
        counts = Counter(found["severity"] for found in self.violations)
        names = {"error": "error(s)", "warning": "warning(s)"}
        told = ", ".join(
            f"{count} {names.get(name, name)}" for name, count in sorted(counts.items())
        )
        lines = [
            ": ".join(
                filter(
                    None, (f"  {found['severity']}", found["path"], found["message"])
                )
            )
            for found in self.violations
        ]
        return "\n".join([f"{self.path}: {told or 'valid'}", *lines])


def check_files(paths: Iterable[Path], *, errors_only: bool) -> Iterator[Findings]:
    """Check files one after the other.

    Parameters
    ----------
    paths
        Files, and folders of which all DICOM files are checked.
    errors_only
        Whether warnings are left out.

    """
    for path in _files(paths):
        yield _findings(path, errors_only=errors_only)


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    """Files that were named, and those DICOM files that are in the folders named."""
    for path in paths:
        if path.is_dir():
            yield from filter(_is_dicom, sorted(path.rglob("*")))
        else:
            yield path


def _is_dicom(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(132)[128:] == b"DICM"


def _findings(path: Path, *, errors_only: bool) -> Findings:
    try:
        violations = _violations(path)
    except _UNREADABLE as error:
        return Findings(path, (), str(error))
    return Findings(
        path,
        [
            {
                "severity": violation.severity.value,
                "path": violation.path,
                "message": violation.message,
                "source": violation.source,
            }
            for violation in violations
            if violation.severity.value == "error" or not errors_only
        ],
    )


def _violations(path: Path) -> list[Violation]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        dataset, violations = _read(path)
        violations += _of_pixel_data(path)
    violations += _of_file_meta(dataset)
    deviations = dict.fromkeys(
        str(warning.message).removeprefix(f"{path}: ")
        for warning in caught
        if issubclass(warning.category, NonconformantDatasetWarning)
    )
    told = [_violation("", text, Severity.WARNING) for text in deviations]
    return [*violations, *told]


def _read(path: Path) -> tuple[Dataset, list[Violation]]:
    """Read a file and check what is in it."""
    try:
        # Pixel data says nothing of what is checked, and may be large.
        instance = read(path, lazy_frame_retrieval=True)
        return instance, instance.validate()
    except SourceError:
        raise
    except _UNREADABLE:
        # What cannot be used as the object that it should be can still be checked.
        dataset = dcmread(path, defer_size=_LARGE)
        return dataset, validate(dataset)


def _of_pixel_data(path: Path) -> list[Violation]:
    """Tell whether a file ends before its last frame does."""
    try:
        with closing(FileFrameReader(open_source(path))) as reader:
            keyword = reader.pixel_data_keyword
            if keyword is None:
                return []
            reader.read_frame(reader.number_of_frames - 1)
    except (MissingAttributeError, InvalidAttributeError):
        return []  # of which the tables tell
    except _UNREADABLE as error:
        keyword = getattr(error, "keyword", None) or "PixelData"
        text = str(error).removeprefix(f"{path}: ").removeprefix(f"{keyword}: ")
        return [_violation(keyword, text)]
    return []


def _of_file_meta(dataset: Dataset) -> list[Violation]:
    """Tell whether file meta information names another instance (PS3.10 7.1)."""
    meta = getattr(dataset, "file_meta", None)
    found = []
    for keyword in ("SOPClassUID", "SOPInstanceUID"):
        name = f"MediaStorage{keyword}"
        stored = None if meta is None else meta.get(name)
        if stored and keyword in dataset and stored != dataset[keyword].value:
            text = f"'{name}' is {stored}, but '{keyword}' is {dataset[keyword].value}."
            found.append(_violation(name, text))
    return found


def _violation(
    keyword: str, text: str, severity: Severity = Severity.ERROR
) -> Violation:
    tag = tag_for_keyword(keyword) or 0
    return Violation(
        keyword, keyword, tag, Requirement.CONSISTENCY, text, severity, "file"
    )
