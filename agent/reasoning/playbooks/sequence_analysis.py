"""Playbook: DNA and protein sequences, given as text or files, analysed as the goal's words ask."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from agent.reasoning.playbooks.base import Domain, Filling, StepWriter, for_domain, literature_steps
from agent.reasoning.playbooks.sequence_inputs import (
    is_oligo,
    kind_of_file,
    letters_of,
    says_circular,
    sequences_in,
    shortened,
)
from agent.reasoning.playbooks.sequence_questions import answer_goal
from agent.reasoning.playbooks.sequence_tasks import (
    PART,
    REPLACED,
    TASKS,
    can_clone,
    genes_named,
    optimised,
    part_of,
    special_steps,
)
from agent.reasoning.protocol import Context, RunView
from agent.reasoning.understanding import GoalParts
from agent.reasoning.understanding.files import FoundFile
from agent.reasoning.understanding.lexicon import COUNTED
from agent.reasoning.understanding.numbers import NumberTag
from agent.reasoning.understanding.sequences import RawSequence, find_avoided_enzymes, find_enzymes
from agent.records import Brief, Entity, Plan, Question, Review
from agent.vocabulary import by_key

SEQUENCE, ENZYMES, SECOND = "sequence", "enzymes", "second_sequence"
"""Keys of the questions for a sequence, for restriction enzymes, and for a sequence to align with."""

_WORDS = re.compile(
    r"\b(?:sequences?|dna|rna|genes?|primers?|pcr|orfs?|open reading frames?|codons?|plasmids?|fasta|genbank"
    r"|restriction|digest\w*|peptides?"
    r"|proteins?|amino acids?|nucleotides?|gc[ -]content|melting temperature|isoelectric"
    r"|cloning|oligos?|mutations?|genome|crispr|guide rnas?|sgrnas?|amplicons?)\b|codon"
    r"|서열|유전자|프라이머|염기|단백질|펩타이드|제한효소|플라스미드|코돈",
    re.IGNORECASE,
)
_TASKS: tuple[tuple[str, str], ...] = (
    ("orfs", r"\borfs?\b|open[ -]reading[ -]frames?|coding regions?|열린 ?해독|해독틀"),
    ("translate", r"\btranslat\w+|번역"),
    ("digest", r"\bdigest\w*|restriction|cut(?:s|ting)? (?:with|by)|fragments? (?:after|from)|제한효소|절단"),
    ("primers", r"\bprimers?\b|\bpcr\b|amplif\w+|프라이머|증폭"),
    ("align", r"\balign\w*|identity between|compare the (?:two )?sequences|정렬"),
)


_TOOL_OF = {"digest": "digest_dna", "orfs": "find_orfs", "sites": "find_restriction_sites", "parts": "annotate_plasmid"}


_SITES = re.compile(r"\bsites?\b|which enzymes|자리|부위", re.IGNORECASE)
_CIRCULAR = re.compile(r"\bplasmids?\b|\bcircular\b|플라스미드|원형", re.IGNORECASE)


_MELTING = re.compile(r"melting|\bTm\b|\boligo|anneal\w*|hybridi[sz]|duplex|올리고|녹는점|융해", re.IGNORECASE)


_TRADE = re.compile(
    r"\b(?:coding|linear|strands?|residues?|frames?|chains?|percent|positions?|length|sites?|clamps?|inserts?|vectors?)\b",
    re.IGNORECASE,
)
_ASKED_FOR = tuple(re.compile(pattern, re.IGNORECASE) for _, pattern in (*_TASKS, *TASKS))


class SequenceAnalysis:
    """Composition, reading frames, translation, digests, primers and alignments of given sequences."""

    name = "sequence-analysis"
    title = "analyse DNA or protein sequences"
    domain: Domain = "biology"
    trade: tuple[re.Pattern[str], ...] = (_TRADE, _WORDS, _SITES, _CIRCULAR, _MELTING, PART, *_ASKED_FOR)
    examples: tuple[str, ...] = (
        "Find the open reading frames in this DNA sequence.",
        "Design PCR primers to amplify the gene in insert.fasta.",
        "What is the GC content and melting temperature of this sequence?",
        "Translate the coding sequence and report the protein's isoelectric point.",
        "Digest the plasmid with EcoRI and BamHI and list the fragments.",
        "Analyse the proteins in this FASTA file.",
        "Align these two sequences and report their identity.",
        "How many restriction sites does this construct have?",
        "Compute the molecular weight and instability index of the peptide.",
        "Which of these genes has the best codon usage for E. coli?",
        "Check whether my insert is in frame and where it stops.",
        "I want to copy this gene out of the genome with two oligos.",
        "이 DNA 서열에서 열린 해독틀을 찾아줘.",
        "유전자를 증폭할 프라이머를 설계해줘.",
        "이 단백질 서열의 등전점과 분자량을 계산해줘.",
        "FASTA 파일에 있는 서열의 GC 함량을 분석해줘.",
        "제한효소 EcoRI로 플라스미드를 자르면 어떤 조각이 나오나요?",
    )

    def signals(self, parts: GoalParts) -> float:
        """Sequences, sequence files, enzymes, and the words of molecular biology."""
        items = [
            item for item in (*parts.constraints, *parts.objectives) if by_key()[item.quantity].domain == "biology"
        ]
        score = 4.0 if parts.sequences or any(item.kind == "sequence" for item in parts.files) else 0.0
        score += min(4.0, 2.0 * len(items)) + (1.0 if parts.enzymes else 0.0)
        score += 1.0 if any(mention.quantity.domain == "biology" for mention in parts.mentions) else 0.0
        return score + (2.0 if _WORDS.search(parts.bare) else 0.0)

    async def fill(self, parts: GoalParts, context: Context) -> Filling:
        """Gather sequences and tasks; ask for what a task lacks."""
        files = [item for item in parts.files if item.kind in ("sequence", "document")]
        avoided = find_avoided_enzymes(parts.bare)
        sequences, enzymes = list(parts.sequences), tuple(name for name in parts.enzymes if name not in avoided)
        if not files and not sequences and (answer := context.answers.get(SEQUENCE)):
            files, sequences = sequences_in(answer)
        if answer := context.answers.get(SECOND):
            more_files, more = sequences_in(answer)
            files, sequences = [*files, *more_files], [*sequences, *more]
        if not enzymes and (answer := context.answers.get(ENZYMES)):
            enzymes = find_enzymes(answer) or tuple(re.findall(r"[A-Za-z][A-Za-z0-9]+", answer))
        tasks = [name for name, pattern in (*_TASKS, *TASKS) if re.search(pattern, parts.bare, re.IGNORECASE)]
        genes = await genes_named(parts, context)
        if "digest" in tasks and not enzymes and _SITES.search(parts.bare):
            tasks[tasks.index("digest")] = "sites"
        molecules = len(files) + len(sequences) + len(genes)
        alone = "clone" in tasks and bool(enzymes) and molecules == 1
        if alone:  # an insert without its vector: its primers can be made, its ligation cannot be simulated
            tasks = [*(task for task in tasks if task not in ("clone", "digest", "primers")), "primers"]
        elif not can_clone(tasks, enzymes, molecules):
            tasks = [task for task in tasks if task != "clone"]
        tasks = [task for task in tasks if not any(task in REPLACED.get(other, ()) for other in tasks)]
        if enzymes and not {"digest", "primers", *REPLACED} & set(tasks):
            tasks.append("digest")
        answered = await answer_goal(parts.text, [item for item in files if item.kind == "sequence"], context)
        if len(sequences) == 2 and re.search(r"compar|비교", parts.bare, re.IGNORECASE) and "align" not in tasks:
            tasks.append("align")
        coded = (
            "translate" not in tasks
            and _of_protein(parts)
            and sequences
            and all(s.kind != "protein" for s in sequences)
        )
        if coded and not files:  # "what protein is this, and its pI?" of DNA
            tasks.append("translate")
        constraints, objectives, notes = for_domain(parts, "biology", "sequences")
        shortest = _shortest_frame(parts) if "orfs" in tasks else None
        notes += tuple(f"Organism: {name} (from '{word}')." for name, word in parts.organisms)
        if alone:
            notes += (
                "The vector's sequence is not given: I design primers that add the sites to the insert. "
                "Paste or attach the "
                "vector too to have the ligation simulated.",
            )
        part = PART.search(parts.text) if {"primers", "guides"} & set(tasks) else None
        if any(item.kind == "rna" for item in sequences):
            notes += ("RNA is analysed in the letters of DNA (T for U).",)
        return Filling(
            entities=(
                *(item.entity() for item in files),
                *(
                    Entity(kind="sequence", text=shortened(s.sequence), value=letters_of(s), role="input")
                    for s in sequences
                ),
                *(Entity(kind="organism", text=word, value=name, role="target") for name, word in parts.organisms),
            ),
            constraints=constraints,
            objectives=objectives,
            options={
                "tasks": tasks,
                "enzymes": list(enzymes),
                "avoided": list(avoided),
                "circular": bool(_CIRCULAR.search(parts.bare)) or any(says_circular(item.path) for item in files),
                "genes": genes,
                **(answered.options() if answered else {}),
                "min_length": shortest and _in_residues(parts.text[shortest.start : shortest.end], shortest.low),
                "kinds": {item.path: kind_of_file(item.path) for item in files}
                | {letters_of(item): item.kind for item in sequences},
                **dict(parts.counts),
            },
            missing=() if answered or genes else _missing(parts, files, sequences, tasks, enzymes),
            notes=notes + (answered.notes() if answered else ()),
            claimed=tuple(parts.numbers_left)
            if answered or "qpcr" in tasks
            else tuple(
                tag
                for tag in parts.numbers_left
                if tag is shortest
                or (part and part.start() <= tag.start < part.end())
                or ("frames" in tasks and re.match(r"[\w ]{0,20}frames?", parts.text[tag.inner :]))
            ),
        )

    def plan(self, brief: Brief, context: Context) -> Plan:
        """Read, screen, analyse, then each task that the goal names."""
        writer = StepWriter(context.catalogue)
        kinds: dict[str, str] = brief.options.get("kinds", {})
        tasks: list[str] = list(brief.options.get("tasks", ()))
        singles: list[tuple[str, str]] = []
        for entity in brief.entities:
            if entity.kind != "file":
                continue
            read = writer.add("read_sequences", {"path": entity.value}, f"The sequences in {Path(entity.value).name}.")
            kind = kinds.get(entity.value, "dna")
            records = f"{read}.data.{'proteins' if kind == 'protein' else 'dna'}"
            self._analyse(writer, f"${{{records}}}", kind)
            singles.append((f"${{{records}.0}}", kind))
            if "align" in tasks and sum(e.kind in ("file", "sequence") for e in brief.entities) == 1:
                singles.append((f"${{{records}.1}}", kind))
        written = [entity.value for entity in brief.entities if entity.kind == "sequence"]
        for kind in dict.fromkeys(kinds.get(sequence, "dna") for sequence in written):
            self._analyse(writer, [sequence for sequence in written if kinds.get(sequence, "dna") == kind], kind)
        singles += [(sequence, kinds.get(sequence, "dna")) for sequence in written]
        for name, organism in brief.options.get("genes", ()):
            found = writer.add("find_gene", {"name": name, "organism": organism}, f"The sequence of {name}.")
            self._analyse(writer, [f"${{{found}.data.sequence}}"], "dna")
            singles.append((f"${{{found}.data.sequence}}", "dna"))
        calls = brief.options.get("calls", ())
        for tool, arguments in calls:
            writer.add(tool, arguments, "What answers the question.", optional=True)
        # A task whose tool has answered the question need not be done again.
        done = {tool for tool, _ in calls}
        tasks = [task for task in tasks if _TOOL_OF.get(task, "") not in done]
        made = optimised(writer, brief, tasks, singles) if "codons" in tasks else singles
        self._tasks(writer, brief, tasks, singles, made)
        special_steps(writer, brief, tasks, singles, made)
        if not tasks and len(singles) == 1 and written and is_oligo(*singles[0]) and _MELTING.search(brief.goal):
            writer.add(
                "scan_melting_conditions",
                {"sequence": written[0]},
                "How its melting temperature follows salt and its own concentration.",
                optional=True,
            )
        literature_steps(writer, brief, context, f"sequence {' '.join(tasks)} {brief.goal}"[:300])
        return Plan(
            steps=tuple(writer.steps),
            rationale="The sequences are screened and described, then each question of the goal gets its own step.",
        )

    def review(self, view: RunView) -> Review:
        """Every task has had its step: what is empty is an answer."""
        notes = [f"{item.tool}: {item.summary}" for item in view.evidence.values() if item.status != "ok"]
        return Review(enough=True, notes=tuple(notes))

    def _analyse(self, writer: StepWriter, sequences: Any, kind: str) -> None:
        writer.add(
            "screen_candidates", {"structures": sequences, "kind": "sequence"}, "Sequences of concern are withheld."
        )
        tool = "analyse_proteins" if kind == "protein" else "analyse_dna"
        writer.add(
            tool,
            {"sequences": sequences},
            f"Composition and properties of the {kind.upper() if kind != 'protein' else kind}.",
        )

    def _tasks(
        self,
        writer: StepWriter,
        brief: Brief,
        tasks: list[str],
        singles: list[tuple[str, str]],
        made: list[tuple[str, str]],
    ) -> None:
        """The steps of these tasks: primers copy what is made, all else is about the sequences as given."""
        nucleic = [sequence for sequence, kind in singles if kind != "protein"]
        circular = bool(brief.options.get("circular"))
        lengths = [bound for bound in brief.constraints if bound.quantity == "length"]
        for sequence in nucleic:
            if "orfs" in tasks:
                shortest = brief.options.get("min_length")
                shortest = shortest or next((_in_residues(b.text, b.low) for b in lengths if b.low), None)
                writer.add(
                    "find_orfs",
                    {"sequence": sequence, "circular": circular} | ({"min_length": shortest} if shortest else {}),
                    "The open reading frames that the goal asks for.",
                )
            if "translate" in tasks:
                read = writer.add("translate_dna", {"sequence": sequence}, "The protein that it codes for.")
                if _PROTEIN.search(brief.goal):
                    protein = [f"${{{read}.data.protein}}"]
                    writer.add("analyse_proteins", {"sequences": protein}, "What the protein is like.", optional=True)
            if "digest" in tasks:
                writer.add(
                    "digest_dna",
                    {
                        "sequence": sequence,
                        "enzymes": list(brief.options.get("enzymes", ())),
                        "circular": circular,
                    },
                    "The fragments that the enzymes leave.",
                )
            if "sites" in tasks:
                writer.add(
                    "find_restriction_sites",
                    {"sequence": sequence, "circular": circular},
                    "Which enzymes cut it, and where.",
                )
        for sequence in (sequence for sequence, kind in made if kind != "protein"):
            if "primers" in tasks and not (is_oligo(sequence, "dna") and _of_primers(brief.goal)):
                writer.add(
                    "design_primers",
                    {"sequence": sequence} | _primer_options(brief) | part_of(brief),
                    "Primers that amplify it.",
                )
        if "align" in tasks and len(singles) >= 2:
            (first, _), (second, _) = singles[:2]
            writer.add("align_sequences", {"a": first, "b": second}, "How alike the two sequences are, and where.")


_PROTEIN = re.compile(
    r"\bpI\b|isoelectric|\bGRAVY\b|instability index|extinction coefficient|\bMW\b|molecular (?:weight|mass)|\bkDa\b"
    r"|\bwhat (?:protein|peptide)\b|등전점|분자량",
    re.IGNORECASE,
)


def _of_protein(parts: GoalParts) -> bool:
    """Whether a goal asks for what only a protein has."""
    return bool(re.search(r"\bproteins?\b|\bpeptides?\b|단백질|\bpI\b|isoelectric|등전점|GRAVY", parts.bare)) and bool(
        _PROTEIN.search(parts.bare)
    )


def _of_primers(goal: str) -> bool:
    """Whether a goal asks for the melting of primers that it gives, not for a design."""
    return bool(_MELTING.search(goal)) and not re.search(r"design|amplif|증폭|설계", goal, re.IGNORECASE)


def _shortest_frame(parts: GoalParts) -> NumberTag | None:
    """A bound in bases or residues that belongs to no quantity: "frames longer than 300 bp"."""
    return next((tag for tag in parts.numbers_left if tag.unit == COUNTED and tag.relation in (">", ">=")), None)


def _in_residues(words: str, length: float) -> int:
    """A length of a reading frame in residues: goals give bases or residues, the tool takes residues."""
    bases = re.search(r"(?:\d|\b)\s*(?:k?bp?|nt|nucleotides?|bases?|base pairs?|염기쌍?)\b", words, re.IGNORECASE)
    return max(1, round(length / 3 if bases else length))


def _primer_options(brief: Brief) -> dict[str, Any]:
    """What the goal's bounds and enzymes say about primers, in the tool's arguments."""
    options: dict[str, Any] = {}
    for wish in brief.objectives:
        if wish.quantity == "melting_temperature" and wish.target is not None:
            options["tm"] = wish.target
    for bound in brief.constraints:
        low, high = bound.low, bound.high
        if bound.quantity == "melting_temperature" and low is not None and high is not None:
            options["tm"] = (low + high) / 2
        elif bound.quantity == "GC":
            options |= {name: edge for name, edge in (("gc_low", low), ("gc_high", high)) if edge is not None}
        elif bound.quantity == "length":
            edges = (("min_length", low), ("max_length", high))
            options |= {name: int(edge) for name, edge in edges if edge is not None}
    cutting = "digest" in brief.options.get("tasks", ())
    enzymes = [] if cutting else list(brief.options.get("enzymes", ()))[:2]
    options |= dict(zip(("forward_enzyme", "reverse_enzyme"), enzymes, strict=False))
    return options


def _missing(
    parts: GoalParts, files: list[FoundFile], sequences: list[RawSequence], tasks: list[str], enzymes: tuple[str, ...]
) -> tuple[Question, ...]:
    questions = []
    if not files and not sequences:
        text = parts.say(
            "Which sequence should I analyse? Paste it or name a FASTA file, for instance 'ATGGCTAGCAAAGGAGAA' or "
            "'insert.fasta'.",
            "어떤 서열을 분석할까요? 서열을 붙여 넣거나 FASTA 파일을 적어 주세요. "
            "예: 'ATGGCTAGCAAAGGAGAA' 또는 'insert.fasta'.",
        )
        questions.append(Question(key=SEQUENCE, text=text, takes="sequence"))
    if "digest" in tasks and not enzymes:
        text = parts.say(
            "Which restriction enzymes should cut? For instance 'EcoRI, BamHI'.",
            "어떤 제한효소로 자를까요? 예: 'EcoRI, BamHI'.",
        )
        questions.append(Question(key=ENZYMES, text=text, takes="list"))
    if "align" in tasks and not files and len(sequences) == 1:
        text = parts.say(
            "Which sequence should it be aligned with? Paste the second one, or name its file.",
            "어떤 서열과 정렬할까요? 두 번째 서열이나 파일을 적어 주세요.",
        )
        questions.append(Question(key=SECOND, text=text, takes="sequence"))
    return tuple(questions)
