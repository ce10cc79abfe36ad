"""The same measures by approach and by team: by hand, against the slow version, and with nothing of a few clients in it."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_core.analysis import analyse
from alliance_core.measures.across import across
from alliance_core.measures.chance import Chance
from alliance_core.settings import Settings, SuppressionSettings
from alliance_core.tables import ACROSS, CASES, EPISODES, SCALES, SESSIONS, shaped
from tests.measures import oracle_across as slow
from tests.measures.made import TEN, overall, ratings, records, repeatable

FIVE = Settings(suppression=SuppressionSettings(min_clients=5))
OUTCOMES = [
    ("repaired", "both"),
    ("unrepaired", "client only"),
    ("open", "unknown"),
    ("strengthened", "both"),
]


def notes(*lines):
    return [dict(zip(("practitioner", "client", "approach", "team"), line, strict=True)) for line in lines]


def service(*groups, levels=None):
    """Clients of P0, P1, P2 in turn, with an approach each and a level each, rated once: (approach, [levels])."""
    forms, lines = [], []
    for approach, values in groups:
        for level in values:
            client, practitioner = f"C-{len(lines):03}", f"P{len(lines) % 3}"
            forms += overall(client, [level], practitioner=practitioner)
            lines.append((practitioner, client, approach, "North"))
    return analyse(ratings(forms, notes=notes(*lines)), TEN)


def found(analysis):
    return across(analysis.cases, analysis.sessions, analysis.own_episodes, analysis.settings)


SPREAD = [-12, -8, -4, -2, 0, 0, 2, 4, 8, 12]


def around(level):
    return [level + one for one in SPREAD]


def test_means_are_pooled_over_clients_by_hand():
    """Means 50, 60, 70 of ten clients each, σ² = 456/9 within: MSB 1000, τ² = (1000 − 456/9)/10, λ = 1 − 456/9/1000."""
    result = found(service(("A", around(50)), ("B", around(60)), ("C", around(70))))
    rows = records(result.groups)
    assert [(row["by"], row["group"]) for row in rows] == [
        *[("approach", name) for name in "ABC"], ("team", "North"), ("all", "all"),
    ]  # fmt: skip
    share = 1 - 456 / 9 / 1000
    means = [60 - 10 * share, 60, 60 + 10 * share]
    assert [row["client_overall"] for row in rows[:3]] == pytest.approx(means)
    assert rows[4]["client_overall"] == pytest.approx(60)
    # of no fall at all no share can be told, nor its interval
    assert [
        rows[0][f"{name}_{end}"] for name in ("repaired", "recognised") for end in ("share", "low", "high")
    ] == [None] * 6
    assert rows[3]["client_overall"] is None  # one team has nothing to be compared with
    told = {(d["by"], d["scale"]): d["difference"] for d in records(result.differences)}
    assert told["approach", "overall"] == "detectable"
    assert {told["approach", "bond"], told["team", "overall"]} == {None}


def test_groups_that_do_not_differ_all_have_the_same_mean_and_no_order():
    result = found(service(("A", around(60)), ("B", around(60.5)), ("C", around(59.5))))
    assert [row["client_overall"] for row in records(result.groups)[:3]] == pytest.approx([60] * 3)
    assert records(result.differences)[3] == {
        "by": "approach",
        "scale": "overall",
        "difference": "none detectable",
    }


def test_what_is_not_stated_is_a_group_of_its_own_at_the_end():
    analysis = service((None, around(60)), ("Z", around(60)), ("A", around(60)))
    rows = [row for row in records(found(analysis).groups) if row["by"] == "approach"]
    assert [(row["group"], row["rated_clients"]) for row in rows] == [
        ("A", 10),
        ("Z", 10),
        ("not stated", 10),
    ]
    assert sum(row["cases"] for row in rows) == len(analysis.cases)


def test_small_groups_are_counted_as_one_and_named():
    result = found(service(("A", [10] * 9), ("B", around(60)), ("C", [*around(60), 60])))
    rows = [row for row in records(result.groups) if row["by"] == "approach"]
    assert [(row["group"], row["groups"], row["rated_clients"]) for row in rows] == [
        ("C", 1, 11),
        (None, 2, 19),
    ]
    status = {line["group"]: line["status"] for line in records(result.names) if line["by"] == "approach"}
    assert status == {"A": "held back", "B": "held back", "C": "shown"}


def test_too_few_clients_in_all_are_nowhere_told_of():
    result = found(service(("A", [10, 20, 30, 40, 50, 60, 70, 80, 90])))
    figures = result.groups[[c.name for c in ACROSS.columns if c.kind == "number"]]
    assert figures.isna().all(axis=None)
    assert result.groups["episodes"].isna().all()


def test_an_approach_whose_clients_never_rated_is_named_and_counted_in_all():
    analysis = service(("A", around(60)), ("B", around(60)))
    silent = overall("S-1", [50], rater="practitioner", practitioner="P0")
    lines = notes(("P0", "S-1", "C", "North"))
    own = ratings(silent, notes=lines)
    joined = analyse(
        type(own)(
            forms=pd.concat([analysis.ratings.forms, own.forms], ignore_index=True),
            cases=pd.concat([analysis.ratings.cases, own.cases], ignore_index=True),
        ),
        TEN,
    )
    result = found(joined)
    assert [line["status"] for line in records(result.names) if line["group"] == "C"] == ["no ratings"]
    rows = {(row["by"], row["group"]): row for row in records(result.groups)}
    assert ("approach", "C") not in rows
    assert (rows["all", "all"]["cases"], rows["all", "all"]["rated_clients"]) == (21, 20)


def test_gaps_are_means_over_clients_whatever_their_sessions():
    """Twelve clients: one with four gaps of −10, the others with one gap of 2 each: mean (−10 + 11·2)/12 = 1."""
    forms, lines = [], []
    for number in range(12):
        client, practitioner, sessions = f"C-{number:02}", f"P{number % 3}", 4 if number == 0 else 1
        gap = -10 if number == 0 else 2
        forms += overall(client, [50] * sessions, practitioner=practitioner)
        forms += overall(client, [50 + gap] * sessions, rater="practitioner", practitioner=practitioner)
        lines.append((practitioner, client, "A", "North"))
    row = records(found(analyse(ratings(forms, notes=notes(*lines)), TEN)).groups)[0]
    assert (row["gap"], row["paired_sessions"], row["paired_clients"]) == (pytest.approx(1), 15, 12)
    # SD √((11² + 11·1²)/11) = 3.4641 = √12, t(11) 2.200985
    assert row["gap_high"] - 1 == pytest.approx(2.200985, abs=1e-6)


def test_a_figure_that_few_clients_of_a_group_gave_is_held_back_of_another_too():
    """Approach A has nine clients with a gap; the total minus C would be their mean, so that B's is not told either."""
    forms, lines = [], []
    for number, approach in enumerate("A" * 12 + "B" * 12 + "C" * 20):
        client, practitioner = f"C-{number:02}", f"P{number % 3}"
        forms += overall(client, [50], practitioner=practitioner)
        if not 9 <= number < 12:
            forms += overall(client, [50 + number], rater="practitioner", practitioner=practitioner)
        lines.append((practitioner, client, approach, "North"))
    rows = records(found(analyse(ratings(forms, notes=notes(*lines)), TEN)).groups)
    assert [row["group"] for row in rows[:3]] == list("ABC")
    assert [row["gap"] for row in rows[:2]] == [None, None]
    assert [row["paired_clients"] for row in rows[:3]] == [None, None, 20]
    assert rows[2]["gap"] == pytest.approx(33.5)


