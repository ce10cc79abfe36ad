"""The slow, obvious version of tasks and goals: plain loops over plain dicts, one case at a time.

Lines are dicts with every column of TASKS or GOALS; what is unknown is None. A score that lies on a line counts as having
reached it.
"""

from __future__ import annotations

from itertools import pairwise
from math import sqrt
from statistics import fmean as mean
from statistics import stdev

from tests.measures.oracle import at_least, case_of

ANSWERS = {
    "set_by": ["client", "practitioner", "both", "other", None],
    "tried_before": ["yes", "no", None],
    "worked_before": ["yes", "no", None],
    "done": ["yes", "partly", "no", None],
}


def words(text):
    return None if text is None else " ".join(text.split()).casefold()


def in_order(lines, names):
    """By session, then by every column; what is missing comes last, as in a sorted table."""
    return sorted(
        lines,
        key=lambda line: [(line[name] is None, "" if line[name] is None else line[name]) for name in names],
    )


def last_known(lines, name):
    return next((line[name] for line in reversed(lines) if line[name] is not None), None)


# -- tasks ------------------------------------------------------------------------------------------


def case_task(lines, s):
    """One task of a case from its lines in order."""
    relevance = next((x for x in reversed(lines) if x["client_relevance"] is not None), None) or next(
        (x for x in reversed(lines) if x["practitioner_relevance"] is not None), None
    )
    before = next((x for x in reversed(lines) if x["tried_before"] or x["worked_before"]), None)
    mine = relevance and relevance["client_relevance"]
    theirs = relevance and relevance["practitioner_relevance"]
    doubted = None
    if mine is not None:
        doubted = "yes" if at_least(s.doubt_line, mine) else "no"
        if (
            theirs is not None
            and at_least(theirs - mine, s.doubt_difference)
            and at_least(s.doubt_ceiling, mine)
        ):
            doubted = "yes"
    vain = None
    if before and before["tried_before"] == "yes" and before["worked_before"] == "no":
        vain = "yes"
    elif before and (before["tried_before"] == "no" or before["worked_before"] == "yes"):
        vain = "no"
    return {
        "practitioner": lines[0]["practitioner"],
        "client": lines[0]["client"],
        "task": lines[-1]["task"],
        "kind": last_known(lines, "kind"),
        "set_by": last_known(lines, "set_by"),
        "times_set": len(lines),
        "first_session": min(line["session"] for line in lines),
        "last_session": max(line["session"] for line in lines),
        "client_relevance": mine,
        "practitioner_relevance": theirs,
        "relevance_session": relevance and relevance["session"],
        "tried_before": before and before["tried_before"],
        "worked_before": before and before["worked_before"],
        "before_session": before and before["session"],
        "done": last_known(lines, "done"),
        "doubted": doubted,
        "tried_without_success": vain,
    }


def counts(lines):
    found = {"tasks": len({words(line["task"]) for line in lines}), "times_set": len(lines)}
    for name, answers in ANSWERS.items():
        for answer in answers:
            found[f"{name}_{answer or 'unknown'}"] = sum(line[name] == answer for line in lines)
    return found


def task_kind(case, kind, lines):
    row = {"practitioner": case[0], "client": case[1], "kind": kind, **counts(lines)}
    for side in ("client", "practitioner"):
        given = [x[f"{side}_relevance"] for x in lines if x[f"{side}_relevance"] is not None]
        row[f"{side}_relevance"] = mean(given) if given else None
        row[f"{side}_relevance_n"] = len(given)
    return row


def reading(case, name, raised, session, count, of, **more):
    empty = dict.fromkeys(["lowest", "agreement", "level", "error", "fall"])
    return empty | {
        "practitioner": case[0],
        "client": case[1],
        "reading": name,
        "raised": "yes" if raised else "no",
        "session": session if raised else None,
        "count": count,
        "of": of,
        **more,
    }


