"""What the benchmark of everything at once counts."""

import numpy as np
import pytest
import shapely

from benchmarks.automatic import scored, share_found_again


def test_recall_precision_and_duplicates():
    truth = np.array([shapely.box(0, 0, 10, 10), shapely.box(20, 0, 30, 10)])
    objects = np.array(
        [
            shapely.box(0, 0, 10, 10),
            shapely.box(0, 0, 10, 9),  # the same once more, an IoU of 0.9
            shapely.box(20, 0, 30, 4),  # too little of the other
            shapely.box(50, 0, 60, 10),
        ]
    )
    told = scored(objects, truth)
    assert told["recall"] == pytest.approx(1 / 2)
    assert told["precision"] == pytest.approx(2 / 4)
    assert told["duplicates"] == 1


def test_what_is_found_again():
    wanted = np.array([shapely.box(x, 0, x + 10, 10) for x in (0, 20, 40, 60)])
    found = np.array(
        [
            shapely.box(0, 0, 10, 9),  # an IoU of 0.9
            shapely.box(20, 0, 30, 7),
            shapely.box(40, 0, 50, 10),
            shapely.box(40, 0, 50, 9),  # the same once more
        ]
    )
    assert share_found_again(wanted, found) == pytest.approx(2 / 4)
