"""What tests/scheduling.py refuses."""

import pytest

from tests import scheduling


def test_two_tests_of_one_name_are_refused(request):
    scheduling.pytest_collection_modifyitems([request.node])
    with pytest.raises(pytest.UsageError, match=request.node.name):
        scheduling.pytest_collection_modifyitems([request.node, request.node])
