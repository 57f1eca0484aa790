"""What happens month by month, in an order that is the same every time.

Chances in the modules of the single events are yearly unless said otherwise, and are read as monthly ones at the draw.
"""

from collections.abc import Callable

from borough.births import bear, die
from borough.care import adopt, take_into_care
from borough.institutions import shelter
from borough.kinship import end_lost_second_homes
from borough.life import Life
from borough.moving import arrive, leave_home, leave_town, move_house
from borough.partners import abuse, marry, pair_up, part

_EVENTS: tuple[Callable[[Life], None], ...] = (
    move_house, leave_town, arrive, leave_home, abuse, part, shelter, pair_up, marry, take_into_care, adopt, bear, die,
)  # fmt: skip


def live(life: Life) -> None:
    """Everything that happens in one month."""
    for event in _EVENTS:
        event(life)
    end_lost_second_homes(life.world, life.month.last)
    life.world.clear_out()
