"""How questions about sequences are worded, in English and Korean: one pattern for each thing that may be said.

Patterns are searched without regard to case. Latin words are not followed by a word boundary where a Korean particle
may follow them.
"""

from __future__ import annotations

COUNT = r"how many|\bnumber of|\bcount\b|몇\s*(?:개|조각|번)|개수|갯수"
LENGTH = (
    r"\blengths?\b|how (?:long|large|big)|\bsizes?\b|how many (?:bp|bases?|base pairs|nt|nucleotides)\b"
    r"|길이|크기|몇\s*(?:bp|nt|염기)"
)
FRAGMENTS = r"\bfragments?\b|\bbands?\b|\bpieces?\b|(?:restriction|digest\w*|banding|gel) pattern|조각|밴드|절편"
CUTS = (
    r"how many (?:times|sites|cuts|cut sites|restriction sites|recognition sites)"
    r"|number of (?:times|cuts|\w*\s?sites)|몇\s*번"
)
DIGEST = r"digest\w*|\bcut(?:s|ting)?\b|cleav\w+|restriction|\btreat\w*|incubat\w+|자르|절단|제한효소"
AMPLIFIED = r"amplicon|\bPCRs?\b|PCR|amplif\w+|증폭"
TEMPLATE = r"\btemplates?\b|주형"
PRIMERS = r"\bprimers?\b|\boligo\w*|프라이머|올리고"
CIRCULAR = r"\bplasmids?\b|\bcircular\b|\bcircle\b|플라스미드|원형"
LINEAR = r"\blinear(?:i[sz]ed)?\b|PCR product|\bamplicon\b|선형"
FRAME = r"open[- ]reading[- ]frame|\bORFs?(?![A-Za-z])|열린\s*해독|해독틀"
TRANSLATED = r"\bAAs?\b|amino|protein|peptide|polypeptide|encod\w+|translat\w+|residue|단백질|펩타이드|아미노산|번역"
BOTH_STRANDS = r"both strands|either strand|(?:six|6|all six) (?:reading )?frames|양쪽 가닥|여섯 (?:개의 )?(?:해독)?틀"
EFFICIENCY = (
    r"translat\w*\W+(?:\w+\W+){0,4}?efficien|efficien\w*\W+(?:\w+\W+){0,3}?translat"
    r"|\b(?:best|better|highest|most|strongest|least|lowest|worst|poorest)\W+(?:\w+\W+){0,3}?translat"
    r"|translat\w*\W+(?:\w+\W+){0,3}?(?:most|best|highest|least|worst)|번역\s*효율"
)
INITIATION = r"Kozak|Shine|start codon context|translation initiation|initiat\w+ context|most protein|개시 ?코돈"
LOWEST = r"\b(?:low|lowest|least|poor|poorest|worst|weakest)\b|가장 낮"
BACTERIUM = r"bacteri|E\. ?coli|Escherichia|prokaryot|Bacillus|세균|박테리아|대장균"
ASSEMBLY = r"Gibson|In-?Fusion|HiFi|SLIC|homolog(?:y|ous) arms?|깁슨"
GOLDEN_GATE = r"Golden[- ]?Gate|\bMoClo\b|골든\s*게이트|type IIS (?:assembly|cloning)"
PERCENT = r"percent|%|퍼센트"
GC = r"(?<![A-Za-z])GC(?![A-Za-z])|G\s*\+\s*C|G (?:or|and) C\b|guanine|구아닌"
AT = r"(?<![A-Za-z])AT[- ](?:content|rich|percent|fraction)|A\s*\+\s*T\b|%\s*AT\b|adenine"
MELTING = r"melting temperature|(?<![A-Za-z])Tm(?![A-Za-z])|녹는점|융해 ?온도"
OTHER_STRAND = r"reverse[- ]complement|(?:opposite|other|complementary|antisense) strand|역상보|상보\s*가닥|반대\s*가닥"
TRANSLATION = (
    r"\b(?:translat\w+|encod\w+|cod(?:e|es|ing) for)\b.*\b(?:protein|peptide|polypeptide|amino|sequence)"
    r"|\b(?:protein|peptide|polypeptide|amino)\b.*\b(?:translat\w+|encod\w+|cod(?:e|es|ing) for|made)\b|번역|암호화"
)
