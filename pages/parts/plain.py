"""Text of users on its way to a place that reads Markdown.

Titles, labels, options, tabs, captions and messages all read Markdown, and a cell such as
`![x](http://…)` would make the browser fetch it. Whatever did not grow in this repository goes
through `plain` first. `st.text`, `st.dataframe` and charts show text as it is and need nothing.
"""

from __future__ import annotations

import re
import string

from alliance_core.plain_text import unseen_removed as unseen_removed

WORD_JOINER = "\u2060"

_PUNCTUATION = re.compile(f"([{re.escape(string.punctuation)}])")
# A link is also made of bare text, and a colon begins an emoji or an icon, after the escapes are gone:
# an invisible character that allows no break keeps both from being seen.
_STARTS_A_LINK = re.compile(r"(https?|ftp|www|mailto|xmpp)(?=[:.])|(?<=[@:])|(?=@)", re.IGNORECASE)


def plain(text: object) -> str:
    r"""The text as literal Markdown on one line: what is seen is what stood in the cell.

    Control and bidirectional characters go, line ends and tabs become spaces, ASCII punctuation is
    escaped, and links, addresses, emoji and icon names are broken by a word joiner.

    >>> plain("C-017 *new*")
    'C\\-017 \\*new\\*'
    """
    joined = _STARTS_A_LINK.sub(lambda found: found.group(0) + WORD_JOINER, unseen_removed(text))
    return _PUNCTUATION.sub(r"\\\1", joined)
