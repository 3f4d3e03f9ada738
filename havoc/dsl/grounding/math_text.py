"""Mathematics as people type it, plain or LaTeX, read into an expression tree.

``2x``, ``3(x+1)``, ``x²``, ``x^2``, ``x**2``, ``e^x``, ``\\frac{a}{b}``, ``sin x`` and ``2 sin(x)`` are understood;
a Pratt parser over a closed token set, nothing is evaluated.
"""

from __future__ import annotations

import re

from havoc.errors import InputError
from havoc.tools.expression import Binary, Call, Expression, Name, Neg, Num, Relation
from havoc.tools.values import Number

FUNCTIONS = frozenset(
    [
        "sin",
        "cos",
        "tan",
        "cot",
        "sec",
        "csc",
        "asin",
        "acos",
        "atan",
        "arcsin",
        "arccos",
        "arctan",
        "sinh",
        "cosh",
        "tanh",
        "exp",
        "ln",
        "log",
        "log10",
        "log2",
        "sqrt",
        "cbrt",
        "abs",
        "gamma",
        "erf",
        "factorial",
        "min",
        "max",
        "sign",
        "floor",
        "ceil",
    ]
)
_RENAMED = {"arcsin": "asin", "arccos": "acos", "arctan": "atan", "ln": "log"}
GREEK = frozenset(
    [
        "alpha",
        "beta",
        "gamma",
        "delta",
        "epsilon",
        "theta",
        "lambda",
        "mu",
        "sigma",
        "omega",
        "rho",
        "tau",
        "phi",
        "eta",
        "kappa",
        "nu",
        "xi",
        "zeta",
        "psi",
        "pi",
    ]
)
_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_TOKEN = re.compile(
    r"\s*(?:(?P<num>(?:\d+\.\d+|\.\d+|\d+)(?:[eE][-+]?\d+(?![A-Za-z]))?)|(?P<name>[A-Za-zα-ωΩ_][A-Za-zα-ω]*(?:_[A-Za-z]+)?_?\d*)"
    r"|(?P<op>\*\*|<=|>=|==|!=|[-+*/^()=<>,·×÷≤≥!|\[\]])|(?P<sup>[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+)|(?P<bad>\S))"
)
_GREEK_LETTERS = {
    "α": "alpha",
    "β": "beta",
    "γ": "gamma",
    "δ": "delta",
    "ε": "epsilon",
    "θ": "theta",
    "λ": "lambda",
    "μ": "mu",
    "π": "pi",
    "ρ": "rho",
    "σ": "sigma",
    "τ": "tau",
    "φ": "phi",
    "ω": "omega",
    "η": "eta",
    "Ω": "Omega",
}


def read_math(text: str) -> Expression:
    """Read one expression or relation.

    Raises
    ------
    InputError
        If the whole text is not one expression.
    """
    tokens = _tokens(_plain(text))
    if len(tokens) > MOST_TOKENS:
        raise InputError(f"the expression has {len(tokens)} parts, at most {MOST_TOKENS} are read")
    parser = _Parser(tokens)
    try:
        tree = parser.relation()
    except RecursionError:
        raise InputError("the expression is nested too deeply to be read") from None
    if parser.peek() is not None:
        raise InputError(f"cannot read '{text.strip()}' as mathematics at '{parser.peek()}'")
    return tree


