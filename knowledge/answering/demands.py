"""What a question demands of its answer: the quantity that it asks for, the names, the subject and the conditions.

Passages that are near a question often say something else about the same compound, or the same about another one, or
at another temperature. A sentence answers only if everything that the question names is said: in the sentence, or, for
what is carried over, in the sentences before it, its table's head, or the document's title.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

from knowledge.answering.amounts import Amount, amount, amounts, figures, is_unit, same
from knowledge.answering.quantities import ADJECTIVES, COMMON, Quantity, Terms, quantity_of
from knowledge.lexical.tokens import STOPWORDS, tokenise

Kind = Literal["quantity", "name", "subject", "condition", "amount"]

_THE = r"(?:(?:the|a|an|our|its|their)\s+)?"
_PREPOSITION = (
    r"of|for|in|at|with|after|on|by|from|under|to|against|between|upon|during|when|per|without|before|into|within|through"
    r"|using|versus|vs\.?|than|over|and|or"
)
_ASKED_OF = re.compile(
    rf"^(?:what|which)(?:\s+(?:is|are|was|were)|['’]s)\s+{_THE}(?P<asked>.+?)\s+(?P<rest>(?:{_PREPOSITION})\s.*)$", re.I
)
_ASKED_DOES = re.compile(
    r"^(?:(?:at|in|to|with|up\s+to|under|by)\s+)?(?:what|which)\s+(?P<asked>[^,]+?)"
    r"\s+(?P<rest>(?:does|do|did|is|are|was|were|has|have|had|can|could|should|will|would)\s.*)$", re.I
)  # fmt: skip
_HOW = re.compile(r"^how\s+(?P<asked>\w+)\s+(?P<rest>.*)$", re.I)
_PHRASE = re.compile(r"^(?P<asked>[^,]+?)\s+(?P<rest>(?:of|for)\s.*)$", re.I)
_KOREAN = re.compile(
    r"^(?P<rest>.+)(?:의\s*|에서의?\s*|\s)(?P<asked>[^\s]+)(?:(?:은|는|이|가)\s*(?:얼마(?!나)|몇|무엇|어떻)|(?:은|는)$)"
)
_SPLIT = re.compile(
    rf"(?:^|\s)(?:{_PREPOSITION}|does|do|did|is|are|was|were|has|have|had|be|been|can|could|should|will|would|reach|show"
    r"|shows|that|which)(?=\s|$)|[,;:()]", re.I,
)  # fmt: skip
_NAME = re.compile(
    r"(?<![\w-])(?=[\w-]*(?:[^\W\d_a-z가-힣]|\d))(?=[\w-]*[^\W\d_])"  # it has a capital or a digit, and a letter
    r"[\w-]*\w(?:\([A-Za-z]+\)\d*)?(?:/[A-Z][\w-]*)*(?![\w-])"
)
_SYMBOL = (
    "A[glrstu]|B[aeir]?|C[adeflorsu]?|D[y]|E[ru]|F[er]?|G[ade]|H[efgo]?|I[nr]?|K|L[aiu]|M[gno]|N[abdeip]?|O[s]?"
    "|P[bdrtu]?|R[behu]|S[bceimnr]?|T[abehilm]|U|V|W|Xe|Y[b]?|Z[nr]|MA|FA"
)
"""Symbols of elements, and the methylammonium and formamidinium of perovskites."""
_ELEMENT = rf"(?:(?:{_SYMBOL})(?:\d+(?:\.\d+)?)?)"
_FORMULA = re.compile(rf"^\(?{_ELEMENT}(?:{_ELEMENT}|\({_ELEMENT}+\)\d*)+$|^(?:{_SYMBOL})\d+$")
_REFERRED = re.compile(r"\b(?:vs|versus|against)\.?\s+\S+")  # 4.35 V vs. Li/Li+
_ALONE = re.compile(rf"^(?:{_SYMBOL})$")
_CARRIED = re.compile(
    r"\b(?:it|its|this|these|they|their|both|the (?:compound|material|films?|samples?|drug|protein|enzyme))\b",
    re.I,
)
_METHODS = frozenset({
    "XRD", "SEM", "TEM", "AFM", "XPS", "NMR", "DSC", "TGA", "DMA", "DLS", "HPLC", "GC", "LC", "MS", "GCMS", "LCMS",
    "FTIR", "UV", "VIS", "UVVIS", "BLI", "SPR", "ITC", "DSF", "PCR", "QPCR", "ELISA", "FACS", "SDS", "PAGE", "TIDE",
    "NGS", "CI", "HR", "SD", "SE", "PBS", "RH", "RT", "DMF", "DMSO", "THF", "DCM", "MEOH", "ETOH", "UTS", "DEMS",
    "EIS", "CV", "ALD", "CVD", "MBE", "DFT", "MD", "RNA", "DNA", "ATP",
})  # fmt: skip
"""Methods, statistics, solvents: named beside what is studied, and not instead of it."""
_CLAUSE = re.compile(r"^(?:does|do|did|can|could|should|will|would)\s", re.I)
_HOW_MUCH = re.compile(r"^(?:for\s+)?how\s+(?:much|many|(?P<long>long))\b", re.I)
_BY_FIGURE = frozenset({
    "temperature", "voltage", "potential", "pressure", "concentration", "wavelength",
    "온도", "전압", "압력", "농도", "파장",
})  # fmt: skip
"""Quantities that a figure with its unit tells by itself, where a sentence says what happens there."""
_LONGEST_PHRASE = 12  # words of a query that is no sentence: "band gap of MAPbI3 at 77 K"
_GENERIC = frozenset(tokenise(
    "value values effect effects role mechanism difference relationship influence impact function purpose reason cause"
    " way ways use uses name number amount type kind best highest lowest maximum minimum optimal optimum result results"
    " meaning definition importance advantage change dependence case presence range sample samples experiment"
    " study studies measurement lab paper papers literature document documents typical measured reported average mean"
    " main most common known good state level condition conditions long much many often fast high low ones one present"
    " overall total initial exact apparent intrinsic specific question compound material 값 결과 얼마"
)) | STOPWORDS  # fmt: skip


@dataclass(frozen=True)
class Demand:
    """One thing that an answer has to say.

    Attributes:
        said: As the question words it.
        kind: A quantity that is asked for, a name, another word of the subject, a condition with a figure, or a figure
            of a certain kind (how long, at what voltage).
        ways: Ways to say it, each as index terms that all have to be there.
        quantity: What is known of the quantity.
        amount: The condition's figure.
    """

    said: str
    kind: Kind
    ways: tuple[Terms, ...] = ()
    quantity: Quantity | None = None
    amount: Amount | None = None


@dataclass(frozen=True)
class Setting:
    """A sentence and what stands around it.

    Attributes:
        text: The sentence; of a table's row with its columns' heads.
        terms: Its terms.
        near: Terms of the two sentences before it and of the document's title.
        before: Terms of its passage up to it, and of the title.
        near_text: The sentences before it, for their figures.
        earlier: The sentences of its passage before it, the nearest first, and then the document's title.
        document: Whether its document holds all of some terms, elsewhere too.
    """

    text: str
    terms: Terms
    near: Terms
    before: Terms
    near_text: str
    earlier: tuple[str, ...]
    document: Callable[[Terms], bool]


class Asked(NamedTuple):
    """What a question demands.

    Attributes:
        demands: Each thing.
        exact: Whether it asks for a quantity or a property, so that a sentence which leaves one of them unsaid is no
            answer. Of a claim, or a question for yes or no, documents speak in other names and words.
    """

    demands: tuple[Demand, ...]
    exact: bool


@lru_cache(maxsize=256)
def asked_of(question: str) -> Asked:
    """What a question demands; only the names and conditions where it does not ask for a quantity.

    Args:
        question: As it was asked.
    """
    asked_for = " ".join(question.split()).rstrip("?？.! ")
    asked, rest = _parts(asked_for)
    found: list[Demand] = []
    quantity = quantity_of(asked) if asked else None
    if quantity is not None:
        said = asked.lower() in _BY_FIGURE
        found.append(Demand(asked, "amount" if said else "quantity", (*_ways(asked), *quantity.names), quantity))
        found += [Demand(word, "subject", (terms,)) for word, terms in _qualifying(asked, quantity)]
    elif asked and (ways := _ways(asked)):
        found.append(Demand(asked, "quantity", ways))
    elif match := _HOW_MUCH.match(asked_for):
        found.append(Demand(match[0], "amount", (), quantity_of("lifetime") if match["long"] else None))
    place = rest if asked else asked_for
    taken = set(tokenise(asked))
    conditions = [one for one in figures(rest or asked_for) if one.unit]
    found += [Demand(place[one.start : one.end].strip(), "condition", amount=amount(one)) for one in conditions]
    bare = list(place)
    for one in conditions:
        bare[one.start : one.end] = ";" * (one.end - one.start)
    place = "".join(bare)
    for match in _NAME.finditer(place):
        whole = tokenise(match[0])[:1]
        if whole and not taken.intersection(whole) and (match.start() or not match[0][1:].islower()):
            found.append(Demand(match[0], "name", _names(match[0])))
            taken.update(tokenise(match[0]))
    if asked:
        clause = bool(_CLAUSE.match(place))  # its subject and verb stand together: only names are taken of them
        phrases = [words for phrase in _SPLIT.split(place) if (words := _content(phrase))]
        for words in phrases[1:] if clause else phrases:
            terms = frozenset(tokenise(words[-1])) - _GENERIC
            if terms and not terms & taken:
                found.append(Demand(words[-1], "subject", (terms,)))
                taken |= terms
    return Asked(tuple(dict.fromkeys(found)), bool(asked) or any(one.kind == "amount" for one in found))


def _parts(question: str) -> tuple[str, str]:
    """What is asked for and the rest; ('', question) where no quantity is asked for."""
    if match := _KOREAN.match(question):
        return match["asked"], match["rest"]
    if match := _ASKED_OF.match(question):
        return match["asked"], match["rest"]
    if (match := _ASKED_DOES.match(question)) and quantity_of(match["asked"]):
        return match["asked"], match["rest"]
    if (match := _HOW.match(question)) and match["asked"].lower() in ADJECTIVES:
        return ADJECTIVES[match["asked"].lower()], match["rest"]
    if (match := _PHRASE.match(question)) and len(question.split()) <= _LONGEST_PHRASE:
        quantity = quantity_of(match["asked"])
        if quantity and len(_qualifying(match["asked"], quantity)) < 2:
            return match["asked"], match["rest"]
    return "", question


def _content(phrase: str) -> list[str]:
    """The words of a phrase that carry a topic, up to its head: what it was subjected to behind it is left out."""
    words = [word for word in phrase.split() if not set(tokenise(word)) <= _GENERIC]
    while len(words) > 1 and words[-1].endswith("ed"):
        words.pop()
    return words


def _qualifying(asked: str, quantity: Quantity) -> list[tuple[str, Terms]]:
    """The words of a phrase beside the quantity's own name: the methane of "methane uptake"."""
    said = frozenset(tokenise(asked))
    named = max((name for name in quantity.names if name <= said), key=len)
    words = [(word, frozenset(tokenise(word))) for word in asked.split()]
    return [(word, terms) for word, terms in words if terms - _GENERIC and not terms & named]


