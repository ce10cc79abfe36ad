"""What the two who meet are called: client and practitioner, student and teacher, or a team's own words.

Texts of ours are written with "client" and "practitioner"; `Terms.termed` puts a team's words in their place. The names of columns, files, sheets
and options stay as they are.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from alliance_core.settings import Settings

_WORD = re.compile(
    r"(?P<article>\b[Aa]n? )?\b(?P<word>[Cc]lient|[Pp]ractitioner)(?P<many>s)?(?P<own>['’]s|(?<=s)['’])?(?!\w)"
)
# Words that begin with the sound of "you" or "one", and so take "a".
_AS_A_CONSONANT = re.compile(r"(?:uni|us[aeiou]|eu|one\b)")


@dataclass(frozen=True)
class Terms:
    """The words for the pair, for one and for several; where there is none for several, an s is put on that for one.

    >>> Terms("student", "teacher").termed("Practitioner: a client's rating, the clients' forms")
    "Teacher: a student's rating, the students' forms"
    """

    client: str = "client"
    practitioner: str = "practitioner"
    clients: str = ""
    practitioners: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "clients", self.clients or f"{self.client}s")
        object.__setattr__(self, "practitioners", self.practitioners or f"{self.practitioner}s")

    def of(self, rater: str) -> str:
        """The word for a rater; an observer is one under any terms."""
        return {"client": self.client, "practitioner": self.practitioner}.get(rater, rater)

    def termed(self, text: str, shown: Callable[[str], str] = str) -> str:
        """A text of ours with these words in it: several, whose, after a or an, at the start of a sentence.

        `shown` makes a word fit for where the text goes, such as Markdown. Not for text that holds anything of a user:
        see `termed_around`.
        """
        if self == TERMS:
            return text

        def put(found: re.Match[str]) -> str:
            word = found["word"].lower()
            term: str = getattr(self, word + (found["many"] or ""))
            article, own = found["article"] or "", found["own"] or ""
            if article:
                article = article[0] + ("n " if _takes_an(term) else " ")
            if own:
                own = "'" if found["many"] and term.endswith("s") else "'s"
            return article + shown(term if word == found["word"] else capital(term)) + own

        return _WORD.sub(put, text)

    def termed_around(self, text: str, own: Iterable[str]) -> str:
        """The same for a text that quotes a user: what stands in `own` is left as it is."""
        if self == TERMS:
            return text
        quoted = sorted({one for one in own if _WORD.search(one)}, key=len, reverse=True)
        if not quoted:
            return self.termed(text)
        parts = re.split(f"({'|'.join(map(re.escape, quoted))})", text)
        return "".join(part if number % 2 else self.termed(part) for number, part in enumerate(parts))


TERMS = Terms()
PRESETS = (TERMS, Terms("student", "teacher"), Terms("patient", "doctor"))


def terms_of(settings: Settings) -> Terms:
    """The words that these settings ask for."""
    own = settings.terms
    return Terms(own.client, own.practitioner, own.clients, own.practitioners)


def capital(word: str) -> str:
    """A word with its first letter as at the start of a sentence."""
    return word[:1].upper() + word[1:]


def _takes_an(word: str) -> bool:
    letters = unicodedata.normalize("NFKD", word).casefold()
    return letters[:1] in tuple("aeiou") and not _AS_A_CONSONANT.match(letters)