def _plain(text: str) -> str:
    """LaTeX and typographic signs to plain notation."""
    text = (
        text.replace("$", " ")
        .replace("\\left", "")
        .replace("\\right", "")
        .replace("−", "-")
        .replace("–", "-")
    )
    for _ in range(6):
        replaced = re.sub(r"\\d?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}", r"((\1)/(\2))", text)
        replaced = re.sub(r"\\sqrt\s*\{([^{}]*)\}", r"sqrt(\1)", replaced)
        replaced = re.sub(r"\^\s*\{([^{}]*)\}", r"^(\1)", replaced)
        if replaced == text:
            break
        text = replaced
    text = text.replace("√", "sqrt")
    text = re.sub(r"\\(cdot|times)", "*", text)
    text = re.sub(r"\\(infty)|∞", " oo ", text)
    text = re.sub(r"\\([a-zA-Z]+)", r" \1", text)
    return text.replace("{", "(").replace("}", ")")


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens: list[tuple[str, str]] = []
    position = 0
    text = text.rstrip()
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None or match["bad"]:
            raise InputError(f"'{text[position : position + 1]}' is not part of a formula")
        position = match.end()
        if match["num"]:
            tokens.append(("num", match["num"]))
        elif match["name"]:
            tokens.extend(_split_name(match["name"]))
        elif match["sup"]:
            tokens += [("op", "^"), ("num", match["sup"].translate(_SUPERSCRIPT))]
        else:
            op = {"**": "^", "·": "*", "×": "*", "÷": "/", "=": "==", "≤": "<=", "≥": ">="}.get(
                match["op"], match["op"]
            )
            tokens.append(("op", op))
    return tokens


def _split_name(name: str) -> list[tuple[str, str]]:
    """A known word stays whole; ``xy`` of single letters is a product; ``x1`` and ``mu0`` are names."""
    name = "".join(_GREEK_LETTERS.get(ch, ch) for ch in name)
    if name.casefold() in FUNCTIONS:
        return [("name", name.casefold())]
    bare = name.rstrip("0123456789_")
    if name in ("oo", "inf", "infinity"):
        return [("name", "oo")]
    if len(bare) <= 1 or bare in GREEK or len(bare) > 3 or name != bare:
        return [("name", name)]
    for function in ("sin", "cos", "tan", "log", "exp", "ln"):
        if name == function:
            return [("name", name)]
    return [("name", ch) for ch in name] if name.islower() and len(name) == 2 else [("name", name)]


class _Parser:
    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens, self.i = tokens, 0
        if not tokens:
            raise InputError("an expression is needed")

    def peek(self) -> str | None:
        return self.tokens[self.i][1] if self.i < len(self.tokens) else None

    def kind(self) -> str | None:
        return self.tokens[self.i][0] if self.i < len(self.tokens) else None

    def take(self, op: str) -> bool:
        if self.kind() == "op" and self.peek() == op:
            self.i += 1
            return True
        return False

    def relation(self) -> Expression:
        left = self.sum()
        for op in ("==", "!=", "<=", ">=", "<", ">"):
            if self.take(op):
                return Relation(op, left, self.sum())
        return left

    def sum(self) -> Expression:
        left = self.product()
        while self.kind() == "op" and self.peek() in ("+", "-"):
            op = "+" if self.take("+") else "-"
            self.i += op == "-"
            left = Binary(op, left, self.product())
        return left

    def product(self) -> Expression:
        left = self.unary()
        while True:
            if self.take("*"):
                left = Binary("*", left, self.unary())
            elif self.take("/"):
                left = Binary("/", left, self.unary())
            elif self.kind() in ("num", "name") or (self.kind() == "op" and self.peek() == "("):
                left = Binary("*", left, self.power())  # 2x, 3(x+1), x sin(x)
            else:
                return left

    def unary(self) -> Expression:
        if self.take("-"):
            return Neg(self.unary())
        if self.take("+"):
            return self.unary()
        return self.power()

    def power(self) -> Expression:
        base = self.atom()
        if self.take("!"):
            base = Call("factorial", (base,))
        return Binary("^", base, self.unary()) if self.take("^") else base

    def atom(self) -> Expression:
        kind, text = (self.kind(), self.peek())
        if kind is None or text is None:
            raise InputError("the expression ends too early")
        self.i += 1
        if kind == "num":
            return Num(Number("0" + text if text.startswith(".") else text))
        if kind == "name":
            return self.named(text)
        if text == "(":
            inner = self.relation()
            if not self.take(")"):
                raise InputError("a bracket is not closed")
            return inner
        if text == "|":
            inner = self.sum()
            if not self.take("|"):
                raise InputError("a bracket is not closed")
            return Call("abs", (inner,))
        raise InputError(f"'{text}' stands where a number or a name is expected")

    def named(self, name: str) -> Expression:
        if name in FUNCTIONS:
            power = self.atom() if self.take("^") else None  # sin^2(x)
            argument: Expression
            if self.take("("):
                arguments = [self.sum()]
                while self.take(","):
                    arguments.append(self.sum())
                if not self.take(")"):
                    raise InputError("a bracket is not closed")
                call: Expression = Call(_RENAMED.get(name, name), tuple(arguments))
            else:
                argument = self.power()  # sin x, cos 2x
                while self.kind() == "name" and isinstance(argument, Num):
                    argument = Binary("*", argument, self.power())
                call = Call(_RENAMED.get(name, name), (argument,))
            return Binary("^", call, power) if power is not None else call
        return Name(name)


