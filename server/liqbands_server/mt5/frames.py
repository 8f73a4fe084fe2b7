"""Frames for MetaTrader's indicator: the heatmap and the bands of a listing at one moment.

A frame's number is the tenth of a second of the newest thing known to it, so that all workers,
and a server that was restarted, give one number to one content.
"""

from dataclasses import dataclass
from typing import Final

from liqbands.zones import bands
from liqbands_mt5.encode import encode
from liqbands_mt5.frame import Frame, FrameBand, Grid, Honesty
from liqbands_mt5.from_engine import bands_of, grid_of
from liqbands_server.errors import QuestionError
from liqbands_server.service.answers import AnswerCache
from liqbands_server.service.bars import bars_of
from liqbands_server.service.books import Books
from liqbands_server.service.heatmaps import HeatmapQuestion, answer_heatmap
from liqbands_server.service.listings import Listing
from liqbands_server.service.markets import Markets
from liqbands_server.service.provenance import resolve_as_of
from liqbands_server.service.resolutions import Resolution, find_timeframe
from liqbands_server.service.snapshots import answer_snapshot
from liqbands_server.store.forming import FormingBar

COLUMNS: Final = 500
MOST_COLUMNS: Final = 3_500
"""With those of a weekend between, which stay empty."""

ROWS: Final = 300
BANDS: Final = 60
KEPT_BYTES: Final = 64_000_000

TICK_MS: Final = 100
REFRESH_TICKS: Final = 50
"""A price that moves is worth a new file every five seconds; a bar that closes, one at once."""

LAG_TICKS: Final = 600
"""So far another worker may be ahead of this one."""

_NUMBERS: Final = 2**32


@dataclass(frozen=True, eq=False)
class _Picture:
    """What a frame shows, whatever the price does meanwhile."""

    grid: Grid | None
    bands: tuple[FrameBand, ...]
    honesty: Honesty
    is_relative: bool
    is_degraded: bool
    close: float
    close_ms: int

    @property
    def size(self) -> int:
        """Return the bytes of its cells."""
        return 1 if self.grid is None else self.grid.levels.nbytes


@dataclass(frozen=True, slots=True)
class _Moment:
    """What is known of a listing now."""

    as_of_ms: int
    forming: FormingBar | None

    @property
    def newest_ms(self) -> int:
        """Return when the newest of it was learnt."""
        return max(self.as_of_ms, self.forming.seen_ms if self.forming else 0)


class Frames:
    """The frames of one process.

    Parameters
    ----------
    markets : Markets
        The store as this process sees it.
    books : Books
        Books kept between questions.
    """

    def __init__(self, markets: Markets, books: Books) -> None:
        self._markets = markets
        self._books = books
        self._pictures = AnswerCache[_Picture](KEPT_BYTES, lambda picture: picture.size)

    def frame(
        self, listing: Listing, name: str, timeframe: str, since: int, now_ms: int
    ) -> bytes | None:
        """Return a frame, or None for somebody who has it.

        Parameters
        ----------
        listing : Listing
            What it shows.
        name : str
            Under which charts look for it.
        timeframe : str
            Length of a column; where bars are longer, theirs.
        since : int
            Number of the frame that the asking program has, 0 for none.
        now_ms : int
            Now, UTC milliseconds.

        Returns
        -------
        bytes or None
            In LHM1.

        Raises
        ------
        QuestionError
            If nothing is known of the listing.
        """
        forming = self._markets.forming(listing.reference)
        as_of_ms = resolve_as_of(self._markets, listing, None, now_ms)
        moment = _Moment(as_of_ms, forming)
        if not _is_news(moment, since):
            return None
        resolution = _resolution(listing, timeframe)
        version = self._markets.version(listing)
        key = (listing.ticker, resolution.name, as_of_ms, version)
        picture = self._pictures.get(key, lambda: self._paint(listing, resolution, as_of_ms))
        return encode(_framed(picture, name, moment, is_simulated=listing.simulated))

    def _paint(self, listing: Listing, resolution: Resolution, as_of_ms: int) -> _Picture:
        question = self._question(listing, resolution, as_of_ms)
        heat = answer_heatmap(self._markets, question)
        book = answer_snapshot(self._markets, self._books, listing, as_of_ms)
        ages = book.provenance.venues
        reference = self._markets.series(listing.reference).known_at(as_of_ms)
        return _Picture(
            grid=grid_of(heat.heatmap),
            bands=bands_of(bands(book.snapshot, limit=BANDS)),
            honesty=Honesty(
                venues_live=sum(not age.stale for age in ages),
                venues_total=len(listing.members),
                observed_share=book.provenance.observed_share,
                oldest_venue_ms=min(age.last_close_ms for age in ages),
            ),
            is_relative=book.snapshot.unit == "relative",
            is_degraded=book.provenance.stale or bool(heat.left_out or book.left_out),
            close=float(reference.close[-1]),
            close_ms=int(reference.open_time_ms[-1]) + reference.timeframe_ms,
        )

    def _question(self, listing: Listing, resolution: Resolution, as_of_ms: int) -> HeatmapQuestion:
        opens = bars_of(self._markets, listing, resolution, as_of_ms).open_time_ms
        to_ms = int(opens[-1]) + 1
        longest = to_ms - MOST_COLUMNS * resolution.length_ms
        return HeatmapQuestion(
            listing=listing,
            resolution=resolution,
            from_ms=max(int(opens[-COLUMNS:][0]), longest),
            to_ms=to_ms,
            as_of_ms=as_of_ms,
            max_rows=ROWS,
            parameters=self._books.parameters,
        )


def _is_news(moment: _Moment, since: int) -> bool:
    """Return whether what is known now is worth a new file to somebody with an older one."""
    newest = moment.newest_ms // TICK_MS
    ahead = _signed(newest - since)
    closed = _signed(moment.as_of_ms // TICK_MS - since)
    return since == 0 or closed > 0 or ahead >= REFRESH_TICKS or ahead < -LAG_TICKS


def _signed(difference: int) -> int:
    """Return the difference of two numbers that begin again after 2^32."""
    return (difference + _NUMBERS // 2) % _NUMBERS - _NUMBERS // 2


def _resolution(listing: Listing, timeframe: str) -> Resolution:
    wanted = find_timeframe(timeframe)
    fitting = (one for one in listing.resolutions if one.length_ms >= wanted.length_ms)
    found = next(fitting, None)
    if found is None:
        raise QuestionError(f"{listing.ticker} has no bars for {timeframe}", "timeframe")
    return found


def _framed(picture: _Picture, name: str, moment: _Moment, *, is_simulated: bool) -> Frame:
    price, data_ms = picture.close, picture.close_ms
    forming = moment.forming
    if forming is not None and forming.seen_ms > data_ms:
        price, data_ms = forming.bar.close, forming.seen_ms
    return Frame(
        symbol=name,
        seq=max(1, moment.newest_ms // TICK_MS % _NUMBERS),
        generated_ms=moment.newest_ms,
        data_ms=data_ms,
        reference_price=price,
        grid=picture.grid,
        bands=picture.bands,
        honesty=picture.honesty,
        simulated=is_simulated,
        degraded=picture.is_degraded,
        relative=picture.is_relative,
    )
