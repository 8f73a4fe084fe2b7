"""MQL5 sources as tokens, includes taken in once, with their places."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

TOKEN: Final = re.compile(
    r"""
      (?P<space>\s+|//[^\n]*|/\*.*?\*/)
     |(?P<date>D'[^'\n]*')
     |(?P<colour>C'[^'\n]*')
     |(?P<text>"(?:\\.|[^"\\\n])*")
     |(?P<letter>'(?:\\.|[^'\\\n])+')
     |(?P<number>0[xX][0-9A-Fa-f]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
     |(?P<name>[A-Za-z_]\w*)
     |(?P<sign>->|::|<<|>>|<=|>=|==|!=|&&|\|\||\+\+|--|[-+*/%&|^]=|.)
    """,
    re.VERBOSE | re.DOTALL,
)


class SourceError(Exception):
    """A source is not MQL5, or outside of the part of it that is used here."""


@dataclass(slots=True)
class Token:
    """A piece of a source; `kind` is a group of `TOKEN`, "line" is the preprocessor's."""

    kind: str
    text: str
    place: str


@dataclass(slots=True)
class Source:
    """Tokens of a program with everything that it includes, and its properties."""

    tokens: list[Token]
    properties: dict[str, str]
    files: set[Path]


def read_source(path: Path, include: Path) -> Source:
    """Return a program's tokens; every included file comes in once, as MetaEditor does it."""
    source = Source([], {}, set())
    _take(path, include, source)
    return source


def _take(path: Path, include: Path, source: Source) -> None:
    source.files.add(path)
    text = path.read_text("utf-8")
    if not text.isascii():
        raise SourceError(f"{path}: a letter that is not ASCII")
    _enter(source, path, 1)
    for number, line in enumerate(_without_comments(text).split("\n"), 1):
        if line.lstrip().startswith("#"):
            _directive(line.strip(), path, number, include, source)
        else:
            _tokenize(line, f"{path.name}:{number}", source)
        source.tokens.append(Token("space", "\n", ""))


def _enter(source: Source, path: Path, number: int) -> None:
    source.tokens.append(Token("line", f'\n#line {number} "{path}"\n', ""))


def _without_comments(text: str) -> str:
    """Return the text with blank comments; lines keep their numbers."""

    def blank(found: re.Match[str]) -> str:
        piece = found.group()
        return "\n" * piece.count("\n") if piece.startswith(("//", "/*")) else piece

    return TOKEN.sub(blank, text)


def _tokenize(line: str, place: str, source: Source) -> None:
    for found in TOKEN.finditer(line):
        source.tokens.append(Token(str(found.lastgroup), found.group(), place))


def _directive(line: str, path: Path, number: int, include: Path, source: Source) -> None:
    if match := re.fullmatch(r"#include\s*<([^>]+)>", line):
        other = include / match[1]
        if other not in source.files:
            _take(other, include, source)
            _enter(source, path, number + 1)
    elif match := re.fullmatch(r"#property\s+(\w+)\s*(.*)", line):
        source.properties[match[1]] = match[2]
    elif re.match(r"#(define|ifndef|endif)\b", line):
        text = re.sub(r'"(?:\\.|[^"\\])*"', lambda found: found.group() + "_s", line)
        source.tokens.append(Token("line", text, ""))
    else:
        raise SourceError(f"{path.name}:{number}: {line} is not used here")
