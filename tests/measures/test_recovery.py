"""Whoever collects every summary of a service, and subtracts and adds as they like, cannot work out the figures of a few clients.

A thousand random services. What is published of each is turned into sums over what happened: one unknown for each client in each month. The attacker
knows all summaries, one after every month, by months and by quarters, and solves for sets of unknowns exactly (linear algebra). Publishers
that leave one of the rules out are attacked in the same way, and the attack has to succeed: so a test that finds nothing could have found something.
"""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from alliance_core.measures import closed_periods as clock
from alliance_core.measures.closed_periods import Stretch, every_closed
from alliance_core.measures.suppression import WAYS, enough, held_back
from alliance_core.settings import ServiceSettings, Settings, SuppressionSettings

SERVICES = 500  # at each limit
MUCH_LATER = date(2025, 1, 1)


def settings(least, months=1):
    return Settings(
        suppression=SuppressionSettings(min_clients=least), service=ServiceSettings(months=months)
    )


def a_service(seed, least):
    """Who came in which month: practitioner, client, approach, team, date. Of such a size that something is told, and something is held back."""
    random = np.random.default_rng([seed, least])
    months = int(random.integers(6, 19))
    clients, staff = int(random.integers(5, 12) * least), int(random.integers(4, 10))
    teams, approaches = random.integers(2, 4, 2)
    whose = random.integers(0, staff, clients)
    # Practitioners belong to a team, most of them, and groups differ in size.
    team = np.where(random.random(clients) < 0.85, whose % teams, random.integers(0, teams, clients))
    approach = random.choice(approaches, clients, p=random.dirichlet(np.full(approaches, 2.0)))
    start = random.integers(-3, months, clients)[:, None]
    length = random.integers(1, random.integers(3, 12), clients)[:, None]
    month = np.arange(months)
    came = (month >= start) & (month < start + length) & (random.random((clients, months)) < 0.85)
    client, at = np.nonzero(came)
    days = (np.datetime64("2023-02") + at).astype("datetime64[s]") + np.timedelta64(
        14, "D"
    )  # not from the start of a quarter on
    return pd.DataFrame(
        {
            "practitioner": np.char.add("P", whose[client].astype(str)),
            "client": np.char.add("C", client.astype(str)),
            "approach": np.char.add("A", approach[client].astype(str)),
            "team": np.char.add("T", team[client].astype(str)),
            "date": days,
        }
    )


def rows_of(visits, summaries, base="sessions"):
    """What these summaries tell of a base, as the rows of `visits` that each figure is a sum over; each once."""
    day = visits["date"].to_numpy("datetime64[D]")
    groups = {way: visits[way].to_numpy(object) for way in WAYS}

    def within(stretch):
        return (day >= np.datetime64(stretch.first)) & (day <= np.datetime64(stretch.last))

    rows = [within(stretch) for stretch in {one for found in summaries for one in found.blocks.get(base, ())}]
    shown = {
        (found.groups[base], way, found.held[base][way])
        for found in summaries
        if base in found.groups
        for way in WAYS
    }
    for stretch, way, held in shown:
        here = within(stretch)
        together = np.isin(groups[way], [*held])
        rows += [here & together, *(here & (groups[way] == name) for name in {*groups[way]} - held)]
    return [*{row.tobytes(): row for row in rows if row.any()}.values()]


