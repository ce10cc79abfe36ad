"""The simulation plants what it says, and the same seed gives the same bytes."""

import zipfile
from dataclasses import fields, replace

import numpy as np
import pandas as pd
import pytest

from alliance_core.analysis import analyse
from alliance_core.reading import read_workbooks
from alliance_core.sample import (
    LAYOUTS,
    Design,
    Parameters,
    SampleError,
    arranged,
    simulate,
    work,
    write_sample,
)
from alliance_core.tables import CASE_NOTES, FORMS, GOALS, MARKERS, TASKS

ITEMS = [f"item_{i}" for i in range(1, 13)]
STEADY = Parameters(rupture_chance=0, growth=0, growth_sd=0, ceiling_chance=0)


def scores(made, rater):
    forms = made.forms.loc[made.forms["rater"].eq(rater)]
    return forms.assign(score=forms[ITEMS].mean(axis=1))


def test_every_assumption_has_a_meaning_a_unit_and_a_source():
    for assumption in fields(Parameters):
        assert all(assumption.metadata[key] for key in ("meaning", "unit", "source")), assumption.name


def test_one_session_of_steady_cases_is_about_as_dependable_as_published():
    client = scores(simulate(Design(40, 40, 12, STEADY), seed=3), "client")
    by_case = client.groupby("client")["score"]
    within = ((client["score"] - by_case.transform("mean")) ** 2).sum() / (len(client) - by_case.ngroups)
    between = by_case.mean().var() - within / by_case.size().mean()
    assert between / (between + within) == pytest.approx(0.77, abs=0.03)  # Crits-Christoph et al. 2011


def test_practitioners_rate_about_half_a_standard_deviation_lower():
    made = simulate(Design(40, 40, 12, STEADY), seed=4)
    client, practitioner = (scores(made, rater)["score"] for rater in ("client", "practitioner"))
    spread = np.sqrt((client.var() + practitioner.var()) / 2)
    assert 0.45 < (client.mean() - practitioner.mean()) / spread < 0.65


def test_forms_have_the_shape_that_reading_hands_over():
    made = simulate(Design(), seed=1)
    assert list(made.forms.columns) == FORMS.names
    assert list(made.markers.columns) == MARKERS.names
    assert list(made.cases.columns) == CASE_NOTES.names
    assert made.forms.sort_values(FORMS.keys).index.equals(made.forms.index)
    assert not made.forms.duplicated(FORMS.keys).any()
    assert set(np.unique(made.forms[ITEMS].melt()["value"].dropna())) == {1, 2, 3, 4, 5}
    assert made.forms["client"].unique().tolist() == [f"C-{n:03d}" for n in range(1, 25)]
    assert made.ratings.forms is made.forms


def test_forms_answers_and_ceilings_are_missing_or_flat_as_often_as_assumed():
    made = simulate(Design(40, 40, 12), seed=5)
    all_forms = 40 * 40 * 12
    missing = 1 - made.forms["rater"].eq("practitioner").sum() / all_forms
    assert missing == pytest.approx(0.08 * 11 / 12, abs=0.01)  # never at the first session
    assert made.forms[ITEMS].isna().mean().mean() == pytest.approx(0.01, abs=0.002)
    client = scores(made, "client").groupby("client")["score"]
    assert (client.min().eq(5) & client.size().ge(6)).mean() == pytest.approx(0.06, abs=0.02)


def test_planted_ruptures_show_in_the_levels_of_those_who_felt_them():
    quiet = replace(
        STEADY,
        rupture_chance=1,
        session_sd=0,
        facet_sd=0,
        item_sd=0.2,
        client_sd=0.1,
        missed_client=0,
        level=4,
    )
    made = simulate(Design(20, 20, 12, quiet), seed=6)
    for rater in ("client", "practitioner"):
        wide = scores(made, rater).pivot_table(index="client", columns="session", values="score")
        truth = made.truth.loc[made.truth["client"].isin(wide.index[wide.notna().all(axis=1)])]
        truth = truth.loc[truth["outcome"].ne("open")]
        at_low = pd.Series(
            [wide.loc[c, s] for c, s in zip(truth["client"], truth["low_session"], strict=True)]
        )
        fell = (wide.loc[truth["client"], 1].to_numpy() - at_low) > 0.5
        felt = truth["seen_by_practitioner"].eq("yes").to_numpy() | (rater == "client")
        assert (fell.to_numpy() == felt).mean() > 0.97


def test_truth_has_every_kind_and_outcome_and_about_half_are_noticed():
    truth = simulate(Design(40, 40, 24), seed=7).truth
    shares = truth["outcome"].value_counts(normalize=True)
    assert set(shares.index) == {"repaired", "strengthened", "unrepaired", "open"}
    assert truth["kind"].eq("confrontation").mean() == pytest.approx(0.4, abs=0.05)
    assert truth["seen_by_practitioner"].eq("yes").mean() == pytest.approx(0.5, abs=0.05)
    assert truth["end_session"].isna().equals(truth["outcome"].eq("open"))
    ended = truth.dropna(subset="end_session")
    assert (
        ended["start_session"].le(ended["low_session"]) & ended["low_session"].lt(ended["end_session"])
    ).all()
    assert ended["end_session"].between(1, 24).all()
    assert ended["start_session"].ge(4).all()


