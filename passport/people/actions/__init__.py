"""Writes of this room, a file for each use."""

from passport.people.actions.holding import tell_held
from passport.people.actions.learners import (
    Registered,
    change_person,
    leave,
    move_to_group,
    register_learner,
    reissue_card,
    set_avatar,
    set_picture_code,
)
from passport.people.actions.lists import ListLine, ListReport, register_learners
from passport.people.actions.moving import merge, move_to_site, part
from passport.people.actions.names import OpenedName, reveal
from passport.people.actions.passwords import change_own_password, set_password
from passport.people.actions.sign_in import (
    sign_in_with_card,
    sign_in_with_password,
    sign_in_with_picture,
    sign_out,
    touch,
)
from passport.people.actions.sites import add_group, add_site, change_site
from passport.people.actions.staff import add_staff, end_role, grant_role
from passport.people.actions.telling import say_again, tell_where_they_are
from passport.people.actions.unlocking import drop_stale_locks, unlock

__all__ = [
    "ListLine",
    "ListReport",
    "OpenedName",
    "Registered",
    "add_group",
    "add_site",
    "add_staff",
    "change_own_password",
    "change_person",
    "change_site",
    "drop_stale_locks",
    "end_role",
    "grant_role",
    "leave",
    "merge",
    "move_to_group",
    "move_to_site",
    "part",
    "register_learner",
    "register_learners",
    "reissue_card",
    "reveal",
    "say_again",
    "set_avatar",
    "set_password",
    "set_picture_code",
    "sign_in_with_card",
    "sign_in_with_password",
    "sign_in_with_picture",
    "sign_out",
    "tell_held",
    "tell_where_they_are",
    "touch",
    "unlock",
]
