"""Today's agenda in words: how much there is to talk about, how long that is assumed to take, and why there is nothing."""

from __future__ import annotations

import pandas as pd

from alliance_core.figures.wording import counted
from alliance_core.measures.agenda_lines import minutes
from alliance_core.notation import digits
from alliance_core.settings import Settings
from alliance_core.terms import terms_of

CAUTION = "A flag says: look at this session. It never says that a rupture happened."
TOO_FEW = "The client's ratings are too few so far to say whether anything has changed, so nothing is on the agenda. Ask as you would anyway."
NO_VERDICT = "No rule has anything to say about these cases at the moment. That is not a verdict on them."


def headline(
    left: int, discussed: int, practitioner: str | None, trace: pd.DataFrame, settings: Settings
) -> str:
    """How many cases are still to be talked about with whom (None: the whole team), and how long that is assumed to take.

    `trace`: the rows of those it is about. Where nothing can be said of any, that is not nothing to talk about.
    """
    whom = "in the whole team" if practitioner is None else f"with {practitioner}"
    if not left and not discussed and too_few(trace):
        return too_few_title(whom)
    if not left:
        return f"Nothing {'more ' if discussed else ''}to talk about {whom}"
    return f"{counted(left, 'case')} to talk about {whom} · {how_long(left, settings)}"


def how_long(cases: int, settings: Settings) -> str:
    """ "about 12 minutes"; in hours where there are very many."""
    whole = minutes(cases, settings.agenda.minutes_a_case)
    return (
        f"about {counted(whole, 'minute')}" if whole < 120 else f"about {counted(round(whole / 60), 'hour')}"
    )


def assumed(settings: Settings) -> str:
    """What the minutes rest on."""
    each = settings.agenda.minutes_a_case
    return f"Time: {digits(each)} {'minute' if each == 1 else 'minutes'} a case are assumed"


def nothing(trace: pd.DataFrame, settings: Settings) -> str:
    """Why nothing is on the agenda (`trace`: the rows of those it is about): nothing can be said yet, or nothing stands out."""
    if too_few(trace):
        return terms_of(settings).termed(TOO_FEW)
    return "Nothing in these ratings asks for a closer look. That is not proof that all is well: ratings show only what people wrote down."


def too_few(trace: pd.DataFrame) -> bool:
    """Whether nothing can be said yet of any of these rows."""
    return bool(trace["level"].isna().all())


def too_few_title(whom: str) -> str:
    """A page's title where nothing can be said; `whom` as "with P01"."""
    return f"Too few ratings {whom} to say anything yet"