@pytest.mark.parametrize("sessions", [1, 2, 3, 4, 5, 7, 8, 30])
def test_any_number_of_sessions_works_and_every_case_is_there(sessions):
    made = simulate(Design(2, 3, sessions), seed=8)
    assert made.forms["client"].nunique() == 6
    assert made.forms["session"].max() == sessions
    assert made.truth["low_session"].le(sessions).all()


@pytest.mark.parametrize("wrong", [{"practitioners": 0}, {"cases": -1}, {"sessions": 0}])
def test_a_design_without_rows_is_refused_by_name(wrong):
    with pytest.raises(ValueError, match=f"{next(iter(wrong))} is .*1 or more"):
        Design(**wrong)


def test_sessions_are_weekly_with_gaps_on_one_weekday():
    dates = simulate(Design(), seed=1).forms.drop_duplicates(["client", "session"])
    steps = dates.groupby("client")["date"].diff().dt.days.dropna()
    assert (steps % 7 == 0).all()
    assert steps.eq(7).mean() > 0.7
    assert steps.gt(7).any()


@pytest.mark.parametrize("layout", LAYOUTS)
def test_same_seed_same_bytes(tmp_path, layout):
    for name in ("a.xlsx", "b.xlsx"):
        write_sample(simulate(Design(), seed=11), tmp_path / name, layout)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    write_sample(simulate(Design(), seed=12), tmp_path / "c.xlsx", layout)
    assert (tmp_path / "a.xlsx").read_bytes() != (tmp_path / "c.xlsx").read_bytes()


def test_layouts_have_the_headers_people_use():
    made = simulate(Design(1, 1, 3), seed=1)
    heads = {layout: {n: list(f.columns) for n, f in arranged(made, layout).items()} for layout in LAYOUTS}
    keys = ["Therapist", "Client", "Session", "Date"]
    assert heads["long-items"] == {"Ratings": [*keys, "Rated by", *(f"Item {i}" for i in range(1, 13))]}
    assert heads["two-sheets"].keys() == {"Client ratings", "Therapist ratings"}
    assert heads["paired-items"]["Ratings"][4:] == [f"{side}{i}" for side in "CT" for i in range(1, 13)]
    assert heads["paired"]["Ratings"][4:10] == [
        "Instrument",
        "Client goal",
        "Client task",
        "Client bond",
        "Client overall",
        "Client items answered",
    ]
    assert heads["long-scores"]["Ratings"][4:7] == ["Rated by", "Instrument", "Goal"]


def test_csv_holds_the_ratings_alone_with_iso_dates(tmp_path):
    write_sample(simulate(Design(1, 1, 2), seed=1), tmp_path / "a.csv", "long-items")
    text = (tmp_path / "a.csv").read_bytes().decode("utf-8")
    assert text.startswith("Therapist,Client,Session,Date,Rated by,Item 1,")
    assert "\r" not in text
    assert text.splitlines()[1].startswith("P01,C-001,1,2025-")


def test_what_cannot_be_written_is_said(tmp_path):
    made = simulate(Design(1, 1, 2), seed=1)
    with pytest.raises(SampleError, match=r"two-sheets needs two sheets.*\.xlsx"):
        write_sample(made, tmp_path / "a.csv", "two-sheets")
    with pytest.raises(SampleError, match=r"a\.docx: a sample is written as"):
        write_sample(made, tmp_path / "a.docx")
    with pytest.raises(SampleError, match="Layout sideways is not known; accepted are long-scores"):
        write_sample(made, tmp_path / "a.xlsx", "sideways")
    with pytest.raises(OSError, match="cannot be written"):
        write_sample(made, tmp_path / "nowhere" / "a.xlsx")


def test_layouts_for_each_and_for_survey_tools():
    made = simulate(Design(2, 1, 3), seed=1)
    assert list(arranged(made, "per-practitioner")) == ["P01", "P02"]
    assert list(arranged(made, "per-case")) == ["C-001", "C-002"]
    assert "Therapist" not in arranged(made, "per-practitioner")["P01"]
    matrix = arranged(made, "matrix")["Ratings"]
    assert list(matrix.columns[:6]) == ["Therapist", "Client", "Rated by", "Instrument", "S1 date", "S1 goal"]
    assert len(matrix) == 4
    survey = arranged(made, "survey")["Export"]
    assert list(survey.columns[4:7]) == ["Q5", "Q6_1", "Q6_2"]
    assert survey.iloc[1, 0] == '{"ImportId":"QID1"}'


def test_a_tsv_has_tabs(tmp_path):
    write_sample(simulate(Design(1, 1, 2), seed=1), tmp_path / "a.tsv", "long-items")
    assert (tmp_path / "a.tsv").read_text(encoding="utf-8").startswith("Therapist\tClient\tSession\tDate")


