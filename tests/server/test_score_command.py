"""`liqbands score`: tables, strict JSON, one page, runs that go on, one line per mistake."""

import contextlib
import io
import json
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from liqbands.parameter_files import parameter_digest
from liqbands.parameters import Parameters
from liqbands.score.magnet import Trials
from liqbands.score.types import Figure
from liqbands_server.cli.main import run
from liqbands_server.demo_market import demo_market
from liqbands_server.scorecard.card import Column, Row, Section
from liqbands_server.scorecard.real_rows import ScoreRow
from liqbands_server.scorecard.recorded_card import sections_by_metric
from liqbands_server.scorecard.runs import finish, path_of, read_result
from liqbands_server.scorecard.simulated_runs import (
    SimulatedRun,
    trials_from_dict,
    trials_to_dict,
)
from liqbands_server.scorecard.tables import cell_text, markdown, number_text

SMALL = ("--sim", "calm", "--days", 3, "--warm-up", 1, "--models", "uniform")
HOUR = 3_600_000


def code_of(*arguments: object) -> int:
    """Run the command line and return its exit code."""
    with pytest.raises(SystemExit) as end:
        run([str(argument) for argument in arguments])
    assert isinstance(end.value.code, int)
    return end.value.code


def printed(*arguments: object) -> str:
    """Run what must succeed and return what it prints."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        assert code_of("score", *arguments) == 0
    return out.getvalue()


def strict(text: str) -> dict[str, Any]:
    """Return what strict JSON makes of a text."""

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is no JSON")

    content: dict[str, Any] = json.loads(text, parse_constant=refuse)
    return content


@dataclass(frozen=True)
class Scored:
    """A folder with results, and what was printed on the way."""

    folder: Path
    said: str

    @property
    def document(self) -> dict[str, Any]:
        return strict((self.folder / "simulated.json").read_text(encoding="utf-8"))

    @property
    def runs(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in (self.folder / "runs").iterdir()}


@pytest.fixture(scope="module")
def scored(tmp_path_factory: pytest.TempPathFactory) -> Scored:
    """Score two seeds of a calm market, both at once."""
    folder = tmp_path_factory.mktemp("score")
    said = printed(*SMALL, "--seeds", "1-2", "--jobs", 2, "--png", "--out", folder)
    return Scored(folder, said)


def test_the_table_says_what_it_rests_on(scored: Scored) -> None:
    for line in (
        "worlds: calm",
        "seeds: 1, 2",
        "length: 3 days of 1m bars, nothing scored in the first 1",
        f"{parameter_digest(Parameters())}",
    ):
        assert line in scored.said
    for name in ("engine", "uniform", "ceiling: true positions", "rho5", "eTwd", "c80*"):
        assert name in scored.said


def test_every_file_is_named(scored: Scored) -> None:
    for name in ("simulated.json", "simulated.md", "simulated.html", "simulated.png"):
        assert str(scored.folder / name) in scored.said
    assert "| **engine** | ." in (scored.folder / "simulated.md").read_text(encoding="utf-8")
    assert (scored.folder / "simulated.png").read_bytes().startswith(b"\x89PNG\r\n")


def test_the_document_says_data_settings_and_bounds(scored: Scored) -> None:
    document = scored.document
    assert (document["schema"], document["schema_version"]) == ("liqbands-scorecard", 1)
    assert document["parameters"]["digest"] == parameter_digest(Parameters())
    assert (document["data"]["worlds"], document["data"]["seeds"]) == (["calm"], [1, 2])
    assert [row["model"] for row in document["results"]] == ["engine", "uniform", "ceiling"]
    named = {measure["key"] for measure in document["measures"]}
    for row in document["results"]:
        assert set(row["figures"]) <= named
        assert row["n_runs"] == 2


def test_the_truth_is_perfect_and_the_engine_between(scored: Scored) -> None:
    engine, uniform, ceiling = (row["figures"] for row in scored.document["results"])
    key = "rank_correlation_5"
    assert ceiling[key]["value"] == pytest.approx(1.0)
    assert uniform[key]["value"] == pytest.approx(0.0, abs=1e-9)
    assert 0.3 < engine[key]["value"] < 1.0


def test_the_page_needs_nothing_else(scored: Scored) -> None:
    page = (scored.folder / "simulated.html").read_text(encoding="utf-8")
    assert re.findall(r'(?:src|href)="(?!data:image/png;base64,)', page) == []
    assert "http" not in page
    assert page.count("<img ") == 6
    assert all(name in page for name in ("calibration", "lift", "distances", "leverages"))


def test_json_alone_is_printed_when_wanted(scored: Scored) -> None:
    said = printed(*SMALL, "--seeds", "1-2", "--json", "--no-html", "--out", scored.folder)
    assert strict(said)["results"] == scored.document["results"]


def test_a_killed_command_goes_on_where_it_was(scored: Scored) -> None:
    before = scored.runs
    kept, lost = sorted((scored.folder / "runs").iterdir())
    lost.write_text(lost.read_text()[:1000])  # as if the machine had stopped in the middle
    since = kept.stat().st_mtime_ns
    printed(*SMALL, "--seeds", "1-2", "--no-html", "--out", scored.folder)
    assert kept.stat().st_mtime_ns == since
    assert scored.runs == before  # the same seed, the same bytes, on one process or two


def test_fresh_does_again_what_is_done(scored: Scored) -> None:
    before = scored.runs
    paths = sorted((scored.folder / "runs").glob("calm-1-*"))
    since = [path.stat().st_mtime_ns for path in paths]
    printed(*SMALL, "--seeds", "1", "--fresh", "--no-html", "--out", scored.folder)
    assert [path.stat().st_mtime_ns for path in paths] > since
    assert scored.runs == before


@dataclass
class FakeJob:
    """A job that counts how often it is done."""

    name: str
    done: list[str]
    stops: bool = False

    def identity(self) -> dict[str, Any]:
        return {"name": self.name}

    def compute(self) -> dict[str, Any]:
        if self.stops:
            raise KeyboardInterrupt
        self.done.append(self.name)
        return {"is": self.name}


def test_an_interrupted_row_of_jobs_keeps_what_is_finished(tmp_path: Path) -> None:
    done: list[str] = []
    jobs = [FakeJob("a", done), FakeJob("b", done, stops=True), FakeJob("c", done)]
    with pytest.raises(KeyboardInterrupt):
        finish(jobs, tmp_path)
    assert done == ["a"]
    jobs[1].stops = False
    told: list[str] = []
    paths = finish(jobs, tmp_path, done=told.append)
    assert done == told == ["a", "b", "c"]
    assert [read_result(path)["is"] for path in paths] == ["a", "b", "c"]
    assert list(tmp_path.glob("*.part")) == []


def test_a_result_is_kept_for_exactly_what_it_depends_on(tmp_path: Path) -> None:
    job = SimulatedRun("calm", 1, 3.0, ("uniform",), Parameters())
    others = [
        replace(job, world="base"),
        replace(job, seed=2),
        replace(job, days=4.0),
        replace(job, models=("standard",)),
        replace(job, parameters=Parameters(sweep=False)),
        replace(job, plan=replace(job.plan, warm_up_ms=0)),
    ]
    paths = {path_of(each, tmp_path) for each in (job, *others)}
    assert len(paths) == 7
    assert path_of(replace(job), tmp_path) == path_of(job, tmp_path)


def test_the_magnet_test_runs_on_worlds(tmp_path: Path) -> None:
    said = printed(*SMALL[:2], *SMALL[6:], "--magnet", "--days", 6, "--warm-up", 1,
                   "--seeds", 4, "--out", tmp_path)  # fmt: skip
    assert "One half is no attraction" in said
    document = strict((tmp_path / "magnet.json").read_text(encoding="utf-8"))
    assert document["data"]["kind"] == "magnet"
    assert [row["model"] for row in document["results"]] == [
        *("engine", "uniform", "ceiling: true positions"),
    ]


@pytest.fixture(scope="module")
def market_files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Write hours of a simulated market, and a liquidation at an extreme of every third."""
    candles, _ = demo_market(400)
    folder = tmp_path_factory.mktemp("market")
    table = pd.DataFrame(
        {
            "time": candles.open_time_ms,
            **{name: getattr(candles, name) for name in ("open", "high", "low", "close")},
            "volume": candles.volume,
            "open_interest": candles.open_interest,
        }
    )
    table.to_csv(folder / "ABCUSDT_1h.csv", index=False)
    hit = np.arange(200, 390, 3)
    is_long = hit % 2 == 0
    events = pd.DataFrame(
        {
            "time": candles.open_time_ms[hit] + HOUR // 2,
            "price": np.where(is_long, candles.low[hit], candles.high[hit]),
            "size": np.linspace(1, 2, len(hit)),
            "side": np.where(is_long, "long", "short"),
        }
    )
    events.to_csv(folder / "events.csv", index=False)
    return folder / "ABCUSDT_1h.csv", folder / "events.csv"


