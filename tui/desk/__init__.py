"""What the researcher can do: the app in layers, each a class on top of the one before."""