def task_readings(case, found, lines, s):
    rows = []
    for name, column in (("doubted tasks", "doubted"), ("tried without success", "tried_without_success")):
        known = [task for task in found if task[column] is not None]
        here = [task for task in known if task[column] == "yes"]
        more = {}
        if name == "doubted tasks" and here:
            more = {"lowest": min(task["client_relevance"] for task in here)}
        if known:
            last = max((task["last_session"] for task in here), default=None)
            rows.append(reading(case, name, here, last, len(here), len(known), **more))
    known = [task for task in found if task["kind"] is not None]
    if len(known) >= s.one_kind_from:
        one = len({line["kind"] for line in lines} - {None}) == 1
        last = max(task["last_session"] for task in known)
        rows.append(reading(case, "one kind of task", one, last, len(known), len(found)))
    return rows


# -- goals ------------------------------------------------------------------------------------------


def case_goals(lines):
    """The goals of a case from its lines in order."""
    mine = {words(line["client_goal"]) for line in lines} - {None}
    goals = {}
    for line in lines:
        client, practitioner = words(line["client_goal"]), words(line["practitioner_goal"])
        if client is None and practitioner is None:
            continue
        goal = client
        if client is None:
            beside = [
                words(other["client_goal"])
                for other in lines
                if words(other["practitioner_goal"]) == practitioner and other["client_goal"] is not None
            ]
            goal = practitioner if practitioner in mine or not beside else beside[0]
        goals.setdefault(goal, []).append(line)
    rows = []
    for own in goals.values():
        rated = next((line for line in reversed(own) if line["agreement"] is not None), None)
        client, practitioner = last_known(own, "client_goal"), last_known(own, "practitioner_goal")
        rows.append(
            {
                "practitioner": own[0]["practitioner"],
                "client": own[0]["client"],
                "client_goal": client,
                "practitioner_goal": practitioner,
                "named_by": "both" if client and practitioner else "client" if client else "practitioner",
                "first_session": min(line["session"] for line in own),
                "last_session": max(line["session"] for line in own),
                "agreement": rated and rated["agreement"],
                "agreement_session": rated and rated["session"],
            }
        )
    return rows


def goal_sessions(case, lines, sigma, e):
    rows, earlier = [], []
    for session in sorted({line["session"] for line in lines}):
        own = [line for line in lines if line["session"] == session]
        given = [line["agreement"] for line in own if line["agreement"] is not None]
        m = len(earlier)
        rows.append(
            {
                "practitioner": case[0],
                "client": case[1],
                "session": session,
                "goals": len(own),
                "rated": len(given),
                "agreement": mean(given) if given else None,
                "lowest": min(given, default=None),
                "earlier": m,
                "level": mean(earlier) if earlier else None,
                "error": e.z_open * sigma * sqrt(1 + 1 / m) if m >= e.min_baseline else None,
            }
        )
        if given:
            earlier.append(mean(given))
    return rows


def agreement_sigma(agreements, n):
    """σ in marks from each case's agreements in order of session (METHODS 4.1; one mark is 10 pct)."""
    values = [10 * value for own in agreements for value in own]
    squares = [(100 * (b - a) ** 2) / 2 for own in agreements for a, b in pairwise(own)]
    if len(squares) >= n.min_differences:
        sigma = sqrt(mean(squares))
    else:
        sd = stdev(values) if len(values) >= n.min_scores else n.fallback_sd
        sigma = sd * sqrt(1 - n.dependability)
    return max(sigma, n.floor, 10) / 10


def goal_readings(case, goals, sessions, both_sides, s):
    rows = []
    rated = [row for row in sessions if row["rated"]]
    if rated:
        last = rated[-1]
        low = at_least(s.goals.agreement_line, last["lowest"])
        fell = last["error"] is not None and at_least(last["level"] - last["agreement"], last["error"])
        more = {name: last[name] for name in ("lowest", "agreement", "level", "error")}
        more["fall"] = last["level"] - last["agreement"] if fell else None
        rows.append(
            reading(
                case, "goal agreement", low or fell, last["session"], last["rated"], last["earlier"], **more
            )
        )
    if goals and both_sides:
        alone = [goal for goal in goals if goal["named_by"] != "both"]
        last = max((goal["last_session"] for goal in alone), default=None)
        rows.append(reading(case, "goals of one side", alone, last, len(alone), len(goals)))
    return rows


