"""The whole-frame measures against the slow obvious ones, cell by cell."""

from datetime import datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_core.analysis import analyse
from alliance_core.measures import episodes
from alliance_core.measures.detectors import BASELINE, Courses
from alliance_core.settings import (
    AgreementSettings,
    EpisodeSettings,
    NoiseSettings,
    ReadingSettings,
    Settings,
)
from alliance_core.tables import CASES, EPISODES, PRACTITIONERS, SCORES, SESSIONS
from tests.measures import oracle, oracle_tables
from tests.measures.made import form, marker, ratings, records, repeatable, series_rows

# Few different forms, so that ties, ceilings and returns to the same level happen all the time.
LEVEL, TOP = {"goal": 4, "task": 4, "bond": 4}, {"goal": 5, "task": 5, "bond": 5}
GRID = [
    *[LEVEL] * 9,
    *[TOP] * 5,
    {"goal": 4, "task": 4, "bond": 3},
    {"goal": 3, "task": 4, "bond": 4},
    {"goal": 3, "task": 3, "bond": 3},
    {"goal": 3.5, "task": 3, "bond": 2.5},
    {"goal": 2, "task": 4, "bond": 4},
    {"goal": 2, "task": 3, "bond": 2},
    {"goal": 1, "task": 1, "bond": 1},
    {"goal": 4, "task": None, "bond": 4},
    {"goal": None, "task": None, "bond": 1},
    {},  # a form without an answer
    None,  # no form at all
]
# σ from the data; σ = 7.5 or 12.5 pct points exactly, one and two steps of the grid; other rules.
CHOICES = [
    Settings(),
    Settings(),
    Settings(noise=NoiseSettings(min_differences=2)),
    Settings(noise=NoiseSettings(min_differences=10**6, min_scores=10**6, dependability=0.75)),
    Settings(noise=NoiseSettings(min_differences=10**6, min_scores=2)),
    Settings(
        noise=NoiseSettings(min_differences=10**6, min_scores=10**6, dependability=0.75, fallback_sd=25),
        episodes=EpisodeSettings(z_open=1.65, z_strain=1, window=2, return_share=1, min_baseline=3),
        readings=ReadingSettings(
            ceiling_sessions=2,
            missing_sessions=1,
            far_days=14,
            far_share=0.2,
            falling_z=1,
            falling_from=3,
            falling_sessions=6,
        ),
        agreement=AgreementSettings(mean_from=2, interval_from=7),
    ),
    Settings(
        noise=NoiseSettings(floor=12.5, min_differences=10**6, dependability=0.99),
        episodes=EpisodeSettings(
            z_open=1.2,
            window=1,
            return_share=0.5,
            strengthened_sessions=3,
            strengthened_sigma=0,
            nearby_sessions=2,
            registered_share=1,
            marker_significance=4,
            ended_after_days=20,
        ),
    ),
]
DAY = datetime(2024, 1, 1)


@st.composite
def made_case(draw, practitioner, client, instruments):
    """Forms, markers and note of one case."""
    both = st.tuples(st.sampled_from(GRID), st.sampled_from(GRID), st.integers(0, 9))
    length = draw(st.sampled_from([0, 1, 4, 9, 14, 20]))
    lines = draw(st.lists(both, min_size=length, max_size=length))
    first = draw(st.none() | st.integers(0, 150))  # the day of session 0
    second = draw(st.sampled_from(instruments))
    change = draw(st.integers(4, 60))
    forms, session = [], 0
    for mine, theirs, other in lines:
        session += 1 if other < 8 else other - 6  # a gap in the numbers now and then
        date = None if first is None else DAY + timedelta(days=first + 7 * session)
        if date is not None and other == 1:
            date += timedelta(days=365 * draw(st.sampled_from([0, 0, -1, 1, 37])))  # a slip in the year
        instrument = "facets" if session <= change else second
        for rater, answer in (("client", mine), ("practitioner", theirs)):
            if answer is not None:
                if instrument == "total":
                    answer = {"overall": answer.get("bond")}
                forms.append(
                    form(practitioner, client, session, rater, given=answer, date=date, instrument=instrument)
                )
        if other == 0:
            forms.append(form(practitioner, client, session, "observer", given=GRID[0], date=date))
    found = draw(
        st.lists(
            st.tuples(
                st.integers(1, 14),
                st.sampled_from(["withdrawal", "confrontation"]),
                st.sampled_from([None, 1, 2, 3, 4, 5]),
            ),
            max_size=4,
        )
    )
    markers = [marker(practitioner, client, *one) for one in found]
    note = {
        "practitioner": practitioner,
        "client": client,
        "team": "T",
        "closed": draw(st.none() | st.just(DAY)),
    }
    return forms, markers, [note] if draw(st.booleans()) else []


