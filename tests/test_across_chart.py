"""The chart of one figure of several groups: everything inside its axis, nothing by colour alone, nothing but what is shown."""

import json

import altair as alt
import numpy as np
import pandas as pd
import pytest

from alliance_core import charts
from alliance_core.charts.intervals import _domain

ROWS = pd.DataFrame(
    {
        "name": ["ACT", "CBT", "2 others together"],
        "value": [63.2, np.nan, 70.0],
        "low": [55.1, np.nan, 68.0],
        "high": [66.4, np.nan, 74.9],
        "told": ["63 (55 to 66)", "not shown", "70 (68 to 75)"],
        "secret": ["a", "b", "c"],
    }
)


def chart(rows=ROWS, whole=66.0, ends=(None, 100), **more):
    made = charts.intervals(rows, whole, "% of the maximum possible", ends, **more)
    alt.LayerChart.from_dict(made)  # raises where it is no Vega-Lite
    return made


def scale(made):
    return next(
        layer["encoding"]["x"]["scale"]["domain"]
        for layer in made["layer"]
        if "scale" in layer["encoding"].get("x", {})
    )


def test_marks_intervals_names_and_the_figure_in_words():
    made = chart()
    written = json.dumps(made, ensure_ascii=False)
    for text in ("ACT", "CBT", "2 others together", "not shown", "70 (68 to 75)", '"all"'):
        assert text in written
    assert "secret" not in written
    kinds = [layer["mark"]["type"] for layer in made["layer"]]
    assert kinds.count("rule") == 2
    assert kinds.count("point") == 1
    assert kinds.count("text") == 3


def test_the_line_of_all_crosses_no_name():
    """It stands beside each interval, from one pixel above the row's middle on; names end nine pixels above it."""
    lines = [layer for layer in chart()["layer"] if layer["mark"].get("strokeDash")]
    assert [(one["mark"]["yOffset"], one["encoding"]["y2"]["field"]) for one in lines] == [(-1, "row")]


def test_groups_come_in_the_order_given():
    made = chart()
    rows = next(data for data in made["datasets"].values() if len(data) == 3)
    assert [one["name"] for one in rows] == ROWS["name"].tolist()
    assert [one["row"] for one in rows] == [0, 1, 2]


@pytest.mark.parametrize(
    ("ends", "whole", "domain"),
    [
        ((None, 100), 66.0, [55, 100]),
        ((None, None), 40.0, [40, 75]),
        ((0, None), 66.0, [0, 75]),
        ((None, None), float("nan"), [55, 75]),
    ],
)
def test_everything_lies_inside_the_axis(ends, whole, domain):
    assert scale(chart(whole=whole, ends=ends)) == domain


def test_small_figures_have_an_axis_of_their_own():
    few = pd.DataFrame({"name": ["A"], "value": [1.2], "low": [0.4], "high": [3.1], "told": [""]})
    assert scale(chart(few, 1.0, (0, None))) == [0, 4]


def test_without_a_figure_of_all_there_is_no_line():
    made = chart(whole=float("nan"))
    assert '"label"' not in json.dumps(made)


@pytest.mark.parametrize("whose", ["client", "practitioner", "episode", "ink"])
@pytest.mark.parametrize("theme", ["light", "dark", "print"])
def test_each_role_has_its_colour_and_mark(whose, theme):
    made = chart(whose=whose, theme=theme)
    point = next(layer["mark"] for layer in made["layer"] if layer["mark"]["type"] == "point")
    assert point["stroke"] == charts.ROLES[whose].colour(theme)
    assert point["shape"] == {"client": "circle", "practitioner": "square"}.get(whose, "diamond")
    assert (point["fill"] == point["stroke"]) == (whose != "practitioner")


def test_very_many_groups_are_drawn():
    many = pd.DataFrame(
        {
            "name": [f"T{n}" for n in range(500)],
            "value": 50.0,
            "low": 40.0,
            "high": 60.0,
            "told": "50 (40 to 60)",
        }
    )
    assert chart(many)["height"] == 500 * 46


@pytest.mark.parametrize(
    ("value", "ends", "expected"),
    [(0.0, (None, None), (-1, 1)), (100.0, (None, 100.0), (99, 100)), (0.0, (0.0, None), (0, 1)), (7.0, (None, None), (6, 8))],
)  # fmt: skip
def test_an_axis_has_a_width_where_all_is_the_same(value, ends, expected):
    assert _domain(np.full(3, value), value, ends) == expected
