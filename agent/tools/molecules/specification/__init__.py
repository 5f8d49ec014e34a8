"""What a molecule has to be: rules on its structure, quantities from every source, and how well it serves them."""
