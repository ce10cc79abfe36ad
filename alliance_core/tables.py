"""The columns of every table, with their kind and meaning: what goes in, what comes out.

Names and order are fixed: users' scripts stand on them. `pct` means percent of the maximum possible,
100·(score − lowest mark)/(highest mark − lowest mark).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

import pandas as pd

Kind = Literal["text", "whole", "number", "date"]

FACETS = ("goal", "task", "bond")
SCALES = (*FACETS, "overall")
RATERS = ("client", "practitioner", "observer")
MAX_ITEMS = 36


class Column(NamedTuple):
    """One column of a table: its name, the kind of its values, whether it is part of the key, what it means."""

    name: str
    kind: Kind
    meaning: str
    key: bool = False


class Table(NamedTuple):
    """A table: its name, what one row is, and its columns in order."""

    name: str
    row: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]

    @property
    def keys(self) -> list[str]:
        return [column.name for column in self.columns if column.key]


def _key(name: str, kind: Kind, meaning: str) -> Column:
    return Column(name, kind, meaning, True)


_PRACTITIONER = _key("practitioner", "text", "identifier of the practitioner, as in the workbook")
_CLIENT = _key("client", "text", "identifier of the client, as in the workbook")
_SESSION = _key("session", "whole", "number of the session within the case, from 1")
_RATER = _key("rater", "text", "whose rating: client, practitioner or observer")

# -- what reading hands to the analysis -------------------------------------------------------------

FORMS = Table(
    "forms",
    "one form: one rater's answers about one session, as read (before reversal)",
    (
        _PRACTITIONER,
        _CLIENT,
        _SESSION,
        _RATER,
        Column("date", "date", "day of the session; empty where unknown"),
        Column("instrument", "text", "id of the instrument, as in alliance_core/instruments"),
        Column("range_min", "number", "lowest mark of the response range"),
        Column("range_max", "number", "highest mark of the response range"),
        *(
            Column(f"item_{i}", "number", f"answer to item {i}, in response units")
            for i in range(1, MAX_ITEMS + 1)
        ),
        Column("goal", "number", "goal score supplied by the workbook, in response units"),
        Column("task", "number", "task score supplied by the workbook, in response units"),
        Column("bond", "number", "bond score supplied by the workbook, in response units"),
        Column("overall", "number", "overall score or total supplied by the workbook"),
        Column(
            "answered",
            "number",
            "number of items answered, where the workbook says so beside supplied scores",
        ),
        Column("file", "text", "name of the file that the form came from"),
        Column("sheet", "text", "name of its sheet"),
        Column("row", "whole", "its row in that sheet, counted as the spreadsheet counts"),
    ),
)
MARKERS = Table(
    "markers",
    "one rupture marker that somebody recorded",
    (
        _PRACTITIONER,
        _CLIENT,
        _SESSION,
        _key("kind", "text", "withdrawal or confrontation"),
        _key("marker", "text", "name of the marker"),
        Column("significance", "number", "1–5; empty where not given"),
        Column("resolution", "number", "1–5; empty where not given"),
        Column("noted_by", "text", "who recorded it"),
        Column("note", "text", "free text"),
    ),
)
CASE_NOTES = Table(
    "cases",
    "what the optional sheet `cases` says of one case",
    (
        _PRACTITIONER,
        _CLIENT,
        Column("team", "text", "team or service"),
        Column("approach", "text", "approach of the work"),
        Column("started", "date", "day the work began"),
        Column("closed", "date", "day the work ended; empty while it goes on, or where the day is not known"),
        Column(
            "ended",
            "text",
            "yes where the sheet says that the work ended, whether or not its day can be read",
        ),
    ),
)
TASKS = Table(
    "tasks",
    "one task agreed in a session",
    (
        _PRACTITIONER,
        _CLIENT,
        _SESSION,
        _key("task", "text", "the task in a few words"),
        Column("kind", "text", "session, home or environmental; empty where not given"),
        Column("set_by", "text", "client, practitioner, both or other; empty where not given"),
        Column("client_relevance", "number", "relevance to the client, 0–10"),
        Column("practitioner_relevance", "number", "relevance to the practitioner, 0–10"),
        Column("tried_before", "text", "yes or no; empty where not given"),
        Column("worked_before", "text", "yes or no; empty where not given"),
        Column("done", "text", "yes, partly or no; empty where not known"),
    ),
)
GOALS = Table(
    "goals",
    "one goal as both sides put it in a session",
    (
        _PRACTITIONER,
        _CLIENT,
        _SESSION,
        _key("client_goal", "text", "the goal in the client's words"),
        _key("practitioner_goal", "text", "the goal in the practitioner's words"),
        Column("agreement", "number", "how far they agree, 0–10"),
    ),
)
REVIEW = Table(
    "review",
    "what supervision decided about one session on one day; earlier decisions about it stay as rows of their own",
    (
        _PRACTITIONER,
        _CLIENT,
        _SESSION,
        Column(
            "decision", "text", "confirmed, not a rupture or watch; empty where only an action was agreed"
        ),
        Column("action", "text", "what is to be done"),
        Column("owner", "text", "who does it"),
        Column("due", "date", "until when"),
        Column("note", "text", "free text"),
        _key("decided_on", "date", "day of the decision; an unknown day counts as the earliest"),
        Column("done", "text", "whether the action was done: yes, partly or no; empty where not known yet"),
        # what the decision was about, so that it is found again, and changes since can be pointed out
        Column("session_date", "date", "day of that session when it was decided"),
        Column(
            "until_session",
            "whole",
            "last session of the episode when it was decided; empty without an episode",
        ),
        Column("fall_then", "number", "depth of the episode when it was decided, pct points"),
        Column(
            "outcome_then",
            "text",
            "outcome of the episode when it was decided, as in EPISODES; recorded marker for a marker alone, no episode "
            "where there was none; empty where that was not noted",
        ),
        Column("file", "text", "name of the file it stands in; empty for what was decided in this sitting"),
        Column("sheet", "text", "name of its sheet"),
        Column("cell", "text", "address of its cell"),
    ),
)
# columns of REVIEW beside the decision itself: what it was about, and where it stands
WHAT_IT_WAS_ABOUT = ("session_date", "until_session", "fall_then", "outcome_then")
PLACE = ("file", "sheet", "cell")
UNSETTLED = Table(
    "unsettled",
    "one of several rows of review about one session and day that contradict each other: none counts until one is picked",
    (
        _key("conflict", "whole", "number of the conflict, from 1; its rows contradict each other"),
        *(column._replace(key=False) for column in REVIEW.columns),
    ),
)
RECOGNISED = Table(
    "recognised",
    "what was recognised in one sheet",
    (
        _key("file", "text", "name of the file"),
        _key("sheet", "text", "name of the sheet"),
        Column("layout", "text", "layout of the sheet"),
        Column("instrument", "text", "instrument, or instruments, recognised"),
        Column("reason", "text", "why it was read like this, in words"),
        Column("header_row", "whole", "row that holds the headers"),
        Column("columns", "text", "each column used and what it was taken for"),
        Column("rows_read", "whole", "rows with anything in them, below the headers"),
        Column("rows_used", "whole", "rows that gave ratings"),
        Column("rows_left_out", "whole", "rows named in an error"),
        Column("forms", "whole", "forms found in the rows used"),
        Column("sessions", "whole", "sessions found in the rows used"),
        Column(
            "numbered",
            "text",
            "where the sessions' numbers are from: as in the sheet, or by date, within each case",
        ),
        Column("raters", "text", "whose ratings"),
        Column("first_date", "date", "first day found"),
        Column("last_date", "date", "last day found"),
    ),
)
PROBLEMS = Table(
    "problems",
    "one cell or row that needs a look",
    (
        Column(
            "severity", "text", "error: row left out; warning: used, please look; note: for your information"
        ),
        Column("file", "text", "name of the file"),
        Column("sheet", "text", "name of the sheet"),
        Column("cell", "text", "address of the cell, as C17"),
        Column("row", "whole", "row as the spreadsheet counts"),
        Column("column", "text", "header of the column"),
        Column("value", "text", "what stands there"),
        Column("code", "text", "kind of problem"),
        Column("message", "text", "the problem in words, and what would be accepted"),
    ),
)

LEFT_OUT = Table(
    "left_out",
    "one kind of error, and how many rows it leaves out",
    (
        _key("code", "text", "kind of problem, as in PROBLEMS"),
        Column("rows", "whole", "rows left out; a row with several errors counts with the first of them"),
    ),
)

# -- what the analysis hands out --------------------------------------------------------------------

SCORES = Table(
    "scores",
    "one form, scored",
    (
        _PRACTITIONER,
        _CLIENT,
        _SESSION,
        _RATER,
        Column("date", "date", "day of the session"),
        Column("instrument", "text", "id of the instrument"),
        *(
            Column(s, "number", f"{s}: mean of the answered items after reversal, in response units")
            for s in SCALES
        ),
        *(Column(f"{s}_pct", "number", f"{s}, percent of the maximum possible (0–100)") for s in SCALES),
        Column("items_answered", "whole", "items answered; empty where the workbook holds only scores"),
        Column("items_expected", "whole", "items of the instrument; empty where it has none"),
    ),
)
SESSIONS = Table(
    "sessions",
    "one session, both sides beside each other",
    (
        _PRACTITIONER,
        _CLIENT,
        _SESSION,
        Column("date", "date", "day of the session"),
        *(Column(f"client_{s}", "number", f"the client's {s}, pct") for s in SCALES),
        *(Column(f"practitioner_{s}", "number", f"the practitioner's {s}, pct") for s in SCALES),
        *(
            Column(
                f"gap_{s}",
                "number",
                f"practitioner − client, {s}, pct points; positive: the practitioner rates higher",
            )
            for s in SCALES
        ),
        Column(
            "baseline",
            "number",
            "the case's own level before this session (client overall, pct); empty inside an episode and where undecidable",
        ),
        Column(
            "drop_z",
            "number",
            "fall below that level in standard errors (client overall, default detector); empty inside an episode "
            "and where undecidable",
        ),
        Column(
            "state",
            "text",
            "rated, strain, rupture, in episode, repaired, one side only, too few; empty: nobody rated",
        ),
    ),
)
EPISODES = Table(
    "episodes",
    "one possible rupture and what followed",
    (
        _PRACTITIONER,
        _CLIENT,
        _key("method", "text", "rule that found it"),
        _RATER,
        _key("facet", "text", "goal, task, bond or overall"),
        _key("start_session", "whole", "session at which the fall was seen"),
        Column("low_session", "whole", "session with the lowest rating of the episode"),
        Column("repair_session", "whole", "session at which the rating was back; empty while it is not"),
        Column(
            "baseline",
            "number",
            "level that the fall is measured from, pct; for the rule baseline the case's own level before it",
        ),
        Column(
            "low",
            "number",
            "lowest rating of the episode, pct (rule threshold: of the total and the single lines)",
        ),
        Column("depth_pct", "number", "baseline − low, pct points"),
        Column("depth_sigma", "number", "the same in σ, the spread of one rating"),
        Column(
            "outcome",
            "text",
            "open, repaired, strengthened, unrepaired, ended open; empty for a marker alone",
        ),
        Column("kind", "text", "withdrawal, confrontation, both, unspecified: from recorded markers only"),
        Column("seen_by", "text", "both, client only, practitioner only, unknown; empty for single facets"),
        Column("source", "text", "score: found in the ratings; marker: recorded by somebody, without a fall"),
        Column(
            "facets_fallen",
            "text",
            "facets of the same rater that fell at the start or the low, separated by ;",
        ),
    ),
)
CASES = Table(
    "cases",
    "one client with one practitioner",
    (
        _PRACTITIONER,
        _CLIENT,
        Column("team", "text", "team or service, where given"),
        Column("approach", "text", "approach of the work, where given"),
        Column(
            "sessions", "whole", "sessions known; 0 where only another sheet, such as markers, names the case"
        ),
        Column("paired_sessions", "whole", "sessions that both rated"),
        Column("client_overall", "number", "the client's latest overall, pct"),
        Column("mean_gap", "number", "mean of practitioner − client, pct points; from 3 pairs on"),
        Column("mean_abs_gap", "number", "mean size of the gap, pct points; from 3 pairs on"),
        Column("gap_low", "number", "lower end of the 95 % interval of the mean gap; from 6 pairs on"),
        Column("gap_high", "number", "upper end of it"),
        Column(
            "congruence",
            "number",
            "temporal congruence: slope of the practitioner's rating on the client's over the sessions that both rated, "
            "from 5 pairs on; empty where a side never moved",
        ),
        Column(
            "icc_a1",
            "number",
            "ICC(A,1), agreement in absolute marks, from 10 pairs on versions of one instrument on; may be negative; "
            "empty where a side never moved",
        ),
        Column("open_episode", "text", "yes when an episode of the client's overall is open, else no"),
        Column("flags", "text", "reasons to talk about the case, separated by ;"),
        Column(
            "state",
            "text",
            "active; closed; quiet (no session for longer than the setting); empty where undated",
        ),
    ),
)
PRACTITIONERS = Table(
    "practitioners",
    "one practitioner's caseload",
    (
        _PRACTITIONER,
        Column("cases", "whole", "clients, those without any form included"),
        Column("sessions", "whole", "sessions known"),
        Column("paired_sessions", "whole", "sessions that both rated"),
        Column("mean_client_overall", "number", "mean of the clients' means, overall pct"),
        Column(
            "pooled_mean",
            "number",
            "that mean drawn towards all practitioners' mean by as much as chance would have it, pct: μ + λ·(own mean − μ). "
            "Empty where it cannot be told (a single practitioner, or nobody with two rated clients). Pages name it from 10 clients and "
            "λ = .5 on only, and where practitioners do not differ detectably all have the same one: order nobody by it",
        ),
        Column("pooled_low", "number", "lower end of its 95 % interval"),
        Column("pooled_high", "number", "upper end of it"),
        Column(
            "reliability",
            "number",
            "λ, the share of the difference between such means that is more than chance (0–1); 0 where no difference can be detected",
        ),
        Column("mean_gap", "number", "mean gap over all paired sessions, pct points"),
        Column(
            "loa_low",
            "number",
            "lower limit of agreement: about 95 % of single gaps lie between the two, pct points; from 15 pairs on versions of one "
            "instrument in two cases on",
        ),
        Column("loa_high", "number", "upper limit of agreement"),
        Column("episodes", "whole", "episodes of the clients' overall found in the ratings"),
        Column("repaired", "whole", "of these, repaired (strengthened not counted here)"),
        Column("strengthened", "whole", "of these, repaired and settled above the former level"),
        Column("unrepaired", "whole", "of these, not repaired within the window"),
        Column("open", "whole", "of these, open or ended open"),
        Column("recognised", "whole", "of these, registered by the practitioner's rating too"),
        Column("recognisable", "whole", "of these, those where the practitioner rated at the time"),
    ),
)

# -- what the analysis holds besides, for pages, reports and notebooks --------------------------------

AGREEMENT = Table(
    "agreement",
    "one case: how far client and practitioner agree, each figure from its number of pairs on",
    (
        _PRACTITIONER,
        _CLIENT,
        Column("paired_sessions", "whole", "sessions that both rated: the pairs"),
        Column("alike_pairs", "whole", "pairs rated on versions of one instrument, on one response range"),
        Column("mean_gap", "number", "as in CASES"),
        Column("mean_abs_gap", "number", "as in CASES"),
        Column("client_higher", "whole", "pairs in which the client rated higher; from 3 pairs on"),
        Column("practitioner_higher", "whole", "pairs in which the practitioner rated higher; from 3 on"),
        Column("same", "whole", "pairs in which both rated the same; from 3 on"),
        Column("sd_gap", "number", "SD of the gap over the sessions, pct points; from 6 pairs on"),
        Column("gap_low", "number", "as in CASES"),
        Column("gap_high", "number", "as in CASES"),
        Column("congruence", "number", "as in CASES"),
        Column("congruence_low", "number", "lower end of its 95 % interval"),
        Column("congruence_high", "number", "upper end of it"),
        Column(
            "correlation", "number", "Pearson's correlation of both sides over the sessions; from 10 pairs on"
        ),
        Column("correlation_low", "number", "lower end of its 95 % interval (Fisher)"),
        Column("correlation_high", "number", "upper end of it"),
        Column("icc_a1", "number", "as in CASES"),
        Column("icc_a1_low", "number", "lower end of its 95 % interval; empty where both agree entirely"),
        Column("icc_a1_high", "number", "upper end of it"),
        Column(
            "icc_c1", "number", "ICC(C,1), consistency: a constant gap does not count; from 10 alike pairs on"
        ),
        Column("icc_c1_low", "number", "lower end of its 95 % interval; empty where both run parallel"),
        Column("icc_c1_high", "number", "upper end of it"),
        Column("concordance", "number", "Lin's concordance with divisor n; from 10 alike pairs on"),
        Column(
            "loa_low", "number", "lower limit of agreement of this case, pct points; from 15 alike pairs on"
        ),
        Column("loa_high", "number", "upper limit of agreement"),
        Column(
            "flat", "text", "side that never moved over the pairs: client, practitioner or both; else empty"
        ),
        Column("alike_flat", "text", "the same over the alike pairs"),
    ),
)
CASELOADS = Table(
    "caseloads",
    "one practitioner's caseload: what the figures of PRACTITIONERS rest on, and where its mean lies in the funnel",
    (
        _PRACTITIONER,
        Column("rated_clients", "whole", "clients with at least one rating of their own"),
        Column("mean_client_overall", "number", "as in PRACTITIONERS"),
        Column("pooled_mean", "number", "as in PRACTITIONERS"),
        Column("pooled_low", "number", "as in PRACTITIONERS"),
        Column("pooled_high", "number", "as in PRACTITIONERS"),
        Column("reliability", "number", "as in PRACTITIONERS"),
        Column(
            "unnamed",
            "text",
            "why the mean is not named: no ratings, few clients, nothing to compare, no difference, low reliability; empty: it may be named",
        ),
        Column(
            "outer_low",
            "number",
            "lower outer limit of the funnel at this number of clients, pct; empty under ten practitioners",
        ),
        Column("inner_low", "number", "lower inner limit"),
        Column("inner_high", "number", "upper inner limit"),
        Column("outer_high", "number", "upper outer limit"),
        Column(
            "place",
            "text",
            "inside, between (the inner and outer limits) or outside; empty where there is no funnel",
        ),
        Column("alike_pairs", "whole", "pairs rated on versions of one instrument, on one response range"),
        Column("alike_cases", "whole", "cases with such a pair"),
        Column(
            "gap_between", "number", "variance of the gap between cases, over these pairs, pct points squared"
        ),
        Column("gap_within", "number", "variance of the gap within cases, the same"),
        Column("loa_low", "number", "as in PRACTITIONERS"),
        Column("loa_high", "number", "as in PRACTITIONERS"),
    ),
)
PERIODS = Table(
    "periods",
    "one practitioner's caseload in one period in which there was a session",
    (
        _PRACTITIONER,
        Column("first_day", "date", "first day of the period", True),
        Column("last_day", "date", "last day of the period"),
        Column("sessions", "whole", "sessions in it"),
        Column("clients", "whole", "clients with a session in it"),
        Column(
            "moved",
            "number",
            "mean movement of the clients' overall since the period just before, within clients who rated in both, pct points; empty where the clients are too few",
        ),
        Column("moved_low", "number", "lower end of its interval"),
        Column("moved_high", "number", "upper end"),
        Column("moved_clients", "whole", "clients that it is a mean over, each of whom counts once"),
        Column(
            "gap", "number", "mean of the clients' mean gaps, pct points; empty where the clients are too few"
        ),
        Column("gap_low", "number", "lower end of its interval"),
        Column("gap_high", "number", "upper end"),
        Column("gap_clients", "whole", "clients that it is a mean over, each of whom counts once"),
        Column(
            "gap_moved",
            "number",
            "mean movement of the gap since the period just before, within clients with a pair in both, pct points; empty where the clients are too few",
        ),
        Column("gap_moved_low", "number", "lower end of its interval"),
        Column("gap_moved_high", "number", "upper end"),
        Column("gap_moved_clients", "whole", "clients that it is a mean over, each of whom counts once"),
        Column("episodes", "whole", "episodes of the clients' overall that began in it"),
        Column("back", "whole", "those that were repaired, stronger or not"),
        Column("unrepaired", "whole", "those that were not"),
        Column("recognised", "whole", "as in PRACTITIONERS"),
        Column("recognisable", "whole", "as in PRACTITIONERS"),
    ),
)
PARTS_FALLEN = Table(
    "parts_fallen",
    "which of goal, task and bond fell in one practitioner's episodes of the clients' overall",
    (
        _PRACTITIONER,
        Column("episodes", "whole", "episodes, found in the ratings"),
        Column("rated", "whole", "those at whose start or lowest session the client rated all three"),
        *(Column(facet, "whole", f"of these, those in which {facet} fell") for facet in FACETS),
        Column("none", "whole", "of these, those in which no single one stood out"),
    ),
)
SERVICE = Table(
    "service",
    "all that is loaded, as one",
    (
        Column("practitioners", "whole", "practitioners with a rated client"),
        Column("rated_clients", "whole", "clients with at least one rating of their own"),
        Column(
            "instruments",
            "whole",
            "instruments that clients' forms are of: with more than one, means are compared with care",
        ),
        Column("mean", "number", "μ, mean of clients' means over all practitioners, pct"),
        Column("mean_low", "number", "lower end of its 95 % interval"),
        Column("mean_high", "number", "upper end of it"),
        Column(
            "between", "number", "τ², variance of clients' means between practitioners, pct points squared"
        ),
        Column("within", "number", "σ², variance of clients' means within practitioners, the same"),
        Column("n0", "number", "clients a practitioner that the unequal caseloads count as"),
        Column(
            "difference", "text", "detectable, or none detectable (τ² = 0); empty where it cannot be told"
        ),
        Column(
            "overdispersion", "number", "φ, by how much the funnel is widened; empty under ten practitioners"
        ),
        Column("paired_sessions", "whole", "sessions that both rated"),
        Column("mean_gap", "number", "mean gap over all of them, pct points"),
        Column("loa_low", "number", "lower limit of agreement over all cases, pct points"),
        Column("loa_high", "number", "upper limit of agreement"),
        Column(
            "congruence_cases",
            "whole",
            "cases that the pooled congruence rests on: 5 pairs or more, no side flat",
        ),
        Column(
            "congruence",
            "number",
            "pooled within-case correlation of both sides: the standardised slope, by Fisher's z",
        ),
        Column("congruence_low", "number", "lower end of its 95 % interval"),
        Column("congruence_high", "number", "upper end of it"),
        Column("congruence_between", "number", "τ² of Fisher's z between cases (DerSimonian & Laird)"),
        Column("congruence_q", "number", "Cochran's Q, on one less than the cases"),
        Column(
            "congruence_inconsistency",
            "number",
            "I², share of the spread between cases that is more than chance (0–1)",
        ),
    ),
)

_OF_GROUP = "of the clients' means, drawn towards that of all groups as far as chance would have it, pct; of all as one: their plain mean"
ACROSS = Table(
    "across",
    "one approach or one team that may be published, those held back as one, or all as one",
    (
        _key("by", "text", "approach, team or all"),
        _key(
            "group",
            "text",
            "its name as in the workbook; not stated; all; empty: the groups that are held back, counted as one",
        ),
        Column("groups", "whole", "how many groups that are"),
        Column("cases", "whole", "clients, those without any form included"),
        Column("rated_clients", "whole", "clients with at least one rating of their own"),
        Column("practitioners", "whole", "practitioners with such a client"),
        Column("sessions", "whole", "sessions known"),
        Column("rated_sessions", "whole", "sessions with an overall rating of the client"),
        Column("paired_sessions", "whole", "sessions that both rated; empty where the gap is held back"),
        Column("paired_clients", "whole", "clients with such a session; empty where the gap is held back"),
        *(
            column
            for s in SCALES
            for column in (
                Column(f"client_{s}", "number", f"{s}: mean {_OF_GROUP}"),
                Column(f"client_{s}_low", "number", "lower end of its 95 % interval"),
                Column(f"client_{s}_high", "number", "upper end of it"),
            )
        ),
        Column("gap", "number", "mean of the clients' own mean gaps (practitioner − client), pct points"),
        Column("gap_low", "number", "lower end of its 95 % interval"),
        Column("gap_high", "number", "upper end of it"),
        Column(
            "episodes",
            "whole",
            "episodes of the clients' overall found in the ratings; empty, as all below, where the clients' overall is held back",
        ),
        Column(
            "expected",
            "number",
            "how many the same rule finds in a chance order of the sessions; empty where not known",
        ),
        Column(
            "steady", "number", "how many it finds in steady cases with the same noise; empty where not known"
        ),
        Column("falls", "number", "episodes per 100 rated sessions"),
        Column("falls_low", "number", "lower end of its 95 % interval"),
        Column("falls_high", "number", "upper end of it"),
        Column("repaired", "whole", "of the episodes, repaired (strengthened counted here)"),
        Column("followed", "whole", "of the episodes, those of which it is known: repaired or not repaired"),
        Column("repaired_share", "number", "repaired of those (0–1)"),
        Column("repaired_low", "number", "lower end of its 95 % interval"),
        Column("repaired_high", "number", "upper end of it"),
        Column("recognised", "whole", "of the episodes, registered by the practitioner's rating too"),
        Column("recognisable", "whole", "of the episodes, those where the practitioner rated at the time"),
        Column("recognised_share", "number", "recognised of those (0–1)"),
        Column("recognised_low", "number", "lower end of its 95 % interval"),
        Column("recognised_high", "number", "upper end of it"),
    ),
)
ACROSS_NAMES = Table(
    "across_names",
    "one approach or team that the workbook names, or that is not stated",
    (
        _key("by", "text", "approach or team"),
        _key("group", "text", "its name as in the workbook; not stated"),
        Column(
            "status",
            "text",
            "shown; held back: counted as one with others, so that nobody can work out the figures of a few; no ratings: no client rated",
        ),
    ),
)

SERVICE_SUMMARY = Table(
    "service_summary",
    "one figure of all that is loaded, as it may be published",
    (
        _key("figure", "text", "what it is of, by its short name in measures.service_summary"),
        Column("months", "text", "first and last month with a session; of the period only"),
        Column("value", "number", "in its unit; empty where it is a count alone, or held back"),
        Column("low", "number", "lower end of its 95 % interval, where it has one"),
        Column("high", "number", "upper end of it"),
        Column("count", "whole", "how many; empty where held back"),
        Column("of", "whole", "of how many; empty where it is no share"),
        Column("unit", "text", "% of maximum, %, falls, cases …"),
    ),
)
AGENDA_LINES = Table(
    "agenda",
    "one case to talk about today, in order of need",
    (
        _key("practitioner", "text", "practitioner"),
        _key("client", "text", "client"),
        Column("reason", "text", "why it is on the agenda: the most urgent reason"),
        Column("said", "text", "what the ratings say of it, in words"),
        Column("further", "text", "further reasons, separated by ;"),
        Column("team", "text", "team, as in the sheet cases"),
        Column("approach", "text", "approach, as in the sheet cases"),
        Column("last_date", "date", "the newest day of its sessions"),
    ),
)
SERVICE_SPREAD = Table(
    "service_spread",
    "where the clients' latest ratings, or their usual gaps, lie in the service as a whole, as it may be published",
    (
        _key(
            "figure",
            "text",
            "client_overall, client_goal, client_task, client_bond: the latest; gap: the client's mean gap",
        ),
        Column("clients", "whole", "clients who have it"),
        Column("lower", "number", "a quarter of them lie below; empty where too few do"),
        Column("middle", "number", "half of them lie below; empty where too few do"),
        Column("upper", "number", "a quarter of them lie above; empty where too few do"),
        Column("unit", "text", "% of maximum; points"),
        Column("through", "date", "the last day of what is told; empty where sessions have no dates"),
    ),
)
SERVICE_TREND = Table(
    "service_trend",
    "one figure of the service as a whole in one stretch of time, as it may be published",
    (
        _key("figure", "text", "what it is of, by its short name in alliance_core.manager.figures"),
        _key("first_day", "date", "first day of the stretch of time"),
        Column("last_day", "date", "last day of it"),
        Column("value", "number", "in its unit, whole; falls per 100 sessions with one decimal"),
        Column("clients", "whole", "clients that it is a figure of"),
        Column("unit", "text", "clients, sessions, %, % of maximum, points, falls"),
    ),
)
MANAGER = Table(
    "manager",
    "one figure of the manager summary, as it may be published",
    (
        _key("part", "text", "service, distribution, over time, approach or team"),
        _key("group", "text", "the approach or team; empty of the service as a whole"),
        _key("figure", "text", "what it is"),
        _key("from", "text", "first month of what is told, as 2026-03; empty where sessions have no dates"),
        Column("through", "text", "last month of it"),
        Column("value", "number", "in its unit; empty where it is a count alone, or not shown"),
        Column("low", "number", "lower end of its interval, where it has one"),
        Column("high", "number", "upper end of it"),
        Column("count", "whole", "how many; empty where not shown"),
        Column("of", "whole", "of how many; empty where it is no share"),
        Column("unit", "text", "% of maximum, %, points, falls, clients …"),
        Column(
            "shown",
            "text",
            "shown; shown: the mean of all, as no difference is detectable; counted with others; too few on either side; too few falls; not told yet",
        ),
    ),
)
MEETING_CARDS = Table(
    "meeting_cards",
    "one decision of a meeting, or one card without any; ids are masked as they were on the screen",
    (
        _key("card", "whole", "its place in the meeting, from 1"),
        Column("case", "text", "the name that stood for the case"),
        Column("reason", "text", "why it came up"),
        Column("said", "text", "what the ratings say of it, in words"),
        Column("shown", "text", "yes or no: whether the meeting came to it"),
        Column("minutes", "number", "for how long it was shown; empty where it was not"),
        Column("decision", "text", "confirmed, not a rupture or watch"),
        Column("action", "text", "what was agreed"),
        Column("owner", "text", "who does it"),
        Column("due", "date", "until when"),
        Column("note", "text", "what else was noted in the meeting"),
    ),
)
MEETING_LAST = Table(
    "meeting_last",
    "what was decided before about a case of the meeting, and whether it was done",
    (
        Column("case", "text", "the name that stood for the case"),
        Column("decided_on", "date", "the day of that decision; empty where not known"),
        Column("decision", "text", "confirmed, not a rupture or watch"),
        Column("action", "text", "what was agreed"),
        Column("owner", "text", "who was to do it"),
        Column("due", "date", "until when"),
        Column("done", "text", "yes, partly or no, as known at the end of the meeting; empty: not known"),
    ),
)

CHANCE = Table(
    "chance",
    "falls of the clients' overall in all that is loaded, and how many chance gives",
    (
        Column("found", "whole", "episodes of the clients' overall that the rule found in the ratings"),
        Column("expected", "number", "how many it finds in a chance order of the sessions, on average"),
        Column("low", "whole", "95 of 100 chance orders give from so many"),
        Column("high", "whole", "to so many"),
        Column("steady", "number", "how many it finds in steady cases with the same noise, on average"),
        Column("shuffles", "whole", "chance orders that were tried: fewer where many ratings are loaded"),
    ),
)

OUTPUTS = (SCORES, SESSIONS, EPISODES, CASES, PRACTITIONERS, PROBLEMS)

_DTYPES: dict[Kind, Any] = {"text": "str", "whole": "Int64", "number": "float64", "date": "datetime64[us]"}


def shaped(frame: pd.DataFrame | Mapping[str, Any], table: Table) -> pd.DataFrame:
    """The frame with exactly the table's columns, kinds and order; columns it lacks are empty.

    Rows keep their order; the index is renumbered.
    """
    given: Any = pd.DataFrame(frame)
    index = pd.RangeIndex(len(given))
    lacking = {
        column.kind: pd.Series(pd.NA if column.kind == "whole" else None, index, _DTYPES[column.kind])
        for column in table.columns
        if column.name not in given
    }
    data: dict[str, Any] = {
        column.name: _of_kind(given[column.name], column.kind).set_axis(index)
        if column.name in given.columns
        else lacking[column.kind]
        for column in table.columns
    }
    # Columns that are of their kind already are shared until either side is changed, which pandas sees to.
    return pd.DataFrame(data, columns=table.names, index=index, copy=False)


def _of_kind(column: Any, kind: Kind) -> Any:
    if kind == "text" and isinstance(column.dtype, pd.CategoricalDtype):
        # Each distinct text is made once, not once a row.
        words: Any = column.cat.categories.astype("str").array
        return pd.Series(words.take(column.cat.codes.to_numpy(), allow_fill=True))
    return column.astype(_DTYPES[kind])


def empty(table: Table) -> pd.DataFrame:
    """A frame with the table's columns and no rows."""
    return shaped({}, table)


