"""Refusals of this room."""

from passport.kernel.errors import Invalid, NotAllowed, PassportError


class WrongSignIn(PassportError):
    """What was given opens nothing. Says the same for a wrong secret and an unknown name."""


class TooSoon(PassportError):
    """Too many wrong attempts just now; `params["seconds"]` says how long to wait."""


class WayClosed(NotAllowed):
    """This person may not sign in this way here."""


class Taken(Invalid):
    """Somebody else has this user name, phone number or mail address already."""


class ListNotTaken(Invalid):
    """Lines of a pasted list can't be read; nothing of it was taken. `report` says which."""

    report: object = None
