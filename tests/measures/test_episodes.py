"""The default detector by hand: own level 80 over three sessions, σ = 10, so that a fall of 26.56 opens.

2.3·10·√(1 + 1/3) = 26.558 opens, 1.65·10·√(1 + 1/3) = 19.053 is a strain. From a low of 40 the way back
ends at 80 − .25·40 = 70, and a repair is called strengthened from a mean of 80 + 10/2 = 85.
"""

from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from alliance_core.analysis import analyse
from alliance_core.measures import episodes
from alliance_core.measures.detectors import BASELINE, DETECTORS, Courses
from alliance_core.settings import EpisodeSettings, NoiseSettings, Settings
from tests.measures.made import TEN, overall, ratings, records, series_rows


def detect(*many, sigma=10.0, **choices):
    """Episodes and trace of bare series."""
    rows, chosen = series_rows(many), EpisodeSettings(**choices)
    spread = np.full(len(rows), float(sigma))
    courses = Courses(rows["series"].to_numpy(), rows["value"].to_numpy(), spread)
    seen = BASELINE.find(courses, Settings(episodes=chosen))
    found = episodes.episodes(rows, spread, seen, "baseline", np.zeros(len(many), bool), chosen)
    return records(found), records(episodes.trace(rows, spread, seen))


def numbers(text):
    return [float(word) for word in text.split()]


# values by session | start, low, repair, outcome of each episode
BY_HAND = {
    "open, nothing after it": ("80 80 80 40", [(4, 4, None, "open")]),
    "back exactly on the line": ("80 80 80 40 70", [(4, 4, 5, "repaired")]),
    "back just short of the line": ("80 80 80 40 69.9", [(4, 4, None, "open")]),
    "strengthened, exactly half a σ above": ("80 80 80 40 84 86", [(4, 4, 5, "strengthened")]),
    "just short of half a σ above": ("80 80 80 40 84 85.9", [(4, 4, 5, "repaired")]),
    "strengthened needs two sessions": ("80 80 80 40 100", [(4, 4, 5, "repaired")]),
    "only the first two sessions count": ("80 80 80 40 84 85 100", [(4, 4, 5, "repaired")]),
    "third session after the low still counts": ("80 80 80 40 50 50 70", [(4, 4, 7, "repaired")]),
    "fourth is too late": ("80 80 80 40 50 50 50 70", [(4, 4, None, "unrepaired")]),
    "a new lowest restarts the count": ("80 80 80 40 50 50 39 50 50 70", [(4, 7, 10, "repaired")]),
    "the line goes down with the low": ("80 80 80 40 36 69", [(4, 5, 6, "repaired")]),
    "the same low again does not restart it": ("80 80 80 40 50 40 50", [(4, 4, None, "unrepaired")]),
    "a long slide stays open": ("80 80 80 50 40 30 20 10", [(4, 8, None, "open")]),
    "after unrepaired a new level: too few": ("80 80 80 40 50 50 50 50 20", [(4, 4, None, "unrepaired")]),
    "after unrepaired a new level: from two": (
        "80 80 80 40 50 50 50 50 50 20",  # the closing session does not count: level 50 of two, fall 30 ≥ 28.17
        [(4, 4, None, "unrepaired"), (10, 10, None, "open")],
    ),
    "two repaired falls": ("80 80 80 40 80 80 40 80", [(4, 4, 5, "repaired"), (7, 7, 8, "repaired")]),
    "26.5 below is a strain, not an episode": ("80 80 80 53.5", []),
    "26.6 below opens": ("80 80 80 53.4", [(4, 4, None, "open")]),
    "a rise is nothing": ("40 40 40 90", []),
    "two sessions can say nothing": ("80 20", []),
    "the third can: 28.17 below two": ("80 80 51.8", [(3, 3, None, "open")]),
    "the third can: short of it": ("80 80 51.9", []),
    "one session": ("80", []),
}


@pytest.mark.parametrize("name", BY_HAND)
def test_episodes_by_hand(name):
    values, expected = BY_HAND[name]
    found, _ = detect(numbers(values))
    assert [
        (e["start_session"], e["low_session"], e["repair_session"], e["outcome"]) for e in found
    ] == expected


def test_series_beside_each_other_do_not_touch():
    found, _ = detect(*[numbers(values) for values, _ in BY_HAND.values()])
    expected = [(number, *one) for number, (_, many) in enumerate(BY_HAND.values()) for one in many]
    assert [
        (e["case"], e["start_session"], e["low_session"], e["repair_session"], e["outcome"]) for e in found
    ] == expected


