"""Links that map providers share: which provider, which coordinates, in whose datum. No network; the text says it all."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from screening.datums import Datum
from screening.errors import UnreadableSiteError
from screening.words import Text

_LINK = re.compile(
    r"(?:https?://|(?<![\w@.])(?=(?:[a-z0-9-]{1,63}\.){1,5}(?:com|cn|org)[/?]))[^\s\"'<>，；。）]{1,2000}|geo:[-\d.,]{1,100}",
    re.IGNORECASE,
)
_DECIMALS = re.compile(r"-?\d{1,3}\.\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkForm:
    """One place in a link where coordinates stand.

    Attributes:
        parameters: Query parameter with both numbers, or one for longitude and one for latitude; empty for `pattern`.
        pattern: Over path and fragment, with groups `lon` and `lat`; None for parameters.
        latitude_first: Of the two numbers in one parameter.
        datum: Where this form differs from its provider's.
    """

    parameters: tuple[str, ...] = ()
    pattern: re.Pattern[str] | None = None
    latitude_first: bool = False
    datum: Datum | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """A provider of maps on the web.

    Attributes:
        datum: What its coordinates are in, unless a link says otherwise.
        hosts: Ends of its host names.
        words: What people call it; their presence in a text is a reason to suspect its datum.
        datum_parameter: Query parameter that names the datum; empty without.
        datum_values: What that parameter may hold; a value not listed leaves the datum open.
        unreadable: Over the whole link, for coordinates nobody outside can read (own projections, short links).
    """

    name: Text
    datum: Datum
    hosts: tuple[str, ...]
    words: tuple[str, ...]
    forms: tuple[LinkForm, ...]
    datum_parameter: str
    datum_values: Mapping[str, Datum]
    unreadable: tuple[re.Pattern[str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link found in a text.

    Attributes:
        written: The link itself.
        lon, lat: Digits as they stand there.
        datum: Of the numbers.
        stated: The link itself names the datum; otherwise it is known only from the provider.
    """

    written: str
    provider: Provider
    lon: str
    lat: str
    datum: Datum
    stated: bool


def find_links(text: str, providers: Sequence[Provider]) -> tuple[Link, ...]:
    """The links to maps in a text, in order.

    Raises:
        UnreadableSiteError: A link of a known provider holds no coordinates that can be read, or is nobody's we know.
    """
    return tuple(_read(found[0], providers) for found in _LINK.finditer(text))


def named_provider(text: str, providers: Sequence[Provider]) -> tuple[Provider, str] | None:
    """The first provider a text names, and the word it was known by."""
    lowered = text.lower()
    for provider in providers:
        for word in provider.words:
            if word in lowered:
                return provider, word
    return None


def _read(written: str, providers: Sequence[Provider]) -> Link:
    parts = _split(written)
    host = (parts.hostname or "").lower() if parts.scheme != "geo" else "geo"
    provider = next(
        (one for one in providers if any(host == end or host.endswith("." + end) for end in one.hosts)), None
    )
    if provider is None:
        raise _unreadable(written, "不认识这个网址", "the link is of no map known here")
    if any(pattern.search(written) for pattern in provider.unreadable):
        why = (
            f"{provider.name.zh}的这种链接不含可读的经纬度",
            f"such links of {provider.name.en} hold no readable degrees",
        )
        raise _unreadable(written, *why)
    query = {name.lower(): values[0] for name, values in parse_qs(parts.query).items()}
    for form in provider.forms:
        pair = _pair(form, query, unquote(f"{parts.path}#{parts.fragment}"))
        if pair is not None:
            stated = provider.datum_values.get(query.get(provider.datum_parameter, "").lower())
            datum = stated or form.datum or provider.datum
            return Link(written=written, provider=provider, lon=pair[0], lat=pair[1], datum=datum, stated=bool(stated))
    raise _unreadable(written, "链接中没有经纬度", "the link holds no coordinates")


def _split(written: str) -> SplitResult:
    try:
        parts = urlsplit(written if "://" in written or written.lower().startswith("geo:") else f"//{written}")
        parts.hostname  # noqa: B018  # raises on a broken address
    except ValueError as problem:
        raise _unreadable(written, "网址有误", "the address is broken") from problem
    return parts


def _pair(form: LinkForm, query: Mapping[str, str], path: str) -> tuple[str, str] | None:
    if form.pattern is not None:
        found = form.pattern.search(path)
        return (found["lon"], found["lat"]) if found else None
    values = [query.get(name.lower(), "") for name in form.parameters]
    if len(values) == 2:
        both = [_DECIMALS.fullmatch(value.strip()) for value in values]
        return (both[0][0], both[1][0]) if both[0] and both[1] else None
    found_two = _DECIMALS.findall(values[0])[:2]
    if len(found_two) < 2:
        return None
    return (found_two[1], found_two[0]) if form.latitude_first else (found_two[0], found_two[1])


def _unreadable(written: str, zh: str, en: str) -> UnreadableSiteError:
    how = Text("请在地图上取点，把经纬度数字抄过来", "pick the point on the map and copy the numbers")
    return UnreadableSiteError.of(written, Text(f"{zh}；{how.zh}", f"{en}; {how.en}"))
