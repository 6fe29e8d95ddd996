"""Is it good? Canned questions, metrics, the gate, reports, and benchmarks in BEIR form."""
