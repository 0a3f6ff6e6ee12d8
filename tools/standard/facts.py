"""Facts of the standard in one neutral shape, whatever they were read from."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

__all__ = ["ContextGroupFacts", "Facts", "facts_from_json"]

Row = dict[str, Any]


@dataclass
class ContextGroupFacts:
    """A context group of PS3.16.

    Parameters
    ----------
    name
        Its name without spaces.
    extensible
        Whether implementations may add codes.
    codes
        Pairs of coding scheme designator and code value.
    includes
        Numbers of the context groups that are part of it.

    """

    name: str
    extensible: bool
    codes: list[tuple[str, str]] = field(default_factory=list)
    includes: list[str] = field(default_factory=list)


@dataclass
class Facts:
    """What the tables are made of.

    Rows of modules and macros are dictionaries with the keys ``tag``, ``kw``, ``type``,
    ``cond``, ``required``, ``allowed``, ``items_n``, ``vm``, ``cid``, ``values`` and
    ``items``, or ``include`` with ``cond``, ``cid`` and ``extend_last_sequence``;
    conditions and expressions are lists such as ``["eq", "00080060", ["CT"]]``.
    """

    edition: str
    iods: dict[str, dict[str, Any]] = field(default_factory=dict)
    modules: dict[str, dict[str, Any]] = field(default_factory=dict)
    macros: dict[str, dict[str, Any]] = field(default_factory=dict)
    conditions: dict[str, dict[str, Any]] = field(default_factory=dict)
    functional_groups: dict[str, dict[str, Any]] = field(default_factory=dict)
    sop_classes: dict[str, tuple[str, str]] = field(default_factory=dict)
    dictionary_additions: dict[str, list[str]] = field(default_factory=dict)
    context_groups: dict[str, ContextGroupFacts] = field(default_factory=dict)
    template_context_groups: set[str] = field(default_factory=set)


def _bound_in_templates(rows: list[Row]) -> set[str]:
    """Numbers of the context groups that rows of a template name."""
    found: set[str] = set()
    for row in rows:
        for key in ("name_cid", "value_cid", "units_cid"):
            binding = row.get(key)
            found |= {
                str(part)
                for part in (binding if isinstance(binding, list) else [binding])
                if str(part).isdigit()
            }
        found |= _bound_in_templates(row.get("rows", []))
    return found


def _macro(entry: dict[str, Any]) -> dict[str, Any]:
    """Macro; all of a functional group stands in its one sequence."""
    rows = entry["rows"]
    if not entry.get("fg") or len(rows) == 1:
        return entry
    first = {**rows[0], "items": [*rows[0].get("items", []), *rows[1:]]}
    return {**entry, "rows": [first]}


def _context_group(entry: dict[str, Any]) -> ContextGroupFacts:
    return ContextGroupFacts(
        name=entry["name"],
        extensible=entry["extensible"],
        codes=[(code[0], code[1]) for code in entry.get("codes", [])],
        includes=[str(cid) for cid in entry.get("includes", [])],
    )


def facts_from_json(folder: Path) -> Facts:
    """Read a folder of JSON files in the schema that its README describes."""

    def load(name: str) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(
            (folder / f"{name}.json").read_text("utf-8")
        )
        return content

    modules = load("modules")
    templates: set[str] = set()
    for template in load("sr_templates")["templates"].values():
        templates |= _bound_in_templates(template["rows"])
    return Facts(
        edition=modules["edition"],
        iods=load("iods")["iods"],
        modules=modules["modules"],
        macros={key: _macro(entry) for key, entry in modules["macros"].items()},
        conditions=load("conditions")["conditions"],
        functional_groups=load("functional_groups")["iods"],
        sop_classes={
            uid: (entry["iod"], entry["name"])
            for uid, entry in load("sop_classes")["sop_classes"].items()
        },
        dictionary_additions=load("dictionary_additions")["attributes"],
        context_groups={
            cid: _context_group(entry)
            for cid, entry in load("value_sets")["value_sets"].items()
        },
        template_context_groups=templates,
    )
