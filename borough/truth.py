"""The sealed truth beside the deliveries: who each record is, who lived where, who is whose kin.

Every file is parquet, in `truth/`:

`person_records`: `month` `feed` `table_name` `source_id` `true_person_id`. One row for each delivered row of a table
that describes people, rows that cannot be used included where they have a key.

`people`: `true_person_id` `forename` `middle_names` `surname` `birth_surname` `date_of_birth` (empty while unborn)
`sex` `ethnicity` `name_origin` `born_on` `died_on` `arrived_on` `left_on`. A child who is adopted is two people, one
who left on the day of the adoption and one who arrived on it, because no record may join them.

`dwellings`: `dwelling_id` `kind` `uprn` `postcode` `ward` `address_line_1` `address_line_2` `town`.

`residence`: `true_person_id` `true_household_id` `dwelling_id` `from_on` `to_on` (first day no longer there, empty
while there) `is_second_home`. Homes in other towns are in it, with dwellings of kind `elsewhere`.

`families`: `month` `true_family_id` `true_person_id` `role` (`parent` `adult` `child`). The kin of one household
of the town with a child under 18 on the month's last day. Lodgers, sharers and foster children are of the household,
not of the family.

`relationships`: `true_person_id` `other` `kind` `lives_with`, as of the last month's end. `kind` says what the other
is: `parent` `child` `sibling` `partner` `former_partner` `grandparent` `grandchild` `step_parent` `step_child`.

`adoptions`: `before` `after` `on`. The two people that an adopted child is.
"""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute
import pyarrow.parquet
from numpy.typing import NDArray

from borough.addresses import AddressBook
from borough.chance import Flags, Ints, Texts
from borough.communities import COMMUNITIES
from borough.days import NEVER, UNKNOWN, Month, ages
from borough.luck import Luck
from borough.records import Scribe
from borough.timeline import Timeline
from borough.town import ELSEWHERE, KINDS
from borough.world import World

_FIRST_DAY = -60_000