@st.composite
def made_data(draw, instruments=("facets", "facets", "total")):
    forms, markers, notes = [], [], []
    for practitioner in range(1, 3):
        for client in range(1, draw(st.integers(1, 4)) + 1):
            # The same client id under two practitioners is two cases.
            found = draw(made_case(f"P{practitioner:02}", f"C-{client}", instruments))
            for every, part in zip((forms, markers, notes), found, strict=True):
                every += part
    return forms, markers, notes


def same(found, expected, keys, columns):
    """Whether two lists of rows agree in every column, in whatever order the expected ones come."""
    order = sorted(expected, key=lambda row: tuple(row[key] for key in keys))
    assert [tuple(row[k] for k in keys) for row in found] == [tuple(row[k] for k in keys) for row in order]
    for have, want in zip(found, order, strict=True):
        for column in columns:
            a, b = have[column], want[column]
            if isinstance(b, float) and a is not None:
                near = 1e-4 if column in ("gap_low", "gap_high") else 1e-7  # the oracle's t has six digits
                assert a == pytest.approx(b, abs=near, rel=0), (column, have, want)
            else:
                assert a == b, (column, have, want)


def agree(forms, markers, notes, chosen):
    """Whether the analysis gives the oracle's tables."""
    result = analyse(ratings(forms, markers, notes), chosen)
    expected = oracle_tables.analyse(forms, markers, notes, chosen)
    same(records(result.scores), expected["scores"], SCORES.keys, SCORES.names)
    same(records(result.sessions), expected["sessions"], SESSIONS.keys, SESSIONS.names)
    wanted = [row | {"method": "baseline"} for row in expected["episodes"]]
    same(records(result.episodes), wanted, EPISODES.keys, EPISODES.names)
    cases = records(result.cases)
    same(cases, expected["cases"], CASES.keys, [c for c in CASES.names if c in expected["cases"][0]])
    for have, want in zip(cases, expected["cases"], strict=True):
        flags = have["flags"] or ""
        assert ("flat at ceiling" in flags) == want["flat at ceiling"]
        assert ("falling slowly" in flags) == want["falling slowly"]
        for rater in oracle.RATERS:
            assert (f"{rater} missing since" in flags) == (rater in want["missing"])
    counted = [name for name in PRACTITIONERS.names if name in expected["practitioners"][0]]
    same(records(result.practitioners), expected["practitioners"], PRACTITIONERS.keys, counted)
    sigmas = {(r["instrument"], r["rater"], r["facet"]): r["sigma"] for r in records(result.noise)}
    assert sigmas == pytest.approx(expected["noise"])
    traced = {
        (row["practitioner"], row["client"], row["rater"], row["facet"], row["session"]): row
        for row in records(result.trace)
    }
    for (case, rater, facet), rows in expected["traces"].items():
        for row in rows:
            have = traced.pop((*case, rater, facet, row["session"]))
            for column in ("value", "level", "z", "sigma"):
                assert have[column] == (
                    None if row[column] is None else pytest.approx(row[column], abs=1e-7)
                ), column
            assert (have["members"], have["state"], have["episode"]) == (
                row["m"],
                row["state"],
                row["episode"],
            )
    assert not traced
    return result


@repeatable(70)
@given(made_data(), st.sampled_from(CHOICES))
def test_analysis_equals_the_oracle(made, chosen):
    forms, markers, notes = made
    if forms:
        agree(forms, markers, notes, chosen)


@st.composite
def tied_series(draw):
    """Series on a grid around one level, and a σ for which a fall of some steps lies exactly on a line."""
    chosen = draw(
        st.sampled_from(
            [
                EpisodeSettings(),
                EpisodeSettings(),
                EpisodeSettings(z_strain=1.0, z_open=1.5, window=1),
                EpisodeSettings(return_share=1, strengthened_sigma=0, strengthened_sessions=1),
                EpisodeSettings(return_share=0.5, window=5, min_baseline=4, min_drop_sigma=2.5),
            ]
        )
    )
    steps, m = draw(st.integers(1, 12)), draw(st.integers(2, 12))
    grid = draw(st.sampled_from([1.0, 2.5, 100 / 48, 100 / 3]))
    fall = steps * grid
    sigma = draw(
        st.sampled_from(
            [
                fall / (chosen.z_open * np.sqrt(1 + 1 / m)),
                fall / (chosen.z_strain * np.sqrt(1 + 1 / m)),
                fall / chosen.min_drop_sigma,
                2 * grid * steps,
                grid,
            ]
        )
    )
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    moves = np.array([0, 0, 0, 0, 0, 0, 0, 1, -1, 2, -2, -steps, -steps, -2 * steps, -4 * steps])
    few = [30 + grid * random.choice(moves, n) for n in random.integers(1, 60, 6)]
    # The level held for exactly m sessions, then the fall: the tie itself, followed by anything.
    few += [
        np.concatenate([np.full(m, 30.0), [30 - fall], 30 + grid * random.choice(moves, 20)])
        for _ in range(4)
    ]
    return few, sigma, chosen


