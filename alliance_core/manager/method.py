"""How the figures of a summary were made, as pairs of a name and a text, and the settings that they stand on: for whoever has to defend a number."""

from __future__ import annotations

from datetime import date

import pandas as pd

from alliance_core import __version__, notation, rules_in_words
from alliance_core.analysis import Analysis
from alliance_core.manager import words
from alliance_core.manager.figures import ServiceFigures
from alliance_core.notation import digits
from alliance_core.settings import SettingLine, describe
from alliance_core.terms import TERMS, Terms

_OF_FIGURES = (
    "noise.",
    "detection.",
    "episodes.",
    "chance.",
    "agreement.interval_level",
    "suppression.",
    "service.",
)


def method(
    found: ServiceFigures, analysis: Analysis, day: date, terms: Terms = TERMS
) -> list[tuple[str, str]]:
    """Rules, σ, versions, input files by their hashes, how nobody is given away, and what may not be concluded.

    No name of a file is in it: it is somebody's own words, and may be that of a person.
    """
    rule = (
        f"{found.method}. {rules_in_words.opens(found.method, found.settings)}",
        *rules_in_words.formula(found.method, found.settings),
    )
    return [
        ("Made on", notation.day(pd.Timestamp(day))),
        ("Told", " ".join([*words.through(found, terms), *words.groups_through(found, terms)]) or words.so_what(found, terms)),
        ("Rule that finds possible ruptures", "\n".join(rule)),
        ("What ratings vary by", _noise(found, terms)),
        ("Intervals", f"{words.level(found)}s: Wilson's for shares, Garwood's for falls per 100 sessions, Student's for gaps; means of groups are drawn towards that of all by as much as chance would have it."),
        *_numbered("How nobody is given away", words.how_it_is_guarded(found, terms)),
        *_numbered("What may not be concluded", words.not_concluded(terms)),
        ("Version", f"alliance supervision {__version__}"),
        ("Files, by SHA-256", "\n".join(sorted(file.sha256 for file in analysis.ratings.inputs)) or "not read from files"),
    ]  # fmt: skip


def _numbered(name: str, lines: list[str]) -> list[tuple[str, str]]:
    return [(name if not number else "", line) for number, line in enumerate(lines)]


def _noise(found: ServiceFigures, terms: Terms) -> str:
    told = [
        f"{row.instrument}, overall of the {terms.of(str(row.rater))}: σ = {digits(float(str(row.sigma)), '.1f')} points, "
        + ("from the ratings themselves" if row.measured else "assumed, as there are too few ratings")
        for row in found.noise.itertuples()
    ]
    return "\n".join(told) or "not told: too few ratings of any one form"


def main_settings(found: ServiceFigures, terms: Terms = TERMS) -> list[tuple[str, str, str, str]]:
    """The settings that the figures stand on: key, value, unit, meaning."""
    return [
        (line.key, _shown(line), line.unit.replace("pct points", "points"), terms.termed(line.meaning))
        for line in describe(found.settings)
        if line.key.startswith((*_OF_FIGURES, f"{found.method}."))
    ]


def _shown(line: SettingLine) -> str:
    """Its value; whole numbers with all their digits."""
    whole = isinstance(line.value, int) and not isinstance(line.value, bool)
    return digits(int(str(line.value)), ",") if whole else line.shown
