"""Collects every regular expression of the backend package; run as a program, it prints them as JSON.

`methods` says how each is used: as `findall` (which stands for all that go through a text), `fullmatch` or
`match`, which need not be linear when it is searched for. One that cannot be followed counts as all.

In a fresh interpreter, it records what `re` compiles while all modules are imported and each function in
ASSEMBLIES assembles its patterns. A call of `re` in the sources that was neither recorded nor has a
constant pattern ends up in `missing`, as does any use of `re` that cannot be followed.
"""

import ast
import importlib
import json
import pkgutil
import re
import sys
import tomllib
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple

PACKAGE = Path(__file__).parents[1] / "backend" / "audiobrew"
FUNCTIONS = {
    "compile", "search", "match", "fullmatch", "split", "findall", "finditer", "sub", "subn", "template",
}  # fmt: skip
Span = tuple[int, int]
METHODS = {"match": "match", "fullmatch": "fullmatch"}
ALL = {"findall", "fullmatch"}
ROUTER = "starlette/routing.py"
REPETITION = frozenset("*+{")


class Pattern(NamedTuple):
    place: str
    pattern: str | bytes
    flags: int
    methods: set[str]


def languages() -> list[str]:
    """All that have a file, and one that has none."""
    from audiobrew.lang.language import language_codes

    return [*sorted(language_codes()), "xx"]


def nothing() -> None:
    """For functions that are called with all their data while modules are imported."""


def assemble_phrases() -> None:
    """Each phrase alone that repeats something: all together are as linear, and take longer to attack.

    What repeats nothing matches texts of bounded length only. What surrounds a label is assembled around
    one word, and around each label that repeats something without a close bound.
    """
    from audiobrew.lang.language import Boilerplate, all_languages
    from audiobrew.mail.cuts import phrases, platforms

    purposes = Boilerplate.model_fields.keys() - {"word_boundaries"}
    for boilerplate in (language.boilerplate for language in all_languages()):
        for phrase in {one for purpose in purposes for one in getattr(boilerplate, purpose)}:
            if not REPETITION.isdisjoint(phrase):
                phrases.compile_any([phrase], boilerplate.word_boundaries)
        if boilerplate.request_verbs:
            phrases.compile_any(
                [phrases.appeal(boilerplate.request_verbs[:3], boilerplate.request_objects[:3])],
                True,
            )
        labels = [*boilerplate.sponsor_labels, *boilerplate.sponsored_by]
        for label in ("label", *(one for one in labels if re.search(r"[*+]|\{\d*,\d*\}", one))):
            phrases.compile_labels([label], ["by"], boilerplate.word_boundaries)
            phrases.compile_labels(["label"], [label], boilerplate.word_boundaries)
    for bounded in (True, False):
        words = Boilerplate(word_boundaries=bounded, paid_words=("ad",), label_words=("the",))
        phrases.compile_label_words(words)
    text = files("audiobrew.mail.cuts").joinpath("platforms.toml").read_text(encoding="utf-8")
    for content in tomllib.loads(text).values():
        for mark in {one for marks in content.values() for one in marks}:
            platforms.compile_marks([mark])


def assemble_forwards() -> None:
    from audiobrew.mail import forwards

    forwards.label_pattern()
    forwards.marker_pattern()
    forwards.prefix_pattern()


def assemble_framing() -> None:
    from audiobrew.script.framing import FramingNames, greeting
    from audiobrew.script.script import Speaker

    day = date(2026, 11, 2)
    for language in languages():
        for names in (("The Daily (AM)", "Tech + More"), ()):
            sentence = greeting("x", day, language, Speaker.FIRST)
            FramingNames("The Show", day, names, names).allows(sentence, language)


def assemble_differences() -> None:
    from audiobrew.lang.language import all_languages
    from audiobrew.script.framing import read_difference

    for language in all_languages():
        read_difference("Slow Letters: 40; Harbour: 31.", language.code, "Slow Letters", "Harbour")


