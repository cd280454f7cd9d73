"""Groups are consecutive, complete and of similar length."""

import random
from itertools import chain

import pytest
from audiobrew.script.partition import pack, partition


@pytest.mark.parametrize(
    ("lengths", "groups", "expected"),
    [
        ([1, 1, 1, 1], 2, [[0, 1], [2, 3]]),
        ([5, 1, 1, 1], 2, [[0], [1, 2, 3]]),
        ([1, 2, 3], 8, [[0], [1], [2]]),
        ([0], 1, [[0]]),
    ],
)
def test_groups_have_similar_lengths(
    lengths: list[int], groups: int, expected: list[list[int]]
) -> None:
    assert partition(lengths, groups) == expected


def test_all_items_are_in_order() -> None:
    random_numbers = random.Random(3)
    for _ in range(200):
        lengths = [random_numbers.randint(0, 900) for _ in range(random_numbers.randint(1, 40))]
        groups = random_numbers.randint(1, 8)
        result = partition(lengths, groups)

        assert list(chain.from_iterable(result)) == list(range(len(lengths)))
        assert len(result) <= groups


def test_groups_have_a_maximum_number_of_items() -> None:
    assert pack([1] * 5, 100, max_items=2) == [[0, 1], [2, 3], [4]]
    assert pack([90, 5, 5], 10) == [[0], [1, 2]]