def test_sizes_of_an_episode():
    (found,), _ = detect(numbers("80 80 80 50 40 70"))
    assert (found["baseline"], found["low"], found["depth_pct"], found["depth_sigma"]) == (80, 40, 40, 4)


def test_what_is_seen_at_each_session():
    """A strain joins the level: 80 80 80 58 have a mean of 74.5. The level is frozen inside the episode."""
    _, trace = detect(numbers("80 80 80 58 30 60 70 74.5"))
    assert [row["state"] for row in trace] == [
        "too few",
        "too few",
        "rated",
        "strain",
        "rupture",
        "in episode",
        "repaired",
        "rated",
    ]
    assert [row["level"] for row in trace] == [
        None,
        None,
        80,
        80,
        74.5,
        74.5,
        74.5,
        73.6,
    ]  # 368/5 with the repair
    assert [row["members"] for row in trace] == [0, 1, 2, 3, 4, 4, 4, 5]
    assert trace[3]["z"] == pytest.approx(22 / 11.547005, abs=1e-6)
    assert trace[4]["z"] == pytest.approx(44.5 / 11.180340, abs=1e-6)
    assert trace[5]["z"] == pytest.approx(14.5 / 11.180340, abs=1e-6)
    assert [row["episode"] for row in trace] == [None, None, None, None, 5, 5, 5, None]


@pytest.mark.parametrize(("share", "opens"), [(1, True), (1 + 1e-6, False)])
def test_a_fall_exactly_on_the_threshold_opens(share, opens):
    """27 points below three sessions: z = 2.3 where σ = 27 / (2.3·√(4/3))."""
    sigma = share * 27 / (2.3 * (4 / 3) ** 0.5)
    found, trace = detect(numbers("80 80 80 53"), sigma=sigma)
    assert len(found) == opens
    assert trace[3]["state"] == ("rupture" if opens else "strain")


@pytest.mark.parametrize(("share", "state"), [(1, "strain"), (1 + 1e-6, "rated")])
def test_a_fall_exactly_on_the_strain_line_is_one(share, state):
    sigma = share * 20 / (1.65 * (4 / 3) ** 0.5)
    _, trace = detect(numbers("80 80 80 60"), sigma=sigma)
    assert trace[3]["state"] == state


def test_a_fall_must_also_reach_so_many_sigma():
    """z is 2.598 and 2.589, the fall 3 σ and 2.99 σ; below that it is not even a strain."""
    assert len(detect(numbers("80 80 80 50"), min_drop_sigma=3)[0]) == 1
    found, trace = detect(numbers("80 80 80 50.1"), min_drop_sigma=3)
    assert found == []
    assert trace[3]["state"] == "rated"


def test_every_number_is_a_setting():
    fall = numbers("80 80 80 40 50 50 50")
    assert detect(fall, window=4)[0][0]["outcome"] == "open"
    assert detect(fall, window=1)[0][0]["outcome"] == "unrepaired"
    assert detect(fall, return_share=0.25)[0][0]["repair_session"] == 5  # 80 − .75·40 = 50
    assert detect(fall, z_open=4)[0] == []
    assert detect(fall, min_baseline=4)[0] == []
    assert detect(numbers("80 80 80 40 80"), strengthened_sessions=1, strengthened_sigma=0)[0][0][
        "outcome"
    ] == ("strengthened")


def test_what_comes_after_a_repair_is_not_taken_from_the_next_case():
    """One session from the repair on, and a high one of another case: too few to say that it is stronger."""
    (found,), _ = detect(numbers("80 80 80 40 90"), [95.0])
    assert found["outcome"] == "repaired"
    (found,), _ = detect(numbers("80 80 80 40 90 90"), [20.0])
    assert found["outcome"] == "strengthened"


