"""A Pine script as its syntax tree, and short questions to it."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any, Final

from pine2pyne import ast_nodes as tree
from pine2pyne.ast_walk import walk

_NAMESPACES: Final = (
    "array box chart color input label line math polyline request str ta table timeframe"
)
_NUMBERS: Final = frozenset({"open", "high", "low", "close", "volume", "time", "bar_index"})


class Script:
    """What a script is made of and what it declares.

    Parameters
    ----------
    root : ast node
        The whole script, as the parser returns it.
    """

    def __init__(self, root: Any) -> None:
        self.nodes = list(walk(root))
        self.calls = list(calls(root))
        self.types = {node.name: node for node in self.nodes if isinstance(node, tree.TypeDecl)}
        self.functions = {node.name for node in self.nodes if isinstance(node, tree.FuncDecl)}
        self.declarations = [
            (name, kind, node) for node in self.nodes for name, kind in declared(node)
        ]
        self.type_of = {name: kind for name, kind, _ in reversed(self.declarations)}

    @cached_property
    def constants(self) -> set[str]:
        """Return the names that hold a literal."""
        return {
            name
            for name, _, node in self.declarations
            if isinstance(node.value, tree.Literal) or is_colour(node.value)
        }

    def is_constant(self, node: Any) -> bool:
        """Return whether TradingView knows the value when it compiles."""
        if isinstance(node, tree.BinaryOp):
            return self.is_constant(node.left) and self.is_constant(node.right)
        if isinstance(node, tree.Identifier):
            return node.name in self.constants or "." in node.name
        return isinstance(node, tree.Literal | tree.MemberAccess) or is_colour(node)

    def is_number(self, node: Any) -> bool:
        """Return whether a plain name is of a numeric type."""
        name = getattr(node, "name", "")
        return name in _NUMBERS or self.type_of.get(name) in {"int", "float"}

    def inside(self, *blocks: type) -> set[int]:
        """Return the identities of all nodes inside blocks of these kinds."""
        outer = [node for node in self.nodes if isinstance(node, blocks)]
        return {id(node) for block in outer for node in walk(block) if node is not block}


def calls(part: Any) -> Iterator[tuple[Any, str]]:
    """Yield every call with its name; methods of objects begin with a question mark."""
    for node in walk(part):
        if isinstance(node, tree.InputDecl):
            yield node, node.func
        elif isinstance(node, tree.FunctionCall):
            yield node, called(node.func)
        elif isinstance(node, tree.MethodCall):
            base = dotted(node.object) or getattr(node.object, "name", "?")
            is_builtin = base.split(".")[0] in _NAMESPACES.split()
            yield node, f"{base if is_builtin else '?'}.{node.method}"


def called(function: Any) -> str:
    """Return the name of what is called, without its type argument."""
    if isinstance(function, tree.NaLiteral):
        return "na"
    name = function if isinstance(function, str) else dotted(function)
    return (name or getattr(function, "name", "?")).split("<")[0]


def dotted(node: Any) -> str:
    """Return ``base.member`` of a member access, else nothing."""
    if isinstance(node, tree.MemberAccess):
        base = node.object if isinstance(node.object, str) else dotted(node.object)
        return f"{base or getattr(node.object, 'name', '?')}.{node.member}"
    if isinstance(node, tree.Identifier) and "." in node.name:
        return str(node.name)
    return ""


def declared(node: Any) -> Iterator[tuple[str, str]]:
    """Yield name and type of what a statement declares."""
    if isinstance(node, tree.VarDecl | tree.VaripDecl | tree.Assignment):
        name = node.target if isinstance(node, tree.Assignment) else node.name
        if isinstance(name, str):
            yield name, (node.type_hint or "").replace("const ", "").strip()


def is_colour(node: Any) -> bool:
    """Return whether a node is ``color.new`` of constants."""
    return (
        isinstance(node, tree.FunctionCall)
        and called(node.func) == "color.new"
        and all(isinstance(one, tree.Literal) for one in node.args)
    )


def kinds_of(*nodes: Any) -> set[str]:
    """Return the types of those nodes that are literals."""
    return {node.literal_type for node in nodes if isinstance(node, tree.Literal)}


def line_of(node: Any) -> int:
    """Return the first line that the parser noted inside a node, 0 if none."""
    return next((one.line for one in walk(node) if one.line), 0)