def assemble_numbers() -> None:
    from audiobrew.lang.spellings import tokenize

    for language in languages():
        tokenize("1 101 1,000 1.000,5 $3.50 4:30 1st 1990s two million", language)


def assemble_quotations() -> None:
    from audiobrew.script.gate import quotations

    for language in languages():
        quotations.modifier_patterns(language)


# The functions of `script/` that assemble_speech calls, by module.
SPEECH = {
    "column_units": "unit_pattern",
    "cricket_scores": "month_pattern",
    "date_orders": "weekday_patterns written_date_patterns",
    "speech_text": "operator_pattern",
    "plain_notation": "unit_pattern",
    "spoken_abbreviations": "abbreviation_pattern label_pattern ending_pattern comma_pattern"
    " before_name_pattern name_pattern",
    "spoken_amounts": "count_pattern repeated_magnitude_pattern temperature_pattern money_pattern"
    " magnitude_pattern measure_pattern",
    "unit_forms": "unit_form",
    "spoken_dates": "days_joint_pattern lone_day_pattern calendar_pattern joining_pattern"
    " after_weekday_pattern bracketed_weekday_pattern date_range_pattern month_pattern",
    "spoken_times": "time_pattern zone_pattern",
    "spoken_days": "before_month_pattern after_month_pattern dotted_pattern",
    "spoken_durations": "duration_pattern",
    "spoken_listings": "bracketed_weekday_pattern lower_weekday_pattern",
    "spoken_pointed_times": "labelled_pattern second_pattern",
    "spoken_fractions": "fraction_pattern ratio_word_pattern vote_word_pattern after_time_pattern",
    "spoken_names": "domain_pattern",
    "spoken_numerals": "list_pattern roman_pattern words_range_pattern",
    "spoken_rates": "rate_pattern ratio_pattern lone_unit_pattern per_time_pattern",
}
REFERENCES = {
    "item_sections": "continuing_headings",
    "day_headings": "day_pattern",
    "independence": "appeal_pattern",
    "announcements": "table_pattern count_pattern announcement_pattern",
    "relative_days": "_compile",
    "page_references": "heading_pattern opening_pattern page_pattern remark_pattern",
    "block_shapes": "step_headings",
    "sentence_filter": "_openings _closings",
}


def assemble_speech() -> None:
    from audiobrew.script import (
        column_units,
        cricket_scores,
        date_orders,
        plain_notation,
        spoken_dates,
        spoken_days,
        spoken_fractions,
        spoken_listings,
    )
    from audiobrew.script.speech_text import speech_text

    for language in languages():
        speech_text("5 km, 3 TWh or $3/kWh at example.com, Louis XIV, e.g. ½ here", language)
        spoken_fractions.ratio_word_pattern(language)
        spoken_fractions.vote_word_pattern(language)
        spoken_fractions.after_time_pattern(language)
        date_orders.weekday_patterns(language)
        plain_notation.unit_pattern(language)
        for name in ("lone_day", "days_joint", "joining", "date_range", "after_weekday"):
            getattr(spoken_dates, f"{name}_pattern")(language)
        spoken_dates.bracketed_weekday_pattern(language)
        for name in ("before_month", "after_month", "dotted"):
            getattr(spoken_days, f"{name}_pattern")(language)
        column_units.unit_pattern(language)
        spoken_listings.lower_weekday_pattern(language)
    date_orders.written_date_patterns()
    cricket_scores.month_pattern()


def assemble_currencies() -> None:
    from audiobrew.audio.transcript_check import currency_pattern

    for language in languages():
        currency_pattern(language)


def assemble_pronunciations() -> None:
    from audiobrew.audio.pronunciation import word_pattern

    word_pattern(("nguyen", "san josé", "c++"))


