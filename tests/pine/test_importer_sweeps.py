"""When a band counts as entered and as swept, and when levels are old or still to come."""

import pytest
from tests.pine.offline import HOUR, MINUTE, Chart
from tests.pine.scenes import GIVEN, LONG, N_BARS, NEAR, SHORT, START, THREE, flat, paste, run

UP = (64_230, 63_990, 64_005)
RULES = {"Near edge": "near", "Middle": "middle", "Far edge": "far"}
EDGES = {"Near edge": (64_200, 63_300), "Middle": (64_220, 63_275), "Far edge": (64_240, 63_250)}


def test_a_swept_band_is_removed_and_leaves_sums_and_magnets() -> None:
    drawn = run(paste(), flat(moves={25: UP}))
    assert drawn.bands == {(63250.0, 63300.0), (65100.0, 65150.0)}
    assert drawn.panel("Shorts above") == "$8.2M"
    assert drawn.plots["Magnet above"][-1] == 65_100
    assert drawn.plots["Shorts above (USD)"][-1] == 8_200_000
    assert not any("$30M" in label["text"] for label in drawn.labels)


def test_a_swept_band_can_fade_and_ends_at_the_bar_that_swept_it() -> None:
    drawn = run(paste([NEAR, SHORT]), flat(moves={25: UP}), sweptIn="Fade")
    boxes = {box["bottom"]: box for box in drawn.boxes}
    assert boxes[64_200]["right"] == (START + 25 * HOUR) * 1000
    assert boxes[64_200]["extend"] == "none"
    assert boxes[65_100]["extend"] == "right"
    assert boxes[64_200]["bgcolor"][:7] != boxes[65_100]["bgcolor"][:7]


@pytest.mark.parametrize("rule", EDGES)
@pytest.mark.parametrize("short", [True, False])
@pytest.mark.parametrize("beyond", [-0.5, 0, 0.5])
def test_a_band_is_swept_by_the_exact_touch_of_its_edge(
    rule: str, short: bool, beyond: float
) -> None:
    edge = EDGES[rule][0] + beyond if short else EDGES[rule][1] - beyond
    move = (edge, 63_999, 64_000) if short else (64_001, edge, 64_000)
    drawn = run(paste([NEAR if short else LONG]), flat(moves={25: move}), ruleIn=rule)
    assert (drawn.boxes == []) == (beyond >= 0)


@pytest.mark.parametrize("rule", EDGES)
def test_the_levels_name_the_rule_unless_the_user_does(rule: str) -> None:
    touch = flat(moves={25: (EDGES[rule][0], 63_999, 64_000)})
    text = paste([NEAR], more=f",e={RULES[rule]}")
    assert run(text, touch).boxes == []
    less = flat(moves={25: (EDGES[rule][0] - 0.5, 63_999, 64_000)})
    assert len(run(text, less).boxes) == 1
    assert len(run(text, touch, ruleIn="Far edge").boxes) == (rule != "Far edge")
    assert len(run(paste([NEAR], more=",e=odd"), touch).boxes) == (rule == "Near edge")


@pytest.mark.parametrize("short", [True, False])
@pytest.mark.parametrize("bar", [0, 10, 19])
def test_what_happened_before_the_levels_sweeps_nothing(short: bool, bar: int) -> None:
    move = (70_000, 64_000, 64_000) if short else (64_000, 60_000, 64_000)
    drawn = run(paste(), flat(moves={bar: move}))
    assert drawn.bands == THREE
    assert drawn.conditions == []


