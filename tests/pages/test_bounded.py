"""The cache of one visitor: never above its bytes, always the right value, what was used longest ago goes first."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from pages.parts.bounded import Bounded, size_of
from pages.parts.kept import MOST, Same


@dataclass
class Record:
    ratings: pd.DataFrame


KEYS = st.tuples(
    st.sampled_from(["what if", "pictures"]), st.sampled_from(["content 1", "content 2"]), st.integers(0, 3)
)


class AgainstTheObvious(RuleBasedStateMachine):
    """The cache beside a plain list of what was put, the last used at its end."""

    def __init__(self):
        super().__init__()
        self.cache, self.used = Bounded(100), []

    @rule(key=KEYS, value=st.integers(), size=st.integers(0, 130))
    def put(self, key, value, size):
        assert self.cache.put(key, (key, value), size) == (key, value)
        self.used = [one for one in self.used if one[0] != key]
        if size <= 100:
            self.used.append((key, (key, value), size))
        while sum(one[2] for one in self.used) > 100:
            self.used.pop(0)

    @rule(key=KEYS)
    def get(self, key):
        wanted = next((one for one in self.used if one[0] == key), None)
        assert self.cache.get(key) == (None if wanted is None else wanted[1])
        if wanted is not None:
            self.used.remove(wanted)
            self.used.append(wanted)

    @rule(content=st.sampled_from(["content 1", "content 2"]))
    def let_go(self, content):
        self.cache.let_go(lambda key: key[1] == content)
        self.used = [one for one in self.used if one[0][1] != content]

    @invariant()
    def never_above_its_bytes_and_everything_in_its_order(self):
        assert self.cache.size == sum(one[2] for one in self.used) <= self.cache.most
        assert self.cache.keys == [one[0] for one in self.used]


TestAgainstTheObvious = AgainstTheObvious.TestCase
TestAgainstTheObvious.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)


@given(st.lists(st.tuples(KEYS, st.integers(0, 60)), max_size=30))
def test_two_visitors_never_see_each_other_s(steps):
    mine, other = Bounded(100), Bounded(100)
    for key, size in steps:
        mine.put(key, "mine", size)
        other.put(key, "other", size)
    assert {mine.get(key) for key, _ in steps} <= {"mine", None}
    assert {other.get(key) for key, _ in steps} <= {"other", None}


@pytest.mark.parametrize("rows", [0, 1, 1000])
def test_frames_arrays_and_texts_count_with_all_their_bytes(rows):
    frame = pd.DataFrame(
        {"client": pd.Series(["C-1"] * rows, dtype="str"), "pct": np.arange(rows, dtype=float)}
    )
    whole = int(frame.memory_usage(deep=True).sum())
    assert whole <= size_of({"a": frame, "b": [np.arange(rows), "x" * rows]}) <= whole + 9 * rows + 600


def test_a_thing_counts_once_and_what_is_there_anyway_not_at_all():
    frame = pd.DataFrame({"pct": np.arange(1000, dtype=float)})
    assert size_of([frame, frame]) < 1.5 * size_of([frame])
    assert size_of([frame, "more"], beside=Record(frame)) < 1000


def test_what_a_key_holds_counts_too():
    cache = Bounded(1000)
    cache.put(("token", Same(pd.DataFrame({"note": ["x" * 2000]}))), "1f09a2b3")
    assert len(cache) == 0


def test_what_is_kept_is_a_small_part_of_what_a_machine_has_for_fifty_visitors():
    assert 50 * MOST <= 1.5 * 2**30


def test_a_thing_in_a_key_is_itself_and_no_other_however_alike():
    one, other = [1], [1]
    assert Same(one) == Same(one)
    assert Same(one) != Same(other)
    assert len({Same(one), Same(one), Same(other)}) == 2
