"""Chemical elements in a goal: the ones it wants, the ones it rules out, and the classes that stand for several."""

from __future__ import annotations

import re
from dataclasses import dataclass

from agent.reasoning.understanding import words
from agent.reasoning.understanding.text import Interval

ELEMENTS = frozenset(words.ELEMENT_SYMBOLS.split())

NAMES: dict[str, str] = {
    "hydrogen": "H", "lithium": "Li", "beryllium": "Be", "boron": "B", "carbon": "C", "nitrogen": "N", "oxygen": "O",
    "fluorine": "F", "sodium": "Na", "magnesium": "Mg", "aluminium": "Al", "aluminum": "Al", "silicon": "Si",
    "phosphorus": "P", "sulfur": "S", "sulphur": "S", "chlorine": "Cl", "potassium": "K", "calcium": "Ca",
    "scandium": "Sc", "titanium": "Ti", "vanadium": "V", "chromium": "Cr", "manganese": "Mn", "iron": "Fe",
    "cobalt": "Co", "nickel": "Ni", "copper": "Cu", "zinc": "Zn", "gallium": "Ga", "germanium": "Ge", "arsenic": "As",
    "selenium": "Se", "bromine": "Br", "rubidium": "Rb", "strontium": "Sr", "yttrium": "Y", "zirconium": "Zr",
    "niobium": "Nb", "molybdenum": "Mo", "ruthenium": "Ru", "rhodium": "Rh", "palladium": "Pd", "silver": "Ag",
    "cadmium": "Cd", "indium": "In", "tin": "Sn", "antimony": "Sb", "tellurium": "Te", "iodine": "I", "cesium": "Cs",
    "caesium": "Cs", "barium": "Ba", "lanthanum": "La", "cerium": "Ce", "neodymium": "Nd", "gadolinium": "Gd",
    "hafnium": "Hf", "tantalum": "Ta", "tungsten": "W", "rhenium": "Re", "iridium": "Ir", "platinum": "Pt",
    "osmium": "Os", "technetium": "Tc", "polonium": "Po", "praseodymium": "Pr", "promethium": "Pm", "samarium": "Sm",
    "europium": "Eu", "terbium": "Tb", "dysprosium": "Dy", "holmium": "Ho", "erbium": "Er", "thulium": "Tm",
    "ytterbium": "Yb", "lutetium": "Lu", "protactinium": "Pa", "neptunium": "Np", "plutonium": "Pu", "helium": "He",
    "neon": "Ne", "argon": "Ar", "krypton": "Kr", "xenon": "Xe", "radium": "Ra", "actinium": "Ac",
    "gold": "Au", "mercury": "Hg", "thallium": "Tl", "lead": "Pb", "bismuth": "Bi", "thorium": "Th", "uranium": "U",
    "수소": "H", "리튬": "Li", "베릴륨": "Be", "붕소": "B", "탄소": "C", "질소": "N", "산소": "O", "불소": "F",
    "플루오린": "F", "나트륨": "Na", "소듐": "Na", "마그네슘": "Mg", "알루미늄": "Al", "규소": "Si", "실리콘": "Si",
    "인": "P", "황": "S", "염소": "Cl", "칼륨": "K", "포타슘": "K", "칼슘": "Ca", "스칸듐": "Sc", "티타늄": "Ti",
    "타이타늄": "Ti", "바나듐": "V", "크롬": "Cr", "크로뮴": "Cr", "망간": "Mn", "망가니즈": "Mn", "철": "Fe",
    "코발트": "Co", "니켈": "Ni", "구리": "Cu", "아연": "Zn", "갈륨": "Ga", "저마늄": "Ge", "게르마늄": "Ge",
    "비소": "As", "셀레늄": "Se", "브롬": "Br", "스트론튬": "Sr", "이트륨": "Y", "지르코늄": "Zr", "나이오븀": "Nb",
    "니오븀": "Nb", "몰리브덴": "Mo", "루테늄": "Ru", "은": "Ag", "카드뮴": "Cd", "인듐": "In", "주석": "Sn",
    "안티몬": "Sb", "텔루륨": "Te", "아이오딘": "I", "요오드": "I", "세슘": "Cs", "바륨": "Ba", "란타넘": "La",
    "란탄": "La", "하프늄": "Hf", "탄탈럼": "Ta", "텅스텐": "W", "백금": "Pt", "금": "Au", "수은": "Hg",
    "탈륨": "Tl", "납": "Pb", "비스무트": "Bi", "우라늄": "U",
}  # fmt: skip
"""Names of elements, English and Korean."""

_ONE_SYLLABLE = frozenset(name for name in NAMES if len(name) == 1)
"""Korean names that are also particles or parts of words: they count only where a particle or a verb follows."""