MOST_TOKENS = 300  # of an expression: what works on its tree goes down into it
MOST_ITEMS = 80  # numbers, names and signs of a run whose parts are tried one by one: their number grows by its square
_LATEX = re.compile(r"\$([^$\n]+)\$|\\\(([^\n]+?)\\\)")
_LEX = re.compile(
    r"(?P<num>(?:\d+\.\d+|\.\d+|\d+)(?:[eE][-+]?\d+(?![A-Za-z]))?)|(?P<word>[A-Za-zα-ωΩ]+(?:_?\d+)?)"
    r"|(?P<op>\*\*|<=|>=|==|[-+*/^=<>·×÷≤≥−])|(?P<open>[(])|(?P<close>[)])|(?P<post>[²³⁰¹⁴⁵⁶⁷⁸⁹⁻]+|!)|(?P<comma>,)"
)
_NO_UNITS = frozenset("uvwxyz")  # "from 0 to 1 x^2": the number ends, x is no unit
_VALUE_AT = re.compile(r"d?[A-Za-z]\([^()=]+\)\s*=\s*[-+−]?[\d.]+")  # y(0) = 1, t(18) = 2.31
_RATE = re.compile(r"d[A-Z]\s?/\s?d[a-z]\b|d2?[A-Z]\s?=[^=]")  # dT/dt, where dx is known anyway
_WITH_UNCERTAINTY = re.compile(  # V = 12 ± 0.1
    r"(?<!\w)([A-Za-z](?:_?\d)?|[A-Za-z]{4,15})\s?(?:=|:|is|of)?\s?[-+−]?\d+(?:\.\d+)?\s?[A-Za-z°%Ωµ]{0,4}\s?(?:±|\+/[-−]|\+-)\s?\.?\d"
)
_ARROW = re.compile(r"(?:->|→)\s*[-+−]?$")
_ARROW_END = re.compile(r"(?:->|→)\s*[-+−]?[\d.]+\s$")
_VARIABLE = re.compile(r"(?:[A-Za-zα-ωΩ]|d[xyztuv])(?:_?\d)?$")


def find_math(text: str) -> list[tuple[int, int, Expression]]:
    """Find the expressions and equations in running text: (start, end, tree), left to right.

    Only what can be nothing else is taken: it must hold a variable and an operation (a power, a product of number
    and letter, a function, a sum ...). ``n=25``, ``p > 0.05``, ``150-200`` and ``2^3`` are left as they are.
    """
    found: list[tuple[int, int, Expression]] = []
    uncertain = frozenset(_WITH_UNCERTAINTY.findall(text))
    for match in _LATEX.finditer(text):
        tree = _read_or_none(match[1] or match[2])
        if tree is not None and worth_reading(tree):
            found.append((match.start(), match.end(), tree))
    for run in _runs(text, uncertain):
        piece = _longest_readable(text, run, uncertain)
        if piece is not None and not any(a < piece[1] and piece[0] < b for a, b, _ in found):
            found.append(piece)
    return sorted(found, key=lambda f: f[0])


