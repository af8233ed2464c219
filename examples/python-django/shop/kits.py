from dataclasses import dataclass


@dataclass(frozen=True)
class Kit:
    slug: str
    name: str
    price_cents: int


KITS = [Kit("dart", "Dart", 900), Kit("swallow", "Swallow", 1900), Kit("albatross", "Albatross", 4900)]


def find_kit(slug: str) -> Kit | None:
    return next((kit for kit in KITS if kit.slug == slug), None)
