"""The columns of the tables on tasks and goals, with their kind and meaning.

They stand beside the goal and task facets of the ratings and are never mixed into them.
"""

from __future__ import annotations

from alliance_core.tables import SESSIONS, Column, Table

KINDS = ("session", "home", "environmental")
NO_KIND, ALL_KINDS = "not stated", "all"
WORK_READINGS = (
    "doubted tasks",
    "tried without success",
    "goal agreement",
    "one kind of task",
    "goals of one side",
)
ANY = "any of these"
_PRACTITIONER, _CLIENT, _SESSION = SESSIONS.columns[:3]
_KIND = Column("kind", "text", "session, home, environmental, not stated; all: whatever their kind", True)
_WHOSE = Column(
    "practitioner", "text", "identifier of the practitioner; empty for all caseloads together", True
)


UNKNOWN = "unknown"
COUNTED = {
    "set_by": ("client", "practitioner", "both", "other", UNKNOWN),
    "tried_before": ("yes", "no", UNKNOWN),
    "worked_before": ("yes", "no", UNKNOWN),
    "done": ("yes", "partly", "no", UNKNOWN),
}


def _counts() -> tuple[Column, ...]:
    """What is counted of the tasks of one kind; each group of counts adds up to times_set."""
    return (
        Column("tasks", "whole", "different tasks"),
        Column("times_set", "whole", "how often one was agreed: lines of the sheet"),
        *(
            Column(f"{what}_{word}", "whole", f"of these times, {what.replace('_', ' ')}: {word}")
            for what, words in COUNTED.items()
            for word in words
        ),
    )


