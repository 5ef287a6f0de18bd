"""Messages that are translated when a template is compiled, not each time a page is made."""

from django.utils import translation
from jinja2 import nodes
from jinja2.visitor import NodeTransformer


class FoldMessages(NodeTransformer):
    """Replaces `_("constant")` by its translation, and `_("… %(n)s", n=x)` by one formatting."""

    NAMES = frozenset({"_", "gettext"})

    def visit_Call(self, call: nodes.Call) -> nodes.Node:  # noqa: N802 (the name jinja2 looks for)
        self.generic_visit(call)
        if not (isinstance(call.node, nodes.Name) and call.node.name in self.NAMES):
            return call
        if len(call.args) != 1 or call.dyn_args is not None or call.dyn_kwargs is not None:
            return call
        message = call.args[0]
        if not (isinstance(message, nodes.Const) and isinstance(message.value, str)):
            return call
        line = call.lineno
        text = translation.gettext(message.value)
        if not call.kwargs:
            return nodes.MarkSafe(nodes.Const(text % {}, lineno=line), lineno=line)
        values = nodes.Dict(
            [nodes.Pair(nodes.Const(k.key), k.value, lineno=line) for k in call.kwargs], lineno=line
        )
        text_node = nodes.MarkSafe(nodes.Const(text, lineno=line), lineno=line)
        return nodes.Mod(text_node, values, lineno=line)
