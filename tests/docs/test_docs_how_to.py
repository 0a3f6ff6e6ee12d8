"""The examples of the how-to pages run as they are printed."""

import doctest
import re
import shlex
from pathlib import Path

import pytest

from highdicom import base, command
from highdicom.testing import ct_series

FOLDER = Path(__file__).parents[2] / "docs" / "how-to"
PAGES = sorted(FOLDER.glob("*.md"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_examples_of_page_run(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    # Classes that a page defines are known to it only.
    monkeypatch.setattr(base, "_registered", dict(base._registered))
    results = doctest.testfile(
        str(page), module_relative=False, optionflags=doctest.NORMALIZE_WHITESPACE
    )
    assert results.attempted > 0
    assert results.failed == 0


def test_the_command_prints_what_the_page_shows(tmp_path, monkeypatch, capsys):
    text = (FOLDER / "validate.md").read_text("utf-8")
    (example,) = re.findall(r"```\n\$ highdicom (.*?)```", text, re.DOTALL)
    arguments, _, expected = example.partition("\n")
    monkeypatch.chdir(tmp_path)
    Path("results").mkdir()
    bone, old = ct_series(number_of_slices=2)
    bone.save_as("results/bone.dcm", enforce_file_format=True)
    with pytest.warns(UserWarning, match="Invalid value for VR DA"):
        old.StudyDate = "1997.04.24"
    del old.PixelSpacing
    old.save_as("results/old.dcm", enforce_file_format=True)
    assert command.main(shlex.split(arguments)) == 1
    assert capsys.readouterr().out == expected
