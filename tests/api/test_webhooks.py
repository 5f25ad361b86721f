import pytest

from events.models import Delivery, Endpoint
from tests.factories import EndpointFactory

URL = "/api/v1/webhooks/"


def test_the_secret_is_shown_once_and_kept_encrypted(api):
    made = api.post(URL, {"url": "https://example.com/hook", "kinds": ["assessment.submitted"]})

    assert made.status_code == 201
    secret = made.json()["secret"]
    assert secret.startswith("whsec_")
    assert "secret" not in api.get(f"{URL}{made.json()['id']}/").json()
    assert secret.encode() not in bytes(Endpoint.objects.get().sealed_secret)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8000/", "https://10.0.0.1/", "https://localhost/", "no url", ""]
)
def test_an_address_that_is_not_public_is_refused(api, url):
    answer = api.post(URL, {"url": url})

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/url"
    assert not Endpoint.objects.exists()


def test_an_unknown_kind_is_refused(api):
    answer = api.post(URL, {"url": "https://example.com/", "kinds": ["assessment.exploded"]})

    assert answer.json()["errors"][0]["pointer"] == "/kinds/0"


def test_a_test_message_is_owed_listed_and_may_be_sent_again(api, contractor):
    url = f"{URL}{EndpointFactory.create(contractor=contractor).public_id}/"

    tested = api.post(f"{url}test/")
    again = api.post(f"{url}replay/", {"delivery": tested.json()["id"]})

    assert (tested.status_code, again.status_code) == (202, 202)
    [delivery] = api.get(f"{url}deliveries/").json()["results"]
    assert (delivery["id"], delivery["status"]) == (tested.json()["id"], "owed")


def test_deliveries_of_another_endpoint_do_not_exist(api, contractor):
    own = EndpointFactory.create(contractor=contractor)
    theirs = EndpointFactory.create()
    foreign = Delivery.objects.create(
        contractor=theirs.contractor, endpoint=theirs, owed_at=theirs.created_at
    )

    answer = api.post(f"{URL}{own.public_id}/replay/", {"delivery": str(foreign.public_id)})

    assert answer.status_code == 404
    assert api.get(f"{URL}{theirs.public_id}/deliveries/").status_code == 404


def test_an_endpoint_is_switched_off_changed_and_removed(api, contractor):
    url = f"{URL}{EndpointFactory.create(contractor=contractor).public_id}/"

    changed = api.patch(url, {"status": "disabled", "kinds": ["rating.changed"]}).json()
    moved = api.patch(url, {"url": "https://example.org/"})

    assert (changed["status"], changed["kinds"]) == ("disabled", ["rating.changed"])
    assert moved.status_code == 400
    assert api.delete(url).status_code == 204
    assert api.get(url).status_code == 404
