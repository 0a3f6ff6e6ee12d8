"""What was measured: rows, whether each figure is reached, and tables of them."""

import json
import statistics
from collections.abc import Iterable, Mapping
from pathlib import Path

from workloads.workload import Workload

GROWTH_LIMIT = 1.3
MEMORY_LIMIT = 1.2
# Less than this is noise of the allocator.
MEMORY_NOISE = 4 * 2**20
MEMORY = ("their_memory", "our_memory", "step_memory", "limit")
HEAD = (
    "workload",
    "step",
    "theirs s",
    "ours s",
    "ratio",
    "aim",
    "theirs MB",
    "ours MB",
    "step MB",
    "limit MB",
    "growth",
    "of memory",
    "not reached",
)


def row_of(
    name: str, size: int, step: str, pairs: list[tuple[dict | None, dict]], clock: str
) -> dict:
    """A row: medians over the runs of a step of both."""
    ours = [pair[1][step] for pair in pairs]
    theirs = [pair[0][step] for pair in pairs if pair[0] is not None]
    row = {
        "workload": name,
        "size": size,
        "step": step,
        "clock": clock,
        "runs": len(pairs),
        "ours": statistics.median(values[clock] for values in ours),
        "our_memory": min(values["total"] for values in ours),
        "step_memory": min(values["peak"] for values in ours),
        "given": ours[0]["given"],
        "made": ours[0]["made"],
    }
    if theirs:
        # The kernel counts in microseconds at best.
        ratios = [
            t[clock] / max(o[clock], 1e-6) for t, o in zip(theirs, ours, strict=True)
        ]
        row["theirs"] = statistics.median(values[clock] for values in theirs)
        row["their_memory"] = min(values["total"] for values in theirs)
        row["ratio"] = statistics.median(ratios)
    return row


class Results:
    """Rows, stored in a file; those of a workload replace older ones."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stored = {"about": {}, "rows": []}
        if path.exists():
            self._stored = json.loads(path.read_text(encoding="utf-8"))

    @property
    def about(self) -> dict[str, str]:
        """Where and when it was measured."""
        return self._stored["about"]

    @property
    def rows(self) -> list[dict]:
        """All rows."""
        return self._stored["rows"]

    def put(self, rows: list[dict], about: Mapping[str, str]) -> None:
        """Store the rows of a workload and a size."""
        new = {(row["workload"], row["size"]) for row in rows}
        kept = [r for r in self.rows if (r["workload"], r["size"]) not in new]
        self._stored = {"about": dict(about), "rows": kept + rows}
        self._path.parent.mkdir(exist_ok=True)
        self._path.write_text(json.dumps(self._stored, indent=1), encoding="utf-8")

    def find(self, name: str, size: int, step: str) -> dict | None:
        """The row of a step."""
        for row in self.rows:
            if (row["workload"], row["size"], row["step"]) == (name, size, step):
                return row
        return None

    def judged(self, workloads: Mapping[str, Workload]) -> list[dict]:
        """The rows, in order, with aim, limit, growth and what is not reached."""
        judged = []
        for name, workload in workloads.items():
            for row in self.rows:
                if row["workload"] == name:
                    small = self.find(name, workload.small, row["step"])
                    judged.append(_judge(row, workload, small))
        return judged


def _judge(row: dict, workload: Workload, small: dict | None) -> dict:
    judged = dict(row)
    large = row["size"] == workload.large
    aim = workload.aims.get(row["step"]) if large else None
    judged["aim"] = aim
    judged["limit"] = workload.memory_limit or (
        MEMORY_LIMIT * (row["given"] + row["made"]) - row["given"]
        if row["given"] and row["made"]
        else None
    )
    if large and _are_comparable(row, small):
        units = (workload.large / workload.small) ** workload.power
        judged["growth"] = row["ours"] / max(small["ours"], 1e-6) / units
        memory = max(small["step_memory"], MEMORY_NOISE)
        judged["memory_growth"] = row["step_memory"] / memory / units
    judged["missed"] = list(_missed(judged))
    return judged


def _are_comparable(row: dict, small: dict | None) -> bool:
    """Tell whether growth can be told: other sizes, and the same clock."""
    return (
        small is not None
        and small["size"] != row["size"]
        and small["clock"] == row["clock"]
    )


def _missed(row: dict) -> Iterable[str]:
    if row["aim"] is not None and row.get("ratio", row["aim"]) < row["aim"]:
        yield "ratio"
    ours = row["our_memory"]
    if "their_memory" in row and ours > row["their_memory"] + MEMORY_NOISE:
        yield "memory above theirs"
    if row["limit"] is not None and row["step_memory"] > row["limit"] + MEMORY_NOISE:
        yield "memory above the limit"
    if row.get("growth", 0) > GROWTH_LIMIT:
        yield "growth of time"
    if row.get("memory_growth", 0) > GROWTH_LIMIT:
        yield "growth of memory"


def cells_of(row: dict, workload: Workload) -> list[str]:
    """A row as text."""
    return [
        workload.title if row["size"] == workload.large else f"{row['size']:,}",
        row["step"],
        *(_number(row.get(key), 1, 3) for key in ("theirs", "ours")),
        _number(row.get("ratio"), 1, 1),
        _number(row["aim"], 1, 1),
        *(_number(row.get(key), 1e6, 0) for key in MEMORY),
        *(_number(row.get(key), 1, 2) for key in ("growth", "memory_growth")),
        ", ".join(row["missed"]),
    ]


def _number(value: float | None, unit: float, digits: int) -> str:
    if value is None:
        return ""
    text = f"{value / unit:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if digits == 1 else text


def table(rows: list[dict], workloads: Mapping[str, Workload]) -> str:
    """The rows as a Markdown table."""
    lines = [HEAD, ["---"] * 2 + ["--:"] * (len(HEAD) - 3) + ["---"]]
    lines += [cells_of(row, workloads[row["workload"]]) for row in rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"
