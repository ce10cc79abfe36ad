"""The whole computation, held against itself: what must not matter does not, and what must turn round does."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from alliance_core.analysis import analyse
from alliance_core.sample import Design, simulate
from alliance_core.settings import Settings
from alliance_core.tables import (
    AGREEMENT,
    CASELOADS,
    CASES,
    EPISODES,
    FORMS,
    PRACTITIONERS,
    SCORES,
    SESSIONS,
    Ratings,
    empty,
)
from tests.measures.made import TEN, form, overall, ratings, records

TABLES = {
    "scores": SCORES,
    "sessions": SESSIONS,
    "episodes": EPISODES,
    "cases": CASES,
    "practitioners": PRACTITIONERS,
    "agreement": AGREEMENT,
    "caseloads": CASELOADS,
}
FRAMES = [*TABLES, "service", "trace", "noise", "agenda"]
POOLED = ["pooled_mean", "pooled_low", "pooled_high", "reliability"]  # they rest on all practitioners


@pytest.fixture(scope="module")
def team():
    """A simulated team: 4 practitioners with 6 cases of 12 sessions."""
    made = simulate(Design(4, 6, 12), seed=11)
    return Ratings(forms=made.forms, markers=made.markers, cases=made.cases)


@pytest.fixture(scope="module")
def analysed(team):
    return analyse(team)


def same(one, other, frames=FRAMES):
    for name in frames:
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name), obj=name)


def test_the_tables_have_their_columns_in_key_order(analysed):
    for name, table in TABLES.items():
        frame = getattr(analysed, name)
        assert frame.columns.tolist() == table.names
        assert not frame.duplicated(table.keys).any()
        ordered = frame.sort_values(table.keys, ignore_index=True)
        pd.testing.assert_frame_equal(frame, ordered)
    assert len(analysed.episodes) > 0


def test_the_order_of_rows_does_not_matter(team, analysed):
    shuffled = Ratings(
        forms=team.forms.sample(frac=1, random_state=5).reset_index(drop=True),
        markers=team.markers.sample(frac=1, random_state=6),
        cases=team.cases.sample(frac=1, random_state=7),
    )
    same(analyse(shuffled), analysed)


def test_the_ratings_are_left_alone(team):
    before = {name: getattr(team, name).copy(deep=True) for name in ("forms", "markers", "cases")}
    analyse(team)
    for name, frame in before.items():
        pd.testing.assert_frame_equal(getattr(team, name), frame)


def test_names_do_not_matter_as_long_as_their_order_stays(team, analysed):
    """P… and C-… become longer names that sort alike."""

    def renamed(frame):
        frame = frame.copy()
        for name in ("practitioner", "client"):
            frame[name] = "x " + frame[name].astype("str") + "/0"
        return frame

    other = analyse(Ratings(*(renamed(frame) for frame in (team.forms, team.markers, team.cases))))
    for name, table in TABLES.items():
        mine = getattr(analysed, name).copy()
        for key in ("practitioner", "client"):
            if key in table.names:
                mine[key] = "x " + mine[key] + "/0"
        pd.testing.assert_frame_equal(getattr(other, name), mine)


def test_another_instruments_case_changes_nothing_but_pooled_figures(team, analysed):
    extra = ratings(overall("Z-1", [60], practitioner="P99")).forms
    more = Ratings(pd.concat([team.forms, extra], ignore_index=True), team.markers, team.cases)
    found = analyse(more)
    for name in TABLES:
        frame = getattr(found, name)
        kept = frame[(frame["practitioner"] != "P99").to_numpy()].reset_index(drop=True)
        pooled = [column for column in POOLED if column in frame]
        before = getattr(analysed, name)
        pd.testing.assert_frame_equal(kept.drop(columns=pooled), before.drop(columns=pooled))
        moved = pooled[:-1]  # these practitioners do not differ detectably, before and after: λ stays 0
        assert (kept[moved] != before[moved]).all(axis=None)


LEVELS = [0.75, 0.75, 0.8, 0.3, 0.7, 0.9, 0.95, 0.7, 0.75, 0.2, 0.2, 0.25, 0.3]


def on_range(low, high):
    """The same course, on another response range of the `facets` instrument, both sides."""
    forms = []
    for session, share in enumerate(LEVELS, 1):
        for rater, less in (("client", 0.0), ("practitioner", 0.1)):
            given = dict.fromkeys(("goal", "task", "bond"), low + (share - less) * (high - low))
            forms.append(form("P01", "C-1", session, rater, low=low, high=high, given=given))
    return analyse(ratings(forms), TEN)


@pytest.mark.parametrize(("low", "high"), [(0, 100), (0, 10), (-3, 3), (10, 50)])
def test_the_response_range_does_not_matter(low, high):
    one, other = on_range(1, 5), on_range(low, high)
    assert len(one.episodes) > 0
    same(one, other, ["sessions", "episodes", "cases", "practitioners", "agreement", "service", "noise"])


def test_swapping_the_sides_turns_gaps_round_and_moves_episodes_over(team, analysed):
    swapped = team.forms.assign(
        rater=team.forms["rater"].map({"client": "practitioner", "practitioner": "client"}).astype("str")
    )
    other = analyse(Ratings(swapped, cases=team.cases))
    plain = analyse(Ratings(team.forms, cases=team.cases))
    for scale in ("goal", "task", "bond", "overall"):
        pd.testing.assert_series_equal(other.sessions[f"gap_{scale}"], -plain.sessions[f"gap_{scale}"])
    pd.testing.assert_series_equal(other.cases["mean_gap"], -plain.cases["mean_gap"])
    pd.testing.assert_series_equal(other.cases["mean_abs_gap"], plain.cases["mean_abs_gap"])
    pd.testing.assert_series_equal(other.cases["gap_low"], -plain.cases["gap_high"], check_names=False)
    agreed, before = other.agreement, plain.agreement
    for mine, theirs in (
        ("client_higher", "practitioner_higher"),
        ("gap_low", "gap_high"),
        ("loa_low", "loa_high"),
    ):
        sign = 1 if mine == "client_higher" else -1
        pd.testing.assert_series_equal(agreed[mine], sign * before[theirs], check_names=False)
    for name in (
        "same",
        "sd_gap",
        "correlation",
        "correlation_low",
        "icc_a1",
        "icc_a1_high",
        "icc_c1",
        "concordance",
    ):
        pd.testing.assert_series_equal(agreed[name], before[name])
    for name in ("congruence", "congruence_q"):
        pd.testing.assert_series_equal(other.service[name], plain.service[name])
    told = ["client", "facet", "start_session", "low_session", "repair_session", "depth_pct", "outcome"]
    for mine, theirs in (("client", "practitioner"), ("practitioner", "client")):
        here = plain.episodes[(plain.episodes["rater"] == mine).to_numpy()][told]
        there = other.episodes[(other.episodes["rater"] == theirs).to_numpy()][told]
        assert records(here) == records(there)


def test_a_shift_of_every_rating_keeps_the_episodes():
    """Five points more everywhere, away from the ends of the range."""
    values = [100 * share - 5 for share in LEVELS]
    low, high = (analyse(ratings(overall("C-1", [v + by for v in values])), TEN).episodes for by in (0, 5))
    assert low["outcome"].tolist() == high["outcome"].tolist() != []
    assert low["depth_sigma"].tolist() == pytest.approx(high["depth_sigma"].tolist())


def test_a_shift_and_a_scale_of_every_rating_keep_what_has_no_unit_and_scale_the_rest(team, analysed):
    """Ratings halved and moved up by twenty points: gaps, limits and means follow, correlations stay."""
    wanted = ["practitioner", "client", "session", "rater"]
    scores = analysed.scores[[*wanted, "overall_pct"]].dropna()
    half = [
        form(*row[:4], instrument="total", low=0, high=100, given={"overall": value})
        for *row, value in zip(
            *(scores[name] for name in wanted), 20 + scores["overall_pct"] / 2, strict=True
        )
    ]
    whole = [one | {"given": {"overall": 2 * one["given"]["overall"] - 40}} for one in half]
    after, before = analyse(ratings(half)), analyse(ratings(whole))
    for name in ("correlation", "congruence", "icc_a1", "icc_a1_low", "icc_c1_high", "concordance"):
        pd.testing.assert_series_equal(after.agreement[name], before.agreement[name])
    for name in ("mean_gap", "gap_low", "loa_high", "sd_gap"):
        pd.testing.assert_series_equal(2 * after.agreement[name], before.agreement[name])
    for name in ("pooled_mean", "pooled_low"):
        pd.testing.assert_series_equal(2 * after.caseloads[name] - 40, before.caseloads[name])
    pd.testing.assert_series_equal(after.caseloads["reliability"], before.caseloads["reliability"])
    assert before.agreement["correlation"].notna().any()


def test_nothing_gives_empty_tables():
    found = analyse(Ratings(forms=empty(FORMS)))
    for name, table in TABLES.items():
        assert getattr(found, name).columns.tolist() == table.names
        assert len(getattr(found, name)) == 0
    assert len(found.agenda) == len(found.trace) == 0
    assert found.service[["practitioners", "paired_sessions", "congruence_cases"]].to_numpy().tolist() == [
        [0, 0, 0]
    ]


@pytest.mark.parametrize("rater", ["client", "practitioner", "observer"])
@pytest.mark.parametrize("values", [[80], [None], [80, 75], [None, None, 60]])
def test_one_side_and_few_sessions_give_all_tables(rater, values):
    found = analyse(ratings(overall("C-1", values, rater=rater)))
    assert len(found.sessions) == len(values)
    assert len(found.scores) == sum(value is not None for value in values)
    assert (len(found.cases), len(found.practitioners), len(found.episodes)) == (1, 1, 0)
    assert (len(found.agreement), len(found.caseloads), len(found.service)) == (1, 1, 1)


def test_a_case_that_only_another_sheet_names_has_a_line_with_no_sessions(team, analysed):
    """Whatever sheet names it: no line of one file points at a case that another file does not have."""
    names = {"practitioner": "P00", "client": "C-9", "session": 2}
    sheets = {
        "markers": {**names, "kind": "withdrawal", "significance": 4},
        "cases": {"practitioner": "P00", "client": "C-9", "team": "North"},
        "tasks": {**names, "task": "diary"},
        "goals": {**names, "agreement": 8},
        "review": {**names, "decision": "watch"},
    }
    for name, line in sheets.items():
        frame = getattr(team, name)
        found = analyse(replace(team, **{name: pd.concat([frame, pd.DataFrame([line])], ignore_index=True)}))
        first = records(found.cases)[0]
        assert {key: first[key] for key in ("practitioner", "client", "sessions", "paired_sessions")} == {
            "practitioner": "P00",
            "client": "C-9",
            "sessions": 0,
            "paired_sessions": 0,
        }
        assert (first["open_episode"], first["flags"], first["state"]) == ("no", None, None)
        assert first["team"] == line.get("team")
        summary = records(found.practitioners)[0]
        assert (summary["practitioner"], summary["cases"], summary["sessions"]) == ("P00", 1, 0)
        assert summary["mean_client_overall"] is None
        load, pair = records(found.caseloads)[0], records(found.agreement)[0]
        assert (load["practitioner"], load["rated_clients"], load["unnamed"]) == ("P00", 0, "no ratings")
        assert (pair["client"], pair["paired_sessions"]) == ("C-9", 0)
        assert records(found.episodes)[0]["practitioner"] == ("P00" if name == "markers" else "P01")
        pd.testing.assert_frame_equal(found.cases.iloc[1:].reset_index(drop=True), analysed.cases)
        pd.testing.assert_frame_equal(found.sessions, analysed.sessions)


def test_a_form_without_an_answer_keeps_its_session_and_has_no_score():
    found = analyse(ratings(overall("C-1", [80, None, 70])))
    assert found.scores["session"].tolist() == [1, 3]
    assert found.sessions["session"].tolist() == [1, 2, 3]
    assert found.cases["sessions"].tolist() == [3]


def test_two_forms_of_one_rater_for_one_session_are_refused():
    twice = overall("C-1", [80]) + overall("C-1", [70])
    with pytest.raises(ValueError, match="two forms with the same practitioner, client, session, rater"):
        analyse(ratings(twice))


def test_settings_are_what_decides(team, analysed):
    strict = Settings.model_validate({"episodes": {"z_open": 4.0}})
    assert len(analyse(team, strict).episodes) < len(analysed.episodes)
    same(analyse(team, Settings()), analysed)


def test_completed_courses_show_a_believable_share_of_episodes():
    """A sanity check only: published shares are 15–50 % with a repaired episode, 10–25 % with an unrepaired one."""
    made = simulate(Design(8, 25, 20), seed=21)
    found = analyse(Ratings(forms=made.forms, cases=made.cases))
    falls = found.episodes[
        ((found.episodes["rater"] == "client") & (found.episodes["facet"] == "overall")).to_numpy()
    ]

    def share(*outcomes):
        return (
            falls[falls["outcome"].isin(outcomes).to_numpy()].groupby(["practitioner", "client"]).ngroups
            / 200
        )

    assert 0.15 < share("repaired", "strengthened") < 0.5
    assert 0.03 < share("unrepaired") < 0.25


def test_trace_and_episodes_tell_the_same_story(analysed):
    opened = analysed.trace[(analysed.trace["state"] == "rupture").to_numpy()]
    scored = analysed.episodes[(analysed.episodes["source"] == "score").to_numpy()]
    keys = ["practitioner", "client", "rater", "facet"]
    told = {tuple(map(str, row)) for row in opened[[*keys, "session"]].to_numpy()}
    assert told == {tuple(map(str, row)) for row in scored[[*keys, "start_session"]].to_numpy()}
    assert np.allclose(scored["depth_pct"], scored["baseline"] - scored["low"])
