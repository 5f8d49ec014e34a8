"""Playbook: a question to documents, those that come with the goal or those of the lab."""

from __future__ import annotations

import re

from agent.reasoning.playbooks.base import Domain, Filling, StepWriter
from agent.reasoning.protocol import Context, RunView
from agent.reasoning.understanding import GoalParts
from agent.reasoning.understanding.elements import NAMES
from agent.reasoning.understanding.mineral_names import find_minerals
from agent.records import Brief, Plan, Question, Review

DOCUMENTS = "documents"
"""Key of the question for documents."""

SENTENCES = 10
SHOWN = 6

_WORDS = re.compile(
    r"\b(?:papers?|literature|documents?|publications?|articles?|reviews?|reports?|pdfs?|studies|read|summari[sz]e|cite"
    r"|according to|standards?|regulations?)\b|논문|문헌|문서|보고서|자료집|요약|정리|규정",
    re.IGNORECASE,
)
_ASKED = re.compile(
    r"\b(?:what|which|how|does|do|is|are)\b[^.?]{0,40}"
    r"\b(?:literature|papers?|publications?|documents?|studies|notes|notebooks?|library|records)\b[^.?]{0,20}"
    r"\b(?:say|says|report\w*|state|show|know|agree|find|found|conclude|claim)\b"
    r"|\bcite (?:only )?(?:studies|papers|sources)"
    r"|\b(?:find out|check|look up|tell me) (?:from|in) (?:the |our |these )*"
    r"(?:literature|papers?|documents?|notes|library)\b"
    r"|\bliterature (?:review|survey|search)\b|문헌\s?(?:조사|검토|고찰)|논문(?:들)?(?:에서|은|에)\s",
    re.IGNORECASE,
)
_WHETHER = re.compile(
    r"\bwhether\s+(?P<clause>[^.;?]+?)(?=\s*(?:,\s*)?\band\s+(?:propose|suggest|design|plan|tell|show|what|which|how)\b|[.;?]|$)",
    re.IGNORECASE,
)
_TOLD_APART = re.compile(
    r"^\W*(?:(?:from|based on|according to|using|with)\s+(?:the\s+|these\s+|our\s+|attached\s+)*"
    r"(?:papers?|literature|documents?|pdfs?|folder)(?:\s+(?:in|of)\s+(?:the\s+)?folder)?\s*[:,]?\s*)"
    r"|^[^.?!]{0,12}(?:논문|문헌|문서)\s*(?:폴더)?(?:를|을)?\s*(?:바탕으로|읽고|참고하여|에서|기반으로)\s*",
    re.IGNORECASE,
)


_GLOSSARY: dict[str, str] = {
    "제한": "limits limited", "요인": "factor controls", "탄산염화": "carbonation", "탄산화": "carbonation",
    "풍화": "weathering", "용해": "dissolution", "침전": "precipitation", "입자 크기": "grain size",
    "입도": "grain size", "온도": "temperature", "압력": "pressure", "속도": "rate", "반응": "reaction",
    "수소": "hydrogen", "이산화탄소": "CO2", "농도": "concentration", "토양": "soil", "지하수": "groundwater",
    "퇴적": "sediment", "암석": "rock", "현무암": "basalt", "감람석": "olivine", "사문석": "serpentine",
    "화강암": "granite", "점토": "clay", "흡착": "sorption", "오염": "contamination", "중금속": "heavy metal",
    "촉매": "catalyst", "수율": "yield", "안정성": "stability", "용해도": "solubility", "독성": "toxicity",
    "분해": "degradation", "합성": "synthesis", "전극": "electrode", "전해질": "electrolyte", "배터리": "battery",
    "용량": "capacity", "전도도": "conductivity", "결정": "crystal", "구조": "structure", "강도": "strength",
    "경도": "hardness", "코팅": "coating", "고분자": "polymer", "단백질": "protein", "효소": "enzyme",
    "유전자": "gene", "세포": "cell", "발현": "expression", "돌연변이": "mutation", "저해": "inhibition",
    "결합": "binding", "선택성": "selectivity", "활성": "activity", "조건": "conditions", "최적": "optimum",
    "증가": "increase", "감소": "decrease", "원인": "cause", "영향": "effect", "한계": "limit", "허용": "permitted",
}  # fmt: skip
"""Words of questions in Korean, in English: most documents are in English, and the search compares words."""


def in_english(question: str) -> str:
    """The words of a Korean question that the glossary, the elements and the minerals know, in English; '' for none."""
    found = [english for korean, english in _GLOSSARY.items() if korean in question]
    found += [mineral.name for mineral in find_minerals(question)]
    found += [name for name in _ENGLISH_ELEMENTS if _ENGLISH_ELEMENTS[name] in question]
    return " ".join(dict.fromkeys(" ".join(found).split()))


