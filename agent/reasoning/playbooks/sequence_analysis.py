"""Playbook: DNA and protein sequences, given as text or files, analysed as the goal's words ask."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from agent.reasoning.playbooks.base import Domain, Filling, StepWriter, for_domain, literature_steps
from agent.reasoning.playbooks.sequence_designs import (
    DESIGNS,
    REPLACED_BY_DESIGNS,
    design_steps,
    designs_in,
    needs_input,
)
from agent.reasoning.playbooks.sequence_inputs import (
    is_oligo,
    kind_of_file,
    letters_of,
    nearest_behind,
    order_of,
    picked,
    says_circular,
    sequences_in,
    several_records,
    shortened,
    vector_among,
)
from agent.reasoning.playbooks.sequence_proteins import ProteinWishes, protein_wishes
from agent.reasoning.playbooks.sequence_questions import answer_goal
from agent.reasoning.playbooks.sequence_steps import MELTING, PROTEIN, in_residues, plain_steps
from agent.reasoning.playbooks.sequence_tasks import (
    PART,
    REPLACED,
    TASKS,
    can_clone,
    genes_named,
    optimised,
    special_steps,
)
from agent.reasoning.protocol import Context, RunView
from agent.reasoning.questions.options import split_options
from agent.reasoning.understanding import GoalParts
from agent.reasoning.understanding.files import FoundFile
from agent.reasoning.understanding.lexicon import COUNTED
from agent.reasoning.understanding.numbers import NumberTag
from agent.reasoning.understanding.sequence_wishes import find_sequence_wishes
from agent.reasoning.understanding.sequences import RawSequence, find_avoided_enzymes, find_enzymes
from agent.records import Brief, Entity, Plan, Question, Review
from agent.vocabulary import by_key

SEQUENCE, ENZYMES, SECOND = "sequence", "enzymes", "second_sequence"
"""Keys of the questions for a sequence, for restriction enzymes, and for a sequence to align with."""

_WORDS = re.compile(
    r"\b(?:sequences?|dna|rna|genes?|primers?|pcr|orfs?|open reading frames?|codons?|plasmids?|fasta|genbank"
    r"|restriction|digest\w*|peptides?"
    r"|proteins?|amino acids?|nucleotides?|gc[ -]content|melting temperature|isoelectric"
    r"|cloning|oligos?|mutations?|genome|crispr|guide rnas?|sgrnas?|amplicons?)\b|\b(?:anti)?codon"
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


_TRADE = re.compile(
    r"\b(?:coding|linear|strands?|residues?|frames?|chains?|percent|positions?|length|sites?|clamps?|inserts?|vectors?)\b",
    re.IGNORECASE,
)
_ASKED_FOR = tuple(re.compile(pattern, re.IGNORECASE) for _, pattern in (*_TASKS, *TASKS, *DESIGNS))


_MAKING = frozenset(
    {"codons", "silent", "guides", "primers", "qpcr", "gibson", "clone", "mutate", "sirna", "golden_gate", "tags"}
)
"""Tasks that make sequences: what they make is judged by the goal's bounds, what they start from is not."""


