"""What reading a list can refuse.

Refused   the file is not read at all; carries the one Problem that says why and what to do
"""

from ingest.fields import Problem


class Refused(Exception):  # noqa: N818 - it is an answer to the sender, not a fault of the program
    """A file that cannot be read as a list; `problem.message` is one clear Chinese sentence."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem
