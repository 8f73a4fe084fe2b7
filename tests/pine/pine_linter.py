"""What TradingView's compiler refuses and no run here notices, found in the script's syntax tree.

Built on pine2pyne's parser.  A fault is a line like ``"12: unknown function str.leng()"``.
"""

import re
import warnings
from collections.abc import Callable, Iterator
from typing import Any, Final

from pine2pyne import Pine2PyneError, enforce_pine_semantics, parse_source, tokenize
from pine2pyne import ast_nodes as tree
from tests.pine.pine_builtins import (
    CONSTANT_ARGUMENTS,
    CONSTANTS,
    GLOBAL_SCOPE,
    RESERVED,
    SIGNATURES,
    TEXT_ARGUMENTS,
)
from tests.pine.pine_tree import Script, calls, dotted, kinds_of, line_of

MOST_STRING: Final = 40_960
MOST_PLOTS: Final = 64
MOST_DRAWN: Final = {"boxes": 500, "labels": 500, "lines": 500, "polylines": 100}
Faults = Iterator[tuple[int, str]]

_BLOCKS: Final = (
    tree.IfStatement,
    tree.ForLoop,
    tree.ForInLoop,
    tree.WhileLoop,
    tree.FuncDecl,
    tree.SwitchStatement,
    tree.SwitchExpression,
    tree.IfExpression,
)
_PLAIN_TYPES: Final = ("int", "float", "bool", "string", "color")
_SILENT: Final = ("NEWLINE", "INDENT", "DEDENT", "EOF", "COMMENT")


def faults(source: str) -> list[str]:
    """Return every fault once, by line; 0 where the line is not known."""
    found = [*head_faults(source), *line_faults(source)]
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            root, repairs = parse_source(source)
            enforce_pine_semantics(root)
        except Pine2PyneError as error:
            return _listed([*found, (0, str(error))])
    found += [(0, f"the parser had to repair {repair}") for repair in repairs]
    found += [(0, str(warning.message)) for warning in caught]
    script = Script(root)
    for check in CHECKS:
        found += check(script)
    return _listed(found)


def inputs(source: str) -> list[str]:
    """Return the inputs in order, as ``name kind "title"``."""
    root, _ = parse_source(source)
    found = [node for node, _ in calls(root) if isinstance(node, tree.InputDecl)]
    return [f'{node.name} {node.func.removeprefix("input.")} "{_title(node)}"' for node in found]


def token_estimate(source: str) -> int:
    """Return tokens: one for each word and sign, two for each character of a text."""
    tokens = [(str(token.type).split(".")[-1], str(token.value)) for token in tokenize(source)]
    words = sum(kind not in _SILENT for kind, _ in tokens)
    return words + 2 * sum(len(value) for kind, value in tokens if kind == "STRING_LITERAL")


def head_faults(source: str) -> Faults:
    """Check version, declaration and the numbers of drawings."""
    if not source.startswith("//@version=6\n"):
        yield 1, "the first line must be //@version=6"
    if not re.search(r"^indicator\(", source, re.MULTILINE):
        yield 0, "there is no indicator()"
    for what, most in MOST_DRAWN.items():
        count = re.search(rf"max_{what}_count *= *(\d+)", source)
        if count and int(count[1]) > most:
            yield 0, f"max_{what}_count is more than {most}"


def line_faults(source: str) -> Faults:
    """Check tabs, blocks and the length of texts."""
    for number, line in enumerate(source.split("\n"), 1):
        if "\t" in line:
            yield number, "a tab"
        if (len(line) - len(line.lstrip(" "))) % 4:
            yield number, "blocks are indented by four spaces; lines must not be wrapped"
        if any(len(text) > MOST_STRING for text in re.findall(r'"([^"]*)"', line)):
            yield number, f"a string of more than {MOST_STRING} characters"


def declaration_faults(script: Script) -> Faults:
    """Check types of what is declared."""
    for name, hint, node in script.declarations:
        kind = hint.split()[-1] if hint else ""
        if name in RESERVED:
            yield line_of(node), f"{name} is a word of the language"
        if isinstance(node.value, tree.NaLiteral) and kind in {"", "bool"}:
            yield line_of(node), f"{name}: na needs a type, and bool cannot be na"
        given = getattr(node.value, "literal_type", "")
        if given and kind in _PLAIN_TYPES and given != kind and (given, kind) != ("int", "float"):
            yield line_of(node), f"{name} is {kind} but gets {given}"


def condition_faults(script: Script) -> Faults:
    """Check conditions and their branches."""
    for node in script.nodes:
        if isinstance(node, tree.IfStatement | tree.WhileLoop | tree.TernaryOp):
            condition = node.condition
            if isinstance(condition, tree.Identifier) and script.is_number(condition):
                yield line_of(node), f"{condition.name} is a number, not a condition"
        if isinstance(node, tree.TernaryOp):
            kinds = kinds_of(node.true_expr, node.false_expr)
            if len(kinds) > 1 and kinds - {"int", "float"}:
                yield line_of(node), f"branches of different types {sorted(kinds)}"


