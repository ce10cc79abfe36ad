"""A caseload from period to period: within the same clients, as a slow walk counts it, and a paired t-test by hand."""

import math
import statistics

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_core.measures.over_time import parts_fallen, periods
from alliance_core.settings import OverTimeSettings, Settings
from alliance_core.tables import EPISODES, SESSIONS, shaped
from tests.measures.made import records, repeatable

TWO = Settings(over_time=OverTimeSettings(clients_from=2))
# Two-sided 95 % points of Student's t by degrees of freedom: NIST/SEMATECH e-Handbook 1.3.6.7.2
T = {1: 12.706, 2: 4.303, 3: 3.182, 4: 2.776, 9: 2.262}


def sessions(*rows, practitioner="P01"):
    """Rows of client, session, day, client's and practitioner's overall."""
    columns = ["client", "session", "date", "client_overall", "practitioner_overall"]
    frame = pd.DataFrame(rows, columns=columns).assign(practitioner=practitioner)
    frame["date"] = pd.to_datetime(frame["date"])
    frame["gap_overall"] = frame["practitioner_overall"].astype(float) - frame["client_overall"].astype(float)
    return shaped(frame, SESSIONS)


def episodes(*rows, practitioner="P01"):
    """Rows of client, start and lowest session, outcome, seen_by, facets_fallen."""
    columns = ["client", "start_session", "low_session", "outcome", "seen_by", "facets_fallen"]
    frame = pd.DataFrame(rows, columns=columns)
    given = {"practitioner": practitioner, "rater": "client", "facet": "overall", "source": "score"}
    return shaped(frame.assign(**given), EPISODES)


NONE = episodes()


def found(table, settings=TWO, fallen=NONE):
    return records(periods(table, fallen, settings))


def test_a_movement_is_a_paired_comparison_of_the_same_clients():
    # Student 1908, table of Cushny & Peebles: hours of sleep gained by ten patients with two drugs. The differences have mean 1.58 and SD 1.23;
    # the 95 % interval is .70 to 2.46.
    first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
    second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
    rows = [
        row
        for n, (one, two) in enumerate(zip(first, second, strict=True))
        for row in ((f"C-{n}", 1, "2025-02-01", 50 + one, None), (f"C-{n}", 2, "2025-05-01", 50 + two, None))
    ]
    before, after = found(sessions(*rows), Settings())
    assert before["moved"] is None
    assert before["moved_clients"] == 0
    assert after["moved_clients"] == 10
    assert after["moved"] == pytest.approx(1.58)
    assert (round(after["moved_low"], 2), round(after["moved_high"], 2)) == (0.70, 2.46)
    assert after["gap"] is None
    assert after["gap_clients"] == 0


def test_who_comes_and_who_leaves_moves_nothing():
    stay = [
        ("A", 1, "2025-01-10", 60, 50),
        ("A", 2, "2025-04-10", 62, 50),
        ("B", 1, "2025-01-10", 70, 50),
        ("B", 2, "2025-04-10", 74, 50),
    ]
    around = [("C", 1, "2025-01-10", 5, None), ("D", 1, "2025-04-10", 99, None)]
    one, other = found(sessions(*stay)), found(sessions(*stay, *around))
    for name in ("moved", "moved_low", "moved_high", "gap_moved", "gap"):
        assert other[1][name] == one[1][name]
    assert one[1]["moved"] == pytest.approx(3)
    assert one[1]["moved_high"] == pytest.approx(3 + T[1] * math.sqrt(2) / math.sqrt(2), abs=0.01)
    assert one[1]["gap_moved"] == pytest.approx(-3)
    assert one[1]["gap"] == pytest.approx(-18)
    assert (one[1]["clients"], other[1]["clients"]) == (2, 3)