CASE_TASKS = Table(
    "case_tasks",
    "one task of a case, however often it was set; tasks that differ in case and spaces only are one",
    (
        _PRACTITIONER,
        _CLIENT,
        Column("task", "text", "the task as last written", True),
        Column("kind", "text", "last known kind: session, home, environmental"),
        Column("set_by", "text", "who set it when that was last noted"),
        Column("times_set", "whole", "how often it was agreed: lines of the sheet"),
        Column("first_session", "whole", "first session in which it was agreed"),
        Column("last_session", "whole", "last session in which it was agreed"),
        Column("client_relevance", "number", "relevance to the client, 0–10, when last given"),
        Column("practitioner_relevance", "number", "the practitioner's, 0–10, given at the same time"),
        Column("relevance_session", "whole", "session in which that was given"),
        Column("tried_before", "text", "yes or no, when last noted"),
        Column("worked_before", "text", "yes or no, noted at the same time"),
        Column("before_session", "whole", "session in which that was noted"),
        Column("done", "text", "yes, partly or no, when last noted"),
        Column("doubted", "text", "yes or no; empty where the client gave no relevance"),
        Column("tried_without_success", "text", "yes or no; empty where that was not noted"),
    ),
)
TASK_KINDS = Table(
    "task_kinds",
    "the tasks of one kind in one case",
    (
        _PRACTITIONER,
        _CLIENT,
        _KIND,
        *_counts(),
        *(
            column
            for side in ("client", "practitioner")
            for column in (
                Column(
                    f"{side}_relevance",
                    "number",
                    f"relevance to the {side}, 0–10: mean of the times it was given, itself where once",
                ),
                Column(f"{side}_relevance_n", "whole", "times it was given"),
            )
        ),
    ),
)
CASE_GOALS = Table(
    "case_goals",
    "one goal of a case, by the client's words, else by the practitioner's",
    (
        _PRACTITIONER,
        _CLIENT,
        Column(
            "client_goal",
            "text",
            "in the client's words as last written; empty where the client named none",
            True,
        ),
        Column("practitioner_goal", "text", "in the practitioner's words as last written beside it", True),
        Column("named_by", "text", "both, client or practitioner"),
        Column("first_session", "whole", "first session in which it was noted"),
        Column("last_session", "whole", "last session in which it was noted"),
        Column("agreement", "number", "how far both agree on it, 0–10, when last given"),
        Column("agreement_session", "whole", "session in which that was given"),
    ),
)
GOAL_SESSIONS = Table(
    "goal_sessions",
    "the goals of one session of a case",
    (
        _PRACTITIONER,
        _CLIENT,
        _SESSION,
        Column("goals", "whole", "goals noted"),
        Column("rated", "whole", "of these, with an agreement"),
        Column("agreement", "number", "mean of these agreements, 0–10; the agreement itself where one"),
        Column("lowest", "number", "lowest of these agreements"),
        Column("earlier", "whole", "earlier sessions of the case with an agreement"),
        Column("level", "number", "mean agreement of these earlier sessions"),
        Column(
            "error",
            "number",
            "how far below it, in marks, the agreement must lie to count as fallen; empty where undecidable",
        ),
    ),
)
READINGS = Table(
    "readings",
    "one reading of the tasks or goals of a case, where it can be decided",
    (
        _PRACTITIONER,
        _CLIENT,
        Column("reading", "text", ", ".join(WORK_READINGS), True),
        Column("raised", "text", "yes: worth a word; no"),
        Column(
            "session", "whole", "last session in which one of them was set or noted; empty where not raised"
        ),
        Column(
            "count",
            "whole",
            "tasks or goals that it is about; of goal agreement, those rated in that session",
        ),
        Column(
            "of", "whole", "tasks or goals that could be judged; of goal agreement, earlier rated sessions"
        ),
        Column("lowest", "number", "lowest client relevance, or goal agreement, among these, 0–10"),
        Column("agreement", "number", "mean goal agreement of the latest session that has one, 0–10"),
        Column("level", "number", "mean goal agreement of the sessions before it, 0–10"),
        Column("error", "number", "how far below that, in marks, counts as fallen; empty where undecidable"),
        Column("fall", "number", "how far below that it lies, in marks; empty where it has not fallen"),
    ),
)
CASELOAD_KINDS = Table(
    "caseload_kinds",
    "the tasks of one kind in a caseload",
    (
        _WHOSE,
        _KIND,
        Column("cases", "whole", "clients with such a task"),
        *_counts(),
        *(
            column
            for side in ("client", "practitioner")
            for column in (
                Column(
                    f"{side}_relevance", "number", "mean of the clients' own values, 0–10; from 10 clients on"
                ),
                Column(f"{side}_relevance_n", "whole", "clients with a value"),
                Column(f"{side}_relevance_low", "number", "lower end of its 95 % interval"),
                Column(f"{side}_relevance_high", "number", "upper end of it"),
            )
        ),
    ),
)
CASELOAD_GOALS = Table(
    "caseload_goals",
    "the goals of a caseload",
    (
        _WHOSE,
        Column("cases", "whole", "clients with a goal or an agreement"),
        Column("goals", "whole", "different goals"),
        Column("named_by_both", "whole", "of these, in both sides' words"),
        Column("named_by_client", "whole", "of these, in the client's words only"),
        Column("named_by_practitioner", "whole", "of these, in the practitioner's words only"),
        Column(
            "agreement", "number", "mean of each client's latest goal agreement, 0–10; from 10 clients on"
        ),
        Column("agreement_n", "whole", "clients with an agreement"),
        Column("agreement_low", "number", "lower end of its 95 % interval"),
        Column("agreement_high", "number", "upper end of it"),
    ),
)
CASELOAD_READINGS = Table(
    "caseload_readings",
    "in how many cases of a caseload a reading is raised",
    (
        _WHOSE,
        Column("reading", "text", ", ".join((*WORK_READINGS, ANY)), True),
        Column("raised", "whole", "cases in which it is"),
        Column("judged", "whole", "cases in which it could be decided"),
        Column(
            "low", "number", "lower end of the 95 % interval of their share, as a proportion (Wilson 1927)"
        ),
        Column("high", "number", "upper end of it"),
    ),
)
