"""Records of people as an agency writes them: the truth as it last heard it, with that record's own mistakes.

A record draws its luck once; month after month it makes the same mistakes, until what it describes changes.
"""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from borough import mistakes
from borough.addresses import Address, AddressBook
from borough.chance import Flags, Ints, Texts
from borough.communities import COMMUNITIES
from borough.days import NEVER, UNKNOWN, from_parts, parts
from borough.habits import Habits
from borough.luck import Luck
from borough.timeline import Timeline
from borough.town import REFUGE
from borough.world import World

_SEXES = np.array(["F", "M"], dtype=object)


class Scribe:
    """Writes person and address columns for any agency."""

    def __init__(self, world: World, timeline: Timeline) -> None:
        self.world = world
        self.timeline = timeline
        self.book = AddressBook(world.town)
        self.texts = world.lexicon.texts
        self.plain_texts = np.array([mistakes.plain(text) for text in self.texts], dtype=object)
        self.siblings = _siblings(world)
        self.ethnicity = _ethnicity(world)
        self.hidden = _hidden(world)
        self._child = _youngest_child(world)

    def child_of(self, people: Ints) -> Ints:
        """A child of each person, the youngest known, or -1."""
        return np.asarray(self._child[people])

    def person(self, people: Ints, as_of: Ints | int, luck: Luck, habits: Habits) -> dict[str, NDArray[Any]]:
        """The PERSON columns of records about these people, with names as they were on `as_of`."""
        forename, surname, middle = self._names(people, as_of, luck, habits)
        held = self.world.people
        sex = _SEXES[np.where(luck.fails("sex_wrong", habits.sex_wrong), 1 - held["sex"][people], held["sex"][people])]
        codes = self.ethnicity[people]
        codes[(codes == "CHNE") & luck.fails("ethnicity misspelt", habits.ethnicity_misspelt)] = "CNHE"
        return {
            "forename": forename,
            "middle_names": middle,
            "surname": surname,
            "date_of_birth": self.born(people, luck, habits),
            "sex": np.where(luck.fails("sex_missing", habits.sex_missing), "", sex).astype(object),
            "ethnicity": np.where(luck.fails("ethnicity_missing", habits.ethnicity_missing), "", codes).astype(object),
        }

    def born(self, people: Ints, luck: Luck, habits: Habits) -> NDArray[np.int32]:
        """Dates of birth with the usual mistakes; `UNKNOWN` where missing."""
        held = self.world.people
        right = held["born"][people].astype(np.int32)
        year, month, date = parts(right)
        swappable = (date <= 12) & (date != month)
        sibling = self.siblings[people]
        digits = np.minimum(date, 28)
        other = np.where(digits % 10 == digits // 10, digits, (digits % 10) * 10 + digits // 10)
        near = np.where(luck.of("which") < 0.5, -1, 1)
        born = np.where(
            luck.fails("born_siblings", habits.born_siblings) & (sibling >= 0),
            held["born"][np.maximum(sibling, 0)],
            right,
        )
        for name, rate, flags, wrong in (
            (
                "born_swapped",
                habits.born_swapped,
                swappable,
                (year, np.where(swappable, date, month), np.where(swappable, month, date)),
            ),
            ("born_year", habits.born_year, True, (year + near, month, np.minimum(date, 28))),
            (
                "born_digit",
                habits.born_digit,
                True,
                (year, month, np.where((other >= 1) & (other <= 28), other, digits)),
            ),
            ("born_january", habits.born_january, True, (year, np.ones_like(month), np.ones_like(date))),
        ):
            born = np.where(luck.fails(name, rate) & flags, from_parts(*wrong), born)
        born = np.where(luck.fails("born_missing", habits.born_missing), UNKNOWN, born)
        return np.where(born >= NEVER, UNKNOWN, born).astype(np.int32)

    def address(self, people: Ints, as_of: Ints | int, luck: Luck, habits: Habits) -> dict[str, NDArray[Any]]:
        """The ADDRESS columns: where each person lived on `as_of`, or before it where the record is stale."""
        when = np.broadcast_to(np.asarray(as_of), np.shape(people)).astype(np.int64)
        fresh = self.timeline.stays(people, when)
        start = np.where(fresh >= 0, self.world.stays["start"][fresh], 0)
        old = self.timeline.stays(people, start - 1)
        stale = luck.fails("address_old", habits.address_old) & (old >= 0)
        rows = np.where(stale, old, fresh)
        known = (rows >= 0) & ~luck.fails("address_missing", habits.address_missing)
        rows = np.maximum(rows, 0)
        stays = self.world.stays
        rooms = self.world.households["room"][stays["household"][rows]]
        written = self.book.write(np.where(known, stays["dwelling"][rows], -1), rooms, luck.of("how"))
        hidden_from = self.world.households["hidden_from"][stays["household"][rows]]
        hidden = (hidden_from <= when) & (hidden_from <= stays["start"][rows])
        hidden |= self.world.town.kind[stays["dwelling"][rows]] == REFUGE
        return self._miswritten(written, luck, habits) | {
            "protected_address": np.where(known & hidden, "Y", habits.unprotected).astype(object)
        }

    def _miswritten(self, written: Address, luck: Luck, habits: Habits) -> dict[str, NDArray[Any]]:
        line_1, postcode = written.line_1.copy(), written.postcode.copy()
        where = luck.of("where")
        for row in np.flatnonzero(luck.fails("address_slip", habits.address_slip)):
            line_1[row] = mistakes.slip(line_1[row], float(where[row]))
        for row in np.flatnonzero(luck.fails("postcode_slip", habits.postcode_slip)):
            postcode[row] = _postcode_slip(postcode[row], float(where[row]))
        untidy = np.flatnonzero(luck.fails("postcode_untidy", habits.postcode_untidy))
        postcode[untidy] = [_untidy(postcode[row], float(where[row])) for row in untidy]
        postcode[luck.fails("postcode_missing", habits.postcode_missing)] = ""
        uprn = written.uprn.copy()
        uprn[luck.fails("uprn_missing", habits.uprn_missing)] = ""
        filler = np.flatnonzero(luck.fails("uprn_filler", habits.uprn_filler))
        uprn[filler] = [_filler(uprn[row], float(where[row])) for row in filler]
        texts = {"address_line_1": line_1, "address_line_2": written.line_2, "town": written.town, "postcode": postcode}
        if habits.upper:
            texts = {name: upper(column) for name, column in texts.items()}
        return {**texts, "uprn": uprn}

    def _names(self, people: Ints, as_of: Ints | int, luck: Luck, habits: Habits) -> tuple[Texts, Texts, Texts]:
        held, texts = self.world.people, self.plain_texts if habits.plain else self.texts
        current = self.timeline.surnames(people, as_of)
        former = luck.fails("former_surname", habits.former_surname)
        surname_numbers = np.where(former, held["birth_surname"][people], current)
        middle_numbers = held["middle"][people]
        forename, surname = texts[held["forename"][people]], texts[surname_numbers]
        middle = np.where(luck.fails("middle_missing", habits.middle_missing), "", texts[middle_numbers]).astype(object)
        before = np.isin(held["forename"][people], _written_before(self.world))
        called = luck.fails("called_by_middle", habits.called_by_middle) & before & (middle_numbers > 0)
        forename, middle = (
            np.where(called, texts[middle_numbers], forename),
            np.where(called, "", middle).astype(object),
        )
        return self._misspelt(forename.astype(object), surname.astype(object), middle, luck, habits)

    def _misspelt(
        self, forename: Texts, surname: Texts, middle: Texts, luck: Luck, habits: Habits
    ) -> tuple[Texts, Texts, Texts]:
        where, which = luck.of("where"), luck.of("which")
        for row in np.flatnonzero(luck.fails("short_form", habits.short_form)):
            forename[row] = mistakes.short_form(forename[row], float(where[row]))
        for name, rate, change in (
            ("other_spelling", habits.other_spelling, mistakes.other_spelling),
            ("punctuation", habits.punctuation, mistakes.punctuated_otherwise),
            ("by_ear", habits.by_ear, mistakes.by_ear),
            ("slip", habits.slip, mistakes.slip),
        ):
            for row in np.flatnonzero(luck.fails(name, rate)):
                side = surname if which[row] < 0.55 or name == "punctuation" else forename
                side[row] = change(side[row], float(where[row]))
        _mononyms(forename, surname, which)
        swapped = np.flatnonzero(luck.fails("swapped", habits.swapped) & (surname != ""))
        forename[swapped], surname[swapped] = surname[swapped].copy(), forename[swapped].copy()
        if habits.upper:
            return upper(forename), upper(surname), upper(middle)
        return forename, surname, middle


def _mononyms(forename: Texts, surname: Texts, which: NDArray[np.float64]) -> None:
    """People of one name: written as forename, as surname, or twice."""
    for row in np.flatnonzero(surname == ""):
        if which[row] > 0.7:
            surname[row] = forename[row]
        elif which[row] > 0.45:
            surname[row], forename[row] = forename[row], ""


def upper(texts: Texts) -> Texts:
    """Texts in capitals."""
    return np.asarray(pc.utf8_upper(pa.array(texts, pa.string())).to_numpy(zero_copy_only=False))


def _written_before(world: World) -> Ints:
    names = ("Mohammed", "Muhammad", "Mohammad", "Abdul", "Syed", "Raja", "Ghulam", "Md", "Shah", "Abu")
    return world.lexicon.numbers(list(names))


def _youngest_child(world: World) -> Ints:
    held = world.people
    out = np.full(len(held), -1)
    order = np.argsort(held["born"], kind="stable")
    order = order[~held["unborn"][order]]
    for parent in ("father", "mother"):
        known = order[held[parent][order] >= 0]
        out[held[parent][known]] = known
    return out


def _hidden(world: World) -> Flags:
    """Dwellings whose address nobody may tell: the refuge, and homes of those who came from it."""
    out = world.town.kind == REFUGE
    stays, hidden_from = world.stays, world.households["hidden_from"]
    secret = hidden_from[stays["household"]] <= stays["start"]
    out[stays["dwelling"][secret]] = True
    return np.asarray(out)


def _ethnicity(world: World) -> Texts:
    """The DfE code each person gives for themselves; some are not asked or would rather not say."""
    people = world.people
    codes = np.array(COMMUNITIES.ethnicity, dtype=object)[people["community"]]
    told = Luck(np.arange(len(people), dtype=np.int64)).of("ethnicity")
    mixed = codes == "MOTH"
    codes[mixed] = np.array(["MWBC", "MWAS", "MWBA", "MOTH"], dtype=object)[(told[mixed] * 3.999).astype(int)]
    codes[told > 0.985] = "REFU"
    codes[told > 0.992] = "NOBT"
    return np.asarray(codes)


def _siblings(world: World) -> Ints:
    """For each person a brother or sister of the same mother, or -1."""
    mother = world.people["mother"]
    order = np.lexsort((np.arange(len(mother)), mother))
    out = np.full(len(mother), -1)
    same = (mother[order][1:] == mother[order][:-1]) & (mother[order][1:] >= 0)
    out[order[1:][same]] = order[:-1][same]
    out[order[:-1][same]] = order[1:][same]
    return out


def _postcode_slip(postcode: str, luck: float) -> str:
    """Another postcode close by, as a wrong last letter makes it."""
    return postcode[:-1] + "ABDEFGHJL"[int(luck * 9)] if postcode else postcode


def _untidy(postcode: str, luck: float) -> str:
    return postcode.replace(" ", "") if luck < 0.6 else postcode.lower() if luck < 0.8 else postcode.replace(" ", "  ")


def _filler(uprn: str, luck: float) -> str:
    """What systems put in place of a property number."""
    if luck < 0.4:
        return "-1"
    return "1.0" if luck < 0.55 else f"{uprn}.0" if uprn else "0"
