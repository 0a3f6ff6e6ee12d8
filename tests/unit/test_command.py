"""The console command."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from pydicom import dcmread

from highdicom.command import main
from highdicom.testing import ct_series


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    sound, wrong = ct_series(number_of_slices=2)
    del wrong.PixelSpacing
    wrong.PatientPosition = "SITTING"
    sound.save_as(tmp_path / "sound.dcm", enforce_file_format=True)
    wrong.save_as(tmp_path / "wrong.dcm", enforce_file_format=True)
    (tmp_path / "notes.txt").write_text("not DICOM")
    return tmp_path


def test_a_valid_file_is_called_valid(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = folder / "sound.dcm"
    assert main(["validate", str(path)]) == 0
    assert capsys.readouterr().out == f"{path}: valid\n"


def test_violations_are_listed_with_their_place(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["validate", str(folder / "wrong.dcm")]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith("wrong.dcm: 1 error(s), 1 warning(s)")
    assert any(line.startswith("  error: PixelSpacing: ") for line in lines)
    assert any(line.startswith("  warning: PatientPosition: ") for line in lines)


def test_folders_are_searched_for_dicom_files(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["validate", "--json", "--errors-only", str(folder)]) == 1
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [Path(file["path"]).name for file in found] == ["sound.dcm", "wrong.dcm"]
    assert [v["path"] for v in found[1]["violations"]] == ["PixelSpacing"]


def test_a_file_that_is_not_dicom_is_named(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["validate", str(folder / "notes.txt")]) == 2
    assert "notes.txt: not readable: " in capsys.readouterr().out


def test_what_cannot_be_used_as_an_image_is_checked_all_the_same(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    image = ct_series(number_of_slices=1)[0]
    del image.Rows
    image.save_as(folder / "no-rows.dcm", enforce_file_format=True)
    assert main(["validate", str(folder / "no-rows.dcm")]) == 1
    assert "  error: Rows: " in capsys.readouterr().out


def test_a_damaged_file_does_not_keep_others_from_being_checked(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = (folder / "sound.dcm").read_bytes()
    # Neither a value representation of the standard nor one that pydicom knows.
    damaged = content.replace(b"\x10\x00\x10\x00PN", b"\x10\x00\x10\x00Q?")
    assert damaged != content
    (folder / "a-damaged.dcm").write_bytes(damaged)
    assert main(["validate", str(folder)]) in {1, 2}
    told = capsys.readouterr().out
    assert "a-damaged.dcm: " in told
    assert "sound.dcm: valid" in told


def test_the_version_is_told_without_loading_pydicom() -> None:
    code = (
        "import sys\n"
        "from highdicom.command import main\n"
        "try:\n    main(['--version'])\n"
        "except SystemExit:\n    sys.exit('pydicom' in sys.modules)\n"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_file_that_ends_too_early_is_not_valid(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = folder / "sound.dcm"
    path.write_bytes(path.read_bytes()[:-10])
    assert main(["validate", str(path)]) == 1
    assert "error: PixelData: " in capsys.readouterr().out


def test_what_was_tolerated_in_reading_is_a_finding(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = folder / "sound.dcm"
    path.write_bytes(path.read_bytes()[132:])
    assert main(["validate", str(path)]) == 0
    assert "warning: the file has no preamble" in capsys.readouterr().out


def test_file_meta_information_is_of_the_instance(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = folder / "sound.dcm"
    instance = dcmread(path)
    instance.SOPInstanceUID = "1.2.3"
    instance.save_as(path, enforce_file_format=False)
    assert main(["validate", str(path)]) == 1
    assert "error: MediaStorageSOPInstanceUID: " in capsys.readouterr().out
