import pandas as pd

from linkage.ranks import ranked

TEXT = pd.StringDtype("pyarrow")


def test_ranks_sort_as_the_texts_do_over_all_columns():
    (one, other), texts = ranked(pd.Series(["b", None, "a"], dtype=TEXT), pd.Series(["é", "Z", "a"], dtype=object))
    assert one.tolist() == [2, -1, 1]
    assert other.tolist() == [3, 0, 1]
    assert texts.tolist() == sorted({"a", "b", "é", "Z"})


def test_no_text_has_no_rank():
    (codes,), texts = ranked(pd.Series([], dtype=TEXT))
    assert (codes.tolist(), texts.tolist()) == ([], [])
