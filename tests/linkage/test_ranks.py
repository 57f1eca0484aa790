import pandas as pd
import pyarrow as pa

from linkage.ranks import in_one_piece, places_of, ranked, repeated

TEXT = pd.StringDtype("pyarrow")


def test_ranks_sort_as_the_texts_do_over_all_columns():
    (one, other), texts = ranked(pd.Series(["b", None, "a"], dtype=TEXT), pd.Series(["é", "Z", "a"], dtype=object))
    assert one.tolist() == [2, -1, 1]
    assert other.tolist() == [3, 0, 1]
    assert texts.tolist() == sorted({"a", "b", "é", "Z"})


def test_no_text_has_no_rank():
    (codes,), texts = ranked(pd.Series([], dtype=TEXT))
    assert (codes.tolist(), texts.tolist()) == ([], [])


def test_a_text_is_found_at_its_place_and_a_missing_one_nowhere():
    keys = pd.Series(["b", "a", "é"], dtype=TEXT)
    assert places_of(pd.Series(["é", None, "z", "b", "b"], dtype=object), keys).tolist() == [2, -1, -1, 0, 0]


def test_columns_put_together_are_one_piece():
    pieces = pd.concat([pd.Series(["a", None], dtype=TEXT), pd.Series(["b"], dtype=TEXT)])
    assert isinstance(pa.array(pieces), pa.ChunkedArray)
    assert isinstance(pa.array(in_one_piece(pieces)), pa.Array)
    pd.testing.assert_series_equal(in_one_piece(pieces), pieces)


def test_a_text_repeated_is_a_column_of_text():
    pd.testing.assert_series_equal(pd.Series(repeated("a", 2)), pd.Series(["a", "a"], dtype=TEXT))
    assert len(repeated("a", 0)) == 0
