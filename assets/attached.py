"""Families that were taken on, under the ids that they bear now, and what stood when they were."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pandas as pd

from assets.casebook import read_attachments
from assets.facts import facts_of
from assets.identity import events_until
from assets.partitions import as_of
from assets.profiles import profile_of
from assets.settings import Settings
from assets.snapshots import read, read_published
from assets.store import Store
from linkage.identity_events import resolve
from programme import baselines
from programme.standing import standing


def living_families(
    store: Store, month: str, identity_events: pd.DataFrame, family_ids: Iterable[str]
) -> dict[str, str]:
    """Each family id and the id that it bears as of the month: its own, or that of the family that it has joined."""
    events = pd.concat([events_until(store, month), identity_events], ignore_index=True)
    families = events[events["kind"].eq("family")]
    return {old: resolve(families, old).id or old for old in dict.fromkeys(map(str, family_ids))}


def baselines_of(store: Store, settings: Settings, month: str, identity_events: pd.DataFrame) -> pd.DataFrame:
    """What stood at each attachment: as recorded in the month before, and recorded now for those that are new.

    Where two families that were taken on became one, what stood of each is kept as long as its case stands.
    """
    said = read_attachments(store)
    earlier = read_published(store, store.month_before(month), "baselines")
    living = living_families(store, month, identity_events, [*said["family_id"], *earlier["family_id"]])
    cases = _standing(said, living, as_of(month))
    attached = cases.set_index("now")["attached_on"].rename_axis("family_id")
    profile = profile_of(settings)
    kept = baselines.still_asked(profile, _renamed(earlier, living), attached)
    lacking = baselines.unrecorded(profile, kept, attached).rename_axis("now").reset_index()
    wanted = cases.merge(lacking, on=["now", "attached_on"])
    fresh = [
        _recorded(store, settings, each, rows=rows, file=_file(store, month, each))
        for each, rows in _by_month(store, month, wanted)
    ]
    return baselines.merged(kept, pd.concat(fresh) if fresh else kept.head(0))


def _standing(said: pd.DataFrame, living: Mapping[str, str], day: pd.Timestamp) -> pd.DataFrame:
    """The cases that stand, with the id that each family bears `now`; one where two began on a day."""
    cases = said.assign(now=said["family_id"].map(living).astype(said["family_id"].dtype))
    here = standing(cases.assign(family_id=cases["now"]), day).index
    return _own_first(cases.loc[here], cases["now"]).drop_duplicates(["now", "attached_on"])


def _renamed(earlier: pd.DataFrame, living: Mapping[str, str]) -> pd.DataFrame:
    now = earlier["family_id"].map(living).astype(earlier["family_id"].dtype)
    return _own_first(earlier, now).assign(family_id=now)


def _own_first(rows: pd.DataFrame, now: pd.Series) -> pd.DataFrame:
    """What is of a family under its own id before what is of one that became part of it."""
    return rows.loc[now[rows.index].ne(rows["family_id"]).sort_values(kind="stable").index]


def _by_month(store: Store, month: str, wanted: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """Cases by the month that their baseline is taken from, each family once, by the id that it bore `then`.

    That month is the newest published by the month of attachment in which they stand, else the first after it.
    """
    known = {each: _families(store, month, each) for each in (*_before(store, month), month)} if len(wanted) else {}
    ids = zip(wanted["family_id"], wanted["now"], wanted["attached_on"], strict=True)
    taken = pd.Series([_taken_from(known, {old, now}, f"{day:%Y-%m}") for old, now, day in ids], wanted.index, object)
    for each, rows in wanted.assign(taken_from=taken).dropna(subset="taken_from").groupby("taken_from"):
        here = rows["family_id"].where(rows["family_id"].isin(known[str(each)]), rows["now"])
        # A month looks at a family as of one day at a time.
        for _, apart in rows.assign(then=here).groupby(here.groupby(here).cumcount()):
            yield str(each), apart


def _before(store: Store, month: str) -> list[str]:
    return [other for other in store.months() if other < month]


def _taken_from(known: Mapping[str, set[str]], ids: set[str], attached: str) -> str | None:
    by_then = sorted((each for each in known if each <= attached), reverse=True)
    later = sorted(each for each in known if each > attached)
    stands = (each for each in [*by_then, *later] if ids & known[each])
    return next(stands, None)


def _families(store: Store, making: str, month: str) -> set[str]:
    return set(read(store, _file(store, making, month), "families")["family_id"])


def _file(store: Store, making: str, month: str) -> Path:
    return store.work_file(month) if month == making else store.published_file(month)


def _recorded(store: Store, settings: Settings, month: str, *, rows: pd.DataFrame, file: Path) -> pd.DataFrame:
    facts = facts_of(store, settings, month, file=file)
    attached = rows.set_index("then")["attached_on"].rename_axis("family_id")
    seen = baselines.record(profile_of(settings), attached, facts, settings=store.engine_settings)
    return seen.assign(family_id=seen["family_id"].map(rows.set_index("then")["now"]))
