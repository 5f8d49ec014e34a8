"""The lexical half of the search: terms, stems and BM25."""
