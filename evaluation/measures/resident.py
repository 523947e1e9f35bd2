"""What a process has in memory, where Linux tells it."""

import re
from pathlib import Path


def resident(process: int | str = "self") -> dict[str, int]:
    """Kibibytes by Linux's names, such as VmHWM (the most so far), VmRSS, RssAnon and RssFile.

    Empty where there is no such process, or another system.
    """
    try:
        told = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return {}
    found = re.findall(r"^((?:Vm|Rss)\w+):\s+(\d+) kB", told, re.MULTILINE)
    return {name: int(kibibytes) for name, kibibytes in found}