def test_a_file_with_events_is_scored(market_files: tuple[Path, Path], tmp_path: Path) -> None:
    candles, events = market_files
    said = printed(candles, "--liquidations", events, "--models", "pine-bands-swept",
                   "--warm-up", 5, "--out", tmp_path)  # fmt: skip
    assert "190 snapshots after 5 days of warm-up" in said  # hours 200 to 389
    document = strict((tmp_path / "file.json").read_text(encoding="utf-8"))
    metrics = {row["metric"] for row in document["results"]}
    assert metrics >= {"Spearman", "lift10", "AUC", "Tweedie skill", "precision10", "base rate"}
    assert {row["model"] for row in document["results"]} == {"engine", "Pine bands, swept"}


def test_a_file_with_totals_is_scored(market_files: tuple[Path, Path], tmp_path: Path) -> None:
    candles, _ = market_files
    table = pd.read_csv(candles)
    rng = np.random.default_rng(3)
    table["liq_long"] = rng.gamma(0.5, size=len(table))
    table["liq_short"] = rng.gamma(0.5, size=len(table))
    table.to_csv(tmp_path / "ABCUSDT_1h.csv", index=False)
    said = printed(tmp_path / "ABCUSDT_1h.csv", "--models", "uniform", "--out", tmp_path)
    assert "skill over base" in said
    document = strict((tmp_path / "file.json").read_text(encoding="utf-8"))
    values = {row["model"]: row["value"] for row in document["results"]}
    assert set(values) == {"engine", "uniform", "engine + in-bar"}
    assert abs(values["engine"]) < 0.05  # totals are noise: no map explains them