def test_the_last_session_of_an_episode():
    """Repaired at 6, open up to the last form, given up with the third session after the low, a marker alone."""
    many = [numbers(one) for one in ("80 80 80 40 60 80 80", "80 80 80 40 60", "80 80 80 40 60 60 60 70")]
    rows, spread = series_rows(many), np.full(20, 10.0)
    seen = BASELINE.find(Courses(rows["series"].to_numpy(), rows["value"].to_numpy(), spread), Settings())
    found = episodes.episodes(rows, spread, seen, "baseline", np.zeros(3, bool), EpisodeSettings())
    alone = found.iloc[:1].assign(
        source="marker", start_session=2, low_session=None, repair_session=None, client="C-001"
    )
    kinds = {"start_session": "Int64", "low_session": "Int64", "repair_session": "Int64"}
    every = pd.concat([found.astype(kinds), alone.astype(kinds)]).set_index(pd.Index([7, 5, 3, 1]))
    last = episodes.last_sessions(episodes.trace(rows, spread, seen), every)
    assert last.to_dict() == {7: 6, 5: 5, 3: 7, 1: 2}
    # a marker at the session at which an episode of the ratings begins lasts that one session all the same
    same = every.iloc[[3]].assign(start_session=4)
    assert episodes.last_sessions(episodes.trace(rows, spread, seen), same).tolist() == [4]


def test_after_an_unrepaired_fall_the_level_is_that_of_the_sessions_since():
    _, trace = detect(numbers("80 80 80 40 40 40 40 60 64 66"))
    assert [row["level"] for row in trace[6:]] == [80, None, None, 62]
    assert [row["members"] for row in trace[7:]] == [0, 1, 2]


def test_an_episode_may_begin_with_the_first_rating_of_all():
    """Under a stated line; so it is told by the session that opened it, the first one."""
    rows, value = series_rows([[50, 50, 50]]), np.full(3, 50.0)
    found = DETECTORS["threshold"].find(Courses(np.zeros(3, int), value, np.full(3, 10.0)), Settings(), 60)
    trace = episodes.trace(rows, np.full(3, 10.0), found)
    assert trace["episode"].tolist() == [1, 1, 1]


def test_no_rows_no_episodes():
    assert detect([]) == ([], [])


def test_a_flag_uses_the_case_up_to_its_session_only():
    """With σ held, cutting a series after a session changes nothing that was said up to it."""
    random = np.random.default_rng(7)
    whole = [60 + 8 * random.standard_normal(25) - 30 * (random.random(25) < 0.15) for _ in range(40)]
    _, everything = detect(*whole, sigma=8)
    told = ["case", "session", "value", "level", "members", "z", "state", "episode"]
    for end in (1, 3, 8, 14, 24):
        _, then = detect(*[values[:end] for values in whole], sigma=8)
        now = [row for row in everything if row["session"] <= end]
        assert [[row[name] for name in told] for row in then] == [[row[name] for name in told] for row in now]
    assert sum(row["state"] == "rupture" for row in everything) > 20


DAY = datetime(2024, 3, 1)
FALL = [80, 80, 80, 40]


def outcome(days_after, closed=None):
    """Outcome of a fall that nothing followed, when another case had a session so many days later."""
    forms = overall("C-1", FALL, date=DAY)
    forms += overall("C-2", [80], date=DAY + timedelta(days=days_after))
    notes = [{"practitioner": "P01", "client": "C-1", "closed": closed}]
    (found,) = records(analyse(ratings(forms, notes=notes), TEN).episodes)
    return found["outcome"]


def test_sixty_days_of_silence_are_open_and_sixty_one_have_ended():
    assert outcome(60) == "open"
    assert outcome(61) == "ended open"


def test_a_closed_case_has_ended_open_at_once():
    assert outcome(0, closed=date(2024, 3, 2)) == "ended open"


def test_without_dates_an_open_episode_stays_open():
    (found,) = records(analyse(ratings(overall("C-1", FALL)), TEN).episodes)
    assert found["outcome"] == "open"


def test_a_later_session_without_a_form_keeps_a_case_from_having_ended():
    forms = overall("C-1", FALL, date=DAY)
    forms += overall("C-1", [None] * 5, date=DAY + timedelta(days=50))[4:]
    forms += overall("C-2", [80], date=DAY + timedelta(days=100))
    (found,) = records(analyse(ratings(forms), TEN).episodes)
    assert found["outcome"] == "open"


def test_a_stable_case_of_twelve_sessions_is_flagged_in_about_one_of_ten():
    """METHODS' trials gave .09 for normal noise with σ pooled over many cases."""
    random = np.random.default_rng(20240301)
    made = {f"C-{number:04}": random.normal(50, 8, 12) for number in range(1200)}
    forms = [one for client, values in made.items() for one in overall(client, values.tolist())]
    found = analyse(ratings(forms), Settings(noise=NoiseSettings())).episodes
    assert 0.05 < found["client"].nunique() / len(made) < 0.12
