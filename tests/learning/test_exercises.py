"""Sets to practise on: what is shown, what is hidden, and that both fit together."""

import pandas as pd
import pytest

from alliance_core.analysis import analyse
from alliance_core.learning.exercises import LEAST_RATED, LONGEST, SERIES, TEAM, own, simulated
from alliance_core.learning.scoring import score
from alliance_core.settings import Settings
from tests.measures.made import TEN, overall, ratings

BASELINE = Settings()
SHOWN = ["series", "session", "client_overall", "practitioner_overall"]


@pytest.fixture(scope="module")
def sets():
    return [simulated(seed, BASELINE) for seed in range(1, 7)]


def test_the_same_number_gives_the_same_set_and_another_number_another():
    once, again, other = simulated(5, BASELINE), simulated(5, BASELINE), simulated(6, BASELINE)
    for name in ("sessions", "rule", "truth"):
        pd.testing.assert_frame_equal(getattr(once, name), getattr(again, name))
    assert not once.sessions.equals(other.sessions)


def test_ten_series_of_a_whole_case_each_without_a_name(sets):
    for one in sets:
        assert one.numbers == list(range(1, SERIES + 1))
        assert list(one.sessions.columns) == SHOWN
        assert one.sessions.groupby("series")["session"].max().between(TEAM.sessions - 1, TEAM.sessions).all()
        assert one.series(3)["series"].unique().tolist() == [3]
        assert one.speaks


def test_at_most_one_rupture_a_series_and_every_one_can_be_seen(sets):
    for one in sets:
        assert not one.truth["series"].duplicated().any()
        assert one.truth["series"].is_monotonic_increasing
        for _, planted in one.truth.iterrows():
            shown = one.series(planted["series"])
            while_lower = shown["session"].between(planted["start"], planted["last"])
            assert shown.loc[while_lower, "client_overall"].notna().any()


def test_truth_ends_before_the_rating_is_back_or_with_the_wait_or_with_the_series(sets):
    truth = pd.concat([one.truth for one in sets])
    mended = truth["outcome"].isin(["repaired", "strengthened"])
    assert truth["back"].notna().equals(mended)
    assert (truth.loc[mended, "last"] == truth.loc[mended, "back"] - 1).all()
    assert (truth.loc[truth["outcome"] == "open", "last"] == TEAM.sessions).all()
    assert (truth["start"] <= truth["last"]).all()
    assert set(truth["outcome"]) == {"repaired", "strengthened", "unrepaired", "open"}


def test_who_marks_the_truth_finds_all_of_it(sets):
    for one in sets:
        got = score(one.truth, one.truth, one.numbers, 0)
        assert (got.found, got.false_alarms, got.followed) == (got.planted, 0, got.planted)


def test_there_is_something_to_find_and_something_to_leave_alone(sets):
    planted = sum(len(one.truth) for one in sets)
    assert 0.3 < planted / (SERIES * len(sets)) < 0.8


def test_the_rule_is_the_one_in_use():
    other = simulated(1, Settings.model_validate({"detection": {"method": "step"}}))
    assert other.method == "step"
    assert not other.rule.equals(simulated(1, BASELINE).rule)
    pd.testing.assert_frame_equal(other.sessions, simulated(1, BASELINE).sessions)
    silent = simulated(1, Settings.model_validate({"detection": {"method": "threshold"}}))
    assert not silent.speaks
    assert silent.rule.empty


FELL = [80, 80, 80, 80, 40, 80, 80]


def of_own(forms, seed=1):
    return own(analyse(ratings(forms), TEN), seed)


def test_own_series_carry_no_ids_and_no_truth():
    one = of_own(overall("C-1", FELL) + overall("C-1", [70] * 7, rater="practitioner"))
    assert one.truth is None
    assert list(one.sessions.columns) == SHOWN
    assert one.series(1)["client_overall"].tolist() == FELL
    assert one.series(1)["practitioner_overall"].tolist() == [70] * 7
    assert one.rule.to_dict("records") == [{"series": 1, "start": 5, "back": 6}]


def test_own_cases_need_some_ratings_of_the_client():
    few = overall("C-1", [60] * (LEAST_RATED - 1) + [None] * 4)
    assert of_own(few).numbers == []
    assert of_own(few + overall("C-2", [60] * LEAST_RATED)).numbers == [1]
    assert of_own(overall("C-1", [60] * 9, rater="practitioner")).numbers == []


def test_an_own_set_is_drawn_and_shuffled_by_its_number():
    forms = [form for n in range(25) for form in overall(f"C-{n:02}", [50 + n] * LEAST_RATED)]
    analysis = analyse(ratings(forms), TEN)
    first, again, other = (
        own(analysis, seed).sessions.drop_duplicates("series")["client_overall"].tolist()
        for seed in (1, 1, 2)
    )
    assert first == again != other
    assert first != sorted(first)
    assert len(set(first)) == SERIES


def test_of_a_long_own_case_the_first_sessions_are_shown_with_the_marks_in_them():
    long = [80] * (LONGEST - 2) + [40, 40, 80, 80, 80, 30, 80]
    one = of_own(overall("C-1", long))
    assert one.series(1)["session"].tolist() == list(range(1, LONGEST + 1))
    assert one.rule.to_dict("records") == [{"series": 1, "start": LONGEST - 1, "back": None}]


@pytest.mark.parametrize(
    ("end", "marks"),
    [
        ([40, 80], [{"series": 1, "start": LONGEST - 1, "back": LONGEST}]),
        ([80, 40], [{"series": 1, "start": LONGEST, "back": None}]),
        ([80, 80, 40], []),
    ],
)
def test_marks_at_the_last_session_shown_are_in_and_later_ones_are_not(end, marks):
    one = of_own(overall("C-1", [80] * (LONGEST - 2) + end))
    assert one.rule.to_dict("records") == marks


def test_only_falls_of_the_client_s_overall_are_the_rule_s_marks():
    forms = overall("C-1", [60, 62, 60, 62, 60, 62, 60]) + overall("C-1", FELL, rater="practitioner")
    one = of_own(forms)
    assert one.rule.empty
    assert one.speaks
