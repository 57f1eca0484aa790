import pytest

from casebook import homes
from casebook.errors import UnknownRowError
from casebook.homes import Couple
from casebook.ledgers import Saying
from casebook.opening import open_casebook, sqlite_url
from casebook.people import NewUser, add
from casebook.questions import Asked
from casebook.signature import Signature
from schemas.casebook import HomeAnswer
from schemas.vocabulary import DeskRole


@pytest.fixture
def connection(tmp_path):
    casebook = open_casebook(sqlite_url(tmp_path / "casebook.db"))
    with casebook.begin() as opened:
        yield opened
    casebook.close()


def test_a_decision_says_whom_it_is_about_and_a_withdrawal_nobody(connection):
    user = add(connection, NewUser("jo", "Jo", DeskRole.COORDINATOR), Signature.now(None))
    saying = Saying(Signature.now(user.user_id), "seen at the visit")
    number = homes.decide(connection, Couple.of("p2", "p1"), HomeAnswer.APART, saying, asked=Asked())
    assert homes.couple_of(connection, number) == Couple("p1", "p2")
    withdrawal = homes.withdraw(connection, number, saying)
    for unknown in (withdrawal, 99):
        with pytest.raises(UnknownRowError):
            homes.couple_of(connection, unknown)
