"""Sockets are blocked here: a hole in a rule must show as a failure, never as a connection."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events import addresses
from events.addresses import BadURL

pytestmark = pytest.mark.disable_socket

INSIDE = [
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.254",
    "127.0.0.1", "127.1.2.3", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.1",
    "192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.0.1", "198.18.0.1", "198.19.255.255",
    "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1",
    "255.255.255.255", "[::]", "[::1]", "[::127.0.0.1]", "[::ffff:127.0.0.1]",
    "[::ffff:10.0.0.1]", "[::ffff:8.8.8.8]", "[64:ff9b::7f00:1]", "[64:ff9b::8.8.8.8]",
    "[64:ff9b:1::1]", "[100::1]", "[2001::1]", "[2001:10::1]", "[2001:20::1]", "[2001:db8::1]",
    "[2002:7f00:1::1]", "[3fff::1]", "[5f00::1]", "[fc00::1]", "[fd12:3456::1]", "[fe80::1]",
    "[fec0::1]", "[ff02::1]", "[ff0e::1]", "2130706433", "0x7f000001", "0x7f.0.0.1",
    "017700000001", "0177.0.0.1", "127.1", "127.0.1", "10.1", "0", "3232235521", "0xA9FEA9FE",
    "127.0.0.1.", "１２７.０.０.１", "localhost", "LOCALHOST", "localhost.", "a.localhost",
    "printer.local", "db.internal", "nas.home.arpa", "intranet", "[fe80::1%25eth0]",
]  # fmt: skip


@pytest.mark.parametrize("host", INSIDE)
def test_hosts_inside_are_refused_however_they_are_spelled(host):
    with pytest.raises(BadURL):
        addresses.check_url(f"https://{host}/hook", allow_loopback=False)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/",
        "https://example.com:8443/",
        "https://user:word@example.com/",
        "https://user@example.com/",
        "https://example.com/#part",
        "ftp://example.com/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://",
        "https:///path",
        "https://example.com:port/",
        "https://example.com/a b",
        "https://example.com/\n",
        "https://[::1/",
        "example.com",
        "",
        "https://example.com/" + "a" * 2048,
    ],
)
def test_what_is_no_plain_https_url_is_refused(url):
    with pytest.raises(BadURL):
        addresses.check_url(url, allow_loopback=False)


@pytest.mark.parametrize(
    "url", ["https://example.com/hook", "https://8.8.8.8/", "https://[2606:4700::1]/x?y=z"]
)
def test_public_hosts_pass(url):
    addresses.check_url(url, allow_loopback=False)


@pytest.mark.parametrize("url", ["http://127.0.0.1:9000/", "http://localhost:1/", "http://[::1]/"])
def test_loopback_passes_only_where_it_is_allowed(url):
    addresses.check_url(url, allow_loopback=True)

    with pytest.raises(BadURL):
        addresses.check_url(url, allow_loopback=False)


def test_loopback_being_allowed_opens_nothing_else():
    for host in ("10.0.0.1", "169.254.169.254", "192.168.0.1"):
        with pytest.raises(BadURL):
            addresses.check_url(f"https://{host}/", allow_loopback=True)


@given(st.ip_addresses())
def test_nothing_that_is_not_global_is_public(address):
    if addresses.is_public(address):
        assert address.is_global
        assert not address.is_multicast


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_in_an_ipv6_coat_is_never_public(address):
    number = int(address)
    coats = [number, 0xFFFF << 32 | number, 0x64FF9B << 96 | number, 0x2002 << 112 | number << 80]

    assert not any(addresses.is_public(ipaddress.IPv6Address(coat)) for coat in coats)
