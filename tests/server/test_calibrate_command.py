"""`liqbands calibrate`: tiny fits, what they write, and that held-out data come last."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from liqbands.fit.comparison import FIGURES, Comparison
from liqbands.fit.fitting import FitPlan
from liqbands.fit.objective import MarketScore
from liqbands.fit.search import SearchPlan
from liqbands.parameter_files import ParameterFile, load_parameters, read_parameters
from liqbands.parameter_history import SimulatedMarkets
from liqbands.parameters import Parameters
from liqbands.score.types import Figure
from liqbands_server.cli.calibrate_tables import print_report
from liqbands_server.cli.main import run
from liqbands_server.fitting.fit_run import FitReport, FitRun
from liqbands_server.fitting.fitted_file import fitted_file
from liqbands_server.fitting.market_pool import MarketKey, MarketPool, keys_of

TRAINING = SimulatedMarkets(("base", "calm"), (1,), 1.0, 0.5)
HELD_OUT = SimulatedMarkets(("crash",), (11,), 1.0, 0.5)
PLAN = FitPlan(TRAINING, HELD_OUT, ("ladder_median", "unlevered_share"), SearchPlan(8))
TINY = (
    "--worlds", "base", "--seeds", "1", "--held-out-worlds", "crash,calm", "--held-out-seeds",
    "11", "--days", "2", "--warm-up", "1", "--evaluations", "5", "--date", "2026-11-21",
)  # fmt: skip


def code_of(*arguments: object) -> int:
    with pytest.raises(SystemExit) as end:
        run([str(argument) for argument in arguments])
    assert isinstance(end.value.code, int)
    return end.value.code


class Silent:
    """Shows nothing, but counts."""

    def __init__(self, _: int) -> None:
        self.n = 0

    def next(self, description: str) -> None:
        assert description
        self.n += 1


class WatchedPool(MarketPool):
    """A pool that writes down which worlds were simulated and judged, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.diary: list[tuple[str, str]] = []

    def simulate(
        self, markets: SimulatedMarkets, done: Callable[[MarketKey], None] = lambda _: None
    ) -> tuple[MarketKey, ...]:
        self.diary += [("simulated", world) for world in markets.worlds]
        return super().simulate(markets, done)

    def score(self, keys: Sequence[MarketKey], parameters: Parameters) -> list[MarketScore]:
        self.diary += [("judged", key.world) for key in keys]
        return super().score(keys, parameters)


@pytest.fixture(scope="module")
def watched() -> tuple[WatchedPool, FitReport]:
    """Return a pool that has seen one whole fit, and its report."""
    with WatchedPool() as pool:
        report = FitRun(pool, Silent, in_time=lambda: True).run(PLAN, load_parameters("prior"))
    return pool, report


def test_held_out_worlds_are_not_there_while_fitting(
    watched: tuple[WatchedPool, FitReport],
) -> None:
    diary = watched[0].diary
    opened = diary.index(("simulated", "crash"))
    assert {world for _, world in diary[:opened]} == {"base", "calm"}
    # What follows is the comparison: before and after, once each, and nothing is fitted any more.
    assert diary[opened:] == [("simulated", "crash"), ("judged", "crash"), ("judged", "crash")]


def test_a_fit_gains_on_its_own_markets(watched: tuple[WatchedPool, FitReport]) -> None:
    report = watched[1]
    gained = report.training.overall[0]
    assert gained.measure == "objective"
    assert gained.after.value == pytest.approx(report.fit.after) != report.fit.before
    assert gained.change.value > 0
    assert report.fit.evaluations == 8
    assert list(report.training.worlds) == ["base", "calm"]


def test_the_file_says_where_it_comes_from(watched: tuple[WatchedPool, FitReport]) -> None:
    header = ParameterFile("7", "2026-11-21", Parameters())
    file = fitted_file(watched[1], header)
    assert (file.version, file.date) == ("7", "2026-11-21")
    assert (file.fitted_on, file.held_out) == (TRAINING, HELD_OUT)
    assert file.fitted == PLAN.free
    assert file.parameters == watched[1].fit.parameters
    assert {score.data for score in file.score} == {"crash"}
    # Six shapes, two level errors, two ratios and the objective.
    assert len(file.score) == 11


def with_long_figures(report: FitReport) -> FitReport:
    figure = Figure(-0.234, -0.345, -0.123, n=99)
    rows = tuple(Comparison(measure, figure, figure, figure) for measure in FIGURES)
    worlds = {"drifting-leverage": rows, "crash": rows}
    return replace(report, held_out=replace(report.held_out, overall=rows, worlds=worlds))


def test_tables_fit_into_eighty_characters(watched: tuple[WatchedPool, FitReport]) -> None:
    said = StringIO()
    print_report(Console(file=said, width=80), with_long_figures(watched[1]))
    assert said.getvalue().count("-.234 [-.345, -.123]") == 3 * len(FIGURES) + 2
    assert "…" not in said.getvalue()


def test_processes_give_the_same_bits(watched: tuple[WatchedPool, FitReport]) -> None:
    told: list[MarketKey] = []
    with MarketPool(2) as pool:
        keys = pool.simulate(TRAINING, told.append)
        scores = pool.score(keys, Parameters())
    assert set(told) == set(keys) == set(keys_of(TRAINING))
    for one, other in zip(scores, watched[0].score(keys, Parameters()), strict=True):
        assert (one.world, one.seed) == (other.world, other.seed)
        np.testing.assert_array_equal(one.values, other.values)


def test_the_command_writes_a_file_and_tables(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "new" / "fitted.json"
    assert code_of("calibrate", *TINY, "--parameters", "prior", "--output", path) == 0
    file = read_parameters(path.read_text())
    assert (file.version, file.date) == ("2026-11-21", "2026-11-21")
    assert {score.data for score in file.score} == {"held-out worlds", "crash", "calm"}
    said = capsys.readouterr().out
    assert said.splitlines()[-1] == str(path)
    for word in ("ladder_median", "wick_retention", "before", "after", "held out: crash, calm"):
        assert word in said


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--worlds", "crash"), "worlds to fit on must be among base, calm, "),
        (("--worlds", "basse"), "did you mean 'base'?"),
        (("--held-out-seeds", "3-5"), "seeds to fit on and to score on must differ, both had 3"),
        (("--free", "sweep"), "free has an unknown name 'sweep'"),
        (("--days", "10"), "days must be at least 1 more than the warm-up of 15"),
        (("--evaluations", "0"), "evaluations must be at least 1, was 0"),
        (("--minutes", "0"), "minutes must be more than 0, was 0"),
        (("--jobs", "-1"), "jobs must be 1 or more"),
        (("--date", "today"), "date must be a day such as 2026-11-21, was 'today'"),
        (("--parameters", "nothing"), "parameters must be default, prior or a JSON file"),
        (("--real", "/nowhere"), "real must be a folder of recorded markets"),
        (("--output", "."), "output must be a file, '.' is a folder"),
    ],
)
def test_what_is_not_possible_is_refused_before_the_work(
    arguments: tuple[str, ...], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert code_of("calibrate", *arguments) == 2
    said = capsys.readouterr()
    assert message in said.err
    assert (said.out, said.err.count("\n")) == ("", 1)
