"""What no schema can say of a month. Results carry counts and never a value; those that block stop publication."""

import json

import dagster as dg
import pandas as pd

from assets.held import HeldTables
from assets.identifiers import shared_identifiers
from assets.matching import DRIFTED
from assets.settings import Settings
from assets.snapshots import read_published
from assets.store import Store
from assets.whereabouts import no_record_tells_where_the_protected_are
from assets.withholding import withholding
from feeds.filled import emptied, filled
from linkage.shipped import borrowed_model
from schemas.registry import PERSON_TABLES, ROSTERS

PARTITION = "dagster/partition"
# Below these, a fall says nothing: small councils and tests have small numbers.
_FEW_ROWS = 100
_FEW_FAMILIES = 20
_FEW_HOMES = 20
NO_LOOKUP = (
    "No postcode lookup is set, so no household or family has a ward; postcode_lookup may name a file of ONS Postcode "
    "Directory columns."
)


def _result(broken: int, told: str, **counts: int) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        passed=broken == 0,
        description=f"{told}." if broken else "As it should be.",
        metadata={"broken": broken, **counts},
    )


def _warning(told: str | None) -> dg.AssetCheckResult:
    """What is said and stops nothing; None where there is nothing to say."""
    return dg.AssetCheckResult(
        passed=told is None,
        severity=dg.AssetCheckSeverity.WARN,
        description=f"{told}." if told else "As it should be.",
    )


@dg.asset_check(asset="deliveries", blocking=True)
@withholding
def some_feed_delivered(deliveries: pd.DataFrame) -> dg.AssetCheckResult:
    """A month for which no feed delivered a usable table is a wrong folder or a wrong month, not a month."""
    used = int(deliveries["status"].eq("used").sum())
    told = "no feed delivered a usable table for this month; look at the landing folder and the month's name"
    return _result(int(used == 0), told, used=used)


@dg.asset_check(asset="deliveries", blocking=True)
@withholding
def volumes_plausible(
    context: dg.AssetCheckExecutionContext,
    deliveries: pd.DataFrame,
    settings: dg.ResourceParam[Settings],
    store: dg.ResourceParam[Store],
) -> dg.AssetCheckResult:
    """A roster that falls by half since it was last used would empty households without anybody having moved."""
    before = last_volumes(store, context.run.tags[PARTITION])
    fallen = fallen_rosters(deliveries, before, settings.volume_fall_pct)
    told = (
        f"{', '.join(fallen)} fell by {settings.volume_fall_pct} % or more since it was last used; if that is right, "
        "run the month with a higher volume_fall_pct"
    )
    return _result(len(fallen), told, compared=len(before))


@dg.asset_check(asset="deliveries", blocking=True)
@withholding
def columns_filled(
    context: dg.AssetCheckExecutionContext, settings: dg.ResourceParam[Settings], store: dg.ResourceParam[Store]
) -> dg.AssetCheckResult:
    """A roster that comes with its rows but without its dates of birth or addresses would take families apart."""
    month = context.run.tags[PARTITION]
    fallen = emptied_columns(store, month, settings.volume_fall_pct)
    told = (
        f"filled in far fewer rows than when last used: {', '.join(fallen)}; see whether the export lost the column or "
        "writes it in another form. If that is right, run the month with a higher volume_fall_pct (100 lets any pass)"
    )
    return _result(len(fallen), told)


def emptied_columns(store: Store, month: str, fall_pct: int) -> list[str]:
    """The telling columns of rosters that fell by so much since the nearest published month before, in words."""
    before = store.month_before(month)
    if before is None or not store.feeds_file.is_file():
        return []
    with store.connect(store.feeds_file) as connection:
        return emptied(filled(connection, before), filled(connection, month), fall_pct)


def last_volumes(store: Store, month: str) -> pd.Series:
    """Accepted rows of each roster (`feed/table`) in the newest published month before that used it."""
    seen = [read_published(store, earlier, "deliveries") for earlier in store.months() if earlier < month]
    used = pd.concat([rows[rows["status"].eq("used")] for rows in seen]) if seen else pd.DataFrame()
    return _accepted(used).groupby("name")["accepted"].last() if len(used) else pd.Series(dtype="Int64")


def fallen_rosters(deliveries: pd.DataFrame, before: pd.Series, fall_pct: int) -> list[str]:
    """The rosters used this month whose rows fell by at least so many per cent."""
    used = deliveries[deliveries["status"].eq("used")]
    now = _accepted(used).set_index("name")["accepted"]
    compared = pd.concat({"before": before, "now": now}, axis=1).dropna()
    fell = (100 * compared["now"] <= (100 - fall_pct) * compared["before"]) & (compared["before"] >= _FEW_ROWS)
    return sorted(compared.index[fell])


def _accepted(used: pd.DataFrame) -> pd.DataFrame:
    """Name and accepted rows of the rosters among delivered tables."""
    named = used.assign(name=used["feed"] + "/" + used["table_name"])
    return named.loc[named["name"].isin({"/".join(key) for key in ROSTERS}), ["name", "accepted"]]


@dg.asset_check(asset="matching")
@withholding
def model_stays(
    context: dg.AssetCheckExecutionContext, matching: pd.DataFrame, store: dg.ResourceParam[Store]
) -> dg.AssetCheckResult:
    """The month is matched by the model of the month before; where it is not, ids may change by that alone."""
    before = read_published(store, store.month_before(context.run.tags[PARTITION]), "run")["model_sha256"]
    other = before[before.ne(matching["model_sha256"].iloc[0])]
    return _warning(another_model(matching, str(other.iloc[0])) if len(other) else None)


