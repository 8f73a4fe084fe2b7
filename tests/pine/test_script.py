"""The script with levels inside: differs in three lines, and draws without any paste."""

import difflib
import subprocess
import sys
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
from tests.pine.offline import Drawn, PineScript
from tests.pine.scenes import GIVEN, LONG, SHORT, THREE, flat, folder, importer, paste

from liqbands_pine.encode import encode
from liqbands_pine.levels import LevelsError, Section
from liqbands_pine.script import (
    MOST_BAKED_CHARACTERS,
    finished_script,
    importer_script,
    script_title,
)

ROOT = Path(__file__).parents[2]
TITLE = "liqbands BTCUSDT 2026-01-01 20:00 UTC"


@pytest.fixture(scope="module")
def finished() -> PineScript:
    return PineScript(finished_script(paste([LONG, SHORT]), TITLE), folder())


def bands(script: PineScript, **inputs: str) -> Drawn:
    return script.run(flat(), inputs)


def test_a_finished_script_differs_in_title_comment_and_one_constant() -> None:
    before = importer_script().splitlines()
    after = finished_script(paste(), TITLE).splitlines()
    changed = [line for line in difflib.ndiff(before, after) if line.startswith("+")]
    assert changed == [
        f"+ // Levels inside: {TITLE}",
        f'+ indicator("{TITLE}", ' + before[11].split('", ', maxsplit=1)[1],
        f'+ const string BAKED_LEVELS = "{paste()}"',
    ]


def test_levels_inside_need_no_paste(finished: PineScript) -> None:
    assert bands(finished).bands == {(63250.0, 63300.0), (65100.0, 65150.0)}
    assert bands(finished).messages == []


@pytest.mark.parametrize("box", ["paste1In", "paste2In"])
def test_the_newest_of_paste_and_script_counts(finished: PineScript, box: str) -> None:
    assert bands(finished, **{box: paste(given=GIVEN + 60)}).bands == THREE
    assert len(bands(finished, **{box: paste(given=GIVEN - 60)}).boxes) == 2


def test_a_cut_paste_does_not_displace_the_levels_inside(finished: PineScript) -> None:
    assert len(bands(finished, paste1In=paste(given=GIVEN + 60)[:-20]).boxes) == 2


def test_an_unreadable_paste_is_told_beside_the_levels_inside(finished: PineScript) -> None:
    drawn = bands(finished, paste1In="rubbish")
    assert len(drawn.boxes) == 2
    assert "could not be read" in drawn.messages[0]


def test_without_levels_inside_the_script_asks_for_a_paste() -> None:
    assert "Paste levels: open" in bands(importer()).messages[0]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ('LH1|"', TITLE),
        ("LH1|\\", TITLE),
        ("LH1|\n", TITLE),
        ("LH1|{{x}}", TITLE),
        ("LH2|s=BTCUSDT", TITLE),
        ("", TITLE),
        ("LH1|" + "L" * MOST_BAKED_CHARACTERS, TITLE),
        ("LH1|", 'x", overlay = false)//'),
        ("LH1|", ""),
        ("LH1|", "x" * 101),
        ("LH1|", "a\nb"),
    ],
)
def test_what_could_break_out_of_the_string_is_refused(text: str, title: str) -> None:
    with pytest.raises(LevelsError, match="must"):
        finished_script(text, title)


def test_titles_name_symbols_and_the_newest_time() -> None:
    one = [Section(f"COIN{i}USDT", GIVEN + i, Decimal(1), ()) for i in range(6)]
    assert script_title(one[:2]) == "liqbands COIN0USDT COIN1USDT 2026-01-01 20:00 UTC"
    assert " COIN3USDT + 2 2026" in script_title(one)
    assert finished_script(encode(one).texts[0], script_title(one))


def test_the_wheel_has_the_script(tmp_path: Path) -> None:
    build = "import sys; from hatchling.build import build_wheel; build_wheel(sys.argv[1])"
    subprocess.run(  # noqa: S603  # our own build
        [sys.executable, "-c", build, str(tmp_path)],
        cwd=ROOT,
        check=True,
        timeout=60,
        capture_output=True,
    )
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        inside = wheel.read("liqbands_pine/liquidation_bands.pine").decode()
    assert inside == importer_script()
