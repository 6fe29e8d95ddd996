"""Reading what chat models really send: whatever its form, and never a claim before it is whole."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pincite.answering.chat.parsing import LONGEST_OUTPUT, MOST_CLAIMS, ClaimReader
from pincite.answering.claims import Claim, Quoted

ONE = Claim("A.", (Quoted(1, "a"),))
TWO = Claim("B.", (Quoted(2, "b"), Quoted(1, "c")))
FORM = (
    '{"claims":[{"text":"A.","quotes":[{"source":1,"quote":"a"}]},'
    '{"text":"B.","quotes":[{"source":2,"quote":"b"},{"source":1,"quote":"c"}]}]}'
)
SHORT = '{"text":"A.","quotes":[{"source":1,"quote":"a"}]}'


def read(written: str, *, piece: int = 10_000) -> tuple[Claim, ...]:
    reader = ClaimReader()
    found = [
        claim
        for start in range(0, len(written), piece)
        for claim in reader.feed(written[start : start + piece])
    ]
    return (*found, *reader.end())


@pytest.mark.parametrize(
    ("written", "claims"),
    [
        pytest.param(FORM, (ONE, TWO), id="as-asked"),
        pytest.param(json.dumps(json.loads(FORM), indent=2), (ONE, TWO), id="indented"),
        pytest.param(f"```json\n{FORM}\n```", (ONE, TWO), id="in-a-fence"),
        pytest.param(f'Here "it" is:\n{FORM}\nHope it\'s of help!', (ONE, TWO), id="prose-around"),
        pytest.param(f"See [1]: {FORM}", (ONE, TWO), id="brackets-in-prose"),
        pytest.param(f'<think>{{"text": "no</think>{FORM}', (ONE, TWO), id="thinking-aloud"),
        pytest.param(SHORT, (ONE,), id="one-object"),
        pytest.param(f"[{SHORT}]", (ONE,), id="a-bare-list"),
        pytest.param(f'{{"claims":{SHORT}}}', (ONE,), id="an-object-for-the-list"),
        pytest.param(
            f"{SHORT}\n{SHORT.replace('A.', 'C.')}", (ONE, Claim("C.", ONE.quotes)), id="lines"
        ),
        pytest.param(FORM.replace("}]", "},]"), (ONE, TWO), id="trailing-commas"),
        pytest.param(
            FORM.replace('"text"', '"Text"').replace('"source"', '"SOURCE"'), (ONE, TWO), id="case"
        ),
        pytest.param(SHORT.replace('"text"', '"claim"'), (ONE,), id="another-word-for-text"),
        pytest.param('{"text":"A.","source":1,"quote":"a"}', (ONE,), id="flat"),
        pytest.param('{"text":"A.","source":1,"quotes":["a"]}', (ONE,), id="quotes-as-strings"),
        pytest.param('{"text":"A.","source":1,"quotes":"a"}', (ONE,), id="a-string-for-the-list"),
        pytest.param('{"text":"A.","quotes":{"source":1,"quote":"a"}}', (ONE,), id="an-object"),
        pytest.param(
            '{"text":"A.","quotes":[{"source":1,"text":"a"}]}', (ONE,), id="text-in-a-quote"
        ),
        pytest.param(
            '{"quotes":[{"source":1,"quote":"a"}],"text":"A."}', (ONE,), id="quotes-first"
        ),
        pytest.param('{"text":"A. [1]","quotes":["a"]}', (ONE,), id="number-in-the-text"),
        pytest.param(
            '{"text":"See [2024] (2019) [1].","quotes":["in [2024] it"]}',
            (Claim("See [2024] (2019).", (Quoted(1, "in [2024] it"),)),),
            id="a-year-in-brackets",
        ),
        pytest.param(
            '{"text":"See [2023–2024].","source":1,"quotes":["a"]}',
            (Claim("See [2023–2024].", (Quoted(1, "a"),)),),
            id="years-in-brackets",
        ),
        pytest.param(
            '{"text":"A [1, 2]. 【3】","source":1,"quotes":["a"]}', (ONE,), id="marks-are-cut"
        ),
        pytest.param(
            '{"text":"A [1](http://x.example)[^2].","source":1,"quotes":["a"]}', (ONE,), id="links"
        ),
        pytest.param(f'{{"claims":[{SHORT},{SHORT}]}}', (ONE,), id="twice-the-same"),
        pytest.param(
            '{"text":"A\n","quotes":[{"source":1,"quote":"a"}]}',
            (Claim("A", ONE.quotes),),
            id="raw-line-break",
        ),
        pytest.param(
            '{"text":"A\\u202e\\u0000\\ud800.","quotes":[{"source":1,"quote":"a"}]}',
            (ONE,),
            id="hidden",
        ),
        pytest.param(
            '{"text":"A.","quotes":[{"source":1,"quote":"a\\ud800"}]}', (ONE,), id="surrogate"
        ),
        pytest.param(
            '{"text":"Say \\"}]\\" \\\\","quotes":[{"source":1,"quote":"a"}]}',
            (Claim('Say "}]" \\', ONE.quotes),),
            id="escapes",
        ),
        pytest.param(
            '{"claims": [{"text": "A.", "quotes": []}]}', (Claim("A.", ()),), id="no-quote"
        ),
        pytest.param('{"claims": ["A."]}', (), id="no-quotes-at-all"),
        pytest.param('{"claims": [{"text": 7, "quotes": []}]}', (), id="no-text"),
        pytest.param(f'{{"text":"{"A" * 1001}","quotes":[]}}', (), id="too-long"),
        pytest.param(SHORT.replace("A.", "..."), (), id="the-example-copied"),
        pytest.param("Three months is usual.", (), id="prose"),
        pytest.param("}]}{[", (), id="brackets"),
        pytest.param("", (), id="nothing"),
        pytest.param("[" * 50_000, (), id="deep"),
        pytest.param('{"text":' * 5_000, (), id="deep-objects"),
    ],
)
@pytest.mark.parametrize("piece", [1, 10_000])
def test_what_is_meant_is_read(written, claims, piece):
    assert read(written, piece=piece) == claims


@pytest.mark.parametrize(
    ("given", "number"),
    [
        *((form, 3) for form in ("3", '"3"', '"[3]"', '"Source 3"', '"source #3"', "3.0", "[3]")),
        *((form, 0) for form in ("1.5", '"1.5"', "true", "null", '""', '"one"', "[1, 9]", "{}")),
        ('"3.0"', 3),
        ('"1, 99"', 0),
        ('"¹"', 0),
        ("99", 99),
        ("-1", -1),
        ("0", 0),
        ('"１"', 1),
        ('"【2】"', 2),
    ],
)  # fmt: skip
def test_a_number_is_what_is_plainly_meant_or_none(given, number):
    written = f'{{"text":"A.","quotes":[{{"source":{given},"quote":"a"}}]}}'
    assert read(written)[0].quotes[0].source == number


@pytest.mark.parametrize("cut", range(len(FORM)))
def test_an_answer_cut_off_anywhere_gives_only_what_was_whole(cut):
    found = read(FORM[:cut])
    assert found in ((), (ONE,), (ONE, TWO), (ONE, Claim("B.", TWO.quotes[:1])))
    assert (ONE in found) == (cut > FORM.index('"a"') + 2)


def test_a_claim_is_there_with_its_last_brace():
    reader = ClaimReader()
    end = FORM.index('},{"text":"B')
    assert reader.feed(FORM[:end]) == []
    assert reader.feed(FORM[end]) == [ONE]


@pytest.mark.parametrize(
    ("written", "understood"),
    [
        pytest.param('{"claims": []}', True, id="nothing-to-say"),
        pytest.param("```json\n[]\n```", True, id="an-empty-list"),
        pytest.param(FORM, True, id="claims"),
        pytest.param("{}", False, id="another-object"),
        pytest.param('{"sources": []}', False, id="another-list"),
        pytest.param("I do not know.", False, id="prose"),
    ],
)
def test_silence_is_told_from_noise(written, understood):
    reader = ClaimReader()
    reader.feed(written)
    assert reader.is_understood == understood


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("".join(SHORT.replace("A.", f"{n}.") for n in range(99)), id="ever-new"),
        pytest.param(SHORT * 99, id="round-in-circles"),
        pytest.param("word " * LONGEST_OUTPUT, id="on-and-on"),
    ],
)
def test_a_model_that_runs_on_is_not_heard_to_the_end(written):
    reader = ClaimReader()
    assert len(reader.feed(written)) <= MOST_CLAIMS
    assert reader.is_done
    assert reader.feed(SHORT.replace("A.", "Late.")) == []


words = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Cf", "Co", "Zl", "Zp"]), min_size=1, max_size=20
)


@given(
    said=st.lists(st.tuples(words, st.integers(-9, 99), words), max_size=4),
    piece=st.integers(1, 30),
    indent=st.sampled_from([None, 1]),
    is_ascii=st.booleans(),
)
def test_no_quote_is_changed_on_its_way(said, piece, indent, is_ascii):
    raw = {"claims": [{"text": f"T{t}", "quotes": [{"source": n, "quote": q}]} for t, n, q in said]}
    found = read(json.dumps(raw, indent=indent, ensure_ascii=is_ascii), piece=piece)
    quoted = {(q.source, q.quote) for claim in found for q in claim.quotes}
    assert quoted <= {(n, q.strip()) for _, n, q in said}


@given(
    noise=st.text(st.sampled_from('{}[]":,\\ntexquosclaim1 \n'), max_size=80),
    piece=st.integers(1, 9),
)
def test_no_noise_breaks_the_reader(noise, piece):
    read(noise, piece=piece)
