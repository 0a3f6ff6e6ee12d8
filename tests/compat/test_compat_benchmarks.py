"""The workloads of the comparison run, and what they give is judged rightly."""

import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
sys.path.insert(0, str(BENCHMARKS))
import results as benchmark_results  # noqa: E402
from workloads.registry import all_workloads  # noqa: E402
from workloads.workload import Run, Workload  # noqa: E402

sys.path.remove(str(BENCHMARKS))

WORKLOADS = all_workloads()


@pytest.mark.parametrize("name", WORKLOADS)
def test_a_workload_does_all_steps_that_have_an_aim(name, tmp_path):
    workload = WORKLOADS[name]
    size = workload.warm or workload.small
    if workload.prepare is not None:
        workload.prepare(tmp_path / "prepared.dcm", size)
    run = Run(tmp_path)
    workload.function(run, size)
    assert set(workload.aims) <= set(run.steps)
    assert run.steps
    assert all(step.wall > 0 for step in run.steps.values())


def measured(seconds, mebibytes):
    return {
        "construct": {
            "wall": seconds,
            "peak": mebibytes * 2**20,
            "total": mebibytes * 2**20,
            "given": 100 * 2**20,
            "made": 50 * 2**20,
        }
    }


@pytest.mark.parametrize(
    ("theirs", "ours", "missed"),
    [
        ((10.0, 90), (1.0, 60), []),
        ((4.0, 90), (1.0, 60), ["ratio"]),
        ((10.0, 50), (1.0, 60), ["memory above theirs"]),
        ((10.0, 90), (1.0, 88), ["memory above the limit"]),
    ],
)
def test_figures_that_are_not_reached_are_named(tmp_path, theirs, ours, missed):
    workload = Workload(
        "one", "One", lambda run, size: None, 1, 2, "n", {"construct": 5}
    )
    results = benchmark_results.Results(tmp_path / "results.json")
    pairs = [(measured(*theirs), measured(*ours))] * 3
    rows = [benchmark_results.row_of("one", 2, "construct", pairs, "wall")]
    results.put(rows, {"date": "today"})
    stored = benchmark_results.Results(tmp_path / "results.json")
    judged = stored.judged({"one": workload})
    assert [row["missed"] for row in judged] == [missed]
    table = benchmark_results.table(judged, {"one": workload})
    assert f"| {theirs[0]:.3f} | {ours[0]:.3f} |" in table


def test_more_than_linear_growth_is_named(tmp_path):
    workload = Workload(
        "one", "One", lambda run, size: None, 1, 2, "n", {"construct": 5}
    )
    results = benchmark_results.Results(tmp_path / "results.json")
    for size, seconds in ((1, 1.0), (2, 2.7)):
        pairs = [(measured(100.0, 90), measured(seconds, 60))]
        results.put(
            [benchmark_results.row_of("one", size, "construct", pairs, "wall")], {}
        )
    judged = results.judged({"one": workload})
    assert judged[-1]["growth"] == pytest.approx(1.35)
    assert judged[-1]["missed"] == ["growth of time"]
