"""The translation to C++ refuses what MetaEditor would refuse, and leaves the rest as it is."""

from pathlib import Path

import pytest
from tests.mt5_bridge.host.build import MQL5, SHIM
from tests.mt5_bridge.host.tokens import SourceError
from tests.mt5_bridge.host.translate import translate

BROKEN = {
    "arrow": "void OnStart(void) { CLiqX *p; p->Y(); }",
    "auto": "void OnStart(void) { auto x=5; }",
    "range for": "void OnStart(void) { int a[]={1,2}; for(int v : a) Print(v); }",
    "member set where it is declared": "class CX { int m_x=5; };",
    "structure by value": "struct S { int a; };\nint F(S s) { return(s.a); }",
    "documented structure by value": "int F(const MqlTick tick) { return(1); }",
    "array by value": "int F(int a[]) { return(a[0]); }",
    "two dimensions": "void OnStart(void) { double a[][2]; }",
    "two arrays in a statement": "void OnStart(void) { uchar a[],b[]; }",
    "input without default": "input int InpA;",
    "long label": "input int InpA=1; // " + "x" * 64,
    "pointer": "void OnStart(void) { CX *p=new CX(); }",
    "this": "class CX { int m_x; void Set(int x) { this.m_x=x; } };",
    "foreign letter": 'void OnStart(void) { Print("€"); }',
    "built-in name": "int StringLen(const string s) { return(1); }",
    "library": '#import "user32.dll"',
    "standard library": "void OnStart(void) { std::string s; }",
}


def translated(text: str, folder: Path) -> str:
    path = folder / "Program.mq5"
    path.write_text(text, "utf-8")
    return translate(path, MQL5 / "Include", SHIM)


@pytest.mark.parametrize("kind", BROKEN)
def test_what_is_not_mql5_is_refused(kind: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError):
        translated(BROKEN[kind], tmp_path)


def test_words_become_strings_and_arrays_are_checked(tmp_path: Path) -> None:
    text = translated('void OnStart(void) { int a[3]; double b[]; Print("x"+a[0]); }', tmp_path)
    assert "Array<int> a{Fixed{3}}" in text
    assert "Array<double> b;" in text
    assert 'Print("x"_s+a[0]);' in text


def test_plain_structures_keep_their_layout(tmp_path: Path) -> None:
    assert "uchar m[4];" in translated("struct S { uchar m[4]; uint n; };", tmp_path)


def test_an_input_cannot_be_set_by_the_program(tmp_path: Path) -> None:
    text = translated('input group "Data"\ninput int InpA=1; // How many', tmp_path)
    assert "static const int &InpA = InpA_stored;" in text


def test_a_file_is_included_once(tmp_path: Path) -> None:
    twice = "#include <Liqbands/Text.mqh>\n#include <Liqbands/Zones.mqh>\n"
    assert translated(twice, tmp_path).count("string LiqMoney(") == 1


@pytest.mark.parametrize("path", sorted(MQL5.rglob("*.mq*")), ids=lambda path: path.name)
def test_sources_are_short_and_ascii(path: Path) -> None:
    lines = path.read_text("ascii").splitlines()
    assert len(lines) <= 300
    assert max(map(len, lines)) <= 125