class Truth:
    """Writes the truth of one borough; ids in it tell nothing and are the same in every file."""

    def __init__(self, world: World, timeline: Timeline, scribe: Scribe, seed: int) -> None:
        self.world = world
        self.timeline = timeline
        self.scribe = scribe
        self.person_ids = _ids(seed, "true person", len(world.people), "t")
        self.household_ids = _ids(seed, "true household", len(world.households), "h")
        self.dwelling_ids = _ids(seed, "true dwelling", len(world.town), "d")

    def write(self, folder: Path, months: list[Month]) -> int:
        """Write everything but the records; returns the number of families in the last month."""
        folder.mkdir(parents=True, exist_ok=True)
        families = [self._families(month) for month in months]
        tables = {
            "people": self._people(months[-1]),
            "dwellings": self._dwellings(),
            "residence": self._residence(),
            "families": pa.concat_tables(families),
            "relationships": self._relationships(months[-1]),
            "adoptions": self._adoptions(),
        }
        for name, table in tables.items():
            pyarrow.parquet.write_table(table, folder / f"{name}.parquet", compression="zstd")
        return len(set(families[-1].column("true_family_id").to_pylist()))

    def records(self, folder: Path, rows: list[tuple[Month, str, str, pa.Array, Ints]]) -> None:
        """Write whose record each delivered row is: month, feed, table, row keys and people."""
        blocks = []
        for month, feed, table, source_ids, people in rows:
            block = pa.table(
                {
                    "month": _repeated(month.name, len(people)),
                    "feed": _repeated(feed, len(people)),
                    "table_name": _repeated(table, len(people)),
                    "source_id": source_ids,
                    "true_person_id": pa.array(self.person_ids[people], pa.string()),
                }
            )
            blocks.append(block.filter(pa.compute.is_valid(block.column("source_id"))))
        joined = pa.concat_tables(blocks).group_by(blocks[0].column_names, use_threads=False).aggregate([])
        pyarrow.parquet.write_table(joined, folder / "person_records.parquet", compression="zstd")

    def _people(self, month: Month) -> pa.Table:
        held, texts = self.world.people, self.scribe.texts
        everyone = np.arange(len(held))
        unborn = held["unborn"] | (held["born"] > month.last)
        return pa.table(
            {
                "true_person_id": _text(self.person_ids),
                "forename": _text(texts[held["forename"]]),
                "middle_names": _text(texts[held["middle"]]),
                "surname": _text(texts[self.timeline.surnames(everyone, month.last)]),
                "birth_surname": _text(texts[held["birth_surname"]]),
                "date_of_birth": _dates(np.where(unborn, UNKNOWN, held["born"])),
                "sex": _text(np.array(["F", "M"], dtype=object)[held["sex"]]),
                "ethnicity": _text(self.scribe.ethnicity),
                "name_origin": _text(np.array(COMMUNITIES.names, dtype=object)[held["community"]]),
                "born_on": _dates(np.where(unborn, UNKNOWN, held["born"])),
                "died_on": _dates(held["died"]),
                "arrived_on": _dates(held["arrived"]),
                "left_on": _dates(held["left"]),
            }
        )

    def _dwellings(self) -> pa.Table:
        town = self.world.town
        full = AddressBook(town).write(np.arange(len(town)), np.zeros(len(town), dtype=np.int64), np.zeros(len(town)))
        wards = np.array([*town.ward_names, ""], dtype=object)
        return pa.table(
            {
                "dwelling_id": _text(self.dwelling_ids),
                "kind": _text(np.array(KINDS, dtype=object)[town.kind]),
                "uprn": _text(town.uprn),
                "postcode": _text(town.postcode),
                "ward": _text(wards[town.ward]),
                "address_line_1": _text(full.line_1),
                "address_line_2": _text(full.line_2),
                "town": _text(town.place),
            }
        )

    def _residence(self) -> pa.Table:
        stays = self.world.stays
        rows = np.flatnonzero(stays["end"] > stays["start"])
        order = rows[np.lexsort((stays["start"][rows], stays["second"][rows], stays["person"][rows]))]
        return pa.table(
            {
                "true_person_id": _text(self.person_ids[stays["person"][order]]),
                "true_household_id": _text(self.household_ids[stays["household"][order]]),
                "dwelling_id": _text(self.dwelling_ids[stays["dwelling"][order]]),
                "from_on": _dates(stays["start"][order]),
                "to_on": _dates(stays["end"][order]),
                "is_second_home": pa.array(stays["second"][order]),
            }
        )

    def _families(self, month: Month) -> pa.Table:
        """Kin by household on the last day of a month, both homes of a child counted."""
        held = self.world.people
        people, homes = self._at_home(month)
        kin = ~held["unrelated"][people]
        people, homes = people[kin], homes[kin]
        child = ages(held["born"][people], month.last) < 18
        count = np.bincount(homes, minlength=len(self.world.households))
        children = np.bincount(homes[child], minlength=len(self.world.households))
        rows = np.flatnonzero((children[homes] > 0) & (count[homes] > 1))
        people, homes, child = people[rows], homes[rows], child[rows]
        parent = self._is_parent_there(people, homes, child, month)
        role = np.select([parent, child], ["parent", "child"], "adult").astype(object)
        order = np.lexsort((people, homes))
        ids = "f" + self.household_ids[homes[order]]
        return pa.table(
            {
                "month": _repeated(month.name, len(order)),
                "true_family_id": _text(ids),
                "true_person_id": _text(self.person_ids[people[order]]),
                "role": _text(role[order]),
            }
        )

    def _at_home(self, month: Month) -> tuple[Ints, Ints]:
        """Everyone with the household they live in, and children of two homes once for each."""
        stays = self.world.stays
        now = np.flatnonzero((stays["start"] <= month.last) & (stays["end"] > month.last))
        now = now[self.world.town.kind[stays["dwelling"][now]] != ELSEWHERE]
        people, homes = stays["person"][now].astype(np.int64), stays["household"][now].astype(np.int64)
        _, first = np.unique(people * 4_000_000 + homes, return_index=True)
        keep = np.sort(first)
        return people[keep], homes[keep]

    def _is_parent_there(self, people: Ints, homes: Ints, child: Flags, month: Month) -> Flags:
        """Whether someone is mother, father or such a parent's partner to a child of this household."""
        held = self.world.people
        here = set()
        for name in ("mother", "father"):
            known = child & (held[name][people] >= 0)
            here |= set((homes[known] * 10_000_000 + held[name][people[known]]).tolist())
        partner = self.timeline.partners(month.last)
        own = homes * 10_000_000 + people
        through = homes * 10_000_000 + np.maximum(partner[people], 0)
        pairs = np.fromiter(here, dtype=np.int64, count=len(here))
        return np.asarray(np.isin(own, pairs) | ((partner[people] >= 0) & ~child & np.isin(through, pairs)))

    def _relationships(self, month: Month) -> pa.Table:
        held, everyone = self.world.people, np.arange(len(self.world.people))
        mother, father = held["mother"].astype(np.int64), held["father"].astype(np.int64)
        partner = self.timeline.partners(month.last)
        blocks: list[tuple[Ints, Ints, str]] = []
        for parent in (mother, father):
            known = np.flatnonzero(parent >= 0)
            blocks += [(known, parent[known], "parent"), (parent[known], known, "child")]
            for above in (mother, father):
                grand = np.where(parent >= 0, above[np.maximum(parent, 0)], -1)
                rows = np.flatnonzero(grand >= 0)
                blocks += [(rows, grand[rows], "grandparent"), (grand[rows], rows, "grandchild")]
            step = np.where(parent >= 0, partner[np.maximum(parent, 0)], -1)
            rows = np.flatnonzero((step >= 0) & (step != mother) & (step != father) & ~held["unborn"])
            blocks += [(rows, step[rows], "step_parent"), (step[rows], rows, "step_child")]
        paired = np.flatnonzero(partner >= 0)
        blocks.append((paired, partner[paired], "partner"))
        blocks += self._former_partners(month)
        blocks += [(*_siblings(parent, everyone), "sibling") for parent in (mother, father)]
        one, other = (np.concatenate([block[side] for block in blocks]).astype(np.int64) for side in (0, 1))
        kind = np.concatenate([np.full(len(block[0]), block[2], dtype=object) for block in blocks])
        code = np.unique(kind.astype(str), return_inverse=True)[1]
        first = _distinct(one, other, code)
        one, other, kind = one[first], other[first], kind[first]
        return pa.table(
            {
                "true_person_id": _text(self.person_ids[one]),
                "other": _text(self.person_ids[other]),
                "kind": _text(kind),
                "lives_with": pa.array(self._together(one, other, month)),
            }
        )

    def _former_partners(self, month: Month) -> list[tuple[Ints, Ints, str]]:
        couples = self.world.couples
        over = np.flatnonzero(couples["end"] <= month.last)
        women, men = couples["woman"][over].astype(np.int64), couples["man"][over].astype(np.int64)
        return [(women, men, "former_partner"), (men, women, "former_partner")]

    def _together(self, one: Ints, other: Ints, month: Month) -> Flags:
        homes = self.timeline.households(np.arange(len(self.world.people)), month.last)
        second = np.where(homes >= 0, self.world.people["second_household"], -1)
        main = (homes[one] >= 0) & (homes[one] == homes[other])
        return np.asarray(
            main
            | ((second[one] >= 0) & (second[one] == homes[other]))
            | ((second[other] >= 0) & (second[other] == homes[one]))
        )

    def _adoptions(self) -> pa.Table:
        adoptions = self.world.adoptions
        return pa.table(
            {
                "before": _text(self.person_ids[adoptions["before"]]),
                "after": _text(self.person_ids[adoptions["after"]]),
                "on": _dates(adoptions["on"]),
            }
        )


