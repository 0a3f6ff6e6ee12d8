"""Write facts as the text tables that `highdicom.standard.grammar` reads."""

import re
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from corrections import corrected, corrected_row, corrected_use
from facts import ContextGroupFacts, Facts, Row
from pydicom.datadict import keyword_for_tag

from highdicom.standard.grammar import title_of
from highdicom.standard.texts import UID_ROOT, spaced

__all__ = ["tables_of"]

Expression = list[Any]

_PLAIN_VALUE = re.compile(r"[A-Za-z0-9_.+/:-]+")
_UID = re.compile(r"\d+(\.\d+){3,}")
_SYMBOLS = {
    "eq": "=",
    "ne": "!=",
    "contains": "=",
    "gt": ">",
    "lt": "<",
    "ge": ">=",
    "le": "<=",
}
_QUANTIFIERS = {"1": "!", "0-1": "?", "0-n": "*", "1-n": "+"}
_STATES = {"nonempty": "filled"}
_WIDTH = 88
_WITHOUT_LISTS = {
    # Defined Terms that anybody extends: private designators begin with "99".
    "CodingSchemeDesignator",
    # Numbers (FD), although PS3.3 Table C.7.6.16.2.26-1 lists YES and NO.
    "MinimumStoredValueMapped",
    "MaximumStoredValueMapped",
}
_LONGEST_LINE = 120
_LONGEST_OPEN_GROUP = 12
_CODES = "code-sequence"


def _quoted(value: object) -> str:
    text = str(value)
    if re.search(r'[;"|]| when ', text):
        raise ValueError(f"The value '{text}' cannot be written.")
    return text if _PLAIN_VALUE.fullmatch(text) else f'"{text}"'


def _own_name(slug: str, name: str) -> str:
    """Name with a space before it, unless it follows from the slug."""
    return "" if name == title_of(slug) else f" {name}"


def _is_limit(entry: dict[str, Any]) -> bool:
    """Whether a list says more than what one term means, or which UIDs are known."""
    if entry["k"] == "E":
        return True
    return len(entry["v"]) > 1 and not _UID.fullmatch(str(entry["v"][0]))


def _values(values: Iterable[object]) -> str:
    return "|".join(_quoted(value) for value in values)


