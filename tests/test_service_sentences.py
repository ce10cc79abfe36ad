"""What is said of a service as a whole."""

import re

import pandas as pd
import pytest

from alliance_core import service_sentences as said
from alliance_core.settings import Settings
from alliance_core.tables import SERVICE_SUMMARY, shaped
from alliance_core.terms import Terms

SETTINGS = Settings()
LINES = [
    {"figure": "rated_clients", "count": 1023, "of": 1200, "unit": "clients"},
    {"figure": "client_forms", "value": 87.6, "count": 876, "of": 1000, "unit": "%"},
    {"figure": "clients_with_fall", "value": 41.67, "low": 19.3, "high": 68.0, "count": 5, "of": 12, "unit": "%"},
]  # fmt: skip


def frame(*lines):
    return shaped(pd.DataFrame(lines), SERVICE_SUMMARY)


def test_the_sentence():
    assert said.so_what(frame(*LINES), SETTINGS) == (
        "1,023 of 1,200 clients rated, in 88 % of the sessions known; 5 of the 12 with overall ratings had a possible rupture."
    )
    assert said.so_what(frame(*LINES), SETTINGS, Terms("student", "teacher")).startswith("1,023 of 1,200 students rated")  # fmt: skip
    assert said.so_what(frame(*LINES[:2]), SETTINGS).endswith("Too few gave overall ratings to say more.")


def test_too_few_is_said():
    assert said.so_what(frame(), SETTINGS) == (
        "Too few for a summary: that takes 10 clients who rated, of 3 practitioners."
    )


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ({"figure": "period", "months": "2024-10 to 2025-06"}, "Oct 2024–Jun 2025"),
        ({"figure": "period"}, "no dates"),
        ({"figure": "cases", "count": 1200, "unit": "cases"}, "1,200"),
        (LINES[1], "876 of 1,000 (88 %)"),
        (LINES[2], "5 of 12 (42 %, 19 to 68 %)"),
        ({"figure": "repaired", "count": 2, "of": 5, "unit": "falls"}, "2 of 5"),
        ({"figure": "recognised", "count": 0, "of": 0, "unit": "%"}, "none to count"),
        ({"figure": "latest_middle", "value": 71.4, "of": 40, "unit": "% of maximum"}, "71 % of maximum"),
        ({"figure": "latest_lower", "of": 12, "unit": "% of maximum"}, "not shown: too few clients on either side"),
        ({"figure": "expected", "value": 3.24, "unit": "falls"}, "3.2"),
    ],
)  # fmt: skip
def test_each_figure_in_words(line, words):
    ((_, (told,)),) = said.parts(frame(line))
    assert told == f"{said.TITLES[line['figure']]}: {words}"


def test_every_figure_has_a_title_in_the_words_for_the_pair():
    every = frame(*({"figure": name, "count": 1, "unit": ""} for name in said.TITLES))
    told = said.parts(every, Terms("student", "teacher"))
    lines = [line for _, part in told for line in part]
    assert len(set(lines)) == len(said.TITLES)
    assert not re.search("client|practitioner", " ".join(lines), re.IGNORECASE)
    assert [heading for heading, _ in told] == [
        "Forms and latest ratings",
        "Possible ruptures and what followed",
    ]
    silent = frame({"figure": "latest_lower", "of": 12, "unit": "% of maximum"})
    ((_, (why,)),) = said.parts(silent, Terms("student", "teacher"))
    assert why.endswith("too few students on either side")
    assert said.named(every)["figure"].tolist() == list(said.TITLES.values())
