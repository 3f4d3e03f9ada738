"""What is said after an answer, read as a change of the program that made it.

``read`` finds out what is wanted (a parameter, a choice, points left out, rows kept, another view); ``program`` holds
the changes of the tree. Where nothing fits, or more is said than the change explains, it is no edit and the planner
reads it.
"""

from havoc.srs.followup.read import Edit, read_edit, undoes

__all__ = ["Edit", "read_edit", "undoes"]
