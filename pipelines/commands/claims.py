"""Claims: listed, sampled for a spot check, proven by an evidence pack, and what they will bring."""

from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from assets.settings import Settings
from assets.snapshots import read_published
from pipelines.commands.claim_papers import pack_of
from pipelines.commands.console import fail, out, spoken_errors
from pipelines.commands.flags import Month, ProfileName, StoreFolder, settings_with
from pipelines.commands.plain import show
from pipelines.commands.published import published_month
from programme import evidence, fees, sampling
from programme.profile import Profile, load, shipped_directory
from reports.evidence_pack import as_pdf

app = typer.Typer(no_args_is_help=True, help="Claims: list, spot-check sample, evidence packs, forecast.")


def _profile(settings: Settings) -> Profile:
    return load(settings.profile, directories=[shipped_directory()])


@app.command("list")
def list_claims(month: Month = None, store: StoreFolder = None) -> None:
    """Print the claims of a published month, with their warnings."""
    with spoken_errors():
        opened, chosen = published_month(settings_with(store=store), month)
        show(read_published(opened, chosen, "claims"), f"No claims in {chosen}.")


@app.command()
def sample(
    size: Annotated[str, typer.Option(help="Share of each route, as 10%.")] = "10%",
    seed: Annotated[int, typer.Option(help="The same seed draws the same sample.")] = 1,
    month: Month = None,
    store: StoreFolder = None,
) -> None:
    """Draw a spot-check sample of the standing claims, stratified by route."""
    with spoken_errors():
        opened, chosen = published_month(settings_with(store=store), month)
        drawn = sampling.sample(read_published(opened, chosen, "claims"), percent=_percent(size), seed=seed)
        show(drawn, f"No standing claims in {chosen} to draw from.")


def _percent(size: str) -> float:
    try:
        share = float(size.removesuffix("%"))
    except ValueError:
        share = 0.0
    if not 0 < share <= 100:
        raise typer.BadParameter("expected a share between 0 and 100 per cent, such as 10%", param_hint="--size")
    return share


@app.command()
def pack(
    claim: Annotated[str, typer.Argument(help="The claim's id.")],
    folder: Annotated[Path, typer.Option("--out", help="Folder for the two files.", file_okay=False)] = Path(),
    month: Month = None,
    store: StoreFolder = None,
    profile: ProfileName = None,
) -> None:
    """Write the evidence pack of a claim as PDF and as JSON."""
    with spoken_errors():
        settings = settings_with(store=store, profile=profile)
        opened, chosen = published_month(settings, month)
        if claim not in set(read_published(opened, chosen, "claims")["claim_id"]):
            fail(f"{chosen} has no claim {claim}. List them: hearth claims list")
        made = pack_of(claim, _profile(settings), opened, chosen)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{claim}.json").write_text(evidence.as_text(made), "utf-8")
        (folder / f"{claim}.pdf").write_bytes(as_pdf(made))
    out.print(f"Written: {folder / claim}.pdf and {folder / claim}.json", highlight=False, soft_wrap=True)


@app.command()
def forecast(month: Month = None, store: StoreFolder = None, profile: ProfileName = None) -> None:
    """Print the money by year: families attached and capped, fees received, results claimed, still to earn."""
    with spoken_errors():
        settings = settings_with(store=store, profile=profile)
        opened, chosen = published_month(settings, month)
        rules, attachments = _profile(settings), read_published(opened, chosen, "attachments")
        claims = fees.with_years(rules, read_published(opened, chosen, "claims"), attachments)
        expected = fees.forecast(rules, fees.attached_by_year(rules, attachments), claims)
        show(_with_total(expected), f"{rules.name} states no fees, or nobody has been attached.")


def _with_total(expected: pd.DataFrame) -> pd.DataFrame:
    if len(expected) < 2:
        return expected
    total = expected.drop(columns="cohort_year").sum()
    return pd.concat([expected, pd.DataFrame([{"cohort_year": "all years", **total}])], ignore_index=True)
