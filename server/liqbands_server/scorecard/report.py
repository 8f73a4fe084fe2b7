"""A scorecard as one page that needs nothing else, or as one picture."""

import base64
import html
import io
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure as Sheet
from matplotlib.patches import Patch

from liqbands.score.types import Figure
from liqbands_server.scorecard.card import Card, Column, Section
from liqbands_server.scorecard.light_sheet import INK, Cast
from liqbands_server.scorecard.report_dots import draw_column, draw_worlds
from liqbands_server.scorecard.report_pictures import PICTURES
from liqbands_server.scorecard.runs import write_whole
from liqbands_server.scorecard.tables import NOTHING, bounds_text, number_text

DOTS_PER_INCH: Final = 150
_SIZE: Final = (7.2, 4.9)
_N_COLUMNS: Final = 2
_WORLD_METRIC: Final = "rank_correlation_5"
_MOST_COLUMNS: Final = 6

Drawing = Callable[[Axes], None]


def write_html(card: Card, path: Path) -> Path:
    """Write a scorecard as a page with its pictures inside.

    Parameters
    ----------
    card : Card
        The scorecard.
    path : Path
        Where to; an existing file is replaced.

    Returns
    -------
    Path
        `path`.
    """
    pictures = "".join(
        f'<img alt="{html.escape(name)}" src="data:image/png;base64,{_picture(draw)}">'
        for name, draw in _drawings(card)
    )
    facts = "".join(
        f"<dt>{html.escape(name)}</dt><dd>{html.escape(text)}</dd>" for name, text in card.facts
    )
    legend = _legend(card)
    body = (
        f"<h1>{html.escape(card.title)}</h1><dl>{facts}</dl>"
        f'{legend}<div class="pictures">{pictures}</div>'
        f"{''.join(_section(section) for section in card.sections)}"
    )
    page = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{html.escape(card.title)}'
        f"</title><style>{_STYLE}</style></head><body>{body}</body></html>\n"
    )
    write_whole(path, page)
    return path


def write_png(card: Card, path: Path) -> Path:
    """Write all pictures of a scorecard on one sheet.

    Parameters
    ----------
    card : Card
        The scorecard.
    path : Path
        Where to; an existing file is replaced.

    Returns
    -------
    Path
        `path`.
    """
    drawings = list(_drawings(card))
    n_rows = max(math.ceil(len(drawings) / _N_COLUMNS), 1)
    head = 0.35 * (len(card.facts) + 3)
    height = n_rows * (_SIZE[1] + 0.6) + head
    sheet = _sheet((_N_COLUMNS * (_SIZE[0] + 0.5), height))
    sheet.text(0.03, 1 - 0.4 / height, card.title, size=18, weight="bold", color=INK, va="center")
    for line, (name, text) in enumerate(card.facts):
        top = 1 - (0.85 + 0.27 * line) / height
        sheet.text(0.03, top, f"{name}: {text}", size=10, color=INK, va="center", parse_math=False)
    names = _cast(card)
    if names:
        marks = [Patch(color=names.color(model)) for model in names.models]
        labels = [card.labels[model.model] for model in names.models]
        sheet.legend(marks, labels, loc="upper right", ncols=_N_COLUMNS, fontsize=9.5,
                     frameon=False, labelcolor=INK, handlelength=1, handleheight=1)  # fmt: skip
    grid = sheet.add_gridspec(
        n_rows, _N_COLUMNS, top=1 - head / height, bottom=0.6 / height, left=0.09, right=0.98,
        hspace=0.35, wspace=0.3,
    )  # fmt: skip
    for place, (_, draw) in enumerate(drawings):
        draw(sheet.add_subplot(grid[divmod(place, _N_COLUMNS)]))
    path.parent.mkdir(parents=True, exist_ok=True)
    sheet.savefig(path, format="png", dpi=100)
    return path


def _drawings(card: Card) -> Iterator[tuple[str, Drawing]]:
    """Return the pictures of a card with their names."""
    cast = _cast(card)
    if cast:
        for draw in PICTURES:
            yield draw.__name__.removeprefix("draw_"), _bound(draw, cast)
        if len({each.world for each in card.pooled}) > 1:
            yield "worlds", lambda axes: draw_worlds(axes, card.pooled, cast, _WORLD_METRIC)
        return
    for section in card.sections:
        if section.main:
            for place, column in enumerate(section.columns[:_MOST_COLUMNS]):
                yield f"{section.title}: {column.label}", _column(section, place)


def _bound(draw: Callable[[Axes, Cast], None], cast: Cast) -> Drawing:
    return lambda axes: draw(axes, cast)


