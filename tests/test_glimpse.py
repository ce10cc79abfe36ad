"""The small picture on a card of paper: drawn marks are the ratings, gaps stay gaps, words are words."""

from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_core.charts import ROLES, SPAN, glimpse
from alliance_core.terms import Terms
from tests.measures.made import repeatable

SVG = "{http://www.w3.org/2000/svg}"
TRACE = pd.DataFrame({"facet": [], "rater": [], "session": [], "level": [], "sigma": [], "state": []})
BANDS = pd.DataFrame({"facet": [], "rater": [], "start": [], "end": []})


def sessions(client, practitioner=None, start=1):
    n = len(client)
    return pd.DataFrame(
        {
            "session": pd.array(range(start, start + n), dtype="Int64"),
            "date": pd.array([pd.NaT] * n, dtype="datetime64[us]"),
            "client_overall": np.array(client, dtype=float),
            "practitioner_overall": np.array(practitioner or [None] * n, dtype=float),
        }
    )


def drawn(rows, trace=TRACE, bands=BANDS, last=None, **more):
    made = glimpse(rows, trace, bands, int(rows["session"].max()) if last is None else last, **more)
    return ElementTree.fromstring(made)  # noqa: S314 - our own


def words(svg):
    return [text.text for text in svg.iter(f"{SVG}text")]


def paths(svg, role):
    return [one.get("d") for one in svg.iter(f"{SVG}path") if one.get("stroke") == ROLES[role].printed]


def test_marks_are_the_ratings_and_a_missing_one_breaks_the_line():
    svg = drawn(sessions([80, None, 60, 70], [50, 50, 50, None]))
    circles = list(svg.iter(f"{SVG}circle"))
    squares = [one for one in svg.iter(f"{SVG}rect") if one.get("width") == "5.6"]
    assert (len(circles), len(squares)) == (3, 3)
    (line,) = paths(svg, "client")
    assert line.count("M") == 2
    assert line.count("L") == 1
    heights = [float(one.get("cy")) for one in circles]
    assert heights[0] < heights[2] < heights[1]  # 80, 70, 60 from the top
    dashes = {one.get("stroke"): one.get("stroke-dasharray") for one in svg.iter(f"{SVG}path")}
    assert dashes == {ROLES["client"].printed: None, ROLES["practitioner"].printed: "6 4"}


def test_lines_are_named_and_say_where_they_ended():
    told = words(drawn(sessions([80, 80, None], [50, 50, 50])))
    assert "client (to 2)" in told
    assert "practitioner" in told
    assert "session" in told
    assert "% of maximum" in told
    assert {"1", "2", "3"} <= set(told)


def test_every_picture_has_the_same_scale_so_that_a_small_change_looks_small():
    for values in ([80, 78], [10, 90]):
        svg = drawn(sessions(values))
        assert {"0", "25", "50", "75", "100"} <= set(words(svg))
        assert words(svg).count("% of maximum") == 1
        first, second = (float(one.get("cy")) for one in svg.iter(f"{SVG}circle"))
        assert second - first == pytest.approx((values[0] - values[1]) / 102 * 84, abs=0.11)


def test_words_for_the_pair_are_text_whatever_they_are():
    told = words(drawn(sessions([80, 80], [50, 50]), terms=Terms("<b>&amp;", 'te"acher')))
    assert {"<b>&amp;", 'te"acher'} <= set(told)


def test_a_name_too_long_for_its_room_is_cut():
    told = words(drawn(sessions([80, 80, None], [50, 50, 50]), terms=Terms("n" * 24, "teacher")))
    assert "n" * 23 + "…" in told
    assert "teacher" in told


def test_of_a_long_case_the_sessions_up_to_the_last_one_are_drawn():
    svg = drawn(sessions([80] * 30), last=20)
    assert len(list(svg.iter(f"{SVG}circle"))) == SPAN
    assert {"9", "20"} <= set(words(svg))
    assert not {"8", "21"} & set(words(svg))


def test_episodes_are_shaded_and_cut_at_the_edges():
    bands = pd.DataFrame(
        {
            "facet": ["overall", "overall", "goal", "overall"],
            "rater": ["client", "practitioner", "client", "client"],
            "start": [5, 10, 6, 40],
            "end": [9, 11, 7, 41],
        }
    )
    svg = drawn(sessions([80] * 20), bands=bands, last=18)
    shaded = [one for one in svg.iter(f"{SVG}rect") if one.get("height") == "84"]
    assert [one.get("fill") for one in shaded] == [ROLES["episode"].printed, "none"]
    step = float(list(svg.iter(f"{SVG}circle"))[1].get("cx")) - float(
        next(svg.iter(f"{SVG}circle")).get("cx")
    )
    assert float(shaded[0].get("width")) == pytest.approx(3 * step, abs=0.3)  # 7, 8, 9


def test_the_level_is_drawn_from_two_sessions_on_and_only_with_a_name():
    trace = pd.DataFrame(
        {"facet": "overall", "rater": "client", "session": [1, 2, 3], "level": [np.nan, 80.0, 80.0], "sigma": 10.0, "state": "in control"}
    )  # fmt: skip
    rows = sessions([80, 80, 80])
    assert "own level" in words(drawn(rows, trace))
    assert len(list(drawn(rows, trace).iter(f"{SVG}polygon"))) == 1
    assert not list(drawn(rows, trace, level_name="").iter(f"{SVG}polygon"))
    assert not list(drawn(rows, trace[:2]).iter(f"{SVG}polygon"))


def test_nobody_rated_is_no_picture():
    assert glimpse(sessions([None, None]), TRACE, BANDS, 2) is None
    assert glimpse(sessions([80] * 3 + [None] * 20), TRACE, BANDS, 23) is None


def test_numbers_of_sessions_that_are_days_are_few_enough_to_read():
    told = words(drawn(sessions([80, 70], start=20_250_101)))
    assert "20250102" in told
    assert "20250101" not in told


@repeatable(60)
@given(
    st.lists(st.none() | st.floats(0, 100), min_size=1, max_size=30),
    st.lists(st.none() | st.floats(0, 100), min_size=30, max_size=30),
)
def test_whatever_was_rated_stays_on_the_paper(client, practitioner):
    rows = sessions(client, practitioner[: len(client)])
    made = glimpse(rows, TRACE, BANDS, len(client))
    near = rows[rows["session"] > len(client) - SPAN]
    rated = int(near[["client_overall", "practitioner_overall"]].notna().sum().sum())
    if made is None:
        assert rated == 0
        return
    svg = ElementTree.fromstring(made)  # noqa: S314
    marks = [(float(one.get("cx")), float(one.get("cy"))) for one in svg.iter(f"{SVG}circle")]
    marks += [
        (float(one.get("x")), float(one.get("y")))
        for one in svg.iter(f"{SVG}rect")
        if one.get("width") == "5.6"
    ]
    assert len(marks) == rated
    assert all(20 <= x <= 300 and 15 <= y <= 105 for x, y in marks)