def _ways(phrase: str) -> tuple[Terms, ...]:
    """A phrase by its terms, and by its initials where it has three words (power conversion efficiency, PCE)."""
    terms = frozenset(tokenise(phrase)) - _GENERIC
    words = re.findall(r"[A-Za-z]+", phrase)
    initials = "".join(word[0] for word in words).lower()
    return tuple(way for way in (terms, frozenset({initials} if len(words) >= 3 else ())) if way)


def _names(word: str) -> tuple[Terms, ...]:
    """A name whole, without plain words that are joined to it (Al2O3-coated), and without a plural's s (LNPs)."""
    pieces = [piece for piece in word.split("-") if not (len(piece) > 3 and piece.islower())]
    forms = [word, "-".join(pieces)]
    if re.search(r"[A-Z]s$", word):
        forms.append(word[:-1])
    if "/" in word:  # Pt/C: the parts of a name that the index holds apart
        return (frozenset().union(*(tokenise(part)[:1] for part in word.split("/"))),)
    return tuple(dict.fromkeys(frozenset(tokenise(form)[:1]) for form in forms if form))


def unmet(demanded: Sequence[Demand], setting: Setting) -> tuple[Demand, ...]:
    """What a sentence leaves unsaid, with what is carried over from around it."""
    asked = frozenset(term for one in demanded if one.kind == "name" for way in one.ways for term in way)
    return tuple(one for one in demanded if not _met(one, setting, asked))


