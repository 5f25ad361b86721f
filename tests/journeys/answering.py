"""The pages of a request as a supplier's browser goes through them, from the mail on."""

import re
from urllib.parse import urlsplit

RESPONSIBLE = {
    "name": "山田花子",
    "title": "社長",
    "email": "hanako@yamada.example",
    "confirmed": "yes",
}


def link_in(mail):
    return urlsplit(re.search(r"https?://\S+/r/\S+", mail.get_content()).group()).path


def come_in(client, mail):
    """The address that all pages of the request begin with, seen by a browser that came in."""
    page = client.post(link_in(mail)).url
    return page[: page.index("/f/") + 40]


def answer(client, base, value):
    """Every page in turn, as a browser posts it."""
    for number in range(1, 5):
        shown = client.get(f"{base}answers/{number}").content.decode()
        names = re.findall(r'name="(item_\d+|version_\d+)" value="([^"]*)"', shown)
        kept = {name: old for name, old in names if name.startswith("version")}
        asked = {name: value for name, _ in names if name.startswith("item")}
        client.post(f"{base}answers/{number}", asked | kept | {"action": "next"})
    shown = client.get(f"{base}company").content.decode()
    [version] = re.findall(r'name="version" value="([^"]*)"', shown)
    company = {"item_7": "part_time", "item_8": "山田太郎", "version": version, "action": "next"}
    client.post(f"{base}company", company)


def hand_in(client, base, value):
    """Answers and submits; gives back the page of the receipt."""
    answer(client, base, value)
    return client.get(client.post(f"{base}submit", RESPONSIBLE).url).content.decode()
