"""What the commands do, in modules named as those that declare them."""