def assemble_references() -> None:
    from audiobrew.script import page_references
    from audiobrew.script.announcements import announcement_pattern
    from audiobrew.script.block_shapes import step_headings
    from audiobrew.script.day_headings import day_pattern
    from audiobrew.script.independence import appeal_pattern
    from audiobrew.script.item_sections import continuing_headings
    from audiobrew.script.relative_days import compiled_rules
    from audiobrew.script.sentence_filter import depends_on_paragraph, depends_on_previous, is_aside

    for language in languages():
        for check in (depends_on_previous, depends_on_paragraph, is_aside):
            check("The harbour opens.", language)
        for assemble in (continuing_headings, day_pattern, announcement_pattern, step_headings):
            assemble(language)
        compiled_rules(language)
        appeal_pattern(language)
        for name in ("heading", "opening", "page", "remark"):
            getattr(page_references, f"{name}_pattern")(language)


def assemble_meaning() -> None:
    """Each phrase alone that repeats something; see `assemble_phrases`."""
    from audiobrew.lang.language import language_or_default
    from audiobrew.script.gate import clauses, figure_context, figure_parsing, roles, tokens, units

    for language in languages():
        meaning = language_or_default(language).meaning
        phrases = [
            phrase
            for _, value in meaning
            if isinstance(value, tuple)
            for one in value
            for phrase in ((one,) if isinstance(one, str) else one)
        ]
        for phrase in {"word", *phrases}:
            if phrase == "word" or not REPETITION.isdisjoint(phrase):
                tokens.compile_words((phrase,))
        clauses.canonical_stem("word", language)
        roles.converse_patterns(language)
        figure_parsing.end_of_points(["word"], 0, language)
        [*figure_context.places_in("from 3 to 4", language)]
        units.unit_at(["kilometer", "per", "hour"], 0, language)
        units.unit_at(["km", "per", "hour"], 0, language)


def assemble_ordinals() -> None:
    from audiobrew.lang.number_spelling import spell_ordinal

    for gender in ("", "masculine", "feminine"):
        spell_ordinal(3, "es", gender)


ASSEMBLIES: dict[str, Callable[[], None]] = {
    "script/framing.py:pattern_of": assemble_framing,
    "script/framing.py:read_difference": assemble_differences,
    "lang/spoken_numbers.py:number_pattern": assemble_numbers,
    "lang/spoken_numbers.py:number_word_variants": assemble_numbers,
    "lang/spoken_numbers.py:parse_number": assemble_numbers,
    "mail/forwards.py:label_pattern": assemble_forwards,
    "mail/forwards.py:marker_pattern": assemble_forwards,
    "mail/forwards.py:prefix_pattern": assemble_forwards,
    "mail/cuts/phrases.py:_any": nothing,
    "mail/cuts/phrases.py:compile_any": assemble_phrases,
    "mail/cuts/phrases.py:compile_labels": assemble_phrases,
    "mail/cuts/phrases.py:compile_label_words": assemble_phrases,
    "mail/cuts/platforms.py:compile_marks": assemble_phrases,
    "script/gate/quotations.py:modifier_patterns": assemble_quotations,
    "audio/transcript_check.py:currency_pattern": assemble_currencies,
    "audio/pronunciation.py:word_pattern": assemble_pronunciations,
    "lang/number_spelling.py:spell_ordinal": assemble_ordinals,
    **{
        f"script/gate/{function}": assemble_meaning
        for function in (
            "tokens.py:compile_words",
            "clauses.py:_synonyms",
            "figure_context.py:_phrases",
            "figure_parsing.py:end_of_points",
            "roles.py:converse_patterns",
            "units.py:unit_at",
        )
    },
    **{
        f"script/{module}.py:{name}": assemble
        for assemble, table in ((assemble_references, REFERENCES), (assemble_speech, SPEECH))
        for module, names in table.items()
        for name in names.split()
    },
}