# -- everything, and caseloads ----------------------------------------------------------------------


def work(tasks, goals, names, s):
    """All tables as lists of dicts. `names`: the columns of TASKS and GOALS, by which lines of one session are ordered."""
    out = {name: [] for name in ("case_tasks", "task_kinds", "case_goals", "goal_sessions", "readings")}
    tasks, goals = in_order(tasks, names["tasks"]), in_order(goals, names["goals"])
    both_sides = all(any(line[f"{side}_goal"] for line in goals) for side in ("client", "practitioner"))
    by_case = {case: [line for line in goals if case_of(line) == case] for case in map(case_of, goals)}
    agreements = []
    for lines in by_case.values():
        bare = goal_sessions(case_of(lines[0]), lines, 1, s.episodes)
        agreements.append([row["agreement"] for row in bare if row["rated"]])
    sigma = agreement_sigma(agreements, s.noise)
    for case in sorted({case_of(line) for line in tasks}):
        lines = [line for line in tasks if case_of(line) == case]
        found = [
            case_task([line for line in lines if words(line["task"]) == word], s.tasks)
            for word in {words(line["task"]): None for line in lines}
        ]
        out["case_tasks"] += found
        for kind in {line["kind"] for line in lines}:
            own = [line for line in lines if line["kind"] == kind]
            out["task_kinds"].append(task_kind(case, kind or "not stated", own))
        out["task_kinds"].append(task_kind(case, "all", lines))
        out["readings"] += task_readings(case, found, lines, s.tasks)
    for case, lines in by_case.items():
        found, sessions = case_goals(lines), goal_sessions(case, lines, sigma, s.episodes)
        out["case_goals"] += found
        out["goal_sessions"] += sessions
        out["readings"] += goal_readings(case, found, sessions, both_sides, s)
    return out | caseloads(out, s)


def caseloads(out, s):
    found = {name: [] for name in ("caseload_kinds", "caseload_goals", "caseload_readings")}
    everybody = {row["practitioner"] for rows in out.values() for row in rows}
    for who in [None, *sorted(everybody)]:
        mine = {
            name: [row for row in rows if who in (None, row["practitioner"])] for name, rows in out.items()
        }
        for kind in {row["kind"] for row in mine["task_kinds"]}:
            rows = [row for row in mine["task_kinds"] if row["kind"] == kind]
            found["caseload_kinds"].append(
                {"practitioner": who, "kind": kind, "cases": len(rows)}
                | {name: sum(row[name] for row in rows) for name in counts([])}
                | client_means([row["client_relevance"] for row in rows], "client_relevance", s)
                | client_means([row["practitioner_relevance"] for row in rows], "practitioner_relevance", s)
            )
        latest = {}
        for row in mine["goal_sessions"]:
            value = row["agreement"]
            latest[case_of(row)] = latest.get(case_of(row)) if value is None else value
        if latest:
            by = [row["named_by"] for row in mine["case_goals"]]
            found["caseload_goals"].append(
                {"practitioner": who, "cases": len(latest), "goals": len(by)}
                | {f"named_by_{name}": by.count(name) for name in ("both", "client", "practitioner")}
                | client_means(list(latest.values()), "agreement", s)
            )
        for name in {row["reading"] for row in mine["readings"]}:
            rows = [row for row in mine["readings"] if row["reading"] == name]
            raised = sum(row["raised"] == "yes" for row in rows)
            found["caseload_readings"].append(
                {"practitioner": who, "reading": name, "raised": raised, "judged": len(rows)}
            )
        judged = {case_of(row) for row in mine["readings"]}
        raised = {case_of(row) for row in mine["readings"] if row["raised"] == "yes"}
        if judged:
            found["caseload_readings"].append(
                {"practitioner": who, "reading": "any of these", "raised": len(raised), "judged": len(judged)}
            )
    return found


def client_means(values, name, s):
    """Mean over clients and n; the interval is held against printed tables elsewhere."""
    given = [value for value in values if value is not None]
    return {
        name: mean(given) if len(given) >= s.practitioners.name_from else None,
        f"{name}_n": len(given),
    }
