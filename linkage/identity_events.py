"""What became of each id in a month, and what an old id has become since."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from linkage.by_people import Why, moved, placed
from linkage.ledger_lines import Lines
from linkage.person_rows import TEXT
from linkage.ranks import repeated

_EVENTS = ["kept", "split", "new", "joined", "gone"]
_MOST_STEPS = 1000


def describe_changes(held: pd.DataFrame, kind: str, lines: Lines, why: Why) -> pd.DataFrame:
    """One row per id of this month or the month before, columns as `schemas.published.IdentityEvent`.

    `held` is `key` and `id` of this month, by their places in `lines`. An id of this month that was there before is
    `kept`; one that was not is `split` from the id under which most of its keys stood, where that lives on, else `new`.
    An id that is there no more has `joined` the id that holds most of its keys, or is `gone`.
    """
    before, size = _before(lines, held["id"]), len(lines.ids)
    is_now, was = _present(held["id"], size), _present(before["id"], size)
    moved = _moved(held, before)
    came = _mostly(moved[is_now[moved["then"]]], "now", "then", size)
    went = _mostly(moved, "then", "now", size)
    other = np.where(is_now & ~was, came, np.where(was & ~is_now, went, -1))
    event = np.select([is_now & was, is_now & (other >= 0), is_now, other >= 0], range(4), default=4)
    # What was said of an id that has joined another is said of that one.
    lives = np.where(event == _EVENTS.index("joined"), other, np.arange(size))
    theirs = _moved_by_people(held, lines, why.decided) | _placed_by_people(held, lines, why.belongs, lives)
    by_people = _touched(held, before, lines, why.human_keys | theirs) & (event != _EVENTS.index("kept"))
    told = np.flatnonzero(is_now | was)
    return pd.DataFrame(
        {
            "month": lines.months.array.take(np.full(len(told), lines.month)),
            "kind": repeated(kind, len(told)),
            "id": lines.ids.array.take(told),
            "event": pd.array(_EVENTS, dtype=TEXT).take(event[told]),
            "other_id": lines.ids.array.take(other[told], allow_fill=True),
            "cause": pd.array(["data", "human"], dtype=TEXT).take(by_people[told].astype(int)),
        }
    )


def _present(ids: pd.Series, size: int) -> npt.NDArray[np.bool_]:
    there = np.zeros(size, bool)
    there[ids] = True
    return there


def _moved(held: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """Keys that stand under another id than before: `now` and `then`."""
    both = held[["key", "id"]].merge(before, on="key").set_axis(["key", "now", "then"], axis=1)
    return both[(both["now"] != both["then"]).to_numpy()]


def _before(lines: Lines, now: pd.Series) -> pd.DataFrame:
    """Keys and ids of the month before, and those that only an earlier publication of this month gave.

    An id that this very month gave and has taken back is said to have gone, however often the month is run.
    """
    own, size = lines.own, len(lines.ids)
    known = _present(lines.earlier["id"], size) | _present(now, size)
    minted = own[(own["first"] == lines.month).to_numpy() & ~known[own["id"]]]
    earlier = lines.earlier[lines.earlier["current"].to_numpy()]
    return pd.concat([earlier, minted], ignore_index=True)[["key", "id"]]


def _mostly(moved: pd.DataFrame, of: str, other: str, size: int) -> npt.NDArray[np.int64]:
    """The other id that shares most keys with each, -1 without one; the smaller id where two share as many."""
    shared = moved.groupby([of, other], sort=True).size().rename("keys").reset_index()
    ranked = shared.sort_values([of, "keys", other], ascending=[True, False, True], kind="stable").drop_duplicates(of)
    mostly = np.full(size, -1, np.int64)
    mostly[ranked[of].to_numpy()] = ranked[other].to_numpy()
    return mostly


def _moved_by_people(held: pd.DataFrame, lines: Lines, decided: pd.DataFrame | None) -> set[str]:
    """The keys of what was decided that stand otherwise than the month before, or than this month when last made."""
    if decided is None or decided.empty:
        return set()
    return moved(decided, *_states(held, lines, pd.concat([decided["left"], decided["right"]])))


def _placed_by_people(
    held: pd.DataFrame, lines: Lines, belongs: pd.DataFrame | None, lives: npt.NDArray[np.int64]
) -> set[str]:
    """The keys of which was said whether they belong to an id, and that come to it or leave it."""
    if belongs is None or belongs.empty:
        return set()
    known = belongs[belongs["id"].isin(lines.ids).to_numpy(bool)]
    sought = known.assign(id=lives[lines.ids.searchsorted(known["id"])])
    return placed(sought, *(each.assign(id=lives[each["id"]]) for each in _states(held, lines, known["key"])))


def _states(held: pd.DataFrame, lines: Lines, keys: pd.Series) -> list[pd.DataFrame]:
    """Under which ids these keys stand now, the month before, and in this month as it was last made."""
    named = lines.keys.isin(keys).to_numpy(bool)
    # A month of which no ledger is held says nothing; one in which a key stands nowhere does.
    others = (part[part["current"].to_numpy()] for part in (lines.earlier, lines.own) if len(part))
    told = [state.loc[named[state["key"]], ["key", "id"]] for state in (held, *others)]
    return [each.assign(key=lines.keys.array.take(each["key"])) for each in told]


def _touched(
    held: pd.DataFrame, before: pd.DataFrame, lines: Lines, human_keys: Collection[str]
) -> npt.NDArray[np.bool_]:
    """Of each id, whether it holds or held one of the keys that people decided about."""
    by_people = lines.keys.isin(list(human_keys)).to_numpy(bool)
    both = pd.concat([held[["key", "id"]], before])
    return _present(both.loc[by_people[both["key"]], "id"], len(lines.ids))


@dataclass(frozen=True)
class Resolution:
    """What an id is now.

    `state` is `lives`, `joined`, `gone` or `unknown`; `id` what it lives on as; `since` the month of its last change.
    """

    asked: str
    state: str
    id: str | None
    since: str | None


def resolve(events: pd.DataFrame, asked: str) -> Resolution:
    """What became of an id, by the `identity_events` of all months up to now."""
    ordered = events.sort_values("month", kind="stable")
    now, since, joined = asked, None, False
    for _ in range(_MOST_STEPS):
        mine = ordered[(ordered["id"] == now).to_numpy(bool)]
        if mine.empty:
            return Resolution(asked, "unknown", None, None)
        last = mine.iloc[-1]
        if last["event"] == "gone":
            return Resolution(asked, "gone", None, last["month"])
        if last["event"] != "joined":
            return Resolution(asked, "joined" if joined else "lives", now, since or _since(mine))
        now, since, joined = last["other_id"], last["month"], True
    return Resolution(asked, "unknown", None, since)


def history(events: pd.DataFrame, asked: str) -> pd.DataFrame:
    """What happened to an id, and to others that joined it or split from it: its `identity_events`, oldest first.

    That it was kept in a month is left out.
    """
    of_it = events["id"].eq(asked) | events["other_id"].eq(asked)
    told = events[(of_it & events["event"].ne("kept")).fillna(value=False).to_numpy(bool)]
    return told.sort_values(["month", "id"], kind="stable", ignore_index=True)


def ids_now(events: pd.DataFrame, asked: pd.Series) -> pd.Series:
    """What each id lives on as, by the `identity_events` of all months up to now; an id that never joined is itself."""
    last = events.sort_values("month", kind="stable").drop_duplicates("id", keep="last")
    joined = last[(last["event"] == "joined").to_numpy(bool)]
    became = dict(zip(joined["id"].astype(str), joined["other_id"].astype(str), strict=True))
    return asked.map({one: _end_of(str(one), became) for one in asked.unique()}).astype(TEXT)


def _end_of(asked: str, became: dict[str, str]) -> str:
    now = asked
    for _ in range(_MOST_STEPS):
        if now not in became:
            break
        now = became[now]
    return now


def _since(mine: pd.DataFrame) -> str | None:
    changed = mine[(mine["event"] != "kept").to_numpy(bool)]
    return None if changed.empty else str(changed["month"].iloc[-1])
