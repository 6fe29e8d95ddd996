"""The page: chat and reader, over HTTP. The only code that knows Gradio and FastAPI."""

from web.privacy import close_the_leaks

# Gradio reads its environment while it is imported, and this runs before any module of `web` can
# import it.
close_the_leaks()
