"""Practitioners' pooled means, limits and funnel over whole data, and what the service says of all."""

import numpy as np
import pandas as pd
import pytest

from alliance_core.analysis import analyse
from alliance_core.measures import TIE
from alliance_core.measures.caseloads import _unnamed, caseloads
from alliance_core.measures.pooling import pool
from alliance_core.settings import PractitionerSettings, Settings
from alliance_core.tables import CASELOADS, SERVICE
from tests.measures.made import TEN, overall, ratings, records
from tests.measures.published import DYESTUFF, cardiac_output


def clients(levels, practitioner="P01", **more):
    """One session each, rated by the client."""
    return [
        one
        for number, level in enumerate(levels)
        for one in overall(f"C-{number:03}", [level], practitioner=practitioner, **more)
    ]


def service(*levels, chosen=TEN, pairs=()):
    """CASELOADS rows and the row of SERVICE of practitioners P00, P01, … with clients of these means, without the way there.

    `pairs`: (case, client, practitioner, whether alike).
    """
    whose = [f"P{number:02}" for number, own in enumerate(levels) for _ in own]
    sessions = pd.DataFrame(
        {
            "practitioner": whose,
            "client": [f"C-{number:04}" for number in range(len(whose))],
            "client_overall": np.concatenate([np.asarray(own, float) for own in levels]),
        }
    )
    two = pd.DataFrame(pairs, columns=["case", "client", "practitioner", "alike"])
    two = two.astype({"case": "int64", "client": "float64", "practitioner": "float64", "alike": "bool"})
    loads, whole = caseloads(sessions, two.assign(gap=two["practitioner"] - two["client"]), 1, chosen)
    for frame, table in ((loads, CASELOADS), (whole, SERVICE)):
        assert set(frame.columns) == set(table.names)
        numbers = [column.name for column in table.columns if column.kind == "number"]
        assert (frame[numbers].dtypes == "float64").all()
    (row,) = records(whole)
    return records(loads), row


def test_dyestuff_as_six_practitioners():
    """On a range of 0–2000, so that twenty grams are a pct point. μ 1527.5, λ .782527; A's BLUP −17.60685, E's 56.73319."""
    forms = [one for name, own in DYESTUFF.items() for one in clients(own, f"P-{name}", high=2000)]
    found = analyse(ratings(forms), TEN)
    rows, loads, (whole,) = (
        records(frame) for frame in (found.practitioners, found.caseloads, found.service)
    )
    assert 20 * whole["mean"] == pytest.approx(1527.5)
    assert 400 * whole["between"] == pytest.approx(1764.05)
    assert 400 * whole["within"] == pytest.approx(2451.25)
    assert (whole["practitioners"], whole["rated_clients"], whole["difference"]) == (6, 30, "detectable")
    assert [row["reliability"] for row in rows] == pytest.approx([0.782527] * 6, abs=5e-7)
    blups = [-17.60685, 0.39126, 28.56223, -23.08454, 56.73319, -44.99529]
    assert [20 * row["pooled_mean"] - 1527.5 for row in rows] == pytest.approx(blups, abs=5e-6)
    # five clients each: estimated, and not named
    assert {row["unnamed"] for row in loads} == {"few clients"}


def test_dyestuff_without_the_way_there():
    """Error of μ 19.3834 (Bates 2010: 19.38); half width of an estimate 1.959964·√401.4035."""
    loads, whole = service(*([value / 20 for value in own] for own in DYESTUFF.values()))
    assert [row["practitioner"] for row in loads] == ["P00", "P01", "P02", "P03", "P04", "P05"]
    assert {row["rated_clients"] for row in loads} == {5}
    assert [20 * row["mean_client_overall"] for row in loads] == [1505, 1528, 1564, 1498, 1600, 1470]
    half = 1.959964 * 401.4035**0.5
    assert 20 * loads[0]["pooled_low"] == pytest.approx(1527.5 - 17.60685 - half, abs=1e-3)
    assert 20 * loads[0]["pooled_high"] == pytest.approx(1527.5 - 17.60685 + half, abs=1e-3)
    assert (whole["practitioners"], whole["rated_clients"], whole["n0"]) == (6, 30, pytest.approx(5))
    assert (whole["instruments"], whole["difference"]) == (1, "detectable")
    assert 20 * whole["mean_low"] == pytest.approx(1527.5 - 1.959964 * 19.3834, abs=1e-3)
    assert 20 * whole["mean_high"] == pytest.approx(1527.5 + 1.959964 * 19.3834, abs=1e-3)