def _distinct(one: Ints, other: Ints, code: Ints) -> Ints:
    """Each (one, other, kind) once, in order."""
    order = np.lexsort((code, other, one))
    new = np.ones(len(order), dtype=bool)
    new[1:] = (np.diff(one[order]) != 0) | (np.diff(other[order]) != 0) | (np.diff(code[order]) != 0)
    return order[new]


def _siblings(parent: Ints, everyone: Ints) -> tuple[Ints, Ints]:
    """Every ordered pair of children of one parent."""
    children = everyone[parent >= 0]
    order = children[np.argsort(parent[children], kind="stable")]
    keys = parent[order]
    pairs: list[tuple[Ints, Ints]] = []
    for gap in range(1, 12):
        same = keys[gap:] == keys[:-gap]
        if not same.any():
            break
        pairs += [(order[gap:][same], order[:-gap][same]), (order[:-gap][same], order[gap:][same])]
    empty = np.empty(0, dtype=np.int64)
    return tuple(np.concatenate([empty, *[pair[side] for pair in pairs]]) for side in (0, 1))  # type: ignore[return-value]


def _ids(seed: int, subject: str, count: int, prefix: str) -> Texts:
    return np.asarray(prefix + Luck.about(seed, subject, np.arange(count, dtype=np.int64)).codes(14))


def _text(values: Texts) -> pa.Array:
    return pa.array(values, pa.string())


def _repeated(value: str, count: int) -> pa.Array:
    return pa.array(np.full(count, value, dtype=object), pa.string())


def _dates(days: NDArray[np.integer]) -> pa.Array:
    """Dates; null for a day that is unknown or never comes."""
    missing = (days <= UNKNOWN) | (days >= NEVER) | (days < _FIRST_DAY)
    return pa.array(days.astype(np.int32), mask=missing).cast(pa.date32())
