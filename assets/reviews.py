"""Questions to people, ranked by what the answer changes."""

import dagster as dg
import pandas as pd

from assets.casebook import read_decisions
from assets.facts import FACT_TABLES, facts_of
from assets.history import needs_met_before
from assets.partitions import MONTHS
from assets.profiles import profile_of
from assets.settings import Settings
from assets.snapshots import ask, read
from assets.store import Store
from assets.withholding import withholding
from linkage import questions as asking
from programme.effects import Standing, effects, in_order

GROUP = "programme"
_STANDING = ("needs", "cohort", "attachments", "claims")
_OTHERS = ("links", "record_details", "household_members")


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
    SELECT left_feed, left_table, left_id, right_feed, right_table, right_id, weight, decision FROM links
    WHERE decision = 'review' OR decided_by = 'clerical'
"""
_PRINTS = "SELECT feed, table_name, source_id, fingerprint FROM record_details"
_MET = "SELECT family_id, criterion_id, state FROM needs WHERE state = 'met'"


def questions_of(store: Store, settings: Settings, month: str) -> pd.DataFrame:
    """The questions of a month in the making, with what each answer would change."""
    file = store.work_file(month)
    asked = asking.pairs(
        ask(store, file, _ASKED),
        read(store, file, "person_records"),
        ask(store, file, _PRINTS),
        key=settings.id_key.get_secret_value(),
        decisions=read_decisions(store),
    )
    attachments, claims = read(store, file, "attachments"), read(store, file, "claims")
    standing = Standing(
        ask(store, file, _MET),
        read(store, file, "cohort"),
        attachments,
        claims,
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


ASSETS = [reviews]
