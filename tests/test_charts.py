"""Charts: valid specifications with the right marks, from whole, sparse and empty frames."""

import ast
import html
import json
import re
from pathlib import Path

import altair as alt
import numpy as np
import pandas as pd
import pytest
import vl_convert

from alliance_core import analyse, benchmarked, charts
from alliance_core.charts.layers import apart, every_session
from alliance_core.sample import Design, simulate
from alliance_core.sentences import episode_name
from alliance_core.settings import PractitionerSettings
from alliance_core.tables import EPISODES, MARKERS, SESSIONS, shaped

CASE = {"practitioner": "P1", "client": "C-1"}
TRACE = ["practitioner", "client", "rater", "facet", "session", "level", "sigma", "state", "episode"]


def sessions_of(client, practitioner, numbers=None, name="C-1"):
    """Sessions with the same pct for every part; None is a missing form."""
    count = len(client)
    both = {"client": client, "practitioner": practitioner}
    return shaped(
        {
            "practitioner": ["P1"] * count,
            "client": [name] * count,
            "session": numbers or list(range(1, count + 1)),
            "date": pd.date_range("2025-01-06", periods=count, freq="7D"),
            **{
                f"{side}_{facet}": np.array(marks, dtype=float)
                for side, marks in both.items()
                for facet in ("goal", "task", "bond", "overall")
            },
            "gap_overall": np.array(practitioner, dtype=float) - np.array(client, dtype=float),
        },
        SESSIONS,
    )


def trace_of(rows, rater="client", facet="overall"):
    """(session, level, state, start of its episode) as trace rows with σ = 8."""
    frame = pd.DataFrame(rows, columns=["session", "level", "state", "episode"])
    frame = frame.assign(**CASE, rater=rater, facet=facet, sigma=8.0)
    return frame[TRACE].astype({"session": "Int64", "episode": "Int64", "level": float})


def episodes_of(**columns):
    given = {**CASE, "method": "baseline", "facet": "overall", "source": "score", **columns}
    length = len(given["start_session"])
    return shaped(
        {name: value if isinstance(value, list) else [value] * length for name, value in given.items()},
        EPISODES,
    )


NOTHING = {
    "trace": trace_of([]),
    "bands": charts.spans(trace_of([]), shaped({}, EPISODES)),
    "markers": shaped({}, MARKERS),
}
FELL = sessions_of([80, 82, 78, 50, 60, 81, 79, 70], [70, 70, None, 70, 70, 70, 70, None])
FELL_TRACE = trace_of(
    [
        (1, None, "too few", None),
        (2, None, "too few", None),
        (3, 81, "rated", None),
        (4, 80, "rupture", 4),
        (5, 80, "in episode", 4),
        (6, 80, "repaired", 4),
        (7, 80, "rated", None),
        (8, 80, "strain", None),
    ]
)
FELL_EPISODES = episodes_of(
    rater=["client", "practitioner"], start_session=[4, 7], low_session=[4, 7], repair_session=[6, pd.NA],
    outcome=["repaired", "open"], seen_by=["client only", "practitioner only"],
)  # fmt: skip
BANDS = charts.spans(FELL_TRACE, FELL_EPISODES)
MARKS = shaped(
    {
        "practitioner": ["P1"] * 3,
        "client": ["C-1"] * 3,
        "session": [4, 4, 7],
        "kind": ["withdrawal", "withdrawal", "confrontation"],
        "marker": ["denial", "minimal response", "defends self"],
    },
    MARKERS,
)


def valid(spec):
    """The specification, held against the Vega-Lite schema."""
    alt.LayerChart.from_dict(spec)
    return spec


def rows_of(spec, mark, **wanted):
    """The data behind the layers with this mark (and these properties of it) that can be seen."""
    layers = [
        layer
        for layer in spec["layer"]
        if layer["mark"]["type"] == mark
        and wanted.items() <= layer["mark"].items()
        and layer["mark"].get("opacity") != 0
    ]
    return [row for layer in layers for row in spec["datasets"][layer["data"]["name"]]]


def luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    """WCAG 2.1, definition of contrast ratio."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark", "print"])
@pytest.mark.parametrize("role", ["client", "practitioner", "episode", "strain", "level", "ink", "muted"])
def test_every_role_can_be_read_as_words_on_its_paper(role, theme):
    assert contrast(charts.ROLES[role].colour(theme), charts.ROLES["paper"].colour(theme)) >= 4.5


@pytest.mark.parametrize(
    "role", ["client", "practitioner", "episode", "strain", "level", "ink", "muted", "grid"]
)
def test_in_print_every_ink_stands_out_more_than_on_a_light_screen(role):
    white = charts.ROLES["paper"].colour("print")
    own = charts.ROLES[role]
    assert white == "#FFFFFF"
    assert contrast(own.colour("print"), white) > contrast(own.colour("light"), white)


def test_client_and_practitioner_differ_in_more_than_colour():
    client, practitioner = charts.ROLES["client"], charts.ROLES["practitioner"]
    assert (client.dash, client.shape, client.filled) == ((1, 0), "circle", True)
    assert (practitioner.dash, practitioner.shape, practitioner.filled) == ((6, 4), "square", False)


@pytest.mark.parametrize("theme", ["light", "dark", "print"])
def test_the_timeline_of_a_case_with_everything(theme):
    spec = valid(charts.timeline(FELL, FELL_TRACE, BANDS, MARKS, theme=theme))
    words = {row["name"] for row in rows_of(spec, "text")}
    assert words == {
        "4–6 repaired", "practitioner: since 7: open", "⚑ withdrawal ×2", "confrontation ⚑", "client", "practitioner (to 7)", "own level",
    }  # fmt: skip
    assert [row["session"] for row in rows_of(spec, "rule")] == [8]
    level = [(row["session"], row["low"], row["high"]) for row in rows_of(spec, "area")]
    assert (4, 72, 88) in level
    assert spec["config"]["background"] == ("#FFFFFF" if theme == "print" else "transparent")


def read_aloud(spec):
    """The names that a screen reader gives to the marks of a chart, as the browser draws it."""
    drawn = re.findall(
        r'aria-label="([^"]+)"[^>]*aria-roledescription="(?:point|rule mark|text mark|rect mark)"',
        vl_convert.vegalite_to_svg(spec),
    )
    return [html.unescape(name) for name in drawn]


def test_a_screen_reader_hears_sessions_and_names_in_words_and_no_raw_columns():
    named = read_aloud(charts.timeline(FELL, FELL_TRACE, BANDS, MARKS))
    assert "session 1, date 6 Jan 2025, client 80, practitioner 70" in named
    assert "4–6 repaired" in named
    assert "noted strain: a fall just short of an episode" in named
    assert not [name for name in named if name.startswith(("place", "left", "session:"))]


def test_a_mark_without_rows_is_no_nameless_picture():
    spec = charts.timeline(FELL, FELL_TRACE, BANDS, MARKS)
    assert (
        'role="graphics-symbol" aria-roledescription="rect mark container"'
        not in vl_convert.vegalite_to_svg(spec)
    )
    small = vl_convert.vegalite_to_svg(charts.sparkline(FELL, BANDS))
    assert "mark container" not in small.replace("group mark container", "")


def test_a_session_without_a_form_breaks_the_line():
    spec = charts.timeline(sessions_of([80, 70], [70, 70], numbers=[1, 4]), **NOTHING)
    assert [(row["session"], row["client"]) for row in rows_of(spec, "line")][:4] == [
        (1, 80),
        (2, None),
        (3, None),
        (4, 70),
    ]


def test_sessions_numbered_by_dates_are_not_filled_up():
    assert every_session(sessions_of([80, 70], [70, 70], numbers=[1, 20250301]), "overall")[
        "session"
    ].tolist() == [1, 20250301]


@pytest.mark.parametrize(
    "sessions",
    [
        sessions_of([80], [70]),
        sessions_of([80], [None]),
        sessions_of([None], [70]),
        sessions_of([80, 80], [None, None]),
        sessions_of([None, None], [None, None]),
    ],
    ids=["one session", "client once", "practitioner once", "client only", "nobody"],
)
def test_few_or_no_ratings_still_make_valid_charts(sessions):
    valid(charts.timeline(sessions, **NOTHING))
    valid(charts.timeline(sessions, **NOTHING, facet="goal", named=False))
    valid(charts.sparkline(sessions, NOTHING["bands"]))
    valid(charts.gap_bars(sessions, float("nan")))
    valid(charts.facet_strips(sessions))


@pytest.mark.parametrize("theme", ["light", "dark", "print"])
def test_small_charts_end_at_the_right_edge_and_show_the_latest_sessions(theme):
    spec = valid(charts.sparkline(FELL, BANDS, theme=theme, span=5))
    assert [(row["place"], row["session"]) for row in spec["datasets"]["ratings"]] == [
        (-4, 4),
        (-3, 5),
        (-2, 6),
        (-1, 7),
        (0, 8),
    ]
    # The client's episode, sessions 4 to 6, begins at the left edge; the practitioner's covers session 7.
    assert [(row["left"], row["right"]) for row in spec["datasets"]["bands"]] == [(-4.5, -1.5), (-1.5, -0.5)]


def test_small_charts_of_two_cases_share_no_data():
    one = charts.sparkline(FELL, BANDS)
    other = charts.sparkline(sessions_of([10], [20]), NOTHING["bands"])
    assert len(one["datasets"]["ratings"]) == 8
    assert len(other["datasets"]["ratings"]) == 1


def test_spans_end_where_the_episode_ends():
    assert BANDS[["rater", "start", "end", "name"]].values.tolist() == [
        ["client", 4, 6, "4–6 repaired"],
        ["practitioner", 7, 7, "since 7: open"],
    ]


def test_an_unrepaired_episode_lasts_as_long_as_the_trace_says():
    trace = trace_of(
        [(4, 80, "rupture", 4), (5, 80, "in episode", 4), (6, 80, "in episode", 4), (7, 80, "in episode", 4)]
    )
    found = episodes_of(
        rater="client",
        start_session=[4],
        low_session=[4],
        repair_session=[pd.NA],
        outcome="unrepaired",
        seen_by="both",
    )
    assert charts.spans(trace, found)["end"].tolist() == [7]


def test_what_only_a_marker_made_and_what_both_had_is_no_span_of_its_own():
    found = episodes_of(
        rater=["client", "practitioner"], source=["marker", "score"], start_session=[4, 5], low_session=[pd.NA, 5],
        outcome=["", "open"], seen_by=["", "both"], kind="withdrawal",
    )  # fmt: skip
    assert charts.spans(trace_of([]), found).empty


def test_an_episode_s_card_shows_the_sessions_around_it_and_no_others():
    long = sessions_of([80.0] * 20, [70.0] * 20)
    drawn = charts.around_episode(long, trace_of([(5, 80, "rated", None)]), BANDS, 10, 11)
    assert drawn is not None
    sides = [row["session"] for row in rows_of(valid(drawn), "line")]
    assert (min(sides), max(sides)) == (5, 14)
    near = charts.around_episode(FELL, FELL_TRACE, BANDS, 4, 6)
    assert near is not None
    assert {row["session"] for row in rows_of(valid(near), "line")} == set(range(1, 9))
    assert charts.around_episode(long, trace_of([]), BANDS, 40, 41) is None
    unrated = sessions_of([None, None], [None, None])
    assert charts.around_episode(unrated, trace_of([]), BANDS, 1, 1) is None


def test_gap_bars_start_at_the_usual_gap():
    spec = valid(charts.gap_bars(FELL, -6.4))
    bars = rows_of(spec, "rect")
    # Sessions 3 and 8 were rated by one side only.
    assert [row["session"] for row in bars] == [1, 2, 4, 5, 6, 7]
    assert {row["usual"] for row in bars} == {-6.4}
    assert bars[2]["gap_overall"] == 20
    assert {row["name"] for row in rows_of(spec, "text")} == {"no gap", "usual gap −6"}


def plot_width(spec):
    """Pixels between the edges of the plot itself, as the browser draws it 600 pixels wide."""
    drawn = vl_convert.vegalite_to_svg({**spec, "width": 600})
    return float(
        re.search(r'class="background" aria-hidden="true" d="M0(?:\.5)?,0(?:\.5)?h([\d.]+)', drawn)[1]
    )


def test_the_gaps_stand_below_the_sessions_of_the_timeline():
    whole = charts.timeline(FELL, FELL_TRACE, BANDS, MARKS)
    assert (
        abs(plot_width(whole) - plot_width(charts.gap_bars(FELL, -6.0))) <= 8
    )  # the scales at the left differ a little
    assert plot_width(whole) > 420


def test_the_bar_of_a_single_session_is_no_block():
    spec = charts.gap_bars(sessions_of([80], [60]), float("nan"))
    (bar,) = rows_of(spec, "rect")
    assert bar["right"] - bar["left"] == pytest.approx(0.07)


def test_without_a_usual_gap_bars_start_at_zero():
    spec = charts.gap_bars(FELL, float("nan"))
    assert {row["usual"] for row in rows_of(spec, "rect")} == {0}
    assert {row["name"] for row in rows_of(spec, "text")} == {"no gap"}


def test_facet_strips_take_each_clients_latest_score():
    parts = [sessions_of([10, latest, None], [None] * 3, name=f"C-{latest}") for latest in (60, 70, 95)]
    spec = valid(charts.facet_strips(pd.concat(parts)))
    assert [(row["facet"], row["name"]) for row in rows_of(spec, "text")] == [
        ("bond", "median 70"), ("goal", "median 70"), ("task", "median 70"),
    ]  # fmt: skip
    assert {(row["low"], row["high"]) for row in rows_of(spec, "bar")} == {(65, 82.5)}


def test_a_tick_stands_for_many_clients_in_a_very_large_caseload():
    many = pd.concat(
        [sessions_of([50 + number % 4 / 10], [None], name=f"C-{number}") for number in range(401)]
    )
    spec = valid(charts.facet_strips(many))
    # 50.0 to 50.3 are one whole point; three ticks of the caseload and three medians are left.
    assert len(rows_of(spec, "tick")) == 6


def test_a_case_with_thousands_of_sessions_is_drawn():
    count = 6000
    numbers = [1, *range(2000, 2000 + count - 1)]
    assert (
        len(
            rows_of(
                charts.timeline(sessions_of([80] * count, [70] * count, numbers=numbers), **NOTHING), "line"
            )
        )
        == 2 * count
    )


@pytest.mark.parametrize(
    ("scores", "floor"),
    [([100, 98], 60), ([72, 90], 60), ([64, 90], 50), ([3, 90], 0), ([None, None], 0)],
)
def test_the_axis_begins_below_the_lowest_score(scores, floor):
    assert charts.score_floor(sessions_of(scores, [None, None])) == floor


@pytest.mark.parametrize(
    ("heights", "expected"),
    [
        ([50, 80], [50, 80]),
        ([50, 50], [45, 55]),
        ([52, 48], [55, 45]),
        ([50, 50, 50], [40, 50, 60]),
        ([], []),
    ],
)
def test_labels_are_moved_apart_and_keep_their_order(heights, expected):
    assert apart(pd.Series(heights, dtype=float), 10).tolist() == expected


def test_nothing_that_is_handed_in_is_changed():
    given = [frame.copy(deep=True) for frame in (FELL, FELL_TRACE, BANDS, MARKS)]
    charts.timeline(FELL, FELL_TRACE, BANDS, MARKS)
    charts.sparkline(FELL, BANDS)
    charts.gap_bars(FELL, -6.0)
    charts.facet_strips(FELL)
    for before, after in zip(given, (FELL, FELL_TRACE, BANDS, MARKS), strict=True):
        pd.testing.assert_frame_equal(before, after)


def test_the_rules_compared_are_named_at_their_ends_and_the_one_in_use_is_drawn_strongly():
    spec = charts.rules_compared(benchmarked.ladder(), "baseline")
    lines, names = spec["layer"]
    rows = [row for data in spec["datasets"].values() for row in data]
    assert {row["rule"] for row in rows if row["chosen"]} == {"baseline"}
    assert max(row["false_alarms"] for row in rows) <= 5
    heights = sorted(row["label_at"] for row in rows if "label_at" in row)
    assert min(np.diff(heights)) >= 4.5 - 1e-9  # no two names on one line
    assert names["encoding"]["text"]["field"] == "rule"
    assert lines["encoding"]["x"]["title"] == "false alarms per 100 sessions"


def loads_of(clients, means):
    """CASELOADS rows of P00, P01, …, and the row of SERVICE that goes with σ² = 144 and μ = 70."""
    loads = pd.DataFrame(
        {
            "practitioner": [f"P{number:02}" for number in range(len(clients))],
            "rated_clients": pd.array(clients, dtype="Int64"),
            "mean_client_overall": means,
        }
    )
    return loads, pd.DataFrame({"mean": [70.0], "within": [144.0], "overdispersion": [1.0]})


@pytest.mark.parametrize("theme", ["light", "dark", "print"])
def test_the_funnel_names_nobody_but_the_one_who_is_looked_at(theme):
    loads, service = loads_of([9, 4, 25, 0], [66.0, 80.0, 71.0, np.nan])
    spec = valid(charts.funnel(loads, service, PractitionerSettings(), "P02", theme=theme))
    marks = rows_of(spec, "point")
    # In the order of their size; the one without rated clients has no mark.
    assert [(row["clients"], row["mean"], row["name"]) for row in marks] == [
        (4, 80, ""),
        (9, 66, ""),
        (25, 71, "P02"),
    ]
    assert {row["name"] for row in rows_of(spec, "text")} == {"99.8 %", "95 %", "all", "P02"}
    assert "P00" not in json.dumps(spec)
    assert "P01" not in json.dumps(spec)


def test_the_funnel_of_a_mean_that_may_not_be_named_names_nobody():
    loads, service = loads_of([9, 4, 25], [66.0, 80.0, 71.0])
    spec = valid(charts.funnel(loads, service, PractitionerSettings(), None))
    assert len(rows_of(spec, "point")) == 3
    assert not any(f"P{number:02}" in json.dumps(spec) for number in range(3))


def test_the_funnels_lines_are_its_limits():
    """σ² = 144: at nine clients the error is 4, the inner limits 62.16 and 77.84."""
    loads, service = loads_of([1, 200], [66.0, 80.0])
    lines = pd.DataFrame(rows_of(charts.funnel(loads, service, PractitionerSettings(), None), "line"))
    at_nine = lines[lines["clients"] == 9].iloc[0]
    assert (at_nine["inner_low"], at_nine["inner_high"]) == pytest.approx((62.16, 77.84))
    assert (lines["outer_low"] >= 0).all()
    assert (lines["outer_high"] <= 100).all()


def test_a_funnel_of_single_clients_is_drawn():
    loads, service = loads_of([1] * 10, [60.0 + number for number in range(10)])
    valid(charts.funnel(loads, service, PractitionerSettings(), None))


@pytest.mark.parametrize(("now", "rules"), [(2.3, 2), (2.5, 1), (None, 1)])
def test_the_threshold_looked_at_and_the_one_in_use_are_named(now, rules):
    along = pd.DataFrame({"threshold": [1.0, 2, 3], "falls": [9, 4, 0]})
    spec = charts.along_thresholds(along, now, 2.5, "standard errors")
    marks = [layer["mark"]["type"] for layer in spec["layer"]]
    assert marks.count("rule") == marks.count("text") == rules
    names = {row["name"] for rows in spec["datasets"].values() for row in rows if "name" in row}
    assert "looked at: 2.5" in names
    assert spec["layer"][0]["encoding"]["x"]["title"] == "threshold, standard errors"


@pytest.mark.parametrize(("falls", "most"), [([9, 4, 0], 9), ([1, 0, 0], 1), ([0, 0, 0], 1)])
def test_falls_are_whole_numbers_on_their_axis_where_there_are_none_too(falls, most):
    along = pd.DataFrame({"threshold": [1.0, 2, 3], "falls": falls})
    y = charts.along_thresholds(along, 2.3, 2.5, "standard errors")["layer"][0]["encoding"]["y"]
    assert (y["scale"]["domain"], y["axis"]["format"]) == ([0, most], "d")


@pytest.mark.parametrize("shown", ["rating", "gap", "state"])
def test_a_strip_has_a_field_for_every_rated_session_and_reports_its_case(shown):
    frame = pd.concat(
        [sessions_of([80, None, 60], [70, None, 75]), sessions_of([90, 91], [None, 80], name="C-2")]
    ).assign(state=["rated", "", "rupture", "too few", "strain"])
    frame = frame.assign(case=frame["client"])
    spec = charts.heat_strip(frame, ["C-1", "C-2"], shown, -5.0)
    rows = next(iter(spec["datasets"].values()))
    assert [(row["case"], row["session"]) for row in rows] == {
        "rating": [("C-1", 1), ("C-1", 3), ("C-2", 1), ("C-2", 2)],
        "gap": [("C-1", 1), ("C-1", 3), ("C-2", 2)],
        "state": [("C-1", 1), ("C-1", 3), ("C-2", 1), ("C-2", 2)],
    }[shown]
    signs = {"rating": ["80", "60", "90", "91"], "gap": ["−10", "+15", "−11"], "state": ["", "▼", "?", "·"]}
    assert [row["sign"] for row in rows] == signs[shown]
    assert spec["params"][0]["name"] == charts.SELECTION
    assert spec["layer"][0]["name"] in spec["params"][0]["views"]


def test_the_lowest_rating_of_a_strip_is_a_field_that_can_be_told_from_none():
    frame = sessions_of([0.0] * 30, [70.0] * 30).assign(case="C-1", state="rated")
    colours = charts.heat_strip(frame, ["C-1"], "rating", float("nan"))["layer"][0]["encoding"]["color"]
    assert colours["scale"]["range"][0] != charts.ROLES["paper"].colour("light")
    assert colours["scale"]["interpolate"] == "rgb"  # between two blues lies a blue


def test_a_long_strip_leaves_the_numbers_to_colour_and_tooltip():
    frame = sessions_of([80.0] * 30, [70.0] * 30).assign(case="C-1", state="rated")
    rows = next(iter(charts.heat_strip(frame, ["C-1"], "rating", float("nan"))["datasets"].values()))
    assert {row["sign"] for row in rows} == {""}


def test_an_enlarged_chart_is_the_same_in_everything_but_size():
    spec = charts.timeline(FELL, FELL_TRACE, BANDS, MARKS)
    large = valid(charts.enlarged(spec, 1.5))
    assert large["datasets"] == spec["datasets"]
    assert large["height"] == 1.5 * spec["height"]
    assert large["config"]["axis"]["labelFontSize"] == 1.5 * spec["config"]["axis"]["labelFontSize"]
    assert large["config"]["text"]["fontSize"] == 1.5 * spec["config"]["text"]["fontSize"]
    for before, after in zip(spec["layer"], large["layer"], strict=True):
        assert before["data"] == after["data"]
        assert before["mark"].get("size", 0) * 2.25 == after["mark"].get("size", 0)  # an area
        assert before["mark"].get("strokeWidth", 0) * 1.5 == after["mark"].get("strokeWidth", 0)
        ends = [one["encoding"].get("y", {}).get("value") for one in (before, after)]
        assert ends[1] == (ends[0] if ends[0] is None else 1.5 * ends[0])
    assert charts.enlarged(spec, 1)["layer"] == spec["layer"]


@pytest.mark.parametrize(
    "chart",
    [
        charts.timeline(FELL, FELL_TRACE, BANDS, MARKS.assign(practitioner=None, client=None)),
        charts.around_episode(FELL, FELL_TRACE, BANDS, 4, 6),
    ],
    ids=["timeline", "around an episode"],
)
def test_no_id_travels_with_a_chart_of_one_case(chart):
    assert chart is not None
    values = {value for rows in chart["datasets"].values() for row in rows for value in row.values()}
    assert not values & {"P1", "C-1"}


DRAWN = sorted((Path(charts.__file__).parent).glob("*.py"))


@pytest.mark.parametrize("source", DRAWN, ids=lambda path: path.stem)
def test_no_chart_leaves_its_channels_to_be_guessed(source):
    """What is written as `text="name:N"` or `alt.value(…)` Altair looks up among all of its classes, at 10 ms each time."""
    calls = [one for one in ast.walk(ast.parse(source.read_text())) if isinstance(one, ast.Call)]
    encoded = [
        given
        for call in calls
        if getattr(call.func, "attr", "") == "encode"
        for given in (*call.args, *(k.value for k in call.keywords))
    ]
    guessed = [one for one in encoded if isinstance(one, ast.Constant | ast.Dict)]
    assert [ast.unparse(one) for one in guessed] == []
    assert [
        ast.unparse(call)
        for call in calls
        if getattr(call.func, "attr", "") in ("value", "when", "condition")
    ] == []


def test_bands_have_the_name_of_their_own_episode_however_many_there_are():
    found = analyse(simulate(Design(5, 9, 20), seed=3).ratings)
    names = charts.spans(found.trace, found.own_episodes)["name"]
    own = found.own_episodes
    drawn = own[
        (own["source"] == "score") & ((own["rater"] == "client") | (own["seen_by"] == "practitioner only"))
    ]
    assert names.nunique() < len(names)
    assert names.tolist() == [episode_name(one) for one in drawn.to_dict("records")]
    assert charts.spans(found.trace, own.iloc[:0]).empty
