from extractors.headline.headline import single_act_share


def test_a_note_is_about_one_act(scene):
    assert single_act_share(scene("Japan helps Laos\nIn 2009 Japan gave Laos $5 million for a school.")) > 0.9


def test_a_deck_of_bullets_is_not(scene):
    deck = (
        "Cooperation\n"
        + "\n".join(f"- {name}: agreement of 2009" for name in ("Peru", "Chile", "Laos", "Mali", "Togo")) * 3
    )
    assert single_act_share(scene(deck)) < 0.2


def test_a_long_survey_of_many_countries_is_not(scene):
    names = ("Peru", "Chile", "Laos", "Mali", "Togo", "Ghana", "Nepal", "Cuba", "Fiji", "Oman")
    survey = " ".join(f"In 2009 {name} signed an agreement with Japan. It was extended later." for name in names * 3)
    assert single_act_share(scene(survey)) < 0.2