@dataclass(frozen=True)
class InputFile:
    """A file that was read: its name as given, and the SHA-256 of its bytes."""

    name: str
    sha256: str


@dataclass(frozen=True)
class Question:
    """Something that reading did not settle by itself. Its problem stands in PROBLEMS under the same code.

    `candidates`: the answers that fit, in the words of a profile or of the command line; none where any may.
    `examples`: up to ten different values that the question is about. `column` is empty where it is about a sheet.
    """

    code: str
    file: str
    sheet: str
    column: str
    words: str
    candidates: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ratings:
    """What reading found: the forms (FORMS) and the optional sheets, with what was recognised where.

    `forms` may leave out trailing item columns that no form uses. Rows are in key order. `unsettled`: rows of `review` that
    contradict each other and are therefore not in it. `questions`: what was unsure, with the candidates and example values.
    `left_out` (LEFT_OUT): how many rows each kind of error leaves out.
    """

    forms: pd.DataFrame
    markers: pd.DataFrame = field(default_factory=lambda: empty(MARKERS))
    cases: pd.DataFrame = field(default_factory=lambda: empty(CASE_NOTES))
    tasks: pd.DataFrame = field(default_factory=lambda: empty(TASKS))
    goals: pd.DataFrame = field(default_factory=lambda: empty(GOALS))
    review: pd.DataFrame = field(default_factory=lambda: empty(REVIEW))
    unsettled: pd.DataFrame = field(default_factory=lambda: empty(UNSETTLED))
    recognised: pd.DataFrame = field(default_factory=lambda: empty(RECOGNISED))
    left_out: pd.DataFrame = field(default_factory=lambda: empty(LEFT_OUT))
    inputs: tuple[InputFile, ...] = ()
    questions: tuple[Question, ...] = ()
