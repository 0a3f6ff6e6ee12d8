"""Files and folders are checked along the tables of the standard."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from pydicom import dcmread
from pydicom.errors import InvalidDicomError

from highdicom.base import read
from highdicom.errors import HighdicomError, SourceError
from highdicom.records import record
from highdicom.standard import Violation, validate
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
        told = ", ".join(f"{count} {name}(s)" for name, count in sorted(counts.items()))
        lines = [
            f"  {found['severity']}: {found['path']}: {found['message']}"
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
    try:
        # Pixel data says nothing of what is checked, and may be large.
        return read(path, lazy_frame_retrieval=True).validate()
    except SourceError:
        raise
    except _UNREADABLE:
        # What cannot be used as the object that it should be can still be checked.
        return validate(dcmread(path, defer_size=_LARGE))