class TableWriter:
    """Renders the facts, table by table."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.conditions = {
            key: corrected(value) for key, value in facts.conditions.items()
        }
        self.last_requirement = ""
        self.additions = {
            tag.upper(): entry[3] for tag, entry in facts.dictionary_additions.items()
        }

    # Expressions

    def keyword(self, tag: str) -> str:
        """Keyword of a tag, after a slash if the tag has one."""
        slash = "/" if tag.startswith("/") else ""
        bare = tag.lstrip("/").upper()
        keyword = self.additions.get(bare) or keyword_for_tag(int(bare, 16))
        if not keyword:
            raise ValueError(f"The attribute '{tag}' has no keyword.")
        return slash + keyword

    def test(self, expression: Expression) -> str:
        """Render one test of one attribute."""
        operator, tag, *rest = expression
        if not rest:
            return f"{self.keyword(tag)} {_STATES.get(operator, operator)}"
        number = f"[{rest[1]}]" if len(rest) > 1 else ""
        values = rest[0] if isinstance(rest[0], list) else [rest[0]]
        return f"{self.keyword(tag)}{number} {_SYMBOLS[operator]} {_values(values)}"

    def expression(self, expression: Expression, *, nested: bool = False) -> str:
        """Render an expression; a nested one in brackets where it needs them."""
        operator, *parts = expression
        if operator == "not":
            return f"not ({self.expression(parts[0])})"
        if operator not in {"and", "or"}:
            return self.test(expression)
        text = f" {operator} ".join(self.expression(p, nested=True) for p in parts)
        return f"({text})" if nested else text

    def condition_clauses(self, row: Row) -> Iterator[str]:
        """Clauses of the condition of a row."""
        condition = self.conditions.get(str(row.get("cond")), {})
        required = condition.get("required") or row.get("required")
        allowed = condition.get("allowed", row.get("allowed"))
        if required and required[:2] != ["present", row.get("tag")]:
            yield f"if {self.expression(required)}"
        if allowed is True:
            yield "may"
        elif allowed is False:
            yield "else not"
        elif allowed:
            yield f"may if {self.expression(allowed)}"
        if condition.get("forbidden"):
            yield f"not if {self.expression(condition['forbidden'])}"

    # Modules and macros

    def value_clause(self, entry: dict[str, Any]) -> str:
        """Enumerated Values or Defined Terms."""
        mark = "=" if entry["k"] == "E" else "~"
        when = f" when {self.expression(entry['if'])}" if "if" in entry else ""
        return f"{entry.get('n', '')}{mark} {_values(entry['v'])}{when}"

    def binding(self, row: Row) -> str:
        """Context group that a row names."""
        kind, cid = row.get("cid") or ("", "")
        return f" {kind}CID={cid}" if str(cid).isdigit() else ""

    def attribute_line(self, owner: str, row: Row) -> str:
        """Line of an attribute, without the rows of its items."""
        row = corrected_row(owner, row)
        tag = f"@{row['tag']}" if "x" in row["tag"].lower() else ""
        number = row.get("items_n", "")
        parts = [f"{row['kw']}{tag} {row['type']}"]
        if number:
            parts.append(_QUANTIFIERS.get(number, f" [{number}]"))
        if "vm" in row:
            parts.append(f" vm={row['vm']}")
        parts.append(self.binding(row))
        clauses = list(self.condition_clauses(row))
        if clauses and clauses[0].startswith("if "):
            same = clauses[0] == self.last_requirement
            self.last_requirement = clauses[0]
            clauses[0] = "if ditto" if same else clauses[0]
        if "items" not in row:  # a list at a sequence belongs to one of its items
            lists = row.get("values", []) if row["kw"] not in _WITHOUT_LISTS else []
            clauses += map(self.value_clause, filter(_is_limit, lists))
        return "; ".join(["".join(parts), *clauses])

    def macro_line(self, owner: str, row: Row) -> str:
        """Line that includes a macro."""
        row = corrected_row(owner, row)
        clauses = list(self.condition_clauses(row))
        if "cond" in row and not clauses:
            clauses = ["may"]  # under a condition of which nothing is known
        return "; ".join([f"> {row['include']}{self.binding(row)}", *clauses])

    def rows(self, owner: str, rows: list[Row], depth: int = 1) -> Iterator[str]:
        """Lines of rows and of what is nested in them."""
        indent = " " * depth
        for row in rows:
            nested = [corrected_row(owner, inner) for inner in row.get("items", [])]
            if "include" in row:
                yield indent + self.macro_line(owner, row)
                nested = row.get("extend_last_sequence", [])
            elif len(nested) == 1 and set(nested[0]) <= {"include", "cid"}:
                head, *clauses = self.attribute_line(owner, row).split("; ")
                head += self.binding(nested[0])
                macro = nested[0]["include"]
                if not (macro == _CODES and row["kw"].endswith("CodeSequence")):
                    head += f" > {macro}"
                yield indent + "; ".join([head, *clauses])
                nested = []
            else:
                yield indent + self.attribute_line(owner, row)
            yield from self.rows(owner, nested, depth + 1)

    def modules(self) -> Iterator[str]:
        """Lines of the table of modules and macros."""
        for kind, entries in (
            ("module", self.facts.modules),
            ("macro", self.facts.macros),
        ):
            for slug, entry in entries.items():
                self.last_requirement = ""
                table = entry.get("table") or "-"
                yield f"{kind} {slug} {table}{_own_name(slug, entry['name'])}"
                yield from self.rows(slug, entry["rows"])

    # IODs

    def uses(self, label: str, uses: list[tuple[str, str, Row]]) -> Iterator[str]:
        """Lines of modules or functional groups; a conditional one stands alone."""
        waiting: list[str] = []
        for name, usage, row in uses:
            text = name if usage == "M" else f"{name} {usage}"
            clauses = list(self.condition_clauses(row)) if usage == "C" else []
            if not clauses:
                waiting.append(text)
                continue
            if waiting:
                yield f" {label}: {', '.join(waiting)}"
                waiting = []
            yield f" {label}: {'; '.join([text, *clauses])}"
        if waiting:
            yield f" {label}: {', '.join(waiting)}"

    def iod_lines(self, slug: str, iod: dict[str, Any]) -> Iterator[str]:
        """Lines of one IOD below its heading."""
        runs: list[tuple[str, list[tuple[str, str, Row]]]] = []
        for use in iod["modules"]:
            if not runs or runs[-1][0] != use["ie"]:
                runs.append((use["ie"], []))
            use = corrected_use(slug, use)
            runs[-1][1].append((use["module"], use["usage"], use))
        groups = self.facts.functional_groups.get(slug)
        if groups:
            macros = [
                (use["macro"], use["usage"], corrected_use(slug, use))
                for use in groups["macros"]
            ]
            runs.append((groups["kind"], macros))
        for label, uses in runs:
            yield from self.uses(label, uses)

    def iods(self) -> Iterator[str]:
        """Lines of the table of IODs; those that recur stand once, before all others."""
        iods = {
            slug: list(self.iod_lines(slug, iod))
            for slug, iod in self.facts.iods.items()
        }
        counts = Counter(line for lines in iods.values() for line in lines)
        recurring = [line for line, count in counts.items() if count > 2]
        short = {line: f"{line[1]}{n}" for n, line in enumerate(recurring, 1)}
        for line, name in short.items():
            yield f"common {name}{line}"
        for slug, lines in iods.items():
            yield f"iod {slug}{_own_name(slug, self.facts.iods[slug]['name'])}"
            for is_short, run in groupby(lines, short.__contains__):
                if is_short:
                    yield f" * {' '.join(short[line] for line in run)}"
                else:
                    yield from run

    # Dictionaries and codes

    def sop_classes(self) -> Iterator[str]:
        """Lines of the table of SOP classes."""
        for uid, (iod, name) in self.facts.sop_classes.items():
            uid = f".{uid.removeprefix(UID_ROOT)}" if uid.startswith(UID_ROOT) else uid
            expected = f"{self.facts.iods[iod]['name']} Storage"
            yield f"{uid} {iod}{'' if name == expected else f' {name}'}"

    def dictionary(self) -> Iterator[str]:
        """Lines of the attributes that pydicom lacks."""
        for tag, (vr, vm, name, keyword) in self.facts.dictionary_additions.items():
            own = "" if name == spaced(keyword) else f" {name}"
            yield f"{tag} {vr.replace(' or ', '/')} {vm} {keyword}{own}"

    def bound_groups(self) -> set[str]:
        """Numbers of the context groups that something is bound to, or that are closed."""
        groups = self.facts.context_groups
        pending = {cid for cid, group in groups.items() if not group.extensible}
        pending |= self.facts.template_context_groups
        pending |= {str(row["cid"][1]) for row in self.all_rows() if row.get("cid")}
        found: set[str] = set()
        while pending:
            cid = pending.pop()
            if cid in groups and cid not in found:
                found.add(cid)
                pending |= (
                    set() if groups[cid].extensible else set(groups[cid].includes)
                )
        return found

    def all_rows(self) -> Iterator[Row]:
        """All rows of all modules and macros, nested ones too."""
        pending = [
            row
            for entries in (self.facts.modules, self.facts.macros)
            for entry in entries.values()
            for row in entry["rows"]
        ]
        while pending:
            row = pending.pop()
            yield row
            pending += row.get("items", []) + row.get("extend_last_sequence", [])

    def context_groups(self) -> Iterator[str]:
        """Lines of the context groups that are needed.

        The codes of long ones that may be extended are left out: being no limit, they
        are not worth their room, and pydicom has them.
        """
        groups = {
            cid: self.facts.context_groups[cid]
            for cid in sorted(self.bound_groups(), key=int)
        }
        long = [
            cid
            for cid, group in groups.items()
            if group.extensible and len(group.codes) > _LONGEST_OPEN_GROUP
        ]
        yield from (
            f"elsewhere {line}" for line in textwrap.wrap(" ".join(long), _WIDTH)
        )
        for cid, group in groups.items():
            if cid not in long:
                yield cid if group.extensible else f"{cid} closed"
                yield from _code_lines(group)


def _code_lines(group: ContextGroupFacts) -> Iterator[str]:
    """Lines of codes, one or more per coding scheme."""
    schemes: dict[str, dict[str, None]] = {}
    for scheme, value in group.codes:
        schemes.setdefault(scheme, {})[value] = None
    for scheme, values in schemes.items():
        for line in textwrap.wrap(
            " ".join(values),
            _WIDTH - len(scheme),
            break_long_words=False,
            break_on_hyphens=False,
        ):
            yield f" {scheme} {line}"
    if group.includes:
        yield f" > {' '.join(group.includes)}"


def _wrapped(line: str) -> Iterator[str]:
    """Lines of a long one; those after the first begin with a semicolon."""
    start, *clauses = line.split("; ")
    for clause in clauses:
        if len(start) + len(clause) > _LONGEST_LINE:
            yield start
            start = f"; {clause}"
        else:
            start += f"; {clause}"
    yield start


def tables_of(facts: Facts) -> dict[str, str]:
    """Text of each table by file name."""
    writer = TableWriter(facts)
    titles = {
        "iods": ("IODs (PS3.3 Annex A)", writer.iods),
        "modules": ("modules and macros (PS3.3 Annex C, Section 10)", writer.modules),
        "sop_classes": ("storage SOP classes (PS3.4 Annex B)", writer.sop_classes),
        "dictionary": ("attributes newer than pydicom (PS3.6)", writer.dictionary),
        "context_groups": ("context groups (PS3.16 Annex B)", writer.context_groups),
    }
    return {
        f"{name}.tbl": "\n".join(
            [
                f"# DICOM {facts.edition}: {title}",
                "# Made by tools/standard; the format is described in highdicom/standard/grammar.py.",
                *(part for line in lines() for part in _wrapped(line)),
                "",
            ]
        )
        for name, (title, lines) in titles.items()
    }
