"""Masters of a file that are written one by one: units, vendors, promotions.

Each row goes through the service by which a form and a command change the same thing, in a transaction
around all of them: what one may not say in a form one may not say in a file.

Decisions
---------
2026-12-01  A cell that says what stands there already says nothing: so a file that was exported changes
nothing when it comes again, not even a promotion that began long ago and could not be promised anew.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from pos_app.files.csv_file import AS_IT_SAYS, Chosen, CsvRow, open_csv
from pos_app.files.refused_rows import RefusedRow
from pos_app.files.sheet import NOTHING, Cells, plain, shown, yes, yes_or_no
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import PartyRole
from pos_app.ledger.permission import Permission
from pos_app.office.bringing.masters import MOST_CHANGES
from pos_app.office.bringing.outcome import Change, Keeps, Outcome, Undo, always, nobody_listens
from pos_app.office.masters import parties, promotion_texts, promotions, units
from pos_app.office.masters.parties import Particulars, RoleTerms
from pos_app.office.office import Office
from pos_app.store.organisation import master_import

Texts = Mapping[str, str]
_ACTIVE: Final = "active"
_EVERY: Final = 200
#: What stands in a cell between lines.
_BETWEEN: Final = "|"


@dataclass(frozen=True)
class Noun:
    """A master whose rows are texts: its columns (the first is the code, `active` comes after them all), what
    stands of one (None: there is none), and how one is added, changed (what is other, and all of it), put
    away and brought back.  `lines` are the columns whose texts have several lines.
    """

    columns: tuple[str, ...]
    codes: Callable[[Office], Iterable[str]]
    stands: Callable[[Office, str], tuple[dict[str, str], bool] | None]
    add: Callable[[Office, str, Texts], object]
    edit: Callable[[Office, str, Texts, Texts], object]
    archive: Callable[[Office, str], object]
    restore: Callable[[Office, str], object]
    lines: frozenset[str] = frozenset()

    @property
    def names(self) -> tuple[str, ...]:
        """The header."""
        return (*self.columns, _ACTIVE)


def rows(office: Office, noun: str) -> Iterable[list[str]]:
    """The cells of everything there is of a noun, as a file has them that is exported."""
    of = NOUNS[noun]
    for code in of.codes(office):
        found = of.stands(office, code)
        if found is not None:
            values, active = found
            yield [*(_cell(of, name, values[name]) for name in of.columns), yes(active)]


def _cell(of: Noun, name: str, text: str) -> str:
    return shown(f" {_BETWEEN} ".join(text.splitlines()) if name in of.lines else text)


def bring(
    office: Office,
    noun: str,
    path: Path,
    *,
    keeps: Keeps = always,
    chosen: Chosen = AS_IT_SAYS,
    say: Callable[[int, int], None] = nobody_listens,
) -> Outcome:
    """Read all rows and write all in one transaction, or nothing of them where `keeps` says so.

    Raises `Refused` for a file that is none of this noun, and when who acts may not.
    """
    of, outcome = NOUNS[noun], Outcome()
    code, *others = of.names
    source = open_csv(path, (code,), (), rare=tuple(others), chosen=chosen)
    if not any(name in source.header for name in others):
        raise Refused("csv-says-nothing", file=source.path.name, wanted=", ".join(others))
    told = frozenset(source.header)
    read = [replace(row, values=_told(row, told)) for row in source.rows()]
    outcome.rows, outcome.notes = len(read), source.notes
    try:
        with office.together(Permission.EDIT_MASTER) as books:
            master_import.lock(books.connection, books.org_id)
            _put_all(office, of, read, outcome, say)
            if not keeps(outcome):
                raise Undo
            count = f"{outcome.imported} imported, {len(outcome.refused)} refused"
            office.note(books, "import", source.path.name, after=count)
        outcome.is_kept = True
    except Undo:
        pass
    return outcome


def _told(row: CsvRow, header: frozenset[str]) -> dict[str, str]:
    return {name: cell for name, cell in row.values.items() if name in header}


def _put_all(
    office: Office, of: Noun, read: list[CsvRow], outcome: Outcome, say: Callable[[int, int], None]
) -> None:
    """Every row once; those that were refused again as long as others came since, for a row may speak of one
    that stands below it.
    """
    waiting, seen, done = read, set[str](), 0
    while waiting:
        refused: list[tuple[CsvRow, RefusedRow]] = []
        for row in waiting:
            try:
                _put(office, of, row, outcome, seen)
            except Refused as error:
                refused.append((row, RefusedRow(row.line_no, error.said)))
            done += 1
            if done % _EVERY == 0:
                say(done, 0)
        if len(refused) == len(waiting):
            break
        waiting = [row for row, _ in refused]
    else:
        refused = []
    outcome.refused += [why for _, why in refused]


def _put(office: Office, of: Noun, row: CsvRow, outcome: Outcome, seen: set[str]) -> None:
    if row.reason:
        raise Refused(row.reason)
    told = {name: _text(of, name, row.values[name]) for name in of.columns if name in row.values}
    code = told.get(of.columns[0], "").strip()
    if not code:
        raise Refused("value-missing", what="The code")
    if code.casefold() in seen:
        raise Refused("row-twice", code=code[:40])
    wants = _wants(row)
    stood = of.stands(office, code)
    if stood is None:
        with office.part():
            of.add(office, code, {name: text for name, text in told.items() if text})
            if wants is False:
                of.archive(office, code)
        outcome.added += 1
    else:
        before, active = stood
        other = {name: text for name, text in told.items() if name != of.columns[0] and text != before[name]}
        with office.part():
            if wants and not active:
                of.restore(office, code)
            if other:
                of.edit(office, code, other, {**before, **told})
            if wants is False and active:
                of.archive(office, code)
        is_moved = wants is not None and wants is not active
        now = of.stands(office, code) if other else stood
        if (now is None or now[0] == before) and not is_moved:
            outcome.unchanged += 1
        elif len(outcome.changes) < MOST_CHANGES:
            outcome.changes.append(_change(code, before, {} if now is None else now[0], active, wants))
    outcome.imported += 1
    seen.add(code.casefold())


def _change(code: str, before: Texts, after: Texts, active: bool, wants: bool | None) -> Change:
    cells = [(name, text, after.get(name, text)) for name, text in before.items()]
    if wants is not None:
        cells.append((_ACTIVE, yes(active), yes(wants)))
    return Change(code, tuple(one for one in cells if one[1] != one[2]))


def _text(of: Noun, name: str, cell: str) -> str:
    text = "" if cell == NOTHING else plain(cell)
    return "\n".join(one.strip() for one in text.split(_BETWEEN) if one.strip()) if name in of.lines else text


def _wants(row: CsvRow) -> bool | None:
    """Whether the row says that it is in use."""
    if _ACTIVE not in row.values:
        return None
    return bool(yes_or_no(_ACTIVE, 1)(row.values[_ACTIVE], Cells(row.line_no, row.values)))


# --- units ----------------------------------------------------------------------------------------------

_UNIT: Final = ("code", "word", "name", "local_name", "decimals", "is")


def _unit(office: Office, code: str) -> tuple[dict[str, str], bool] | None:
    known = units.all_known(office)
    one = known.get(code.upper())
    if one is None:
        return None
    texts = (one.code, one.word, one.name, one.local_name, str(one.decimals), units.so_much(one, known))
    return dict(zip(_UNIT, texts, strict=True)), bool(one.active)


def _said_of_unit(told: Texts) -> units.Said:
    return units.Said(*(told.get(name) for name in _UNIT[1:]))


# --- vendors --------------------------------------------------------------------------------------------

_VENDOR: Final = ("code", "name", "phone", "address", "tax_number", "terms_days")


def _vendor(office: Office, code: str) -> tuple[dict[str, str], bool] | None:
    try:
        shown_ = parties.show(office, code)
    except Refused as error:
        if error.code != "party-unknown":
            raise
        return None
    terms = next((one for one in shown_.party.roles if one.role is PartyRole.VENDOR), None)
    told = shown_.particulars
    texts = (
        shown_.party.code,
        shown_.party.name,
        told.get("phone", ""),
        told.get("address", ""),
        told.get("tax_number", ""),
        # Who is known and no vendor yet becomes one by any number of days.
        "" if terms is None else str(terms.terms_days),
    )
    return dict(zip(_VENDOR, texts, strict=True)), shown_.party.active


def _days(told: Texts) -> int | None:
    text = told.get("terms_days")
    if text is None:
        return None
    if text and not (text.isascii() and text.isdecimal() and len(text) <= 4):
        raise Refused("not-a-number-of-days", text=text[:20])
    return int(text or 0)


def _particulars(told: Texts) -> Particulars:
    return Particulars(told.get("phone"), told.get("address"), told.get("tax_number"))


def _add_vendor(office: Office, code: str, told: Texts) -> None:
    roles = [RoleTerms(PartyRole.VENDOR, _days(told))]
    parties.add_party(office, code, told.get("name", ""), roles, _particulars(told))


def _edit_vendor(office: Office, code: str, told: Texts, _: Texts) -> None:
    roles = [RoleTerms(PartyRole.VENDOR, _days(told))] if "terms_days" in told else []
    parties.edit_party(office, code, name=told.get("name", ""), said_of=_particulars(told), roles=roles)


# --- promotions -----------------------------------------------------------------------------------------


def _promotion(office: Office, code: str) -> tuple[dict[str, str], bool] | None:
    try:
        shown_ = promotions.show(office, code)
    except Refused as error:
        if error.code != "promotion-unknown":
            raise
        return None
    return promotion_texts.texts(office, shown_), shown_.row.ended_us is None


def _restore_promotion(office: Office, code: str) -> None:
    promotions.restore(office, code)


NOUNS: Final = {
    "units": Noun(
        _UNIT,
        lambda office: list(units.all_known(office)),
        _unit,
        lambda office, code, told: units.add(office, code, _said_of_unit(told)),
        lambda office, code, told, _: units.edit(office, code, _said_of_unit(told)),
        units.archive,
        units.restore,
    ),
    "vendors": Noun(
        _VENDOR,
        lambda office: [one.code for one in parties.of_role(office, PartyRole.VENDOR)],
        _vendor,
        _add_vendor,
        _edit_vendor,
        parties.archive,
        parties.restore,
        lines=frozenset({"address"}),
    ),
    "promotions": Noun(
        promotion_texts.NAMES,
        lambda office: [one.row.promotion.code for one in promotions.listed(office)],
        _promotion,
        lambda office, code, told: promotions.add(office, code, promotion_texts.said(office, told, told)),
        lambda office, code, told, whole: promotions.edit(
            office, code, promotion_texts.said(office, told, whole)
        ),
        promotions.archive,
        _restore_promotion,
        lines=frozenset({"products", "categories"}),
    ),
}
