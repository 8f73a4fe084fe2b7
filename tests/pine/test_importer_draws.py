"""What the importer draws: the engine's bands, colours, labels, magnets, panel, profile."""

import itertools

import pytest
from tests.engine.markets import BYBIT, random_market
from tests.pine.offline import HOUR, Bar, Chart, Drawn
from tests.pine.scenes import GIVEN, LONG, NEAR, SHORT, START, THREE, flat, paste, run

import liqbands as lb
from liqbands_pine.encode import encode
from liqbands_pine.from_bands import section_from

MANY = [
    f"{'SL'[i % 2]},{64_000 + (20 + 10 * i) * (-1) ** i},{64_008 + (20 + 10 * i) * (-1) ** i},"
    f"{10 * i + 1},{i % 101},50,{i}"
    for i in range(480)
]
WORKING_PALETTES = ["Dark", "Dark, colour-blind", "Light", "Own"]


@pytest.fixture(scope="module")
def book() -> lb.Snapshot:
    return lb.snapshot(random_market(0, 600, price=60_000.0), BYBIT)


@pytest.fixture(scope="module")
def on_chart(book: lb.Snapshot) -> Drawn:
    """Return what the chart of the engine's own market shows."""
    candles = random_market(0, 600, price=60_000.0)
    columns = (candles.open, candles.high, candles.low, candles.close)
    times = (candles.open_time_ms // 1000).tolist()
    rows = zip(times, *(column.tolist() for column in columns), strict=True)
    bars = [Bar(*row) for row in list(rows)[-30:]]
    text = encode([section_from(book, lb.bands(book))], max_bands=480).texts[0]
    return run(text, bars, Chart(tick=0.01), rangeIn=1000.0, mostIn=480)


def bands_of(book: lb.Snapshot) -> list[lb.Band]:
    return [band for band in lb.bands(book) if round(band.notional / 1000) >= 1]


def test_the_boxes_are_the_engines_bands(book: lb.Snapshot, on_chart: Drawn) -> None:
    wanted = sorted((band.low, band.high) for band in bands_of(book))
    assert len(wanted) > 3
    assert sorted(on_chart.bands) == [pytest.approx(pair, rel=1e-6) for pair in wanted]


def test_a_band_begins_where_the_engine_first_saw_it(book: lb.Snapshot, on_chart: Drawn) -> None:
    first_bar = book.time_ms - 30 * HOUR * 1000
    for band in bands_of(book):
        (box,) = [box for box in on_chart.boxes if box["bottom"] == pytest.approx(band.low, 1e-6)]
        assert box["left"] == pytest.approx(max(band.first_seen_ms, first_bar), abs=60_000)


def test_the_sums_are_the_engines(book: lb.Snapshot, on_chart: Drawn) -> None:
    for side, title in ((lb.Side.LONG, "Longs below (USD)"), (lb.Side.SHORT, "Shorts above (USD)")):
        total = sum(band.notional for band in bands_of(book) if band.side is side)
        assert on_chart.plots[title][-1] == pytest.approx(total, abs=500 * len(on_chart.boxes))


def test_boxes_reach_from_their_birth_to_the_right() -> None:
    boxes = {box["bottom"]: box for box in run(paste()).boxes}
    assert boxes[63_250]["left"] == (GIVEN - 90 * 60) * 1000
    assert {box["extend"] for box in boxes.values()} == {"right"}
    assert {box["xloc"] for box in boxes.values()} == {"bar_time"}


@pytest.mark.parametrize(("start", "left"), [("Levels' time", GIVEN), ("Whole chart", START)])
def test_boxes_can_start_elsewhere(start: str, left: int) -> None:
    assert {box["left"] for box in run(paste(), startIn=start).boxes} == {left * 1000}


@pytest.mark.parametrize("palette", WORKING_PALETTES)
def test_the_stronger_band_is_more_opaque_and_sides_differ(palette: str) -> None:
    bands = ["S,65000,65050,1,10", "S,65200,65250,1,99", "L,63000,63050,1,99"]
    colour = {box["bottom"]: box["bgcolor"] for box in run(paste(bands), paletteIn=palette).boxes}
    assert int(colour[65_000][7:], 16) < int(colour[65_200][7:], 16)
    assert len({text[:7] for text in colour.values()}) == 3


@pytest.mark.parametrize(("ground", "palette"), [("#131722", "Dark"), ("#ffffff", "Light")])
def test_auto_follows_the_charts_ground(ground: str, palette: str) -> None:
    auto = run(paste(), chart=Chart(background=ground))
    chosen = run(paste(), paletteIn=palette)
    assert [box["bgcolor"] for box in auto.boxes] == [box["bgcolor"] for box in chosen.boxes]
    other = run(paste(), paletteIn="Light" if palette == "Dark" else "Dark")
    assert [box["bgcolor"] for box in auto.boxes] != [box["bgcolor"] for box in other.boxes]


def test_the_strongest_lie_on_top() -> None:
    boxes = sorted(run(paste()).boxes, key=lambda box: int(box["id"]))
    assert [box["bottom"] for box in boxes] == [65_100, 64_200, 63_250]


def test_filters_hide_bands() -> None:
    assert run(paste(), weakestIn=65).bands == THREE - {(65100.0, 65150.0)}
    assert run(paste(), weakestIn=83).bands == {(63250.0, 63300.0)}
    assert run(paste(), longsIn=False).bands == THREE - {(63250.0, 63300.0)}
    assert run(paste(), shortsIn=False).bands == {(63250.0, 63300.0)}
    assert run(paste(), rangeIn=1.3).bands == THREE - {(65100.0, 65150.0)}


def test_what_has_no_room_is_the_weakest_and_is_told() -> None:
    drawn = run(paste(MANY), rangeIn=1000.0)
    assert len(drawn.boxes) == 300
    assert drawn.messages == ["liqbands: 180 weaker bands are not drawn"]
    least = min(
        int(band.split(",")[4])
        for band in MANY
        if float(band.split(",")[1]) in {box["bottom"] for box in drawn.boxes}
    )
    assert least == sorted(int(band.split(",")[4]) for band in MANY)[180]
    assert run(paste(), mostIn=2).messages == ["liqbands: 1 weaker band is not drawn"]


def test_480_bands_with_all_labels_fit() -> None:
    drawn = run(paste(MANY), rangeIn=1000.0, mostIn=480, labelsIn=150, profileIn=True)
    assert len(drawn.boxes) == 480
    assert len(drawn.labels) <= 152
    assert len(drawn.polylines) == 20


def test_labels_never_overlap() -> None:
    bars = flat(120)
    bars[50] = bars[50]._replace(high=66_000.0, low=62_000.0)
    drawn = run(paste(MANY, given=START + 100 * HOUR), bars, labelsIn=150, rangeIn=1000.0)
    heights = sorted(label["y"] for label in drawn.labels)
    assert len(heights) > 20
    assert all(b - a >= 0.03 * 4_000 - 1e-9 for a, b in itertools.pairwise(heights))


def test_labels_that_would_overlap_are_put_together() -> None:
    bands = ["S,64500,64510,12000,60", "S,64512,64520,8000,50", "S,64521,64530,500,40"]
    drawn = run(paste(bands), flat(moves={3: (65_000, 63_000, 64_000)}), magnetsIn=False)
    assert [label["text"] for label in drawn.labels] == ["▲ $20.5M  3 bands"]


def test_a_label_over_both_sides_names_both() -> None:
    bands = ["S,64010,64020,12000,50", "L,63980,63990,8000,40"]
    drawn = run(paste(bands), flat(moves={3: (65_000, 63_000, 64_000)}), magnetsIn=False)
    assert [label["text"] for label in drawn.labels] == ["▲ $12M  ▼ $8M  2 bands"]


def test_a_label_says_value_leverage_and_age_and_more_when_hovered() -> None:
    (label,) = run(paste([SHORT + ",35"]), magnetsIn=False).labels
    assert label["text"] == "▲ $8.2M  25x  30 min"
    assert label["tooltip"].split("\n") == [
        "Short liquidations 65100.0 to 65150.0",
        "Value $8.2M ± 35 %, strength 61 of 100",
        "+1.76 % from the price",
        "Formed 2026-01-01 19:30 UTC",
    ]


@pytest.mark.parametrize("size", ["Tiny", "Small", "Normal"])
def test_the_size_of_labels_can_be_chosen(size: str) -> None:
    assert {label["size"] for label in run(paste(), sizeIn=size).labels} == {size.lower()}


@pytest.mark.parametrize("wanted", [0, 1, 2, 3])
def test_so_many_labels_as_wanted(wanted: int) -> None:
    assert len(run(paste(), magnetsIn=False, labelsIn=wanted).labels) == wanted
    assert len(run(paste(), labelsIn=wanted).labels) == min(3, wanted + 2 if wanted else 2)


def test_magnets_are_the_nearest_strong_bands() -> None:
    weak, far = "S,64100,64110,99999,59", "L,63000,63050,99999,100"
    drawn = run(paste([LONG, SHORT, NEAR, weak, far, "L,63900,63950,99999,59"]))
    assert drawn.plots["Magnet above"][-1] == 64_200
    assert drawn.plots["Magnet below"][-1] == 63_300
    assert sorted(line["y1"] for line in drawn.lines) == [63_300, 64_200]
    assert drawn.panel("Magnets") == "▼ -1.09 %   ▲ +0.31 %"
    texts = {label["y"]: label["text"] for label in drawn.labels}
    assert texts[64_200] == "▲ 64200.0  $30M  100x  10 min"
    assert run(paste([weak])).panel("Magnets") == "none   none"
    assert run(paste(), magnetsIn=False).lines == []
    assert run(paste(), magnetIn=80).panel("Magnets") == "▼ -1.09 %   none"


def test_the_panel_sums_up() -> None:
    drawn = run(paste(more="+bybit,q=72,d=okx+gate"))
    rows = ("Shorts above", "Longs below", "Shorts : longs", "Missing", "Confidence")
    assert drawn.panel("liqbands  BTCUSDT") == "binance + bybit"
    assert [drawn.panel(row) for row in rows] == [
        "$38.2M",
        "$12.5M",
        "3.06 : 1  ▲ shorts above 75 %",
        "okx + gate",
        "72 of 100",
    ]
    assert drawn.panel("Levels from") == "10 h ago, 2026-01-01 20:00 UTC"
    assert not run(paste(), panelIn=False).panel("Levels")


@pytest.mark.parametrize(
    ("bands", "bias"),
    [
        (["S,65000,65100,10,50", "L,63000,63100,10,50"], "1 : 1  balanced"),
        (["S,65000,65100,10,50", "L,63000,63100,90,50"], "0.11 : 1  ▼ longs below 90 %"),
        (["S,65000,65100,10,50"], "▲ shorts above 100 %"),
        ([], "none"),
    ],
)
def test_the_bias_is_named(bands: list[str], bias: str) -> None:
    assert run(paste(bands)).panel("Shorts : longs") == bias


@pytest.mark.parametrize("corner", ["Top left", "Bottom right", "Bottom left"])
def test_the_panel_can_stand_in_every_corner(corner: str) -> None:
    drawn = run(paste(), cornerIn=corner)
    assert drawn.panel("Longs below", corner.lower().replace(" ", "_")) == "$12.5M"


@pytest.mark.parametrize(("minutes", "is_told"), [(1, True), (59, True), (60, False)])
def test_after_a_paste_the_panel_speaks_of_alerts(minutes: int, is_told: bool) -> None:
    drawn = run(paste(), flat(21), now_s=GIVEN + minutes * 60)
    assert bool(drawn.panel("Alerts made earlier")) == is_told


@pytest.mark.parametrize(
    ("thousand", "says"),
    [(1, "$1K"), (999, "$999K"), (1_000, "$1M"), (8_240, "$8.2M"), (1_234_000, "$1.23B")],
)
def test_sums_are_written_short(thousand: int, says: str) -> None:
    assert run(paste([f"S,65000,65100,{thousand},50"])).panel("Shorts above") == says


def test_the_profile_is_as_wide_as_its_band_is_large() -> None:
    bands = ["S,65000,65100,100,50", "S,66000,66100,50,55", "L,63000,63100,25,5"]
    drawn = run(paste(bands), profileIn=True, widthIn=40, offsetIn=6)
    assert len(drawn.polylines) == 2
    base = 29 + 6
    points = [(p["index"], p["price"]) for line in drawn.polylines for p in line["points"]]
    for low, width in ((65_000, 40), (66_000, 20), (63_000, 10)):
        assert {x for x, y in points if low <= y <= low + 100} == {base, base + width}
    assert all(label["x"] > base + 40 for label in drawn.labels)
    assert all(line["closed"] for line in drawn.polylines)
    assert {box["right"] for box in drawn.boxes} == {(START + base * HOUR) * 1000}
    assert {box["extend"] for box in drawn.boxes} == {"none"}
    assert run(paste(bands)).polylines == []


def test_nothing_stands_farther_than_500_bars_ahead() -> None:
    drawn = run(paste(), profileIn=True, widthIn=300, offsetIn=150)
    points = [p["index"] for line in drawn.polylines for p in line["points"]]
    assert max(points + [label["x"] for label in drawn.labels]) - 29 <= 500


@pytest.mark.parametrize("price", [64_000.0, 1.0, 1e-4, 1e-8])
def test_coins_of_any_price_are_drawn_and_swept_alike(price: float) -> None:
    """TradingView takes floats within 1e-10 for equal."""
    bands = [
        f"{side},{price * low:.15f},{price * high:.15f},100,{strength}"
        for side, low, high, strength in (
            ("S", 1.01, 1.011, 80), ("S", 1.02, 1.021, 70), ("S", 1.03, 1.031, 90),
            ("L", 0.98, 0.981, 75), ("L", 0.97, 0.971, 70),
        )
    ]  # fmt: skip
    text = paste(bands, price=f"{price:.12f}")
    chart = Chart(tick=price / 1e5)
    drawn = run(text, flat(price=price, moves={25: (price * 1.0104, price, price)}), chart)
    assert len(drawn.boxes) == 5
    swept = run(text, flat(price=price, moves={25: (price * 1.0206, price, price)}), chart)
    assert min(box["bottom"] for box in swept.boxes if box["bottom"] > price) / price > 1.029
    assert len(swept.boxes) == 3
    assert swept.plots["Magnet above"][-1] / price == pytest.approx(1.03)
    assert swept.plots["Magnet below"][-1] / price == pytest.approx(0.981)
