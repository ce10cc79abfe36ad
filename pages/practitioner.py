"""One practitioner's caseload: every case in small, the usual gap, episodes and what followed them."""

import streamlit as st

from pages.parts import agreement_view, caseload_view, caseload_work_view, over_time_view
from pages.parts.frame import ratings_or_stop
from pages.parts.glance import glance
from pages.parts.in_use import termed
from pages.parts.measure import about
from pages.parts.pickers import pick_practitioner
from pages.parts.plain import plain
from pages.parts.ruling import chance_line, how_found, rule_link
from pages.parts.shell import PRACTITIONER, require_shell

require_shell(PRACTITIONER.file)
found = ratings_or_stop(PRACTITIONER)
head, picker = st.columns([3, 1], vertical_alignment="bottom")
with picker:
    practitioner = pick_practitioner(found, head)
rows = found.caseload(practitioner)
summary = found.summary(practitioner)

head.title(plain(caseload_view.headline(summary)))
st.subheader(plain(caseload_view.so_what(summary, rows)), anchor=False)
st.text(chance_line(found, practitioner))
rule_link(found)
glance(found, practitioner, rows)

left, right = st.columns(2, gap="large")
with left:
    st.subheader("Goal, task and bond", anchor=False)
    caseload_view.facets(rows, practitioner)
with right:
    st.subheader("Gap and recognition", anchor=False)
    for sentence in caseload_view.gap_and_recognition(summary, found.analysis.settings):
        st.text(sentence)
    agreement_view.of_caseload(found, practitioner, summary)
over_time_view.over_time(found, practitioner)
caseload_work_view.of_caseload(found, practitioner)
agreement_view.mean_and_funnel(found, practitioner, summary)

with st.expander("The episodes, one by one"):
    caseload_view.episodes(rows)
with st.expander("How this was computed"):
    st.text(termed(caseload_view.HOW))
    how_found(found, practitioner)
    about("score", "episode", "by_chance")