def _met(demand: Demand, at: Setting, asked: Terms) -> bool:
    if demand.kind == "quantity":
        return _says(demand, at)
    if demand.kind == "amount":
        if demand.quantity is None:
            return bool(figures(at.text))
        return any(one.dimension in demand.quantity.dimensions for one in amounts(at.text))
    if demand.kind == "condition":
        return _under(demand.amount, at) if demand.amount else True
    if _any(demand.ways, at.terms):
        return True
    if demand.kind == "subject":
        return _any(demand.ways, at.before) and not _begins_anew(at.text, asked)
    return _carried_over(demand, at, asked) or _spelt_out(demand.said, at)


def _begins_anew(text: str, asked: Terms) -> bool:
    """Whether a sentence begins with the name of something that the question does not name: it is about that."""
    begins = _NAME.match(unicodedata.normalize("NFKC", text))
    return begins is not None and bool(_kinds(begins[0])) and not asked.intersection(tokenise(begins[0])[:1])


def _carried_over(demand: Demand, at: Setting, asked: Terms) -> bool:
    """Whether a name holds for a sentence that does not say it: of its kind it is the one that was named last.

    Names that the question has too (its cell line beside its compound) do not stand in its place.
    """
    kinds = _kinds(demand.said)
    for number, text in enumerate((at.text, *at.earlier)):
        text = _REFERRED.sub(" ", unicodedata.normalize("NFKC", text))
        if number and _any(demand.ways, frozenset(tokenise(text))):
            return True
        taken_up = number == 0 and _CARRIED.search(text)
        others = [match[0] for match in _NAME.finditer(text) if not asked.intersection(tokenise(match[0])[:1])]
        if not taken_up and any(kinds & _kinds(name) for name in others):
            return False
    return any(map(at.document, demand.ways))


