"""How right a published month is, against a truth that is known: a synthetic borough's."""

from pathlib import Path
from typing import Annotated

import pandas as pd
import typer
from rich.table import Table

from assets import samples
from assets.partitions import as_of
from assets.snapshots import read_published
from assets.store import Store
from linkage.evaluation import Accuracy, b_cubed, pairwise, within_household, wrong_records
from linkage.groups import of_records, served
from linkage.household_evaluation import by_majority, compare_families, compare_households
from linkage.lasting import record_keys
from pipelines.commands.console import fail, out, spoken_errors
from pipelines.commands.flags import Month, StoreFolder, settings_with
from pipelines.commands.published import published_month
from pipelines.commands.served import show_groups

TRUTHS = ("person_records", "residence", "families")

app = typer.Typer(help="How right a published month is: against a known truth, by two readings, or by labels.")


@app.callback(invoke_without_command=True)
def evaluate(
    context: typer.Context,
    truth: Annotated[
        Path | None,
        typer.Option(help="Folder of the sealed truth, as `hearth borough` writes it.", show_default=False),
    ] = None,
    month: Month = None,
    store: StoreFolder = None,
) -> None:
    """Hold a published month against a known truth: people, households, families, ids; who is served worse."""
    if context.invoked_subcommand:
        if truth or month or store:
            # Read here they would count for nothing, and another store than the one meant would be read.
            fail(f"Write the flags after the word: hearth evaluate {context.invoked_subcommand} --help tells them.")
        return
    if truth is None:
        fail("Name a known truth with --truth DIR. Where there is none: hearth evaluate draw, read or labels.")
    with spoken_errors():
        opened, chosen = published_month(settings_with(store=store), month)
        missing = [name for name in TRUTHS if not (truth / f"{name}.parquet").is_file()]
        if missing:
            fail(f"{truth} holds no {missing[0]}.parquet; a truth has {', '.join(TRUTHS)}.")
        known = _read_truth(truth)
        _show(chosen, figures(opened, chosen, known))
        show_groups(group_rates(opened, chosen, known), of="records")


def figures(store: Store, month: str, truth: dict[str, pd.DataFrame]) -> dict[str, float]:
    """Every figure of a month by name."""
    records = true_records(store, month, truth)
    there = lived(truth["residence"], month)
    main_home = records["person"].map(there.drop_duplicates("person").set_index("person")["home"]).fillna("")
    found, true = records["person_id"], records["person"]
    homes = compare_households(records.set_index("record")["person"], there, found_homes(store, month, records))
    families = compare_families(true_families(truth, month), found_families(store, month, records), set(true))
    return {
        "records": len(records),
        **_accuracy("people, pairs of records", pairwise(found, true)),
        **_accuracy("people, B-cubed", b_cubed(found, true)),
        "false links inside one household, per 1,000 true pairs": within_household(found, true, main_home),
        "households, pairs of different people: precision": homes.precision,
        "households, pairs of different people: recall": homes.recall,
        "households, pairs of different people: F1": homes.f1,
        "families exactly right, share": families.exact_share,
        **_kept(store, month, truth),
    }