def test_recorded_markets_are_scored(market_folder: Path, tmp_path: Path) -> None:
    said = printed("--real", market_folder, "--models", "uniform", "--out", tmp_path)
    assert "Binance hours: hourly skill" in said
    document = strict((tmp_path / "recorded.json").read_text(encoding="utf-8"))
    found = {
        (row["test"], row["model"], row["data"], row["metric"]): row["value"]
        for row in document["results"]
    }
    # The model description's own prototype: skill .082, AUC .89, both rounded here.
    assert found["hours", "engine", "BTC + ETH", "hourly skill"] > 0.07
    assert found["fills", "engine", "BTC + ETH", "auc"] > 0.85
    assert abs(found["hours", "uniform", "BTC + ETH", "hourly skill"]) < 0.02


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "score needs one of FILE, --sim, --real or --magnet, was none of them"),
        (("--sim", "base", "--real", "."), "was --sim and --real"),
        (("a.csv", "--magnet"), "magnet needs --sim or --real, was FILE"),
        (("--sim", "clam"), "was 'clam'; did you mean 'calm'?"),
        (("--sim", "base,"), "sim must be words between commas, was 'base,'"),
        (("--sim", "base", "--seeds", "5-1"), "seeds must be numbers such as 1-20 or 1,3,5"),
        (("--sim", "base", "--seeds", "1-9999"), "seeds must be at most 1000"),
        (("--sim", "base", "--days", "15"), "shorten the warm-up with --warm-up"),
        (("--sim", "base", "--days", "nan"), "was nan"),
        (("--sim", "base", "--warm-up", "-1"), "warm-up must be days, 0 or more, was -1"),
        (("--sim", "base", "--bars", "7m"), "bars must be one of 1m, 3m, 5m, 15m, 30m, 1h"),
        (("--sim", "base", "--models", "pine"), "models must be among standard, ablation, feeds"),
        (("--sim", "base", "--jobs", "-2"), "jobs must be 1 or more"),
        (("--sim", "base", "--parameters", "mine"), "parameters must be default, prior or a JSON"),
        (("--sim", "base", "--magnet", "--models", "feeds"), "calibrated-full learns from"),
        (("--real", "nowhere"), "real must be a folder of recorded markets, was 'nowhere'"),
        (("nowhere.csv",), "nowhere.csv: there is no such file"),
    ],
)
def test_a_mistake_is_one_line_that_says_what_would_do(
    arguments: tuple[str, ...], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert code_of("score", *arguments) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("error: ")
    assert said.err.count("\n") == 1
    assert message in said.err


@pytest.mark.parametrize(
    ("choices", "message"),
    [
        ((), "ABCUSDT_1h.csv has no liquidations; name a file of them with --liquidations"),
        (("--liquidations", "EVENTS", "--warm-up", "80"), "no liquidation lies in the candles"),
        (("--liquidations", "CANDLES"), "ABCUSDT_1h.csv"),
    ],
)
def test_a_file_without_what_is_needed_is_refused(
    choices: tuple[str, ...],
    message: str,
    market_files: tuple[Path, Path],
    capsys: pytest.CaptureFixture[str],
) -> None:
    names = dict(zip(("CANDLES", "EVENTS"), market_files, strict=True))
    given = [names.get(choice, choice) for choice in choices]
    assert code_of("score", market_files[0], *given) == 2
    assert message in capsys.readouterr().err


def test_trials_survive_their_file() -> None:
    trials = Trials(
        np.array([1, 2]), np.array([7, 7]), np.array([1.0, 0.0]), np.array([0.5, 0.25]),
        np.array([np.nan, 1.0]), n_ties=3, n_untouched=4, n_even=5,
    )  # fmt: skip
    again = trials_from_dict(strict(json.dumps(trials_to_dict(trials))))
    for name, value in vars(trials).items():
        np.testing.assert_array_equal(getattr(again, name), value, err_msg=name)


def test_rows_become_one_table_per_metric() -> None:
    figure = Figure(0.5, 0.4, 0.6, n=9)
    rows = [
        ScoreRow("engine", "BTC", "auc", figure),
        ScoreRow("engine", "ETH", "auc", figure),
        ScoreRow("uniform", "ETH", "skill", figure),
    ]
    auc, skill = sections_by_metric("Fills", "", rows)
    assert [column.label for column in auc.columns] == ["BTC", "ETH"]
    assert auc.rows == (Row("engine", (figure, figure), stands_out=True),)
    assert skill.rows == (Row("uniform", (None, figure)),)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.70849, ".708"), (-0.0004, ".000"), (0.9996, "1.00"), (4.8149, "4.81"), (785.0, "785"),
     (16.0, "16"), (-1.5, "-1.50"), (0.0, ".000")],
)  # fmt: skip
def test_numbers_are_short(value: float, text: str) -> None:
    assert number_text(value) == text


def test_markdown_has_bounds_and_marks_the_engine() -> None:
    columns = (Column("rho5", ""), Column("level", "", "neither"))
    row = Row("engine", (Figure(0.7, 0.65, 0.75, 9), None), stands_out=True)
    lines = markdown(Section("t", "", columns, (row,))).splitlines()
    assert lines == ["| model | rho5 | level |", "|---|---:|---:|",
                     "| **engine** | .700 [.650, .750] | - |"]  # fmt: skip
    assert cell_text(Figure(0.5, float("nan"), float("nan"), 3)) == ".500"