def _read_or_none(text: str) -> Expression | None:
    try:
        return read_math(text)
    except InputError:
        return None


def _is_mathematical(match: re.Match[str], names: frozenset[str]) -> bool:
    word = match["word"]
    return (
        word is None
        or word in names
        or bool(_VARIABLE.match(word))
        or word.casefold() in FUNCTIONS
        or word in GREEK
        or bool(_RATE.match(match.string, match.start()))
    )


def _runs(text: str, names: frozenset[str]) -> list[list[re.Match[str]]]:
    """Maximal runs of lexical items that could be one expression: prose words and gaps between operands end a run.

    ``names``: longer words that are quantities, as they are given with their uncertainties.
    """
    runs: list[list[re.Match[str]]] = [[]]
    depth = 0
    for match in _LEX.finditer(text):
        last = runs[-1][-1] if runs[-1] else None
        gap = text[last.end() : match.start()] if last else ""
        glued = (
            last is None
            or gap == ""
            or (
                gap.isspace()
                and "\n" not in gap
                and (not _two_operands(last, match) or _is_product_in_call(runs[-1], match))
            )
        )
        sign = (
            match["op"] in ("-", "−")
            and gap.isspace()
            and not text[match.end() : match.end() + 1].isspace()
        )
        if sign and last is not None and not last["op"]:
            glued = False  # "x2 -1 1 -1": a negative number, not a difference
        if gap and last is not None and last["num"] and _ARROW.search(_before(text, last.start())):
            glued = False  # "x->0 sin(x)/x": the end of a limit, not a factor
        if not _is_mathematical(match, names) or not glued or (match["comma"] and depth == 0):
            runs.append([])
            depth = 0
            if not _is_mathematical(match, names) or match["comma"]:
                continue
        depth += bool(match["open"]) - bool(match["close"])
        runs[-1].append(match)
    return [r for r in runs if len(r) > 1]


def _two_operands(left: re.Match[str], right: re.Match[str]) -> bool:
    """``2 x``: two operands with a space between them are two things, but for ``sin x``, ``x sin(x)``."""
    left_ends = left["num"] or left["word"] or left["close"] or left["post"]
    right_begins = right["num"] or right["word"] or right["open"]
    functions = [m["word"] and m["word"].casefold() in FUNCTIONS for m in (left, right)]
    return bool(left_ends and right_begins and not any(functions))


def _is_product_in_call(run: list[re.Match[str]], right: re.Match[str]) -> bool:
    """``exp(-k t)``: inside the brackets of a function a blank between two letters can only be a product."""
    depth = 0
    for i in range(len(run) - 1, 0, -1):
        depth += bool(run[i]["close"]) - bool(run[i]["open"])
        if depth < 0:
            called = (run[i - 1]["word"] or "").casefold() in FUNCTIONS
            both = all(len(m["word"] or "") == 1 or m["num"] for m in (run[-1], right))
            return called and both and bool(right["word"])
    return False


def _before(text: str, at: int) -> str:
    """What stands close before a place: all that a look back needs, where a whole text takes as long as it is."""
    return text[max(0, at - 60) : at]


def _longest_readable(
    text: str, run: list[re.Match[str]], uncertain: frozenset[str]
) -> tuple[int, int, Expression] | None:
    """The longest stretch of a run that reads as one expression worth reading; no part of one without end is tried.

    ``uncertain``: names that are given as ``V = 12 ± 0.1``; ``V/I`` of two of them is an expression.
    """
    run = _without_definition(run)
    shortest = 1 if len(run) <= MOST_ITEMS else len(run) - 1
    for length in range(len(run), shortest, -1):
        for first in range(len(run) - length + 1):
            last = first + length - 1
            start, end = run[first].start(), run[last].end()
            before = text[start - 1 : start]
            after_unit = (  # 395 W - 515 W
                run[first]["word"]
                and run[first]["word"] not in _NO_UNITS
                and re.search(r"(?:\d|deg|degrees)\s?$", _before(text, start))
                and not _ARROW_END.search(_before(text, start))
            )
            if before.isalnum() or before in ("_", "'", "’", "/", "°") or after_unit:
                continue
            if _VALUE_AT.fullmatch(text, start, end):
                continue
            tree = _read_or_none(text[start:end])
            if tree is not None and (worth_reading(tree) or _of_uncertain(tree, uncertain)):
                return start, end, tree
    return None