class Recorder:
    """Every pattern that the package compiles, with the place of the call."""

    def __init__(self) -> None:
        self.calls: dict[tuple[str, Span], dict[tuple[str | bytes, int], None]] = {}
        self._compile = re._compile  # type: ignore[attr-defined]

    def __call__(self, pattern: Any, flags: int) -> Any:
        compiled = self._compile(pattern, flags)
        frame: FrameType | None = sys._getframe(2)
        if frame and (name := place(frame.f_code.co_filename, frame.f_code.co_name)):
            positions = list(frame.f_code.co_positions())[frame.f_lasti // 2]
            span = (positions[0] or 0, positions[2] or 0)
            self.calls.setdefault((name, span), {})[compiled.pattern, compiled.flags] = None
        return compiled


@cache
def place(file: str, function: str) -> str | None:
    """The file of the package, or the router's function that turns our paths into patterns."""
    path = Path(file)
    if path.is_relative_to(PACKAGE):
        return path.relative_to(PACKAGE).as_posix()
    is_router = path.as_posix().endswith(ROUTER) and function == "compile_path"
    return ROUTER if is_router else None


def import_everything() -> None:
    import audiobrew

    for module in pkgutil.walk_packages(audiobrew.__path__, "audiobrew."):
        if not module.name.endswith("__main__") and ".migrations" not in module.name:
            importlib.import_module(module.name)


def collect(recorder: Recorder) -> tuple[list[Pattern], list[str]]:
    """The patterns, and what cannot be collected."""
    trees = {
        path.relative_to(PACKAGE).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(PACKAGE.rglob("*.py"))
    }
    uses = Uses(trees)
    found: dict[tuple[str | bytes, int], Pattern] = {}
    missing = []
    for (name, span), compiled in recorder.calls.items():
        for pattern, flags in compiled:
            add(found, Pattern(f"{name}:{span[0]}", pattern, flags, uses.of(name, span)))
    for name, tree in trees.items():
        patterns, escaping = read(name, tree, set(recorder.calls))
        missing += escaping
        for pattern in patterns:
            add(found, pattern)
    return list(found.values()), missing


def add(found: dict[tuple[str | bytes, int], Pattern], pattern: Pattern) -> None:
    known = found.setdefault((pattern.pattern, pattern.flags), pattern)
    known.methods.update(pattern.methods)


class Uses:
    """How the patterns are used that modules give a name: by their methods only, or in unknown ways."""

    def __init__(self, trees: dict[str, ast.Module]) -> None:
        self._methods: dict[tuple[str, str], set[str]] = {}
        self._names: dict[tuple[str, Span], tuple[str, str]] = {}
        self._calls: dict[tuple[str, Span], str] = {}
        for name, tree in trees.items():
            self._read(name, tree)

    def of(self, name: str, span: Span) -> set[str]:
        if name == ROUTER:
            return {"match"}
        call = self._calls.get((name, span), "compile")
        if call != "compile":
            return {METHODS.get(call, "findall")}
        named = self._names.get((name, span))
        return set(self._methods.get(named, ALL)) if named else set(ALL)

    def _read(self, name: str, tree: ast.Module) -> None:
        module = "audiobrew." + name.removesuffix(".py").replace("/", ".")
        origins: dict[str, tuple[str, str]] = {}
        for node in tree.body:
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                value = node.value
                origins[node.targets[0].id] = module, node.targets[0].id
                self._names[name, (value.lineno, value.col_offset)] = module, node.targets[0].id
        owners: dict[int, str] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("audiobrew"):
                for alias in node.names:
                    origins[alias.asname or alias.name] = (str(node.module), alias.name)
            elif isinstance(node, ast.Attribute):
                owners[id(node.value)] = node.attr
            elif is_call(node):
                self._calls[name, (node.lineno, node.col_offset)] = node.func.attr  # type: ignore[attr-defined]
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in origins:
                method = owners.get(id(node), "")
                used = {METHODS.get(method, "findall")} if method in FUNCTIONS else ALL
                self._methods.setdefault(origins[node.id], set()).update(used)
                inside = (
                    ".".join(origins[node.id]),
                    method,
                )  # a module's name, and what is taken from it
                self._methods.setdefault(inside, set()).update(ALL)


def read(
    name: str, tree: ast.Module, recorded: set[tuple[str, Span]]
) -> tuple[list[Pattern], list[str]]:
    """The constant patterns of one file, and the places whose patterns nobody recorded."""
    found = []
    missing = [f"{name}:{line}: only `re.name(…)` can be followed" for line in escapes(tree)]
    for node, function in walk(tree, ""):
        if not is_call(node):
            continue
        where = f"{name}:{node.lineno}"
        constant = bool(node.args) and isinstance(node.args[0], ast.Constant)
        flagged = len(node.args) > ARGUMENTS[node.func.attr] or any(
            keyword.arg == "flags" for keyword in node.keywords
        )
        if (name, (node.lineno, node.col_offset)) in recorded:
            if function and not constant and f"{name}:{function}" not in ASSEMBLIES:
                missing.append(f"{where}: {function} assembles patterns; list it in ASSEMBLIES")
        elif constant and not flagged:
            pattern = re.compile(node.args[0].value)
            method = METHODS.get(node.func.attr, "findall")
            found.append(Pattern(where, pattern.pattern, pattern.flags, {method}))
        else:
            missing.append(f"{where}: nothing has compiled this pattern")
    return found, missing


ARGUMENTS = dict.fromkeys(FUNCTIONS, 2) | {"compile": 1, "template": 1, "sub": 3, "subn": 3}
"""How many arguments a function takes before those that may be flags."""


def walk(node: ast.AST, function: str) -> Iterator[tuple[Any, str]]:
    """All nodes, with the name of the function around each."""
    for child in ast.iter_child_nodes(node):
        yield child, function
        inside = (
            child.name if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef) else function
        )
        yield from walk(child, inside)


