"""What is typed in a form: read, checked and written, without a widget."""
