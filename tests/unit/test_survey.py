"""The survey's figures stand beside what it measured, and beside nothing else."""

import copy

import pytest
import yaml

from ratings import survey

FILE = survey.HERE / "surveys" / "ipa-sme-2024.yaml"


@pytest.fixture
def raw():
    return copy.deepcopy(yaml.safe_load(FILE.read_text("utf-8")))


def test_five_items_have_a_rate_of_all_firms_and_no_other_has_one():
    rates = {number: survey.ipa().of_item(number) for number in range(1, 26)}

    found = {number: figure.value for number, figure in rates.items() if figure}
    assert found == {1: 73.0, 2: 71.4, 5: 37.9, 24: 39.8, 25: 39.2}
    assert {figure.n for figure in rates.values() if figure} == {4191}


def test_rates_of_firms_that_lack_one_star_stand_beside_no_item():
    rates = [each for each in survey.ipa().figures if each.key.startswith("one_star_item_")]

    assert len(rates) == 5
    assert all(each.item is None for each in rates)
    assert all(each.warns("not_all_firms") for each in rates)


@pytest.mark.parametrize("size_class", ["sme_up_to_100", "sme_101_plus"])
def test_bands_stand_beside_smes_above_the_small_firms(size_class):
    bands = [survey.ipa().of_band(band, size_class) for band in ("100", "70-99", "50-69", "49-")]

    assert [(band.value, band.n) for band in bands if band] == [
        (7.5, 1416), (22.8, 1416), (17.2, 1416), (52.5, 1416),
    ]  # fmt: skip


@pytest.mark.parametrize("size_class", ["small", "large", None])
def test_bands_are_withheld_from_all_others(size_class):
    assert survey.ipa().of_band("49-", size_class) is None


def test_every_figure_has_a_source_a_base_or_a_word_on_it_and_warnings():
    for figure in survey.ipa().figures:
        codes = {caveat.code for caveat in figure.warnings}
        assert codes or figure.kind == "sample"
        assert (figure.n is None) <= ("base_unknown" in codes), figure.key
        assert (figure.confirmed_by == "secondary") == ("secondary" in codes), figure.key
        assert (figure.confirmed_by == "derived") <= bool({"derived", "not_printed"} & codes)


def test_a_mean_of_damage_says_that_it_does_not_fall_with_the_score():
    means = [
        each
        for each in survey.ipa().figures
        if each.key.startswith("damage_") and "mean" in each.key
    ]

    assert len(means) == 7
    assert all(each.warns("mean_does_not_fall") for each in means)


@pytest.mark.parametrize(
    ("key", "count", "base"),
    [
        ("request_received", 511, 4191),
        ("band_100", 106, 1416),
        ("band_49_or_less", 744, 1416),
        ("request_acted_all", 89, 306),
        ("request_received_isms_holder", 138, 278),
        ("request_received_isms_none", 373, 3913),
        ("damage_reported_band_49", 302, 744),
        ("damage_reported_small", 59 + 391, 2775),
    ],
)  # fmt: skip
def test_rates_follow_from_the_numbers_of_firms(key, count, base):
    figure = survey.ipa().figure(key)

    assert figure.n == base
    assert round(100 * count / base, 1) == figure.value


def test_one_is_compared_from_ten_of_the_class_and_a_hundred_outside():
    assert survey.comparable(9, 99) == (False, False)
    assert survey.comparable(10, 100) == (True, True)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda raw: raw["figures"][0].pop("n"), "/figures/0"),
        (lambda raw: raw["figures"][0].update(value="many"), "/figures/0/value"),
        (lambda raw: raw["figures"][0].update(source="hearsay"), "/figures/0"),
        (lambda raw: raw["figures"].append(raw["figures"][0]), "stands here a second time"),
        (lambda raw: raw["figures"][0].update(population="nobody"), "Explain nobody"),
        (lambda raw: raw["figures"][0].update(warnings=["vague"]), "Explain vague"),
        (lambda raw: raw["figures"][0].update(item=3), "/figures/0/item"),
    ],
)
def test_a_figure_that_is_wrong_is_refused_with_its_place(raw, change, told):
    change(raw)

    with pytest.raises(survey.BadSurvey, match=told):
        survey.load(raw)


def test_an_unknown_key_is_no_figure():
    with pytest.raises(KeyError):
        survey.ipa().figure("loss_by_points")
