"""The one grammar of the language, and its two renderings.

The rules below are the whole language. They are written in what Lark (the parser, LALR) and
llguidance (which constrains the language model) have in common; only four terminals need a wording
of their own in each, because llguidance has no look-ahead and Lark has no complement, and because
a Lark terminal must not stop half-way where llguidance's lexer, which never backs up, goes on.

Consequences a writer sees: no blank inside a unit (``5 N*m``), blanks around an operator that
follows a unit (``5 mm / 2``) and between a number and a unit that begins with e (``5 eV``).
"""

from __future__ import annotations

from functools import cache

RULES = r"""
start: line (NL line)*
line: statement? COMMENT?
statement: (NAME "=")? call
call: NAME ("." NAME)? "(" arguments? ")"
arguments: argument ("," argument)* ","?
argument: keyword "=" value | value
keyword: NAME | QUOTED
?value: disjunction | formula | interval | list
formula: sum "~" sum
interval: RANGE_LOW sum | MINUS RANGE_LOW sum | sum ".." sum
list: "[" (value ("," value)* ","?)? "]"
?disjunction: conjunction ("or" conjunction)*
?conjunction: relation ("and" relation)*
?relation: sum (COMPARE sum)?
?sum: product ((PLUS | MINUS) product)*
?product: interaction ((TIMES | DIVIDE) interaction)*
?interaction: signed (":" signed)*
?signed: MINUS signed | power
?power: atom (POWER exponent)?
?exponent: MINUS exponent | power
?atom: number | text | reference | function | "(" disjunction ")"
number: NUMBER UNIT?
text: STRING
reference: NAME ("." name)? | QUOTED
name: NAME | QUOTED
function: NAME "(" (disjunction ("," disjunction)* ","?)? ")"

PLUS: "+"
MINUS: "-"
TIMES: "*"
DIVIDE: "/"
POWER: "^" | "**"
COMPARE: "==" | "!=" | "<=" | ">=" | "<" | ">"
NL: /\n/
COMMENT: /#[^\n]*/
STRING: /"([^"\\\n]|\\["\\nt])*"/
QUOTED: /`([^`\\\n]|\\[`\\nt])+`/
%ignore /[ \t]+/
"""

# Letters are listed, not named by class, so that both regular expression engines agree on each.
LETTER = "A-Za-zÀ-ÖØ-öø-ÿΑ-Ωα-ω"
UNIT_LETTER = f"{LETTER}µμ°ΩÅ"
WORD = f"[{LETTER}_][{LETTER}0-9_]*"
UNIT_WORD = f"[{UNIT_LETTER}][{UNIT_LETTER}0-9_]*"
POWER = r"\^-?[0-9]+"
DECIMAL = r"([0-9]+(\.[0-9]+)?|\.[0-9]+)"
EXPONENT = r"[eE][+-]?[0-9]+"

# Each part is closed by what may not follow it, where llguidance's lexer would have gone on.
_WHOLE_UNIT_WORD = f"{UNIT_WORD}(?![{UNIT_LETTER}0-9_])"
_NO_KEYWORD = f"(?!(and|or)(?![{UNIT_LETTER}0-9_]))"
_WHOLE_POWER = rf"{POWER}(?![0-9])"

LARK_TERMINALS = rf"""
NAME: /(?!(and|or)(?![{LETTER}0-9_])){WORD}/
UNIT: /%|{_NO_KEYWORD}{_WHOLE_UNIT_WORD}([*\/]{_WHOLE_UNIT_WORD}|{_WHOLE_POWER})*(?![*\/^])/
NUMBER: /[0-9]+(?![.0-9eE])|[0-9]*\.[0-9]+(?![0-9eE])|{DECIMAL}{EXPONENT}(?![0-9])/
RANGE_LOW.2: /{DECIMAL}({EXPONENT})?\.\./
"""

LLGUIDANCE_TERMINALS = rf"""
NAME: /{WORD}/ & ~/and|or/
UNIT: "%" | ( /{UNIT_WORD}([*\/]{UNIT_WORD}|{POWER})*/ & ~/(and|or)([*\/^].*)?/ )
NUMBER: /{DECIMAL}({EXPONENT})?/
RANGE_LOW: /{DECIMAL}({EXPONENT})?\.\./
"""


@cache
def for_lark() -> str:
    """The grammar as the ``lark`` package reads it."""
    return RULES + LARK_TERMINALS


@cache
def for_llguidance() -> str:
    """The grammar as llguidance reads it."""
    return '%llguidance {"allow_initial_skip": true}\n' + RULES + LLGUIDANCE_TERMINALS
