"""What the importer says to what is pasted: every message, every way to find the chart's levels."""

import pytest
from hypothesis import given, settings
from tests.pine.offline import Chart
from tests.pine.payloads import sections
from tests.pine.scenes import GIVEN, LONG, NEAR, SHORT, THREE, flat, paste, run

from liqbands_pine.decode import decode
from liqbands_pine.encode import encode
from liqbands_pine.levels import Section

ETHER = "S,3500,3510,900,50,10,5"
NOTHING = "Paste levels: open this indicator's settings, click 'Paste levels here', press Ctrl+A"
NO_LH1 = (
    "Could not read the pasted text. It should start with LH1| . "
    "Copy it again with 'Copy for TradingView'."
)
REFUSED = [
    ("", NOTHING),
    (" \r\n\t ", NOTHING),
    ("hello", NO_LH1),
    ("LH1", NO_LH1),
    ("LH1|", NO_LH1),
    ("LHx|s=BTCUSDT", NO_LH1),
    ("lh1|s=BTCUSDT", NO_LH1),
    ('{"bands": []}', NO_LH1),
    ("symbol must be one of BTCUSDT, was 'X'", NO_LH1),
    (paste().replace("LH1", "LH2"), "These levels are in a newer format. Update this indicator."),
    (paste(symbol="ETHUSDT"), "No levels for BTCUSDT in the paste. It has: ETHUSDT"),
    (paste(price="x"), "The levels of BTCUSDT have no reference price. Copy them again."),
    (paste(price=0), "The levels of BTCUSDT have no reference price. Copy them again."),
    (paste().replace(f"g={GIVEN},", ""), "The levels of BTCUSDT have no time. Copy them again."),
    (paste().replace(f"g={GIVEN}", "g=1e9"), "The levels of BTCUSDT have no time."),
    (paste(["zzz"]), "The paste has no readable bands for BTCUSDT. Copy it again."),
    (paste()[:70], "The paste looks cut off: 0 of 3 bands. Copy it again."),
    (paste()[:30], "The paste looks cut off: 0 of ? bands. Copy it again."),
    (paste()[:27], "The levels of BTCUSDT have no reference price. Copy them again."),
    (paste(price=640), "Levels were made at price 640: is this the right symbol?"),
]


@pytest.mark.parametrize(("text", "says"), REFUSED)
def test_what_cannot_be_used_is_explained_and_draws_nothing(text: str, says: str) -> None:
    drawn = run(text, flat(moves={25: (70_000, 60_000, 64_000)}))
    assert len(drawn.messages) == 1
    assert drawn.messages[0].startswith(f"liqbands: {says}")
    assert not any((drawn.boxes, drawn.labels, drawn.lines, drawn.alerts, drawn.panel("Longs")))


@pytest.mark.parametrize("name", ["a b", "?", "X" * 40])
def test_a_symbol_that_is_none_is_explained(name: str) -> None:
    drawn = run(paste(), symbolIn=name)
    assert drawn.messages[0].startswith(("liqbands: No levels for AB", "liqbands: 'Use levels of"))
    assert not drawn.boxes


NOTES = [
    (paste([LONG, "S,abc,65150,8200,61", "X,1,2,3,4", "S,65100", SHORT], more=""), 2, "3 bands"),
    (paste([LONG, "S,65100,65100,8200,61"]), 1, "1 band could not be read and was left out"),
    (paste([LONG, SHORT])[:-10], 1, "The paste looks cut off: 1 of 2 bands. Copy it again"),
    (paste([LONG, SHORT])[:-4], 1, "The paste looks cut off: 1 of 2 bands. Copy it again"),
    (paste([LONG, SHORT]).replace("n=2", "n=9"), 2, "The paste looks cut off: 2 of 9 bands."),
    (paste([LONG, SHORT])[:-4].replace("n=2", "n=x"), 1, "The paste looks cut off: 1 of ? bands."),
    (paste().replace(",12500,", ",12501,"), 3, "These levels were changed after they were copied"),
    (paste().replace("n=3", "n=2"), 3, "These levels were changed after they were copied"),
    (paste([]), 0, "No bands for BTCUSDT above the server's threshold"),
]


