"""The same measures by approach and by team, beside each other: never a contest, and nothing that gives away a few."""

import streamlit as st

from pages.parts import across_view, service_view
from pages.parts.frame import ratings_or_stop
from pages.parts.plain import plain
from pages.parts.shell import ACROSS, require_shell

require_shell(ACROSS.file)
found = ratings_or_stop(ACROSS)
st.title("Approaches and teams")
figures, analysis = service_view.told()
st.caption(plain(service_view.facts(figures)))
service_view.summary(figures, analysis)
st.divider()
way = across_view.pick_way()
across_view.tell(found, figures, way)