def _column(section: Section, place: int) -> Drawing:
    def draw(axes: Axes) -> None:
        draw_column(axes, section, place)
        axes.set_title(f"{section.title}: {section.columns[place].label}", loc="left", fontsize=11,
                       color=INK, weight="bold", pad=10)  # fmt: skip

    return draw


def _picture(draw: Drawing) -> str:
    sheet = _sheet(_SIZE)
    draw(sheet.add_subplot())
    sheet.tight_layout()
    buffer = io.BytesIO()
    sheet.savefig(buffer, format="png", dpi=DOTS_PER_INCH)
    return base64.b64encode(buffer.getvalue()).decode("ascii")


def _sheet(size: tuple[float, float]) -> Sheet:
    sheet = Sheet(figsize=size, facecolor="white")
    FigureCanvasAgg(sheet)
    return sheet


def _cast(card: Card) -> Cast | None:
    """Return the models that pictures are drawn of: those of the first group of worlds."""
    if not card.pooled:
        return None
    first = card.pooled[0].world
    return Cast(tuple(each for each in card.pooled if each.world == first), card.labels)


def _legend(card: Card) -> str:
    cast = _cast(card)
    if cast is None:
        return ""
    items = "".join(
        f'<li><i style="background:{cast.color(model)}"></i>'
        f"{html.escape(card.labels[model.model])}</li>"
        for model in cast.models
    )
    return f'<ul class="legend">{items}</ul>'


def _section(section: Section) -> str:
    heads = "".join(
        f'<th title="{html.escape(column.meaning)}">{html.escape(column.label)}</th>'
        for column in section.columns
    )
    best = [_best(section, place) for place in range(len(section.columns))]
    rows = "".join(
        f"<tr{' class=ours' if row.stands_out else ''}><th>{html.escape(row.label)}</th>"
        + "".join(_cell(figure, best[k]) for k, figure in enumerate(row.figures))
        + "</tr>"
        for row in section.rows
    )
    meanings = "".join(_meaning(column) for column in section.columns)
    return (
        f"<section><h2>{html.escape(section.title)}</h2><p>{html.escape(section.note)}</p>"
        f'<div class="wide"><table><thead><tr><th>model</th>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
        f"<details><summary>What the columns mean</summary><ul>{meanings}</ul></details></section>"
    )


def _meaning(column: Column) -> str:
    wanted = "" if column.better == "neither" else f" ({column.better} is better)"
    return f"<li><b>{html.escape(column.label)}</b> {html.escape(column.meaning)}{wanted}</li>"


def _best(section: Section, place: int) -> float:
    """Return the best value of a column; the ceiling is no competitor."""
    better = section.columns[place].better
    values = [
        figure.value
        for row in section.rows
        if (figure := row.figures[place]) is not None
        and math.isfinite(figure.value)
        and not row.label.startswith("ceiling")
    ]
    if better == "neither" or not values:
        return math.nan
    return max(values) if better == "higher" else min(values)


def _cell(figure: Figure | None, best: float) -> str:
    if figure is None or math.isnan(figure.value):
        return f"<td>{NOTHING}</td>"
    value = number_text(figure.value)
    shown = f"<b>{value}</b>" if figure.value == best else value
    return f"<td>{shown}<small>{bounds_text(figure)}</small></td>"


_STYLE: Final = """
body{font:15px/1.5 system-ui,sans-serif;color:#1f2430;background:#fff;max-width:1240px;
margin:2rem auto;padding:0 1.5rem}
h1{font-size:1.6rem;margin:0 0 .8rem}h2{font-size:1.1rem;margin:2.2rem 0 .2rem}
p{color:#5b6474;margin:.2rem 0 .6rem}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1rem;margin:0 0 1rem}
dt{color:#5b6474}dd{margin:0}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:.3rem 1.2rem;padding:0;font-size:.9rem}
.legend i{display:inline-block;width:.8rem;height:.8rem;border-radius:2px;margin-right:.4rem}
.pictures{display:grid;grid-template-columns:repeat(auto-fit,minmax(420px,1fr));gap:1rem}
.pictures img{width:100%;border:1px solid #e4e7ec;border-radius:6px}
.wide{overflow-x:auto}
table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:.9rem}
th,td{padding:.3rem .7rem;text-align:right;border-bottom:1px solid #e4e7ec;white-space:nowrap}
th:first-child{text-align:left;font-weight:500}thead th{color:#5b6474;font-weight:600}
td small{display:block;color:#8a91a0;font-size:.75rem}
tr.ours{background:#eef5fb}tr.ours th{font-weight:700}
details{font-size:.85rem;color:#5b6474;margin-top:.4rem}
"""
