"""What is followed after a family is taken on: follow-ups, caseloads, families that come back, consent."""

import pandas as pd

from assets.snapshots import read_published
from pipelines.commands.console import out, spoken_errors
from pipelines.commands.flags import Month, ProfileName, StoreFolder, settings_with
from pipelines.commands.published import published_month
from programme import casework
from programme.profile import load, shipped_directory


def show(month: Month = None, store: StoreFolder = None, profile: ProfileName = None) -> None:
    """Print follow-ups due, caseloads against the norm, families that came back, and who agreed."""
    from assets.partitions import as_of  # noqa: PLC0415 - Dagster takes seconds to import

    with spoken_errors():
        settings = settings_with(store=store, profile=profile)
        opened, chosen = published_month(settings, month)
        rules = load(settings.profile, directories=[shipped_directory()])
        attachments = read_published(opened, chosen, "attachments")
        turned_around = _turned_around(read_published(opened, chosen, "claims"))
        day = as_of(chosen)
        _print("Follow-ups and sustainment", casework.follow_ups(rules, attachments, as_of=day))
        _print("Caseloads", casework.caseloads(rules, attachments, as_of=day))
        _print("Consent", casework.consent(attachments))
        _print("Taken on again", casework.returned(attachments))
        _print("Rate of return", casework.return_rates(attachments, turned_around=turned_around))


def _turned_around(claims: pd.DataFrame) -> int:
    return int(claims.loc[claims["status"].ne("withdrawn"), "family_id"].nunique())


def _print(title: str, frame: pd.DataFrame) -> None:
    out.print(f"\n[bold]{title}[/]")
    shown = frame.dropna(axis=1, how="all") if len(frame) else frame
    out.print(shown.to_string(index=False) if len(frame) else "none", highlight=False, markup=False, soft_wrap=True)