CLASSES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"halogens?|할로겐|할로젠", ("F", "Cl", "Br", "I")),
    (r"alkaline[- ]earths?(?: metals?)?|알칼리\s?토(?:금속|류)?", ("Mg", "Ca", "Sr", "Ba")),
    (r"alkalis?(?: metals?)?|알칼리\s?금속", ("Li", "Na", "K", "Rb", "Cs")),
    (r"group[- ](?:13|iii[ab]?)(?: elements?| metals?)?|13족", ("Al", "Ga", "In")),
    (r"group[- ](?:14|iv[ab]?)(?: elements?| metals?)?|14족", ("Si", "Ge", "Sn")),
    (r"group[- ](?:4|ivb)(?: elements?| metals?)?|4족", ("Ti", "Zr", "Hf")),
    (r"group[- ]5(?: elements?| metals?)?|5족", ("V", "Nb", "Ta")),
    (r"rare[- ]earths?(?: metals?| elements?)?|lanthanides?|희토류", ("La", "Nd", "Sm", "Gd", "Y")),
    (
        r"3d(?: transition)? metals?|(?:first[- ]row )?transition[- ]metals?|전이\s?금속",
        ("Ti", "V", "Cr", "Mn", "Fe", "Co", "Ni"),
    ),
    (r"refractory metals?|내열\s?금속", ("Zr", "Nb", "Mo", "Hf", "Ta", "W")),
)  # fmt: skip
"""Words that stand for several elements: the commonest members, as a first choice that the brief tells."""


def _symbol_pattern() -> str:
    """Any symbol, the longer one first, by initials: a third of the work that a list of all is to the compiler."""
    seconds: dict[str, list[str]] = {}
    for symbol in sorted(ELEMENTS):
        seconds.setdefault(symbol[0], []).append(symbol[1:])
    initials = (
        f"{first}[{''.join(letters)}]{'?' if '' in letters else ''}" if any(letters) else first
        for first, letters in seconds.items()
    )
    return f"(?:{'|'.join(initials)})"


_SYMBOL = _symbol_pattern()
_WORDS_IN_ENGLISH = frozenset(("In", "As", "At", "I", "He", "Be", "No", "Am", "U", "Y", "W", "K", "Ho"))
"""Symbols that are words or signs too: they count only in a list with others, or beside a cue."""

_NAME = "|".join(sorted((name for name in NAMES if name.isascii()), key=len, reverse=True))
_KOREAN_NAME = "|".join(sorted((name for name in NAMES if not name.isascii()), key=len, reverse=True))
_ONE = (
    rf"(?:(?<![A-Za-z\d])(?-i:{_SYMBOL})(?![A-Za-z\d])(?!-(?:like|type|ion)\b)|\b(?:{_NAME})s?\b"
    rf"|(?<![가-힣])(?:{_KOREAN_NAME}))"
)
_JOIN = r"\s*(?:,\s*(?:and|or|nor)?|/|&|\band\b|\bor\b|\bnor\b|와|과|및|또는|이나|나(?=\s)|·)\s*(?:an?y?\s+|no\s+)?"
LIST = rf"{_ONE}(?:{_JOIN}{_ONE})*"
_NOT = (
    r"no|neither|not?\s+(?:any\s+)?|without(?:\s+(?:any|using))?|avoid(?:ing|s)?|exclud(?:e|es|ing)|except(?:\s+for)?"
    r"|free (?:of|from)|other than|(?:do(?:es)? not|don't|doesn't|must not|should not|cannot|can't|not)\s+"
    r"(?:contain|use|include|have)(?:ing)?(?:\s+any)?|instead of|rather than|get rid of|eliminat(?:e|ing)"
)
_EXCLUDED = re.compile(rf"\b(?:{_NOT})\s+(?:any\s+|toxic\s+|critical\s+)?(?P<list>{LIST})", re.IGNORECASE)
_FREE = re.compile(
    rf"(?P<list>{LIST})\s*[- ](?:free|less)\b|\bnon[- ](?P<other>{_ONE})(?:[- ]containing)?", re.IGNORECASE
)
_KOREAN_EXCLUDED = re.compile(
    rf"(?P<list>{LIST})\s*(?:원소|계열?|성분)?\s*(?:을|를|은|는|이|가)?\s*(?:반드시\s*|절대\s*)?"
    r"(?:제외|배제|없(?!으면)|빼|뺀|쓰지|사용하지|포함하지|들어가지|함유하지|피하|피해|안\s?쓰|프리|불포함|무첨가)"
)
_UNLEADED = re.compile(r"무연(?!탄)|비납계")
_WANTED = re.compile(rf"(?P<list>{LIST})", re.IGNORECASE)
_KOREAN_PARTICLE = re.compile(r"\s*(?:을|를|은|는|이|가|의|와|과|로|으로|계|기반|함유|,|/|$|\s)")


