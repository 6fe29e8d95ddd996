"""An answer or a dialogue to take along: looked up in the library anew, then put into a form."""
