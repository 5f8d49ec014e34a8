import importlib.util
import subprocess
import sys

import pytest

from knowledge.lexical import korean
from knowledge.lexical.tokens import tokenise


def test_without_the_analyser_pairs_of_syllables_remain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(korean, "_analyser", lambda: None)
    korean.morphemes.cache_clear()
    try:
        assert tokenise("용해도를") == ["용해", "해도", "도를"]
        assert tokenise("물") == ["물"]
    finally:
        korean.morphemes.cache_clear()


@pytest.mark.skipif(importlib.util.find_spec("kiwipiepy") is None, reason="the extra 'ko' is not installed")
def test_with_the_analyser_words_lose_their_particles() -> None:
    terms = tokenise("페로브스카이트의 용해도를 개선하였다")
    assert {"용해도", "페로브스카이트"} <= set(terms)
    assert {"용해", "해도", "도를"} <= set(terms)  # the pairs stay, so that both kinds of index can be searched


def test_english_text_does_not_load_the_analyser() -> None:
    program = "import sys; from knowledge.lexical.tokens import tokenise; tokenise('TNF-α and 4-fluorophenyl');"
    program += "sys.exit('kiwipiepy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
