"""The document of `/heatmap` in JSON, for documentation."""

from typing import Final

from marshmallow import Schema, fields

from liqbands_server.api.provenance import ProvenanceSchema


class RowsSchema(Schema):
    """Where the price rows lie: row r spans ``p0 * exp(r * dp)`` to ``p0 * exp((r + 1) * dp)``."""

    count = fields.Integer(required=True)
    first_bin = fields.Integer(
        required=True, metadata={"description": "Lowest bin of row 0; bin 0 begins at price 1"}
    )
    bins_per_row = fields.Integer(required=True)
    step = fields.Float(required=True, metadata={"description": "Log width of a bin"})
    p0 = fields.Float(
        required=True, metadata={"description": "Lowest price, exp(first_bin * step)"}
    )
    dp = fields.Float(
        required=True, metadata={"description": "Log height of a row, bins_per_row * step"}
    )


class ColumnsSchema(Schema):
    """What there is one of for each column."""

    count = fields.Integer(required=True)
    length_ms = fields.Integer(required=True)
    last_is_forming = fields.Boolean(
        required=True, metadata={"description": "Whether bars are still to come in the last one"}
    )
    open_time_ms = fields.List(fields.Integer(), required=True)
    mark = fields.List(
        fields.Float(), required=True, metadata={"description": "Mark price at the close"}
    )
    split_row = fields.List(
        fields.Integer(),
        required=True,
        metadata={
            "description": "Row of the mark: longs below it, shorts above; outside -1 or count"
        },
    )
    split_long = fields.List(
        fields.Float(), required=True, metadata={"description": "Long part of that row"}
    )
    seed_share = fields.List(
        fields.Float(),
        required=True,
        metadata={"description": "Largest share that may come from the book's beginning"},
    )


class AboutSchema(Schema):
    """What every heatmap says about itself."""

    symbol = fields.String(required=True)
    timeframe = fields.String(required=True)
    quote = fields.String(required=True)
    mode = fields.String(required=True, metadata={"enum": ["raw", "smoothed"]})
    side = fields.String(required=True, metadata={"enum": ["long", "short", "both"]})
    leverage = fields.String(required=True, allow_none=True)
    max_age = fields.String(required=True, allow_none=True)
    venue_shares = fields.Dict(
        keys=fields.String(),
        values=fields.Float(),
        required=True,
        metadata={"description": "Share of each venue in the last column that it is in"},
    )
    left_out = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "Venues that could not be added, with the reason"},
    )
    provenance = fields.Nested(ProvenanceSchema, required=True)


class HeatmapSchema(AboutSchema):
    """Notional through time and price: ``format=json``."""

    rows = fields.Nested(RowsSchema, required=True)
    columns = fields.Nested(ColumnsSchema, required=True)
    cells = fields.List(
        fields.List(fields.List(fields.Raw())),
        required=True,
        metadata={
            "description": "For each column its runs of rows that hold something: "
            "[first row, [notional, …]]"
        },
    )


class GridSchema(AboutSchema):
    """The same with a byte for each cell: ``format=grid``; times in seconds."""

    s = fields.String(required=True, metadata={"enum": ["ok"]})
    resolution = fields.String(required=True)
    rev = fields.Integer(required=True, metadata={"description": "Rises with every change"})
    norm = fields.Integer(required=True, metadata={"description": "`max` is 2 to this power"})
    cols = fields.Integer(required=True)
    rows = fields.Integer(required=True)
    t = fields.List(fields.Integer(), required=True, metadata={"description": "Opens of columns"})
    p0 = fields.Float(required=True, metadata={"description": "Lowest price"})
    dp = fields.Float(required=True, metadata={"description": "Log height of a row"})
    max = fields.Float(required=True, metadata={"description": "What byte 255 stands for"})
    unit = fields.String(required=True, metadata={"enum": ["quote", "relative"]})
    curve = fields.String(required=True, metadata={"enum": ["sqrt"]})
    closed = fields.Boolean(
        required=True, metadata={"description": "Whether the last column is complete"}
    )
    split_row = fields.List(fields.Integer(), required=True)
    q = fields.String(
        required=True, metadata={"description": "Base64 of the bytes, column by column"}
    )


class CoinglassDataSchema(Schema):
    """What CoinGlass answers for its own heatmaps."""

    y_axis = fields.List(fields.Float(), required=True)
    liquidation_leverage_data = fields.List(fields.List(fields.Float()), required=True)
    price_candlesticks = fields.List(fields.List(fields.Raw()), required=True)
    update_time = fields.Integer(required=True)


class CoinglassSchema(Schema):
    """The same in the shape of CoinGlass' own answer: ``format=coinglass``."""

    code = fields.String(required=True)
    msg = fields.String(required=True)
    data = fields.Nested(CoinglassDataSchema, required=True)
    liqbands = fields.Nested(AboutSchema, required=True)


HEATMAP_SCHEMAS: Final = {"oneOf": [HeatmapSchema, GridSchema, CoinglassSchema]}
"""What comes as JSON is one of these."""
