"""Running tool calls in worker processes, with limits, and caching what they return."""
