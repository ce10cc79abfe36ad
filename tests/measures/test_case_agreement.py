"""How far the two sides of a case agree: which figure from how many pairs on, and against published figures."""

from statistics import fmean, stdev

import numpy as np
import pandas as pd
import pytest

from alliance_core.analysis import analyse
from alliance_core.measures import TIE
from alliance_core.measures.case_agreement import case_agreement
from alliance_core.settings import AgreementSettings, Settings
from alliance_core.tables import AGREEMENT, SCALES
from tests.measures.made import TEN, form, overall, ratings, records
from tests.measures.published import MINI, WRIGHT


def both(client, practitioner, who="C-1", **more):
    return overall(who, client, **more) + overall(who, practitioner, rater="practitioner", **more)


def agreement(forms, chosen=TEN):
    """The first case's row of AGREEMENT, and its line of CASES."""
    found = analyse(ratings(forms), chosen)
    return records(found.agreement)[0], records(found.cases)[0]


def direct(client, practitioner, chosen=TEN, alike=None):
    """The row of AGREEMENT of one case with these pairs, without the way there; between two others that must not matter."""
    n = len(client)
    two = pd.DataFrame({"case": 1, "client": client, "practitioner": practitioner}, dtype="float64")
    other = pd.DataFrame({"case": [0, 2, 2], "client": [1.0, 2, 3], "practitioner": [9.0, 7, 8]})
    pairs = pd.concat([other[:1], two, other[1:]], ignore_index=True).astype({"case": "int64"})
    pairs = pairs.assign(
        gap=pairs["practitioner"] - pairs["client"], alike=[True, *(alike or [True] * n), True, True]
    )
    ends = pd.DataFrame(
        {"client": ["C-0", "C-1", "C-2", "C-3"], "gap_overall": np.nan}
    )  # sessions without a pair
    named = pairs.assign(client=[f"C-{case}" for case in pairs["case"]], gap_overall=pairs["gap"])
    sessions = pd.concat([named[["client", "gap_overall"]], ends], ignore_index=True).assign(
        practitioner="P01"
    )
    frame = case_agreement(sessions, pairs, chosen.agreement)
    assert set(frame.columns) == set(AGREEMENT.names)
    numbers = [column.name for column in AGREEMENT.columns if column.kind == "number"]
    assert (frame[[*numbers, "client_higher", "practitioner_higher", "same"]].dtypes == "float64").all()
    rows = records(frame)
    assert [(row["flat"], row["alike_flat"]) for row in rows[:1] + rows[2:]] == [
        ("both",) * 2,
        (None,) * 2,
        (None,) * 2,
    ]
    assert [row["client"] for row in rows] == ["C-0", "C-1", "C-2", "C-3"]
    assert [row["paired_sessions"] for row in rows] == [1, n, 2, 0]
    return rows[1]


UP_AND_DOWN = [60, 64, 61, 70, 66, 59, 72, 68, 63, 65, 71, 62, 69, 67, 58, 73]
BESIDE = [55, 57, 60, 61, 66, 50, 63, 68, 58, 61, 60, 59, 60, 61, 58, 64]


def test_meters_of_bland_and_altman_1986():
    """On a range of 0–1000, so that a pct point is ten l/min: ICC(A,1) .945928, limits −78.097302 and 73.862007, r .943279."""
    row, case = agreement(both(MINI, WRIGHT, high=1000))
    assert row["icc_a1"] == case["icc_a1"] == pytest.approx(0.945928, abs=5e-7)
    assert row["icc_c1"] == pytest.approx(0.942913, abs=5e-7)
    assert row["concordance"] == pytest.approx(0.942742, abs=5e-7)
    assert row["correlation"] == pytest.approx(0.943279, abs=5e-7)
    assert 10 * row["sd_gap"] == pytest.approx(38.765130, abs=1e-6)
    assert (10 * row["loa_low"], 10 * row["loa_high"]) == pytest.approx((-78.097302, 73.862007), abs=1e-5)
    slope = 0.943279 * stdev(WRIGHT) / stdev(MINI)
    assert row["congruence"] == case["congruence"] == pytest.approx(slope, abs=2e-6)


