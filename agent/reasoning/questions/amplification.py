"""Questions on the polymerase chain reaction: lengths of products, and primers for a product."""

from __future__ import annotations

import re

from agent.reasoning.questions import matching, wording
from agent.reasoning.questions.calls import Desk, NotComputable
from agent.reasoning.questions.finding import Finding
from agent.reasoning.questions.reading import Asked, pair

_REGION = (
    r"\b(?:bases?|positions?|nucleotides?|residues?|region(?: from)?|from)\s+(?:base\s+|position\s+)?#\s*"
    r"(?:to|-|–|through|and|until|up to|~)\s*(?:base\s+|position\s+)?#"
).replace("#", r"(\d[\d,]*)")
"""A part of the template by its first and last base."""


async def product_length(asked: Asked, desk: Desk) -> Finding | None:
    """The length of what a given pair of primers makes on a given template."""
    if len(asked.sequences) != 3 or not _is_pcr(asked) or not asked.says(wording.LENGTH):
        return None
    # The template is the longest of the three; the primers are the other two, in the order given.
    template = max(asked.sequences, key=lambda one: len(one.letters)).letters
    primers = [one.letters for one in asked.sequences if one.letters != template]
    if len(primers) != 2 or len(template) < sum(map(len, primers)):
        return None
    result = await desk.use(
        "amplify", template=template, forward=primers[0], reverse=primers[1], circular=asked.circular
    )
    lengths = result.data["lengths"]
    if not lengths:
        raise NotComputable(result.summary)
    if len(set(lengths)) > 1:
        raise NotComputable(f"the primers make several products: {result.summary}")
    return Finding(str(lengths[0]), tuple(matching.same_number(lengths[0], asked.choices)), result.summary)


async def primers_for_product(asked: Asked, desk: Desk) -> Finding | None:
    """Which pair of primers makes a product of a given length or sequence on a given template."""
    pairs = [pair(choice) for choice in asked.choices]
    told = _is_pcr(asked) or asked.says(wording.PRIMERS)
    if not pairs or None in pairs or not told or not asked.longer or asked.enzymes:
        return None
    length = asked.number(r"(?<![A-Za-z])#[\s-]*(?:bp|base|nt|nucleotide|염기)")
    ordered = sorted(asked.longer, key=lambda one: len(one.letters), reverse=True)
    template, target = ordered[0].letters, ordered[1].letters if len(ordered) > 1 else ""
    if not target and (region := re.search(_REGION, asked.words, re.IGNORECASE)):
        first, last = sorted(int(region[place].replace(",", "")) for place in (1, 2))
        target = template[first - 1 : last] if 1 <= first <= last <= len(template) else ""
    if not target and length is None:
        # Short targets are as short as primers.
        target = asked.oligos[0] if len(asked.oligos) == 1 else ""
    if not target and length is None:
        return None
    result = await desk.use(
        "compare_primer_pairs",
        template=template,
        pairs=[",".join(both) for both in pairs if both],
        target=target,
        product_length=0 if target else length or 0,
        circular=asked.circular,
    )
    meeting = result.data["meeting"]
    wished = f"of {length} bases" if not target else "with that sequence"
    return Finding(
        f"Pairs that make a product {wished}: {len(meeting)}.", tuple(n - 1 for n in meeting), result.summary
    )


def _is_pcr(asked: Asked) -> bool:
    return asked.says(wording.AMPLIFIED) or (asked.says(wording.PRIMERS) and asked.says(wording.TEMPLATE))


RULES = (product_length, primers_for_product)
