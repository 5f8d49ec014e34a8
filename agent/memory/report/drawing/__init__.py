"""The figures of the report, drawn as SVG that is the same wherever it is drawn."""
