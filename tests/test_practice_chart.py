"""The chart of a series to practise on: a valid specification that holds nothing but ratings and marks."""

import altair as alt
import pandas as pd
import pytest

from alliance_core import charts

SESSIONS = pd.DataFrame(
    {
        "series": 1,
        "session": pd.array([1, 2, 4, 5], dtype="Int64"),
        "client_overall": [80.0, 82, None, 50],
        "practitioner_overall": [70.0, None, 71, 70],
    }
)


def marks(*rows):
    return pd.DataFrame(rows, columns=["series", "start", "back"]).astype("Int64")


def data(spec, mark):
    """The rows behind the layers with this mark."""
    layers = [layer for layer in spec["layer"] if layer["mark"]["type"] == mark]
    return [row for layer in layers for row in spec["datasets"][layer["data"]["name"]]]


@pytest.mark.parametrize("theme", ["light", "dark", "print"])
def test_a_bar_goes_from_the_begin_to_where_it_is_back_or_to_the_end(theme):
    spec = charts.practice(
        SESSIONS, {"you": marks((1, 2, 4)), "rule": marks((1, 4, None), (1, 1, 2))}, theme=theme
    )
    alt.LayerChart.from_dict(spec)
    assert data(spec, "bar") == [
        {"left": 3.5, "right": 5.5},
        {"left": 0.5, "right": 2.5},
        {"left": 1.5, "right": 4.5},
    ]
    assert {"you", "rule", "client", "practitioner"} <= {row["name"] for row in data(spec, "text")}


def test_rows_stand_in_the_order_given_and_say_when_they_are_empty():
    spec = charts.practice(SESSIONS, {"you": None, "rule": marks(), "simulated": marks((1, 2, 4))})
    told = {row["told"] for row in data(spec, "text") if "told" in row}
    assert told == {"not marked yet", "nothing"}
    at = {
        row["name"]: layer["encoding"]["y"]["value"]
        for layer in spec["layer"]
        if layer["mark"]["type"] == "text" and "value" in layer["encoding"]["y"]
        for row in spec["datasets"][layer["data"]["name"]]
        if "name" in row
    }
    assert at["you"] < at["rule"] < at["simulated"] < 0


def test_a_session_without_a_form_breaks_the_line_and_no_day_is_shown():
    (rows, *_) = [
        spec_rows
        for spec_rows in charts.practice(SESSIONS, {"you": None})["datasets"].values()
        if "client" in spec_rows[0]
    ]
    assert [row["session"] for row in rows] == [1, 2, 3, 4, 5]
    assert [row["client"] is None or pd.isna(row["client"]) for row in rows] == [
        False,
        False,
        True,
        True,
        False,
    ]
    assert {row["day"] for row in rows} == {"not shown"}


def test_a_series_of_one_side_only_is_drawn():
    alone = SESSIONS.assign(practitioner_overall=float("nan"))
    names = {row.get("name") for row in data(charts.practice(alone, {"you": None}), "text")}
    assert "practitioner" not in names
    assert "client" in names
