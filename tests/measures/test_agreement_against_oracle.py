"""Agreement, caseloads and service of whole data against the slow obvious ones, cell by cell."""

from statistics import fmean

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_core.analysis import analyse
from alliance_core.settings import AgreementSettings, PractitionerSettings, Settings
from alliance_core.tables import AGREEMENT, CASELOADS, SERVICE
from tests.measures import oracle_agreement
from tests.measures.made import form, ratings, records, repeatable

# Marks that repeat, reach the top, and stand still now and then; None is a form without an answer.
MARKS = [100, 100, 75, 75, 50, 62.5, 80, 80 + 1e-12, 25, None]
STILL = [75, 75, 75, 75, 75, 75, None]
CHOICES = [
    Settings(),
    Settings(),
    Settings(
        agreement=AgreementSettings(
            mean_from=2, interval_from=4, congruence_from=4, correlation_from=5, limits_from=6, limits_width=2
        ),
        practitioners=PractitionerSettings(
            name_from=2, name_reliability=0.3, funnel_from=3, funnel_inner=1, funnel_winsorised=0.2
        ),
    ),
]


@st.composite
def made_cases(draw):
    """(practitioner, client) → pairs of marks (client, practitioner, on what the practitioner's form is)."""
    found = {}
    for practitioner in range(draw(st.integers(1, 12))):
        for client in range(draw(st.integers(1, 3))):
            marks = st.sampled_from(draw(st.sampled_from([MARKS, MARKS, MARKS, STILL])))
            theirs = st.sampled_from(draw(st.sampled_from([MARKS, MARKS, STILL])))
            on = st.sampled_from(draw(st.sampled_from([["same"], ["same"], ["same", "range", "other"]])))
            length = draw(st.sampled_from([0, 1, 2, 3, 5, 6, 9, 10, 12, 15, 17]))
            sessions = draw(st.lists(st.tuples(marks, theirs, on), min_size=length, max_size=length))
            found[f"P{practitioner:02}", f"C-{client}"] = [(None, None, "same"), *sessions]
    return found


def forms_of(cases):
    """The practitioner's form is of the same instrument and range, of another range, or of another instrument."""
    forms = []
    for (practitioner, client), sessions in cases.items():
        for session, (mine, theirs, on) in enumerate(sessions, 1):
            both = {"instrument": "total", "low": 0, "high": 100}
            forms.append(form(practitioner, client, session, "client", given={"overall": mine}, **both))
            if on == "range" and theirs is not None:
                both, theirs = both | {"high": 10}, theirs / 10
            given_scores = {"overall": theirs}
            if on == "other":
                both, given_scores = (
                    both | {"instrument": "facets"},
                    dict.fromkeys(("goal", "task", "bond"), theirs),
                )
            forms.append(form(practitioner, client, session, "practitioner", given=given_scores, **both))
    return forms


def as_pairs(cases):
    found = {}
    for key, sessions in cases.items():
        rated = [mine for mine, _, _ in sessions if mine is not None]
        pairs = [(m, t, on == "same") for m, t, on in sessions if m is not None and t is not None]
        found[key] = pairs, fmean(rated) if rated else None
    return found


def alike(have, want, columns):
    for column in columns:
        a, b = have[column], want.get(column)
        if isinstance(b, str) or b is None or a is None:
            assert a == b, (column, have, want)
        else:
            assert a == pytest.approx(b, abs=1e-5, rel=1e-6), (column, have, want)


def agree(cases, chosen):
    """Whether the analysis gives the oracle's rows."""
    found = analyse(ratings(forms_of(cases)), chosen)
    by_case, by_practitioner, service = oracle_agreement.everything(as_pairs(cases), chosen)
    rows = records(found.agreement)
    assert [(row["practitioner"], row["client"]) for row in rows] == sorted(by_case)
    for row in rows:
        alike(row, by_case[row["practitioner"], row["client"]], AGREEMENT.names[2:])
    rows = records(found.caseloads)
    assert [row["practitioner"] for row in rows] == sorted(by_practitioner)
    besides = ["gap_between", "gap_within"]  # they show in the limits
    for row in rows:
        columns = [name for name in CASELOADS.names[1:] if name not in besides]
        alike(row, by_practitioner[row["practitioner"]], columns)
    (row,) = records(found.service)
    alike(row, service, [name for name in SERVICE.names if name != "instruments"])
    return found


@repeatable(80)
@given(made_cases(), st.sampled_from(CHOICES))
def test_agreement_caseloads_and_service_equal_the_oracle(cases, chosen):
    agree(cases, chosen)


@pytest.mark.parametrize(
    ("differ", "reasons"),
    [
        (9, {"few clients", ""}),
        (2.4, {"few clients", "low reliability", ""}),
        (0, {"few clients", "no difference"}),
    ],
)
def test_a_large_service_equals_the_oracle(differ, reasons):
    """Practitioners from few to many clients, whose means differ much, a little or not at all."""
    random = np.random.default_rng(6)
    cases = {}
    for practitioner in range(14):
        own = random.normal(60, differ)
        for client in range([2, 9, 10, 11, 14, 20, 25][practitioner % 7]):
            n = int(random.choice([1, 4, 5, 9, 10, 14, 15, 16]))
            mine = random.normal(random.normal(own, 8), 6, n)
            theirs = 0.6 * mine + random.normal(20, 6, n)
            on = random.choice(["same"] * 9 + ["range"], n)
            cases[f"P{practitioner:02}", f"C-{client:02}"] = [
                (float(m), float(t), str(one))
                for m, t, one in zip(mine.clip(0, 100), theirs.clip(0, 100), on, strict=True)
            ]
    found = agree(cases, Settings())
    assert set(found.caseloads["unnamed"].fillna("")) == reasons
    assert found.caseloads["place"].notna().all()