@pytest.mark.parametrize(("clients", "known"), [(4, False), (5, True)])
def test_from_its_number_of_clients_on(clients, known):
    rows = [
        (f"C-{n}", s, day, 50 + n * s, 40)
        for n in range(clients)
        for s, day in ((1, "2025-01-10"), (2, "2025-04-10"))
    ]
    after = found(sessions(*rows), Settings())[1]
    assert all(
        (after[name] is not None) == known for name in ("moved", "moved_low", "gap", "gap_high", "gap_moved")
    )
    assert after["moved_clients"] == after["gap_clients"] == clients


@pytest.mark.parametrize(
    ("months", "day", "first", "last"),
    [
        (3, "2025-03-31", "2025-01-01", "2025-03-31"),
        (3, "2025-04-01", "2025-04-01", "2025-06-30"),
        (1, "2024-02-29", "2024-02-01", "2024-02-29"),
        (12, "2024-07-01", "2024-01-01", "2024-12-31"),
        (6, "2025-12-31", "2025-07-01", "2025-12-31"),
    ],
)
def test_the_days_of_a_period(months, day, first, last):
    (row,) = found(sessions(("A", 1, day, 50, 50)), Settings(over_time=OverTimeSettings(months=months)))
    assert (row["first_day"], row["last_day"]) == (pd.Timestamp(first), pd.Timestamp(last))


def test_a_period_without_sessions_breaks_the_comparison():
    rows = [(client, s, day, 50, 50) for client in "AB" for s, day in ((1, "2025-01-10"), (2, "2025-07-10"))]
    _, later = found(sessions(*rows))
    assert later["moved"] is None
    assert later["moved_clients"] == 0


def test_sessions_without_a_day_or_on_a_far_one_belong_to_no_period():
    rows = [("A", n, f"2025-01-{n:02}", 50, 50) for n in range(1, 9)]
    (row,) = found(sessions(*rows, ("A", 9, None, 50, 50), ("A", 10, "2062-01-01", 50, 50)))
    assert row["sessions"] == 8
    assert found(sessions(("A", 1, None, 50, 50))) == []


def test_falls_are_counted_in_the_period_in_which_they_began():
    table = sessions(*[("A", n, f"2025-{n:02}-10", 50, 50) for n in range(1, 7)])
    fallen = episodes(
        ("A", 1, 2, "repaired", "both", None),
        ("A", 3, 4, "strengthened", "client only", None),
        ("A", 4, 4, "unrepaired", "unknown", None),
        ("A", 6, 6, "open", "client only", None),
    )
    counts = [
        [row[name] for name in ("episodes", "back", "unrepaired", "recognised", "recognisable")]
        for row in found(table, fallen=fallen)
    ]
    assert counts == [[2, 2, 0, 1, 2], [2, 0, 1, 0, 1]]


def test_only_falls_of_the_clients_overall_found_in_ratings_count():
    table = sessions(("A", 1, "2025-01-10", 50, 50))
    fall = episodes(("A", 1, 1, "open", "both", "goal"))
    for other in ({"rater": "practitioner"}, {"facet": "goal"}, {"source": "marker"}):
        assert found(table, fallen=fall.assign(**other))[0]["episodes"] == 0
        assert parts_fallen(table, fall.assign(**other)).empty


# -- which part falls -------------------------------------------------------------------------------


def rated(client, session, *facets):
    given = {"practitioner": "P01", "client": client, "session": session}
    return given | {f"client_{facet}": 50.0 for facet in facets}


def test_parts_are_counted_of_the_falls_with_all_three_rated():
    every = ("goal", "task", "bond")
    table = shaped(
        pd.DataFrame([rated("A", 1, *every), rated("B", 1), rated("B", 2, *every), rated("C", 1, "goal", "task"), rated("C", 2, "bond"), rated("D", 1, "goal", "task")]),
        SESSIONS,
    )  # fmt: skip
    fallen = episodes(
        ("A", 1, 1, "open", "both", "goal;bond"),
        ("B", 1, 2, "open", "both", None),
        ("C", 1, 2, "open", "both", "bond"),
        ("D", 1, 1, "open", "both", "goal"),  # bond was not rated
    )
    (row,) = records(parts_fallen(table, fallen))
    assert row == {
        "practitioner": "P01",
        "episodes": 4,
        "rated": 3,
        "goal": 1,
        "task": 0,
        "bond": 2,
        "none": 1,
    }


