"""What judges an encoder's candidates: a ranker and the confidence that is fitted to its scores."""

from dataclasses import dataclass

from models.bundles.bundle import Bundle, read_bundle
from models.bundles.named import E5, SHIPPED, bundle_named
from models.ranking.confidence import Confidence, read_confidence
from models.ranking.ranker import Ranker, read_ranker


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondStage:
    """A confidence, and the ranker whose scores it is fitted to; without one, fusion's."""

    confidence: Confidence
    ranker: Ranker | None


def second_stage_for(name: str) -> SecondStage:
    """What the bundle that an encoder is named by has, or one that ships.

    For an encoder that none was trained for it is the multilingual one's: features are relative, so
    that it orders well, but its confidence is calibrated only by `gateways train ranker`. Raises
    GatewaysError when the bundle is damaged.
    """
    return of_bundle(judging_bundle(name))


def judging_bundle(name: str) -> Bundle:
    """The bundle that `second_stage_for` reads. Raises GatewaysError when it is damaged."""
    return bundle_named(name) or read_bundle(SHIPPED / E5)


def of_bundle(bundle: Bundle) -> SecondStage:
    """What is in a bundle. Raises GatewaysError when it is damaged."""
    return SecondStage(
        confidence=read_confidence(bundle.confidence),
        ranker=read_ranker(bundle.ranker) if bundle.ranker else None,
    )