@pytest.mark.parametrize("late", [1, HOUR // 2, HOUR - 1])
def test_of_the_bar_open_at_the_levels_time_only_the_close_counts(late: int) -> None:
    text = paste([NEAR], given=GIVEN + late)
    assert len(run(text, flat(moves={20: (65_000, 63_000, 64_000)})).boxes) == 1
    assert run(text, flat(moves={20: (65_000, 63_000, 64_220)})).boxes == []
    below = paste([LONG], given=GIVEN + late)
    assert len(run(below, flat(moves={20: (65_000, 63_000, 64_000)})).boxes) == 1
    assert run(below, flat(moves={20: (65_000, 63_000, 63_275)})).boxes == []


def test_the_bar_that_ends_at_the_levels_time_does_not_count() -> None:
    assert len(run(paste([NEAR]), flat(moves={19: (65_000, 63_000, 64_300)})).boxes) == 1


def test_the_bar_that_opens_at_the_levels_time_counts_in_full() -> None:
    assert run(paste([NEAR]), flat(moves={20: (65_000, 63_000, 64_000)})).boxes == []


def test_entering_is_not_sweeping() -> None:
    drawn = run(paste([NEAR]), flat(moves={25: (64_200, 63_990, 64_005)}))
    assert len(drawn.boxes) == 1
    titles = [title for _, title in drawn.conditions]
    assert titles == ["Price enters a short band", "Price enters any band"]
    assert drawn.plots["Entered in this bar (USD)"][25] == 30e6
    assert drawn.plots["Swept in this bar (USD)"][25] == 0


def test_each_band_is_entered_and_swept_once() -> None:
    drawn = run(paste([NEAR]), flat(moves=dict.fromkeys((23, 25, 27), UP)), tellGoneIn=True)
    assert [bar for bar, title in drawn.conditions if title == "A band is swept"] == [23]
    assert [bar for bar, _ in drawn.alerts] == [23, 23]
    assert "entered a short-liquidation band at 64200.0, $30M in this bar" in drawn.alerts[0][1]
    assert "1 liquidation band swept in this bar, $30M" in drawn.alerts[1][1]


def test_one_bar_can_sweep_many_bands_of_both_sides() -> None:
    bands = [f"S,{64_100 + 10 * i},{64_105 + 10 * i},10,50" for i in range(20)]
    bands += [f"L,{63_900 - 10 * i},{63_905 - 10 * i},10,50" for i in range(20)]
    drawn = run(paste(bands), flat(moves={25: (64_197, 63_798, 64_000)}))
    prices = [box["bottom"] for box in drawn.boxes]
    assert sorted(prices) == [63_900 - 10 * i for i in range(19, 10, -1)] + [
        64_100 + 10 * i for i in range(10, 20)
    ]
    assert drawn.alerts[0][1].count("11 long-liquidation bands, the first at 63905.0") == 1
    assert drawn.alerts[1][1].count("10 short-liquidation bands, the first at 64100.0") == 1


@pytest.mark.parametrize(
    ("minutes", "colour"),
    [(119, "#E8EEF8"), (120, "#E8EEF8"), (121, "#B7791F"), (240, "#B7791F"), (241, "#D1495B")],
)
def test_the_age_turns_amber_then_red(minutes: int, colour: str) -> None:
    drawn = run(paste(valid=240), flat(25), now_s=GIVEN + minutes * MINUTE)
    assert drawn.colour_of(" ago, 2026-01-01 20:00 UTC").startswith(colour)
    old = [text for text in drawn.messages if "OLD LEVELS" in text]
    assert old == (["liqbands: OLD LEVELS (4 h ago): paste fresh ones"] if minutes > 240 else [])
    assert drawn.bands == THREE


@pytest.mark.parametrize(("own", "is_old"), [(0, True), (600, False), (30, True)])
def test_the_user_can_say_what_is_old(own: int, is_old: bool) -> None:
    drawn = run(paste(valid=240), flat(25), now_s=GIVEN + 241 * MINUTE, staleIn=own)
    assert bool(drawn.messages) == is_old


def test_without_a_stated_life_levels_live_four_hours() -> None:
    text = paste().replace("v=9999,", "")
    assert run(text, flat(25), now_s=GIVEN + 240 * MINUTE).messages == []
    assert "OLD LEVELS" in run(text, flat(25), now_s=GIVEN + 241 * MINUTE).messages[0]


def test_alerts_of_old_levels_say_so() -> None:
    drawn = run(paste(valid=60), flat(moves={25: UP}))
    assert drawn.alerts[0][1].endswith("(levels are old)")


@pytest.mark.parametrize(("ahead", "is_told"), [(299, False), (300, False), (301, True)])
def test_levels_of_a_time_to_come_are_refused(ahead: int, is_told: bool) -> None:
    drawn = run(paste(), flat(21), now_s=GIVEN - ahead)
    assert (drawn.boxes == []) == is_told
    assert bool(drawn.messages) == is_told
    if is_told:
        assert drawn.messages[0].endswith("which is still to come: check the server's clock.")


@pytest.mark.parametrize(("n_bars", "is_drawn"), [(19, False), (20, True), (21, True)])
def test_in_bar_replay_before_the_levels_nothing_is_drawn(n_bars: int, is_drawn: bool) -> None:
    drawn = run(paste(), flat(n_bars), now_s=GIVEN + HOUR)
    assert bool(drawn.boxes) == bool(drawn.labels) == bool(drawn.panel("Longs")) == is_drawn
    if not is_drawn:
        assert "they would show the future" in drawn.messages[0]
        assert drawn.messages[0].endswith("as_of=2026-01-01T19:00:00Z")


def test_levels_made_before_the_chart_begins_sweep_from_its_first_bar() -> None:
    text = paste([NEAR, SHORT], given=START - 10 * HOUR)
    drawn = run(text, flat(5, moves={0: UP}), startIn="Formed")
    assert drawn.bands == {(65100.0, 65150.0)}
    assert {box["left"] for box in drawn.boxes} == {START * 1000}


@pytest.mark.parametrize("price", [43_000.0, 127_000.0, 128_500.0, 42_000.0])
def test_levels_of_another_price_are_refused(price: float) -> None:
    drawn = run(paste(), flat(price=price), rangeIn=1000.0)
    is_told = abs(64_000 / price - 1) > 0.5
    assert bool(drawn.messages) == (drawn.boxes == []) == is_told


def test_a_daily_chart_works_too() -> None:
    chart = Chart(minutes=24 * 60)
    drawn = run(paste(given=START + 30 * HOUR), flat(5, step=24 * HOUR), chart)
    assert drawn.bands == THREE
    assert len(drawn.plots["Magnet above"]) == 5 < N_BARS
