"""Questions on restriction digests and on the composition of a sequence."""

from __future__ import annotations

from agent.reasoning.questions import matching, wording
from agent.reasoning.questions.calls import Desk, NotComputable
from agent.reasoning.questions.finding import Finding
from agent.reasoning.questions.reading import Asked, enzyme_list
from agent.units import counted

# What is asked, and the field of the tool's row that answers it.
_DNA_FIELDS = (
    (wording.GC, "GC"),
    (wording.AT, "AT"),
    (wording.MELTING, "melting_temperature"),
    (wording.LENGTH, "length"),
)
_TIMES = (
    (r"does not cut|do not cut|doesn't cut|no (?:recognition |restriction )?site|never cut|non-?cutter|자르지 않", 0),
    (r"\bonce\b|exactly one|single[- ]cutter|unique(?:ly)?\b|only one|한 번", 1),
    (r"\btwice\b|exactly two|two times|double[- ]cutter|두 번", 2),
    (r"three times|exactly three|세 번", 3),
)


async def digest(asked: Asked, desk: Desk) -> Finding | None:
    """Number or lengths of the fragments of a digest; linear, unless a plasmid or circle is spoken of."""
    counts_cuts = asked.says(wording.CUTS)
    pieces = asked.says(wording.FRAGMENTS) or (asked.says(wording.DIGEST) and asked.says(wording.LENGTH))
    if not (asked.enzymes and len(asked.sequences) == 1 and (counts_cuts or pieces)):
        return None
    result = await desk.use(
        "digest_dna", sequence=asked.sequences[0].letters, enzymes=list(asked.enzymes), circular=asked.circular
    )
    count, lengths = result.data["count"], result.data["sorted_lengths"]
    if counts_cuts:
        count = sum(result.data["cuts_by_enzyme"].values())
    if counts_cuts or asked.says(wording.COUNT):
        return Finding(str(count), tuple(matching.same_number(count, asked.choices)), result.summary)
    if asked.says(r"\b(?:largest|longest|biggest)\b|가장 (?:큰|긴)"):
        return Finding(str(lengths[-1]), tuple(matching.same_number(lengths[-1], asked.choices)), result.summary)
    if asked.says(r"\b(?:smallest|shortest)\b|가장 (?:작은|짧은)"):
        return Finding(str(lengths[0]), tuple(matching.same_number(lengths[0], asked.choices)), result.summary)
    return Finding(", ".join(map(str, lengths)), tuple(matching.same_lengths(lengths, asked.choices)), result.summary)


async def enzyme_that_cuts(asked: Asked, desk: Desk) -> Finding | None:
    """Which enzyme cuts a given sequence never, once, or a given number of times."""
    listed = [enzyme_list(choice) for choice in asked.choices]
    wanted = next((times for pattern, times in _TIMES if asked.says(pattern)), None)
    if not listed or not all(len(names) == 1 for names in listed) or len(asked.sequences) != 1 or wanted is None:
        return None
    if not asked.says(r"\bcut|digest|site|cleav|자르|절단") or asked.says(rf"{wording.ASSEMBLY}|{wording.GOLDEN_GATE}"):
        return None
    fitting, told = [], []
    for index, (name,) in enumerate(listed):
        result = await desk.use(
            "digest_dna", sequence=asked.sequences[0].letters, enzymes=[name], circular=asked.circular
        )
        times = sum(result.data["cuts_by_enzyme"].values())
        told.append(f"{name} cuts {counted(times, 'time')}")
        if times == wanted:
            fitting.append(index)
    return Finding(f"{len(fitting)} of the enzymes cut {wanted} times.", tuple(fitting), "; ".join(told))


async def composition(asked: Asked, desk: Desk) -> Finding | None:
    """GC percent, melting temperature or length of one sequence, to the digits that the choices show."""
    if len(asked.sequences) != 1 or asked.enzymes:
        return None
    field = next((name for pattern, name in _DNA_FIELDS if asked.says(pattern)), None)
    if field is None:
        return None
    result = await desk.use("analyse_dna", sequences=[asked.sequences[0].letters])
    row = result.data["rows"][0]
    value = 100 - row["GC"] if field == "AT" else row[field]
    if value is None:
        raise NotComputable(result.summary)
    if field in ("GC", "AT") and asked.says(r"\b(?:fraction|ratio|proportion)\b") and not asked.says(wording.PERCENT):
        value = value / 100
    shown = (
        f"{value:.0f}"
        if asked.says(r"nearest (?:whole |integer )?(?:percent|%|degree)|round(?:ed)?\b")
        else f"{value:g}"
    )
    return Finding(shown, tuple(matching.same_number(value, asked.choices)), result.summary)


RULES = (enzyme_that_cuts, digest, composition)
