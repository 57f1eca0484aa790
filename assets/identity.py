"""What other publications say of ids: the past that a month's ids are taken from."""

from datetime import UTC, datetime

import pandas as pd

from assets.casebook import couples_decided, members_decided, read_family_confirmations, read_household_decisions
from assets.settings import Settings
from assets.snapshots import read_published
from assets.store import Store
from linkage.decided import Decided
from linkage.identity_events import ids_now
from linkage.ledger import Past


def past_of(store: Store, settings: Settings, month: str) -> Past:
    """The ledgers of the nearest month before, of this month if it was published before, and of the nearest after."""
    months = (store.month_before(month), month, store.month_after(month))
    earlier, own, later = (read_published(store, other, "identity_ledger") for other in months)
    return Past(month, settings.id_key.get_secret_value().encode(), earlier, own, later)


def events_until(store: Store, month: str) -> pd.DataFrame:
    """The identity events of every published month before this one, oldest first."""
    earlier = [read_published(store, other, "identity_events") for other in store.months() if other < month]
    return pd.concat([read_published(store, None, "identity_events"), *earlier], ignore_index=True)


def decided_until(store: Store, month: str, person_events: pd.DataFrame) -> tuple[Decided, pd.DataFrame, pd.DataFrame]:
    """Coordinators' decisions of homes and families, and of whom they are new or undone.

    These are the couples (`left`, `right`), and the people and families (`key`, `id`). All under the ids that this
    month's people and families have.
    """
    homes, families = read_household_decisions(store), read_family_confirmations(store)
    since = made_before(store, month)
    couples, members = couples_decided(store, since), members_decided(store, since)
    if homes.empty and families.empty and couples.empty and members.empty:
        return Decided(), couples, members
    events = pd.concat([events_until(store, month), person_events], ignore_index=True)
    for frame, names in (
        (homes, ("left_person_id", "right_person_id")),
        (families, ("family_id", "person_id")),
        (couples, ("left", "right")),
        (members, ("key", "id")),
    ):
        for name in names:
            frame[name] = ids_now(events, frame[name])
    return Decided(homes, families), couples, members


def made_before(store: Store, month: str) -> datetime | None:
    """When the nearest published month before this one was begun: what people decided since is new to this month."""
    begun = read_published(store, store.month_before(month), "run")["started_at"]
    return begun.iloc[0].to_pydatetime().replace(tzinfo=UTC) if len(begun) else None


def moved_by_people(person_events: pd.DataFrame) -> frozenset[str]:
    """The person ids that this month's changes by people are about."""
    moved = person_events[person_events["cause"].eq("human").fillna(value=False).to_numpy(bool)]
    return frozenset(str(each) for name in ("id", "other_id") for each in moved[name].dropna())
