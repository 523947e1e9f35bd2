"""What goes over the wire between Kolibri Studio and a service that recommends content."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from data import records
from data.formats.kolibri.words import bcp47, hexadecimal, hyphenated
from service.api.wire import Request, Text
from service.asking.recommending_content import Found, Topic

MOST_TOPICS = 100
MOST_RESOURCES = 500
_ID = "0f4f3c36-22a0-4d1c-9c8f-1f3d1b7fd9ec"
Uuid = Annotated[
    str,
    Field(
        pattern="^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$",
        description="A UUID of version 4 with hyphens.",
        examples=[_ID],
    ),
]
Code = Annotated[str, Field(pattern="^[a-z]{2,3}(?:-[a-zA-Z]+)?$", examples=["en", "pt-BR"])]


class AncestorNode(Request):
    """A topic above another."""

    id: Uuid
    title: Text
    description: Text
    level: int = Field(description="0 is the root.")
    language: Code | None = None


class TopicNode(Request):
    """A topic of somebody's channel."""

    id: Uuid
    channel_id: Uuid
    title: Text
    description: Text
    language: Code
    ancestors: list[AncestorNode] = Field([])

    def topic(self) -> Topic:
        """The topic with the titles above it in their order."""
        above = sorted(self.ancestors, key=lambda node: node.level)
        return Topic(
            id=self.id,
            channel=self.channel_id,
            title=self.title,
            description=self.description,
            language=bcp47(self.language),
            above=tuple(node.title for node in above if node.title.strip()),
        )


class EmbedTopicsRequest(Request):
    """Topics for which content is wanted."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "topics": [
                        {
                            "id": _ID,
                            "channel_id": "6a1fe64c-9d3a-4f2e-8b1a-0c3a8f5d7e21",
                            "title": "Equivalent fractions",
                            "description": "",
                            "language": "en",
                            "ancestors": [
                                {
                                    "id": "6a1fe64c-9d3a-4f2e-8b1a-0c3a8f5d7e22",
                                    "title": "Mathematics",
                                    "description": "",
                                    "level": 0,
                                }
                            ],
                        }
                    ]
                }
            ]
        }
    )

    topics: list[TopicNode] = Field(max_length=MOST_TOPICS)
    metadata: dict[str, Any] = Field({})


class RecommendedContent(BaseModel):
    """A resource that is near a topic."""

    id: str = Field(description="Of its node in Kolibri, if it came from there, else our own.")
    channel_id: str | None = Field(description="None if it came from no channel.")
    rank: int = Field(description="1 is the nearest.")
    title: str
    description: str
    similarity: float = Field(description="The cosine of both texts' vectors.")

    @classmethod
    def of(cls, resource: records.Resource, rank: int, similarity: float) -> "RecommendedContent":
        """A resource as Studio knows it."""
        node, channel = resource.extra.get("node_id"), resource.extra.get("channel_id")
        return cls(
            id=hyphenated(node if isinstance(node, str) and node else resource.id),
            channel_id=hyphenated(channel) if isinstance(channel, str) and channel else None,
            rank=rank,
            title=resource.title,
            description=resource.description,
            similarity=similarity,
        )


class RecommendationsOfTopic(BaseModel):
    """What is recommended for one topic, the nearest first."""

    id: str
    recommendations: list[RecommendedContent]

    @classmethod
    def of(cls, node: TopicNode, found: Found) -> "RecommendationsOfTopic":
        """What was found for a topic."""
        ranked = enumerate(found, start=1)
        items = [RecommendedContent.of(one, rank, cosine) for rank, (one, cosine) in ranked]
        return cls(id=node.id, recommendations=items)


class Recommendations(BaseModel):
    """One list for each topic, in their order."""

    topics: list[RecommendationsOfTopic]


class ContentFile(Request):
    """A file of a piece of content; it is not fetched."""

    url: Text
    preset: Text | None = None
    language: Code | None = None


class ContentNode(Request):
    """A piece of content of a channel."""

    id: Uuid
    title: Text
    description: Text = ""
    text: Text = ""
    language: Code | None = None
    channel_id: Uuid | None = None
    content_id: str | None = Field(None, pattern="^[0-9a-f-]{32,36}$")
    channel_version: int | None = None
    files: list[ContentFile] = Field([])

    @property
    def raw(self) -> dict[str, Any]:
        """The fields of the resource that it becomes, as the format `kolibri` would read it."""
        known = {
            "id": hexadecimal(self.content_id or self.id),
            "node_id": hexadecimal(self.id),
            "channel_id": hexadecimal(self.channel_id),
            "channel_version": self.channel_version,
            "files": [file.model_dump(exclude_none=True) for file in self.files],
            "language": bcp47(self.language) if self.language else None,
        }
        said = {"title": self.title, "description": self.description, "text": self.text}
        return said | {name: value for name, value in known.items() if value not in (None, [])}


class EmbedContentRequest(Request):
    """Content that may be recommended from now on."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"resources": [{"id": _ID, "title": "Halves", "language": "en"}]}]
        }
    )

    resources: list[ContentNode] = Field(max_length=MOST_RESOURCES)
    metadata: dict[str, Any] = Field({})


class EmbeddedContent(BaseModel):
    """Under which ids content was taken in, in its order."""

    resources: list[str]
