"""What is left of a node when the power goes (DESIGN section 6).

A real process does real work: a node is made, learners answer through the one writer, sticks are taken,
a course gets a new version, tables are rebuilt and upgraded (`workloads.py`, a table). A library that is
loaded before the process's own (`recorder.c`) writes down, in one order, every write, truncation, flush,
rename and removal below the nodes' folders, and every acknowledgement (`recording.py`). From
that record the disk is made again as it may look after a cut at any moment (`disk.py`): what was
flushed, and of the rest nothing, all, a beginning, a choice of writes, or single 512-byte sectors with or
without garbage between them; names come and go the same way until their folder was flushed. Then the
node is opened on it and everything that was promised is looked for (`checking.py`, `cutting.py`).

A new workload is a function and a line of the table `WORKLOADS`; `test_power.py` names the looks that some
of them need besides.

**Why a preloaded library.** It sees all files of a node, not the database alone: a key file or a lesson
that isn't flushed loses as much. It sees the very SQLite that Python's `sqlite3` uses, and SQLite's own
choice when to flush; a VFS of APSW would put another SQLite and another Django backend under test, and
see no other file. A VFS registered with `_sqlite3`'s own library needs that library to show its symbols,
which those Pythons don't that uv installs. strace and LazyFS need rights that a build machine doesn't
give. The price is a C compiler: the machine's own, else the one that uv fetches from PyPI (ziglang).
Whether anything goes past the library is tested: a whole record must give the real folder, byte for byte.

**Stricter than disks are.** Real file systems write names in order and flush a file's name with the file.
Here nothing is kept that wasn't flushed by name, so what is proved holds on any of them.

**What it can't tell.** Whether a card does as it is told: one that says "flushed" and lies loses what it
likes. Rot of what had been flushed is the journal's chain to find, and doctor's.
"""
