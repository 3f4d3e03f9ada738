"""Plain questions about one attached file, read word by word and written as a program without the model.

``the average fare of women in 2nd class by port`` is made of conditions, figures, what is measured and what makes the
groups. Where every number, column and cell of a request has its place among them, and no word asks for more, there is
only one program; where one is left over, nothing is proposed.
"""

from havoc.srs.questions.programs import Proposal, said_question

__all__ = ["Proposal", "said_question"]
