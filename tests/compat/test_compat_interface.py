"""The public interface stays: names, import paths, parameters, defaults and values."""

import importlib.util
import sys
from pathlib import Path

import pytest

TOOL = Path(__file__).parents[2] / "tools" / "interface.py"


@pytest.fixture(scope="module")
def tool():
    specification = importlib.util.spec_from_file_location("interface_tool", TOOL)
    module = importlib.util.module_from_spec(specification)
    sys.modules[specification.name] = module
    specification.loader.exec_module(module)
    yield module
    del sys.modules[specification.name]


@pytest.fixture(scope="module")
def found(tool):
    return tool.record()


def test_nothing_that_is_recorded_has_gone_or_changed(tool, found):
    recorded = tool.RECORD.read_text(encoding="utf-8").splitlines()
    gone = sorted(set(recorded) - set(found))
    assert not gone, "Write the record anew only if this is meant: " + "\n".join(gone)


def test_every_fact_is_recorded_once(tool):
    recorded = tool.RECORD.read_text(encoding="utf-8").splitlines()
    assert len(recorded) == len(set(recorded)) > 2000


@pytest.mark.parametrize(
    "line",
    [
        "highdicom.seg.Segmentation is highdicom.seg.sop.Segmentation",
        "highdicom.seg.enum.SegmentationTypeValues.BINARY = 'BINARY'",
        "highdicom.seg.utils.iter_segments(dataset)",
        "highdicom.Volume is highdicom.volume.Volume",
    ],
)
def test_names_parameters_and_values_are_seen(found, line):
    assert line in found


def test_a_changed_default_is_seen(tool, found, monkeypatch):
    monkeypatch.setattr(
        "highdicom.spatial.tiling.get_tile_array.__defaults__", (False,)
    )
    changed = set(found) ^ set(tool.record())
    assert changed
    assert all("get_tile_array" in line for line in changed)


def test_a_name_that_goes_is_seen(tool, found, monkeypatch):
    monkeypatch.setattr("highdicom.seg.utils.__all__", [])
    gone = set(found) - set(tool.record())
    assert gone
    assert all(line.startswith("highdicom.seg.utils.") for line in gone)
