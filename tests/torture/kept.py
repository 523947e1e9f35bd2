"""What the database holds of what was acknowledged."""

from collections import Counter

from tests.torture.load import Record
from tests.torture.victim import Victim


def losses(victim: Victim, record: Record) -> list[str]:
    """What was acknowledged and is not there exactly once, as it was said."""
    decided, done = dict(record.decided), set(record.done)  # before what is read
    lines = victim.rows("SELECT id, note FROM decisions")
    counted = Counter(id_ for (id_,) in victim.rows("SELECT client_id FROM interactions"))
    kept, noted = {note: id_ for id_, note in lines}, Counter(note for _, note in lines)
    found = [f"decision {note!r}" for note, id_ in decided.items() if kept.get(note) != id_]
    found += [f"decision {note!r} {count} times" for note, count in noted.items() if count > 1]
    return found + [f"interaction {id_} {counted[id_]} times" for id_ in done if counted[id_] != 1]
