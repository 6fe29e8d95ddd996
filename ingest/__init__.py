"""The program that turns a folder of sources into a published generation of the library."""