@pytest.mark.parametrize(("text", "n_boxes", "says"), NOTES)
def test_what_can_be_used_in_part_is_drawn_and_told(text: str, n_boxes: int, says: str) -> None:
    drawn = run(text)
    assert len(drawn.boxes) == n_boxes
    assert len(drawn.messages) == 1
    assert drawn.messages[0].startswith(f"liqbands: {says}")
    assert drawn.panel("Levels from")


def test_no_number_of_a_cut_band_is_drawn() -> None:
    whole = paste([LONG, SHORT])
    for length in range(whole.index(SHORT) + 1, len(whole)):
        assert run(whole[:length]).bands <= {(63250.0, 63300.0)}


def test_white_space_and_spellings_of_the_symbol_do_not_matter() -> None:
    text = paste(symbol="binance:btc-usdt.p").replace("|", " |\r\n").replace(";", ";\n\t")
    drawn = run("  " + text)
    assert drawn.bands == THREE
    assert drawn.messages == []


def test_a_time_in_milliseconds_is_understood() -> None:
    drawn = run(paste(given=GIVEN * 1000))
    assert drawn.panel("Levels from").endswith("2026-01-01 20:00 UTC")


def test_unknown_keys_and_further_fields_are_ignored() -> None:
    drawn = run(paste([LONG + ",40,building,7"], more=",zz=9,m=v2"))
    assert drawn.bands == {(63250.0, 63300.0)}
    assert drawn.messages == []
    assert "$12.5M ± 40 %" in drawn.labels[0]["tooltip"]


@pytest.mark.parametrize("price", ["inf", "nan", "1_000", "1e5", "-5", "0", "63300", "9" * 20, ""])
def test_a_price_that_is_none_loses_only_its_band(price: str) -> None:
    drawn = run(paste([LONG.replace("63250", price), SHORT]))
    assert drawn.bands == {(65100.0, 65150.0)}


BOTH = paste([LONG])[:-4] + paste([ETHER], symbol="ETHUSDT", price=3400)[3:]


@pytest.mark.parametrize(
    ("ticker", "price", "named", "band"),
    [
        ("BTCUSDT.P", 64_000, "", 63250),
        ("ETHUSDT", 3_400, "", 3500),
        ("WHATEVER", 3_400, "BYBIT:ETHUSDT.P", 3500),
    ],
)
def test_each_chart_takes_its_own_section(
    ticker: str, price: float, named: str, band: float
) -> None:
    drawn = run(BOTH, flat(price=price), Chart(ticker=ticker), symbolIn=named)
    assert [box["bottom"] for box in drawn.boxes] == [band]
    assert drawn.messages == []


def test_a_paste_without_the_symbol_names_those_it_has() -> None:
    many = "LH1" + "".join(paste([], symbol=f"COIN{i}")[3:-4] for i in range(40)) + "|END"
    assert run(BOTH, chart=Chart(ticker="SOLUSDT")).messages == [
        "liqbands: No levels for SOLUSDT in the paste. It has: BTCUSDT, ETHUSDT"
    ]
    assert run(many).messages[0].endswith("COIN18, COIN19 and more")


@pytest.mark.parametrize(
    ("ticker", "kind"),
    [("BTCUSD", "crypto"), ("BTCUSDC", "spot"), ("XBTUSD.P", "crypto"), ("BTC1!", "futures")],
)
def test_the_same_coin_on_another_quote_is_drawn_with_a_note(ticker: str, kind: str) -> None:
    drawn = run(paste(), chart=Chart(ticker=ticker, kind=kind))
    assert drawn.bands == THREE
    assert drawn.messages[0].startswith("liqbands: Levels of BTCUSDT on a chart of ")


