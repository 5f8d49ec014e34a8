"""What looks like a figure and is none: names, structures, citations, dates, ordinals."""

from __future__ import annotations

import re

_SYMBOLS = (
    "He Li Be Ne Na Mg Al Si Cl Ar Ca Sc Ti Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr Rb Sr Zr Nb Mo Tc Ru Rh Pd Ag Cd "
    "In Sn Sb Te Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu Hf Ta Re Os Ir Pt Au Hg Tl Pb Bi Po At Rn Fr "
    "Ra Ac Th Pa Np Pu Am Cm H B C N O F P S K V Y I W U D"
)
_ELEMENT = "(?:" + "|".join(sorted(_SYMBOLS.split(), key=len, reverse=True)) + ")"

# Stems of systematic chemical names: what makes "4-fluoro" a locant and leaves "4-fold" a figure.
_STEMS = (
    "fluor chlor brom iod methyl methox methan methylen ethyl ethox ethan ethen ethyn propyl propan propen propyn "
    "propox butyl butan buten butox pentyl pentan hexyl hexan heptyl octyl octan decyl phenyl phenol phenox benz amin "
    "amid hydrox oxo oxa oxet thio thia nitr cyan sulf sulph carbox carban carbon pyrid pyrim pyraz pyrrol imidaz "
    "indol indaz quinol quinaz furan furo azol azin azet acet alkyl aryl tolu tolyl xyl naphth anthr diox dithi piper "
    "morphol deoxy dehydro hydro dimeth cyclo tert-but isoprop adam purin uracil glyc gluc fructo ribo phosph silyl"
)
_TAILS = "oic olate diene triene one ol yl ene yne ane diol"
_STEM = re.compile("|".join(_STEMS.split()) + "|(?:" + "|".join(_TAILS.split()) + ")(?![a-z])")
_LOCANT = re.compile(r"\d[a-z]?['′]?(?:,\d+['′]?)*-[A-Za-zα-ω(\[]|[A-Za-z)\]]-\d|^\d+H-")

_SMILES = re.compile(r"(?:\[[^\]\s]+\]|Br|Cl|[BCNOPSFIbcnops]|[=#$:/\\.()\-]|%\d\d|\d)+")
_SMILES_ATOM = re.compile(r"\[[^\]\s]+\]|Br|Cl|[BCNOPSFIbcnops]")
_ASSIGNMENT = re.compile(r"^[A-Za-z]\w{0,3}[=<>≈~]")
_FORMULA = re.compile(rf"(?:{_ELEMENT}(?:\d+(?:\.\d+)?)?|[()\[\]]\d*|[·.]\d*(?=[A-Z(])|\^?\d*[+\-])+")

_ANYWHERE = tuple(
    re.compile(pattern)
    for pattern in (
        r"https?://\S+",
        r"(?i)\bdoi:?\s*10\.\d{4,9}/\S+",
        r"\b10\.\d{4,9}/\S+",
        r"(?i)\barxiv:?\s*\d{4}\.\d{4,5}\S*",
        r"InChI=\S+",
        r"\b\d{2,7}-\d{2}-\d\b(?!-)",  # a CAS number
        r"\b\d{4}-\d{2}-\d{2}(?:T[\d:.]+\S*)?\b",  # an ISO date
        r"\b\d+(?:\.\d+){2,}\b",  # a version or a section
        r"\b(?:1H|2H|13C|14C|15N|18F|19F|31P)\b(?!-)",
        r"\b[0-4]D\b",
        r"\b\d+(?:st|nd|rd|th)\b",
        r"(?i)\brule[- ]of[- ][35]\b",
        r"(?i)\blog\s?[DPS]_?\s?7\.4\b",
        r"\b\d-[A-Z]{2}[A-Z0-9]*\b",  # 5-HT2A, 5-FU
        r"\d+['′](?=-|\s|$)",  # 5'-end, 2'-deoxy
        r"#\d+\b",
        r"(?i)\b(?:fig(?:ure)?s?|tables?|step|page|pages|pp?\.|ref(?:erence)?s?\.?|section|chapter|eq(?:uation)?s?|"
        r"hypothesis|experiment|appendix|claim|scheme|example|vol(?:ume)?\.)\s?\(?\d+(?:\s?[-–]\s?\d+)?\)?(?![\d.]*\d)",
        r"\(\s?-?\d\s?-?\d\s?-?\d\s?\)(?=\s*(?:plane|peak|reflection|direction|surface|facet|orientation))",
        r"\b[PIFABCR]-?\d[\d_/a-z\-]*[a-z]\S*",  # a space group such as P2_1/c or I4/mmm
        r"\b[PFIR]-?[43]m?-?3?[mcdn]?\b(?=\s*\()",
        r"(?m)^\s*\(?\d{1,3}[.)](?=\s)",  # the ordinal of a list
        r"\[\s*[1-9]\d{0,2}(?:\s*[,;–-]\s*[1-9]\d{0,2})*\s*\](?!\s*(?:nm|eV|K|%))",  # [12], [3, 4]
    )
)
_INTERVAL_BEFORE = re.compile(r"(?i)\b(?:interval|ci|range|between|from|bounds?)\s*:?\s*$")
_YEAR = r"(?:1[5-9]\d\d|20\d\d)[a-z]?"
_YEARS = (
    re.compile(rf"[(\[]\s*({_YEAR})\s*[)\]]"),
    re.compile(rf"\bet al\.?,?\s*[(\[]?({_YEAR})\b"),
    re.compile(
        rf"[(\[;][^()\[\]\d]*[A-Z][A-Za-z'\-]+(?: and [A-Z][\w\-]+| & [A-Z][\w\-]+)?,?\s+({_YEAR})(?=\s*[);,\]])"
    ),
)


