"""What reading a list can refuse.

Refused    the file is not read at all; carries the one Problem that says why and what to do
TakesLong  it was not read in the time that somebody would wait for it
"""

from ingest.fields import Problem, Reading


class Refused(Exception):  # noqa: N818 - it is an answer to the sender, not a fault of the program
    """A file that cannot be read as a list; `problem.message` is one clear Chinese sentence.

    `reading` is how far it was understood where a person may help: the columns, of which none was taken for the name.
    """

    def __init__(self, problem: Problem, reading: Reading | None = None) -> None:
        super().__init__(problem.message)
        self.problem = problem
        self.reading = reading


class TakesLong(Exception):  # noqa: N818 - nothing is wrong; nobody should wait for it
    """A file that is not read after the time that was given for it; given more, it may be."""
