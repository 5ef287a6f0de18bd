"""Why a parcel was refused, in a sentence for whoever carries it."""

from passport.kernel.errors import Damaged, PassportError


class NotAParcel(Damaged):
    """These bytes are not a parcel at all."""


class TooNew(PassportError):
    """Made by a newer version of the program than this one."""


class NotForUs(PassportError):
    """Sealed for another node."""


class UsedUp(PassportError):
    """Sealed to a key of ours that was destroyed, because a whole parcel under a newer one has come."""


class UnknownSender(PassportError):
    """Signed by nobody that this node knows."""


class NotEnrolled(PassportError):
    """This node doesn't know a country yet."""


class OutOfReach(PassportError):
    """The other node didn't answer; nothing was lost, and the next try goes on from here."""


class Refused(OutOfReach):
    """The other node answered, and could use nothing of what it was handed."""
