"""Which addresses a webhook may go to: public ones only, however they are spelled.

Plain values in and out, no Django: the rules must hold in the worker and at the door alike.
"""

import ipaddress
import socket
from urllib.parse import SplitResult, urlsplit

from contractors.marking import mark as _

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

MOST = 2048  # characters of a URL
REFUSED = tuple(
    ipaddress.ip_network(net)
    for net in (
        "100.64.0.0/10",  # carrier-grade NAT leads into providers' own networks
        "192.0.0.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "::/96",  # IPv4-compatible
        "::ffff:0:0/96",  # IPv4-mapped
        "64:ff9b::/96",  # NAT64 wraps any IPv4 address
        "64:ff9b:1::/48",
        "2001::/23",  # Teredo, ORCHID and other protocol assignments
        "2002::/16",  # 6to4
        "3fff::/20",  # documentation
        "5f00::/16",  # segment routing
        "fec0::/10",  # site-local
    )
)
INSIDE = ("localhost", ".localhost", ".local", ".internal", ".home.arpa")


class BadURL(ValueError):
    """A URL that a webhook must not be sent to; the message says why."""


def check_url(url: str, *, allow_loopback: bool) -> None:
    """Refuse what can be seen to be wrong without asking the DNS."""
    if len(url) > MOST or any(ord(each) <= 32 or ord(each) == 127 for each in url):
        raise BadURL(_("Give a URL of at most 2,048 characters without spaces."))
    parts = _split(url)
    host = (parts.hostname or "").rstrip(".")
    if not host.isascii():  # libraries differ in what they make of other letters
        raise BadURL(_("Write the host in ASCII letters (Punycode for a Japanese name)."))
    if not host or parts.username is not None or parts.password is not None or parts.fragment:
        raise BadURL(_("Give a URL with a host and without user, password or fragment."))
    literal = _literal(host)
    if allow_loopback and (host == "localhost" or (literal and literal.is_loopback)):
        return
    if parts.scheme != "https" or _port(parts) != 443:
        raise BadURL(_("Give an https URL on port 443."))
    if literal is not None and not is_public(literal):
        raise BadURL(_("This address is not public. Give one that the internet can reach."))
    if host.endswith(INSIDE) or ("." not in host and literal is None):
        raise BadURL(_("This host is not public. Give one that the internet can reach."))


def vet(url: str, *, allow_loopback: bool) -> None:
    """Refuse unless every address the DNS gives may be reached."""
    check_url(url, allow_loopback=allow_loopback)
    parts = _split(url)
    found = socket.getaddrinfo(parts.hostname, _port(parts), type=socket.SOCK_STREAM)
    for *_rest, place in found:
        address = ipaddress.ip_address(str(place[0]).partition("%")[0])
        if not (is_public(address) or (allow_loopback and address.is_loopback)):
            raise BadURL(_("This host leads to an address that is not public."))


def is_public(address: Address) -> bool:
    inside = any(address in net for net in REFUSED if net.version == address.version)
    return address.is_global and not address.is_multicast and not inside


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _port(parts)
    except ValueError as error:
        raise BadURL(_("This is not a URL. Give one like https://example.com/hook.")) from error
    if parts.scheme not in {"http", "https"}:
        raise BadURL(_("Give an https URL."))
    return parts


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


def _literal(host: str) -> Address | None:
    """The address a host spells, in the decimal, octal, hex and short forms systems accept too."""
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        pass
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host))
    except (OSError, UnicodeError, ValueError):
        return None
