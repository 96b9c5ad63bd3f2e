"""Every question says in its own words that its answer is missing."""

from collections.abc import Iterator

import loket.app
from loket.formfields import FormSchema


def forms(of: type[FormSchema] = FormSchema) -> Iterator[type[FormSchema]]:
    """Walk every form of the application."""
    for each in of.__subclasses__():
        if each.__module__.startswith(loket.app.__package__ or ""):
            yield each
        yield from forms(each)


class TestMissingAnswer:
    def test_is_told_in_words_of_its_own(self):
        general = [
            f"{form.__name__}.{name}"
            for form in forms()
            for name, question in form().fields.items()
            if question.required
            and question.error_messages["required"]
            in {"Vul dit in.", "Maak een keuze."}
        ]

        assert general == []

    def test_never_sounds_the_same_twice_in_one_summary(self):
        for form in forms():
            told = [
                question.error_messages["required"]
                for question in form().fields.values()
                if question.required
            ]

            assert len(told) == len(set(told)), form.__name__
