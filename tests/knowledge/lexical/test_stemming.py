import pytest

from knowledge.lexical.stemming import stem

# The examples of Porter's paper, step by step, each taken through the whole algorithm.
PAIRS = (
    "caresses caress | ponies poni | ties ti | cats cat | feed feed | agreed agre | plastered plaster | "
    "motoring motor | conflated conflat | troubled troubl | sized size | hopping hop | tanned tan | "
    "falling fall | hissing hiss | fizzed fizz | failing fail | filing file | happy happi | sky sky | "
    "relational relat | conditional condit | rational ration | valenci valenc | hesitanci hesit | "
    "digitizer digit | radicalli radic | differentli differ | vileli vile | analogousli analog | "
    "vietnamization vietnam | predication predic | operator oper | feudalism feudal | decisiveness decis "
    "| hopefulness hope | callousness callous | formaliti formal | sensitiviti sensit | sensibiliti "
    "sensibl | triplicate triplic | formative form | formalize formal | electriciti electr | electrical "
    "electr | hopeful hope | goodness good | revival reviv | allowance allow | inference infer | airliner "
    "airlin | gyroscopic gyroscop | adjustable adjust | defensible defens | irritant irrit | replacement "
    "replac | adjustment adjust | dependent depend | adoption adopt | communism commun | activate activ | "
    "angulariti angular | homologous homolog | effective effect | bowdlerize bowdler | probate probat | "
    "rate rate | cease ceas | controll control | roll roll "
)


@pytest.mark.parametrize("pair", PAIRS.split(" | "))
def test_porter_examples(pair: str) -> None:
    word, expected = pair.split()
    assert stem(word) == expected


def test_families_meet() -> None:
    assert (
        len({stem(word) for word in ("inhibit", "inhibits", "inhibited", "inhibiting", "inhibition", "inhibitive")})
        == 1
    )