def is_call(node: Any) -> bool:
    return isinstance(node, ast.Call) and is_function(node.func)


def is_function(node: Any) -> bool:
    return (
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "re"
        and node.attr in FUNCTIONS
    )


def escapes(tree: ast.AST) -> Iterator[int]:
    """Lines that use `re` or another engine in a way that `is_call` overlooks."""
    nodes = list(ast.walk(tree))
    called = {id(node.func) for node in nodes if is_call(node)}
    owners = {id(node.value) for node in nodes if isinstance(node, ast.Attribute)}
    for node in nodes:
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names if alias.name != "re" or alias.asname]
            escaping = any(name in ENGINES or name.startswith("audiobrew") for name in names)
        elif isinstance(node, ast.ImportFrom):
            escaping = node.module in ENGINES
        elif isinstance(node, ast.keyword):  # Pydantic's own engine is linear; this chooses another
            escaping = node.arg == "regex_engine"
        elif isinstance(node, ast.Name):
            escaping = node.id == "re" and id(node) not in owners
        else:
            escaping = is_function(node) and id(node) not in called
        if escaping:
            yield getattr(node, "lineno", 0)


ENGINES = {"re", "regex", "re2", "sre_compile", "sre_parse", "fnmatch", "glob"}


def main() -> None:
    recorder = Recorder()
    re._compile = recorder  # type: ignore[attr-defined]
    import_everything()
    for assemble in dict.fromkeys(ASSEMBLIES.values()):
        assemble()
    patterns, missing = collect(recorder)
    rows = [
        (where, text, text is not pattern, flags, sorted(methods))
        for where, pattern, flags, methods in patterns
        for text in [pattern if isinstance(pattern, str) else pattern.decode("latin-1")]
    ]
    json.dump({"patterns": rows, "missing": missing}, sys.stdout)


if __name__ == "__main__":
    main()
