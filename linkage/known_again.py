"""By what a person is known again when every record is replaced: the numbers that they bear, a child's parents.

A child who changes school leaves one roll and stands on another under a new key, and so do its parents among the
contacts. The pupil number stays. Without it a family that schools alone know would have new ids in every September.
"""

import pandas as pd

from linkage.mention_ids import mention_ids
from linkage.mentions import TEMPORARY_UPN, never_links
from linkage.person_rows import TEXT, Tables

_NUMBERS = {
    ("school", "pupils"): ("upn", "former_upn"),
    ("mash", "people"): ("upn", "nhs_number"),
    ("jobcentre", "claimants"): ("nino",),
    ("nominations", "nominations"): ("upn", "nino", "nhs_number"),
}


def known_again(tables: Tables) -> pd.DataFrame:
    """`key` (of a record, as in the ledger) and `mark`, one row a mark of a record: text that holds the number itself.

    Marks are UPNs, NINOs and NHS numbers; of a contact the pupil's UPN with the contact's name. Records that must
    never be joined with another have none: who was adopted is not to be known again. `tables` are the held feed tables.
    """
    never = never_links(tables)
    barred = pd.concat([never["left_id"], never["right_id"]])
    marks = [_marks(tables, *key, column) for key, columns in _NUMBERS.items() for column in columns]
    found = pd.concat([*marks, _of_contacts(tables, barred)], ignore_index=True).astype(TEXT).dropna()
    return found[~found["key"].isin(barred).to_numpy(bool)].drop_duplicates(ignore_index=True)


def _marks(tables: Tables, feed: str, table: str, column: str) -> pd.DataFrame:
    rows = tables[feed, table]
    number = rows[column].astype(TEXT)
    kind = column.removeprefix("former_")
    if kind == "upn":
        number = number.mask(number.str.contains(TEMPORARY_UPN, regex=True).fillna(value=False))
    return pd.DataFrame({"key": mention_ids(feed, table, rows["source_id"]), "mark": f"{kind}|" + number})


def _of_contacts(tables: Tables, barred: pd.Series) -> pd.DataFrame:
    """The contacts of pupils whose records may be joined with any."""
    contacts, pupils = tables["school", "contacts"], _marks(tables, "school", "pupils", "upn")
    of_pupil = pupils[~pupils["key"].isin(barred).to_numpy(bool)].drop_duplicates("key").set_index("key")["mark"]
    name = contacts["forename"].astype(TEXT) + contacts["surname"].astype(TEXT)
    letters = name.str.upper().str.replace(r"[^A-Z]+", "", regex=True)
    pupil = mention_ids("school", "pupils", contacts["pupil_id"]).map(of_pupil).astype(TEXT)
    key = mention_ids("school", "contacts", contacts["source_id"])
    return pd.DataFrame({"key": key, "mark": "contact|" + pupil + "|" + letters})