@pytest.mark.parametrize("ticker", ["ETHUSDT", "BTCDOMUSDT", "BTCEUR", "WBTCUSDT", "USDT"])
def test_another_coin_or_currency_is_not(ticker: str) -> None:
    assert run(paste(), chart=Chart(ticker=ticker)).boxes == []


def test_an_alias_needs_no_note() -> None:
    drawn = run(paste(more=",a=GOLD+XBTUSD"), chart=Chart(ticker="XBTUSD"))
    assert drawn.bands == THREE
    assert drawn.messages == []


def test_the_own_symbol_counts_before_alias_and_coin() -> None:
    coin = paste([SHORT], given=GIVEN + 60)
    alias = paste([LONG], symbol="GOLD", more=",a=BTCUSD")
    own = paste([NEAR], symbol="BTCUSD", given=GIVEN - 60)
    chart = Chart(ticker="BTCUSD")
    assert run(coin + alias, chart=chart).bands == {(63250.0, 63300.0)}
    assert run(alias + coin, chart=chart).bands == {(63250.0, 63300.0)}
    assert run(coin + alias + own, chart=chart).bands == {(64200.0, 64240.0)}
    assert run(own + alias + coin, chart=chart).bands == {(64200.0, 64240.0)}


def test_units_of_a_thousand_coins_are_made_the_charts_own() -> None:
    text = paste(["S,0.0126,0.0127,1180,52"], symbol="1000PEPEUSDT", price=0.0123, more=",k=1000")
    drawn = run(text, flat(price=0.0000123), Chart(ticker="PEPEUSDT", tick=1e-10))
    ((low, high),) = drawn.bands
    assert low == pytest.approx(0.0000126)
    assert high == pytest.approx(0.0000127)


@pytest.mark.parametrize("swapped", [False, True])
def test_the_newest_of_two_boxes_counts(swapped: bool) -> None:
    texts = [paste([LONG], given=GIVEN - 60), paste([SHORT])]
    drawn = run(texts[swapped], paste2In=texts[not swapped])
    assert drawn.bands == {(65100.0, 65150.0)}


@pytest.mark.parametrize("swapped", [False, True])
def test_a_complete_older_one_counts_before_a_newer_cut_one(swapped: bool) -> None:
    texts = [paste([LONG], given=GIVEN - 60), paste([SHORT, NEAR])[:-20]]
    drawn = run(texts[swapped], paste2In=texts[not swapped])
    assert drawn.bands == {(63250.0, 63300.0)}
    assert drawn.messages == []


@pytest.mark.parametrize("gap", ["", "\n", " "])
def test_pastes_may_stand_in_front_of_each_other(gap: str) -> None:
    newer, older = paste([SHORT]), paste([LONG], given=GIVEN - 60)
    assert run(newer + gap + older).bands == run(older + gap + newer).bands == {(65100.0, 65150.0)}
    assert run(paste([SHORT, NEAR])[:-20] + gap + older).bands == {(63250.0, 63300.0)}


@pytest.mark.parametrize(
    ("other", "says"),
    [("rubbish", "could not be read"), ("LH3|s=BTCUSDT", "is in a newer format")],
)
def test_rubbish_in_one_box_leaves_the_other_usable(other: str, says: str) -> None:
    drawn = run(other, paste2In=paste())
    assert drawn.bands == THREE
    assert says in drawn.messages[0]


@settings(max_examples=25)
@given(sections("BTCUSDT", max_levels=8))
def test_the_importer_draws_what_the_python_reader_reads(section: Section) -> None:
    text = encode([section]).texts[0]
    price = float(section.reference)
    bars = flat(n_bars=2, price=price)
    bars = [bar._replace(time_s=bar.time_s + section.time_s - bars[0].time_s) for bar in bars]
    drawn = run(text, bars, rangeIn=1e15, sweptIn="Fade", mostIn=480)
    levels = {(float(one.low), float(one.high)) for one in decode(text)[0].section.levels}
    assert drawn.bands == levels