def opaque(text: str) -> list[tuple[int, int]]:
    """Stretches of a text whose digits are no figures.

    Args:
        text: Any prose.

    Returns:
        Half-open intervals of characters, in no order, possibly overlapping.
    """
    stretches = []
    for pattern in _ANYWHERE:
        for match in pattern.finditer(text):
            if match[0].startswith("[") and _INTERVAL_BEFORE.search(text[: match.start()]):
                continue
            stretches.append(match.span())
    stretches.extend(match.span(1) for pattern in _YEARS for match in pattern.finditer(text))
    for match in re.finditer(r"\S+", text):
        start, end = _bare(match[0])
        token = match[0][start:end]
        if is_structure(token) or is_formula(token) or is_chemical_name(token):
            stretches.append((match.start() + start, match.start() + end))
    return stretches


def _bare(token: str) -> tuple[int, int]:
    """A token without the punctuation around it, keeping brackets that belong to it."""
    start, end = 0, len(token)
    while start < end and token[start] in "\"'“‘`,;":
        start += 1
    while end > start and token[end - 1] in ".,;:!?\"'”’`":
        end -= 1
    while start < end and token[start] in "([{" and _unbalanced(token[start:end]) > 0:
        start += 1
    while end > start and token[end - 1] in ")]}" and _unbalanced(token[start:end]) < 0:
        end -= 1
    return start, end


def _unbalanced(token: str) -> int:
    return sum(c in "([{" for c in token) - sum(c in ")]}" for c in token)


def is_structure(token: str) -> bool:
    """Whether a token is a SMILES string that carries digits (ring closures, charges, isotopes)."""
    if len(token) < 3 or not any(c.isdigit() for c in token) or _ASSIGNMENT.match(token):
        return False
    if not _SMILES.fullmatch(token) or not _SMILES_ATOM.match(token.lstrip("(/\\")):
        return False
    return len(_SMILES_ATOM.findall(token)) >= 2 and (
        len(token) >= 5 or any(c in "=#[](" for c in token) or token[0] in "cnosp"
    )


def is_formula(token: str) -> bool:
    """Whether a token is a chemical formula with at least one element symbol and a digit.

    Fractional amounts need two elements: ``La0.7Sr0.3MnO3`` is a formula, ``P3.5`` is not.
    """
    if not any(c.isdigit() for c in token) or not _FORMULA.fullmatch(token) or not token.lstrip("([")[:1].isupper():
        return False
    elements = re.findall(_ELEMENT, token)
    return bool(elements) and ("." not in token or len(elements) > 1)


def is_chemical_name(token: str) -> bool:
    """Whether a token is a systematic name with locants: ``N-methyl-2-pyrrolidone``, ``1,3-dioxane``, ``4-fluoro``."""
    if any(c in "=<>~%≈±" for c in token) or not _LOCANT.search(token):
        return False
    return bool(re.search(r"[A-Za-z]{3}", token)) and bool(_STEM.search(token))