def test_falls_and_what_followed_by_hand():
    """Twelve clients, nine ratings each, one fall each: of C-00 repaired and registered, of the others open, P never rated."""
    forms, lines = [], []
    for number in range(12):
        client, practitioner = f"C-{number:02}", f"P{number % 3}"
        marks = [80] * 6 + ([40, 80, 80] if number == 0 else [80, 80, 40])
        forms += overall(client, marks, practitioner=practitioner)
        if number == 0:
            forms += overall(client, [70] * 6 + [30, 70, 70], rater="practitioner", practitioner=practitioner)
        lines.append((practitioner, client, "A", "North"))
    row = records(found(analyse(ratings(forms, notes=notes(*lines)), TEN)).groups)[0]
    assert (row["rated_sessions"], row["episodes"]) == (108, 12)
    # Garwood's limits of 12 are 6.2006 and 20.9616
    assert (row["falls"], row["falls_low"], row["falls_high"]) == pytest.approx(
        (12 / 1.08, 6.2006 / 1.08, 20.9616 / 1.08), abs=1e-3
    )
    assert (row["repaired"], row["followed"], row["repaired_share"]) == (1, 1, 1)
    assert (row["recognised"], row["recognisable"], row["recognised_high"]) == (1, 1, 1)
    # Wilson's lower limit of 1 of 1: 1/(1 + 1.96²)
    assert row["repaired_low"] == pytest.approx(1 / (1 + 3.841459), abs=1e-6)


