"""How quantities of sequences, and of what is made from them, are measured."""

from __future__ import annotations

from agent.reasoning.experiments.methods.method import ASSUMED, Method

METHODS: tuple[Method, ...] = (
    Method(
        quantity="melting_temperature", kind="sequence", measures="melting temperature of the duplex", method="UV melting curve at 260 nm", unit="degC",
        condition="melting temperature of {{strand}} duplex in {{salt}} Na+, pH {{pH}}", spread=0.5, spread_source=ASSUMED,
        controls=("positive: a duplex of published melting temperature", "negative: the single strand alone", "blank: buffer"),
        steps=(
            "Anneal each strand with its complement, {{strand}} of duplex in {{salt}} NaCl and {{phosphate}} phosphate of pH {{pH}}.",
            "Heat from {{low}} to {{high}} at {{rate}} degree a minute and back, recording absorbance at the nucleobases' maximum.",
            "Take the melting temperature from a two-state fit; accept curves whose heating and cooling agree within {{agree}}.",
        ),
        materials=("desalted oligonucleotides", "phosphate buffer with NaCl", "UV spectrometer with a Peltier cell holder"),
        settings={"strand": (1, "micromolar"), "salt": (50, "millimolar"), "phosphate": (10, "millimolar"), "pH": (7.0, "1"), "low": (20, "degC"), "high": (95, "degC"), "rate": (0.5, "1"), "agree": (1, "degC")},
        days=2.0, cost=20.0,
    ),
    Method(
        quantity="isoelectric_point", kind="sequence", measures="isoelectric point", method="capillary isoelectric focusing", unit="1",
        condition="isoelectric point by capillary isoelectric focusing at {{temperature}}", spread=0.1, spread_source=ASSUMED,
        controls=("positive: a set of pI markers", "negative: ampholytes with an unrelated protein", "blank: ampholytes without protein"),
        steps=(
            "Express and purify each protein to at least {{purity}} by SDS-PAGE.",
            "Mix with ampholytes of pH {{low}} to {{high}} and pI markers, focus at {{temperature}}, and read the position against the markers.",
        ),
        materials=("purified proteins", "ampholytes", "pI markers", "capillary electrophoresis instrument"),
        settings={"temperature": (25, "degC"), "purity": (90, "percent"), "low": (3, "1"), "high": (10, "1")}, days=10.0, cost=80.0,
    ),
    Method(
        quantity="protein_mass", kind="sequence", measures="mass of the protein", method="intact mass by ESI-TOF mass spectrometry", unit="g/mol",
        condition="deconvoluted mass of the denatured protein", spread=0.5, spread_source=ASSUMED,
        controls=("positive: a protein standard of known mass", "negative: the host's lysate without the protein", "blank: eluent"),
        steps=("Express and purify each protein to at least {{purity}} by SDS-PAGE.", "Desalt on-line, record the charge envelope and deconvolute it."),
        materials=("purified proteins", "LC with ESI-TOF mass spectrometer"), settings={"purity": (90, "percent")}, days=7.0, cost=50.0,
    ),
    Method(
        quantity="extinction_coefficient", kind="sequence", measures="molar extinction coefficient", method="absorbance at 280 nm with amino-acid analysis", unit="1/molar/cm",
        condition="native protein in buffer of pH {{pH}} at {{temperature}}", spread=1000.0, spread_source=ASSUMED,
        controls=("positive: a protein of known extinction coefficient (BSA)", "negative: a protein without Trp and Tyr", "blank: buffer"),
        steps=("Express and purify each protein to at least {{purity}} by SDS-PAGE.", "Measure the absorbance and determine the amount by amino-acid analysis."),
        materials=("purified proteins", "UV spectrometer", "amino-acid analysis"), settings={"pH": (7.4, "1"), "temperature": (25, "degC"), "purity": (90, "percent")}, days=8.0, cost=90.0,
    ),
    Method(
        quantity="GC", kind="sequence", measures="base composition", method="Sanger sequencing of both strands", unit="percent",
        condition="consensus of both strands", spread=0.1, spread_source=ASSUMED, direct=False,
        controls=("positive: a plasmid of known sequence", "negative: no template", "blank: primer without template"),
        steps=("Sequence both strands and count bases of the consensus.",), materials=("template", "primers", "sequencer"), days=3.0, cost=15.0,
    ),
    Method(
        quantity="yield_ratio", kind="sequence", measures="ratio of the proteins made", method="expression side by side with densitometry of SDS-PAGE", unit="1",
        condition="soluble protein per cell mass of the one gene over the other, same vector, host, induction at {{temperature}} for {{hours}}", spread=0.3, spread_source=ASSUMED,
        controls=("positive: a gene that expresses well in this host and vector", "negative: the host with the empty vector", "blank: lysis buffer"),
        steps=(
            "Clone each gene between the same sites of one expression vector, sequence it, and transform the host; keep {{clones}} clones of each.",
            "Grow to mid-log phase, induce, and harvest after {{hours}} at {{temperature}}; lyse equal cell mass and separate the soluble part.",
            "Run dilutions of each lysate and of BSA on one SDS-PAGE, and read the band against the standard.",
        ),
        materials=("synthetic genes", "expression vector", "expression host", "inducer", "SDS-PAGE", "BSA standard"),
        settings={"temperature": (30, "degC"), "hours": (4, "hour"), "clones": (3, "1")}, days=10.0, cost=60.0,
    ),
    Method(
        quantity="indel_share", kind="sequence", measures="share of edited alleles", method="amplicon sequencing", unit="percent",
        condition="reads with insertions or deletions at the cut, {{hours}} after delivery of the ribonucleoprotein", spread=8.0, spread_source=ASSUMED,
        controls=("positive: a guide of known high activity in this cell type", "negative: a guide without a target", "blank: cells without nuclease"),
        steps=(
            "Order each spacer as a synthetic guide, mix with the nuclease, and deliver to {{cells}} cells or more, each in three deliveries.",
            "After {{hours}} extract the DNA, amplify the target with barcoded primers, and sequence to {{depth}} reads or more.",
            "Count reads with an insertion or deletion at the cut, and subtract what the cells without nuclease show.",
        ),
        materials=("synthetic guide RNAs", "nuclease", "cells", "primers of the target", "sequencer"),
        settings={"hours": (72, "hour"), "cells": (100000, "1"), "depth": (5000, "1")}, days=10.0, cost=60.0,
    ),
    Method(
        quantity="remaining_transcript", kind="sequence", measures="transcript that is left", method="RT-qPCR", unit="percent",
        condition="transcript relative to a reference gene and to cells with a non-targeting siRNA, {{hours}} after transfection of {{dose}}", spread=8.0, spread_source=ASSUMED,
        controls=("positive: a published siRNA against this transcript or against GAPDH", "negative: a non-targeting siRNA", "vehicle: transfection reagent alone"),
        steps=(
            "Transfect {{dose}} of each duplex in three wells, with a non-targeting duplex beside it.",
            "After {{hours}} extract RNA, remove DNA, and measure transcript and reference gene by RT-qPCR in triplicate.",
            "Check the protein by blot or fluorescence, and repeat what silences with a second duplex.",
        ),
        materials=("siRNA duplexes", "transfection reagent", "cells", "RT-qPCR kit", "primers"),
        settings={"hours": (48, "hour"), "dose": (10, "nanomolar")}, days=5.0, cost=40.0,
    ),
    Method(
        quantity="unfolding_temperature", kind="sequence", measures="unfolding temperature of the protein", method="differential scanning fluorimetry", unit="degC",
        condition="midpoint of thermal unfolding in buffer of pH {{pH}}, {{rate}} degree a minute", spread=0.5, spread_source=ASSUMED,
        controls=("positive: a protein of published unfolding temperature (lysozyme)", "negative: dye without protein", "blank: buffer"),
        steps=(
            "Express and purify each protein to at least {{purity}} by SDS-PAGE, and bring all into the same buffer of pH {{pH}}.",
            "Heat with a fluorescent dye (or read tryptophan) from {{low}} to {{high}} at {{rate}} degree a minute, four wells of each.",
            "Take the midpoint from a two-state fit, and check that the transition is one step.",
        ),
        materials=("purified proteins", "fluorescent dye", "real-time PCR instrument"),
        settings={"pH": (7.4, "1"), "rate": (1, "1"), "low": (25, "degC"), "high": (95, "degC"), "purity": (90, "percent")}, days=10.0, cost=60.0,
    ),
    Method(
        quantity="soluble_share", kind="sequence", measures="share of the protein that stays soluble", method="centrifugation and absorbance at 280 nm", unit="percent",
        condition="share of {{load}} of protein left in solution after {{hours}} at {{temperature}} and pH {{pH}}", spread=5.0, spread_source=ASSUMED,
        controls=("positive: lysozyme or BSA, which stays in solution", "negative: a protein that is known to aggregate under these conditions", "blank: buffer"),
        steps=(
            "Bring each purified protein to {{load}} in the same buffer of pH {{pH}}, filter, and measure its concentration.",
            "Keep for {{hours}} at {{temperature}}, spin down what has aggregated, and measure the supernatant again.",
        ),
        materials=("purified proteins", "buffer", "centrifuge", "UV spectrometer"),
        settings={"load": (5, "g/L"), "hours": (24, "hour"), "temperature": (25, "degC"), "pH": (7.4, "1")}, days=8.0, cost=50.0,
    ),
)  # fmt: skip