def another_model(matching: pd.DataFrame, before: str) -> str:
    """Why another model made the month than the one before's, which has the hash `before`.

    Which data drifted from it; else that the month before was too small for one of its own, or that one was adopted.
    """
    drifted = json.loads(str(matching["counts"].iloc[0])).get(DRIFTED, [])
    other = "one was adopted, or the one before's is not kept any more"
    if before == borrowed_model().sha256:
        other = (
            "the month before had too few records to learn one from, and was matched by the one that comes with Hearth"
        )
    why = "; ".join(drifted) if drifted else other
    return (
        "another model than the month before's made this one, and ids that change though no record of theirs did say "
        f"so as their cause: {why}"
    )


@dg.asset_check(asset="person_records", blocking=True)
@withholding
def nobody_is_two_people(
    context: dg.AssetCheckExecutionContext,
    person_records: pd.DataFrame,
    store: dg.ResourceParam[Store],
) -> dg.AssetCheckResult:
    """No person holds two UPNs, NINOs or NHS numbers, and no pair that must never be joined is joined."""
    broken = shared_identifiers(HeldTables(store, context.run.tags[PARTITION]), person_records)
    told = ", ".join(f"{count} people with more than one {name}" for name, count in broken.items() if count)
    return _result(sum(broken.values()), f"{told}; look at the pairs in links and record a decision", **broken)


@dg.asset_check(asset="person_records", additional_ins={"persons": dg.AssetIn("persons")}, blocking=True)
@withholding
def every_record_has_one_person(person_records: pd.DataFrame, persons: pd.DataFrame) -> dg.AssetCheckResult:
    """Each record stands once, and its person is among the persons."""
    twice = int(person_records.duplicated(["feed", "table_name", "source_id"]).sum())
    lost = int((~person_records["person_id"].isin(persons["person_id"])).sum())
    return _result(twice + lost, "records that stand twice or belong to nobody", twice=twice, lost=lost)


@dg.asset_check(
    asset="family_members",
    additional_ins={"families": dg.AssetIn("families"), "persons": dg.AssetIn("persons")},
    blocking=True,
)
@withholding
def families_are_whole(
    family_members: pd.DataFrame,
    families: pd.DataFrame,
    persons: pd.DataFrame,
    settings: dg.ResourceParam[Settings],
) -> dg.AssetCheckResult:
    """Every member is a known person of a known family, and every family has a child, born or expected."""
    strangers = int((~family_members["person_id"].isin(persons["person_id"])).sum())
    homeless = int((~family_members["family_id"].isin(families["family_id"])).sum())
    childless = 0 if settings.expectant_parents else int(families["children"].eq(0).sum())
    told = "members who are nobody, members of no family, or families without a child"
    return _result(strangers + homeless + childless, told, strangers=strangers, homeless=homeless, childless=childless)


@dg.asset_check(asset="households", blocking=True)
@withholding
def protected_addresses_are_hidden(
    context: dg.AssetCheckExecutionContext, households: pd.DataFrame, store: dg.ResourceParam[Store]
) -> dg.AssetCheckResult:
    """No household that is not itself protected bears the property reference of a protected address."""
    held = HeldTables(store, context.run.tags[PARTITION])
    hidden = pd.concat([frame.loc[frame["protected_address"], "uprn"] for frame in _addressed(held)]).dropna()
    shown = households[~households["protected"] & households["uprn"].isin(hidden)]
    return _result(len(shown), "households that show a protected address", protected=hidden.nunique())


def _addressed(held: HeldTables) -> list[pd.DataFrame]:
    return [held[key] for key in PERSON_TABLES]


@dg.asset_check(asset="households")
@withholding
def wards_are_known(households: pd.DataFrame, settings: dg.ResourceParam[Settings]) -> dg.AssetCheckResult:
    """The postcode lookup knows most of the households' postcodes; one of another place would leave wards empty."""
    if settings.postcode_lookup is None:
        return dg.AssetCheckResult(passed=True, description=NO_LOOKUP)
    return _warning(lost_wards(households))


def lost_wards(households: pd.DataFrame) -> str | None:
    """What to say where the lookup knows fewer than half of the postcodes; None where it knows more, or few are."""
    with_postcode = households[households["postcode"].notna()]
    known = int(with_postcode["ward"].notna().sum())
    if len(with_postcode) < _FEW_HOMES or 2 * known >= len(with_postcode):
        return None
    return (
        f"the postcode lookup knows the ward of {known:,} of {len(with_postcode):,} households with a postcode; see "
        "whether postcode_lookup names the file of another place, or an old one"
    )


@dg.asset_check(asset="cohort", blocking=True)
@withholding
def cohort_not_emptied(
    context: dg.AssetCheckExecutionContext, cohort: pd.DataFrame, store: dg.ResourceParam[Store]
) -> dg.AssetCheckResult:
    """An empty list after a full one is a broken feed or a broken rule, not good news."""
    before = read_published(store, store.month_before(context.run.tags[PARTITION]), "cohort")
    was, now = (int(frame["is_identified"].fillna(value=False).sum()) for frame in (before, cohort))
    told = f"no family is identified, {was} were the month before; look at the deliveries and at the profile"
    return _result(int(now == 0 and was >= _FEW_FAMILIES), told, before=was, now=now)


CHECKS = [
    model_stays,
    some_feed_delivered,
    volumes_plausible,
    columns_filled,
    nobody_is_two_people,
    every_record_has_one_person,
    families_are_whole,
    protected_addresses_are_hidden,
    wards_are_known,
    no_record_tells_where_the_protected_are,
    cohort_not_emptied,
]
