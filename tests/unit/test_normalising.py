import pytest
from hypothesis import given
from hypothesis import strategies as st

from suppliers import normalising
from suppliers.normalising import Unreadable


@pytest.mark.parametrize(
    "given_",
    [
        "7000012050002",
        "７００００１２０５０００２",
        "7000-0120-50002",
        " 7000 0120 50002 ",
        "7000ー0120−50002",
    ],
)
def test_a_corporate_number_is_read_in_every_spelling(given_):
    assert normalising.corporate_number(given_) == "7000012050002"


@given(st.integers(0, 10**12 - 1))
def test_exactly_one_check_digit_fits_a_corporate_number(base):
    """Source: the National Tax Agency's rule, computed here on its own."""
    digits = f"{base:012}"
    weighed = sum(int(d) * (1 if n % 2 else 2) for n, d in enumerate(reversed(digits), start=1))
    right = 9 - weighed % 9

    assert normalising.corporate_number(f"{right}{digits}") == f"{right}{digits}"
    for wrong in set(range(1, 10)) - {right}:
        with pytest.raises(Unreadable):
            normalising.corporate_number(f"{wrong}{digits}")


@pytest.mark.parametrize("wrong", ["", "1", "abc", "70000120500021", "T7000012050002"])
def test_what_is_no_corporate_number_is_refused(wrong):
    with pytest.raises(Unreadable) as refused:
        normalising.corporate_number(wrong)

    assert refused.value.code == "invalid"


@pytest.mark.parametrize(
    ("given_", "kept"),
    [
        ("０３－１２３４－５６７８", "03-1234-5678"),
        ("03ー1234ー5678", "03-1234-5678"),
        ("(03)1234-5678", "03-1234-5678"),
        ("03 1234 5678", "03-1234-5678"),
        ("+81-3-1234-5678", "+81-3-1234-5678"),
        ("", ""),
    ],
)
def test_telephone_numbers_are_kept_in_one_form(given_, kept):
    assert normalising.phone(given_) == kept


@pytest.mark.parametrize("wrong", ["abc", "12", "03-1234-5678 内線5"])
def test_what_is_no_telephone_number_is_refused(wrong):
    with pytest.raises(Unreadable):
        normalising.phone(wrong)


def test_an_invoice_number_is_t_and_13_digits():
    assert normalising.invoice_number("ｔ７０００-０１２０-５０００２") == "T7000012050002"
    with pytest.raises(Unreadable):
        normalising.invoice_number("7000012050002")


@given(st.text())
def test_narrowing_twice_is_narrowing_once(text):
    assert normalising.narrow(normalising.narrow(text)) == normalising.narrow(text)
