"""Pictures in cells: colours, glyphs, bars, plots, molecules, cells of crystals, sequences."""