FROM = {
    "mean_gap": 3, "mean_abs_gap": 3, "client_higher": 3, "practitioner_higher": 3, "same": 3,
    "congruence": 5, "congruence_low": 5, "congruence_high": 5,
    "sd_gap": 6, "gap_low": 6, "gap_high": 6,
    "correlation": 10, "correlation_low": 10, "correlation_high": 10,
    "icc_a1": 10, "icc_a1_low": 10, "icc_a1_high": 10, "icc_c1": 10, "icc_c1_low": 10, "icc_c1_high": 10, "concordance": 10,
    "loa_low": 15, "loa_high": 15,
}  # fmt: skip


@pytest.mark.parametrize("pairs", range(17))
def test_each_figure_from_its_number_of_pairs_on(pairs):
    """METHODS 3: 3–5 means and signs; 6–9 the interval; from 10 on correlation and ICC; from 15 on limits. Pooled from 5 on."""
    row = direct(UP_AND_DOWN[:pairs], BESIDE[:pairs])
    assert row["alike_pairs"] == pairs
    there = {name for name, value in row.items() if value is not None}
    expected = {name for name, least in FROM.items() if pairs >= least}
    assert (
        there - {"practitioner", "client", "paired_sessions", "alike_pairs", "flat", "alike_flat"} == expected
    )


@pytest.mark.parametrize("pairs", [4, 5, 9, 10])
def test_what_the_table_of_cases_has_of_them(pairs):
    _, case = agreement(both([*UP_AND_DOWN[:pairs], None, 70], [*BESIDE[:pairs], 70, None]))
    assert case["paired_sessions"] == pairs
    assert (case["congruence"] is not None, case["icc_a1"] is not None) == (pairs >= 5, pairs >= 10)


def test_limits_of_a_case_are_the_mean_gap_and_its_spread():
    row = direct(UP_AND_DOWN, BESIDE)
    gaps = [p - c for c, p in zip(UP_AND_DOWN, BESIDE, strict=True)]
    assert row["loa_low"] == pytest.approx(fmean(gaps) - 1.96 * stdev(gaps))
    assert row["loa_high"] == pytest.approx(fmean(gaps) + 1.96 * stdev(gaps))
    assert (row["flat"], row["alike_flat"]) == (None, None)


def test_a_gap_that_is_always_the_same_has_no_range():
    row = direct(UP_AND_DOWN, [mark - 10 for mark in UP_AND_DOWN])
    assert (row["loa_low"], row["loa_high"]) == pytest.approx((-10, -10))


def test_the_numbers_of_pairs_are_settings():
    own = AgreementSettings(
        mean_from=1, interval_from=2, congruence_from=4, correlation_from=4, limits_from=4
    )
    row = direct(UP_AND_DOWN[:4], BESIDE[:4], Settings(agreement=own))
    assert all(row[name] is not None for name in FROM)


def test_the_coverage_of_intervals_and_the_width_of_limits_are_settings():
    row = direct(UP_AND_DOWN, BESIDE)
    half = direct(
        UP_AND_DOWN, BESIDE, Settings(agreement=AgreementSettings(limits_width=0.98, interval_level=0.8))
    )
    assert half["loa_high"] - half["loa_low"] == pytest.approx((row["loa_high"] - row["loa_low"]) / 2)
    for name in ("gap", "congruence", "correlation", "icc_a1", "icc_c1"):
        assert row[f"{name}_low"] < half[f"{name}_low"] < half[f"{name}_high"] < row[f"{name}_high"]


def test_signs_are_counted_and_a_tie_is_neither():
    row = direct([60, 60, 60, 60.1 + 0.2, 10, 0, TIE, 2 * TIE, 0], [50, 70, 60, 60.3, 5, TIE, 0, 0, 2 * TIE])
    assert (row["client_higher"], row["practitioner_higher"], row["same"]) == (3, 2, 4)


