"""What a visitor reads: every string that is sent to the browser, in texts, tables and charts."""

import json
import re

import pyarrow

from tests.pages.conftest import App

UNREAD = {
    "query_string",
    "url",
    "page",
    "id",
    "page_script_hash",
    "element_id",
    "form_id",
    "key",
    "spec",
    "data",
}


def texts(message):
    """Every string in what is sent to the browser, but for those that nobody reads."""
    for field, value in message.ListFields():
        if field.type == field.TYPE_MESSAGE and not field.message_type.GetOptions().map_entry:
            for one in value if field.is_repeated else [value]:
                yield from texts(one)
        elif field.type == field.TYPE_STRING and field.name not in UNREAD:
            yield from value if field.is_repeated else [value]


def labels(spec):
    """What a chart writes: titles, names and data that are text, and the words of expressions; not fields."""
    if isinstance(spec, dict):
        for key, value in spec.items():
            if key == "expr":
                yield from re.findall(r'(?<!datum\[)"([^"]*)"', value)
            elif key not in (
                "field",
                "fields",
                "filter",
                "transform",
                "labelExpr",
                "test",
                "$schema",
                "rater",
            ):
                yield from labels(value)
    elif isinstance(spec, list):
        for one in spec:
            yield from labels(one)
    elif isinstance(spec, str):
        yield spec


def read_of(element):
    """All that is read in an element of the page and in those inside it."""
    if element.proto is not None:
        yield from texts(element.proto)
    if element.type in ("dataframe", "arrow_data_frame", "data_editor"):
        table = element.value
        yield from map(str, table.columns)
        yield from (str(cell) for name in table.columns for cell in table[name])
    if "vega_lite_chart" in element.type:
        yield from labels(json.loads(element.proto.spec))
        for frame in App.drawn(element):
            yield from (
                cell
                for name in frame
                if name not in ("rater", "role")
                for cell in frame[name]
                if isinstance(cell, str)
            )
    for child in getattr(element, "children", {}).values():
        yield from read_of(child)


def shown(app):
    return {text.replace("\\", "").replace("\u2060", "") for text in read_of(app.at.main)}


def written_in(element):
    """What stands on the page as it is written: also the cells of tables, and without what charts draw from numbers."""
    if element.proto is not None:
        yield from texts(element.proto)
    if element.type in ("dataframe", "arrow_data_frame"):
        yield from map(str, element.value.columns)
        yield from cells(element)
    if "vega_lite_chart" in element.type:
        for frame in App.drawn(element):
            yield from (cell for name in frame for cell in frame[name] if isinstance(cell, str))
    for child in getattr(element, "children", {}).values():
        yield from written_in(child)


def cells(element):
    """The cells of a table as they are shown: those that were given in words, else as they are."""
    table, told = element.value, element.proto.arrow_data.styler.display_values
    if told:
        table = pyarrow.ipc.open_stream(told).read_pandas()
    return (str(cell) for name in table.columns for cell in table[name])