class SequenceAnalysis:
    """Composition, reading frames, translation, digests, primers and alignments of given sequences."""

    name = "sequence-analysis"
    title = "analyse DNA or protein sequences"
    domain: Domain = "biology"
    trade: tuple[re.Pattern[str], ...] = (_TRADE, _WORDS, _SITES, _CIRCULAR, MELTING, PART, *_ASKED_FOR)
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
        named = _WORDS.search(parts.bare) or any(re.search(shape, parts.bare, re.IGNORECASE) for _, shape in DESIGNS)
        return score + (2.0 if named else 0.0)

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
        wishes = find_sequence_wishes(parts.bare)
        kinds = {item.path: kind_of_file(item.path) for item in files} | {letters_of(s): s.kind for s in sequences}
        tasks += designs_in(parts.bare, wishes.options, given=molecules, protein="protein" in kinds.values())
        if avoided and "codons" not in tasks and set(kinds.values()) == {"protein"}:
            tasks.append("codons")  # sites can only be avoided in a coding sequence that is yet to be written
        replaced = {**REPLACED, **REPLACED_BY_DESIGNS}
        tasks = [task for task in tasks if not any(task in replaced.get(other, ()) for other in tasks)]
        if enzymes and not {"digest", "primers", *replaced} & set(tasks):
            tasks.append("digest")
        # A goal of several tasks is no question with one answer.
        of_files = [item for item in files if item.kind == "sequence"]
        several = len(tasks) > 1 and not split_options(parts.text)[1]
        answered = None if several else await answer_goal(parts.text, of_files, context)
        chosen = picked(parts.bare, of_files)
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
        proteins = ProteinWishes(objectives, notes, ())
        if "protein" in kinds.values():
            proteins = protein_wishes(parts, objectives, notes)
            objectives, notes = proteins.objectives, proteins.notes
        if (wishes.options.get("n_terminal") or wishes.options.get("c_terminal")) and "tags" not in tasks:
            notes += (
                "The tag is not written into the primers: take a vector that brings it, and check that the insert "
                "stays in its frame.",
            )
        if "tags" in tasks and not chosen and any(several_records(item.path) for item in of_files):
            notes += (
                parts.say(
                    "The goal names no record of the file by its name: I tag the first.",
                    "목표가 파일의 서열 이름을 적지 않아 첫째 서열에 태그를 붙입니다.",
                ),
            )
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
                "min_length": shortest and in_residues(parts.text[shortest.start : shortest.end], shortest.low),
                "kinds": kinds,
                "wishes": wishes.options,
                **({"pH": proteins.pH} if proteins.pH is not None else {}),
                **({"order": order_of(parts.text, files, sequences)} if "golden_gate" in tasks else {}),
                "vector": vector_among(parts.bare, files, sequences) if {"clone", "gibson"} & set(tasks) else "",
                "picked": {path: [[place, word] for place, word, _ in found] for path, found in chosen.items()},
                **({"tagged": nearest_behind(chosen, wishes.spans)} if "tags" in tasks else {}),
                **dict(parts.counts),
            },
            settled=proteins.settled,
            missing=()
            if answered or genes or not needs_input(tasks)
            else _missing(parts, files, sequences, tasks, enzymes),
            notes=notes + wishes.notes + (answered.notes() if answered else ()),
            claimed=tuple(parts.numbers_left)
            if answered or "qpcr" in tasks
            else tuple(
                tag
                for tag in parts.numbers_left
                if tag is shortest
                or any(start < tag.end and tag.start < end for start, end in wishes.spans)
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
        sets: list[tuple[Any, Any, str]] = []
        making = bool(_MAKING & set(tasks))
        for entity in brief.entities:
            if entity.kind != "file":
                continue
            read = writer.add(
                "read_sequences",
                {"path": entity.value} | ({"reference": True} if making else {}),
                f"The sequences in {Path(entity.value).name}.",
            )
            kind = kinds.get(entity.value, "dna")
            records = f"{read}.data.{'proteins' if kind == 'protein' else 'dna'}"
            chosen = brief.options.get("picked", {}).get(entity.value, [])
            named: Any = [f"${{{records}.{place}}}" for place, _ in chosen] or f"${{{records}}}"
            self._analyse(writer, named, kind, brief)
            sets.append((f"${{{records}}}", f"${{{read}.data.names}}", kind))
            singles += [(f"${{{records}.{place}}}", kind) for place, _ in chosen or [(0, "")]]
            if (
                len(chosen) < 2
                and "align" in tasks
                and sum(e.kind in ("file", "sequence") for e in brief.entities) == 1
            ):
                singles.append((f"${{{records}.1}}", kind))
        written = [entity.value for entity in brief.entities if entity.kind == "sequence"]
        for kind in dict.fromkeys(kinds.get(sequence, "dna") for sequence in written):
            self._analyse(writer, [sequence for sequence in written if kinds.get(sequence, "dna") == kind], kind, brief)
        singles += [(sequence, kinds.get(sequence, "dna")) for sequence in written]
        if len(written) > 1 and not sets:
            sets.append((written, [], kinds.get(written[0], "dna")))
        elif written and kinds.get(written[0]) == "protein" and not sets:
            sets.append((written, [], "protein"))
        if vector := brief.options.get("vector"):  # it comes last
            order = [entity.value for entity in brief.entities if entity.kind in ("file", "sequence")]
            if len(order) == len(singles) and vector in order:
                singles.append(singles.pop(order.index(vector)))
        for name, organism in brief.options.get("genes", ()):
            found = writer.add("find_gene", {"name": name, "organism": organism}, f"The sequence of {name}.")
            self._analyse(writer, [f"${{{found}.data.sequence}}"], "dna", brief)
            singles.append((f"${{{found}.data.sequence}}", "dna"))
        calls = brief.options.get("calls", ())
        for tool, arguments in calls:
            writer.add(tool, arguments, "What answers the question.", optional=True)
        # A task whose tool has answered the question need not be done again.
        done = {tool for tool, _ in calls}
        tasks = [task for task in tasks if _TOOL_OF.get(task, "") not in done]
        made = optimised(writer, brief, tasks, singles) if "codons" in tasks else singles
        plain_steps(writer, brief, tasks, singles, made)
        special_steps(writer, brief, tasks, singles, made)
        design_steps(writer, brief, tasks, singles, sets)
        if not tasks and len(singles) == 1 and written and is_oligo(*singles[0]) and MELTING.search(brief.goal):
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

    def _analyse(self, writer: StepWriter, sequences: Any, kind: str, brief: Brief) -> None:
        writer.add(
            "screen_candidates", {"structures": sequences, "kind": "sequence"}, "Sequences of concern are withheld."
        )
        tool = "analyse_proteins" if kind == "protein" else "analyse_dna"
        writer.add(
            tool,
            {"sequences": sequences}
            | ({"pH": brief.options["pH"]} if kind == "protein" and "pH" in brief.options else {}),
            f"Composition and properties of the {kind.upper() if kind != 'protein' else kind}.",
        )


def _of_protein(parts: GoalParts) -> bool:
    """Whether a goal asks for what only a protein has."""
    return bool(re.search(r"\bproteins?\b|\bpeptides?\b|단백질|\bpI\b|isoelectric|등전점|GRAVY", parts.bare)) and bool(
        PROTEIN.search(parts.bare)
    )


def _shortest_frame(parts: GoalParts) -> NumberTag | None:
    """A bound in bases or residues that belongs to no quantity: "frames longer than 300 bp"."""
    return next((tag for tag in parts.numbers_left if tag.unit == COUNTED and tag.relation in (">", ">=")), None)


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