def test_cardiac_output_without_the_way_there():
    subject, rv, ic = cardiac_output()
    two = [(int(who) - 1, *pair, True) for who, *pair in zip(subject, ic, rv, strict=True)]
    (load,), whole = service([60] * 12, pairs=two)
    for one in (load, whole):
        assert (one["loa_low"], one["loa_high"]) == pytest.approx((-1.3395, 2.5438), abs=5e-5)
    assert load["gap_within"] == pytest.approx(0.170714, abs=5e-7)
    assert load["gap_between"] == pytest.approx((1.94165 / 1.96) ** 2 - 0.170714, abs=2e-4)


def test_cardiac_output_as_one_practitioners_caseload():
    """On a range of 0–100: limits −1.3395 and 2.5438, mean .602167 (Bland & Altman 1999)."""
    subject, rv, ic = cardiac_output()
    forms = []
    for number in range(1, 13):
        here = subject == number
        forms += overall(f"C-{number:02}", ic[here].tolist())
        forms += overall(f"C-{number:02}", rv[here].tolist(), rater="practitioner")
    found = analyse(ratings(forms), TEN)
    (row,), (load,), (whole,) = (records(f) for f in (found.practitioners, found.caseloads, found.service))
    assert row["mean_gap"] == whole["mean_gap"] == pytest.approx(0.602167, abs=5e-7)
    assert whole["paired_sessions"] == 60
    for one in (row, load, whole):
        assert (one["loa_low"], one["loa_high"]) == pytest.approx((-1.3395, 2.5438), abs=5e-5)
    assert (load["alike_pairs"], load["alike_cases"]) == (60, 12)
    assert load["gap_within"] == pytest.approx(0.170714, abs=5e-7)
    # half width of the limits 1.94165 = 1.96·√(s_b² + .170714)
    assert load["gap_between"] == pytest.approx((1.94165 / 1.96) ** 2 - 0.170714, abs=2e-4)


