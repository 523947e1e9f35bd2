"""Who a statement is about → one text for one learner, to be made a pseudonym of.

What an actor says is never repeated in a reason, since it may be a name or an address.
"""

import hashlib
import re
from typing import Any, Final

from data.formats.fields import RowError

_HELP: Final = "give an account, mbox, mbox_sha1sum or openid"
_SHA1: Final = re.compile(r"[0-9a-f]{40}")
_MAILTO: Final = "mailto:"
# Whoever has a list of addresses can undo their hashes, and the address of a person's page is
# theirs, too. An @ keeps these out wherever there is no key to make a pseudonym with.
_PERSONAL: Final = "@"


def identity(actor: Any) -> str:
    """The same text whichever way a learner is named. Raises RowError for anyone but a learner.

    An address and its SHA-1 are one learner. Only an account is fit to be kept as it is.
    """
    if not isinstance(actor, dict):
        raise RowError(f"actor is missing; {_HELP}")
    if actor.get("objectType", "Agent") != "Agent":
        raise RowError("actor is not one learner; send a statement for each of the group")
    if isinstance(account := actor.get("account"), dict):
        return _account(account)
    if isinstance(address := actor.get("mbox"), str):
        return f"{_PERSONAL}mbox_sha1sum|{_hashed(address)}"
    if isinstance(digest := actor.get("mbox_sha1sum"), str):
        if not _SHA1.fullmatch(digest.lower()):
            raise RowError("actor.mbox_sha1sum is no SHA-1; it has 40 hexadecimal digits")
        return f"{_PERSONAL}mbox_sha1sum|{digest.lower()}"
    if isinstance(page := actor.get("openid"), str) and page.strip():
        return f"{_PERSONAL}openid|{page}"
    raise RowError(f"actor has nothing that tells them from others; {_HELP}")


def _account(account: dict[str, Any]) -> str:
    home, name = account.get("homePage"), account.get("name")
    if not (isinstance(home, str) and home.strip() and isinstance(name, str) and name.strip()):
        raise RowError("actor.account needs a homePage and a name")
    return f"{home}|{name}"


def _hashed(address: str) -> str:
    if not address.lower().startswith(_MAILTO) or "@" not in address:
        raise RowError("actor.mbox is no address; write it as mailto:…")
    return hashlib.sha1(address.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()
