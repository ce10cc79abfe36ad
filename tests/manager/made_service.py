"""A made-up service over several quarters, whose figures are plain by hand: dated forms on 0–100, teams and approaches in the sheet of cases."""

from __future__ import annotations

from datetime import date

import pandas as pd

from alliance_core.analysis import analyse
from alliance_core.settings import Settings, SuppressionSettings
from tests.measures.made import TEN, overall, ratings

DAY = date(2026, 3, 31)
FALL, BACK, FLAT = [80, 80, 80, 80, 40, 40], [80, 80, 80, 80, 40, 80], [70, 72, 70, 72, 70, 72]


def settings(least=10, months=3):
    return Settings(
        noise=TEN.noise,
        suppression=SuppressionSettings(min_clients=least),
        service={"months": months},
    )


def service(*groups, staff=3, least=10, months=3, more=()):
    """Groups as (team, approach, how many, their ratings, month of 2025 of the first session); sessions are monthly, practitioners take turns.

    Every second client has a practitioner's form of 75 in the first two sessions. `more`: further forms.
    """
    forms, notes, number = [*more], [], 0
    for team, approach, many, values, month in groups:
        for _ in range(many):
            practitioner, client = f"P{number % staff}", f"C-{number:03}"
            days = [pd.Timestamp(2025, month, 10) + pd.DateOffset(months=n) for n in range(len(values))]
            own = overall(client, values, practitioner=practitioner)
            if number % 2:
                own += overall(client, [75, 75], practitioner=practitioner, rater="practitioner")
            forms += [form | {"date": days[form["session"] - 1]} for form in own]
            notes.append({"practitioner": practitioner, "client": client, "team": team, "approach": approach})
            number += 1
    return analyse(ratings(forms, notes=notes), settings(least, months))


def usual(**more):
    """Two teams, two approaches, forty-eight clients, from January 2025 on."""
    return service(
        ("North", "ACT", 12, FALL, 1), ("North", "CBT", 12, BACK, 1), ("South", "ACT", 12, FLAT, 2), ("South", "CBT", 12, FLAT, 3), **more
    )  # fmt: skip
