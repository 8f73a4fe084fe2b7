"""MQL5 to C++17 for the tests: only what differs is changed, lines keep their numbers.

Also refuses what g++ would accept and MetaEditor would not.  It is no proof that MetaEditor
accepts a source.
"""

import re
from pathlib import Path
from typing import Final

from tests.mt5_bridge.host.tokens import Source, SourceError, Token, read_source

FOREIGN: Final = frozenset(
    [
        "auto",
        "nullptr",
        "constexpr",
        "static_cast",
        "reinterpret_cast",
        "using",
        "decltype",
        "noexcept",
        "goto",
        "try",
        "catch",
        "throw",
        "friend",
        "mutable",
        "volatile",
        "unsigned",
        "signed",
        "size_t",
        "std",
        "template",
        "typename",
        "inline",
        "explicit",
        "new",
        "delete",
        "this",
        "long_double",
        "wchar_t",
    ]
)
"""C++ that is not MQL5, and MQL5 (pointers) that the translation does not know."""

HANDLERS: Final = {
    "OnInit": "int program_OnInit() { return %s; }",
    "OnDeinit": "void program_OnDeinit(int reason) { (void)reason; %s; }",
    "OnTimer": "void program_OnTimer() { %s; }",
    "OnStart": "void program_OnStart() { %s; }",
    "OnChartEvent": "void program_OnChartEvent(int id, long number, const char* text) "
    "{ (void)id; (void)number; (void)text; %s; }",
    "OnCalculate": "int program_OnCalculate(int before) { return %s; }",
}
CALLS: Final = {
    "OnInit": "OnInit()",
    "OnDeinit": "OnDeinit(reason)",
    "OnTimer": "OnTimer()",
    "OnStart": "OnStart()",
    "OnChartEvent": "OnChartEvent(id, number, 0.0, string(text))",
    "OnCalculate": "OnCalculate(BARS.time.size(), before, BARS.time, BARS.open, BARS.high, "
    "BARS.low, BARS.close, BARS.ticks, BARS.volume, BARS.spread)",
}
LITERALS: Final = {
    "text": "{0}_s",
    "date": 'date_literal("{1}")',
    "colour": "colour_literal({1})",
}
MOST_COMMENT: Final = 63


