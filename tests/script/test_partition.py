"""What stands in a row is shared evenly: nothing lost, all in order, no group longer than it must be."""

import random
from itertools import chain

import pytest
from audiobrew.script.partition import pack, partition


@pytest.mark.parametrize(
    ("lengths", "groups", "found"),
    [
        ([1, 1, 1, 1], 2, [[0, 1], [2, 3]]),
        ([5, 1, 1, 1], 2, [[0], [1, 2, 3]]),
        ([1, 2, 3], 8, [[0], [1], [2]]),
        ([0], 1, [[0]]),
    ],
)
def test_groups_are_of_about_one_length(
    lengths: list[int], groups: int, found: list[list[int]]
) -> None:
    assert partition(lengths, groups) == found


def test_nothing_is_lost_and_the_order_is_kept() -> None:
    chance = random.Random(3)
    for _ in range(200):
        lengths = [chance.randint(0, 900) for _ in range(chance.randint(1, 40))]
        groups = chance.randint(1, 8)
        found = partition(lengths, groups)

        assert list(chain.from_iterable(found)) == list(range(len(lengths)))
        assert len(found) <= groups


def test_so_many_are_in_a_group_at_most() -> None:
    assert pack([1] * 5, 100, max_items=2) == [[0, 1], [2, 3], [4]]
    assert pack([90, 5, 5], 10) == [[0], [1, 2]]
