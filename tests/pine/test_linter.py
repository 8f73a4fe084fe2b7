"""What only TradingView's compiler would notice: limits, arguments, the frozen order of inputs."""

import re
import warnings
from pathlib import Path

import pytest
from pine2pyne import Pine2PyneError, transpile
from tests.pine.offline import PineScript
from tests.pine.pine_linter import faults, inputs, token_estimate
from tests.pine.scenes import flat, folder, paste

from liqbands_pine.script import MOST_BAKED_CHARACTERS, finished_script, importer_script

MOST_TOKENS = 100_000
SOURCE = importer_script()
FROZEN = (Path(__file__).parent / "inputs.txt").read_text().splitlines()

HEAD = '//@version=6\nindicator("x", overlay = true)\n'
GOOD = HEAD + 'float mean = ta.sma(close, 10)\nplot(mean, "Mean")\n'
BOX = 'display = display.none, group = "g", tooltip = "t"'
MISTAKES = {
    "a function that does not exist": "plot(ta.smaa(close, 9))",
    "a function that is not allowed": "plot(request.seed(syminfo.ticker, close))",
    "a parameter that does not exist": "plot(close, colour = color.red)",
    "inline on a text area": f'string s = input.text_area("", "T", inline = "i", {BOX})',
    "an input that fills the status line": 'int n = input.int(1, "N", group = "g", tooltip = "t")',
    "an input without explanation": 'int n = input.int(1, "N", group = "g", display = display.all)',
    "an input inside a block": f'if close > 1\n    int n = input.int(1, "N", {BOX})',
    "an input whose title is not constant": f"int n = input.int(1, str.tostring(close), {BOX})",
    "a default that is no option": f'string s = input.string("c", "S", ["a", "b"], {BOX})',
    "text plus number": 'string s = "a" + 1',
    "a word of the language as name": "int to = 5",
    "another word of the language": "int switch = 5",
    "a missing bracket": "plot(ta.sma(close, 9)",
    "a block of two spaces": "if close > open\n  plot(close)",
    "a wrapped line": "float x = close +\n  open",
    "a tab": "if close > open\n\tint x = 1",
    "plot inside a block": "if close > open\n    plot(close)",
    "alertcondition inside a block": 'if close > open\n    alertcondition(true, "a", "b")',
    "alertcondition with text made at run time": 'alertcondition(true, "a", str.tostring(close))',
    "assigning what is not declared": "x := 5",
    "declaring twice": "int a = 1\nint a = 2",
    "a bool that is na": "bool b = na",
    "na without a type": "x = na",
    "a number as condition": "int n = 1\nif n\n    n := 2",
    "too many arguments": "plot(math.abs(1, 2))",
    "a missing argument": "box b = box.new(1, 2.0, 3)",
    "a function that changes a global": "var int g = 0\nf() =>\n    g := g + 1\n    g\nplot(f())",
    "a number as colour": "color c = 5",
    "a text as number": 'int n = "5"',
    "an unknown constant": 'label l = label.new(1, 2.0, "a", style = label.style_left)',
    "an unknown field": "type T\n    float a\nT t = T.new(1.0)\nplot(t.b)",
    "a number where a text belongs": "plot(str.length(close))",
    "used before it is declared": "plot(later)\nfloat later = 1.0",
    "a text without end": 'string s = "abc',
    "looking into the future": "plot(close[-1])",
    "branches of different types": 'x = close > open ? 1 : "a"',
    "array.get where evaluation is lazy": (
        "array<int> a = array.new<int>(1, 0)\nbool b = close > 1 and array.get(a, 0) > 0"
    ),
    "merged cells": "var table t = na\ntable.merge_cells(t, 0, 0, 1, 0)",
    "too long a text": f'string s = "{"x" * 40_961}"',
    "too many plots": "\n".join(f'plot(close, "{i}")' for i in range(33)),
}


def is_refused(source: str) -> bool:
    if faults(source):
        return True
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            transpile(source)
        except (Pine2PyneError, Warning):
            return True
    return False


def test_the_script_has_no_fault() -> None:
    assert faults(SOURCE) == []


def test_a_good_script_passes() -> None:
    assert not is_refused(GOOD)


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_found(mistake: str) -> None:
    assert is_refused(GOOD + MISTAKES[mistake] + "\n"), MISTAKES[mistake]


def test_a_name_that_is_not_declared_is_found_by_running_it() -> None:
    script = PineScript(GOOD + "plot(clos)\n", folder())
    with pytest.raises(NameError, match="clos"):
        script.run(flat(3))


@pytest.mark.parametrize(
    "source", ["", "plot(close)\n", GOOD[1:], GOOD.replace("true)", "true, max_boxes_count = 501)")]
)
def test_a_wrong_head_is_found(source: str) -> None:
    assert faults(source)


def test_inputs_are_only_ever_appended() -> None:
    """TradingView keeps saved settings by position; a new input goes to the end of inputs.txt."""
    assert inputs(SOURCE) == FROZEN


def test_a_script_with_all_the_levels_it_may_hold_can_be_compiled() -> None:
    text = paste(["L,63250.5,63300.5,12500,83,50,9000,35"] * 900)[:MOST_BAKED_CHARACTERS]
    assert len(text) == MOST_BAKED_CHARACTERS
    finished = finished_script(text, "t")
    assert faults(finished) == []
    assert token_estimate(finished) < 0.9 * MOST_TOKENS


def test_the_licence_stands_in_line_two() -> None:
    assert re.match(r"//@version=6\n// Licence: MIT", SOURCE)


def test_no_message_can_lose_its_beginning() -> None:
    assert SOURCE.count("table.cell(notice") == 1
    assert 'table.cell(notice, 0, r, "liqbands: " + message' in SOURCE


def test_the_alert_notice_stands_in_the_settings() -> None:
    notice = (
        "TradingView alerts keep the levels they were created with. "
        "After a paste, delete the alert and create it again."
    )
    assert notice in next(line for line in SOURCE.splitlines() if "paste1In" in line)