@pytest.mark.parametrize(
    ("client", "practitioner", "side"),
    [([70] * 16, BESIDE, "client"), (UP_AND_DOWN, [70] * 16, "practitioner"), ([70] * 16, [60] * 16, "both")],
)
def test_a_side_that_never_moved_has_gaps_and_limits_and_no_correlation(client, practitioner, side):
    row = direct(client, practitioner)
    assert (row["flat"], row["alike_flat"]) == (side, side)
    assert all(row[n] is not None for n in ("mean_gap", "gap_low", "client_higher", "loa_low", "loa_high"))
    silent = [n for n, least in FROM.items() if least in (5, 10)]
    assert all(row[name] is None for name in silent)


def test_congruence_is_one_where_the_practitioner_moves_as_far_whatever_the_gap():
    row = direct([60, 64, 61, 70, 66], [50, 54, 51, 60, 56])
    assert row["congruence"] == pytest.approx(1)
    assert row["congruence_low"] is row["congruence_high"] is None  # on one line: no error to go by
    assert row["mean_gap"] == -10


def items(rater, session, instrument, answers, low=1, high=5):
    return form("P01", "C-1", session, rater, instrument=instrument, low=low, high=high, items=answers)


def mixed(client, practitioner, high=5):
    """Sixteen sessions, client and practitioner each on an instrument of their own."""
    count = {"wai-sr": 12, "wai-srt": 10, "sai": 6, "wai-s": 12}
    forms = []
    for session in range(1, 17):
        for rater, name in (("client", client), ("practitioner", practitioner)):
            mark = 2 + (session * 7 + len(rater)) % 3
            forms.append(
                items(rater, session, name, [mark] * count[name], *((0, 5) if name == "sai" else (1, high)))
            )
    return forms


@pytest.mark.parametrize(
    ("client", "practitioner", "alike"),
    [("wai-sr", "wai-sr", 16), ("wai-sr", "wai-srt", 16), ("sai", "wai-srt", 0), ("sai", "wai-sr", 0)],
)
def test_absolute_agreement_only_between_versions_of_one_instrument(client, practitioner, alike):
    row, case = agreement(mixed(client, practitioner))
    assert (row["paired_sessions"], row["alike_pairs"]) == (16, alike)
    assert row["correlation"] is not None
    for name in ("icc_a1", "icc_c1", "concordance", "loa_low"):
        assert (row[name] is not None) == bool(alike)
    assert (case["icc_a1"] is not None) == bool(alike)
    assert case["congruence"] is not None


def test_the_same_scores_on_another_range_do_not_count_as_the_same_instrument():
    client = overall("C-1", UP_AND_DOWN)
    practitioner = overall("C-1", [mark / 10 for mark in BESIDE], rater="practitioner", high=10)
    row, _ = agreement(client + practitioner)
    assert (row["paired_sessions"], row["alike_pairs"], row["icc_a1"]) == (16, 0, None)


def test_only_the_pairs_that_are_alike_count_for_absolute_agreement():
    """Ten pairs, nine of them alike: no ICC yet; the correlation is there."""
    client = overall("C-1", UP_AND_DOWN[:10])
    practitioner = overall("C-1", BESIDE[:10], rater="practitioner")
    practitioner[4] |= {"instrument": "facets", "given": dict.fromkeys(SCALES, BESIDE[4])}
    row, _ = agreement(client + practitioner)
    assert (row["paired_sessions"], row["alike_pairs"]) == (10, 9)
    assert (row["correlation"] is not None, row["icc_a1"]) == (True, None)


def test_a_case_without_pairs_has_a_row_and_no_figures():
    row, _ = agreement(overall("C-1", [60, 70]))
    assert (row["paired_sessions"], row["alike_pairs"], row["flat"]) == (0, 0, None)
    assert all(row[name] is None for name in FROM)


def test_observers_make_no_pairs():
    forms = [*overall("C-1", UP_AND_DOWN), *overall("C-1", BESIDE, rater="observer")]
    row, _ = agreement(forms)
    assert row["paired_sessions"] == 0
