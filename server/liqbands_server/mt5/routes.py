"""`/mt5/v1/…`: frames, names and candles for the programs beside MetaTrader terminals."""

from http import HTTPStatus
from typing import Any, Final, cast

from flask import Blueprint, Flask, Response, current_app, request

from liqbands.errors import MarketDataError
from liqbands_mt5.candle_push import CONTENT_TYPE, PushError, read_push
from liqbands_mt5.layout import MOST_SYMBOL
from liqbands_mt5.symbols import FRAME_TIMEFRAMES, index_text, normalize_symbol
from liqbands_server.api.blueprints import Parameters, StrictParser
from liqbands_server.api.fields import Choice, Text, WholeNumber
from liqbands_server.errors import QuestionError
from liqbands_server.importing.own_markets import own_instrument
from liqbands_server.mt5.frames import Frames
from liqbands_server.mt5.names import aliases_of, find_listing
from liqbands_server.web.context import Context, this_context
from liqbands_server.web.errors import Fault, RequestError
from liqbands_server.web.pushing import receives, take_in

OCTETS: Final = "application/octet-stream"
CSV: Final = "text/csv; charset=us-ascii"

_KEY: Final = "liqbands.mt5_frames"
_NO_STORE: Final = {"Cache-Control": "no-store"}
_blueprint: Final = Blueprint("mt5", __name__, url_prefix="/mt5/v1")
_parser: Final = StrictParser()


class FrameParameters(Parameters):
    """What can be asked of `/mt5/v1/frame`."""

    symbol = Text(rf"[ -~]{{1,{MOST_SYMBOL}}}", "BTCUSD", required=True)
    timeframe = Choice(*FRAME_TIMEFRAMES, load_default="5m")
    since = WholeNumber(0, 2**32 - 1, load_default=0)


def init_mt5(app: Flask, context: Context) -> None:
    """Serve MetaTrader.

    Parameters
    ----------
    app : Flask
        The application.
    context : Context
        What its routes share.
    """
    app.extensions[_KEY] = Frames(context.markets, context.books)
    app.register_blueprint(_blueprint)


@_blueprint.get("/frame")
def frame() -> Response:
    """Answer with a frame, or with nothing where the asking program has it."""
    values: dict[str, Any] = _parser.parse(FrameParameters(), request, location="query")
    context = this_context()
    frames = cast(Frames, current_app.extensions[_KEY])
    table = aliases_of(context.markets.listings)
    listing, name = find_listing(context.markets, table, values["symbol"])
    data = frames.frame(listing, name, values["timeframe"], values["since"], context.now_ms())
    if data is None:
        return Response(status=HTTPStatus.NO_CONTENT, headers=_NO_STORE)
    return Response(data, headers=_NO_STORE, content_type=OCTETS)


@_blueprint.get("/index")
def index() -> Response:
    """Answer with the table of names."""
    text = index_text(aliases_of(this_context().markets.listings))
    return Response(text, headers=_NO_STORE, content_type=CSV)


@_blueprint.post("/candles")
@receives(CONTENT_TYPE)
def candles() -> Response:
    """Store a broker's closed bars; each bad line is answered by itself."""
    context = this_context()
    try:
        text = request.get_data(cache=False).decode("ascii")
        push = read_push(text, context.now_ms() / 1_000)
        bars = push.candles if push.bars else None
    except UnicodeDecodeError as error:
        raise _refused(f"text must be ASCII, was not at byte {error.start}") from error
    except (PushError, MarketDataError) as error:
        raise _refused(str(error)) from error
    try:
        instrument = own_instrument(push.feed or normalize_symbol(push.symbol))
    except QuestionError as error:
        raise _refused(f"line 1: feed: {error}") from error
    if bars is not None:
        take_in(context, instrument, bars)
    status, answer = push.answer
    return Response(answer, status, headers=_NO_STORE, content_type="text/plain")


def _refused(detail: str) -> RequestError:
    return RequestError([Fault("body", "", detail)])