def test_nothing_fell():
    assert parts_fallen(sessions(("A", 1, "2025-01-10", 50, 50)), NONE).empty


# -- against a slow walk ----------------------------------------------------------------------------


def mean_and_interval(values):
    if len(values) < 2:
        return [None, None, None, len(values)]
    mean = statistics.mean(values)
    half = T[len(values) - 1] * statistics.stdev(values) / math.sqrt(len(values))
    return [mean, mean - half, mean + half, len(values)]


def slowly(rows):
    """(practitioner, first month of the quarter) → moved and gap with their intervals and clients, one client at a time."""
    of_client = {}
    for practitioner, client, _, day, own, other in rows:
        if day is not None:
            period = (day.year, (day.month - 1) // 3)
            of_client.setdefault((practitioner, client), {}).setdefault(period, []).append((own, other))
    result = {}
    for practitioner, period in {(p, q) for (p, _), by in of_client.items() for q in by}:
        year, quarter = period
        before = (year, quarter - 1) if quarter else (year - 1, 3)
        moved, gaps = [], []
        for (whose, _), by in of_client.items():
            if whose != practitioner:
                continue
            own = {q: [a for a, _ in by.get(q, []) if a is not None] for q in (before, period)}
            if own[before] and own[period]:
                moved.append(statistics.mean(own[period]) - statistics.mean(own[before]))
            pairs = [b - a for a, b in by.get(period, []) if a is not None and b is not None]
            if pairs:
                gaps.append(statistics.mean(pairs))
        result[practitioner, pd.Timestamp(year, 3 * quarter + 1, 1)] = mean_and_interval(
            moved
        ) + mean_and_interval(gaps)
    return result


@st.composite
def caseloads(draw):
    rows = []
    for practitioner in ("P01", "P02"):
        for client in "ABCD":
            for number in range(1, draw(st.integers(0, 5)) + 1):
                month = draw(st.sampled_from([None, (2024, 11), (2025, 1), (2025, 3), (2025, 4)]))
                day = None if month is None else pd.Timestamp(*month, 10)
                rows.append(
                    (
                        practitioner,
                        client,
                        number,
                        day,
                        *(draw(st.sampled_from([None, 40.0, 55.0, 100.0])) for _ in "ab"),
                    )
                )
    return rows


@repeatable(60)
@given(caseloads())
def test_every_period_is_that_of_a_walk_client_by_client(rows):
    table = pd.concat(
        [sessions(*(row[1:] for row in rows if row[0] == p), practitioner=p) for p in ("P01", "P02")],
        ignore_index=True,
    )
    names = [f"{name}{end}" for name in ("moved", "gap") for end in ("", "_low", "_high", "_clients")]
    told = {(row["practitioner"], row["first_day"]): [row[name] for name in names] for row in found(table)}
    expected = {(p, day.to_pydatetime()): values for (p, day), values in slowly(rows).items()}
    assert told.keys() == expected.keys()
    for key, values in expected.items():
        assert told[key] == [None if v is None else pytest.approx(v, rel=1e-3, abs=0.02) for v in values], key


def test_the_order_of_rows_and_another_practitioner_change_nothing():
    rows = [(c, s, f"2025-{m:02}-10", 40 + 7 * s, 50) for c in "ABC" for s, m in enumerate((1, 2, 4, 5), 1)]
    table, others = sessions(*rows), sessions(*rows, practitioner="P02")
    mixed = table.take(np.random.default_rng(1).permutation(len(table)))
    alone = periods(table, NONE, TWO)
    pd.testing.assert_frame_equal(periods(mixed, NONE, TWO), alone)
    both = periods(pd.concat([others, table], ignore_index=True), NONE, TWO)
    pd.testing.assert_frame_equal(both[both["practitioner"] == "P01"].reset_index(drop=True), alone)