def _any(ways: Sequence[Terms], terms: Terms) -> bool:
    return any(_held(way, terms) for way in ways)


def _held(way: Terms, terms: Terms) -> bool:
    """All of its terms; of Korean pairs of syllables, which overlap particles, most."""
    hangul = [term for term in way if "가" <= term[0] <= "힣"]
    if len(hangul) > 1:
        return len(way & terms) >= 0.6 * len(way)
    return way <= terms


def _says(demand: Demand, at: Setting) -> bool:
    if _any(demand.ways, at.terms):
        return True
    here = {one.dimension for one in amounts(at.text)}
    if demand.quantity is None or not demand.quantity.dimensions:
        return bool(figures(at.text)) and _any(demand.ways, at.near)
    if not here & demand.quantity.dimensions:
        return False
    told = _any(demand.quantity.verbs, at.terms) or _any(demand.ways, at.near)
    return told or bool(here & demand.quantity.dimensions - COMMON)


def _under(wanted: Amount, at: Setting) -> bool:
    """Whether a condition is said: in the sentence, or before it where the sentence has no figure of its kind."""
    here = [one for one in amounts(at.text) if one.dimension == wanted.dimension]
    if any(same(one, wanted) for one in here):
        return True
    return not here and any(same(one, wanted) for one in amounts(at.near_text))


@lru_cache(maxsize=4096)
def _kinds(name: str) -> frozenset[str]:
    """Of what kinds of things it can be the name, as far as its letters tell: codes and formulas, initials."""
    if name in _METHODS or is_unit(name) or quantity_of(name):
        return frozenset()
    parts = name.split("/")
    coded = all(_FORMULA.match(part) or (len(parts) > 1 and _ALONE.match(part)) for part in parts)
    found = {"code"} if coded or re.search(r"\d", name) else set()
    return frozenset(found | ({"initials"} if name.isupper() and name.isalpha() and len(name) > 2 else set()))


def _spelt_out(name: str, at: Setting) -> bool:
    """Whether initials of three letters or more stand for words in a row."""
    if not (name.isupper() and name.isalpha() and len(name) > 2):
        return False
    initials = "".join(word[0] for word in re.findall(r"[A-Za-z]+", f"{at.near_text} {at.text}")).lower()
    return name.lower() in initials
