import pytest

from linkage.errors import SpecError
from linkage.spec import Kind, LinkSpec

GOOD = 'id = "uid"\n[columns]\nname = "surname"\nnumber = { kind = "identifier", exclusive = true, valid = "nino" }\n'


def test_columns_are_read_with_their_kinds_and_options() -> None:
    spec = LinkSpec.from_toml_text(GOOD + "[settings]\nsame = 3.0\n")
    assert [column.kind for column in spec.columns] == [Kind.SURNAME, Kind.IDENTIFIER]
    assert spec.columns[1].exclusive
    assert spec.settings.same == 3.0


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("id = ", "not TOML"),
        ('[columns]\nname = "surname"\n', "no `id` column"),
        ('id = "uid"\n', r"no \[columns\]"),
        ('id = "uid"\n[columns]\nname = "surnome"\n', "'surnome' is no kind. Kinds: address"),
        ('id = "uid"\n[columns]\nname = { exclusive = true }\n', "expected a kind"),
        ('id = "uid"\n[columns]\nname = { kind = "surname", exclusive = true }\n', "are for identifiers"),
        ('id = "uid"\n[columns]\nborn = "date_of_birth"\n', "no column says who the person is"),
        ('id = "uid"\n[columns]\nname = "surname"\na = "postcode"\nb = "postcode"\n', "only one is allowed"),
        ('id = "uid"\nonce_per_person = ["roll"]\n[columns]\nname = "surname"\n', "no `source` column"),
        ('id = "uid"\ncolour = 1\n[columns]\nname = "surname"\n', "unknown 'colour'"),
        ('id = "uid"\n[columns]\nn = { kind = "identifier", valid = "passport" }\n', "no check is called 'passport'"),
        ('id = "uid"\n[columns]\nn = { kind = "identifier", temporary = "[" }\n', "is no pattern"),
        (GOOD + "[settings]\nfloor = 5.0\n", "floor <= review_from <= same"),
        (GOOD + "[settings]\ncolour = 5.0\n", "unknown 'colour'"),
        (GOOD + "[settings]\nsame = 'high'\n", r"\[settings\]: same: expected a number, found 'high'"),
        (GOOD + "[settings]\nblock_cap = 2.5\n", "block_cap: expected a whole number"),
        (GOOD + "[settings]\nseed = true\n", "seed: expected a whole number, found True"),
        ("source = 3\n" + GOOD, 'expected the name of a column, as source = "list", found 3'),
        ('source = "s"\nonce_per_person = "roll"\n' + GOOD, "expected a list of sources"),
        (
            'id = "uid"\n[columns]\nn = { kind = "identifier", exclusive = "yes" }\n',
            "exclusive: expected true or false",
        ),
        ('id = "uid"\n[columns]\nn = { kind = ["identifier"] }\n', "is no kind"),
    ],
)
def test_a_wrong_description_says_what_is_wrong(text: str, complaint: str) -> None:
    with pytest.raises(SpecError, match=complaint):
        LinkSpec.from_toml_text(text)