_ENGLISH_ELEMENTS = {
    next(english for english, other in NAMES.items() if other == symbol and english.isascii()): korean
    for korean, symbol in NAMES.items()
    if not korean.isascii() and len(korean) > 1
}


class LiteratureReview:
    """Sentences of documents that answer a question, each with its place, and where they contradict each other."""

    name = "literature-review"
    title = "answer a question from documents, with citations"
    domain: Domain = "general"
    trade: tuple[re.Pattern[str], ...] = ()
    examples: tuple[str, ...] = (
        "What do the papers in this folder say about the limits of the reaction?",
        "Summarise the attached report with citations.",
        "From our documents: which catalyst was most stable?",
        "According to the literature, what controls the rate?",
        "Read the attached PDF and tell me which conditions were used.",
        "Which concentration limit do the regulations give for nickel?",
        "Find what the papers disagree on.",
        "What is known in our library about grain size and dissolution?",
        "Collect the evidence in these articles for the mechanism.",
        "Which of the documents mention passivation, and what do they say?",
        "Give me the statements on yield in the attached studies.",
        "Compare what the publications report on temperature.",
        "논문 폴더에서 반응을 제한하는 요인을 정리해줘.",
        "첨부한 보고서를 요약하고 근거 문장을 알려줘.",
        "문헌에 따르면 어떤 조건이 가장 좋은가요?",
        "우리 문서에서 허용 농도를 찾아줘.",
    )

    def signals(self, parts: GoalParts) -> float:
        """Documents that come with the goal, and the words of reading."""
        documents = any(item.kind == "document" for item in parts.files)
        words = bool(_WORDS.search(parts.text))
        asked = bool(_ASKED.search(parts.text)) and not parts.files
        return (
            (4.0 if documents else 0.0)
            + (4.0 if asked else 0.0)
            + (2.0 if words and (documents or not parts.files) else 0.0)
        )

    async def fill(self, parts: GoalParts, context: Context) -> Filling:
        """The question, and the documents to be asked."""
        documents = [item for item in parts.files if item.kind == "document"]
        asked = _WHETHER.search(parts.text)
        question = asked[0] if asked else _TOLD_APART.sub("", parts.text).strip() or parts.text
        translated = in_english(question) if parts.language == "ko" else ""
        missing: tuple[Question, ...] = ()
        if not documents and context.documents <= 0:
            text = parts.say(
                "Which documents should I read? Attach files or a folder (PDF, DOCX, HTML, text), or add them to the"
                " lab's library with `gedanken ingest`.",
                "어떤 문서를 읽을까요? 파일이나 폴더(PDF, DOCX, HTML, 텍스트)를 첨부하거나"
                " `gedanken ingest`로 추가해 주세요.",
            )
            missing = (Question(key=DOCUMENTS, text=text),)
        notes = tuple(
            f"I did not use '{item.text}': documents are quoted, and nothing is computed from them."
            for item in (*parts.constraints, *parts.objectives)
        )
        return Filling(
            entities=tuple(item.entity() for item in documents),
            options={"question": translated or question, **dict(parts.counts)},
            missing=missing,
            notes=(*notes, *([f"I search the documents by these English words: {translated}."] if translated else [])),
        )

    def plan(self, brief: Brief, context: Context) -> Plan:
        """Read what came with the goal; ask the lab's library too, where it holds anything."""
        writer = StepWriter(context.catalogue)
        question = str(brief.options.get("question") or brief.goal)
        given = [entity.value for entity in brief.entities if entity.kind == "file"]
        if given:
            writer.add(
                "read_documents",
                {"paths": given, "question": question, "count": SENTENCES},
                "What the documents that came with the goal say.",
            )
        if context.documents > 0:
            writer.add(
                "answer_question",
                {"question": question, "count": SENTENCES},
                "What the lab's library says.",
                optional=bool(given),
            )
            writer.add("search_passages", {"query": question}, "Further passages that bear on it.", optional=True)
        return Plan(
            steps=tuple(writer.steps),
            rationale="Sentences are quoted as they stand, with document and place; nothing is concluded beyond them.",
        )

    def review(self, view: RunView) -> Review:
        """Where the documents disagree, and the best sentences with them: the report answers on its face."""
        found = [one for one in view.evidence.values() if one.tool in ("read_documents", "answer_question")]
        quotes = {
            f"“{' '.join(citation.quote.split())}” ({citation.document})": None
            for evidence in found
            for citation in evidence.citations
        }
        against = dict.fromkeys(warning for evidence in found for warning in evidence.warnings)
        told = [evidence.summary for evidence in view.evidence.values() if evidence.status != "ok"]
        return Review(enough=True, notes=(*against, *list(quotes)[:SHOWN], *told))
