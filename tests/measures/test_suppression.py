"""Which groups may be published: by hand at every limit, and so that no sum or difference of figures gives away a few clients."""

from itertools import cycle, islice

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from alliance_core.measures.suppression import enough, held_back
from alliance_core.settings import SuppressionSettings
from tests.measures import oracle_suppression as slow
from tests.measures.made import repeatable

TEN, FIVE = SuppressionSettings(), SuppressionSettings(min_clients=5)
STAFF = ("P1", "P2", "P3")


def clients(*cells):
    """Clients from (approach, team, how many) or (approach, team, how many, their practitioners in turn)."""
    return [
        (practitioner, approach, team)
        for approach, team, count, *staff in cells
        for practitioner in islice(cycle(staff[0] if staff else STAFF), count)
    ]


def held(*cells, settings=TEN):
    return of(clients(*cells), settings)


def of(rows, settings):
    found = held_back(pd.DataFrame(rows, columns=["practitioner", "approach", "team"]), settings)
    return set(found["approach"]), set(found["team"])


@pytest.mark.parametrize(
    ("count", "staff", "fits"), [(9, 3, False), (10, 3, True), (10, 2, False), (99, 2, False)]
)
def test_ten_clients_of_three_practitioners_may_be_published(count, staff, fits):
    assert enough(count, staff, TEN) is fits


@pytest.mark.parametrize(("name", "least"), [("min_clients", 4), ("min_practitioners", 2)])
def test_the_limits_cannot_be_set_lower(name, least):
    with pytest.raises(ValidationError, match="greater than or equal"):
        SuppressionSettings(**{name: least})


def test_large_groups_are_shown():
    assert held(("A", "N", 10), ("B", "N", 10), ("C", "N", 10)) == (set(), set())


def test_a_small_group_takes_the_smallest_of_the_others_with_it():
    """The total minus A and C would be B."""
    assert held(("A", "N", 12), ("B", "N", 9), ("C", "N", 30)) == ({"A", "B"}, set())


def test_of_others_that_are_equally_large_the_first_by_name():
    assert held(("A", "N", 3), ("B", "N", 12), ("C", "N", 12), ("D", "N", 12)) == ({"A", "B"}, set())


def test_small_groups_that_are_too_few_together_take_another_with_them():
    assert held(("A", "N", 4), ("B", "N", 5), ("C", "N", 30), ("D", "N", 20)) == ({"A", "B", "D"}, set())


def test_small_groups_that_are_enough_together_need_no_other():
    assert held(("A", "N", 4), ("B", "N", 6), ("C", "N", 30), ("D", "N", 20)) == ({"A", "B"}, set())


def test_groups_of_two_practitioners_are_held_back():
    cells = [("A", "N", 20, ["P1", "P2"]), ("B", "N", 20), ("C", "N", 30)]
    assert held(*cells) == ({"A", "B"}, set())


def test_those_held_back_are_of_three_practitioners_together():
    two = ["P1", "P2"]
    cells = [("A", "N", 20, two), ("B", "N", 20, two), ("C", "N", 40), ("D", "N", 30)]
    assert held(*cells) == ({"A", "B", "D"}, set())


def test_of_two_groups_none_is_shown_where_one_is_small():
    assert held(("A", "N", 40), ("B", "N", 9)) == ({"A", "B"}, set())


def test_one_group_alone_is_the_total():
    assert held(("A", "N", 10)) == (set(), set())
    assert held(("A", "N", 9)) == ({"A"}, {"N"})


def test_nobody_is_nothing():
    assert held() == (set(), set())


def test_an_approach_minus_the_team_within_it_gives_nobody_away():
    """Team N works by A only; A minus N would be two clients."""
    assert held(("A", "N", 30), ("A", "S", 9), ("B", "S", 40)) == ({"A", "B"}, set())
    assert held(("A", "N", 30), ("A", "S", 10), ("B", "S", 40)) == (set(), set())


def test_nor_does_a_team_minus_the_approach_within_it():
    """B is small and goes with A; team S minus C would be B."""
    cells = [("A", "N", 12), ("B", "S", 5), ("C", "S", 20), ("D", "W", 40)]
    assert held(*cells) == ({"A", "B"}, {"N", "S"})


