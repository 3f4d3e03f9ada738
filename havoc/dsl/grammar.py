"""The one grammar of the language, and its two renderings.

The rules below are the whole language. They are written in what Lark (the parser, LALR) and llguidance (which
constrains the language model) have in common; only three terminals need a wording of their own in each,
because llguidance has no look-ahead and Lark has no complement, and because a Lark terminal must not stop
half-way where llguidance's lexer, which never backs up, goes on.

Consequences a writer sees: no blank inside a unit (``5 N*m``), a blank around an operator that follows a unit
(``5 mm / 2``) and between a number and a unit that begins with e (``5 eV``).
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
value: disjunction | formula | interval | list
formula: sum "~" sum
interval: RANGE_LOW sum | MINUS RANGE_LOW sum | sum ".." sum
list: "[" (value ("," value)* ","?)? "]"
disjunction: conjunction ("or" conjunction)*
conjunction: relation ("and" relation)*
relation: sum (COMPARE sum)?
sum: product ((PLUS | MINUS) product)*
product: interaction ((TIMES | DIVIDE) interaction)*
interaction: signed (":" signed)*
signed: MINUS signed | power
power: atom (POWER exponent)?
exponent: MINUS exponent | power
atom: number | STRING | reference | function | "(" disjunction ")"
number: NUMBER UNIT?
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

# Letters are listed, not named by class, so that both regular expression engines agree on every character.
LETTER = "A-Za-zÀ-ÖØ-öø-ÿΑ-Ωα-ω"
WORD = f"[{LETTER}_][{LETTER}0-9_]*"
UNIT_WORD = f"[{LETTER}µμ°ΩÅ][{LETTER}0-9_µμ°ΩÅ]*"
UNIT_TAIL = rf"([*\/]{UNIT_WORD}|\^-?[0-9]+)*"
DIGITS = r"([0-9]+(\.[0-9]+)?|\.[0-9]+)([eE][+-]?[0-9]+)?"

LARK_TERMINALS = rf"""
NAME: /(?!(and|or)(?![{LETTER}0-9_])){WORD}/
UNIT: /%|(?!(and|or)(?![{LETTER}0-9_µμ°ΩÅ])){UNIT_WORD}{UNIT_TAIL}(?![*\/^{LETTER}0-9_µμ°ΩÅ])/
NUMBER: /{DIGITS}(?![.0-9eE])/
RANGE_LOW.2: /{DIGITS}\.\./
"""

LLGUIDANCE_TERMINALS = rf"""
NAME: /{WORD}/ & ~/and|or/
UNIT: "%" | ( /{UNIT_WORD}{UNIT_TAIL}/ & ~/(and|or)([*\/^].*)?/ )
NUMBER: /{DIGITS}/
RANGE_LOW: /{DIGITS}\.\./
"""


@cache
def for_lark() -> str:
    """The grammar as the ``lark`` package reads it."""
    return RULES + LARK_TERMINALS


@cache
def for_llguidance() -> str:
    """The grammar as llguidance reads it."""
    return '%llguidance {"allow_initial_skip": true}\n' + RULES + LLGUIDANCE_TERMINALS