class Translation:
    """One program; `text` is its C++."""

    def __init__(self, source: Source, documented: frozenset[str]) -> None:
        self.tokens = source.tokens
        self.properties = source.properties
        self.documented = documented
        self.code = [
            at for at, token in enumerate(self.tokens) if token.kind not in ("space", "line")
        ]
        self.inputs: list[str] = []
        self.blocks: list[str] = []
        self.defined: set[str] = set()
        self.structures = {"MqlTick", "MqlRates", "MqlDateTime"}
        self.depth = 0
        self.body = self._translated()

    @property
    def text(self) -> str:
        """Return the whole C++."""
        return '#include "functions.hpp"\n' + self.body + "\n".join(["", *self._ending()]) + "\n"

    def at(self, place: int) -> Token:
        inside = 0 <= place < len(self.code)
        return self.tokens[self.code[place]] if inside else Token("end", "", "")

    def refuse(self, token: Token, why: str) -> None:
        raise SourceError(f"{token.place}: {token.text}: {why}")

    def _translated(self) -> str:
        place = 0
        while place < len(self.code):
            token = self.at(place)
            self._check(place, token)
            self._follow(place, token)
            if token.kind in LITERALS:
                self._literal(token)
            elif token.text == "input":
                place = self._input(place)
                continue
            elif token.kind == "name" and self.at(place + 1).text == "[":
                self._array(place)
            place += 1
        return "".join(token.text for token in self.tokens)

    def _check(self, place: int, token: Token) -> None:
        before, after = self.at(place - 1), self.at(place + 1)
        if token.text in FOREIGN or token.text == "->":
            self.refuse(token, "is not MQL5, or not used here")
        if token.text == "for" and self._semicolons(place + 1) != 2:
            self.refuse(token, "a loop over a range is not MQL5")
        inside = self.blocks[-1:] in (["struct"], ["class"]) and self.depth == 0
        if inside and token.text == "=":
            self.refuse(token, "a member cannot be set where it is declared")
        if token.text in ("struct", "class"):
            self.structures.add(after.text)
        if self.depth > 0 and token.text in self.structures and after.kind == "name":
            self.refuse(after, "a structure is passed by reference")
        is_type = before.kind == "name" and before.text not in ("return", "else", "case")
        if not self.blocks and is_type and token.kind == "name" and after.text == "(":
            if token.text in self.documented:
                self.refuse(token, "is the name of a built-in function")
            self.defined.add(token.text)

    @staticmethod
    def _literal(token: Token) -> None:
        token.text = LITERALS[token.kind].format(token.text, token.text[2:-1])

    def _semicolons(self, place: int) -> int:
        depth = count = 0
        while True:
            text = self.at(place).text
            depth += (text == "(") - (text == ")")
            count += text == ";"
            place += 1
            if depth == 0 or text == "":
                return count

    def _follow(self, place: int, token: Token) -> None:
        """Keep track of the braces: struct, class, or anything else."""
        if token.text == "{":
            back = place - 1
            while self.at(back).text not in (";", "}", "{", ")", "", "=") and back > place - 6:
                back -= 1
            heads = {self.at(at).text for at in range(back, place)}
            kind = next((word for word in ("struct", "class", "enum") if word in heads), "block")
            self.blocks.append(kind if self.at(place - 1).text != ")" else "block")
        elif token.text == "}" and self.blocks:
            self.blocks.pop()
        self.depth += (token.text == "(") - (token.text == ")")

    def _input(self, place: int) -> int:
        """Make an input a constant that refers to a place which the tests can set."""
        self.at(place).text = ""
        if self.at(place + 1).text == "group":
            self.at(place + 1).text = self.at(place + 2).text = ""
            return place + 3
        kind, name = self.at(place + 1).text, self.at(place + 2).text
        if self.at(place + 3).text != "=":
            self.refuse(self.at(place + 2), "an input needs a default")
        self.inputs.append(name)
        self.at(place + 2).text = f"{name}_stored"
        end = place + 3
        while self.at(end).text != ";":
            if self.at(end).kind in LITERALS:
                self._literal(self.at(end))
            end += 1
        self.at(end).text = f"; static const {kind} &{name} = {name}_stored;"
        return end + 1

    def _array(self, place: int) -> None:
        name, before = self.at(place), self.at(place - 1)
        end = place + 2
        while self.at(end).text != "]":
            end += 1
        is_reference = before.text == "&" and end == place + 2 and self.at(place - 2).kind == "name"
        is_declared = before.kind == "name" and before.text not in (
            "return",
            "case",
            "else",
            "const",
        )
        if (is_reference or is_declared) and self.at(end + 1).text == "[":
            self.refuse(name, "an array of two dimensions is not used here")
        if is_reference:
            self._wrap(place - 2, place + 1, end)
        elif is_declared:
            self._declare(place, end)

    def _declare(self, place: int, end: int) -> None:
        name = self.at(place)
        size = "".join(self.at(at).text for at in range(place + 2, end))
        if self.depth > 0:
            self.refuse(name, "an array is passed by reference")
        if self.at(end + 1).text == ",":
            self.refuse(name, "one array in a statement, please")
        if size and self.blocks[-1:] == ["struct"]:
            return  # plain structures keep their layout
        self._wrap(place - 1, place + 1, end)
        if size:
            self.at(end).text = f"{{Fixed{{{size}}}}}"

    def _wrap(self, kind: int, start: int, end: int) -> None:
        self.at(kind).text = f"Array<{self.at(kind).text}>"
        for at in range(start, end + 1):
            self.at(at).text = ""

    def _ending(self) -> list[str]:
        lines = ['#line 1 "program"', "#define BARS host::terminal().bars", 'extern "C" {']
        lines.append(f'const char* program_kind() {{ return "{self.kind}"; }}')
        registered = " ".join(f'host::register_input("{i}", {i}_stored);' for i in self.inputs)
        lines.append(f"void program_register() {{ {registered} }}")
        for handler, function in HANDLERS.items():
            nothing = "0" if function.startswith("int") else ""
            lines.append(function % (CALLS[handler] if handler in self.defined else nothing))
        return [*lines, "}"]

    @property
    def kind(self) -> str:
        """Return what sort of program it is."""
        if "service" in self.properties:
            return "service"
        return "indicator" if "indicator_chart_window" in self.properties else "script"


def check_comments(path: Path) -> None:
    """Refuse an input whose comment, its label in the terminal, is longer than 63 letters."""
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        found = re.match(r"input .*?//\s*(.*)", line)
        if found and len(found[1]) > MOST_COMMENT:
            raise SourceError(f"{path.name}:{number}: the label of an input is too long")


def documented_names(shim: Path) -> frozenset[str]:
    """Return the functions that the shim declares."""
    text = (shim / "functions.hpp").read_text("utf-8")
    return frozenset(
        re.findall(r"^(?:inline |template.*> inline )?\w+ (\w+)\(", text, re.MULTILINE)
    )


def translate(path: Path, include: Path, shim: Path) -> str:
    """Return a program as C++.

    Raises
    ------
    SourceError
        If it is not MQL5, or uses a part of it that is not known here.
    """
    source = read_source(path, include)
    for file in source.files:
        check_comments(file)
    return Translation(source, documented_names(shim)).text