def test_more_than_reading_accepts_is_refused(tmp_path):
    with pytest.raises(SampleError, match="200 sheets; at most 190 are read"):
        write_sample(simulate(Design(20, 10, 1), seed=1), tmp_path / "a.xlsx", "per-case")
    with pytest.raises(SampleError, match="1,204 columns; at most 1,024 are read"):
        write_sample(simulate(Design(1, 1, 200), seed=1), tmp_path / "a.xlsx", "matrix")


def test_more_rows_than_a_sheet_holds_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("alliance_core.sample.layouts.MOST_ROWS", 3)
    with pytest.raises(SampleError, match=r"a\.xlsx: 4 rows; a sheet holds 3"):
        write_sample(simulate(Design(1, 1, 4), seed=1), tmp_path / "a.xlsx", "paired")


def test_tasks_and_goals_come_as_often_as_assumed():
    made = simulate(Design(40, 40, 12), seed=9)
    p, cases = Parameters(), 40 * 40
    assert list(made.tasks.columns) == TASKS.names
    assert list(made.goals.columns) == GOALS.names
    assert not made.tasks.duplicated(TASKS.keys).any()
    assert not made.goals.duplicated(GOALS.keys).any()
    assert made.tasks["client"].nunique() / cases == pytest.approx(p.tasks_noted, abs=0.03)
    rated = made.forms[["client", "session"]].drop_duplicates()
    noted = rated["client"].isin(made.tasks["client"]).sum()
    assert len(made.tasks.merge(rated)) == len(made.tasks)
    assert len(made.goals.merge(rated)) == len(made.goals)
    assert len(made.tasks) / noted == pytest.approx(p.task_chance, abs=0.02)
    assert made.tasks["kind"].isna().mean() == pytest.approx(p.work_missed, abs=0.01)
    # of the cases with one kind only, all tasks are of it: shares stay as they are
    shares = made.tasks["kind"].value_counts(normalize=True)
    assert [shares[kind] for kind in ("session", "home", "environmental")] == pytest.approx(
        p.task_kinds, abs=0.03
    )
    assert made.goals["client"].nunique() / cases == pytest.approx(p.goals_noted, abs=0.03)
    assert sorted(made.goals["session"].unique().tolist()) == [1, 5, 9]
    assert made.goals["practitioner_goal"].isna().mean() == pytest.approx(p.client_goal_only, abs=0.02)
    for marks in (
        made.tasks["client_relevance"],
        made.tasks["practitioner_relevance"],
        made.goals["agreement"],
    ):
        assert marks.dropna().between(0, 10).all()
        assert (marks.dropna() % 1 == 0).all()


def test_what_is_planted_in_tasks_and_goals_is_what_the_readings_raise():
    quiet = replace(Parameters(), work_missed=0, relevance_sd=0.3, relevance_noise=0.1, goal_agreement_sd=0.2)
    quiet = replace(quiet, goal_agreement_noise=0.1)

    def raised(reading, **chances):
        none = dict.fromkeys(
            ["doubt_chance", "one_kind_chance", "goal_low_chance", "goal_fall_chance", "client_goal_only", "practitioner_goal_only"], 0
        ) | {"helped_chance": 1}  # fmt: skip
        made = simulate(Design(10, 20, 12, replace(quiet, **(none | chances))), seed=10)
        found = analyse(made.ratings).work.readings
        told = found[(found["reading"] == reading).to_numpy()]
        return (told["raised"] == "yes").mean()

    for reading, planted in {
        "doubted tasks": {"doubt_chance": 1},
        "tried without success": {"helped_chance": 0, "tried_chance": 1},
        "one kind of task": {"one_kind_chance": 1},
        "goals of one side": {"client_goal_only": 0.5, "practitioner_goal_only": 0.5},
        "goal agreement": {"goal_fall_chance": 1},
    }.items():
        assert raised(reading) < 0.05, reading
        assert raised(reading, **planted) > 0.95, reading


def test_tasks_and_goals_have_a_stream_of_their_own(monkeypatch):
    made = simulate(Design(2, 3, 8), seed=3)
    monkeypatch.setattr(work, "draw", lambda *_: (made.tasks[:0], made.goals[:0]))
    without = simulate(Design(2, 3, 8), seed=3)
    for name in ("forms", "markers", "cases", "truth"):
        pd.testing.assert_frame_equal(getattr(without, name), getattr(made, name))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_carries_tasks_and_goals_and_reading_gives_them_back(tmp_path, layout):
    made = simulate(Design(2, 2, 6), seed=4)
    write_sample(made, tmp_path / "a.xlsx", layout)
    ratings, problems = read_workbooks([tmp_path / "a.xlsx"])
    assert not problems["severity"].eq("error").any()
    pd.testing.assert_frame_equal(ratings.tasks, made.tasks)
    pd.testing.assert_frame_equal(ratings.goals, made.goals)


def test_workbooks_carry_the_optional_sheets(tmp_path):
    write_sample(simulate(Design(), seed=1), tmp_path / "a.xlsx", "paired")
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        names = archive.read("xl/workbook.xml").decode()
    assert all(f'name="{sheet}"' in names for sheet in ("Ratings", "markers", "cases", "tasks", "goals"))
