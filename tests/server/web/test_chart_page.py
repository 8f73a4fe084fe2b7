"""The chart page is served as it was built; without a build everything else works."""

import gzip
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from tests.server.problems import assert_problem

from liqbands_server.web import chart_page

INDEX = "<!doctype html><title>chart</title>"
SCRIPT = "export const answer = 42;\n" * 100
LIBRARY = "/lib/liqbands-lightweight-charts.js"


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a small page in place of the built one."""
    for name, text in {
        "index.html": INDEX,
        "assets/index-a1b2c3.js": SCRIPT,
        "assets/index-d4e5f6.css": "body { margin: 0 }",
        "assets/notes.txt": "not for browsers",
        "lib/liqbands-lightweight-charts.js": SCRIPT,
    }.items():
        path = tmp_path / "page" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (tmp_path / "secret.js").write_text("secret")
    monkeypatch.setattr(chart_page, "FOLDER", tmp_path / "page")
    return tmp_path / "page"


@pytest.fixture
def not_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hide the built page."""
    monkeypatch.setattr(chart_page, "FOLDER", tmp_path / "nowhere")


@pytest.mark.usefixtures("built")
def test_the_chart_is_the_first_page(client: FlaskClient) -> None:
    response = client.get("/")
    assert response.text == INDEX
    assert response.mimetype == "text/html"
    assert response.headers["Cache-Control"] == "no-cache"


@pytest.mark.usefixtures("built")
def test_the_chart_may_run_its_own_scripts_and_nobody_elses(client: FlaskClient) -> None:
    policy = client.get("/").headers["Content-Security-Policy"]
    assert "default-src 'none'; script-src 'self';" in policy
    assert "http" not in policy


@pytest.mark.usefixtures("built")
def test_assets_are_kept_for_ever_because_their_names_change(client: FlaskClient) -> None:
    script = client.get("/assets/index-a1b2c3.js")
    assert "immutable" in script.headers["Cache-Control"]
    assert script.content_type == "text/javascript; charset=utf-8"
    assert client.get("/assets/index-d4e5f6.css").mimetype == "text/css"


@pytest.mark.usefixtures("built")
def test_scripts_travel_compressed_to_who_can_read_that(client: FlaskClient) -> None:
    path = "/assets/index-a1b2c3.js"
    packed = client.get(path, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data).decode() == SCRIPT
    assert client.get(path).text == SCRIPT


@pytest.mark.usefixtures("built")
def test_what_a_browser_has_is_not_sent_again(client: FlaskClient) -> None:
    for path in ("/", LIBRARY):
        tag = client.get(path).headers["ETag"]
        assert client.get(path, headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.usefixtures("built")
def test_pages_of_others_may_load_the_libraries(client: FlaskClient) -> None:
    response = client.get(LIBRARY, headers={"Origin": "https://chart.example"})
    assert response.text == SCRIPT
    assert response.headers["Access-Control-Allow-Origin"] == "*"


def test_a_new_build_is_served_at_once(client: FlaskClient, built: Path) -> None:
    client.get("/")
    (built / "index.html").write_text("newer")
    assert client.get("/").text == "newer"


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize(
    "path",
    [
        "/assets/none.js",
        "/assets/notes.txt",
        "/assets/../../secret.js",
        "/assets/%2e%2e/%2e%2e/secret.js",
        "/lib/..%5c..%5csecret.js",
        "/lib/.js",
        "/assets/",
        "/lib/%00.js",
    ],
)
def test_nothing_else_is_served(client: FlaskClient, path: str) -> None:
    assert_problem(client.get(path), 404, "path")


@pytest.mark.usefixtures("not_built")
def test_without_a_build_the_overview_says_how_to_get_the_chart(client: FlaskClient) -> None:
    page = client.get("/").text
    assert "make web" in page
    assert "Node 20" in page
    assert "Strongest bands" in page
    assert "Strongest bands" in client.get("/overview").text
    assert "make web" not in client.get("/overview").text


@pytest.mark.usefixtures("not_built")
def test_without_a_build_there_are_no_assets(client: FlaskClient) -> None:
    assert_problem(client.get("/assets/index.js"), 404, "path")
    assert_problem(client.get(LIBRARY), 404, "path")
