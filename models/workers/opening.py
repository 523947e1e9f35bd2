"""Settings → the way in which long work is done."""

from importlib.util import find_spec

from data.errors import GatewaysError
from data.settings import Settings
from models.workers.spread import Spread, here


def open_workers(settings: Settings) -> Spread:
    """In this process, or on the workers that the settings ask for.

    They start when there is work for them. Raises GatewaysError when Ray is not installed.
    """
    if settings.workers == 1:
        return here
    if find_spec("ray") is None:
        raise GatewaysError(
            f"workers {settings.workers}: several processes work together by Ray, which is not "
            "installed; `pip install -e '.[ray]'` mends it, and `--workers 1` does without"
        )
    from models.workers.ray_pool import RayPool

    return RayPool(settings.workers, settings.ray, settings.threads)
