"""The four refusals of the marketplace; `web` alone turns them into HTTP.

Refusal
  NotFound     there is no such thing, or none the asker may know of
  NotAllowed   the asker may not do this
  Conflict     somebody or something was faster; nothing was written
  Invalid      what was given is wrong; `fields` says where
"""

from collections.abc import Mapping


class Refusal(Exception):  # noqa: N818 - an answer to the asker, not a fault of the program
    """A domain answer of no: `message` is a Chinese sentence that says what to do, `code` a stable word.

    `keeps_writes` marks a refusal that is itself a fact to be remembered (a failed sign-in): the unit of work
    commits what was written before it is raised on.
    """

    def __init__(self, message: str, *, code: str, keeps_writes: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.keeps_writes = keeps_writes


class NotFound(Refusal):
    """There is no such thing, or none the asker may know of."""

    def __init__(self, message: str, *, code: str = "not_found") -> None:
        super().__init__(message, code=code)


class NotAllowed(Refusal):
    """The asker may not do this."""

    def __init__(self, message: str, *, code: str = "not_allowed", keeps_writes: bool = False) -> None:
        super().__init__(message, code=code, keeps_writes=keeps_writes)


class Conflict(Refusal):
    """Somebody was faster, or the state has moved on; nothing was written."""

    def __init__(self, message: str, *, code: str = "conflict") -> None:
        super().__init__(message, code=code)


class Invalid(Refusal):
    """What was given is wrong; `fields` maps a field's name to what is wrong with it, in Chinese."""

    def __init__(self, message: str, *, code: str = "invalid", fields: Mapping[str, str] | None = None) -> None:
        super().__init__(message, code=code)
        self.fields: dict[str, str] = dict(fields or {})