class Attack:
    """What can be worked out from sums over rows of visits."""

    def __init__(self, visits, rows, least):
        self.limits = SuppressionSettings(min_clients=least)
        # Rows of visits that are in the same sums cannot be told from each other: they are one unknown.
        sums = np.array(rows, float).reshape(len(rows), len(visits))
        self.sums, code = np.unique(sums, axis=1, return_inverse=True)
        self.code = code.ravel()
        _, values, basis = np.linalg.svd(self.sums, full_matrices=False)
        known = basis[values > 1e-8 * max(values.max(initial=0), 1)]
        self.unknown = np.eye(self.sums.shape[1]) - known.T @ known
        self.client = pd.factorize(visits["client"])[0]
        self.staff = pd.factorize(visits["practitioner"])[0]
        clients = np.zeros((self.sums.shape[1], self.client.max() + 1), bool)
        clients[self.code, self.client] = True
        self.clients = clients
        whose = np.zeros(self.client.max() + 1, int)
        whose[self.client] = self.staff
        self.of_staff = np.eye(self.staff.max() + 1, dtype=int)[whose]

    def few(self, clients):
        """For sets of clients (rows of a table): whether they are too few, and not nobody."""
        many, people = clients.sum(axis=1), ((clients @ self.of_staff) > 0).sum(axis=1)
        small = (many < self.limits.min_clients) | (people < self.limits.min_practitioners)
        return small & (many > 0)

    def any_set(self):
        """Whether one, two or three unknowns together can be worked out that are of too few clients."""
        number = np.arange(len(self.unknown))
        away = self.unknown
        single = np.diag(away)
        if (self.few(self.clients) & (single < 1e-9)).any():
            return True
        first, second = np.triu_indices(len(number), 1)
        pair = single[first] + single[second] + 2 * away[first, second]
        known = pair < 1e-9
        if known.any() and self.few(self.clients[first[known]] | self.clients[second[known]]).any():
            return True
        for third in number:
            three = pair + single[third] + 2 * (away[first, third] + away[second, third])
            known = (three < 1e-9) & (second < third)
            if known.any():
                together = self.clients[first[known]] | self.clients[second[known]] | self.clients[third]
                if self.few(together).any():
                    return True
        return False

    def given(self, targets):
        """Whether one of these sets of visits (rows of a table) that are of too few clients can be worked out."""
        clients = np.zeros((len(targets), self.clients.shape[1]), bool)
        which, at = np.nonzero(targets)
        clients[which, self.client[at]] = True
        small = targets[self.few(clients)]
        size = np.bincount(self.code, minlength=len(self.unknown))
        share = np.zeros((len(small), len(size)))
        which, at = np.nonzero(small)
        np.add.at(share, (which, self.code[at]), 1.0)
        share /= size
        whole = np.isin(share, (0.0, 1.0)).all(axis=1)  # a part of an unknown cannot be told from the rest
        away = share[whole] @ self.unknown
        return bool((np.einsum("ij,ij->i", away, share[whole]) < 1e-9).any())

    def differences(self):
        """Whether one published sum minus another within it is of too few clients."""
        inside = self.sums.astype(bool)
        within = ~(inside[None] & ~inside[:, None]).any(axis=2)  # the second within the first
        big, small = np.nonzero(within & ~np.eye(len(inside), dtype=bool))
        return bool(self.few((inside[big] & ~inside[small]) @ self.clients).any())


def targets(visits):
    """Cells that nobody should be able to fill: groups, and pairs of groups, through each month and in each month, quarter and half year."""
    month = (visits["date"].dt.year * 12 + visits["date"].dt.month).to_numpy() - 2023 * 12 - 1
    spans = [month <= last for last in range(month.max() + 1)]
    spans += [
        month // length == number for length in (1, 3, 6) for number in range(month.max() // length + 1)
    ]
    names = visits["approach"] + visits["team"]
    cells = [np.ones(len(visits), bool)] + [
        (column == name).to_numpy()
        for column in (visits["approach"], visits["team"], names)
        for name in sorted(set(column))
    ]
    return (np.array(spans)[:, None] & np.array(cells)[None]).reshape(-1, len(visits))


def found_out(visits, rows, least):
    """Whether anything of a few clients can be worked out."""
    attack = Attack(visits, rows, least)
    return attack.differences() or attack.given(targets(visits)) or attack.any_set()


def all_summaries(visits, least, base="sessions"):
    """Every figure of a base of the summaries after all months, by months and by quarters."""
    made = clock.clock_of(visits, settings(least), MUCH_LATER)
    every = [made.closed(month, months) for month in range(made.months) for months in (1, 3)]
    kept = visits if base == "sessions" else visits[visits[base]]
    return rows_of(kept, [one for one in every if one.blocks], base)


