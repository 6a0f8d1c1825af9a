"""Full expressions around a place in C++ that clang-format has laid out: where one starts and what stands in it."""

import re

_OPENING = {")": "(", "]": "[", "}": "{"}
_CONDITIONS = ("if", "while", "switch", "for", "constexpr")


class Expressions:
    def __init__(self, code):
        self.code = code
        self.partner = {}  # bracket to bracket, both ways
        stack = []
        for at, char in enumerate(code):
            if char in "([{":
                stack.append(at)
            elif char in ")]}" and stack and code[stack[-1]] == _OPENING[char]:
                self.partner[at] = stack[-1]
                self.partner[stack.pop()] = at

    def _before(self, at):
        """The place of the last character before `at` that is no blank, or -1."""
        at -= 1
        while at >= 0 and self.code[at].isspace():
            at -= 1
        return at

    def _word_before(self, at):
        end = self._before(at) + 1
        return re.search(r"\w*$", self.code[max(0, end - 40):end]).group(0)

    def _after(self, at):
        rest = re.compile(r"\S").search(self.code, at + 1)
        return rest.group(0) if rest else ""

    def is_block(self, brace):
        """Statements, not a value: clang-format puts a blank before such a brace and none before a value's."""
        before = self._before(brace)
        if before < 0:
            return True
        char = self.code[before]
        if before == brace - 1 and char not in ")];}{":
            return False
        if char in "=,(?&|+-*/<!":
            return False
        if char == "{":
            return self.is_block(before)
        return self._word_before(brace) not in ("return", "co_return", "co_yield")

    def _enclosing(self, at):
        """The innermost bracket open at `at`."""
        at -= 1
        while at >= 0:
            char = self.code[at]
            if char in "([{" and at in self.partner:
                return at
            at = self.partner.get(at, at) - 1 if char in ")]}" else at - 1
        return None

    def _boundary(self, at, floor):
        """The end of the statement before, between floor and at on the same level, or None."""
        at -= 1
        while at > floor:
            char = self.code[at]
            if char == ";":
                return at
            if char == "}" and self.is_block(self.partner.get(at, at)) and self._after(at) not in ",)];.(?:|&=+-*<>":
                return at
            at = self.partner.get(at, at) - 1 if char in ")]}" else at - 1
        return None

    def start(self, at):
        """Where the full expression around `at` begins, near enough: labels and keywords may be in front of it."""
        while True:
            opening = self._enclosing(at)
            boundary = self._boundary(at, -1 if opening is None else opening)
            if boundary is not None:
                return boundary + 1
            if opening is None:
                return 0
            char = self.code[opening]
            if char == "(" and self._word_before(opening) in _CONDITIONS:
                return opening + 1
            if char == "{" and self.is_block(opening):
                return opening + 1
            at = opening

    def parts(self, start):
        """(place, "braces", what stands before them) and (place, "lambda", its captures) up to the expression's end."""
        at = start
        while at < len(self.code) and self.code[at] not in ";)]}":
            char = self.code[at]
            if char == "{" and self.is_block(at):
                at = self.partner.get(at, len(self.code))
                if self._after(at) not in ",);.(":
                    return  # a statement's own block, not a lambda's body
            elif char == "{":
                yield at, "braces", self.code[max(0, at - 60):at]
            elif char == "[" and self._is_lambda(at):
                yield at, "lambda", self.code[at + 1:self.partner[at]]
                at = self.partner[at]
            at += 1
            while at < len(self.code) and self.code[at] in ")]}" and self.partner.get(at, -1) >= start:
                at += 1

    def _is_lambda(self, at):
        before = self._before(at)
        word = self._word_before(at)
        subscript = before >= 0 and re.match(r"[\w)\]\"]", self.code[before]) and word not in ("return", "co_return", "co_await")
        return not subscript and at in self.partner and self.code[at:at + 2] != "[["

    def inside_catch(self, at):
        opening = self._enclosing(at)
        while opening is not None:
            if self.code[opening] == "{" and self.is_block(opening):
                head = self._before(opening)
                if self.code[head] == ")" and self._word_before(self.partner.get(head, head)) == "catch":
                    return True
                if re.search(r"\]\s*(\([^{}]*\))?[^;{}()]*$", self.code[max(0, opening - 200):opening]):
                    return False  # a lambda's body: it runs elsewhere
            opening = self._enclosing(opening)
        return False
