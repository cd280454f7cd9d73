from audiobrew.db.batches import batched


def test_items_come_in_order_in_parts_of_at_most_the_size() -> None:
    assert list(batched([1, 2, 3, 4, 5], 2)) == [[1, 2], [3, 4], [5]]
    assert list(batched([1, 2], 2)) == [[1, 2]]
    assert list(batched([], 2)) == []