def group_rates(store: Store, month: str, truth: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Of the records missed, and of those falsely joined: the rates of each group, as `linkage.groups.served`."""
    records = true_records(store, month, truth)
    wrong = wrong_records(records["person_id"], records["person"])
    groups = of_records(samples.groups(store, month), records["record"])
    return {kind: served(wrong[kind], groups) for kind in ("missed", "false")}


def _read_truth(folder: Path) -> dict[str, pd.DataFrame]:
    return {name: pd.read_parquet(folder / f"{name}.parquet") for name in TRUTHS}


def _accuracy(of: str, accuracy: Accuracy) -> dict[str, float]:
    return {
        f"{of}: precision": accuracy.precision,
        f"{of}: recall": accuracy.recall,
        f"{of}: F1": accuracy.f1,
    }


def true_records(store: Store, month: str, truth: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """`record`, `person_id` (found) and `person` (true) of each published record that the truth knows."""
    published = read_published(store, month, "person_records")
    known = truth["person_records"]
    newest = known[known["month"] <= month].sort_values("month").assign(record=record_keys)
    true = newest.drop_duplicates("record", keep="last").set_index("record")["true_person_id"]
    found = pd.DataFrame(
        {"record": record_keys(published).astype(str), "person_id": published["person_id"].astype(str)}
    )
    return found.assign(person=found["record"].map(true)).dropna(subset="person").reset_index(drop=True)


def lived(residence: pd.DataFrame, month: str) -> pd.DataFrame:
    """True `person` and `home` on the month's last day."""
    from_on, to_on = (pd.to_datetime(residence[name]) for name in ("from_on", "to_on"))
    there = (from_on <= as_of(month)) & ~(to_on <= as_of(month))
    now = residence[there][["true_person_id", "true_household_id"]].astype(str)
    return now.set_axis(["person", "home"], axis=1).reset_index(drop=True)


def found_homes(store: Store, month: str, records: pd.DataFrame) -> pd.DataFrame:
    """Published `home` of each `record`; `records` as `true_records`."""
    members = read_published(store, month, "household_members")
    current = members[members["to_on"].isna()][["person_id", "household_id"]].astype(str)
    return records.merge(current, on="person_id")[["record", "household_id"]].set_axis(["record", "home"], axis=1)


def true_families(truth: dict[str, pd.DataFrame], month: str) -> pd.DataFrame:
    """True `family`, `person` and `role` of a month."""
    families = truth["families"]
    now = families.loc[families["month"].eq(month), ["true_family_id", "true_person_id", "role"]]
    return now.set_axis(["family", "person", "role"], axis=1)


def found_families(store: Store, month: str, records: pd.DataFrame) -> pd.DataFrame:
    """Published families by the true person whom most records of each member describe; `records` as `true_records`."""
    majority = by_majority(records[["record", "person_id"]], records.set_index("record")["person"])
    members = read_published(store, month, "family_members")[["family_id", "person_id"]].astype(str)
    return members.assign(person=members["person_id"].map(majority)).rename(columns={"family_id": "family"}).dropna()


def _kept(store: Store, month: str, truth: dict[str, pd.DataFrame]) -> dict[str, float]:
    """How many families found exactly in both months keep their id, and how many ids changed for nothing."""
    before = store.month_before(month)
    if before is None:
        return {}
    then, now = (_by_members(store, each, truth) for each in (before, month))
    true_then, true_now = (_true_sets(truth, each) for each in (before, month))
    both = [
        (true_then[name], true_now[name])
        for name in sorted(true_then.keys() & true_now.keys())
        if true_then[name] in then and true_now[name] in now
    ]
    kept = sum(then[old] == now[new] for old, new in both)
    return {
        "families found exactly in both months": len(both),
        "of those, share that keep their id": kept / len(both) if both else float("nan"),
        "ids changed though the family did not": sum(then[old] != now[new] for old, new in both if old == new),
    }


def _by_members(store: Store, month: str, truth: dict[str, pd.DataFrame]) -> dict[frozenset[str], str]:
    found = found_families(store, month, true_records(store, month, truth))
    return {frozenset(people): str(name) for name, people in found.groupby("family")["person"]}


def _true_sets(truth: dict[str, pd.DataFrame], month: str) -> dict[str, frozenset[str]]:
    known = set(truth["person_records"].loc[truth["person_records"]["month"] <= month, "true_person_id"])
    families = true_families(truth, month)
    seen = families[families["person"].isin(known)]
    return {str(name): frozenset(people) for name, people in seen.groupby("family")["person"]}


def _show(month: str, found: dict[str, float]) -> None:
    table = Table(title=f"{month} against the truth", show_header=False, box=None)
    for name, figure in found.items():
        table.add_row(name, f"{figure:,.0f}" if float(figure).is_integer() else f"{figure:.4f}")
    out.print(table)
