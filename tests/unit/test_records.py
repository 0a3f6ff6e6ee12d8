"""Records: values by name that do not change."""

import copy
import inspect
import pickle

import pytest

from highdicom.records import field, record, replace, values_of


@record
class Grid:
    """Rows and columns."""

    rows: int
    columns: int = 1
    names: list[str] = field(default_factory=list)
    secret: str = field(default_factory=str, repr=False)

    def __post_init__(self) -> None:
        if self.rows < 0:
            raise ValueError("Rows are not negative.")


@record
class NamedGrid(Grid):
    """A grid that has a name."""

    name: str = "plain"


@record(eq=False)
class Anonymous:
    """A record that equals only itself."""

    value: int


@record(kw_only=True)
class Options:
    """Values that are given by name."""

    first: int
    second: int = 2


def test_values_are_given_by_position_or_name_and_the_rest_are_defaults():
    assert values_of(Grid(2, columns=3)) == {
        "rows": 2,
        "columns": 3,
        "names": [],
        "secret": "",
    }


def test_each_record_gets_a_default_of_its_own():
    assert Grid(1).names is not Grid(1).names


def test_values_of_a_base_come_first():
    grid = NamedGrid(1, 2, name="fine")
    assert list(values_of(grid)) == ["rows", "columns", "names", "secret", "name"]
    assert grid.name == "fine"


def test_records_of_equal_values_and_one_class_are_equal():
    assert Grid(1) == Grid(1)
    assert Grid(1) != Grid(2)
    assert NamedGrid(1) != Grid(1)
    assert hash(Options(first=1)) == hash(Options(first=1))
    assert len({Options(first=1), Options(first=1), Options(first=2)}) == 2


def test_records_without_comparison_equal_only_themselves():
    one = Anonymous(1)
    assert one == one
    assert one != Anonymous(1)


def test_values_do_not_change():
    grid = Grid(1)
    with pytest.raises(AttributeError, match="'rows' of Grid does not change"):
        grid.rows = 2
    with pytest.raises(AttributeError, match="'rows' of Grid does not change"):
        del grid.rows
    with pytest.raises(AttributeError, match="'other'"):
        grid.other = 2
    assert grid.rows == 1


@pytest.mark.parametrize(
    ("args", "kwargs"),
    [
        ((), {}),
        ((1, 2, [], "", 5), {}),
        ((1,), {"rows": 1}),
        ((1,), {"depth": 1}),
        ((), {"columns": 1}),
    ],
    ids=["none", "too many", "twice", "unknown", "missing"],
)
def test_wrong_arguments_are_refused(args, kwargs):
    with pytest.raises(TypeError, match="Grid"):
        Grid(*args, **kwargs)


def test_values_that_are_given_by_name_are_not_taken_by_position():
    with pytest.raises(TypeError, match="Options"):
        Options(1)
    assert Options(first=1).second == 2


def test_what_is_done_after_construction_is_done_for_replaced_values_too():
    assert replace(Grid(2), columns=5) == Grid(2, 5)
    with pytest.raises(ValueError, match="not negative"):
        replace(Grid(2), rows=-1)
    with pytest.raises(TypeError, match="depth"):
        replace(Grid(2), depth=1)


def test_text_shows_the_values_but_for_those_that_are_not_to_be_shown():
    assert repr(Grid(1, secret="x")) == "Grid(rows=1, columns=1, names=[])"


def test_records_are_copied_and_pickled():
    grid = NamedGrid(1, 2, ["a"], name="fine")
    assert copy.deepcopy(grid) == grid
    assert pickle.loads(pickle.dumps(grid)) == grid


def test_the_signature_is_that_of_the_values():
    assert str(inspect.signature(Anonymous)) == "(value)"
    assert str(inspect.signature(NamedGrid)) == (
        "(rows, columns=1, names=Ellipsis, secret=Ellipsis, name='plain')"
    )
    assert {
        parameter.kind for parameter in inspect.signature(Options).parameters.values()
    } == {inspect.Parameter.KEYWORD_ONLY}


def test_a_constructor_of_ones_own_keeps_its_signature():
    class Square(Anonymous):
        def __init__(self, size: int) -> None:
            super().__init__(value=size * size)

    assert list(inspect.signature(Square).parameters) == ["size"]
