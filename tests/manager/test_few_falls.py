"""Shares of falls: told of ten falls or more, of no group of a kind where one has fewer, and never to be worked out from what is left."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_core.manager import few_falls, manager_rows, service_figures
from alliance_core.service_sentences import SHARES_OF_FALLS
from alliance_core.tables import ACROSS, shaped
from tests.manager.made_service import BACK, DAY, FALL, FLAT, service

CAME_BACK = "Came back, of those known"


def shares(found, part):
    rows = manager_rows(found)
    own = rows[(rows["part"] == part).to_numpy(bool) & (rows["figure"] == CAME_BACK).to_numpy(bool)]
    return [None if pd.isna(of) else int(of) for of in own["of"]], own["shown"].tolist()


@pytest.mark.parametrize(("back", "told"), [(9, False), (10, True)])
def test_of_the_service_it_takes_ten_falls(back, told):
    found = service_figures(service(("N", "A", back, BACK, 1), ("N", "A", 12, FALL, 1)), DAY)
    rows = found.service[found.service["figure"].isin(["came_back", "repaired", "open"])]
    assert rows[["count", "of", "value", "low", "high"]].notna().all(axis=None) == told
    assert rows[["count", "of", "value", "low", "high"]].isna().all(axis=None) != told
    # Found falls stay: they are counted among all clients.
    assert found.service.loc[found.service["figure"] == "falls", "count"].tolist() == [back + 12]


@pytest.mark.parametrize(("south", "told"), [(9, False), (10, True)])
def test_of_teams_it_takes_ten_falls_in_each_and_the_approaches_stand_on_their_own(south, told):
    found = service_figures(
        service(
            ("North", "ACT", 12, BACK, 1), ("South", "ACT", south, BACK, 1), ("South", "ACT", 10, FLAT, 1)
        ),
        DAY,
    )
    assert shares(found, "team") == (
        ([12, south], ["shown"] * 2) if told else ([None] * 2, ["too few falls"] * 2)
    )
    assert shares(found, "approach") == ([12 + south], ["shown"])


def kinds(followed, whole):
    lines = [
        {"by": "team", "group": f"T{n}", "followed": many, "repaired": many}
        for n, many in enumerate(followed)
    ]
    return shaped(
        pd.DataFrame([*lines, {"by": "all", "group": "all", "followed": whole, "repaired": whole}]), ACROSS
    )


@given(st.lists(st.integers(0, 30), min_size=1, max_size=5), st.integers(0, 4), st.integers(0, 30))
def test_no_group_and_no_rest_of_all_is_of_few(known, missing, rest):
    whole = sum(known) + (rest if missing else 0)
    told = few_falls.of_groups(kinds([*known, *[pd.NA] * missing], whole), 10)
    teams = told.loc[told["by"] == "team", "followed"].dropna().tolist()
    all_told = told.loc[told["by"] == "all", "followed"].notna().tolist()
    assert all_told == [whole >= 10]
    fits = min(known) >= 10 and (not missing or rest >= 10)
    assert teams == (known if fits else [])
    assert told["repaired"].isna().tolist() == told["followed"].isna().tolist()


def test_every_share_of_falls_has_its_word():
    found = service_figures(service(("N", "A", 12, FLAT, 1), ("N", "A", 2, BACK, 1)), DAY)
    few = found.service[found.service["figure"].isin(SHARES_OF_FALLS)]
    assert len(few) == len(SHARES_OF_FALLS)
    assert few["value"].isna().all()
    rows = manager_rows(found)
    assert (rows["shown"] == "too few falls").sum() == len(SHARES_OF_FALLS) + 2 * 2  # one approach, one team
    assert np.isnan(rows.loc[rows["shown"] == "too few falls", "value"].to_numpy(float)).all()
