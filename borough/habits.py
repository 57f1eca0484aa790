"""How often each agency makes which mistake: the dial of the whole borough.

Rates are shares of records. `Habits.times` turns every one of them up or down together.
"""

from dataclasses import dataclass, fields, replace


@dataclass(frozen=True)
class Habits:
    """The habits of one agency; `upper`, `plain` and `unprotected` are manners, the rest are rates."""

    slip: float = 0.008
    by_ear: float = 0.004
    short_form: float = 0.01
    other_spelling: float = 0.04
    called_by_middle: float = 0.2
    punctuation: float = 0.15
    swapped: float = 0.002
    former_surname: float = 0.01
    middle_missing: float = 0.4
    born_missing: float = 0.0
    born_swapped: float = 0.003
    born_january: float = 0.001
    born_year: float = 0.002
    born_digit: float = 0.001
    born_siblings: float = 0.001
    sex_missing: float = 0.0
    sex_wrong: float = 0.001
    ethnicity_missing: float = 0.05
    ethnicity_misspelt: float = 0.06
    address_missing: float = 0.0
    address_old: float = 0.05
    address_slip: float = 0.01
    postcode_missing: float = 0.01
    postcode_slip: float = 0.003
    postcode_untidy: float = 0.04
    uprn_missing: float = 0.1
    uprn_filler: float = 0.01
    upper: bool = False
    plain: bool = False
    unprotected: str = "N"

    def times(self, factor: float) -> "Habits":
        """The same habits with every rate so many times as high, at most 1."""
        rates = {f.name: min(1.0, getattr(self, f.name) * factor) for f in fields(self) if f.type is float}
        return replace(self, **rates)


PUPILS = Habits(uprn_missing=0.12)
CONTACTS = Habits(
    slip=0.012,
    by_ear=0.007,
    short_form=0.06,
    former_surname=0.02,
    middle_missing=0.97,
    born_missing=0.72,
    sex_missing=0.35,
    ethnicity_missing=0.93,
    address_missing=0.12,
    address_old=0.07,
    postcode_missing=0.08,
    uprn_missing=0.8,
)
NOMINALS = Habits(
    slip=0.02,
    by_ear=0.012,
    short_form=0.05,
    other_spelling=0.1,
    punctuation=0.45,
    swapped=0.006,
    former_surname=0.03,
    middle_missing=0.55,
    born_missing=0.035,
    born_swapped=0.012,
    born_january=0.012,
    born_year=0.008,
    born_digit=0.005,
    sex_missing=0.01,
    sex_wrong=0.004,
    ethnicity_missing=0.15,
    address_missing=0.05,
    address_old=0.05,
    address_slip=0.03,
    postcode_missing=0.06,
    uprn_missing=0.65,
    uprn_filler=0.02,
    upper=True,
    plain=True,
    unprotected="",
)
MASH = Habits(
    slip=0.014,
    by_ear=0.01,
    short_form=0.03,
    other_spelling=0.07,
    punctuation=0.25,
    former_surname=0.015,
    middle_missing=0.7,
    born_swapped=0.006,
    born_january=0.006,
    born_year=0.004,
    born_digit=0.003,
    born_siblings=0.006,
    sex_missing=0.02,
    ethnicity_missing=0.12,
    address_old=0.09,
    postcode_missing=0.04,
    uprn_missing=0.3,
    uprn_filler=0.03,
)
CLAIMANTS = Habits(
    slip=0.006,
    by_ear=0.003,
    short_form=0.012,
    punctuation=0.5,
    swapped=0.003,
    former_surname=0.06,
    middle_missing=0.6,
    born_swapped=0.002,
    ethnicity_missing=1.0,
    sex_missing=0.0,
    address_old=0.13,
    uprn_missing=0.9,
    upper=True,
    plain=True,
)
NOMINATIONS = Habits(
    slip=0.02,
    by_ear=0.018,
    short_form=0.09,
    other_spelling=0.08,
    punctuation=0.3,
    swapped=0.01,
    former_surname=0.02,
    middle_missing=0.95,
    born_missing=0.22,
    born_swapped=0.01,
    born_january=0.006,
    born_year=0.008,
    born_digit=0.005,
    sex_missing=0.4,
    ethnicity_missing=0.8,
    address_missing=0.22,
    address_old=0.07,
    address_slip=0.03,
    postcode_missing=0.2,
    uprn_missing=0.92,
    unprotected="",
)