client = st.fixed_dictionaries(
    {
        "practitioner": st.sampled_from([f"P{n}" for n in range(1, 6)]),
        "approach": st.sampled_from(["A", "A", "B", "B", "C", None]),
        "team": st.sampled_from(["N", "N", "S", None]),
        "sides": st.lists(
            st.tuples(
                st.none() | st.integers(0, 10), st.none() | st.integers(0, 10), st.none() | st.integers(0, 10)
            ),
            max_size=3,
        ),
        "falls": st.lists(st.sampled_from(OUTCOMES), max_size=2),
    }
)


def frames(clients):
    """The same as CASES, SESSIONS and EPISODES: goal and overall of the client, overall of the practitioner."""
    cases, sessions, episodes = [], [], []
    for number, one in enumerate(clients):
        keys = {"practitioner": one["practitioner"], "client": f"C-{number:03}"}
        cases.append(
            {**keys, "approach": one["approach"], "team": one["team"], "sessions": len(one["sides"])}
        )
        for session, (mine, goal, theirs) in enumerate(one["sides"], 1):
            gap = None if mine is None or theirs is None else theirs - mine
            line = {"client_overall": mine, "client_goal": goal, "gap_overall": gap}
            sessions.append({**keys, "session": session, **line})
        for outcome, seen in one["falls"]:
            line = {
                "rater": "client",
                "facet": "overall",
                "source": "score",
                "outcome": outcome,
                "seen_by": seen,
            }
            episodes += [
                {**keys, **line},
                {**keys, **line, "facet": "bond"},
                {**keys, **line, "rater": "practitioner"},
            ]
    order = ["practitioner", "client"]
    return (
        shaped(pd.DataFrame(cases, columns=CASES.names).sort_values(order), CASES),
        shaped(pd.DataFrame(sessions, columns=SESSIONS.names).sort_values([*order, "session"]), SESSIONS),
        shaped(pd.DataFrame(episodes, columns=EPISODES.names), EPISODES),
    )


def by_chance(clients):
    """Case n falls n/8 times on average in chance order, n/4 times in steady cases; who never rated is not in it."""
    rated = [
        number for number, one in enumerate(clients) if any(side[0] is not None for side in one["sides"])
    ]
    keys = [(clients[number]["practitioner"], f"C-{number:03}") for number in rated]
    means = np.array(rated, float).reshape(1, -1)
    cases = pd.DataFrame(keys, columns=["practitioner", "client"], dtype="str")
    return Chance(cases, means[0], np.concatenate([means / 8 - 1, means / 8 + 1]), means / 4)


