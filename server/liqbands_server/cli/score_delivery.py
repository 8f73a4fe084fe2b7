"""Where the results of `liqbands score` go: files, and the terminal."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.console import Console

if TYPE_CHECKING:
    from liqbands_server.scorecard.card import Card  # slow: numba; so is what else it needs


@dataclass(frozen=True, slots=True)
class Delivery:
    """Where results go.

    Parameters
    ----------
    out : Path
        Folder of the files.
    as_json : bool
        Print JSON instead of tables.
    html, png : bool
        Which pictures are written.
    """

    out: Path
    as_json: bool
    html: bool
    png: bool

    @property
    def runs(self) -> Path:
        """Return the folder of finished runs."""
        return self.out / "runs"


def deliver(card: "Card", name: str, delivery: Delivery) -> None:
    """Write a scorecard and print it.

    Parameters
    ----------
    card : Card
        The scorecard.
    name : str
        Begins the names of its files.
    delivery : Delivery
        Where it goes.
    """
    from liqbands_server.scorecard.report import write_html, write_png
    from liqbands_server.scorecard.runs import write_whole
    from liqbands_server.scorecard.tables import markdown_page, print_card

    text = json.dumps(card.document, indent=1, allow_nan=False)
    written = [delivery.out / f"{name}.json", delivery.out / f"{name}.md"]
    write_whole(written[0], text + "\n")
    write_whole(written[1], markdown_page(card))
    if delivery.html:
        written.append(write_html(card, delivery.out / f"{name}.html"))
    if delivery.png:
        written.append(write_png(card, delivery.out / f"{name}.png"))
    if delivery.as_json:
        typer.echo(text)
        return
    print_card(Console(highlight=False), card)
    for path in written:
        typer.echo(path)
