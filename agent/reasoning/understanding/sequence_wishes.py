"""What a goal asks of the design of sequences in numbers and names: substitutions, tags, overlaps, thresholds, runs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from agent.reasoning.understanding.numbers import NUMBER_WORDS
from agent.reasoning.understanding.text import Interval

_RESIDUE = "[ACDEFGHIKLMNPQRSTVWY]"
SUBSTITUTION = re.compile(rf"(?<![A-Za-z0-9])(?:p\.)?(?P<name>{_RESIDUE}[1-9]\d{{0,3}}{_RESIDUE})(?![A-Za-z0-9])")
"""A substitution of residues as it is written: S65T."""
_MODELS = frozenset({"K2P", "K3P"})
"""Models of substitution in DNA, which look like one of a protein."""

_LONGER = r"(?:longer than|over|above|more than|greater than|exceeding|>)"
_ORMORE = r"(?:or (?:more|longer)|and (?:more|longer)|\+|이상)"
_HOMO = (
    r"(?:homopolymers?|homopolymeric|single[- ]base|mononucleotide|호모폴리머|동일\s?염기(?:의|가)?|같은\s?염기가?)"
    r"(?:\s+(?:runs?|stretch(?:es)?|tracts?|반복|연속))*|\b(?:runs?|stretch(?:es)?) of (?:one|the same) base"
    rf"|\bno (?:\w+ )?runs?(?=\s+(?:of\s+)?{_LONGER})"
)
_RUN = re.compile(
    rf"(?:{_HOMO})"
    rf"[\s:]*(?P<longer>{_LONGER})?\s*(?P<most>up to|at most|max(?:imum)?(?: of)?|≤|<=)?\s*(?:of\s+)?(?P<value>\d+)"
    rf"\s*(?:bp|nt|bases?|개|염기)?\s*(?P<or>{_ORMORE})?",
    re.IGNORECASE,
)
_BP = r"[- ]?(?:bp|nts?|bases?|base[- ]pairs?|염기쌍?)"
_OVERLAP = re.compile(
    rf"(?P<value>\d+){_BP}?\s*(?:of\s+)?(?:overlap\w*|homolog\w*(?:\s+arms?)?|오버랩|중첩|상동)"
    rf"|(?:overlap\w*|homolog\w*(?:\s+arms?)?|오버랩|중첩|상동)\s*(?:서열|길이)?\s*(?:of|:|=|은|는)?\s*(?P<value2>\d+){_BP}",
    re.IGNORECASE,
)
_OVERLAP_TM = re.compile(
    r"overlap\w*\s+(?:\w+\s+){0,3}?(?:above|over|at least|of|>=?|≥)\s*(?P<value>\d+)\s*(?:°\s?C|C\b|deg\w*)"
    r"|(?P<value2>\d+)\s*(?:°\s?C|C\b|도)\s*(?:이상의\s*)?(?:overlap|오버랩|중첩)",
    re.IGNORECASE,
)
_PERCENT = r"(?P<value{n}>\d+(?:\.\d+)?)\s?(?:%|percent)"
_LIMIT = r"(?:threshold|cut-?off|divergence|barcod\w+ gap|기준|역치|임계\w*)"
_THRESHOLD = re.compile(
    rf"{_PERCENT.format(n='')}\s*(?:\w+\s+){{0,2}}{_LIMIT}"
    r"|\bspecies\b[^.]{0,30}\bat\s+(?P<value3>\d+(?:\.\d+)?)\s?(?:%|percent)"
    rf"|{_LIMIT}\s*(?:value)?\s*(?:of|at|:|=|은|는|을|를)?\s*{_PERCENT.format(n='2')}",
    re.IGNORECASE,
)
_NEAR = re.compile(
    r"(?:close to|near|around|next to|closest to|nearest(?: to)?|at)\s+(?:the\s+)?(?:position|base|nucleotide|nt|site)"
    r"\s*(?P<value>\d+)|(?P<value2>\d+)\s*(?:번\s*(?:위치|염기)?|bp)?\s*(?:근처|부근|가까이)",
    re.IGNORECASE,
)
_MORE = r"(?:extra|additional|flanking|protecti\w+|overhanging|clamp|여분|추가)"
_EXTRA = re.compile(
    rf"(?P<value>\d+){_BP}?\s*{_MORE}\s*(?:bp|nts?|bases?|nucleotides?|염기)?(?:\s+(?:at\s+the\s+)?[35]['′])?"
    rf"|{_MORE}\s*(?:염기\s*)?(?P<value2>\d+)(?:{_BP}|\s*개)",
    re.IGNORECASE,
)
_SKIPPED = re.compile(
    r"(?:avoid\w*|skip\w*|exclud\w*|without|not|beyond|after|downstream of|omit\w*)\s+(?:in\s+)?(?:the\s+)?"
    rf"first\s+(?P<value>\d+)\s*{_BP}"
    r"(?P<start>\s+(?:after|downstream of|from)\s+(?:the\s+)?(?:start|ATG|initiation)\w*)?"
    rf"|(?:처음|첫|앞(?:쪽)?)\s*(?P<value2>\d+)\s*{_BP}\s*(?:은|는|을|를)?\s*(?:제외|빼|피하|건너)",
    re.IGNORECASE,
)
_DISTANCE = re.compile(
    r"(?P<metric>hamming|levenshtein|edit|sequence-levenshtein|해밍|편집)?\s*(?:distances?|거리)\s*(?:of|is|:|=|가|는)?\s*"
    r"(?:at least|min(?:imum)?(?: of)?|≥|>=|최소)?\s*(?P<value>\d+)(?!\s?%)"
    r"|(?:differ\w*|apart)\s+(?:\w+\s+){0,3}?(?:at least|in)\s+(?P<value2>\d+)",
    re.IGNORECASE,
)
_CORRECTED = re.compile(
    r"correct\w*\s+(?P<value>\d+|one|two|single)\s+(?:\w+\s+){0,2}?(?:errors?|substitutions?)", re.I
)
_BARCODE = r"(?:barcodes?|ind(?:ices|exes|ex)|\bUMIs?|바코드|인덱스)"
_COUNT = re.compile(
    r"(?<![A-Za-z\d.])(?P<value>\d+)(?!\s*(?:nt|bp|-?mers?|bases?|%|염기))\s*(?:개(?:의)?\s*)?"
    rf"(?:(?!of\b)[A-Za-z가-힣][\w-]*\s+){{0,5}}?{_BARCODE}|{_BARCODE}\s*(?:를|을)?\s*(?P<value2>\d+)\s*(?:개|종)"
    rf"|(?P<word>twelve|ten|eight|six|four|twenty)\s+(?:[\w-]+\s+){{0,4}}?{_BARCODE}",
    re.IGNORECASE,
)
_LENGTH = re.compile(r"(?P<value>\d+)[- ]?(?:nt|bp|mers?|bases?|염기)(?![A-Za-z])", re.IGNORECASE)
_END = re.compile(
    r"(?P<n>\bN[- ]?term\w*|\bamino[- ]term\w*|N\s?-?말단|아미노\s?말단)"
    r"|(?P<c>\bC[- ]?term\w*|\bcarboxy\w*[- ]term\w*|C\s?-?말단|카복시\w*\s?말단|카르복시\w*\s?말단)",
    re.IGNORECASE,
)
_TAG_WORD = (
    # These are tags wherever they stand; the others only before the word.
    r"(?:(?:10|8|6)\s?x?-?His|[Hh]exa-?his\w*|[Pp]oly-?his\w*|His-?(?:10|8|6)|3x-?FLAG|FLAG|Strep[- ]?(?:tag)?[- ]?II"
    r"|Avi-?[Tt]ag|Spy-?[Tt]ag|TEV|PreScission|thrombin|enterokinase|G4S|GGGGS|(?<![A-Z])NLS|His(?=-TEV)"
    r"|(?<![A-Z])(?:His|HA|c-?[Mm]yc|Strep|V5|ALFA|히스(?:티딘)?)(?=[- ]?(?:[Tt]ag|태그))"
    r"|(?:HRV[- ]?)?3C(?=[- ]?(?:site|prot|절단)))"
)
_TAG = re.compile(rf"{_TAG_WORD}(?:[- ]?(?:tags?|sites?|linkers?|태그|절단\s?부위|링커))?(?:[- /+](?={_TAG_WORD}))?")


@dataclass(frozen=True)
class SequenceWishes:
    """What was found: options by name, the places and words of what was used, and notes for the reader."""

    options: dict[str, Any]
    spans: tuple[Interval, ...]
    notes: tuple[str, ...] = ()


def find_sequence_wishes(text: str) -> SequenceWishes:
    """Read the wishes of a goal about sequences that are no bounds of a quantity.

    Args:
        text: Normalised goal text with sequences and paths masked.

    Returns:
        Options, as far as they are written: substitutions, longest_run, overlap, threshold (substitutions per site),
        near, extra_bases, overlap_tm (degC), skipped (bases of the sequence before the first that may be used),
        least_distance, metric, barcodes, oligo_length, n_terminal, c_terminal.
    """
    found: dict[str, Any] = {}
    spans: list[Interval] = []
    subs = [match for match in SUBSTITUTION.finditer(text) if match["name"] not in _MODELS]
    if subs:
        found["substitutions"] = list(dict.fromkeys(match["name"] for match in subs))
        spans += [match.span() for match in subs]
    if run := _RUN.search(text):
        # "of 5 or more" is what must not be; "up to 5", "longer than 5" name the longest that may.
        one_less = bool(run["or"]) and not run["longer"] and not run["most"]
        found["longest_run"] = max(1, int(run["value"]) - one_less)
        spans.append(run.span())
    measured = (
        ("overlap", _OVERLAP, 1),
        ("threshold", _THRESHOLD, 100),
        ("near", _NEAR, 1),
        ("extra_bases", _EXTRA, 1),
        ("overlap_tm", _OVERLAP_TM, 1),
    )
    for name, pattern, scale in measured:
        if match := pattern.search(text):
            value = float(next(one for key, one in match.groupdict().items() if key.startswith("value") and one))
            found[name] = value / scale if scale > 1 else int(value)
            spans.append(match.span())
    if match := _SKIPPED.search(text):
        found["skipped"] = int(match["value"] or match["value2"]) + (3 if match["start"] else 0)
        spans.append(match.span())
    if match := _DISTANCE.search(text):
        found["least_distance"] = int(match["value"] or match["value2"])
        metric = (match["metric"] or "").lower()
        found["metric"] = "levenshtein" if metric.startswith(("lev", "edit", "seq", "편집")) else "hamming"
        spans.append(match.span())
    elif match := _CORRECTED.search(text):
        errors = {"one": 1, "single": 1, "two": 2}.get(match["value"].lower()) or int(match["value"])
        found["least_distance"] = 2 * errors + 1
        spans.append(match.span())
    if match := _COUNT.search(text):
        digits = match["value"] or match["value2"]
        found["barcodes"] = int(digits) if digits else NUMBER_WORDS[match["word"].lower()]
        spans.append(match.span())
    if match := next((one for one in _LENGTH.finditer(text) if not _within(one.span(), spans)), None):
        found["oligo_length"] = int(match["value"])
        spans.append(match.span())
    return _with_tags(text, found, spans)


def _with_tags(text: str, found: dict[str, Any], spans: list[Interval]) -> SequenceWishes:
    """The same with the tags, each at the end that is named nearest to it."""
    notes: list[str] = []
    ends = [(match.start(), "n_terminal" if match["n"] else "c_terminal") for match in _END.finditer(text)]
    for match in _TAG.finditer(text):
        # The end is usually named before the tag ("a C-terminal His6"), else right behind it.
        before = [end for end in ends if end[0] <= match.start()]
        after = [end for end in ends if end[0] > match.start()]
        side = before[-1][1] if before else after[0][1] if after else ""
        name = re.sub(r"[- ]?(?:tags?|sites?|linkers?|태그|절단\s?부위|링커)?[- /+]?$", "", match[0])
        if not side:
            side = "n_terminal"
            notes.append(f"No end is named for {name}: I take the N-terminus.")
        if name not in found.setdefault(side, []):
            found[side].append(name)
        spans.append(match.span())
    return SequenceWishes(found, tuple(spans), tuple(dict.fromkeys(notes)))


def _within(span: Interval, spans: list[Interval]) -> bool:
    return any(start < span[1] and span[0] < end for start, end in spans)
