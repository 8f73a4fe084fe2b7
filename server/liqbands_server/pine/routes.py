"""`/pine/levels.txt` and `/pine/liquidation_bands.pine`: plain text to be copied.

An error is a sentence in plain text that does not begin with ``LH``, so that the script knows a
pasted error for what it is.
"""

from http import HTTPStatus
from typing import Any, Final

from flask import Blueprint, Flask, Response, request
from marshmallow import Schema, ValidationError, fields, validate

from liqbands.errors import LiqbandsError
from liqbands.timeframes import WINDOWS
from liqbands_pine.encode import LEAST_CHARACTERS, USUAL_BANDS, encode
from liqbands_pine.levels import MOST_BANDS, MOST_CHARACTERS, LevelsError
from liqbands_pine.script import (
    MOST_BAKED_CHARACTERS,
    SCRIPT_NAME,
    finished_script,
    importer_script,
    script_title,
)
from liqbands_server.api.fields import Moment, WholeNumber
from liqbands_server.pine.sections import LevelsQuestion, sections_of
from liqbands_server.web.context import this_context
from liqbands_server.web.errors import status_of

TEXT: Final = "text/plain; charset=utf-8"
_blueprint: Final = Blueprint("pine", __name__, url_prefix="/pine")


class LevelsParameters(Schema):
    """What can be asked of `/pine/levels.txt`."""

    symbols = fields.String(required=True, validate=validate.Length(1, 600))
    bands = WholeNumber(0, MOST_BANDS, load_default=USUAL_BANDS)
    max_chars = WholeNumber(LEAST_CHARACTERS, MOST_CHARACTERS, load_default=MOST_CHARACTERS)
    window = fields.String(load_default=None, validate=validate.OneOf(tuple(WINDOWS)))
    as_of = Moment(load_default=None)


def init_pine(app: Flask) -> None:
    """Serve levels for TradingView.com.

    Parameters
    ----------
    app : Flask
        With its context.
    """
    app.register_blueprint(_blueprint)


@_blueprint.get("/levels.txt")
def levels() -> Response:
    """Answer with LH1 and nothing else; several payloads stand on lines of their own."""
    question = _question()
    context = this_context()
    done = encode(
        sections_of(context.markets, context.books, question, context.now_ms()),
        question.max_bands,
        question.max_characters,
    )
    left_out = ",".join(f"{symbol}={count}" for symbol, count in done.left_out.items())
    return _text("\n".join(done.texts), {"X-Left-Out": left_out} if left_out else {})


@_blueprint.get(f"/{SCRIPT_NAME}")
def script() -> Response:
    """Answer with the script; with symbols it carries their levels."""
    if "symbols" not in request.args:
        return _text(importer_script(), {})
    question = _question()
    context = this_context()
    sections = sections_of(context.markets, context.books, question, context.now_ms())
    text = encode(sections, question.max_bands, MOST_BAKED_CHARACTERS).texts
    if len(text) > 1:
        raise LevelsError("a script has no room for so many levels; ask for fewer symbols or bands")
    return _text(finished_script(text[0], script_title(sections)), {})


@_blueprint.errorhandler(LiqbandsError)
@_blueprint.errorhandler(ValidationError)
def refuse(error: Exception) -> Response:
    """Answer with a sentence."""
    if isinstance(error, ValidationError):
        name, reasons = next(iter(error.normalized_messages().items()))  # type: ignore[no-untyped-call]  # marshmallow's has no types
        return _sentence(f"{name}: {_first(reasons)}", HTTPStatus.BAD_REQUEST)
    status = HTTPStatus.BAD_REQUEST if isinstance(error, LevelsError) else status_of(error)
    return _sentence(str(error), status)


def _question() -> LevelsQuestion:
    values = LevelsParameters().load(request.args.to_dict())
    return LevelsQuestion(
        tickers=tuple(filter(None, (one.strip() for one in values["symbols"].split(",")))),
        as_of_ms=values["as_of"],
        max_bands=values["bands"],
        max_characters=values["max_chars"],
        window=values["window"],
    )


def _first(reasons: Any) -> str:
    return str(reasons[0]) if isinstance(reasons, list) else str(reasons)


def _sentence(text: str, status: int) -> Response:
    return Response(f"liqbands: {text}\n", status, {"Cache-Control": "no-store"}, content_type=TEXT)


def _text(text: str, headers: dict[str, str]) -> Response:
    return Response(text, headers={"Cache-Control": "no-store", **headers}, content_type=TEXT)
