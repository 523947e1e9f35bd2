"""The one exception a person is meant to read."""


class GatewaysError(Exception):
    """A mistake that the caller can mend; the message says what, where and how.

    The command line prints it and ends with status 2; the service answers it as problem details.
    """


class NotFoundError(GatewaysError):
    """Something was named that is not there."""


class ConflictError(GatewaysError):
    """The request contradicts what is already kept."""


class UnavailableError(GatewaysError):
    """What is needed to answer does not work at the moment; the same request may work later."""


class BrokenError(UnavailableError):
    """It will work when somebody has mended it, and not before."""


class FieldError(GatewaysError):
    """One `field` of what was said is not as it must be; `reason` goes on where its name ends."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field} {reason}")
        self.field = field
        self.reason = reason
