"""Whatever is pasted: the script never stops, and never draws what the Python reader does not read.

A short run; `LIQBANDS_FUZZ_CASES=20000` makes a long one.
"""

import os
import random
from collections.abc import Callable

import pytest
from tests.pine.offline import HOUR, Bar, Drawn
from tests.pine.scenes import GIVEN, LONG, NEAR, SHORT, paste, run

from liqbands_pine.decode import Decoded, decode
from liqbands_pine.levels import LevelsError

N_CASES = int(os.environ.get("LIQBANDS_FUZZ_CASES", "200"))
N_PARTS = 8
BARS = [Bar(GIVEN + (i - 1) * HOUR, 64_000, 64_010, 63_990, 64_000) for i in range(2)]

WHOLE = (
    paste(),
    paste([LONG, SHORT, NEAR], more=",q=72,d=okx,e=near,m=v2,zz=1"),
    paste([NEAR], given=GIVEN - 600, more=",a=BTCUSD+XBTUSD"),
    paste([LONG + ",35,building", "S,64000.5,64100.25,7,100"], given=GIVEN * 1000),
    paste([], given=GIVEN - 60),
    paste(["S,3500,3510,900,50,10,5"], symbol="ETHUSDT", price=3400)[:-4] + paste()[3:],
)
FOREIGN = (
    '{"s": "BTCUSDT", "bands": [[63250, 63300]]}',
    "price,notional\n63250,12500\n63300,8200\n",
    "$SPX: Call Resistance, 7600, Put Support, 7400",
    "<html><body>503 Service Unavailable</body></html>",
    "//@version=6\nindicator('x')\nplot(close)",
    paste().replace("LH1", "LH2"),
    "LH1|" * 500,
    "LH1|" + "s=BTCUSDT,g=1|" * 300,
    "LH1|s=BTCUSDT,g=1767297600,r=64000|" + ";" * 900 + "|END",
    "LH1|s=" + "A" * 9_000 + "|END",
    "=|=;,=|LH1|=|END=|",
    "\ufeff" + paste(),
)
NUMBERS = (
    "9" * 15, "9" * 16, "9" * 400, "0", "00", "0.0", "1.", ".1", "1.2.3", "1e5", "-1", "+1", "1_0",
    "inf", "nan", "0x1f", "", "0." + "0" * 14 + "1", "\u0663", "63250,", "1;",
)  # fmt: skip
SIGNS = "LS,;|=.+:_-0123456789ENDHabgrstvn \n\t\"'\\{}\u20ac"


def cut(text: str, chance: random.Random) -> str:
    return text[: chance.randrange(len(text) + 1)]


def flip(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text) + 1)
    return text[:at] + chance.choice(SIGNS) + text[at + chance.randrange(2) :]


def drop(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text) + 1)
    return text[:at] + text[at + chance.randrange(12) :]


def double(text: str, chance: random.Random) -> str:
    start, stop = sorted(chance.randrange(len(text) + 1) for _ in range(2))
    return text[:stop] + text[start:]


def number(text: str, chance: random.Random) -> str:
    pieces = text.split(",")
    pieces[chance.randrange(len(pieces))] = chance.choice(NUMBERS)
    return ",".join(pieces)


def join(text: str, chance: random.Random) -> str:
    parts = [text, chance.choice(WHOLE + FOREIGN)]
    chance.shuffle(parts)
    return chance.choice(["", " ", "\n", "|"]).join(parts)


DAMAGES: tuple[Callable[[str, random.Random], str], ...] = (cut, flip, drop, double, number, join)


def damaged(chance: random.Random) -> str:
    text = chance.choice(WHOLE if chance.random() < 0.9 else FOREIGN)
    for _ in range(chance.choice([1, 1, 1, 2, 3, 6])):
        text = chance.choice(DAMAGES)(text, chance)
    return text


def read(text: str) -> tuple[Decoded, ...]:
    try:
        return decode(text)
    except LevelsError:
        return ()


def best_of(found: list[Decoded]) -> Decoded | None:
    """Return the newest complete section of the chart's own symbol, before any cut one."""
    own = [one for one in found if one.section.symbol == "BTCUSDT"]
    return max(own, key=lambda one: (not one.is_cut, one.section.time_s), default=None)


def ranges(one: Decoded) -> set[tuple[float, float]]:
    return {(float(level.low), float(level.high)) for level in one.section.levels}


def check(texts: list[str]) -> None:
    drawn = run(texts[0], BARS, paste2In=texts[1], rangeIn=1e30, sweptIn="Fade", mostIn=480)
    found = [one for text in texts for one in read(text)]
    own = best_of(found)
    if own is None:
        nearly = {pair for one in found for pair in ranges(one)}
        assert drawn.bands <= nearly or "on a chart of" in drawn.messages[0], texts
        assert drawn.bands or drawn.messages, texts
    elif is_refused(drawn):
        assert not drawn.boxes, texts
    else:
        assert drawn.bands == ranges(own), texts
        assert is_told(own, drawn), texts


def is_refused(drawn: Drawn) -> bool:
    says = drawn.messages[0] if drawn.messages else ""
    return "These levels stand for" in says or "is this the right symbol" in says


def is_told(own: Decoded, drawn: Drawn) -> bool:
    says = " ".join(drawn.messages)
    n_good = len(own.section.levels)
    return (
        ("looks cut off" in says) == own.is_cut
        and ("were changed" in says) == (own.is_edited and "no readable" not in says)
        and ("could not be read and" in says or not own.n_unread or own.is_cut or not n_good)
    )


@pytest.mark.parametrize("part", range(N_PARTS))
def test_damaged_pastes_stop_nothing_and_draw_nothing_wrong(part: int) -> None:
    chance = random.Random(part)  # noqa: S311  # the same pastes every time
    for _ in range(N_CASES // N_PARTS):
        texts = [damaged(chance), damaged(chance) if chance.random() < 0.2 else ""]
        chance.shuffle(texts)
        check(texts)


@pytest.mark.parametrize("text", FOREIGN)
def test_other_formats_stop_nothing(text: str) -> None:
    check([text, ""])


def test_a_cut_at_any_place_draws_no_other_band() -> None:
    step = 1 if N_CASES > 1_000 else 9
    written = {(63250.0, 63300.0), (65100.0, 65150.0), (64200.0, 64240.0)}
    for length in range(0, len(WHOLE[0]), step):
        drawn = run(WHOLE[0][:length], BARS)
        assert drawn.bands < written
        assert drawn.messages
