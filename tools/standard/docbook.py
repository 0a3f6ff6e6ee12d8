"""Reads facts from the DocBook files that NEMA publishes.

Read are tables of IODs, modules, macros and functional groups (part03.xml), storage SOP
classes (part04.xml), new attributes (part06.xml) and context groups (part16.xml).
Conditions are read as far as `sentences` understands them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from facts import ContextGroupFacts, Facts, Row
from pydicom.datadict import dictionary_has_tag
from sentences import condition_of, number_of_items, slug_of

__all__ = ["facts_from_docbook"]

_NAMESPACE = "{http://docbook.org/ns/docbook}"
_ID = "{http://www.w3.org/XML/1998/namespace}id"
_TABLE_OF_SOP_CLASSES = "table_B.5-1"
_DICTIONARY_TABLES = ("table_6-1", "table_7-1", "table_8-1")
_TAG = re.compile(r"\(([0-9A-Fa-f]{4}),([0-9A-Fa-fx]{4})\)")
_BINDING = re.compile(r"\b([BDE])CID\b")


def _text(element: Element) -> str:
    """Text of an element, spaces and invisible characters put in order."""
    text = "".join(element.itertext()).replace("\u200b", "")
    return " ".join(text.split())


def _all(element: Element, name: str) -> Iterator[Element]:
    return element.iter(_NAMESPACE + name)


def _caption(table: Element) -> str:
    caption = table.find(_NAMESPACE + "caption")
    return "" if caption is None else _text(caption)


def _cells(row: Element) -> list[Element]:
    return [cell for cell in row if cell.tag == _NAMESPACE + "td"]


def _rows(table: Element) -> Iterator[list[Element]]:
    """Cells of each row; a cell that spans several rows stands in each of them."""
    spanning: dict[int, tuple[int, Element]] = {}
    for body in _all(table, "tbody"):
        for row in body:
            waiting = iter(_cells(row))
            cells: list[Element] = []
            cell: Element | None = None
            while True:
                column = len(cells)
                if spanning.get(column, (0, None))[0]:
                    left, cell = spanning[column]
                    spanning[column] = (left - 1, cell)
                else:
                    cell = next(waiting, None)
                    if cell is None:
                        break
                    spanning[column] = (int(cell.get("rowspan", "1")) - 1, cell)
                cells.append(cell)
            if cells:
                yield cells


def _links(element: Element) -> list[str]:
    """What the cross references in an element point to."""
    return [
        target
        for name, attribute in (("xref", "linkend"), ("olink", "targetptr"))
        for link in _all(element, name)
        if (target := link.get(attribute))
    ]


@dataclass
class _Tables:
    """Tables of PS3.3 by what they are."""

    # Key of the macro by the id of its table, key of a module or macro by its section.
    macro_of_table: dict[str, str] = field(default_factory=dict)
    module_of_section: dict[str, str] = field(default_factory=dict)
    macro_of_section: dict[str, str] = field(default_factory=dict)
    iod_of_section: dict[str, str] = field(default_factory=dict)
    found: dict[tuple[str, str], Element] = field(default_factory=dict)

    def add(self, caption: str, table: Element, sections: list[str]) -> None:
        """Note a table by its caption and the sections it stands in."""
        for kind, pattern in (
            ("iod", r"(.+?) IOD Modules"),
            ("groups", r"(.+?) Functional Group Macros"),
            ("module", r"(.+?) Module(?: Attributes| Table)"),
            ("macro", r"(.+?)(?: Functional Group)? Macro(?: Attributes| Table)"),
        ):
            match = re.fullmatch(pattern, caption)
            if match is None:
                continue
            key = slug_of(match[1])
            self.found.setdefault((kind, key), table)
            if kind == "macro":
                self.macro_of_table[table.get(_ID, "")] = key
            places = {
                "module": self.module_of_section,
                "macro": self.macro_of_section,
                "iod": self.iod_of_section,
            }.get(kind, {})
            for section in sections if kind == "iod" else sections[-1:]:
                places.setdefault(section, key)
            return


def _gather(element: Element, sections: list[str], tables: _Tables) -> None:
    """Find all tables below an element."""
    for child in element:
        if child.tag == _NAMESPACE + "table":
            tables.add(_caption(child), child, sections)
        elif child.tag in {_NAMESPACE + "section", _NAMESPACE + "chapter"}:
            _gather(child, [*sections, child.get(_ID, "")], tables)
        else:
            _gather(child, sections, tables)


# Modules and macros


def _value_lists(description: Element) -> Iterator[dict[str, Any]]:
    for found in _all(description, "variablelist"):
        title = found.find(_NAMESPACE + "title")
        heading = _text(title) if title is not None else ""
        kind = {"Enumerated Values": "E", "Defined Terms": "D"}.get(
            heading[:17].strip(":")
        )
        kind = kind or ("D" if heading.startswith("Defined Terms") else None)
        terms = [_text(term) for term in _all(found, "term")]
        if kind is None or not terms or any('"' in term for term in terms):
            continue
        number = re.search(r"for Value (\d+)", heading)
        plain = re.fullmatch(r"(Enumerated Values|Defined Terms):?", heading)
        if number or plain:  # otherwise the list is for a case that is not understood
            yield {"k": kind, "v": terms} | ({"n": int(number[1])} if number else {})


def _binding(cells: list[Element]) -> list[str] | None:
    """Context group that a row names."""
    kind = _BINDING.search(_text(cells[-1]))
    links = [link for link in _links(cells[-1]) if link.startswith("sect_CID_")]
    return [kind[1], links[0].removeprefix("sect_CID_")] if kind and links else None


class _RowReader:
    """Rows of one module or macro."""

    def __init__(self, tables: _Tables, conditions: dict[str, dict[str, Any]]) -> None:
        self.tables = tables
        self.conditions = conditions

    def condition(self, text: str) -> Row:
        """Note a condition; what the row has to say about it."""
        condition = condition_of(text)
        if not condition:
            return {}
        key = str(len(self.conditions) + 1)
        self.conditions[key] = condition
        return {"cond": key}

    def included(self, cells: list[Element]) -> Row | None:
        """Row that includes a macro."""
        text = _text(cells[0]).lstrip("> ")
        if "Functional Group Macros" in text:
            return {"include": "@functional-groups"}
        macros = [self.tables.macro_of_table.get(link) for link in _links(cells[0])]
        if not macros or macros[0] is None:
            return None
        row: Row = {"include": macros[0]}
        binding = _binding(cells)
        if binding:
            row["cid"] = binding
        if len(cells) > 1 and "Required if" in _text(cells[-1]):
            row |= self.condition(_text(cells[-1])) or {"cond": "unknown"}
        return row

    def attribute(self, cells: list[Element], keywords: dict[str, str]) -> Row | None:
        """Row of an attribute."""
        tag = _TAG.search(_text(cells[1])) if len(cells) > 2 else None
        kind = _text(cells[2]) if len(cells) > 2 else ""
        if tag is None or kind not in {"1", "1C", "2", "2C", "3"}:
            return None
        number = f"{tag[1]}{tag[2]}"
        keyword = keywords.get(number.upper())
        if keyword is None:
            return None
        row: Row = {"tag": number, "kw": keyword, "type": kind}
        description = cells[-1]
        text = _text(description)
        if kind.endswith("C"):
            row |= self.condition(text)
        values = list(_value_lists(description))
        if values:
            row["values"] = values
        if keyword.endswith("Sequence"):
            items = number_of_items(text)
            row |= {"items": []} | ({"items_n": items} if items else {})
        return row

    def rows(self, table: Element, keywords: dict[str, str]) -> list[Row]:
        """Rows of a table, nested by the signs before the names."""
        top: list[Row] = []
        levels = [top]
        for cells in _rows(table):
            name = _text(cells[0])
            depth = len(name) - len(name.lstrip(">"))
            is_include = name.lstrip("> ").startswith("Include")
            row = (
                self.included(cells) if is_include else self.attribute(cells, keywords)
            )
            if row is None or depth >= len(levels):
                continue
            del levels[depth + 1 :]
            levels[depth].append(row)
            if "items" in row:
                levels.append(row["items"])
            binding = row.get("cid") if is_include else None
            if (
                binding
                and depth
                and levels[depth - 1]
                and row["include"] == "code-sequence"
            ):
                del row["cid"]
                levels[depth - 1][-1]["cid"] = binding
        return top


# IODs


def _usage(cell: Element, reader: _RowReader) -> Row | None:
    """Usage of a module or functional group, with its condition."""
    text = _text(cell)
    if not text or text[0] not in "MCU":
        return None
    row: Row = {"usage": text[0]}
    return row | (reader.condition(text[1:].lstrip(" -.")) if text[0] == "C" else {})


def _iod(table: Element, tables: _Tables, reader: _RowReader) -> list[Row]:
    modules: list[Row] = []
    for cells in _rows(table):
        usage = _usage(cells[-1], reader)
        keys = [
            tables.module_of_section[link]
            for link in _links(cells[-2])
            if link in tables.module_of_section
        ]
        if usage and keys and len(cells) > 3:
            modules.append({"module": keys[0], "ie": _text(cells[0])} | usage)
    return modules


def _groups(table: Element, tables: _Tables, reader: _RowReader) -> dict[str, Any]:
    macros: list[Row] = []
    for cells in _rows(table):
        usage = _usage(cells[-1], reader)
        keys = [tables.macro_of_section.get(link) for link in _links(cells[-2])]
        if usage:
            macros += [{"macro": key} | usage for key in keys if key is not None]
    return {"kind": "multi-frame", "macros": macros}


# The other parts


def _root(folder: Path, name: str) -> Element:
    path = folder / name
    if not path.is_file():
        raise SystemExit(f"'{folder}' has no file '{name}'.")
    return ElementTree.parse(path).getroot()


def _table(root: Element, identifier: str) -> Iterator[list[Element]]:
    for table in _all(root, "table"):
        if table.get(_ID) == identifier:
            yield from _rows(table)


def _dictionary(root: Element) -> Iterator[tuple[str, list[str]]]:
    """Tag, and VR, VM, name and keyword, of each attribute."""
    for identifier in _DICTIONARY_TABLES:
        for cells in _table(root, identifier):
            tag = _TAG.search(_text(cells[0]))
            if tag is not None and len(cells) >= 5 and _text(cells[2]):
                name, keyword, vr, vm = (_text(cell) for cell in cells[1:5])
                yield f"{tag[1]}{tag[2]}", [vr, vm, name, keyword]


def _sop_classes(root: Element, tables: _Tables) -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for cells in _table(root, _TABLE_OF_SOP_CLASSES):
        for link in _links(cells[2]) if len(cells) > 2 else ():
            key = tables.iod_of_section.get(link)
            if key is not None:
                found[_text(cells[1])] = (key, _text(cells[0]))
    return found


def _context_group(section: Element) -> ContextGroupFacts:
    title = section.find(_NAMESPACE + "title")
    name = re.sub(r"^CID \d+\w*\.? *", "", _text(title)) if title is not None else ""
    group = ContextGroupFacts(name, "Non-Extensible" not in _text(section))
    for table in _all(section, "table"):
        for cells in _rows(table):
            if _text(cells[0]).startswith("Include"):
                group.includes += [
                    link.removeprefix("sect_CID_")
                    for link in _links(cells[0])
                    if link.startswith("sect_CID_")
                ]
            elif len(cells) > 2:
                group.codes.append((_text(cells[0]), _text(cells[1])))
    return group


def _read_codes(root: Element, facts: Facts) -> None:
    """Read context groups, and which of them templates name."""
    for section in _all(root, "section"):
        identifier = section.get(_ID, "")
        if re.fullmatch(r"sect_CID_\d+", identifier):
            cid = identifier.removeprefix("sect_CID_")
            facts.context_groups[cid] = _context_group(section)
        elif identifier.startswith("sect_TID_"):
            facts.template_context_groups |= {
                link.removeprefix("sect_CID_")
                for link in _links(section)
                if re.fullmatch(r"sect_CID_\d+", link)
            }


def _edition(root: Element) -> str:
    """Edition such as ``2025e``, which the subtitle names."""
    for subtitle in _all(root, "subtitle"):
        found = re.search(r"\b(20\d\d[a-z])\b", _text(subtitle))
        if found:
            return found[1]
    return "of unknown edition"


def facts_from_docbook(folder: Path) -> Facts:
    """Read a folder with part03.xml, part04.xml, part06.xml and part16.xml."""
    part03 = _root(folder, "part03.xml")
    entries = dict(_dictionary(_root(folder, "part06.xml")))
    keywords = {tag.upper(): entry[3] for tag, entry in entries.items()}
    tables = _Tables()
    _gather(part03, [], tables)
    facts = Facts(_edition(part03))
    facts.dictionary_additions = {
        tag: entry
        for tag, entry in entries.items()
        if "x" not in tag and not dictionary_has_tag(int(tag, 16))
    }
    reader = _RowReader(tables, facts.conditions)
    for (kind, key), table in tables.found.items():
        name = re.sub(
            r" (IOD|Module|(Functional Group )?Macro)\b.*", "", _caption(table)
        )
        if kind in {"module", "macro"}:
            target = facts.modules if kind == "module" else facts.macros
            number = table.get("label", "")
            rows = reader.rows(table, keywords)
            target[key] = {"name": name, "table": number, "rows": rows}
        elif kind == "iod":
            facts.iods[key] = {"name": name, "modules": _iod(table, tables, reader)}
        else:
            facts.functional_groups[key] = _groups(table, tables, reader)
    facts.sop_classes = _sop_classes(_root(folder, "part04.xml"), tables)
    _read_codes(_root(folder, "part16.xml"), facts)
    return facts
