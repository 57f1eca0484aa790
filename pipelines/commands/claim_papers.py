"""Evidence packs and spot-check samples, made of published months: for the command line and for the desk."""

from typing import Any

import pandas as pd

from assets.casebook import (
    read_claim_steps,
    read_decisions,
    read_family_confirmations,
    read_household_decisions,
)
from assets.settings import Settings
from assets.snapshots import read_published
from assets.store import Store, open_store
from casebook.events import ExportForm
from desk.claim_papers import ClaimPapers
from programme import evidence, sampling
from programme.profile import Profile, load, shipped_directory
from reports.evidence_pack import as_pdf
from schemas.registry import PUBLISHED_TABLES


def pack_of(claim_id: str, profile: Profile, store: Store, month: str) -> dict[str, Any]:
    """The evidence pack of a claim of a published month. Raises KeyError where the month has no such claim."""
    tables = {name: read_published(store, month, name) for name in PUBLISHED_TABLES}
    earlier = [read_published(store, other, "deliveries") for other in store.months() if other <= month]
    tables["deliveries"] = pd.concat(earlier).drop_duplicates(["feed", "table_name", "sha256", "received_for"])
    said = evidence.Said(read_decisions(store), read_household_decisions(store), read_family_confirmations(store))
    return evidence.pack(claim_id, profile, evidence.Published(tables), decisions=read_claim_steps(store), said=said)


def papers_of(settings: Settings) -> ClaimPapers:
    """What the desk hands out about claims of the settings' store, judged by the settings' profile."""

    def pack(claim_id: str, month: str, form: ExportForm) -> bytes:
        profile = load(settings.profile, directories=[shipped_directory()])
        made = pack_of(claim_id, profile, open_store(settings), month)
        return as_pdf(made) if form is ExportForm.PDF else evidence.as_text(made).encode()

    def sample(claims: pd.DataFrame, percent: float, seed: int) -> pd.DataFrame:
        return sampling.sample(claims, percent=percent, seed=seed)

    return ClaimPapers(pack, sample)
