"""The command line: pictures, tables, strict JSON, and one line for every mistake."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from liqbands_server.cli.demo import RECORDED, SIMULATED_NOTE, demo_candles
from liqbands_server.cli.main import run
from liqbands_server.cli.selection import moment_ms
from liqbands_server.demo_market import demo_market

PNG = b"\x89PNG\r\n"


@pytest.fixture(scope="module")
def candle_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a CSV of thirty simulated days, named after no venue."""
    candles, _ = demo_market(720)
    names = ("open", "high", "low", "close", "volume", "taker_buy_volume", "open_interest")
    table = pd.DataFrame({name: getattr(candles, name) for name in names})
    table.insert(0, "open_time", candles.open_time_ms)
    path = tmp_path_factory.mktemp("candles") / "ABCUSDT_1h.csv"
    table.to_csv(path, index=False)
    return path


@pytest.fixture
def price_file(candle_file: Path, tmp_path: Path) -> Path:
    """Return the same bars without volume and open interest."""
    table = pd.read_csv(candle_file)[["open_time", "open", "high", "low", "close"]]
    table.to_csv(tmp_path / "ABCUSDT_1h.csv", index=False)
    return tmp_path / "ABCUSDT_1h.csv"


def code_of(*arguments: object) -> int:
    """Run the command line and return its exit code."""
    with pytest.raises(SystemExit) as end:
        run([str(argument) for argument in arguments])
    assert isinstance(end.value.code, int)
    return end.value.code