@pytest.mark.parametrize("least", [5, 10])
def test_nothing_of_a_few_clients_can_be_recovered_from_all_summaries_together(least):
    found, told, held = [], 0, 0
    for seed in range(SERVICES):
        visits = a_service(seed, least)
        rows = all_summaries(visits, least)
        if rows and found_out(visits, rows, least):
            found.append(seed)
        last = every_closed(visits, settings(least), MUCH_LATER)[-1] if seed < 50 else None
        if last is not None and "sessions" in last.groups:
            told += 1
            held += any(last.held["sessions"].values())
    assert found == []
    assert told > 25  # of fifty: the services are such that groups are told of
    assert held > 5  # and such that some are held back


@pytest.mark.parametrize("least", [5, 10])
def test_nor_of_the_few_who_gave_a_figure_that_not_all_sessions_have(least):
    told = 0
    for seed in range(SERVICES, SERVICES + 60):
        visits = a_service(seed, least)
        some = np.random.default_rng(seed).random(len(visits)) < (0.35, 0.7)[seed % 2]
        visits = visits.assign(gap=some)
        rows = all_summaries(visits, least, "gap")
        told += len(rows) > 3
        assert not rows or not found_out(visits[some], rows, least), seed
    assert told > 30


def only_small_ones(clients, settings, already, blocks):
    """Without secondary suppression."""
    return {
        way: already[way]
        | {
            name
            for name, own in clients.groupby(way)
            if not enough(len(own), own["practitioner"].nunique(), settings)
        }
        for way in WAYS
    }


CARELESS = {
    "time does not wait": lambda patch: patch.setattr(clock.Clock, "enough", lambda self, clients: True),
    "only small groups are held back": lambda patch: patch.setattr(clock, "held_back", only_small_ones),
    "groups are not held against months": lambda patch: patch.setattr(
        clock, "held_back", lambda clients, own, already, blocks: held_back(clients, own, already)
    ),
}


@pytest.mark.parametrize("careless", CARELESS)
def test_the_same_attack_succeeds_where_a_rule_is_left_out(careless, monkeypatch):
    CARELESS[careless](monkeypatch)
    services = (a_service(seed, 5) for seed in range(SERVICES))
    assert any(
        rows and found_out(visits, rows, 5) for visits in services for rows in [all_summaries(visits, 5)]
    )


def visits_of(*cells):
    """Visits from (approach, how many clients, months): in each of the months, of three practitioners in turn, in one team."""
    rows = [
        (f"P{n % 3}", f"{approach}{number}-{n}", approach, "N", pd.Timestamp(2023, month, 15))
        for number, (approach, many, months) in enumerate(cells)
        for n in range(many)
        for month in months
    ]
    return pd.DataFrame(rows, columns=["practitioner", "client", "approach", "team", "date"])


def test_a_month_minus_an_approach_is_seen_to_be_a_few_clients():
    """January: ten clients of A, two of B. February: twelve of B. A is told of both months, January alone: January minus A is two clients."""
    visits = visits_of(("A", 10, [1]), ("B", 2, [1, 2]), ("B", 12, [2, 3]))
    careful = all_summaries(visits, 10)
    assert not found_out(visits, careful, 10)
    approach = [(visits["approach"] == name).to_numpy() for name in "AB"]
    assert found_out(visits, [*careful, *approach], 10)


def test_a_thin_month_is_told_together_with_the_next():
    visits = visits_of(("A", 12, [1]), ("A", 4, [2]), ("A", 11, [3]))
    last = every_closed(visits, settings(10), MUCH_LATER)[-1]
    assert last.blocks["sessions"] == (
        Stretch(date(2023, 1, 1), date(2023, 1, 31)),
        Stretch(date(2023, 2, 1), date(2023, 3, 31)),
    )


def test_what_was_told_then_is_told_again_from_what_is_known_now():
    for seed in range(10):
        visits = a_service(seed, 5)
        made = clock.clock_of(visits, settings(5), MUCH_LATER)
        for month in range(made.months):
            end = (visits["date"].min() + pd.DateOffset(months=month + 1)).replace(day=1) - pd.Timedelta(
                days=1
            )
            known = visits[visits["date"] <= end]
            then = clock.clock_of(known, settings(5), (end + pd.Timedelta(days=14)).date())
            assert then.months == month + 1
            assert then.closed(month, 3) == made.closed(month, 3)
