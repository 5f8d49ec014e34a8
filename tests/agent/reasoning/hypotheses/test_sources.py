import pytest

from agent.reasoning.hypotheses.sources import stated_sign


@pytest.mark.parametrize(
    ("sentence", "sign"),
    [
        ("A higher logP lowers the aqueous solubility.", -1),
        ("Lowering the logP improves solubility in water.", 1 * -1),
        ("Lipophilicity reduces water solubility", -1),
        ("An increase of the lipophilicity decreases the solubility.", -1),
        ("Reduced lipophilicity increases the solubility.", -1),
        ("Solubility correlates inversely with logP.", 0),  # the verb stands before its adverb: not a plain form
        ("Solubility is inversely correlated with logP.", -1),
        ("logP is positively associated with solubility.", 1),
        ("logP does not lower the solubility.", 0),
        ("The solubility of the salt was measured.", 0),
        ("logP increases with chain length.", 0),
    ],
)
def test_reads_only_plain_statements(sentence, sign):
    assert stated_sign(sentence, "logS_ESOL", "logP") == sign
