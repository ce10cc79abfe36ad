"""The case sheet: one case on a page, with its pictures, its possible ruptures in words, its decisions, and how it was computed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from alliance_core import case_sentences, charts, rules_in_words, sentences, work_sentences
from alliance_core.episode_words import title
from alliance_core.figures.wording import counted
from alliance_core.measures.detectors import DETECTORS
from alliance_core.notation import written
from alliance_core.reports.cards import words_of
from alliance_core.reports.drawn import drawn
from alliance_core.reports.printing import Picture, printed
from alliance_core.reports.source_line import source_line
from alliance_core.reports.web import page
from alliance_core.review import told
from alliance_core.review.by_case import ByCase, Rows, records
from alliance_core.review.history import History
from alliance_core.review.talk import headline
from alliance_core.tables import FACETS
from alliance_core.terms import terms_of
from alliance_core.work_tables import WORK_READINGS

MOST_EPISODES, MOST_DECISIONS = 3, 5  # that a sheet has room for; the newest
_LAYOUT = "case_sheet"
_WIDE, _NARROW = 760, 240  # pixels
_HEIGHTS = 145, 72  # of the timeline and of its facets, pixels
_LOW_HEIGHTS = 112, 54  # where there are several episodes to tell of


@dataclass(frozen=True)
class Episode:
    """A possible rupture in words."""

    title: str
    summary: str
    facts: tuple[tuple[str, str], ...]
    unknown: tuple[str, ...]
    question: str


@dataclass(frozen=True)
class CaseSheet:
    """What is printed of a case, in reading order. Texts are empty, and pictures missing, where there is nothing to say or to draw."""

    title: str
    facts: str
    headline: str
    limits: tuple[str, ...]
    timeline: Picture | None
    aid: str
    facets: tuple[Picture, ...]
    episodes: tuple[Episode, ...]
    more_episodes: str
    gap: str
    work: tuple[str, ...]
    decisions: tuple[str, ...]
    more_decisions: str
    computed: tuple[str, ...]


def case_sheet_pdf(found: ByCase, decisions: History, practitioner: str, client: str, day: date) -> bytes:
    """The sheet of a case; the same analysis, decisions and day give the same bytes. Raises NotPrinted."""
    settings = found.analysis.settings
    with written(settings.display.notation):
        sheet = case_sheet(found, decisions, practitioner, client)
        return printed(
            _LAYOUT,
            {"sheet": sheet},
            title=sheet.title,
            day=day,
            foot=source_line(found.analysis, day),
            size=settings.display.paper,
        )


def case_sheet_html(found: ByCase, decisions: History, practitioner: str, client: str, day: date) -> bytes:
    """The same as one HTML file that needs nothing else."""
    with written(found.analysis.settings.display.notation):
        sheet = case_sheet(found, decisions, practitioner, client)
        return page(_LAYOUT, {"sheet": sheet}, title=sheet.title, foot=source_line(found.analysis, day))


def case_sheet(found: ByCase, decisions: History, practitioner: str, client: str) -> CaseSheet:
    """What there is to say of a case."""
    rows, settings = found.case(practitioner, client), found.analysis.settings
    terms, case = terms_of(settings), records(rows.cases)[0]
    cards, made = found.cards_of(practitioner, client), decisions.of_case(practitioner, client)
    level_name = DETECTORS[found.analysis.method].level_name
    gaps, so_what = rows.sessions["gap_overall"], headline(found, practitioner, client)
    wide, narrow = _HEIGHTS if len(cards) < 2 else _LOW_HEIGHTS
    return CaseSheet(
        title=f"{client} · {practitioner}",
        facts=case_sentences.facts(case, rows.sessions),
        headline=so_what,
        limits=tuple(case_sentences.case_limits(rows.sessions, settings)),
        timeline=_timeline(found, rows, wide),
        aid=f"{charts.legend(terms)} {case_sentences.reading_aid(rows.trace, level_name, terms)}",
        facets=_facets(found, rows, narrow),
        episodes=tuple(_episode(found, rows, card, so_what) for card in cards[:MOST_EPISODES]),
        more_episodes=_and_older(len(cards) - MOST_EPISODES, "episode"),
        gap=sentences.gap_of_case(case, gaps, settings, terms) if gaps.notna().any() else "",
        work=_work(found, practitioner, client),
        decisions=tuple(map(told.in_words, made[:MOST_DECISIONS])),
        more_decisions=_and_older(len(made) - MOST_DECISIONS, "decision"),
        computed=_computed(found, cards),
    )


def _timeline(found: ByCase, rows: Rows, height: int) -> Picture | None:
    """Both raters' overall over all sessions; None where nobody rated."""
    sessions = rows.sessions
    if not sessions[[f"{side}_overall" for side in charts.SIDES]].notna().any(axis=None):
        return None
    terms = terms_of(found.analysis.settings)
    chart = charts.timeline(
        sessions, rows.trace, rows.bands, rows.markers, height=height, theme="print", terms=terms,
        floor=charts.score_floor(sessions, ("overall", *FACETS)), level_name=DETECTORS[found.analysis.method].level_name,
    )  # fmt: skip
    shaded = int((rows.bands["facet"] == "overall").sum())
    words = f"Overall ratings of client and practitioner over {counted(len(sessions), 'session')}, with {counted(shaded, 'episode')} shaded"
    return drawn(chart, terms.termed(words), _WIDE)


