"""What is known already: earlier runs on a goal like this, what they found, and questions to a finished run."""