def test_nor_do_two_approaches_minus_two_teams():
    """A and B minus N and O: the three clients of A and B in team S. Neither approach alone holds a whole team."""
    cells = [("A", "N", 20), ("B", "N", 20), ("A", "O", 20), ("B", "O", 20), ("A", "S", 2), ("B", "S", 1)]
    assert held(*cells, ("C", "S", 60)) == ({"A", "B"}, {"N", "S"})
    assert held(*cells[:4], ("A", "S", 5), ("B", "S", 5), ("C", "S", 60)) == (set(), set())


def test_nor_is_one_practitioner_given_away():
    """A minus N would be fifteen clients, all of P9."""
    assert held(("A", "N", 30), ("A", "S", 15, ["P9"]), ("B", "S", 40)) == ({"A", "B"}, set())


def test_nor_are_two_whose_clients_lie_in_two_parts():
    cells = [("A", "N", 20), ("B", "N", 20), ("A", "S", 15, ["P8"]), ("B", "S", 15, ["P9"]), ("C", "S", 60)]
    assert held(*cells) == ({"A", "B"}, {"N", "S"})
    third = [
        ("A", "N", 20),
        ("B", "N", 20),
        ("A", "S", 15, ["P7", "P8"]),
        ("B", "S", 15, ["P9"]),
        ("C", "S", 60),
    ]
    assert held(*third) == (set(), set())


def test_parts_of_a_few_clients_stay_where_nothing_gives_them_away():
    """Every approach in every team, eight clients each: no difference of whole groups is smaller than a group."""
    assert held(*((a, t, 8) for a in "ABC" for t in "NOS")) == (set(), set())


cells = st.lists(
    st.tuples(
        st.sampled_from("ABCD"),
        st.sampled_from("NOS"),
        st.integers(1, 7) | st.integers(1, 2) | st.integers(5, 20),
        st.lists(st.sampled_from([f"P{n}" for n in range(1, 7)]), min_size=1, max_size=4, unique=True),
    ),
    max_size=9,
    unique_by=lambda cell: cell[:2],
)


@repeatable(250)
@given(cells)
def test_the_same_groups_as_by_trying_every_sum_of_published_figures(some):
    rows = clients(*some)
    assert of(rows, FIVE) == tuple(slow.held_back(rows, FIVE))


@repeatable(250)
@given(cells)
def test_no_combination_of_what_is_shown_gives_a_few_clients_away(some):
    rows = clients(*some)
    groups = [slow.named(rows, kind) for kind in slow.KINDS]
    sets = [slow.published(by, names) for by, names in zip(groups, of(rows, FIVE), strict=True)]
    if slow.enough(rows, FIVE):
        assert list(slow.given_away(rows, *sets, FIVE)) == []
        for by in groups:
            for own in by.values():
                few = not slow.enough([rows[i] for i in own], FIVE)
                assert not (
                    few and slow.worked_out(rows, [{*one} for two in sets for one in two.values()], own)
                )
    else:
        assert of(rows, FIVE) == tuple(map(set, groups))


@repeatable(100)
@given(cells, st.randoms(use_true_random=False))
def test_the_order_of_clients_does_not_matter(some, random):
    rows = clients(*some)
    mixed = random.sample(rows, len(rows))
    assert of(mixed, FIVE) == of(rows, FIVE)


@repeatable(100)
@given(cells)
def test_what_is_published_stays_published(some):
    """Groups held back counted as one from the start: there is nothing more to hold back."""
    rows = clients(*some)
    both = of(rows, FIVE)
    if not slow.enough(rows, FIVE):
        return
    again = [
        (client[0], *("" if client[1 + k] in both[k] else client[1 + k] for k in (0, 1))) for client in rows
    ]
    assert of(again, FIVE) == (set(), set())


def test_many_groups_take_no_long_search():
    """5,000 clients, 12 approaches in 40 teams, of which many share a few clients only."""
    number = np.random.default_rng(3).integers(0, [[125], [12]], (2, 5000))
    frame = pd.DataFrame({"practitioner": number[0], "approach": number[1], "team": number[0] % 40}).astype(
        "str"
    )
    found = held_back(frame, TEN)
    assert found == {"approach": frozenset(), "team": frozenset()}
