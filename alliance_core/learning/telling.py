"""What is said beside an example: two or three plain sentences from the line that it was picked by, tested as text.

Nothing here says that a rupture happened, that anything follows for the outcome, or who of the two is right.
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from alliance_core import sentences
from alliance_core.analysis import Analysis
from alliance_core.learning import picking
from alliance_core.learning.words import words
from alliance_core.notation import digits
from alliance_core.sentences import TERMS, Row, Terms, points, signed

Tell = Callable[[Row, Analysis, Terms], list[str]]


def agreement(line: Row, analysis: Analysis, terms: Terms) -> list[str]:
    return [
        f"Over {int(line['paired_sessions'])} sessions that both rated, the two ratings lie {points(line['mean_abs_gap'])} apart on average: no more than the "
        f"±{round(float(line['sigma']))} that a single rating varies by.",
        "Lines this close say that both tell much the same story of these sessions.",
        "That is no proof that all is well: two people can also agree, without a word, not to touch something.",
    ]


def gap(line: Row, analysis: Analysis, terms: Terms) -> list[str]:
    side = "lower" if float(line["mean_gap"]) < 0 else "higher"
    return [
        f"Over {int(line['paired_sessions'])} sessions that both rated, the {terms.practitioner} rated {points(line['mean_gap'])} {side} than the "
        f"{terms.client} on average; usual with {line['practitioner']} is {signed(line['usual_gap'])}.",
        f"A gap is held against what is usual and not against zero, since it is common that the {terms.client} rates higher.",
        "Neither of the two is right: ask what each of them sees.",
    ]


def strain(line: Row, analysis: Analysis, terms: Terms) -> list[str]:
    fall = float(line["level"]) - float(line["value"])
    return [
        f"At session {int(line['session'])} the {terms.client}'s overall rating lay {points(fall)} below its own level; ratings vary by "
        f"±{round(float(line['sigma']))}. That is just short of what opens an episode.",
        "It does not stand out enough to rule out chance. It is noted, so that it can be asked about.",
    ]


def repaired(line: Row, analysis: Analysis, terms: Terms) -> list[str]:
    return [
        *_fall(line, analysis, terms),
        "That it came back does not show that anything was done about it: ask what happened in between.",
    ]


def unrepaired(line: Row, analysis: Analysis, terms: Terms) -> list[str]:
    return [
        *_fall(line, analysis, terms),
        "A rating that stays low is no verdict on anybody. It is a reason to ask.",
    ]


def blind_spot(line: Row, analysis: Analysis, terms: Terms) -> list[str]:
    return [
        sentences.fall(line, analysis.settings, terms),
        sentences.registered(line, terms),
        "That is no failing: what nobody speaks of is hard to see. Asking is the way to find out.",
    ]


def marker(line: Row, analysis: Analysis, terms: Terms) -> list[str]:
    given = line["significance"]
    weight = "" if pd.isna(given) else f" (significance {digits(float(given))} on its 1–5 scale)"
    known, told = ([sign for kind in words(of).kinds for sign in kind.signs] for of in (TERMS, terms))
    looks = {
        sign.name: here.looks for sign, here in zip(known, told, strict=True)
    }  # workbooks hold our names
    name = str(line["marker"])
    return [
        f"At session {int(line['session'])} somebody wrote down {line['kind']}: {name}{weight}.",
        *([f"How that may look: {looks[name]}"] if name in looks else []),
        _beside_it(line, analysis, terms),
    ]


def flat_at_ceiling(line: Row, analysis: Analysis, terms: Terms) -> list[str]:
    return [sentences.agenda_sentence(line, None, analysis.settings, terms)]


def too_few(line: Row, analysis: Analysis, terms: Terms) -> list[str]:
    count = int(line["count"])
    rated = f"{count} session{'' if count == 1 else 's'}"
    when = f"When session {int(line['until'])} was over, the" if line["begun"] else "The"
    tense = "had" if line["begun"] else "has"
    return [
        f"{when} {terms.client} {tense} rated {rated}.",
        f"From {picking.says_from(analysis)} rated sessions on, a fall can be told from the ups and downs of single ratings; until then nothing is said.",
        "Too few ratings to say is a proper answer, and neither good news nor bad.",
    ]


def _fall(line: Row, analysis: Analysis, terms: Terms) -> list[str]:
    return [sentences.fall(line, analysis.settings, terms), sentences.followed(line, analysis.settings)]


def _beside_it(line: Row, analysis: Analysis, terms: Terms) -> str:
    """Whether the rule found a fall near the marker; either way, only the marker tells the kind."""
    own, near = analysis.own_episodes, analysis.settings.episodes.nearby_sessions
    falls = own[(own["facet"] == "overall") & (own["rater"] == "client") & (own["source"] == "score")]
    here = falls[(falls["practitioner"] == line["practitioner"]) & (falls["client"] == line["client"])]
    last = here["repair_session"].fillna(here["low_session"])
    session = int(line["session"])
    if ((here["start_session"] - near <= session) & (session <= last + near)).any():
        return f"The {terms.client}'s rating fell at about the same time. The fall alone would not have told which kind it was."
    return f"The {terms.client}'s ratings show no fall near it. Without this note, nothing would have pointed to that session."