def _of_uncertain(tree: Expression, uncertain: frozenset[str]) -> bool:
    from havoc.tools.expression import free_symbols

    body = tree.right if isinstance(tree, Relation) and isinstance(tree.left, Name) else tree
    if not isinstance(body, Binary) or _holds_relation(body):
        return False
    symbols = {s.casefold() for s in free_symbols(body)}  # "v = 12 ± 0.1, i = 2 ± 0.1: V/I"
    return bool(symbols) and symbols <= {u.casefold() for u in uncertain}


def _without_definition(run: list[re.Match[str]]) -> list[re.Match[str]]:
    """``C(q) = 5000/q`` names a function; its body is the expression."""
    kinds = [m.lastgroup for m in run[:5]]
    called = run[0].group().casefold() in FUNCTIONS  # cos(x) = x is an equation
    if (
        kinds[:4] == ["word", "open", "word", "close"]
        and not called
        and len(run) > 5
        and run[4].group() == "="
    ):
        return run[5:]
    return run


def worth_reading(tree: Expression) -> bool:
    """Whether a tree is mathematics beyond doubt: see find_math."""
    if _holds_relation(tree):
        return False  # P(X < x) = 0.95
    match tree:
        case Relation(_, left, right):
            named = isinstance(left, Name) or (
                isinstance(left, Neg) and isinstance(left.operand, Name)
            )
            if isinstance(left, Binary) and left.op == "*" and left.left == Name("d"):
                return True  # dy = 3x
            simple = named and isinstance(right, Num | Neg | Name)
            if simple:
                return False
            return (
                worth_reading(left)
                or worth_reading(right)
                or (_has_variable(left) and isinstance(right, Num))
            )
        case Binary(op, left, right):
            if not _has_variable(tree):
                return False
            if op == "*" and isinstance(left, Name) and isinstance(right, Num):
                return False  # phi(0.83)
            if op == "/" and isinstance(left, Binary) and isinstance(right, Binary):
                return True  # a*x/(b + x)
            if isinstance(left, Name | Num) and isinstance(right, Name | Neg) and op != "^":
                return False  # a hyphenated word, A/B, N·m, 3-sigma, 90C, 2x
            return op == "^" or _has_number(tree) or _has_call(tree) or op in "+*"
        case Call():
            return _has_variable(tree)
        case Neg(operand):
            return worth_reading(operand)
    return False


def _holds_relation(tree: Expression) -> bool:
    """Whether a relation stands inside (the whole may be one)."""
    match tree:
        case Relation(_, left, right) | Binary(_, left, right):
            return any(isinstance(x, Relation) or _holds_relation(x) for x in (left, right))
        case Neg(operand):
            return isinstance(operand, Relation) or _holds_relation(operand)
        case Call(_, arguments):
            return any(isinstance(a, Relation) or _holds_relation(a) for a in arguments)
    return False


def _has_variable(tree: Expression) -> bool:
    from havoc.tools.expression import free_symbols

    return bool(free_symbols(tree))


def _has_number(tree: Expression) -> bool:
    match tree:
        case Num():
            return True
        case Neg(operand):
            return _has_number(operand)
        case Binary(_, left, right) | Relation(_, left, right):
            return _has_number(left) or _has_number(right)
    return False


def _has_call(tree: Expression) -> bool:
    match tree:
        case Call():
            return True
        case Neg(operand):
            return _has_call(operand)
        case Binary(_, left, right) | Relation(_, left, right):
            return _has_call(left) or _has_call(right)
    return False
