"""Names instead of ids: the same under the same key, none twice, and nothing in them of the id or its order."""

import hashlib
import hmac
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import spearmanr

from alliance_core.review import key_of, masks, who_is_who
from alliance_core.review.names import _WORDS, SOME_CASE
from alliance_core.tables import MARKERS, shaped
from tests.measures.made import repeatable

KEY = bytes(range(32))
NAME = re.compile(r"[A-Z][a-z]+ [A-Z][a-z]+ [1-9]\d{2,}")


def cases(*pairs):
    return pd.DataFrame(pairs, columns=["practitioner", "client"])


def many(number, key=KEY):
    return masks(cases(*((f"P{n % 7}", f"C-{n:05}") for n in range(number))), key, False)


def by_hand(kind, text, key=KEY):
    """The name as names.toml and the module's words describe it, one step after the other."""
    value = int.from_bytes(hmac.new(key, f"{kind}\0{text}".encode(), hashlib.sha256).digest(), "big")
    first, kinds = _WORDS["first"], _WORDS[kind]
    words = f"{first[value % 32]} {kinds[value // 32 % 32]}"
    return f"{words} {100 + value // 1024 % 900}"


def test_a_name_is_made_of_the_key_and_the_id_alone():
    found = masks(cases(("P1", "C-1"), ("P2", "C-1")), KEY, True)
    assert found.cases == {
        ("P1", "C-1"): by_hand("case", "P1\0C-1"),
        ("P2", "C-1"): by_hand("case", "P2\0C-1"),
    }
    assert found.practitioners == {p: by_hand("practitioner", p) for p in ("P1", "P2")}
    assert all(NAME.fullmatch(name) for name in [*found.cases.values(), *found.practitioners.values()])


def test_the_lists_hold_32_words_each_and_none_twice():
    assert {name: len(set(words)) for name, words in _WORDS.items()} == dict.fromkeys(_WORDS, 32)
    assert not set(_WORDS["case"]) & set(_WORDS["practitioner"])


@repeatable(30)
@given(st.sets(st.tuples(st.sampled_from("AB"), st.text(max_size=4)), max_size=12), st.randoms())
def test_the_order_of_the_cases_and_further_cases_change_no_name(pairs, random):
    pairs = sorted(pairs)
    before = masks(cases(*pairs), KEY, True).cases
    more = [*pairs, ("C", "new")]
    random.shuffle(more)
    after = masks(cases(*more), KEY, True).cases
    assert {pair: after[pair] for pair in pairs} == before


def test_another_key_gives_other_names_and_another_series():
    one, other = many(50), many(50, bytes(32))
    assert not set(one.cases.values()) & set(other.cases.values())
    assert one.series != other.series
    assert re.fullmatch(r"[0-9A-F]{4}", one.series)


def test_no_name_stands_for_two_and_only_those_that_would_are_longer():
    found = many(5000)
    names = list(found.cases.values())
    assert len(set(names)) == 5000
    short = pd.Series([by_hand("case", "\0".join(pair)) for pair in found.cases])
    twice = short.duplicated(keep=False).to_numpy()
    assert 0 < twice.sum() < 100
    assert [name for name, again in zip(names, twice, strict=True) if not again] == short[~twice].tolist()
    assert all(
        name.startswith(start) and len(name) > len(start)
        for name, start, again in zip(names, short, twice, strict=True)
        if again
    )


def test_the_order_of_names_says_nothing_of_the_order_of_ids():
    names = list(many(2000).cases.values())
    numbers = [int(name.split()[-1][:3]) for name in names]
    for told in (pd.Series(names).rank(), numbers):
        assert abs(spearmanr(np.arange(2000), told).statistic) < 0.08  # 3.6 standard errors


def test_a_word_gives_the_same_key_wherever_it_is_typed():
    assert key_of("  our café on mondays ") == key_of("our cafe\u0301 on mondays")
    assert key_of("our café on mondays") != key_of("our café on Mondays")
    assert len(key_of("12345678")) == 32
    # RFC 7914, by the standard library with the same numbers
    assert key_of("12345678") == hashlib.scrypt(
        b"12345678", salt=b"names of cases in meetings", n=16384, r=8, p=1, dklen=32
    )


@pytest.mark.parametrize("word", ["", "       ", "1234567", "1234567  "])
def test_a_short_word_is_refused(word):
    with pytest.raises(ValueError, match="at least 8 characters; it has"):
        key_of(word)


@pytest.fixture
def few():
    return masks(cases(("P01", "C-001"), ("P01", "C-002"), ("P02", "C-002"), ("Anna Berg", "C-9")), KEY, True)


def test_ids_in_what_people_wrote_become_names(few):
    of_p, of_c = few.practitioners["P01"], few.cases["P01", "C-001"]
    assert few.text("Ask P01 about c-001, not C-0011") == f"Ask {of_p} about {of_c}, not C-0011"
    assert few.text("C-002 was late") == f"{SOME_CASE} was late"
    assert few.text("Berg said so") == f"{few.practitioners['Anna Berg']} said so"
    assert few.text("Tell Karin") == "Tell Karin"


ROW = {"practitioner": "P01", "client": "C-001", "action": "Ask C-001 and P02", "owner": "P01 with C-001", "note": "P01 was tired", "done": "no"}  # fmt: skip


def test_of_a_decision_the_room_sees_no_ids_but_who_does_it(few):
    of_c = few.cases["P01", "C-001"]
    shown = few.decision(ROW, own=False)
    assert shown == {
        **ROW,
        "practitioner": few.practitioners["P01"],
        "client": of_c,
        "action": f"Ask {of_c} and {few.practitioners['P02']}",
        "owner": f"P01 with {of_c}",
        "note": None,
    }
    assert few.decision(ROW, own=True)["note"] == f"{few.practitioners['P01']} was tired"
    assert few.decision({**ROW, "action": None, "owner": float("nan")}, own=True)["owner"] is None


def test_of_markers_the_room_sees_neither_notes_nor_ids(few):
    given = {"practitioner": "P01", "client": "C-001", "session": 3, "kind": "withdrawal", "marker": "denial (C-001)", "noted_by": "P02", "note": "x"}  # fmt: skip
    markers = shaped(pd.DataFrame([given, {**given, "marker": None}]), MARKERS)
    shown = few.markers(markers)
    assert shown[["practitioner", "client", "note", "noted_by"]].isna().all(axis=None)
    assert shown["marker"].tolist()[0] == f"denial ({few.cases['P01', 'C-001']})"
    assert shown["marker"].isna().tolist() == [False, True]
    assert markers["note"].tolist() == ["x", "x"]


def test_who_is_who_is_in_order_of_the_names(few):
    table = who_is_who(few, cases(("P01", "C-002"), ("P01", "C-001"), ("P09", "C-1")))
    assert table["name"].is_monotonic_increasing
    assert set(table["client"]) == {"C-001", "C-002"}
    assert [few.cases[p, c] for p, c in zip(table["practitioner"], table["client"], strict=True)] == list(table["name"])  # fmt: skip