def refusal(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    """Run what must be refused and return the one line that says why."""
    assert code_of(*arguments) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("error: ")
    assert said.err.count("\n") == 1
    return said.err.removeprefix("error: ").strip()


def document(capsys: pytest.CaptureFixture[str], *arguments: object) -> dict[str, Any]:
    """Run `bands --json` and return what strict JSON makes of it."""
    assert code_of("bands", *arguments, "--json") == 0

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is no JSON")

    content: dict[str, Any] = json.loads(capsys.readouterr().out, parse_constant=refuse)
    return content


def test_plot_writes_a_picture_and_says_where(
    candle_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "heat.png"
    assert code_of("plot", candle_file, "--window", "1w", "--output", path) == 0
    assert capsys.readouterr().out.strip() == str(path)
    assert path.read_bytes().startswith(PNG)


def test_plot_takes_every_choice(candle_file: Path, tmp_path: Path) -> None:
    path = tmp_path / "heat.png"
    choices = (
        "--venue", "bybit", "--symbol", "ABC/USDT:USDT", "--timeframe", "1h",
        "--from", "2025-01-10", "--to", "2025-01-20T12:00", "--mode", "smoothed",
        "--side", "short", "--leverage", "10-25x", "--palette", "safe",
        "--time-zone", "UTC", "--open-interest-at", "close", "--output", path,
    )  # fmt: skip
    assert code_of("plot", candle_file, *choices) == 0
    assert path.read_bytes().startswith(PNG)


def test_map_writes_a_picture(candle_file: Path, tmp_path: Path) -> None:
    assert code_of("map", candle_file, "--output", tmp_path / "map.png") == 0
    assert (tmp_path / "map.png").read_bytes().startswith(PNG)


def test_bands_json_adds_up(candle_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content = document(capsys, candle_file, "--limit", "7")
    bands = content["bands"]
    assert len(bands) == 7
    for band in bands:
        assert sum(band["leverage_notional"].values()) == pytest.approx(band["notional"], rel=1e-6)
        assert band["notional_low"] <= band["notional"] <= band["notional_high"]
        assert band["low"] <= band["peak_price"] < band["high"]
        assert (band["distance"] < 0) == (band["side"] == "long")
    reached = [band["notional"] * band["reach_probability"] for band in bands]
    assert reached == sorted(reached, reverse=True)
    whole = content["long_notional"] + content["short_notional"]
    assert sum(band["notional"] for band in bands) <= whole


def test_bands_use_nothing_after_the_chosen_moment(
    candle_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = document(capsys, candle_file, "--to", "2025-01-20")
    assert content["time_ms"] <= moment_ms("to", "2025-01-20")
    assert content["instrument"]["symbol"] == "ABC/USDT:USDT"


def test_bands_of_one_side_are_of_that_side(
    candle_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bands = document(capsys, candle_file, "--side", "long")["bands"]
    assert {band["side"] for band in bands} == {"long"}


def test_the_table_names_unit_moment_and_both_sides(
    candle_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert code_of("bands", candle_file) == 0
    said = capsys.readouterr().out
    for word in (
        "standing notional in USDT",
        "last bar closed 2025-01-31 00:00 UTC",
        "80% interval",
        "ago",
    ):
        assert word in said
    assert "long" in said
    assert "short" in said


def test_without_open_interest_everything_is_a_share(
    price_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = document(capsys, price_file)
    assert content["unit"] == "relative"
    assert code_of("bands", price_file) == 0
    said = capsys.readouterr().out
    assert "shares of the book" in said
    assert "$" not in said


@pytest.mark.parametrize(
    ("choices", "message"),
    [
        (("--window", "2w"), "window must be one of 12h, 1d, 3d, 1w, 1M, 3M, 1y, was '2w'"),
        (("--side", "up"), "side must be one of long, short, both, was 'up'"),
        (("--mode", "hazy"), "mode must be raw or smoothed, was 'hazy'"),
        (
            ("--palette", "red"),
            "palette must be one of classic, safe, monochrome, light, was 'red'",
        ),
        (("--leverage", "7x"), "leverage must be one of 1-5x"),
        (("--timeframe", "61"), "timeframe must be one of 1m"),
        (("--to", "soon"), "to must be a date such as 2025-10-14 or 2025-10-14T12:00, was 'soon'"),
        (("--from", "2031-01-01"), "from must not lie after the last bar"),
        (("--open-interest-at", "noon"), "open-interest-at must be open or close, was 'noon'"),
        (("--time-zone", "Mars/Base"), "Mars/Base"),
        (("--colour", "red"), "--colour"),
    ],
)
def test_a_wrong_value_is_one_line_that_names_it(
    choices: tuple[str, str],
    message: str,
    candle_file: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert message in refusal(capsys, "plot", candle_file, *choices)


def test_a_missing_file_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert "nowhere.csv" in refusal(capsys, "bands", "nowhere.csv")
    assert "FILE" in refusal(capsys, "map")


def test_a_picture_that_cannot_be_written_is_one_line(
    candle_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "taken").write_text("a file, not a folder")
    said = refusal(capsys, "map", candle_file, "--output", tmp_path / "taken" / "map.png")
    assert "taken" in said


def test_no_band_is_no_limit(candle_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert refusal(capsys, "bands", candle_file, "--limit", 0) == "limit must be at least 1, was 0"


def test_help_and_version_leave_with_success(capsys: pytest.CaptureFixture[str]) -> None:
    assert code_of() == 0
    commands = capsys.readouterr().out
    assert all(name in commands for name in ("demo", "plot", "map", "bands", "price"))
    assert code_of("--version") == 0
    assert capsys.readouterr().out.startswith("liqbands 0.")


def test_every_command_is_in_the_readme() -> None:
    readme = (Path(__file__).parents[2] / "server" / "README.md").read_text(encoding="utf-8")
    for name in ("demo", "plot", "map", "bands", "price"):
        assert f"| `liqbands {name}" in readme


def test_the_demonstration_without_data_says_simulated(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert code_of("demo", "--simulated", "--output", tmp_path) == 0
    said = capsys.readouterr().out
    assert SIMULATED_NOTE in said
    assert "SIMULATED:SIMUSDT" in said
    for name in ("heatmap.png", "map.png"):
        assert str(tmp_path / name) in said
        assert (tmp_path / name).read_bytes().startswith(PNG)


def test_the_demonstration_prefers_recorded_bars(market_folder: Path) -> None:
    if not (market_folder / RECORDED).is_file():
        pytest.skip(f"no {RECORDED} in the market data")
    candles, instrument, note = demo_candles(simulated=False)
    assert (instrument.ticker, note) == ("BYBIT:BTCUSDT", "")
    assert np.datetime64(int(candles.open_time_ms[-1]), "ms") < np.datetime64("2025-10-14")
