"""Aliases: one for each id, the same wherever the id stands, none that leads back, and every figure as it was."""

import dataclasses
import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_core.analysis import analyse
from alliance_core.masking import Aliases, aliases_of, masked
from alliance_core.measures.chance import by_chance
from alliance_core.sample import Design, simulate
from alliance_core.tables import Ratings
from tests.measures.made import repeatable

KEY, OTHER = bytes(range(32)), bytes(32)


@pytest.fixture(scope="module")
def ratings():
    made = simulate(Design(practitioners=4, cases=6, sessions=10), 3).ratings
    note = made.markers["note"].astype(object)
    note.iloc[0] = f"as with {made.forms['client'].iloc[-1]}, say {made.forms['practitioner'].iloc[-1]}"
    return dataclasses.replace(made, markers=made.markers.assign(note=note.astype("str")))


@pytest.fixture(scope="module")
def analysis(ratings):
    return analyse(ratings)


@pytest.fixture(scope="module")
def aliases(ratings):
    return aliases_of(ratings, KEY)


def frames(of):
    found = {one.name: getattr(of, one.name) for one in dataclasses.fields(of)}
    return {name: frame for name, frame in found.items() if isinstance(frame, pd.DataFrame)}


def test_an_analysis_under_aliases_is_the_analysis_of_ratings_under_aliases(analysis, aliases):
    shown = masked(analysis, aliases)
    again = analyse(shown.ratings)
    for of, other in ((shown, again), (shown.work, again.work)):
        for name, frame in frames(of).items():
            if name != "trace":  # in the order of `courses`
                pd.testing.assert_frame_equal(frame, frames(other)[name], obj=name)
    keys = ["practitioner", "client", "rater", "facet", "session"]
    trace = [
        one.astype(dict.fromkeys(keys[:4], "str")).sort_values(keys, ignore_index=True)
        for one in (shown.trace, again.trace)
    ]
    of_both = [name for name in trace[0] if name not in ("case", "series", "form", "instrument", "state")]
    pd.testing.assert_frame_equal(trace[0][of_both], trace[1][of_both])


def test_what_chance_gives_does_not_depend_on_aliases(analysis, aliases):
    def chance(of):
        return by_chance(of.of_clients, of.courses, of.method, of.settings)

    shown = masked(analysis, aliases)
    for known, alias in aliases.practitioners.items():
        assert chance(shown).of(alias) == chance(analysis).of(known)


def test_a_cell_that_is_nothing_but_a_short_id_gives_way_and_words_of_ours_stay():
    aliases = Aliases({"P1": "KTB"}, {"open": "RF-274", "12": "BC-333"}, KEY)
    told = pd.DataFrame(
        {"practitioner": ["P1"], "client": ["open"], "noted_by": [" P1 "], "owner": ["12"], "outcome": ["open"], "note": ["P1, 12"]},
        dtype="str",
    )  # fmt: skip
    (row,) = aliases.masked(told).to_dict("records")
    assert (row["noted_by"], row["owner"], row["outcome"]) == ("KTB", "BC-333", "open")
    assert (row["practitioner"], row["client"], row["note"]) == ("KTB", "RF-274", "P1, 12")


def test_no_id_is_left_anywhere_not_even_in_notes(analysis, aliases):
    ids = {*aliases.practitioners, *aliases.clients}
    shown = masked(analysis, aliases)
    for of in (shown, shown.ratings, shown.work):
        for name, frame in frames(of).items():
            for column in frame.select_dtypes(["str", "object", "category"]):
                for cell in frame[column].dropna().astype(str).unique():
                    assert not ids & set(re.split(r"[\s,.;]+", cell)), (name, column, cell)


def test_rows_are_in_the_order_of_aliases_which_is_not_that_of_ids(analysis, aliases):
    shown = masked(analysis, aliases)
    assert shown.cases["client"].is_unique
    assert shown.practitioners["practitioner"].tolist() == sorted(aliases.practitioners.values())
    assert list(aliases.practitioners.values()) != sorted(aliases.practitioners.values())


def test_aliases_are_the_same_under_the_same_key_and_others_under_another(ratings, aliases):
    assert aliases_of(ratings, KEY) == aliases
    other = aliases_of(ratings, OTHER)
    assert not set(other.clients.values()) & set(aliases.clients.values())
    fewer = dataclasses.replace(ratings, forms=ratings.forms[ratings.forms["practitioner"] == "P01"])
    alone = aliases_of(Ratings(fewer.forms), KEY)
    assert all(aliases.client(known) == alias for known, alias in alone.clients.items())


def test_the_key_is_not_in_what_is_printed(aliases):
    assert KEY.hex() not in repr(aliases)
    assert repr(KEY)[2:-1] not in repr(aliases)


def test_forms_of_aliases(aliases):
    assert all(re.fullmatch(r"[BCDFGHJKLMNPQRTVWXZ]{3}", one) for one in aliases.practitioners.values())
    assert all(re.fullmatch(r"[BCDFGHJKLMNPQRTVWXZ]{2}-\d{3}", one) for one in aliases.clients.values())


def forms_of(practitioners, clients):
    return Ratings(pd.DataFrame({"practitioner": practitioners, "client": clients}, dtype="str"))


def test_no_two_of_very_many_ids_have_the_same_alias():
    clients = [f"C-{number}" for number in range(30_000)]
    made = aliases_of(forms_of([f"P{number % 3000}" for number in range(30_000)], clients), KEY)
    assert len(set(made.clients.values())) == 30_000
    assert len(set(made.practitioners.values())) == 3000
    assert max(map(len, made.clients.values())) > len("RF-274")


texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=6)


@repeatable(200)
@given(st.lists(texts, min_size=1, max_size=30, unique=True))
def test_every_id_has_its_own_alias_that_leads_to_it_for_files(ids):
    made = aliases_of(forms_of(ids, ids), KEY)
    assert len(set(made.clients.values())) == len(set(made.practitioners.values())) == len(ids)
    for known in ids:
        assert made.client_behind(made.client(known)) == known
        assert made.practitioner_behind(made.practitioner(known)) == known


def test_text_that_is_written_under_aliases_is_kept_with_ids(aliases):
    note = "C-003 and P02: as with C-001."
    shown = aliases.in_text(note)
    assert (
        shown
        == f"{aliases.client('C-003')} and {aliases.practitioner('P02')}: as with {aliases.client('C-001')}."
    )
    assert aliases.text_behind(shown) == note


def test_an_id_that_came_later_has_a_longer_alias_of_its_own(aliases):
    later = aliases.client("C-999")
    assert re.fullmatch(r"[A-Z]{2}-\d{9}", later)
    assert later not in aliases.clients.values()
    assert aliases.client_behind(later) == later


def test_an_empty_id_of_a_line_for_all_stays_empty():
    made = Aliases({"P1": "BCD"}, {}, KEY)
    lines = pd.DataFrame({"practitioner": ["", "P1", None]}, dtype="str")
    assert made.masked(lines)["practitioner"].fillna("missing").tolist() == ["", "BCD", "missing"]
