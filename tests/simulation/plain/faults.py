"""Faults that can be planted: each switches off one thing that the design stands on.

They prove the histories, not the program: a history that can't tell the world with a fault from the
world without it checks nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Faults:
    """What is broken; nothing, as a rule."""

    no_buffer: bool = False
    """A run that comes too early is dropped, and its sender told that it came."""
    no_dependencies: bool = False
    """An entry doesn't wait for what its writer had seen."""
    whole_runs: bool = False
    """A run waits as a whole: two that need a part of each other wait for ever."""
    no_incarnation: bool = False
    """A restored or copied disk goes on under its old name."""
    early_acknowledgement: bool = False
    """What was sent counts as arrived."""
    parked_acknowledged: bool = False
    """What is parked is acknowledged."""
    acknowledgements_untagged: bool = False
    """A new incarnation is thought to hold what the one before it acknowledged."""
    incarnations_by_arrival: bool = False
    """An incarnation that was not heard of before is taken for the newest."""
    known_untold: bool = False
    """What comes a second time isn't acknowledged a second time."""
    revoked_heard: bool = False
    """A revoked hub is talked to as before."""
    endless_introductions: bool = False
    """Who presents themselves goes on until they get a parcel sealed to what they named."""
    lacks_kept: bool = False
    """A key is asked for although what it opened was sent by an incarnation that is no more."""
    heard_only_grows: bool = False
    """What a peer once heard of our marks it is thought to know for ever."""
    arrival_order: bool = False
    """The edit that comes last wins."""
    wall_clock: bool = False
    """Entries are stamped by the clock on the wall alone."""
    falling_stamps: bool = False
    """A head takes the stamp of its last entry, though one before it was larger."""
    no_epochs: bool = False
    """Edits are weighed without the custody that they were made under."""
    single_epochs: bool = False
    """Of two custodies with one number the first to come is taken, the other ignored."""
    no_authority: bool = False
    """A hub is believed whatever it says."""
    no_signatures: bool = False
    """Who changes a parcel on its way isn't found out."""
    seals_unchecked: bool = False
    """Whoever says that a writer signed a run is believed."""
    sealed_at_the_end: bool = False
    """The country signs the last of the runs that it sends of a stream, not each."""
    early_judgement: bool = False
    """A hub's right is judged before what grants it has come."""
    anybody_registers: bool = False
    """A hub gets a person by registering their id once more."""
    keys_to_all: bool = False
    """Whoever says that it lacks a person's key is given it."""
    no_late_authority: bool = False
    """After an upgrade, what was kept unknown is projected without asking who wrote it."""
    resurrection: bool = False
    """What comes of an erased person is stored."""
    tombstones_last: bool = False
    """In a parcel, the country's stream comes after people's."""
    erases_one: bool = False
    """Of merged identities one alone is erased."""
    no_ledger: bool = False
    """A restored disk has forgotten who was erased."""
    ledger_untold: bool = False
    """A hub keeps to itself an erasure of which only its ledger is left."""
    serves_at_once: bool = False
    """A restored hub serves people before it heard who was erased meanwhile."""
    unsure_word: bool = False
    """A country that has lost its own ledger opens the doors of restored hubs."""
    receipts_from_hubs: bool = False
    """A hub that has been sent an erasure counts as having confirmed it."""
    no_eviction: bool = False
    """A hub keeps a person that was given elsewhere."""
    evicts_rows: bool = False
    """A hub that must let a person go drops what it wrote once the country has confirmed it."""
    evicts_news: bool = False
    """A hub that must let a person go drops what the country said of them, but where they went."""
    evicts_heads: bool = False
    """A hub that lets a person go forgets what it wrote, and how far it had numbered that."""
    no_again: bool = False
    """A hub that gets a person back doesn't ask for what it let go."""
    stored_elsewhere: bool = False
    """A hub stores what still comes of people who were given elsewhere."""
    late_work_untold: bool = False
    """A hub isn't told that its late work for a person came whom it isn't granted any more."""
    moves_forgotten: bool = False
    """A country that a move was brought back to doesn't tell it to those who weren't told."""
    strangers_kept: bool = False
    """A hub that says it has somebody whom it isn't granted isn't told where they belong."""
    untold_moves: bool = False
    """A move is said in the person's stream alone, which the old hub isn't sent any more."""
    keys_lost: bool = False
    """A hub that may not read a person any more keeps their key for nobody, not even the country."""
    recipients_not_renewed: bool = False
    """After a restore, parcels are sealed as if nothing had happened."""
    recipient_turns_back: bool = False
    """An old parcel brings back an old recipient."""
    recipient_destroyed_early: bool = False
    """A recipient's secret is destroyed when the next one is made."""
    double_merge: bool = False
    """Two identities that were merged count as two."""
    split_merge: bool = False
    """Merged identities stay with the hubs they were at."""
    forgets_mergers: bool = False
    """Late work for somebody whom a hub had through a merger is refused once that is over."""
    silent_parting: bool = False
    """When two are parted, a hub that had both isn't told which of them it has to let go."""
    drops_unknown: bool = False
    """Kinds that a node doesn't know are not kept."""
    full_disk_takes_content: bool = False
    """A full disk takes courses, until there is no room for an answer."""


NONE = Faults()
NAMES = tuple(field.name for field in fields(Faults))


def only(name: str) -> Faults:
    """Plant one fault."""
    return Faults(**{name: True})
