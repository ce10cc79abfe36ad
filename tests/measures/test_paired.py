"""Which sessions make a pair, and when the two forms of one are versions of one instrument."""

import pandas as pd
import pytest

from alliance_core.measures.paired import instruments_of_clients, paired


def scored(rows):
    """(case, session, rater, overall in pct, instrument, range) as scores in key order."""
    frame = pd.DataFrame(rows, columns=["case", "session", "rater", "overall_pct", "instrument", "range"])
    frame[["range_min", "range_max"]] = frame["range"].tolist() if len(frame) else None
    frame = frame.astype(
        {"instrument": "category", "session": "Int64", "overall_pct": "float64", "case": "int64"}
    )
    return frame.drop(columns="range")


ONE, TWO = (1, 5), (1, 7)


def test_pairs_are_sessions_that_both_rated_in_their_order():
    found = paired(
        scored(
            [
                (0, 1, "client", 60, "wai-sr", ONE),
                (0, 1, "practitioner", 50, "wai-sr", ONE),
                (0, 2, "client", 70, "wai-sr", ONE),
                (0, 3, "practitioner", 40, "wai-sr", ONE),
                (0, 4, "client", None, "wai-sr", ONE),
                (0, 4, "practitioner", 40, "wai-sr", ONE),
                (0, 9, "client", 80, "wai-sr", ONE),
                (0, 9, "observer", 10, "wai-sr", ONE),
                (0, 9, "practitioner", 90, "wai-sr", ONE),
                (1, 1, "practitioner", 30, "wai-sr", ONE),
                (1, 2, "client", 20, "wai-sr", ONE),
                (2, 1, "client", 11, "wai-sr", ONE),
                (2, 1, "practitioner", 22, "wai-sr", ONE),
            ]
        )
    )
    assert found.columns.tolist() == ["case", "client", "practitioner", "gap", "alike"]
    assert found.to_numpy().tolist() == [
        [0, 60, 50, -10, True],
        [0, 80, 90, 10, True],
        [2, 11, 22, 11, True],
    ]


def test_sessions_of_different_cases_never_meet():
    """Case 0, session 1 and case 1, session 1; and numbers as large as days written as 20250301."""
    rows = [(0, 1, "client", 60, "wai-sr", ONE), (1, 1, "practitioner", 50, "wai-sr", ONE)]
    rows += [(2, 20250301, "client", 60, "wai-sr", ONE), (3, 20250301, "practitioner", 50, "wai-sr", ONE)]
    assert paired(scored(rows)).empty


@pytest.mark.parametrize(
    ("client", "practitioner", "alike"),
    [
        (("wai-sr", ONE), ("wai-sr", ONE), True),
        (("wai-sr", ONE), ("wai-srt", ONE), True),
        (("wai-sr", ONE), ("facets", ONE), False),
        (("wai-s", TWO), ("wai-sr", ONE), False),
        (("facets", ONE), ("facets", ONE), True),
        (("facets", ONE), ("facets", (1, 7)), False),
        (("facets", ONE), ("facets", (0, 5)), False),
        (("total", (0, 10)), ("total", (0, 100)), False),
    ],
)
def test_alike_are_versions_of_one_instrument_on_one_range(client, practitioner, alike):
    rows = [(0, 1, "client", 60, *client), (0, 1, "practitioner", 50, *practitioner)]
    assert paired(scored(rows))["alike"].tolist() == [alike]


def test_no_scores_no_pairs():
    assert paired(scored([])).empty


def test_instruments_of_clients_are_those_of_their_rated_forms():
    rows = [
        (0, 1, "client", 60, "wai-sr", ONE),
        (0, 2, "client", 61, "wai-sr", ONE),
        (0, 3, "client", None, "wai-s", TWO),
        (0, 3, "practitioner", 60, "wai-36", TWO),
        (1, 1, "client", 60, "sai", (0, 5)),
    ]
    assert len(instruments_of_clients(scored(rows))) == 2
    assert not instruments_of_clients(scored(rows[3:4]))
