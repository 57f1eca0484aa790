"""The published month that a command speaks of."""

from assets.settings import Settings
from assets.store import Store, open_store
from pipelines.commands.console import fail
from pipelines.commands.typed import typed


def published_month(settings: Settings, month: str | None) -> tuple[Store, str]:
    """The settings' store, and the month asked for or the newest; ends the command where it is not published."""
    store = open_store(settings)
    chosen = month or store.current()
    if chosen is None or chosen not in store.months():
        there = ", ".join(store.months()) or "none"
        wanted = f"no published month {month}" if month else "no published month"
        made = typed("run", month=month or "2026-10")
        fail(f"{store.root} has {wanted} (published: {there}). Make it with: {made}")
    return store, str(chosen)
