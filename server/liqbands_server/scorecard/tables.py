"""Scorecards as tables: on a terminal, and as Markdown for a README."""

import math
from collections.abc import Iterator
from typing import Final

from rich import box
from rich.console import Console
from rich.table import Table

from liqbands.score.types import Figure
from liqbands_server.scorecard.card import Card, Section

NOTHING: Final = "-"
_CELL_WIDTH: Final = 13
_FULL_WIDTH: Final = 180


def print_card(console: Console, card: Card) -> None:
    """Print a scorecard's facts and main tables.

    Parameters
    ----------
    console : Console
        Where to; a table too wide for it is printed in parts.
    card : Card
        The scorecard.
    """
    if not console.is_terminal:
        console.width = max(console.width, _FULL_WIDTH)
    console.print(card.title, style="bold", markup=False)
    for name, text in card.facts:
        console.print(f"{name}: {text}", markup=False, soft_wrap=True)
    for section in (each for each in card.sections if each.main):
        console.print()
        console.print(section.title, style="bold", markup=False)
        if section.note:
            console.print(section.note, markup=False, style="dim", soft_wrap=True)
        for part in _parts(section, console.width):
            console.print(part)


def markdown_page(card: Card) -> str:
    """Return all tables of a scorecard as Markdown, to be taken over into a README.

    Parameters
    ----------
    card : Card
        The scorecard.

    Returns
    -------
    str
        Facts first, then each table with its note.
    """
    parts = [f"# {card.title}", "\n".join(f"- {name}: {text}" for name, text in card.facts)]
    for section in card.sections:
        parts += [f"## {section.title}", section.note, markdown(section)]
    return "\n\n".join(part for part in parts if part) + "\n"


def markdown(section: Section) -> str:
    """Return a table as Markdown.

    Parameters
    ----------
    section : Section
        The table.

    Returns
    -------
    str
        Values with their bounds in brackets, the best of each column in bold.

    Examples
    --------
    >>> from liqbands_server.scorecard.card import Column, Row
    >>> row = Row("engine", (Figure(0.7, 0.65, 0.75, n=10),))
    >>> print(markdown(Section("t", "", (Column("rho5", ""),), (row,))))
    | model | rho5 |
    |---|---:|
    | engine | .700 [.650, .750] |
    """
    heads = ["model", *(column.label for column in section.columns)]
    lines = [f"| {' | '.join(heads)} |", "|---|" + "---:|" * len(section.columns)]
    for row in section.rows:
        cells = [cell_text(figure) for figure in row.figures]
        name = f"**{row.label}**" if row.stands_out else row.label
        lines.append(f"| {' | '.join([name, *cells])} |")
    return "\n".join(lines)


def cell_text(figure: Figure | None) -> str:
    """Return a figure on one line.

    Parameters
    ----------
    figure : Figure or None
        Value and bounds.

    Returns
    -------
    str
        Without bounds where there are none.

    Examples
    --------
    >>> cell_text(Figure(-0.25, float("nan"), float("nan"), n=3)), cell_text(None)
    ('-.250', '-')
    """
    if figure is None or math.isnan(figure.value):
        return NOTHING
    bounds = bounds_text(figure)
    return f"{number_text(figure.value)} [{bounds}]" if bounds else number_text(figure.value)


def bounds_text(figure: Figure) -> str:
    """Return the bounds of a figure.

    Parameters
    ----------
    figure : Figure
        Value and bounds.

    Returns
    -------
    str
        Empty where there are none.
    """
    if math.isnan(figure.low) or math.isnan(figure.high):
        return ""
    return f"{number_text(figure.low)}, {number_text(figure.high)}"


def number_text(value: float) -> str:
    """Return a number with three digits after the point, two from 1 on, none in counts.

    Parameters
    ----------
    value : float
        Any finite number.

    Returns
    -------
    str
        Without the zero before the point.

    Examples
    --------
    >>> [number_text(value) for value in (0.7, -0.0004, 4.812, 1.0, 123.4, 16.0)]
    ['.700', '.000', '4.81', '1.00', '123', '16']
    """
    if abs(value) >= 100 or (abs(value) > 1 and value == round(value)):
        return f"{value:.0f}"
    if abs(value) >= 0.9995:
        return f"{value:.2f}"
    text = f"{value:.3f}".replace("0.", ".", 1)
    return ".000" if text == "-.000" else text


def _parts(section: Section, width: int) -> Iterator[Table]:
    names = max((len(row.label) for row in section.rows), default=0)
    per_part = max((width - names) // _CELL_WIDTH, 1)
    for start in range(0, len(section.columns), per_part):
        yield _table(section, slice(start, start + per_part))


def _table(section: Section, part: slice) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("model", no_wrap=True)
    for column in section.columns[part]:
        table.add_column(column.label, justify="right", no_wrap=True)
    for row in section.rows:
        cells = [_two_lines(figure) for figure in row.figures[part]]
        table.add_row(row.label, *cells, style="bold" if row.stands_out else None)
    return table


def _two_lines(figure: Figure | None) -> str:
    if figure is None or math.isnan(figure.value):
        return NOTHING
    return "\n".join(text for text in (number_text(figure.value), bounds_text(figure)) if text)
