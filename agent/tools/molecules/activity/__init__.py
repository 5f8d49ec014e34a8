"""Reading measured activities: matched pairs, activity cliffs, R-groups, scaffolds, clusters and a map."""