def _facets(found: ByCase, rows: Rows, height: int) -> tuple[Picture, ...]:
    """Goal, task and bond; none where they were not rated separately."""
    sessions, terms = rows.sessions, terms_of(found.analysis.settings)
    rated = sessions[[f"{side}_{facet}" for side in charts.SIDES for facet in FACETS]].notna().any(axis=None)
    if not rated:
        return ()
    floor = charts.score_floor(sessions, ("overall", *FACETS))
    pictures = (
        drawn(
            charts.timeline(
                sessions, rows.trace, rows.bands, rows.markers, facet=facet, height=height, theme="print", floor=floor,
                named=False, terms=terms, level_name=DETECTORS[found.analysis.method].level_name,
            ),
            terms.termed(f"{facet.capitalize()} ratings of client and practitioner"),
            _NARROW,
        )
        for facet in FACETS
    )  # fmt: skip
    return tuple(one for one in pictures if one is not None)


def _episode(found: ByCase, rows: Rows, card: dict[str, Any], so_what: str) -> Episode:
    """In words; the summary is left out where the sheet begins with it."""
    words = words_of(found, card, rows)
    return Episode(
        words.title,
        "" if words.summary == so_what else words.summary,
        words.facts,
        words.unknown,
        words.question,
    )


def _work(found: ByCase, practitioner: str, client: str) -> tuple[str, ...]:
    """Goals and tasks in short: what is worth a word, and what was noted at all; nothing where no sheet says anything of the case."""
    rows, terms = found.work(practitioner, client), terms_of(found.analysis.settings)
    if rows.task_kinds.empty and rows.goal_sessions.empty:
        return ()
    tasks, goals = records(rows.case_tasks), records(rows.case_goals)
    raised = {line["reading"]: line for line in records(rows.readings) if line["raised"] == "yes"}
    said = [
        work_sentences.reading(raised[one], tasks, goals, terms) for one in WORK_READINGS if one in raised
    ]
    return (*(said or [work_sentences.calm()]), work_sentences.noted(records(rows.task_kinds), goals))


def _computed(found: ByCase, cards: list[dict[str, Any]]) -> tuple[str, ...]:
    """The rule with its numbers: for each episode what it came to; where there is none, when it would open one."""
    settings, terms = found.analysis.settings, terms_of(found.analysis.settings)
    method = found.analysis.method
    told = [f"{title(card, terms)}. {sentences.rule(card, settings)}" for card in cards[:MOST_EPISODES]]
    return (
        f"Scores are means of the answered items after reversal, as percent of the maximum possible (0–100). Rule: {method}.",
        *(told or [rules_in_words.opens(method, settings)]),
    )


def _and_older(number: int, what: str) -> str:
    return f"And {counted(number, f'older {what}')}, on the screen." if number > 0 else ""
