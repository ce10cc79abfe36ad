"""An app as ours must never be: what one visitor brought in is kept for everybody. The load test has to notice."""

import pandas as pd
import streamlit as st


@st.cache_resource
def kept_for_everybody():
    return []


given = st.file_uploader("Drop a file here", accept_multiple_files=True)
kept_for_everybody().extend(one.getvalue().decode() for one in given)
where = st.query_params.get("in", "a table")
if where == "a table":
    st.dataframe(pd.DataFrame({"told": kept_for_everybody()}))
elif where == "a chart":
    st.vega_lite_chart(
        pd.DataFrame({"told": kept_for_everybody()}), {"mark": "point", "encoding": {"y": {"field": "told"}}}
    )
else:
    st.download_button("Download", "\n".join(kept_for_everybody()), file_name="told.csv")
