"""Old phones on slow lines: few bytes, few requests, few clicks, and no link leaves the house."""

import pytest

FIRST_PAGE, ANY_PAGE = 60 * 1024, 20 * 1024  # bytes over the wire, headers included


class Scales:
    """Weighs what the browser takes from the wire."""

    def __init__(self, visitor):
        self.received = []
        self.session = visitor.context.new_cdp_session(visitor.page)
        self.session.send("Network.enable")
        self.session.on("Network.loadingFinished", self._weigh)

    def _weigh(self, told):
        self.received.append(told["encodedDataLength"])

    def emptied(self):
        received, self.received = self.received, []
        return [size for size in received if size]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_pages_are_light_enough_for_a_slow_line(visit, desk, language):
    visitor, invitation = visit(language=language), desk.invite(language)
    scales = Scales(visitor)

    visitor.open(invitation.link)
    received = scales.emptied()
    assert 2 <= len(received) <= 5
    assert sum(received) <= FIRST_PAGE
    visitor.press("start")
    base = visitor.page.url
    weights = {"": sum(scales.emptied())}
    for number in range(1, 5):
        visitor.open(f"{base}answers/{number}")
        visitor.choose_all("done")
        weights[f"answers/{number}"] = sum(scales.emptied())
        visitor.press("next")
        scales.emptied()
    for name in ("certifications", "certifications/add?of=isms", "company", "check"):
        visitor.open(f"{base}{name}")
        weights[name] = sum(scales.emptied())
    assert max(weights.values()) <= ANY_PAGE, weights


def test_the_first_choice_is_two_clicks_and_three_pages_away(visit, desk):
    visitor, invitation = visit(), desk.invite()
    loads = []
    visitor.page.on("load", lambda page: loads.append(page.url))

    visitor.open(invitation.link)
    visitor.press("start")
    visitor.press("first")
    visitor.choose(1, "done")

    assert len(loads) == 3
    visitor.press("next")
    assert desk.call("GET", invitation.request)["progress"]["answered"] == 1


def test_the_link_is_in_no_address_and_no_referrer_once_inside(visit, desk):
    visitor, invitation = visit(), desk.invite()
    token = invitation.link.rpartition("/")[2]

    base = visitor.start(invitation.link)
    visitor.requests.clear()
    visitor.answer_everything(base)
    visitor.sign()
    visitor.press("submit")

    assert len(visitor.requests) > 10
    for request in visitor.requests:
        assert token not in request.url
        assert token not in str(request.all_headers())
