"""What groups of parameters are called: a title for each topic, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from experiments.words import WordError, check_language, say
from model.parameters import nearest

TOPICS: Mapping[str, str] = MappingProxyType(
    {
        "pool": "Pooled projects",
        "quota": "Land quota",
        "mountain_sea": "Mountain-sea pair (4.0)",
        "tourism": "Tourism park of the pair (4.0)",
        "science_park": "Science park (5.0)",
        "fashion_park": "Fashion park (5.0)",
        "shares": "Shares of low-income households (6.0)",
        "crowd": "Crowdfunding (7.0)",
        "treasury": "County treasuries",
        "village": "Village collectives",
        "choice": "How villages decide",
        "place": "Places",
        "stress": "Stress: slump, land sales, main tenants",
        "prices": "Prices and interest",
        "credit": "Credit of villages",
        "land": "Idle land and reclaiming",
        "build": "Building",
        "floor": "Market for factory floor",
        "firms": "Firms",
        "labour": "Jobs and wages",
        "household": "Rural households",
    }
)


def topic_title(topic: str, lang: str) -> str:
    """What a group of parameters is called. Raises WordError for a topic or a language that there is not."""
    check_language(lang)
    if topic not in TOPICS:
        raise WordError(f"no topic {topic!r}. {nearest(topic, TOPICS)}")
    return say(TOPICS[topic], lang)
