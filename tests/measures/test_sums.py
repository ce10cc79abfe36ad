"""Sums of parts: whatever the parts are, and however they are grouped, they give what all of it in one gives, and what slow and obvious code gives."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_core.measures import caseloads, chance, days, noise
from alliance_core.measures.draws import CaseDraws, alike
from alliance_core.measures.one_way import block_sums, split
from alliance_core.measures.pooling import pool, pool_of, random_effects, random_effects_of
from alliance_core.measures.sums import as_one, spreads, together
from alliance_core.settings import NoiseSettings, ReadingSettings, Settings
from alliance_core.stages import added, prepared, shared
from alliance_core.tables import SCALES
from tests.measures.made import overall, ratings, repeatable

marks = st.floats(0, 100, allow_nan=False).map(lambda mark: round(mark * 4) / 4)
keyed = st.lists(st.tuples(st.sampled_from("abc"), marks), max_size=25)


def summed(rows):
    """What one part adds, by key."""
    names = sorted({key for key, _ in rows})
    code = np.array([names.index(key) for key, _ in rows], int)
    return spreads(code, np.array([mark for _, mark in rows], float), len(names)).set_axis(
        pd.Index(names, dtype="str")
    )


def same(one, other):
    pd.testing.assert_frame_equal(one, other, rtol=1e-9, atol=1e-9, check_names=False)


@given(st.lists(keyed, min_size=1, max_size=6))
@repeatable(200)
def test_means_and_squares_of_parts_are_those_of_all(parts):
    found = together([summed(part) for part in parts])
    every = [row for part in parts for row in part]
    assert found.index.tolist() == sorted({key for key, _ in every})
    for key, line in found.iterrows():
        own = [mark for name, mark in every if name == key]
        mean = sum(own) / len(own)
        told = (len(own), mean, sum((mark - mean) ** 2 for mark in own))
        assert tuple(line) == pytest.approx(told, rel=1e-9, abs=1e-9)


@given(st.lists(keyed, min_size=3, max_size=6), st.integers(1, 5))
@repeatable(100)
def test_parts_may_be_brought_together_in_any_grouping_and_order(parts, at):
    sums = [summed(part) for part in parts]
    found = together(sums)
    same(found, together([together(sums[: at % len(sums) or 1]), *sums[at % len(sums) or 1 :]]))
    same(found, together(sums[::-1]))
    same(as_one(found), as_one(together(sums[::-1])))


def test_equal_marks_leave_no_squares_behind():
    """A plain sum of squares would leave some: 1,000 parts of marks of 1/3."""
    parts = [summed([("a", 100 / 3)] * 3) for _ in range(1000)]
    assert together(parts)["squares"].iloc[0] == pytest.approx(0, abs=1e-20)


def test_nothing_adds_nothing():
    nothing = summed([])
    same(together([nothing, summed([("a", 1.0)]), nothing]), summed([("a", 1.0)]))
    assert together([nothing, nothing]).empty
    (line,) = as_one(nothing).to_dict("records")
    assert (line["n"], np.isnan(line["mean"])) == (0, True)


cases = st.lists(st.lists(st.one_of(st.none(), marks), min_size=1, max_size=7), min_size=1, max_size=12)


def forms_of(cases):
    """A case each, practitioners in turn; the practitioner rates 5 lower where the mark is even."""
    forms = []
    for number, values in enumerate(cases):
        who = f"P{number % 3}"
        forms += overall(f"C-{number:02}", values, practitioner=who)
        theirs = [max(v - 5, 0) if v is not None and v % 2 == 0 else None for v in values]
        forms += overall(f"C-{number:02}", theirs, rater="practitioner", practitioner=who)
    return forms


@given(cases, st.integers(1, 4))
@repeatable(60)
def test_what_parts_share_is_what_one_part_knows(cases, parts):
    settings = Settings(noise=NoiseSettings(min_differences=5, min_scores=3))
    forms = forms_of(cases)
    whole = shared([added(prepared(ratings(forms).forms), settings)], settings)
    own = [[one for one in forms if int(one["client"][2:]) % parts == part] for part in range(parts)]
    found = shared([added(prepared(ratings(part).forms), settings) for part in own if part], settings)
    same(whole.noise, found.noise)
    assert found.gap_sigma == pytest.approx(whole.gap_sigma, rel=1e-9)
    assert (found.instruments, found.both_rate) == (whole.instruments, whole.both_rate)
    for one, other in zip(
        *(caseloads.figures(all_.caseloads, 1, settings) for all_ in (whole, found)), strict=True
    ):
        same(one, other)


@given(st.lists(st.tuples(st.integers(0, 3), marks), min_size=1, max_size=30))
@repeatable(100)
def test_the_split_of_parts_is_that_of_all(rows):
    """Groups are whole in a part: those with an even number here, the others there."""
    group, value = np.array([g for g, _ in rows]), np.array([v for _, v in rows])
    block = group // 3
    parts = [
        block_sums(block[here], group[here], value[here], 2) for here in (group % 2 == 0, group % 2 == 1)
    ]
    one, both = split(block_sums(block, group, value, 2)), split(together(parts))
    for mine, theirs in zip(one, both, strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-9, atol=1e-9)


def test_pooled_means_stand_on_what_is_known_of_each_group():
    values, group = np.array([1.0, 2, 4, 8, 9, 3]), np.array([0, 0, 1, 1, 1, 3])
    for mine, theirs in zip(
        pool(group, values, 4, 0.95)[1:], pool_of(spreads(group, values, 4), 0.95)[1:], strict=True
    ):
        np.testing.assert_array_equal(mine, theirs)


def test_estimates_of_one_error_may_be_drawn_together_beforehand():
    effect, error = np.array([1.0, 4, 2, 7, 3]), np.array([0.5, 0.5, 1, 1, 2])
    groups = spreads(np.array([0, 0, 1, 1, 2]), effect, 3)
    assert random_effects_of(groups, np.array([0.5, 1, 2])) == pytest.approx(random_effects(effect, error))


def test_sigma_is_in_order_of_the_scales_however_parts_come():
    settings, forms = (
        NoiseSettings(),
        [*overall("C-1", [50, 60]), *overall("C-1", [40, 60], rater="practitioner")],
    )
    rows = prepared(ratings(forms).forms).rows
    other = rows.assign(facet=rows["facet"].cat.rename_categories({"overall": "goal", "goal": "overall"}))
    found = noise.noise_of(together([noise.sums(other), noise.sums(rows)]), settings)
    keys = list(zip(found["rater"], found["facet"], strict=True))
    assert keys == sorted(keys, key=lambda key: (key[0], SCALES.index(key[1])))
    groups = noise.groups_of(rows)
    values = noise.by_group(groups, found.assign(sigma=range(len(found))), "sigma")["sigma"]
    assert values[groups.code][rows["series"]].tolist() == [
        keys.index((rater, "overall")) for rater in rows["rater"]
    ]


def test_the_newest_day_is_told_from_days_and_how_many_sessions_they_have():
    """Two sessions of 300 in one year are far, four are not: by number of sessions, not of days."""
    usual, slip = pd.Timestamp("2025-03-04"), pd.Timestamp("2062-03-04")
    for sessions, newest in ((3, usual), (4, slip)):
        table = pd.DataFrame({"n": [300 - sessions, sessions]}, index=pd.DatetimeIndex([usual, slip]))
        halves = [table // 2, table - table // 2]
        assert days.newest(together(halves), ReadingSettings()) == newest
    nothing = days.counted(pd.DataFrame({"date": pd.Series([], dtype="datetime64[us]")}))
    assert pd.isna(days.newest(nothing, ReadingSettings()))


def test_cases_of_the_same_ratings_draw_alike_in_parts_and_in_one():
    """Four cases, the first, second and last with the same ratings; two parts."""
    value, case = np.tile([50.0, 60, 70], 4), np.repeat(np.arange(4), 3)
    value[6] = 51.0
    every = CaseDraws(value, case, 1).random(2 * 12).reshape(2, 12)
    first, second = slice(0, 6), slice(6, 12)
    numbers = [alike(value[part], case[part] - case[part][0]) for part in (first, second)]
    places = chance.among(numbers, 12)
    assert [place.entries for place in places] == [12, 12]
    drawn = [
        CaseDraws(value[part], case[part] - case[part][0], 1, place.alike, place.before)
        .random(2 * 6)
        .reshape(2, 6)
        for part, place in zip((first, second), places, strict=True)
    ]
    np.testing.assert_array_equal(np.concatenate(drawn, axis=1), every)
