"""Run one job's command to its end and write down how it ended: `python -m service.jobs.runner`.

It is a process of its own, so that a job outlives the server that started it.
"""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

from data.durable import replace_text

ASKED: Final = "job.json"
ENDED: Final = "ended.json"
LOG: Final = "output.log"
LOCK: Final = "lock"


def run(folder: Path, home: str, lock: int) -> int:
    """Run what `job.json` asks for; the exit status, negative where a signal ended it.

    `lock` is the open file that says that the job runs: as long as this or its command lives.
    """
    arguments = json.loads((folder / ASKED).read_text(encoding="utf-8"))["arguments"]
    # A signal goes to the whole group; this one stays to write down what became of the command.
    signal.signal(signal.SIGTERM, lambda *_: None)
    with (folder / LOG).open("ab") as log:
        status = subprocess.run(  # noqa: S603  the program itself, and no shell
            [sys.executable, "-P", "-m", "gateways", "--home", home, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env=os.environ | {"PYTHONUNBUFFERED": "1", "COLUMNS": "110"},
            pass_fds=(lock,),
            check=False,
        ).returncode
    replace_text(folder / ENDED, json.dumps({"status": status, "ended": time.time()}))
    return status


if __name__ == "__main__":
    run(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
