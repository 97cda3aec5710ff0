"""What the benchmark of everything at once counts."""

import numpy as np
import pytest
import shapely

from benchmarks.automatic import scored


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
