"""Cases whose episodes are plain by hand, and decisions about them."""

import datetime

import numpy as np
import pandas as pd
import pytest

from alliance_core.analysis import analyse
from alliance_core.tables import REVIEW, shaped
from tests.measures.made import TEN, overall, ratings

MEETING = datetime.date(2025, 3, 4)


def case(values, client="C-1", days=True, start=1, **more):
    """One case rated by the client on 0–100, with a session a week from 6 January 2025 on."""
    made = overall(client, values, **more)
    for number, one in enumerate(made):
        one["session"] = start + number
        one["date"] = pd.Timestamp(2025, 1, 6) + pd.Timedelta(weeks=number) if days else None
    return made


def analysed(*cases, markers=()):
    """Analysed with σ = 10: a fall of 30 or more below the own level opens an episode."""
    return analyse(ratings([form for one in cases for form in one], markers), TEN)


def review(*rows, **more):
    """REVIEW rows about P01, C-1, decided on MEETING; columns that a row leaves out are empty."""
    given = {"practitioner": "P01", "client": "C-1", "decision": "watch", "decided_on": MEETING}
    return shaped(pd.DataFrame([{**given, **more, **row} for row in rows], columns=REVIEW.names), REVIEW)


@pytest.fixture
def episode_of():
    """A fall at session 5 that is back at session 6: 80 80 80 80 40 80."""
    return analysed(case([80, 80, 80, 80, 40, 80]))


def said(frame, *columns):
    """The values of some columns, None for what is missing."""
    return frame[list(columns)].astype(object).where(frame[list(columns)].notna(), None).to_numpy().tolist()


def shuffled(frame, seed):
    order = np.random.default_rng(seed).permutation(len(frame))
    return frame.take(order).reset_index(drop=True)