@pytest.mark.parametrize(
    ("pairs", "cases", "there"), [(14, 2, False), (15, 2, True), (15, 1, False), (15, 15, True)]
)
def test_limits_need_fifteen_pairs_in_two_cases(pairs, cases, there):
    random = np.random.default_rng(1)
    two = [(number * cases // pairs, *random.normal([60, 55], 5), True) for number in range(pairs)]
    (load,), whole = service([60] * cases, pairs=two)
    assert (load["alike_pairs"], load["alike_cases"]) == (pairs, cases)
    for row in (load, whole):
        assert [row["loa_low"] is not None, row["loa_high"] is not None] == [there, there]


def test_limits_are_those_of_pairs_on_versions_of_one_instrument():
    random = np.random.default_rng(2)
    two = [(number % 4, *random.normal([60, 55], 5), True) for number in range(20)]
    (load,), whole = service([60] * 4, pairs=[*two, (1, 90, 10, False), (3, 90, 10, False)])
    (alone,), other = service([60] * 4, pairs=two)
    for name in ("loa_low", "loa_high"):
        assert load[name] == alone[name] == pytest.approx(whole[name])
    assert (load["alike_pairs"], whole["paired_sessions"], other["paired_sessions"]) == (20, 22, 20)
    assert whole["mean_gap"] < other["mean_gap"]


SPREAD = [-12, -8, -4, -2, 0, 0, 2, 4, 8, 12]


def around(level, count=10):
    return [level + SPREAD[n % 10] for n in range(count)]


@pytest.mark.parametrize(("count", "why"), [(9, "few clients"), (10, None), (11, None)])
def test_a_mean_is_named_from_ten_clients_on(count, why):
    loads, _ = service(around(40, count), around(60, 20), around(80, 20))
    assert loads[0]["unnamed"] == why
    assert loads[1]["unnamed"] is None


def test_a_mean_is_named_from_a_reliability_of_one_half_on():
    """Three practitioners with ten clients; the setting is put at, just below and just above their λ."""
    caseload = around(57), around(60), around(63)
    loads, whole = service(*caseload)
    share = loads[0]["reliability"]
    assert share == pytest.approx(whole["between"] / (whole["between"] + whole["within"] / 10))
    for line, why in ((share, None), (share - 1e-6, None), (share + 1e-6, "low reliability")):
        chosen = Settings(noise=TEN.noise, practitioners=PractitionerSettings(name_reliability=line))
        assert service(*caseload, chosen=chosen)[0][0]["unnamed"] == why
    assert PractitionerSettings().name_reliability == 0.5


@pytest.mark.parametrize(("share", "why"), [(0.5, ""), (0.5 - TIE, ""), (0.5 - 2 * TIE, "low reliability")])
def test_a_reliability_that_lies_a_tie_below_bears_a_name(share, why):
    values = np.concatenate([around(50), around(60)])
    means = pool(np.repeat([0, 1], 10), values, 2, 0.95)._replace(reliability=np.array([share, 0.9]))
    assert _unnamed(means, PractitionerSettings()).tolist() == [why, ""]


def test_practitioners_who_do_not_differ_all_have_the_services_mean():
    loads, whole = service(around(60), around(60.5), around(59.5))
    assert whole["difference"] == "none detectable"
    assert {row["reliability"] for row in loads} == {0}
    assert [row["pooled_mean"] for row in loads] == pytest.approx([60] * 3)
    assert {row["unnamed"] for row in loads} == {"no difference"}
    # σ² of SPREAD: 456/9 within each, 30 clients; z 1.959964
    assert loads[0]["pooled_high"] - 60 == pytest.approx(1.959964 * (456 / 9 / 30) ** 0.5, abs=1e-6)


def test_one_practitioner_has_nothing_to_be_compared_with():
    (load,), whole = service(around(60))
    assert (load["pooled_mean"], load["reliability"], load["unnamed"]) == (None, None, "nothing to compare")
    assert (whole["difference"], whole["mean"], whole["between"]) == (None, None, None)
    assert load["mean_client_overall"] == pytest.approx(60)


def test_a_practitioner_whose_clients_never_rated_has_no_figures_and_changes_none():
    before, _ = service(around(40), around(60))
    forms = [*clients(around(40), "P00"), *clients(around(60), "P01")]
    forms += overall("C-1", [50], rater="practitioner", practitioner="P02")
    found = analyse(ratings(forms), TEN)
    *rows, silent = records(found.practitioners)
    assert [row["pooled_mean"] for row in rows] == [row["pooled_mean"] for row in before]
    assert (silent["pooled_mean"], silent["reliability"], silent["mean_client_overall"]) == (None, None, None)
    load = records(found.caseloads)[2]
    assert (load["unnamed"], load["rated_clients"], load["place"]) == ("no ratings", 0, None)


def many(count):
    return [around(60 + 3 * (number % 3 - 1), 10 + number) for number in range(count)]


@pytest.mark.parametrize(("count", "there"), [(9, False), (10, True)])
def test_no_funnel_under_ten_practitioners(count, there):
    loads, whole = service(*many(count))
    assert {row["place"] is not None for row in loads} == {there}
    assert {row["inner_low"] is not None for row in loads} == {there}
    assert (whole["overdispersion"] is not None) == there


def test_practitioners_without_rated_clients_do_not_make_a_funnel():
    forms = [form for number, levels in enumerate(many(9)) for form in clients(levels, f"P{number:02}")]
    forms += overall("C-1", [50], rater="practitioner", practitioner="P99")
    assert records(analyse(ratings(forms), TEN).service)[0]["overdispersion"] is None


def test_a_practitioner_with_one_client_counts_for_the_funnel_and_one_without_does_not():
    loads, whole = service(*many(9), [70])
    assert (loads[9]["place"], loads[9]["unnamed"], whole["practitioners"]) == ("inside", "few clients", 10)
    # limits for one client are those for 10 clients, √10 times as wide
    wide, narrow = (loads[at]["inner_high"] - whole["mean"] for at in (9, 0))
    assert wide == pytest.approx(10**0.5 * narrow)
    loads, whole = service(*many(10), [np.nan])
    assert [row["place"] is not None for row in loads] == [True] * 10 + [False]
    assert (loads[10]["inner_high"], loads[10]["unnamed"], whole["practitioners"]) == (None, "no ratings", 10)


def test_a_spread_among_clients_of_a_tie_is_none():
    step = 0.0001414213562373095  # twenty clients, step²/20 is TIE to the last bit
    levels = [[0, step], *([number, number] for number in range(9))]
    loads, whole = service(*levels)
    assert (whole["within"], whole["overdispersion"], loads[0]["place"]) == (TIE, None, None)
    loads, whole = service([0, 2 * step], *levels[1:])
    assert whole["overdispersion"] is not None


def test_without_spread_among_clients_there_is_no_funnel():
    loads, whole = service(*([50 + number, 50 + number] for number in range(12)))
    assert whole["within"] == pytest.approx(0, abs=1e-9)
    assert {row["place"] for row in loads} == {None}


def test_a_mean_far_out_lies_outside_the_funnel():
    loads, whole = service(*[around(60, 20)] * 11, around(85, 20))
    assert [row["place"] for row in loads] == ["inside"] * 11 + ["outside"]
    error = (whole["overdispersion"] * whole["within"] / 20) ** 0.5
    assert loads[0]["outer_high"] == pytest.approx(whole["mean"] + 3.09 * error)


def test_pooled_congruence_takes_in_cases_from_five_pairs_on_that_moved_on_both_sides():
    """Two cases of six pairs with r = .6 and .2: z .693147 and .202733, errors √(1/3): mean .447940, tanh .420204."""
    line, up = np.array([-5, -3, -1, 1, 3, 5.0]), np.array([5, -1, -4, -4, -1, 5.0])  # uncorrelated
    two = []
    for number, r in enumerate((0.6, 0.2)):
        other = r * line / np.linalg.norm(line) + (1 - r * r) ** 0.5 * up / np.linalg.norm(up)
        two += [(number, *pair, False) for pair in zip(60 + line, 60 + 10 * other, strict=True)]
    two += [(2, *pair, True) for pair in zip([60, 62, 64, 66], [60, 66, 62, 64], strict=True)]
    two += [(3, 60, mark, True) for mark in [1, 2, 3] * 3]
    _, whole = service([60] * 4, pairs=two)
    assert whole["congruence_cases"] == 2
    assert whole["congruence"] == pytest.approx(0.420204, abs=1e-6)
    half = 1.959964 * (1 / 6) ** 0.5
    assert whole["congruence_low"] == pytest.approx(np.tanh(0.447940 - half), abs=1e-5)
    assert whole["congruence_high"] == pytest.approx(np.tanh(0.447940 + half), abs=1e-5)
    # Q = 3·2·(.245207)² on one degree of freedom
    assert whole["congruence_q"] == pytest.approx(6 * 0.245207**2, abs=1e-5)
    assert (whole["congruence_between"], whole["congruence_inconsistency"]) == (0, 0)


@pytest.mark.parametrize(("slope", "end"), [(2, 0.99), (-2, -0.99)])
def test_a_case_on_one_line_is_pooled_as_nearly_one(slope, end):
    _, whole = service([60], pairs=[(0, 60 + step, 60 + slope * step, True) for step in range(5)])
    assert whole["congruence"] == pytest.approx(end)


def test_instruments_of_clients_are_counted():
    forms = [*clients([60, 70]), *overall("Z", [5], high=10, instrument="facets")]
    forms += overall("C-000", [50], rater="practitioner", instrument="facets")
    (whole,) = records(analyse(ratings(clients([60, 70])), TEN).service)
    assert whole["instruments"] == 1
    forms[-2]["given"] = dict.fromkeys(("goal", "task", "bond"), 5)
    (whole,) = records(analyse(ratings(forms), TEN).service)
    assert whole["instruments"] == 2
