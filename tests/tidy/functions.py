"""Finds function bodies by matching braces: enough for code that clang-format has laid out."""

import re

_SCOPE = re.compile(r"\b(namespace|class|struct|union|enum|extern)\b")
_ATTRIBUTE = re.compile(r"\[\[.*?\]\]|\balignas\s*\([^()]*\)", re.DOTALL)
_NAME = re.compile(r"([~\w:]+|operator\s*\S+?)\s*\(")


def without_directives(code):
    """Preprocessor lines, continued ones too, become blanks: their braces need not match."""
    return re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", lambda m: re.sub(r"[^\n]", " ", m.group(0)), code, flags=re.MULTILINE)


def _last_scope(head):
    words = _SCOPE.findall(head)
    return words[-1] if words else ""


def _kind(head, depth_of_parens):
    """What the brace after `head` opens, outside of functions."""
    if depth_of_parens:
        return "value"
    head = _ATTRIBUTE.sub("", head)
    before = head.rstrip()
    if "(" not in head[head.rfind(_last_scope(head)):] and _last_scope(head):
        return "scope"
    if "(" not in head or before.endswith("="):
        return "value"
    constructor = re.search(r"\)[^()]*:(?!:)", head)
    if constructor and re.search(r"[\w>]$", before) and head.endswith(before):
        return "value"  # a member's initialiser: name{...}, where a body's brace has a space before it
    return "body"


def of(source):
    """(name, first line, last line) of every function, lambdas inside counted to theirs."""
    code = without_directives(source.code)
    stack, found = [], []
    head_start = parens = 0
    for at, char in enumerate(code):
        inside = bool(stack) and stack[-1][0] in ("body", "block")
        if char in "()":
            parens += 1 if char == "(" else -1
        elif char == "{":
            kind = "block" if inside else _kind(code[head_start:at], parens)
            stack.append((kind, head_start, parens))
            if kind != "value":
                head_start, parens = at + 1, 0
        elif char == "}" and stack:
            kind, start, parens = stack.pop()
            if kind == "body":
                found.append(_described(source, code, start, at))
            if kind != "value":
                head_start = at + 1
        elif char == ";" and not parens:
            head_start = at + 1
    return found


def _described(source, code, start, end):
    first = start + len(code[start:end]) - len(code[start:end].lstrip())
    name = _NAME.search(code, first, end)
    return (name.group(1) if name else "a function"), source.line(first), source.line(end)
