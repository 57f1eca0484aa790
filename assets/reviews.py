"""Questions to people, ranked by what the answer changes."""

from pathlib import Path

import dagster as dg
import pandas as pd

from assets.casebook import read_answers
from assets.facts import FACT_TABLES, facts_of
from assets.history import needs_met_before
from assets.identity import events_until
from assets.partitions import MONTHS
from assets.profiles import profile_of
from assets.settings import Settings
from assets.snapshots import ask, read
from assets.store import Store
from assets.withholding import withholding
from linkage import questions as asking
from linkage.identity_events import resolve
from linkage.mentions import SPEC
from programme.effects import Standing, effects, in_order
from schemas.vocabulary import ReviewKind

GROUP = "programme"
_STANDING = ("needs", "cohort", "attachments", "claims", "baselines")
_OTHERS = ("links", "record_details", "household_members", "doubts", "identity_events")


@dg.asset(
    partitions_def=MONTHS,
    group_name=GROUP,
    deps=[*_STANDING, *_OTHERS, *FACT_TABLES],
    io_manager_key="month_tables",
    description="Doubtful pairs and doubtful households as questions, ranked by what the answer would change.",
)
@withholding
def reviews(
    context: dg.AssetExecutionContext, settings: dg.ResourceParam[Settings], store: dg.ResourceParam[Store]
) -> pd.DataFrame:
    """The month's questions."""
    return questions_of(store, settings, context.partition_key)


_ASKED = """
    SELECT left_feed, left_table, left_id, right_feed, right_table, right_id, weight, decision, decided_by FROM links
    WHERE decision = 'review' OR decided_by = 'clerical'
"""
_PRINTS = "SELECT feed, table_name, source_id, fingerprint FROM record_details"
_MET = "SELECT family_id, criterion_id, state FROM needs WHERE state = 'met'"


def questions_of(store: Store, settings: Settings, month: str) -> pd.DataFrame:
    """The questions of a month in the making, with what each answer would change."""
    file = store.work_file(month)
    asked = _asked(store, settings, month, file)
    attachments, claims = read(store, file, "attachments"), read(store, file, "claims")
    standing = Standing(
        ask(store, file, _MET),
        read(store, file, "cohort"),
        attachments,
        claims,
        read(store, file, "baselines"),
        needs_met_before(store, month, attachments["family_id"]),
    )
    found = effects(
        profile_of(settings),
        asked,
        facts_of(store, settings, month, file=file),
        household_members=read(store, file, "household_members"),
        standing=standing,
        settings=store.engine_settings,
    )
    return in_order(asked.merge(found, on="review_id"))


def _asked(store: Store, settings: Settings, month: str, file: Path) -> pd.DataFrame:
    people, prints = read(store, file, "person_records"), ask(store, file, _PRINTS)
    key, answers = settings.id_key.get_secret_value(), _answers(store, month, file)
    links = ask(store, file, _ASKED)
    pairs = asking.pairs(links, people, prints, key=key, same=SPEC.settings.same, answers=answers)
    homes = asking.households(read(store, file, "doubts"), people, prints, key=key, answers=answers)
    return pd.concat([part for part in (pairs, homes) if len(part)] or [pairs], ignore_index=True)


def _answers(store: Store, month: str, file: Path) -> pd.DataFrame:
    """The answers that stand; of people, under the ids that they bear now."""
    given = read_answers(store)
    of_homes = given["kind"].eq(ReviewKind.HOUSEHOLD.value)
    if not of_homes.any():
        return given
    events = pd.concat([events_until(store, month), read(store, file, "identity_events")], ignore_index=True)
    persons = events[events["kind"].eq("person")]
    named = set(given.loc[of_homes, ["left", "right"]].to_numpy().ravel())
    now = {old: resolve(persons, old).id or old for old in named}
    moved = {side: given[side].mask(of_homes, given[side].map(now)) for side in ("left", "right")}
    return given.assign(**moved)


ASSETS = [reviews]
