"""Questions on restriction digests and on the composition of a sequence."""

from __future__ import annotations

import re

from agent.reasoning.questions import matching
from agent.reasoning.questions.calls import Desk
from agent.reasoning.questions.finding import Finding
from agent.reasoning.questions.reading import Asked

# Words of a question, the tool, the field of its first row, for DNA and for proteins.
_DNA_FIELDS = (
    (r"\bGC\b|G\+C|guanine", "GC"),
    (r"melting temperature|\bTm\b", "melting_temperature"),
    (r"how long|how many (?:bases|nucleotides|base pairs|bp)|length", "length"),
)


async def digest(asked: Asked, desk: Desk) -> Finding | None:
    """Number or lengths of the fragments of a digest; linear, unless a plasmid or circle is spoken of."""
    wanted = re.search(r"fragments?\b|bands?\b", asked.last, re.IGNORECASE)
    if not (asked.enzymes and len(asked.longer) == 1 and wanted):
        return None
    circular = asked.says(r"plasmid|circular")
    result = await desk.use(
        "digest_dna", sequence=asked.longer[0].letters, enzymes=list(asked.enzymes), circular=circular
    )
    count, lengths = result.data["count"], result.data["sorted_lengths"]
    if asked.says(r"how many|number of"):
        return Finding(str(count), tuple(matching.same_number(count, asked.choices)), result.summary)
    return Finding(", ".join(map(str, lengths)), tuple(matching.same_lengths(lengths, asked.choices)), result.summary)


async def composition(asked: Asked, desk: Desk) -> Finding | None:
    """GC percent, melting temperature or length of one sequence, to the digits that the choices show."""
    if len(asked.sequences) != 1 or asked.enzymes:
        return None
    field = next((name for pattern, name in _DNA_FIELDS if asked.says(pattern)), None)
    if field is None:
        return None
    result = await desk.use("analyse_dna", sequences=[asked.sequences[0].letters])
    value = result.data["rows"][0][field]
    if field == "GC" and asked.says(r"\b(?:fraction|ratio)\b"):
        value = value / 100
    return Finding(f"{value:g}", tuple(matching.same_number(value, asked.choices)), result.summary)


RULES = (digest, composition)
