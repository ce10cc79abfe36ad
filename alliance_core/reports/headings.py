"""The headers that we write, of every sheet, by the names of its columns: one wording each, among those that reading knows."""

from __future__ import annotations

RATERS = {"client": "Client", "practitioner": "Therapist", "observer": "Observer"}

_CASE = {"practitioner": "Therapist", "client": "Client"}
_SESSION = {**_CASE, "session": "Session"}

FORM_KEYS = {**_SESSION, "date": "Date", "rater": "Rated by", "instrument": "Instrument"}
RANGE = {"range_min": "Lowest mark", "range_max": "Highest mark"}
MARKERS = {
    **_SESSION,
    "kind": "Kind",
    "marker": "Marker",
    "significance": "Significance",
    "resolution": "Resolution",
    "noted_by": "Noted by",
    "note": "Note",
}
CASES = {**_CASE, "team": "Team", "approach": "Approach", "started": "Started", "closed": "Closed"}
TASKS = {
    **_SESSION,
    "task": "Task",
    "kind": "Kind",
    "set_by": "Set by",
    "client_relevance": "Client relevance",
    "practitioner_relevance": "Therapist relevance",
    "tried_before": "Tried before",
    "worked_before": "Worked before",
    "done": "Done",
}
GOALS = {
    **_SESSION,
    "client_goal": "Client goal",
    "practitioner_goal": "Therapist goal",
    "agreement": "Agreement",
}
REVIEW = {
    **_SESSION,
    "decision": "Decision",
    "action": "Action",
    "owner": "Owner",
    "due": "Due",
    "done": "Done",
    "note": "Note",
    "decided_on": "Decided on",
    "session_date": "Session date",
    "until_session": "Until session, when decided",
    "fall_then": "Fall in points, when decided",
    "outcome_then": "Outcome, when decided",
}
