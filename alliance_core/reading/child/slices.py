"""Which slices of a text are the same: a code for each, at the speed of whole arrays.

A sheet of a million cells holds a few thousand different ones. Slices are compared as 64-bit words, by a table that
is looked up for all of them at once; nothing is taken as the same because its hash is.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint64]
Numbers = NDArray[np.int64]

PADDING = b"\0" * 64  # has to follow the text that slices are taken from
_WIDTHS = (3, 8)  # words in which a slice and its length are kept: nearly all cells fit into three
MASKS = np.array([(1 << 8 * kept) - 1 for kept in range(9)], np.uint64)
# by the length of a slice: what of each of its words is kept, and the length as the last word's highest byte
_KEPT = [MASKS[np.clip(np.arange(8 * _WIDTHS[-1]) - at, 0, 8)] for at in range(0, 8 * _WIDTHS[-1], 8)]
_LENGTHS = np.arange(8 * _WIDTHS[-1], dtype=np.uint64) << np.uint64(56)
_FACTORS = np.array(
    [
        11400714819323198485,
        14029467366897019727,
        1609587929392839161,
        15485907386658061715,
        18397679294719823053,
        14181476777654086739,
        11562461410679940143,
        16646288086500911323,
    ],
    np.uint64,
)  # odd numbers of mixed bits; which ones does not matter
_FIRST_BITS, _MOST_BITS = 14, 24
_ROOM = 3  # bits: a table has eight places for each slice, so that few are not at their own


class TooManyError(Exception):
    """There are more different slices than are worth telling apart."""


def words_at(text: bytes) -> Words:
    """The eight bytes from each place of the text on, as one number, the first byte lowest."""
    return np.ndarray((len(text) - 7,), "<u8", text, strides=(1,))


class _Table:
    """Slices of up to so many words, less one byte, each once, in the order in which they were first seen."""

    def __init__(self, width: int) -> None:
        self._bits = _FIRST_BITS
        self._table = np.full(1 << _FIRST_BITS, -1, np.int32)
        self._known = np.zeros((width, 1 << _FIRST_BITS - _ROOM), np.uint64)
        self.count = 0

    def codes(self, words: list[Words]) -> NDArray[np.int32]:
        """A number for each slice, given as words, the last byte being its length; new slices get the next numbers."""
        slots = self._slots(words)
        codes = self._table[slots]
        unknown = np.flatnonzero(~self._same(codes, words))
        if len(unknown):
            some = [word[unknown] for word in words]
            codes[unknown] = self._added(some, slots[unknown])
        return codes

    def _slots(self, words: list[Words]) -> Numbers:
        mixed = words[0] * _FACTORS[0]
        for word, factor in zip(words[1:], _FACTORS[1:], strict=False):
            mixed ^= word * factor
        mixed ^= mixed >> np.uint64(29)
        mixed *= _FACTORS[-1]
        return (mixed >> np.uint64(64 - self._bits)).astype(np.int64)

    def _same(self, codes: NDArray[np.int32], words: list[Words]) -> NDArray[np.bool_]:
        same = codes >= 0
        for known, word in zip(self._known, words, strict=True):
            same &= known[codes] == word
        return same

    def _added(self, words: list[Words], slots: Numbers) -> NDArray[np.int32]:
        """The numbers of slices that are not at their slots; a slot taken by another slice leads to the next one."""
        codes = np.full(len(slots), -1, np.int32)
        waiting = np.arange(len(slots))
        while len(waiting):
            here = slots[waiting]
            free = self._table[here] < 0
            if not self._claimed([word[waiting[free]] for word in words], here[free]):
                self._grow()
                return self._added(words, self._slots(words))
            found = self._table[here]
            same = self._same(found, [word[waiting] for word in words])
            codes[waiting[same]] = found[same]
            waiting = waiting[~same]
            slots[waiting] = (slots[waiting] + 1) & (len(self._table) - 1)
        return codes

    def _claimed(self, words: list[Words], slots: Numbers) -> bool:
        """Give each of these free slots to one of the slices that want it; False where there is no room for them."""
        wanting = np.arange(len(slots), dtype=np.int32)
        self._table[slots[::-1]] = wanting[::-1]
        winners = np.flatnonzero(self._table[slots] == wanting)
        if self.count + len(winners) > len(self._known[0]):
            return False
        new = np.arange(self.count, self.count + len(winners))
        for known, word in zip(self._known, words, strict=True):
            known[new] = word[winners]
        self._table[slots[winners]] = new
        self.count += len(winners)
        return True

    def _grow(self) -> None:
        self._bits += 2
        if self._bits > _MOST_BITS:
            raise TooManyError
        self._table = np.full(1 << self._bits, -1, np.int32)
        known = self._known[:, : self.count]
        self._known = np.zeros((len(known), len(self._table) >> _ROOM), np.uint64)
        self._known[:, : self.count] = known
        waiting = np.arange(self.count, dtype=np.int32)
        slots = self._slots(list(known))
        while len(waiting):  # they differ from each other, so each needs only a place
            here = slots[waiting]
            free = self._table[here] < 0
            self._table[here[free]] = waiting[free]
            waiting = waiting[self._table[here] != waiting]
            slots[waiting] = (slots[waiting] + 1) & (len(self._table) - 1)

    def texts(self) -> list[bytes]:
        """The slices, in the order of their numbers."""
        rows = np.ascontiguousarray(self._known[:, : self.count].T).astype("<u8").tobytes()
        step = 8 * len(self._known)
        return [rows[at : at + rows[at + step - 1]] for at in range(0, len(rows), step)]


class Slices:
    """All different slices of one or several texts, and a code for each slice, numbered from 0."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._tables = [_Table(width) for width in _WIDTHS]
        self._code_of: list[NDArray[np.int32]] = [np.zeros(0, np.int32) for _ in _WIDTHS]
        self._long: dict[bytes, int] = {}
        self.count = 0

    def codes(self, text: bytes, start: Numbers, length: Numbers) -> NDArray[np.int32]:
        """The code of each slice of a text, which ends with PADDING. TooManyError where there are too many different ones."""
        codes = np.empty(len(start), np.int32)
        left = np.ones(len(start), bool)
        for number, width in enumerate(_WIDTHS):
            fits = left & (length < 8 * width)
            if fits.all():
                return self._of_table(number, text, start, length)
            left &= ~fits
            here = np.flatnonzero(fits)
            if len(here):
                codes[here] = self._of_table(number, text, start[here], length[here])
        here = np.flatnonzero(left)
        places = zip(start[here].tolist(), length[here].tolist(), strict=True)
        codes[here] = [self._of_long(text[at : at + n]) for at, n in places]
        return codes

    def _of_table(self, number: int, text: bytes, start: Numbers, length: Numbers) -> NDArray[np.int32]:
        every = words_at(text)
        words = [every[start + 8 * at] & _KEPT[at][length] for at in range(_WIDTHS[number])]
        words[-1] |= _LENGTHS[length]
        table = self._tables[number]
        found = table.codes(words)
        known = self._code_of[number]
        if table.count > len(known):
            new = np.arange(self.count, self.count + table.count - len(known), dtype=np.int32)
            self._code_of[number] = known = np.append(known, new)
            self._more(len(new))
        return known[found]

    def _of_long(self, text: bytes) -> int:
        code = self._long.get(text)
        if code is None:
            code = self._long[text] = self.count
            self._more(1)
        return code

    def _more(self, by: int) -> None:
        self.count += by
        if self.count > self._most:
            raise TooManyError

    def texts(self) -> list[bytes]:
        """The different slices, by their codes."""
        texts: list[bytes] = [b""] * self.count
        for table, code_of in zip(self._tables, self._code_of, strict=True):
            for code, text in zip(code_of.tolist(), table.texts(), strict=True):
                texts[code] = text
        for text, code in self._long.items():
            texts[code] = text
        return texts
