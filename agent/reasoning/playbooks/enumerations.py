"""Reading goals that enumerate: groups on a marked core, libraries from a reaction, linkers, other scaffolds."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from agent.reasoning.playbooks.base import StepWriter
from agent.reasoning.playbooks.molecule_steps import add_judging, add_resolve, by_rdkit, plain
from agent.reasoning.protocol import Context
from agent.reasoning.understanding import GoalParts
from agent.records import Brief, Entity, Objective, Question
from agent.tools.molecules.enumeration.groups import known_group
from agent.tools.molecules.enumeration.reactions import REACTIONS

Kind = Literal["groups", "library", "linkers", "hops"]

MOST_BLOCKS = 40
"""Building blocks that are looked up by name; a longer list is a file."""

PARTS = "parts"
"""Key of the question for marked fragments or building blocks."""

TOOLS: dict[Kind, str] = {
    "groups": "enumerate_r_groups", "library": "enumerate_library", "linkers": "design_linkers",
    "hops": "hop_scaffolds",
}  # fmt: skip

_TOKEN = re.compile(r"[^\s\"'`;]+")
_MARK = re.compile(
    r"\[\*(?::\d+)?\]|\[R\d+\]|\[\d+\*\]|(?<![\[\w])\*(?=[A-Za-z(\[=#\d])|(?<=[A-Za-z)\]\d])\*(?![\w\]])"
)
_HOP = re.compile(
    r"scaffold[- ]?hop\w*|hop\w* (?:the |to (?:new|other) )?(?:scaffold|core)s?|core[- ]hop\w*"
    r"|(?:other|new|different|alternative|novel|another)\s+(?:central\s+)?(?:scaffold|core|ring system)s?"
    r"|(?:replac\w+|swap\w*|exchang\w+|chang\w+)\s+(?:the\s+|its\s+)?(?:central\s+)?(?:scaffold|core|ring system)s?"
    r"|(?:스캐폴드|스캐폴딩|골격|모핵)\s*(?:호핑|변경|치환|교체|바꾸|바꿔)",
    re.IGNORECASE,
)
_GROUPS = re.compile(
    r"\bR[- ]?groups?\b|\bR\d\b.*\benumerat|\benumerat\w+.*\b(?:substituents?|marked core|core)\b|R[- ]?기|치환기",
    re.IGNORECASE | re.DOTALL,
)
_LINK = re.compile(
    r"\blinkers?\b|\btether\w*|\b(?:link|join|connect|bridge)(?:s|ed|ing)?\b|\bprotacs?\b|링커|연결", re.IGNORECASE
)
_LIBRARY = re.compile(
    r"\blibrar(?:y|ies)\b|\bcombinatorial|\benumerat\w+|\bproducts?\b|\bcoupl\w+|\bcombin\w+|라이브러리|조합",
    re.IGNORECASE,
)
_ALIASES: tuple[tuple[str, str], ...] = (
    (
        r"\bamides?\b(?:\s+(?:coupling|librar\w+|formation|bond|from|of|between))|amidation|peptide coupling|아마이드",
        "amide coupling",
    ),
    (r"sulfonamides?\s+(?:formation|librar\w+|coupling|from|between)|sulfonylation", "sulfonamide formation"),
    (r"ureas?\s+(?:formation|librar\w+|from|between)", "urea formation"),
    (r"suzuki|스즈키", "Suzuki coupling"),
    (r"buchwald|c-n coupling", "Buchwald-Hartwig amination"),
    (r"reductive\s+amination|환원적\s*아민화", "reductive amination"),
    (r"\bsnar\b|nucleophilic aromatic", "SNAr"),
    (r"williamson|ether\s+(?:formation|synthesis|librar\w+)", "ether formation"),
    (r"n-alkylation|alkylation of (?:the )?amines?", "N-alkylation"),
    (r"esterification|esters?\s+(?:librar\w+|from|between)|에스터화", "esterification"),
    (r"click (?:chemistry|reaction|librar\w+)|\bclick\b|cuaac|1,2,3-triazole librar\w+", "click (1,4-triazole)"),
)
_LENGTH = re.compile(r"(\d+)\s*(?:-|to|and|~)\s*(\d+)\s*(?:heavy\s+)?atoms?", re.IGNORECASE)
_LONGEST = re.compile(r"(?:at most|up to|no more than|within|max\w*)\s*(\d+)\s*(?:heavy\s+)?atoms?", re.IGNORECASE)
_EXACT = re.compile(r"(\d+)[- ]atoms?\b", re.IGNORECASE)
_AT = re.compile(
    r"R(?P<point>\d)\s*(?:=|:|\bfrom\b|\bis\b|\bare\b|\bof\b|\bamong\b|\bone of\b)\s*(?P<list>[^;.]+?)"
    r"(?=\s*(?:[;.]|,?\s*(?:and\s+)?R\d\s*(?:=|:|from|is|are|of|among)|$))",
    re.IGNORECASE,
)
_LISTED_AT = re.compile(
    r"(?:with|using|put|place|try)\s+(?P<list>(?:(?!\b(?:with|using)\b)[^;.])+?)\s+(?:at|on|as|for)\s+R(?P<point>\d)",
    re.IGNORECASE,
)
_LISTED = re.compile(
    r"(?:with|using|try|put|from)\s+(?:the\s+groups?\s+)?(?P<list>[^;.]+?)(?=\s*(?:[;.]|\bat\b|\bas\b|\bon\b|\bwhere\b|$))",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Enumeration:
    """What a goal wants enumerated.

    Attributes:
        kind: Which way.
        arguments: Of its tool, without bounds and number.
        missing: What has to be asked.
        notes: What the reader should know.
        named: Building blocks as the goal calls them.
    """

    kind: Kind
    arguments: Mapping[str, Any] = field(default_factory=dict)
    missing: tuple[Question, ...] = ()
    notes: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


def find_enumeration(parts: GoalParts, answer: str = "") -> Enumeration | None:
    """Whether a goal wants molecules enumerated, and from what.

    Args:
        parts: The goal as read.
        answer: What was answered to an earlier question.

    Returns:
        The way with its arguments, a question where they are missing, or ``None``.
    """
    text = f"{parts.text} ; {answer}" if answer else parts.text
    marked = _marked(text)
    single = [one for one in marked if len(_MARK.findall(one)) == 1]
    if _LINK.search(parts.bare) and (len(single) >= 2 or re.search(r"\blinkers?\b|링커", parts.bare, re.IGNORECASE)):
        return _linkers(parts, text, single)
    if reaction := _reaction(parts):
        return _library(parts, text, reaction)
    if marked:
        return _groups(text, marked[0])
    if _GROUPS.search(parts.bare) and "R-group" not in _tables(parts):
        return Enumeration("groups", missing=(_question(parts, "groups"),))
    return Enumeration("hops") if _HOP.search(parts.bare) else None


_BLOCKS = re.compile(
    r"\b(?:from|of|between|couple|coupling|combine|react)\s+(?P<list>[^;.:\n]*(?:,|\band\b|\bwith\b)[^;.:\n]*)", re.I
)
_LEAD = re.compile(r"^(?:.*\b(?:from|of|between)\s+)?(?:(?:the|an?|all|these)\s+)*", re.IGNORECASE)
_BETWEEN_BLOCKS = re.compile(r"\s*,\s*(?:and\s+|or\s+)?|\s+(?:and|or|with|to|plus|×|x)\s+|\s*[+×]\s*")


def named_blocks(text: str) -> list[str]:
    """The words of a goal that may name building blocks: its lists behind "from", "of" or "couple"."""
    found: list[str] = []
    for match in _BLOCKS.finditer(text):
        words = [_LEAD.sub("", one.strip()) for one in _BETWEEN_BLOCKS.split(match["list"])]
        found += [one for one in words if 2 < len(one) < 60 and len(one.split()) <= 4]
    return list(dict.fromkeys(found))


async def with_named_blocks(enumeration: Enumeration, parts: GoalParts, context: Context) -> Enumeration:
    """A library whose building blocks the goal names, with their structures.

    Args:
        enumeration: As read; one that lacks nothing stays as it is.
        parts: The goal.
        context: To look names up.
    """
    if enumeration.kind != "library" or not enumeration.missing:
        return enumeration
    blocks: dict[str, str] = {}
    unknown: list[str] = []
    for name in named_blocks(parts.bare)[:MOST_BLOCKS]:
        result = await context.call("resolve_molecule", {"molecule": name})
        if result.status == "ok":
            blocks[name] = str(result.data["smiles"])
        else:
            unknown.append(f"'{name}'")
    if len(blocks) < 2:
        return enumeration
    smiles = list(dict.fromkeys(blocks.values()))
    notes = (f"I combine {', '.join(f'{name} ({text})' for name, text in blocks.items())}, each where its groups fit.",)
    if unknown:
        notes += (f"I know no structure of {', '.join(unknown)}: write it as SMILES to have it in the library.",)
    arguments = {**enumeration.arguments, "first": smiles, "second": smiles}
    return Enumeration("library", arguments, notes=notes, named=tuple(blocks))


def add_enumeration(writer: StepWriter, brief: Brief, seeds: list[Entity]) -> None:
    """The steps of an enumeration, judged as every design is."""
    kind: Kind = brief.options["enumeration"]
    if kind == "hops":
        for seed in seeds:
            add_hops(writer, brief, f"${{{add_resolve(writer, seed)}.data.smiles}}")
        return
    why = {
        "groups": "Every combination of groups on the marked core that meets the bounds.",
        "library": "The products of the reaction that meet the bounds.",
        "linkers": "The fragments joined by linkers, as far as the bounds are met.",
    }[kind]
    drawn = {} if kind == "linkers" else {"random_seed": int(brief.options.get("random_seed", 0))}
    design = writer.add(TOOLS[kind], {**brief.options["arguments"], **_asked(brief), **drawn}, why)
    add_judging(writer, brief, design, reference="")


def add_hops(writer: StepWriter, brief: Brief, smiles: str) -> None:
    """A search for other scaffolds of a molecule, judged as every design is."""
    drawn = {"random_seed": int(brief.options.get("random_seed", 0))}
    why = "Other scaffolds that carry the same groups, the most alike in shape first."
    design = writer.add(TOOLS["hops"], {"smiles": smiles, **_asked(brief), **drawn}, why)
    add_judging(writer, brief, design, reference=smiles)


def _asked(brief: Brief) -> dict[str, Any]:
    """The bounds and wishes as the tools take them."""
    return {
        "constraints": [
            plain(bound) for bound in brief.constraints if by_rdkit(bound) and bound.quantity != "similarity"
        ],
        "objectives": [plain(wish) for wish in brief.objectives if by_rdkit(wish) and wish.quantity != "similarity"],
        "count": int(brief.options.get("count", 60)),
        **_groups_of(brief),
    }


def _groups_of(brief: Brief) -> dict[str, list[str]]:
    """The groups to keep and to avoid, as the tools take them."""
    groups = [entity for entity in brief.entities if entity.kind == "substructure"]
    return {role: [one.value for one in groups if one.role == role] for role in ("keep", "avoid")}


def not_listed(groups: Sequence[Entity], enumeration: Enumeration) -> tuple[Entity, ...]:
    """The groups that a goal wants kept or gone: not those that it lists for the points of a core."""
    lists: list[list[str]] = list(enumeration.arguments.get("groups") or [])
    listed = {name.lower() for names in (*lists, enumeration.named) for name in names}
    return tuple(one for one in groups if one.role != "keep" or one.text.lower() not in listed)


def ranking(kind: Kind) -> tuple[tuple[Objective, ...], str]:
    """What ranks an enumeration of a goal without a wish, and how that is told."""
    if kind == "hops":
        wish = Objective(quantity="shape_similarity", direction="maximise", unit="1", text="scaffold hop")
        return (wish,), "No wish ranks the hops, so those most like the molecule in shape and pharmacophore come first."
    wishes = (
        Objective(quantity="QED", direction="maximise", unit="1", text="drug-like"),
        Objective(quantity="SA_score", direction="minimise", unit="1", text="easy to make"),
    )
    return wishes, "No wish ranks the molecules, so drug-likeness (QED) and ease of synthesis (SA score) do."


def _marked(text: str) -> list[str]:
    """The SMILES with attachment points, in order."""
    found = []
    for match in _TOKEN.finditer(text):
        word = re.sub(r"[가-힣]+$", "", match[0]).rstrip(",.:?!")
        while word.endswith(")") and word.count(")") > word.count("("):
            word = word[:-1]
        while word.startswith("(") and word.count("(") > word.count(")"):
            word = word[1:]
        if _MARK.search(word) and re.search(r"[A-Za-z]", _MARK.sub("", word)) and "/" not in word[:2]:
            found.append(re.sub(r"\[(\d+)\*\]", r"[*:\1]", word))
    return found


def _linkers(parts: GoalParts, text: str, single: list[str]) -> Enumeration:
    if len(single) < 2:
        return Enumeration("linkers", missing=(_question(parts, "linkers"),))
    arguments: dict[str, Any] = {"first": single[0], "second": single[1]}
    if match := _LENGTH.search(text):
        arguments |= {"least": int(match[1]), "most": int(match[2])}
    elif match := _LONGEST.search(text):
        arguments["most"] = int(match[1])
    elif match := _EXACT.search(text):
        arguments |= {"least": int(match[1]), "most": int(match[1])}
    return Enumeration("linkers", arguments)


def _reaction(parts: GoalParts) -> str:
    """The reaction of a library, where the goal wants one made."""
    if not _LIBRARY.search(parts.bare):
        return ""
    plain_text = parts.bare.lower()
    named = next((name for name in REACTIONS if name.lower() in plain_text), "")
    return named or next((name for pattern, name in _ALIASES if re.search(pattern, parts.bare, re.IGNORECASE)), "")


def _library(parts: GoalParts, text: str, reaction: str) -> Enumeration | None:
    from agent.reasoning.understanding.molecules import find_written_molecules

    blocks = list(dict.fromkeys(one.text for one in find_written_molecules(text)))
    files = [item.path for item in parts.files if item.kind in ("molecules", "table", "document")]
    if len(blocks) >= 2:
        # A block is used wherever its groups fit; those that fit nowhere are counted by the tool.
        return Enumeration("library", {"reaction": reaction, "first": blocks, "second": blocks})
    if files:
        return Enumeration("library", {"reaction": reaction, "building_blocks": files[0]})
    if not re.search(r"librar|combinatorial|enumerat|라이브러리|조합", parts.bare, re.IGNORECASE):
        return None
    return Enumeration("library", {"reaction": reaction}, missing=(_question(parts, "library"),))


def _groups(text: str, core: str) -> Enumeration:
    numbers = sorted({int(n) for n in re.findall(r"\[(?:\*:|R)(\d+)\]", core)}) or list(
        range(1, len(_MARK.findall(core)) + 1)
    )
    rest = text.replace(core, " ")
    at = {int(match["point"]): match["list"] for match in (*_LISTED_AT.finditer(rest), *_AT.finditer(rest))}
    if not at and (match := _LISTED.search(rest)):
        at = dict.fromkeys(numbers, match["list"])
    lists, unknown = {}, []
    for point, listed in at.items():
        good, bad = _names(listed)
        lists[point] = good
        unknown += bad
    arguments: dict[str, Any] = {"core": core}
    if any(lists.get(number) for number in numbers):
        arguments["groups"] = [lists.get(number) or ["H"] for number in numbers]
    notes = (
        [f"I do not know the groups {', '.join(dict.fromkeys(unknown))}: write them as SMILES."]
        if unknown and arguments.get("groups")
        else []
    )
    if "groups" not in arguments:
        notes.append("No groups are named: common substituents are tried at every point.")
    return Enumeration("groups", arguments, notes=tuple(notes))


def _names(listed: str) -> tuple[list[str], list[str]]:
    """Known groups of a list, and the words that are none."""
    good, bad = [], []
    for part in re.split(r"\s*,\s*(?:and\s+|or\s+)?|\s+(?:and|or)\s+|\s*/\s*", listed):
        word = re.sub(r"^(?:an?|the)\s+|\s+(?:groups?|substituents?)$", "", part.strip(), flags=re.IGNORECASE)
        name = {"hydrogen": "H", "h": "H"}.get(word.lower(), word)
        if name == "H" or known_group(name):
            good.append(name)
        elif word and len(word) < 25 and not re.search(r"\d|\b(?:above|below|under|over|than|least|most)\b", word):
            bad.append(f"'{word}'")
    return good, bad


def _tables(parts: GoalParts) -> str:
    """A goal with a table of measured molecules asks for an analysis of its groups, not for an enumeration."""
    return "R-group" if any(item.kind == "table" for item in parts.files) else ""


def _question(parts: GoalParts, kind: Kind) -> Question:
    english = {
        "groups": "Where may groups go? Give the core as SMILES with its points marked, for instance "
        "'c1cc([*:1])ccc1S(N)(=O)=O with methyl, fluoro and methoxy'.",
        "linkers": "Which two fragments are to be joined? Give both as SMILES with one marked atom each, for instance "
        "'[*:1]c1ccccc1 and [*:1]N1CCOCC1, linkers of 3 to 8 atoms'.",
        "library": "From which building blocks? Write their SMILES, or attach a file with one SMILES a line.",
        "hops": "",
    }[kind]
    korean = {
        "groups": "치환기가 붙을 자리를 표시한 SMILES를 적어 주세요. 예: 'c1cc([*:1])ccc1S(N)(=O)=O, methyl, fluoro'.",
        "linkers": "연결할 두 조각을 자리를 표시한 SMILES로 적어 주세요. 예: '[*:1]c1ccccc1 과 [*:1]N1CCOCC1'.",
        "library": "어떤 빌딩 블록을 쓸까요? SMILES를 적거나 한 줄에 하나씩 적은 파일을 첨부해 주세요.",
        "hops": "",
    }[kind]
    return Question(key=PARTS, text=parts.say(english, korean))
