"""How often one address may ask where something lies: requests at the doors that tell it, and sites over all doors.

Counted in the memory of one process (`limits`, moving windows), so several workers each count for themselves.
"""

from __future__ import annotations

import ipaddress
import math
import re
import time
from enum import StrEnum

from fastapi import Request
from limits import RateLimitItem, parse_many
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from api.settings import Settings
from screening.errors import TooManyRequestsError

SUBSCRIBER_BITS = 64  # of an IPv6 address: what lies beyond them one subscriber may choose at will


class Door(StrEnum):
    """What a request at a door tells of places."""

    FREE = "free"  # nothing that depends on where zones lie
    READ = "read"  # how coordinates are read, and whether they lie in a district named; whether a password is right
    ONE = "one"  # how one site lies
    SEVERAL = "several"  # how several lie: the route counts them


DOORS: tuple[tuple[str, re.Pattern[str], str, Door], ...] = (
    ("POST", re.compile(r"/(api/v1/screenings)?"), "", Door.ONE),
    ("POST", re.compile(r"/(api/v1/)?screenings/[^/]+/refresh"), "", Door.ONE),
    ("POST", re.compile(r"/api/v1/questions"), "", Door.ONE),
    ("POST", re.compile(r"/api/v1/sites"), "", Door.READ),
    ("POST", re.compile(r"/api/v1/eia-categories"), "", Door.ONE),
    ("GET", re.compile(r"/api/v1/(units|water-sources)"), "lon", Door.ONE),
    ("GET", re.compile(r"/(units|water-sources|map)"), "point", Door.ONE),
    ("GET", re.compile(r"/api/v1/zones/at"), "", Door.ONE),
    ("POST", re.compile(r"/(api/v1/)?plans(/workbook)?"), "", Door.SEVERAL),
    ("POST", re.compile(r"/(api/v1/batches|batch)"), "", Door.SEVERAL),
    ("POST", re.compile(r"/approval/sign-in"), "", Door.READ),
    ("POST", re.compile(r"/(api/v1/comparisons|compare)"), "", Door.SEVERAL),
)


def door_of(method: str, path: str, asked: set[str]) -> Door:
    """What a request tells of places.

    Args:
        asked: Names in the query that hold something.

    >>> door_of("GET", "/api/v1/units", {"lon", "lat"}).value, door_of("GET", "/api/v1/units", {"q"}).value
    ('one', 'free')
    """
    for own, pattern, needed, door in DOORS:
        if method == own and pattern.fullmatch(path) and (not needed or needed in asked):
            return door
    return Door.FREE


def address_of(peer: str, forwarded: str, trusted_hops: int) -> str:
    """Whose request it is.

    Each proxy of our own adds the address it was asked from at the end of `X-Forwarded-For`; what stands before those
    anybody may have written, so only as many hops as are configured are believed.

    Args:
        peer: Address of the connection.
        forwarded: `X-Forwarded-For` as it came.
        trusted_hops: How many proxies of our own a request passes.

    >>> address_of("10.0.0.1", "203.0.113.9, 198.51.100.7", 0), address_of("10.0.0.1", "203.0.113.9, 198.51.100.7", 1)
    ('10.0.0.1', '198.51.100.7')
    >>> address_of("2001:db8::1:2:3:4", "", 0)
    '2001:db8::/64'
    """
    chain = [*(one.strip() for one in forwarded.split(",") if one.strip()), peer]
    written = chain[max(0, len(chain) - 1 - trusted_hops)]
    try:
        found = ipaddress.ip_address(written)
    except ValueError:
        return written
    if found.version == 6:
        return str(ipaddress.ip_network((found, SUBSCRIBER_BITS), strict=False))
    return str(found)


class RateLimiter:
    """Counts what each address asks for; a limit that is empty does not count."""

    def __init__(self, settings: Settings) -> None:
        self._trusted_hops = settings.trusted_hops
        self._requests = _parsed(settings.request_limit)
        self._sites = _parsed(settings.site_limit)
        self._windows = MovingWindowRateLimiter(MemoryStorage())

    async def __call__(self, request: Request) -> None:
        """Count a request before it is answered; a dependency of every route.

        Raises:
            TooManyRequestsError: Its address has used up a limit.
        """
        asked = {name for name, value in request.query_params.items() if value}
        door = door_of(request.method, request.url.path, asked)
        if door is Door.FREE:
            return
        self._take(self._requests, "requests", request, 1)
        if door is Door.ONE:
            self.count_sites(request, 1)

    def count_sites(self, request: Request, count: int) -> None:
        """Count sites that a request asks about.

        Raises:
            TooManyRequestsError: Its address has used up a limit, or would with so many.
        """
        self._take(self._sites, "sites", request, count)

    def _take(self, limits: list[RateLimitItem], kind: str, request: Request, cost: int) -> None:
        who = self._who(request)
        for one in limits:
            if not self._windows.test(one, kind, who, cost=cost):
                reset = self._windows.get_window_stats(one, kind, who).reset_time
                raise TooManyRequestsError.of(str(one), max(1, math.ceil(reset - time.time())))
        for one in limits:
            self._windows.hit(one, kind, who, cost=cost)

    def _who(self, request: Request) -> str:
        peer = request.client.host if request.client else ""
        return address_of(peer, request.headers.get("x-forwarded-for", ""), self._trusted_hops)


def limiter_of(request: Request) -> RateLimiter:
    """The limiter of the application that answers a request."""
    found = request.app.state.limiter
    assert isinstance(found, RateLimiter)
    return found


def _parsed(written: str) -> list[RateLimitItem]:
    return parse_many(written) if written else []
