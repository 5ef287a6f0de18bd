"""The wire over HTTP: one file in, the answering file out, and never an error page."""

from __future__ import annotations

import pytest
from django.test import Client, override_settings

from tests.simulation.nodes import meet
from tests.sync.conftest import Pair, first_pair, pair  # noqa: F401 - fixtures

URL = "/peers/v1/parcels"


def post(content: bytes) -> tuple[int, bytes]:
    answer = Client().post(URL, content, content_type="application/octet-stream")
    return answer.status_code, answer.content


@pytest.fixture(autouse=True)
def countrys_doors() -> object:
    with override_settings(ROOT_URLCONF="passport.roles.country"):
        yield


def test_a_parcel_is_answered_with_a_parcel_for_its_sender(pair: Pair) -> None:  # noqa: F811
    pair.learn(1, 2)
    (file,) = pair.hub.parcel_for(pair.country)
    with pair.country:
        status, reply = post(file)
    assert status == 200
    assert not pair.hub.take([reply]).refused
    meet(pair.hub, pair.country)


@pytest.mark.parametrize("junk", [b"", b"hello", b"\x00" * 1000, b'{"parcel":9}\n'])
def test_what_is_no_parcel_gets_a_sentence(pair: Pair, junk: bytes) -> None:  # noqa: F811
    with pair.country:
        status, said = post(junk)
    assert status == 400
    assert said.decode().endswith((".", "first."))


def test_a_file_larger_than_any_may_be_is_not_even_read(pair: Pair) -> None:  # noqa: F811
    with pair.country, override_settings(PARCEL_FILE_BYTES=1000):
        assert post(bytes(3 * 1024 * 1024))[0] == 413


def test_only_posting_works_here(pair: Pair) -> None:  # noqa: F811
    with pair.country:
        assert Client().get(URL).status_code == 405


def test_a_refusal_by_the_country_leaves_the_hub_as_it_was(pair: Pair) -> None:  # noqa: F811
    pair.learn(1)
    (file,) = pair.hub.parcel_for(pair.country)
    with pair.country:
        status, _ = post(file[:200])
    assert status == 400
    again = pair.hub.parcel_for(pair.country)
    assert pair.country.take(again).tally.events == 1
