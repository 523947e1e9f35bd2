"""Tells the audit trail by which settings this machine serves."""

import logging
from socket import gethostname

from anyio.to_thread import run_sync

from data.catalogue import Catalogue
from data.catalogue.audit_table import Event
from data.settings import Settings

log = logging.getLogger(__name__)


async def state(settings: Settings, catalogue: Catalogue) -> None:
    """Note the settings where they differ from those noted last; serving does not wait for it."""
    try:
        await run_sync(
            catalogue.audit.note_change, Event.SETTINGS, gethostname(), settings.stated()
        )
    except Exception as error:  # whatever it is, serving goes on
        log.warning("the settings are not in the audit trail: %s", error)
