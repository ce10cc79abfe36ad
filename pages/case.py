"""One case: what both raters said over time, what it may mean, and one question to ask."""

import streamlit as st

from alliance_core.case_sentences import case_limits, facts
from alliance_core.review.talk import headline
from pages.parts import agreement_view, case_view, work_view
from pages.parts.frame import ratings_or_stop
from pages.parts.loaded import records
from pages.parts.paper_view import offer_case_sheet
from pages.parts.pickers import pick_case
from pages.parts.plain import plain
from pages.parts.ruling import level_name, rule_link
from pages.parts.shell import CASE, PRACTITIONER, require_shell
from pages.parts.tables import sessions_table

require_shell(CASE.file)
found = ratings_or_stop(CASE)
head, picker = st.columns([1, 1], vertical_alignment="bottom")
with picker:
    practitioner, client = pick_case(found, head)
rows = found.case(practitioner, client)
usual_gap = found.usual_gap(practitioner)

head.title(plain(f"{client} · {practitioner}"))
head.caption(plain(facts(records(rows.cases)[0], rows.sessions)))
with head, st.container(horizontal=True, vertical_alignment="center"):
    rule_link(found)
    offer_case_sheet(found, practitioner, client)
so_what = headline(found, practitioner, client)
st.subheader(plain(so_what), anchor=False)
limits = case_limits(rows.sessions, found.analysis.settings)
if limits:
    st.info(plain(" ".join(limits)))

aside = case_view.has_something_beside(rows, found, practitioner, client)
rated = rows.sessions[["client_overall", "practitioner_overall"]].notna().any(axis=None)
if rated:
    left, right = st.columns([2.5, 1], gap="medium") if aside else (st.container(), None)
    with left:
        case_view.pictures(rows, usual_gap, found)
        agreement_view.of_case(found, rows, practitioner)
    if right is not None:
        with right:
            case_view.beside(rows, found, practitioner, client)
elif aside:
    case_view.beside(rows, found, practitioner, client)
work_view.of_case(found, practitioner, client)
case_view.decide_without_episode(rows, found, practitioner, client)
if rated:
    with st.expander("The numbers, session by session"):
        sessions_table(
            rows.sessions,
            level_name(found),
            "Ratings of every session of this case, in percent of the maximum possible",
        )
case_view.how_computed(found, practitioner, client)
st.page_link(
    PRACTITIONER.file,
    label=plain(f"All cases of {practitioner}"),
    query_params={"practitioner": practitioner},
)
