"""The chart page in a real browser, against a real server that plays the simulated market.

What is expected of the page stands in `server/web/tests/browser`, one file a topic.
"""

import pytest
from tests.server.web_page.browsers import SPECS, failures_by_spec, missing
from tests.server.web_page.market_server import market_server

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing())


@pytest.fixture(scope="module")
def failures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """Return what failed in each spec; all run in one go, against one server."""
    folder = tmp_path_factory.mktemp("page")
    with market_server(folder) as control:
        return failures_by_spec(control, folder / "report.json")


@pytest.mark.parametrize("spec", SPECS)
def test_the_page_does_what_its_spec_says(spec: str, failures: dict[str, list[str]]) -> None:
    assert failures[spec] == [], "\n\n".join(failures[spec])