_RADIATION = re.compile(r"[ -]?K[ -]?(?:α|a(?:lpha)?\b|a?[12]\b|β)|\s*(?:radiation|anode|tube)", re.IGNORECASE)


@dataclass(frozen=True)
class ElementWishes:
    """The elements of a goal.

    Attributes:
        wanted: Elements that it names without ruling them out, in order; those of classes included.
        excluded: Elements that it rules out, with the words that do.
        classes: Classes of elements that it names, with their members.
        spans: Where elements are named.
        groups: The wanted elements list by list, as written.
    """

    wanted: tuple[str, ...] = ()
    excluded: tuple[tuple[str, str], ...] = ()
    classes: tuple[tuple[str, tuple[str, ...]], ...] = ()
    spans: tuple[Interval, ...] = ()
    groups: tuple[tuple[str, ...], ...] = ()

    @property
    def without(self) -> frozenset[str]:
        """The symbols that are ruled out."""
        return frozenset(symbol for symbol, _ in self.excluded)


def find_elements(text: str) -> ElementWishes:
    """Find the elements that a goal wants or rules out.

    Args:
        text: Normalised goal text, with written molecules, files and sequences masked.
    """
    excluded: dict[str, str] = {}
    out: list[Interval] = []
    for pattern in (_EXCLUDED, _FREE, _KOREAN_EXCLUDED):
        for match in pattern.finditer(text):
            group = "list" if match.groupdict().get("list") else "other"
            symbols = symbols_of(match[group])
            # "no I" and the like: a sign that is a word counts where the list names another element too.
            if len(symbols) == 1 and match[group].strip() in ("I", "At", "As", "He", "Be", "No", "Am"):
                continue
            for symbol in symbols:
                excluded.setdefault(symbol, match[0].strip())
            out.append(match.span())
    for match in _UNLEADED.finditer(text):
        excluded.setdefault("Pb", match[0])
        out.append(match.span())
    classes: list[tuple[str, tuple[str, ...]]] = []
    class_spans: list[Interval] = []
    for pattern_text, members in CLASSES:
        for match in re.finditer(rf"(?<![A-Za-z])(?:{pattern_text})(?![A-Za-z])", text, re.IGNORECASE):
            if any(s < match.end() and match.start() < e for s, e in class_spans):
                continue
            class_spans.append(match.span())
            negated = re.search(rf"\b(?:{_NOT})\s*$", text[: match.start()], re.IGNORECASE)
            if negated or re.match(r"[- ]free\b|\s*(?:을|를)?\s*(?:제외|없)", text[match.end() :]):
                for symbol in members:
                    excluded.setdefault(symbol, text[(negated or match).start() : match.end()].strip())
                out.append(match.span())
            else:
                classes.append((match[0], members))
    groups: list[tuple[str, ...]] = []
    spans: list[Interval] = list(out)
    for match in _WANTED.finditer(text):
        if any(s < match.end() and match.start() < e for s, e in out):
            continue
        symbols = symbols_of(match[0])
        if not symbols or (len(symbols) == 1 and _doubtful(text, match)):
            continue
        groups.append(symbols)
        spans.append(match.span())
    named = [symbol for group in groups for symbol in group]
    # A class that is spelt out ("group 13 elements (Al, Ga, In)") is what is spelt out.
    for title, members in classes:
        if not any(set(group) & set(members) for group in groups):
            groups.append(members)
            named += members
            spans += [(m.start(), m.end()) for m in re.finditer(re.escape(title), text)]
    wanted = tuple(dict.fromkeys(symbol for symbol in named if symbol not in excluded))
    kept = tuple(tuple(s for s in group if s not in excluded) for group in groups)
    return ElementWishes(
        wanted, tuple(excluded.items()), tuple(classes), tuple(spans), tuple(group for group in kept if group)
    )


def symbols_of(listed: str) -> tuple[str, ...]:
    """The symbols of a list of symbols and names, in order, none twice."""
    found = re.findall(
        rf"(?<![A-Za-z])(?:(?-i:{_SYMBOL})(?![a-z\d])|(?:{_NAME})|{_KOREAN_NAME})", listed, re.IGNORECASE
    )
    known = (word for word in found if word.lower() in NAMES or word in ELEMENTS)
    return tuple(dict.fromkeys(NAMES.get(word.lower(), word) for word in known))


def _doubtful(text: str, match: re.Match[str]) -> bool:
    """Whether a lone word is more likely no element: English words, Korean syllables, initials, units."""
    word = match[0].strip()
    if _RADIATION.match(text, match.end()) or re.match(r"결합|화물|화합물|산화|이온", text[match.end() :]):
        return True
    if word in _WORDS_IN_ENGLISH or (len(word) == 1 and word.isascii()):
        return True
    if word.lower() == "lead":
        return True
    return word in _ONE_SYLLABLE and not _KOREAN_PARTICLE.match(text, match.end())
