"""How many visitors who closed their page are still kept, as the next one sees it; in the address whether they are let go of."""

import streamlit as st
from streamlit import runtime

from pages.parts.let_go import let_go_of_the_departed

if runtime.exists():  # and not read by a test runner that looks for examples
    if st.query_params.get("let") == "go":
        let_go_of_the_departed()
    departed = runtime.get_instance()._session_mgr._session_storage._cache
    st.text(f"{len(departed._data)} kept")
