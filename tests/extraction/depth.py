"""How deep elements nest, as the parser builds them."""

from selectolax.lexbor import LexborHTMLParser

WRAPPED = 2
"""Levels that every document has: `html` and `body`."""


def depth_of(text: str) -> int:
    """The deepest level of any element of a document, `html` and `body` not counted."""
    most, todo = 0, [(LexborHTMLParser(text).root, 1)]
    while todo:
        node, depth = todo.pop()
        while node is not None:
            if node.is_element_node:
                most = max(most, depth)
                todo.append((node.first_child, depth + 1))
            node = node.next
    return max(0, most - WRAPPED)