@repeatable(250)
@given(tied_series())
def test_walk_equals_the_oracle_on_the_lines_themselves(made):
    many, sigma, chosen = made
    rows = series_rows(many)
    spread = np.full(len(rows), sigma)
    courses = Courses(rows["series"].to_numpy(), rows["value"].to_numpy(), spread)
    seen = BASELINE.find(courses, Settings(episodes=chosen))
    found = episodes.episodes(rows, spread, seen, "baseline", np.zeros(len(many), bool), chosen)
    traced = records(episodes.trace(rows, spread, seen))
    wanted, trace = [], []
    for number, values in enumerate(many):
        these, row = oracle.detect([(s, float(x)) for s, x in enumerate(values, 1)], sigma, chosen)
        wanted += [(number, e["start"], e["low_session"], e["repair"], e["outcome"]) for e in these]
        trace += row
    names = ["case", "start_session", "low_session", "repair_session", "outcome"]
    assert [tuple(row[name] for name in names) for row in records(found)] == wanted
    for have, want in zip(traced, trace, strict=True):
        assert (have["state"], have["episode"], have["members"]) == (
            want["state"],
            want["episode"],
            want["m"],
        )
        assert (have["level"] is None) == (want["level"] is None)
        if want["level"] is not None:
            assert have["level"] == pytest.approx(want["level"], abs=1e-9)
            assert have["z"] == pytest.approx(want["z"], abs=1e-9)


def random_case(random, practitioner, client):
    """One case as it may come: any instrument, growth, falls, ceilings, missing items, missing forms."""
    names = ["facets", "total", "wai-sr", "wai-sr", "wai-s", "wai-36", "wai-srt", "sai", "four-lines"]
    first, second = random.choice(names, 2)
    turn = random.integers(2, 40) if random.random() < 0.2 else 99  # every so many sessions the other one
    level = {rater: random.uniform(0.5, 1.0) for rater in ("client", "practitioner")}
    day = DAY + timedelta(days=int(random.integers(0, 300)))
    fall, forms = 0.0, []
    for session in np.cumsum(random.choice([1, 1, 1, 1, 2, 4], random.integers(1, 25))):
        instrument = str(second if session % turn == 0 else first)
        fall = 0.4 if random.random() < 0.12 else fall * random.choice([0, 0.5, 1, 1, 1])
        for rater in ("client", "practitioner"):
            if random.random() < 0.12:
                continue
            items, low, high = oracle.KEYS.get(instrument, (0, 1, 5))[:3]
            centre = low + (high - low) * (level[rater] - (fall if random.random() < 0.7 else 0))
            marks = np.clip(np.round(centre + random.normal(0, 0.6, max(items, 4))), low, high).astype(float)
            hidden = random.random(len(marks)) < random.choice([0, 0, 0, 0.05, 0.2, 1])
            answers = [None if gone else float(mark) for mark, gone in zip(marks, hidden, strict=True)]
            if instrument in ("wai-s", "wai-36"):  # turn back what scoring will turn
                turned = oracle.KEYS[instrument][6]
                answers = [
                    low + high - a if a is not None and i in turned else a for i, a in enumerate(answers, 1)
                ]
            given_scores = dict(zip(oracle.SCALES, answers, strict=False)) if not items else {}
            if instrument == "total":
                given_scores = {"overall": answers[0]}
            forms.append(
                form(
                    practitioner,
                    client,
                    int(session),
                    rater,
                    instrument=instrument,
                    low=low,
                    high=high,
                    given=given_scores,
                    items=answers if items else [],
                    date=day + timedelta(days=7 * int(session)),
                )
            )
    return forms


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_two_hundred_cases_equal_the_oracle_episode_for_episode(seed):
    random = np.random.default_rng(seed)
    forms, markers, notes = [], [], []
    for number in range(200):
        who, whom = f"P{number % 9:02}", f"C-{number:03}"
        forms += random_case(random, who, whom)
        if random.random() < 0.4:
            kind = str(random.choice(["withdrawal", "confrontation"]))
            markers.append(marker(who, whom, int(random.integers(1, 20)), kind, int(random.integers(1, 6))))
        if random.random() < 0.2:
            notes.append({"practitioner": who, "client": whom, "approach": "A", "closed": DAY})
    order = random.permutation(len(forms))
    markers = [m for m in markers if any(oracle.case_of(f) == oracle.case_of(m) for f in forms)]
    result = agree([forms[i] for i in order], markers, notes, Settings())
    overall = result.episodes[result.episodes["facet"] == "overall"]
    assert set(overall["outcome"]) >= {"open", "repaired", "strengthened", "unrepaired", "ended open"}
    assert set(overall["rater"]) == {"client", "practitioner"}
