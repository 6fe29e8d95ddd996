"""The editor's page, below the form: readers' notes, the last publish, the versions; plain HTML."""

from ingest.building import KEPT

WORDS = {2: "two", 3: "three", 4: "four", 5: "five"}

JUMP = """
<nav class="jump" aria-label="On this page">
  <a href="#heading">Add an article</a> <a href="#readers">From readers</a>
  <a href="#last">Last publish</a> <a href="#versions">Versions</a>
  <a href="#published">Published articles</a>
</nav>
"""

READERS = """
<section class="card" id="readers" aria-labelledby="readers-heading">
  <h2 id="readers-heading" tabindex="-1">From readers</h2>
  <p class="hint" id="readers-lead"></p>
  <p class="fault" id="readers-fault" role="alert"></p>
  <p class="told"><span id="readers-told" role="status"></span> <span id="readers-undo"></span></p>
  <div id="readers-list"></div>
</section>
"""

LAST = """
<section class="card" id="last" aria-labelledby="last-heading">
  <h2 id="last-heading" tabindex="-1">Last publish</h2>
  <p id="last-summary"></p>
  <div id="last-report"></div>
  <p class="fault" id="last-fault" role="alert"></p>
  <div class="row">
    <button type="button" id="publish-folder" aria-describedby="folder-hint">Publish what is in
      the folder</button>
    <span class="hint" id="busy-folder" role="status"></span>
  </div>
  <p class="hint" id="folder-hint">For files that were put into the folder
    <span id="folder"></span> by hand, changed there or taken out.</p>
</section>

<dialog id="ask-removals" aria-labelledby="removals-heading" aria-describedby="removals-why">
  <h2 id="removals-heading"></h2>
  <p id="removals-why">They are published, but their files are not in the folder any more or cannot
    be read. Nothing is changed so far.</p>
  <ul class="names" id="removals-list" tabindex="0" aria-label="What would be removed"></ul>
  <div id="removals-failed"></div>
  <p class="fault" id="removals-fault" role="alert"></p>
  <div class="row">
    <button type="button" class="danger" id="removals-yes">Remove them and publish</button>
    <button type="button" class="plain" id="removals-no" autofocus>Change nothing</button>
  </div>
</dialog>
"""

VERSIONS = f"""
<section class="card" id="versions" aria-labelledby="versions-heading">
  <h2 id="versions-heading" tabindex="-1">Versions</h2>
  <p class="hint">Every publish makes a version of the whole library; the last
    {WORDS.get(KEPT, KEPT)} are kept. Going back changes what readers get, and not the folder: the
    next publish, of a single article too, brings back all that the folder holds. To take an
    article out for good, withdraw it in the list of published articles.</p>
  <p class="told" id="versions-told" role="status"></p>
  <ol id="versions-list" reversed></ol>
  <p class="fault" id="versions-fault" role="alert"></p>
</section>

<dialog id="ask-back" aria-labelledby="back-heading" aria-describedby="back-why">
  <h2 id="back-heading"></h2>
  <div id="back-changes"></div>
  <p id="back-why">The folder keeps what it holds now, so the next publish brings this version
    back.</p>
  <p class="fault" id="back-fault" role="alert"></p>
  <div class="row">
    <button type="button" class="danger" id="back-yes">Go back</button>
    <button type="button" class="plain" id="back-no" autofocus>Stay here</button>
  </div>
</dialog>
"""