def told(clients, chance=True):
    """The same as the slow version takes it."""
    lines = []
    for number, one in enumerate(clients):

        def mean(values):
            there = [value for value in values if value is not None]
            return slow.mean(there) if there else None

        mine, goal, theirs = ([side[k] for side in one["sides"]] for k in range(3))
        gaps = [b - a for a, b in zip(mine, theirs, strict=True) if a is not None and b is not None]
        rated = any(value is not None for value in mine)
        back = [fall for fall in one["falls"] if fall[0] in ("repaired", "strengthened")]
        lines.append(
            {name: one[name] for name in ("practitioner", "approach", "team")}
            | {
                "client_task": None,
                "client_bond": None,
                "client_goal": mean(goal),
                "client_overall": mean(mine),
            }
            | {
                "expected": number / 8 * rated if chance else None,
                "steady": number / 4 * rated if chance else None,
            }
            | {"gap": mean(gaps), "paired_sessions": len(gaps), "sessions": len(mine)}
            | {"rated_sessions": sum(value is not None for value in mine), "episodes": len(one["falls"])}
            | {"repaired": len(back), "followed": sum(fall[0] != "open" for fall in one["falls"])}
            | {"recognised": sum(fall[1] == "both" for fall in one["falls"])}
            | {"recognisable": sum(fall[1] != "unknown" for fall in one["falls"])}
        )
    return lines


@repeatable(60)
@given(st.lists(client, max_size=40), st.booleans())
def test_every_figure_is_that_of_the_slow_version(clients, chance):
    result = across(*frames(clients), FIVE, by_chance(clients) if chance else None)
    rows, names, differences = slow.across(told(clients, chance), FIVE)
    assert records(result.names) == names
    assert {(d["by"], d["scale"]): d["difference"] for d in records(result.differences)} == differences
    assert [tuple(row[key] for key in ACROSS.keys) for row in records(result.groups)] == [
        (row["by"], row["group"]) for row in rows
    ]
    for have, want in zip(records(result.groups), rows, strict=True):
        for name in ACROSS.names:
            expected = want[name]
            assert have[name] == (
                expected
                if expected is None or isinstance(expected, str)
                else pytest.approx(expected, abs=1e-7)
            ), (name, have, want)


@repeatable(20)
@given(st.lists(client, min_size=20, max_size=40), st.randoms(use_true_random=False))
def test_whoever_has_no_shown_group_leaves_no_trace_but_in_the_total_of_those_held_back(clients, random):
    """Ratings that clients of groups held back swap among themselves change nothing that is shown but the groups counted as one."""
    before = across(*frames(clients), FIVE)
    names = before.names[before.names["status"] == "held back"].groupby("by")["group"].agg(set).to_dict()
    apart = [
        number
        for number, one in enumerate(clients)
        if (one["approach"] or "not stated") in names.get("approach", set())
        and (one["team"] or "not stated") in names.get("team", set())
    ]
    places = random.sample(apart, len(apart))
    swapped = list(clients)
    for old, new in zip(apart, places, strict=True):
        swapped[new] = {**clients[new], "sides": clients[old]["sides"], "falls": clients[old]["falls"]}
    after = across(*frames(swapped), FIVE)
    if records(after.names) == records(before.names):
        keep = [f"client_{scale}" for scale in SCALES]
        shown = before.groups["group"].notna().to_numpy()
        pd.testing.assert_frame_equal(before.groups[shown][keep], after.groups[shown][keep])


def some(seed, count=60):
    """Clients of three approaches and two teams with up to three sessions that both rated."""
    random = np.random.default_rng(seed)
    return [
        {
            "practitioner": f"P{random.integers(6)}",
            "approach": "ABC"[random.integers(3)],
            "team": "NS"[random.integers(2)],
            "sides": [tuple(side) for side in random.integers(0, 11, (random.integers(4), 3)).tolist()],
            "falls": [OUTCOMES[at] for at in random.integers(0, 4, random.integers(3))],
        }
        for _ in range(count)
    ]


