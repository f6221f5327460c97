import numpy as np

from extractors.estimators.fitted import Trees, trees_arrays, trees_of


def stump():
    zeros = np.zeros((1, 3), dtype=np.int64)
    return Trees(
        feature=zeros,
        threshold=np.array([[0.5, 0, 0]], dtype=np.float32),
        left=np.array([[1, 1, 2]]),
        right=np.array([[2, 1, 2]]),
        value=np.array([[0, -1, 2]], dtype=np.float32),
        base=0.25,
        depth=1,
    )


def test_rows_fall_left_up_to_the_threshold():
    assert stump().log_odds(np.array([[0.0], [0.5], [0.6]])).tolist() == [-0.75, -0.75, 2.25]


def test_no_rows_no_odds():
    assert stump().log_odds(np.zeros((0, 1))).tolist() == []


def test_arrays_give_the_same_trees_back():
    again = trees_of(trees_arrays(stump(), "t"), "t")
    rows = np.array([[0.1], [0.9]])
    assert again.log_odds(rows).tolist() == stump().log_odds(rows).tolist()
