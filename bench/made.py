"""The made sets: neither handed out nor of the borough, so that no one generator is the only judge.

`historic`, `historic-split`, `sources-<2|3|5>-<tidy|messy>`, `thousand`; each also from another seed: `thousand@2`.
"""

from bench.agencies import agencies
from bench.historic import historic
from bench.sets import Set
from bench.thousand import thousand
from linkage.spec import LinkSpec

_HISTORIC = """
id = "unique_id"
[columns]
{names}
dob = "date_of_birth"
birth_place = "category"
postcode_fake = "postcode"
gender = "sex"
occupation = "category"
"""
_NAMES = {"historic": 'full_name = "full_name"', "historic-split": 'forename = "forename"\nsurname = "surname"'}
_SOURCES = """
id = "record_id"
source = "agency"
once_per_person = ["register", "benefits"]
[columns]
forename = "forename"
middle_names = "middle_names"
surname = "surname"
birth_date = "date_of_birth"
sex = "sex"
address = "address"
town = "address"
postcode = "postcode"
uprn = "uprn"
phone = "phone"
email = "email"
health_number = "identifier"
insurance_number = "identifier"
"""
_THOUSAND = """
id = "unique_id"
[columns]
first_name = "forename"
surname = "surname"
dob = "date_of_birth"
city = "category"
email = "email"
"""
_SOULS = 4_000


def made(name: str) -> Set:
    """A made set by its name."""
    base, _, seed = name.partition("@")
    number = int(seed or 1)
    if base in _NAMES:
        table, truth = historic(_SOULS, number)
        return Set(name, table, LinkSpec.from_toml_text(_HISTORIC.format(names=_NAMES[base])), truth, kind="historic")
    if base == "thousand":
        table, truth = thousand(number)
        return Set(name, table, LinkSpec.from_toml_text(_THOUSAND), truth, kind="thousand")
    _, count, noise = base.split("-")
    table, truth, household = agencies(int(count), noise, number)
    # An agency of which no record is in the table is no source of it.
    held = [f'"{source}"' for source in ("register", "benefits") if source in set(table["agency"])]
    said = _SOURCES.replace('"register", "benefits"', ", ".join(held))
    return Set(name, table, LinkSpec.from_toml_text(said), truth, household, kind="agencies")
