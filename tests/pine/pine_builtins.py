"""The Pine v6 builtins that our script may use, with TradingView's names of their parameters.

An allow-list: what is not here is an error, so a typing error or a wrong argument is found.
"""

from typing import Final, NamedTuple


class Signature(NamedTuple):
    """Names of parameters, in order."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Return all names, in order."""
        return self.required + self.optional


_INPUT: Final = "tooltip inline group confirm display active"
_BOX: Final = (
    "border_color border_width border_style extend xloc bgcolor text text_size text_color "
    "text_halign text_valign text_wrap text_font_family force_overlay text_formatting"
)
_LABEL: Final = (
    "text xloc yloc color style textcolor size textalign tooltip text_font_family "
    "force_overlay text_formatting"
)
_CELL: Final = (
    "text width height text_color text_halign text_valign text_size bgcolor tooltip "
    "text_font_family text_formatting"
)
_PLOT: Final = (
    "title color linewidth style trackprice histbase offset join editable show_last display "
    "format precision force_overlay linestyle"
)
_LINES: Final = f"""
alert                      message | freq
alertcondition             condition | title message
array.clear                id
array.fill                 id value | index_from index_to
array.get                  id index
array.new                  | size initial_value
array.pop                  id
array.push                 id value
array.remove               id index
array.set                  id index value
array.size                 id
array.sort_indices         id | order
bool                       x
box.delete                 id
box.new                    left top right bottom | {_BOX}
box.set_bgcolor            id color
box.set_extend             id extend
box.set_right              id right
chart.point.from_index     index price
color.b                    color
color.from_gradient        value bottom_value top_value bottom_color top_color
color.g                    color
color.new                  color transp
color.r                    color
float                      x
input.bool                 defval | title {_INPUT}
input.color                defval | title {_INPUT}
input.float                defval | title minval maxval step {_INPUT}
input.int                  defval | title minval maxval step {_INPUT}
input.string               defval | title options {_INPUT}
input.text_area            defval | title tooltip group confirm display active
int                        x
label.delete               id
label.new                  x y | {_LABEL}
line.delete                id
line.new                   x1 y1 x2 y2 | xloc extend color style width force_overlay
math.abs                   number
math.floor                 number
math.log10                 number
math.max                   number0 number1 | number2 number3
math.min                   number0 number1 | number2 number3
math.pow                   base exponent
math.round                 number | precision
na                         x
nz                         source | replacement
plot                       series | {_PLOT}
polyline.delete            id
polyline.new               points | curved closed xloc line_color fill_color line_style line_width
str.contains               source str
str.endswith               source str
str.format_time            time | format timezone
str.length                 string
str.pos                    source str
str.replace_all            source target replacement
str.split                  string separator
str.startswith             source str
str.substring              source begin_pos | end_pos
str.tonumber               string
str.tostring               value | format
str.upper                  source
ta.highest                 source length
ta.lowest                  source length
ta.sma                     source length
table.cell                 table_id column row | {_CELL}
table.clear                table_id start_column start_row | end_column end_row
table.new                  position columns rows | bgcolor frame_color frame_width border_color
timeframe.in_seconds       | timeframe
"""


def _signature(line: str) -> tuple[str, Signature]:
    name, names = line.split(maxsplit=1)
    required, _, optional = names.partition("|")
    return name, Signature(tuple(required.split()), tuple(optional.split()))


SIGNATURES: Final = dict(_signature(line) for line in _LINES.strip().splitlines())

CONSTANTS: Final = {
    "alert": "freq_all freq_once_per_bar freq_once_per_bar_close",
    "barstate": "isfirst islast ishistory isrealtime isnew isconfirmed islastconfirmedhistory",
    "chart": "bg_color fg_color point",
    "color": "gray red white",
    "display": "all none data_window price_scale status_line pane",
    "extend": "none left right both",
    "format": "mintick percent price volume",
    "label": "style_label_left style_label_right style_none",
    "line": "style_solid style_dashed style_dotted",
    "order": "ascending descending",
    "position": "top_left top_right bottom_left bottom_center bottom_right",
    "size": "tiny small normal large",
    "syminfo": "ticker tickerid prefix root mintick type",
    "text": "align_left align_center align_right",
    "xloc": "bar_index bar_time",
    "yloc": "price",
}

GLOBAL_SCOPE: Final = frozenset(
    {"plot", "alertcondition", "indicator"}
    | {name for name in SIGNATURES if name.startswith("input.")}
)

CONSTANT_ARGUMENTS: Final = {
    "alertcondition": ("title", "message"),
    "plot": ("title",),
} | {
    name: ("defval", "title", "tooltip", "inline", "group")
    for name in SIGNATURES
    if name.startswith("input.")
}

TEXT_ARGUMENTS: Final = frozenset(
    {"str.length", "str.split", "str.upper", "str.tonumber", "str.pos", "str.contains"}
)

_RESERVED_WORDS: Final = """
and array bool box by catch class color const continue do else enum export false float for if
import in input int is label line linefill map matrix method na not or polyline range return
series simple string struct switch table text throw to true try type var varip while
"""
RESERVED: Final = frozenset(_RESERVED_WORDS.split())
