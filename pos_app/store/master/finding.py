"""Finding products and parties on a till by what somebody typed: the index gives candidates, the words
decide.

Decisions
---------
2026-12-01  What sells here comes first, then what begins with the words, the shorter names before the longer.
bm25 is not asked: it counts every row that has a word before it gives the first (40 to 85 ms for a common
word among 500,000), and of three letters in a row it says little more than how long a name is.  So the index
is read only as far as a few hundred candidates, first of those in which every word begins one.

2026-12-01  A word of two letters is in the index as the beginning of three, for each letter that may follow;
a word of one letter as the beginning of a word.  Only short words of other scripts are looked for row by row.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection

from pos_app.ledger import wanted_words
from pos_app.ledger.line import PartyRole
from pos_app.ledger.wanted_words import LEAST_GUESSED, searched
from pos_app.store.engine.engine import quick
from pos_app.store.schema.finding_index import PARTIES, PRODUCTS, FindingIndex

#: So many candidates are looked at, of each way of asking.
_MOST: Final = 300
#: Guesses are more, for most of them are wrong.
_MOST_GUESSED: Final = 400
#: So many words are asked of the index, the longest first; the others are looked for in what it gives.
_MOST_ASKED: Final = 5
_LEAST_INDEXED: Final = 3
#: What may follow two letters of a folded text that is plain ASCII.
_FOLLOWING: Final = tuple(map(chr, (*range(32, 65), *range(91, 127))))
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz0123456789"

_ACTIVE_PRODUCTS: Final = (
    "FROM {index} CROSS JOIN product AS t ON t.org_id = ? AND t.product_id = {index}.rowid AND t.active = 1"
)
_ACTIVE_PARTIES: Final = (
    "FROM {index} CROSS JOIN party AS t ON t.org_id = ? AND t.party_id = {index}.rowid AND t.active = 1"
    " CROSS JOIN party_role AS r ON r.org_id = t.org_id AND r.party_id = t.party_id AND r.role = ?"
    " AND r.active = 1"
)

Candidate = tuple[int, str]


def product_keys(
    connection: Connection, org_id: int, words: Sequence[str], sells: Mapping[int, int], limit: int
) -> list[int]:
    """The keys of active products that have all the words (`wanted_words.wanted`), best first; where there is
    none, of what is a slip away from them.  `sells` says how well some of them sell here.
    """
    look = _Look(connection, PRODUCTS, _ACTIVE_PRODUCTS, (org_id,), words)
    first = list(_those_that_sell(connection, org_id, sells))
    for fits, others in ((wanted_words.holds, look.holding), (wanted_words.nearly, look.guessed)):
        best = [(key, text) for key, text in first if fits(text, words)]
        best.sort(key=lambda one: (not _is_code(one, words), -sells[one[0]], one[1]))
        found = dict.fromkeys(key for key, _ in best[:limit])
        if len(found) < limit:
            found |= dict.fromkeys(look.ranked(others(limit)))
        if found:
            return list(found)[:limit]
    return []


def party_keys(
    connection: Connection, org_id: int, role: PartyRole, words: Sequence[str], limit: int
) -> list[int]:
    """The keys of active parties in a role who have all the words, as of `product_keys`."""
    look = _Look(connection, PARTIES, _ACTIVE_PARTIES, (org_id, role.value), words)
    found = look.ranked(look.holding(limit)) or look.ranked(look.guessed(limit))
    return found[:limit]


def _those_that_sell(connection: Connection, org_id: int, sells: Mapping[int, int]) -> Iterator[Candidate]:
    if not sells:
        return
    rows = quick(
        connection,
        "SELECT product_id, name, sku FROM product WHERE org_id = ? AND active = 1"
        f" AND product_id IN ({', '.join('?' * len(sells))})",
        org_id,
        *sells,
    )
    for row in rows:
        yield int(row[0]), searched(*row[1:])


def _is_code(candidate: Candidate, words: Sequence[str]) -> bool:
    """Whether it ends with the only word: its own code, typed whole."""
    return len(words) == 1 and candidate[1].endswith(f" {words[0]} ")


class _Look:
    """One question to an index."""

    def __init__(
        self,
        connection: Connection,
        index: FindingIndex,
        source: str,
        values: tuple[object, ...],
        words: Sequence[str],
    ) -> None:
        self._connection, self._index, self._words = connection, index, words
        columns = ", ".join(f"t.{column}" for column in (index.key, *index.columns))
        self._select = f"SELECT {columns} {source.format(index=index.name)}"
        self._values = values

    def holding(self, limit: int) -> Iterable[Candidate]:
        """Candidates that have all the words, first those in which a word begins with each."""
        asked = [word for word in self._words if word.isascii() or len(word) >= _LEAST_INDEXED]
        asked = sorted(asked, key=len, reverse=True)[:_MOST_ASKED]
        if not asked:
            return self._read_all()
        begun = self._matching([_beginning(word) for word in asked], _MOST)
        fits = {key: text for key, text in begun if wanted_words.holds(text, self._words)}
        if len(fits) < limit and any(len(word) > 1 for word in asked):
            within = self._matching([_within(word) for word in asked], _MOST)
            fits |= {key: text for key, text in within if wanted_words.holds(text, self._words)}
        return fits.items()

    def guessed(self, limit: int) -> Iterable[Candidate]:
        """Candidates that are a slip away from the words."""
        asked = [word for word in self._words if len(word) >= _LEAST_INDEXED]
        asked = sorted(asked, key=len, reverse=True)[:_MOST_ASKED]
        if not any(map(wanted_words.is_guessed, asked)):
            return ()
        near = self._matching([_around(word) for word in asked], _MOST_GUESSED)
        return [(key, text) for key, text in near if wanted_words.nearly(text, self._words)]

    def ranked(self, candidates: Iterable[Candidate]) -> list[int]:
        """Their keys, those that begin with the words first."""
        words = self._words

        def place(candidate: Candidate) -> tuple[object, ...]:
            text = candidate[1]
            starts = text.startswith(f" {words[0]}")
            is_begun = wanted_words.begin(text, words)
            return not _is_code(candidate, words), not is_begun, not starts, len(text), text, candidate[0]

        return [key for key, _ in sorted(candidates, key=place)]

    def _matching(self, groups: Sequence[str], most: int) -> list[Candidate]:
        match = " AND ".join(f"({group})" for group in groups)
        statement = f"{self._select} WHERE {self._index.name} MATCH ? LIMIT {most}"
        return _candidates(quick(self._connection, statement, *self._values, match))

    def _read_all(self) -> list[Candidate]:
        text = self._index.words("t")
        within = " AND ".join(f"instr({text}, ?) > 0" for _ in self._words)
        statement = f"{self._select} WHERE {within} LIMIT {_MOST}"
        rows = quick(self._connection, statement, *self._values, *self._words)
        return [one for one in _candidates(rows) if wanted_words.holds(one[1], self._words)]


def _candidates(rows: Any) -> list[Candidate]:
    return [(int(row[0]), searched(*row[1:])) for row in rows]


def _having(letters: str) -> str:
    """What asks for texts with all of these letters, by threes; in quotes nothing means anything to FTS5."""
    last = len(letters) - _LEAST_INDEXED
    threes = dict.fromkeys(letters[at : at + _LEAST_INDEXED] for at in (*range(0, last, 3), last))
    quoted = " AND ".join('"' + three.replace('"', '""') + '"' for three in threes)
    return f"({quoted})" if len(threes) > 1 else quoted


def _any(letters: Iterable[str]) -> str:
    return " OR ".join(map(_having, dict.fromkeys(letters)))


def _beginning(word: str) -> str:
    """What asks the index for texts in which a word begins so."""
    if len(word) == 1:
        return _any(f" {word}{following}" for following in _FOLLOWING)
    return _having(f" {word}")


def _within(word: str) -> str:
    """What asks the index for texts that have the word anywhere."""
    if len(word) >= _LEAST_INDEXED:
        return _having(word)
    before = " " if len(word) == 1 else ""
    return _any(f"{before}{word}{following}" for following in _FOLLOWING)


def _around(word: str) -> str:
    """What asks the index for texts in which a word may begin so, but for one slip.

    Wherever the slip is, what stands before it and what stands behind it is right: of a long word a half of
    it is in the index, of a short one the slips in its middle are asked for one by one.
    """
    swapped = (f" {word[:at]}{word[at + 1]}{word[at]}{word[at + 2 :]}" for at in range(len(word) - 1))
    if not wanted_words.is_guessed(word):
        return _having(word)
    if len(word) > LEAST_GUESSED + 1:
        half = len(word) // 2
        return _any((f" {word[:half]}", word[half:], *swapped))
    ways = [f" {word[:3]}", word[1:], *swapped]
    ways += [f" {word[:2]}{letter}{word[3:]}" for letter in _LETTERS]
    ways.append(f" {word[:2]}{word[3:]}")
    if len(word) == LEAST_GUESSED:
        ways += [f" {word[:1]}{letter}{word[2:]}" for letter in _LETTERS]
        ways += [f" {word[:2]}{letter}{word[2:]}" for letter in _LETTERS]
        ways.append(f" {word[:1]}{word[2:]}")
    else:
        ways.append(word[2:])
    return _any(ways)
