"""What the service counts, for Prometheus."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

SECONDS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10)
TEXTS = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512)


class Metrics:
    """The counters of one application, in a registry of its own."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self.requests = Counter(
            "gateways_requests",
            "Requests answered.",
            ("method", "route", "status"),
            registry=self._registry,
        )
        self.seconds = Histogram(
            "gateways_request_seconds",
            "Time from a request to the end of its answer.",
            ("method", "route"),
            buckets=SECONDS,
            registry=self._registry,
        )
        self.batches = Histogram(
            "gateways_encode_batch_texts",
            "Texts that were encoded together.",
            buckets=TEXTS,
            registry=self._registry,
        )
        self.suggestions = Counter(
            "gateways_suggestions", "Outcomes suggested.", registry=self._registry
        )
        self.abstentions = Counter(
            "gateways_abstentions",
            "Answers without a suggestion.",
            ("cause",),
            registry=self._registry,
        )
        self.decisions = Counter(
            "gateways_decisions", "Decisions kept.", ("decision",), registry=self._registry
        )
        self._snapshot = Gauge(
            "gateways_snapshot_info",
            "The index in use.",
            ("index", "model"),
            registry=self._registry,
        )

    def show_snapshot(self, index: str, model: str) -> None:
        """Name the index that is in use from now on."""
        self._snapshot.clear()
        self._snapshot.labels(index, model).set(1)

    def text(self) -> bytes:
        """All of it in Prometheus's text format."""
        return generate_latest(self._registry)