def with_sides(clients, change):
    return [{**one, "sides": [change(*side) for side in one["sides"]]} for one in clients]


RATED = [f"client_{scale}{end}" for scale in ("goal", "overall") for end in ("", "_low", "_high")]


def same_but(one, other, moved):
    """The tables without these columns are equal to the last digits; the columns themselves, of both."""
    pd.testing.assert_frame_equal(one.drop(columns=moved), other.drop(columns=moved))
    assert one[moved].notna().any().all()
    return one[moved], other[moved]


@pytest.mark.parametrize("seed", range(3))
def test_shift_and_scale_of_all_ratings_move_means_and_gaps_and_nothing_else(seed):
    clients, gaps = some(seed), ["gap", "gap_low", "gap_high"]
    before = across(*frames(clients), FIVE)
    after = across(*frames(with_sides(clients, lambda *side: tuple(2 * x + 7 for x in side))), FIVE)
    old, new = same_but(before.groups, after.groups, [*RATED, *gaps])
    assert np.allclose(new[RATED], 2 * old[RATED] + 7, equal_nan=True)
    assert np.allclose(new[gaps], 2 * old[gaps], equal_nan=True)
    pd.testing.assert_frame_equal(before.differences, after.differences)


@pytest.mark.parametrize("seed", range(3))
def test_swapping_the_sides_turns_the_gaps_of_groups_round(seed):
    clients = some(seed)
    turned = with_sides(clients, lambda mine, goal, theirs: (theirs, goal, mine))
    one, other = (across(*frames(these), FIVE).groups for these in (clients, turned))
    assert np.allclose(other["gap"], -one["gap"], equal_nan=True)
    assert np.allclose(other["gap_low"], -one["gap_high"], equal_nan=True)
    assert one["gap"].notna().any()


@pytest.mark.parametrize("seed", range(3))
def test_which_client_comes_first_does_not_matter(seed):
    clients = some(seed)
    order = np.random.default_rng(seed).permutation(len(clients))
    one, other = (across(*frames(these), FIVE) for these in (clients, [clients[at] for at in order]))
    pd.testing.assert_frame_equal(one.groups, other.groups)
    pd.testing.assert_frame_equal(one.names, other.names)


def test_clients_of_another_approach_change_nothing_but_what_is_pooled():
    """Ten more, of an approach and a team of their own: own counts, gaps and shares of the others stay."""
    clients = some(1)
    more = [{**one, "approach": "Z", "team": "Z"} for one in some(2, 30)]
    before, after = (across(*frames(these), FIVE).groups for these in (clients, clients + more))
    kept = after[(after["by"] != "all") & (after["group"] != "Z")].reset_index(drop=True)
    pooled = [f"client_{scale}{end}" for scale in SCALES for end in ("", "_low", "_high")]
    old = before[before["by"] != "all"].reset_index(drop=True)
    pd.testing.assert_frame_equal(kept.drop(columns=pooled), old.drop(columns=pooled))


def test_ten_thousand_cases_are_done_at_once():
    number = np.arange(10_000)
    cases = pd.DataFrame(
        {
            "practitioner": (number % 250).astype(str),
            "client": number.astype(str),
            "approach": pd.Series(number % 7).astype("str"),
            "team": pd.Series(number % 250 % 11).astype("str"),
            "sessions": 1,
        }
    )
    sessions = cases[["practitioner", "client"]].assign(session=1, client_overall=number % 100 / 1.0)
    order = ["practitioner", "client"]
    cases, sessions = (frame.sort_values(order, ignore_index=True) for frame in (cases, sessions))
    result = across(shaped(cases, CASES), shaped(sessions, SESSIONS), shaped({}, EPISODES), Settings())
    assert result.groups["rated_clients"].sum() == 30_000
    assert set(result.names["status"]) == {"shown"}
