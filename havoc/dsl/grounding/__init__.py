"""From a request's text to typed slots: numbers, ranges, factors, lists, tables, columns, expressions.

A slot knows its place in the request, so that the language model works on ``<n0>`` and ``<c1>`` and can neither
miscopy a number nor invent a column. The same code grounds the curriculum's requests and the users'.
"""