def expression_faults(script: Script) -> Faults:
    """Check sums, indices and what may not stand where evaluation is lazy."""
    for node in script.nodes:
        operator = getattr(node, "op", "")
        if isinstance(node, tree.BinaryOp) and operator == "+":
            kinds = kinds_of(node.left, node.right)
            if "string" in kinds and kinds & {"int", "float"}:
                yield line_of(node), "a text and a number are added"
        if isinstance(node, tree.IndexAccess) and getattr(node.index, "op", "") == "-":
            yield line_of(node), "a negative history index"
        is_lazy = isinstance(node, tree.TernaryOp) or operator in {"and", "or"}
        if is_lazy and any(name == "array.get" for _, name in calls(node)):
            yield line_of(node), "array.get inside ?:, and, or: guard it with if"


def member_faults(script: Script) -> Faults:
    """Check constants of namespaces and fields of types."""
    for node in script.nodes:
        base, _, member = dotted(node).partition(".")
        kind = script.types.get(script.type_of.get(base, ""))
        if not member or "." in member:
            continue
        if kind is not None and member not in [field[0] for field in kind.fields]:
            yield line_of(node), f"type {kind.name} has no field {member}"
        is_builtin = base in CONSTANTS and base not in script.type_of
        allowed = {*CONSTANTS.get(base, "").split(), *_functions_of(base)}
        if is_builtin and member not in allowed:
            yield line_of(node), f"unknown constant {base}.{member}"


def call_faults(script: Script) -> Faults:
    """Check every call of a builtin against the allow-list."""
    for node, name in script.calls:
        if name in script.functions or name.split(".")[0] in script.types or name == "indicator":
            continue
        if name not in SIGNATURES:
            yield line_of(node), f"unknown function {name}()"
            continue
        for what in (*_parameter_faults(node, name), *_argument_faults(node, name, script)):
            yield line_of(node), f"{name}() {what}"


def scope_faults(script: Script) -> Faults:
    """Check what may only stand in the global scope, and how much is plotted."""
    inner = script.inside(*_BLOCKS)
    n_plots = 0
    for node, name in script.calls:
        n_plots += 2 if name == "plot" else name == "alertcondition"
        if name in GLOBAL_SCOPE and id(node) in inner:
            yield line_of(node), f"{name}() may only stand in the global scope"
    if n_plots > MOST_PLOTS:
        yield 0, f"{n_plots} plot counts, TradingView allows {MOST_PLOTS}"


def input_faults(script: Script) -> Faults:
    """Check what our inputs must have."""
    for node, name in script.calls:
        if not name.startswith("input."):
            continue
        for key in ("display", "group"):
            if key not in node.kwargs:
                yield line_of(node), f"{name}() needs {key}"
        if "tooltip" not in node.kwargs and "inline" not in node.kwargs:
            yield line_of(node), f"{name}() needs a tooltip"


CHECKS: Final[tuple[Callable[[Script], Faults], ...]] = (
    declaration_faults,
    condition_faults,
    expression_faults,
    member_faults,
    call_faults,
    scope_faults,
    input_faults,
)


def _parameter_faults(node: Any, name: str) -> Iterator[str]:
    signature = SIGNATURES[name]
    given = signature.names[: len(node.args)]
    if len(node.args) > len(signature.names):
        yield f"takes at most {len(signature.names)} arguments"
    for key in node.kwargs:
        if key not in signature.names or key in given:
            yield f"has no parameter {key}, or has it twice"
    for key in signature.required:
        if key not in given and key not in node.kwargs:
            yield f"needs {key}"


def _argument_faults(node: Any, name: str, script: Script) -> Iterator[str]:
    bound = dict(zip(SIGNATURES[name].names, node.args, strict=False)) | node.kwargs
    for key in CONSTANT_ARGUMENTS.get(name, ()):
        if key in bound and not script.is_constant(bound[key]):
            yield f"{key} must be a constant"
    if name in TEXT_ARGUMENTS and node.args and script.is_number(node.args[0]):
        yield "needs a text"
    options = bound.get("options")
    if isinstance(options, tree.ArrayLiteral):
        values = [element.value for element in options.elements]
        if getattr(bound["defval"], "value", None) not in values:
            yield "default is not among its options"


def _functions_of(namespace: str) -> set[str]:
    start = f"{namespace}."
    return {name.removeprefix(start) for name in SIGNATURES if name.startswith(start)}


def _title(node: Any) -> str:
    title = node.args[1] if len(node.args) > 1 else node.kwargs.get("title")
    return str(getattr(title, "value", ""))


def _listed(found: list[tuple[int, str]]) -> list[str]:
    return [f"{line}: {what}" for line, what in sorted(dict.fromkeys(found))]
