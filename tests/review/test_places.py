"""Where the rows of each key are, against looking at every row."""

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from alliance_core.review.places import Places

KEYS = ["practitioner", "client"]
ROWS = st.lists(
    st.tuples(st.sampled_from(["P1", "P2", "P10"]), st.sampled_from(["C-1", "C-2", ""])), max_size=30
)


def frame_of(rows, by_category=False):
    kind = "category" if by_category else "str"
    return pd.DataFrame(rows, columns=KEYS, dtype="str").astype(kind).assign(at=range(len(rows)))


@given(ROWS, st.booleans(), st.booleans())
def test_every_key_has_its_rows_in_their_order_and_no_others(rows, in_key_order, by_category):
    rows = sorted(rows) if in_key_order else rows
    frame = frame_of(rows, by_category)
    pairs, singles = Places(frame, KEYS), Places(frame, KEYS[:1])
    for key in {*rows, ("P9", "C-1")}:
        assert frame["at"].iloc[pairs.of(key)].tolist() == [at for at, row in enumerate(rows) if row == key]
        assert frame["at"].iloc[singles.of(key[0])].tolist() == [
            at for at, row in enumerate(rows) if row[0] == key[0]
        ]
    assert pairs.keys == list(dict.fromkeys(rows))


@given(ROWS)
def test_rows_in_key_order_are_found_by_their_ends_alone(rows):
    places = Places(frame_of(sorted(rows)), KEYS)
    assert all(isinstance(places.of(key), slice) for key in rows)


def test_a_key_that_the_categories_name_and_no_row_has_is_none():
    frame = frame_of([("P1", "C-1"), ("P2", "C-2")], by_category=True).iloc[:1]
    assert Places(frame, KEYS).keys == [("P1", "C-1")]
    assert np.arange(1)[Places(frame, KEYS).of(("P2", "C-2"))].tolist() == []
