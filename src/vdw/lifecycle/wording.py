"""Words by which a plain reading of a vibe goes: what obliges, forbids, releases or asks, in English and German.

Patterns over one sentence and nothing else: no grammar, no model. Where they cannot tell, they say nothing, and the
sentence stays unplaced. Contractions are read with either apostrophe.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum

UNDETERMINED = "und"
"""BCP 47 for a text that is mostly in no language that is read here."""

_VERBS: Mapping[str, str] = {
    "must": r"must|shall|has to|have to|needs? to|muss|müssen",
    "should": r"should|ought to|(?<!\ba )(?<!\bthe )(?<!\bmy )(?-i:will|WILL)|soll|sollen|sollte|sollten|wird|werden",
    "could": r"could|(?<!\ba )(?<!\bthe )(?-i:may|can|MAY|CAN)(?!['’])|kann|können|könnte|könnten",
}
"""Verbs that oblige, by priority. Will, May and Can with a capital are names and nouns as well, so they count as
none."""
_OBLIGES = re.compile(
    "|".join(rf"(?P<{priority}>\b(?:{verbs})\b)" for priority, verbs in _VERBS.items()), re.IGNORECASE
)
_CONDITION = re.compile(
    r"(?:(?:and |und )?(?:if|when|whenever|once|after|before|while|during|where|as soon as|as long as|unless|until|"
    r"wenn|immer wenn|sobald|nachdem|bevor|falls|während|solange|sofern|soweit|wo)\b[^,]*,\s*)+",
    re.IGNORECASE,
)
_FORBIDS = re.compile(
    r"\b((must|shall|should|will|may|can|could) (not|never)|cannot|(can|mustn|shouldn|won|shan)['’]?t|never|out of scope|"
    r"non-?goals?|anti-?goals?|(don['’]?t|do not) want|under no circumstances|"
    r"(darf|dürfen|soll|sollen|sollte|sollten|wird|werden|kann|können) (nicht|nie|niemals|kein\w*)|nie|niemals|"
    r"nicht-?ziele?|auf keinen fall|unter keinen umständen)\b|"
    r"^(no (?!(later|more|less|fewer|longer|earlier)\b)|(keine?[mnrs]?|nobody|no one|nothing|niemand|nichts)\b|"
    r"(not|don['’]?t|do not|nicht)\b(?! (only|just|nur)\b))",
    re.IGNORECASE,
)
_RELEASES = re.compile(
    r"(\bnot|n['’]?t|\bno longer) (have|need) to\b|\bneed(s? not|n['’]?t)\b|"
    r"\b(muss|müssen|brauch\w*)\b[^,.;:]*\b(nicht|nie|niemals|kein\w*)\b",
    re.IGNORECASE,
)
"""Says that something is not needed, which neither obliges nor forbids."""
_DENIES = re.compile(
    r"\b(not|never|no|none|nothing|nobody|neither|nor|cannot|without|avoid\w*|exclu\w+|except\w*|forb\w+|reject\w*|"
    r"instead|hate\w*|bad|problems?|later|maybe|future|phase \d+|dropped|descoped|cancell?ed|deprecated|obsolete|superseded|"
    r"out of scope|non-?goals?|anti-?goals?|nicht\w*|nie|niemals|kein\w*|ohne|weder|nichts|verboten\w*|vermeide\w*|verworfen\w*|"
    r"au(ß|ss)er\w*|ausgenommen|ausgeschlossen|ausschl(u|ü)ss\w*|gestrichen\w*|entfällt|entfallen|veraltet\w*|künftig\w*|"
    r"zukünftig\w*|statt|probleme?|später\w*|vielleicht)\b|"
    r"n['’]t\b|\b(do|does|is|ca|wo|must|should)nt\b|\bcan['’]?t\b",
    re.IGNORECASE,
)
"""Anything in a lead-in or a heading by which what stands below it may be unwanted."""
_EXCLUDES = re.compile(r"\b(out of scope|(non|anti|nicht)-?(goals?|ziele?))\b", re.IGNORECASE)
_OPEN = re.compile(r"\b(TBD|TODO|to be decided|noch offen|unklar)\b")
_ASKS = re.compile(r"\?[*_)]*$")
_QUESTIONS = re.compile(r"\b(questions?|open (points?|issues?)|fragen?|offene? punkte?)\b", re.IGNORECASE)
_FILLERS = r"( (also|always|at least|be able to|do|be|the following|auch|immer|folgendes))*$"
_LEADS_ON = re.compile(rf"\b({'|'.join(_VERBS.values())}){_FILLERS}", re.IGNORECASE)
_FORBIDS_ON = re.compile(
    r"\b(((must|shall|should|will|may|can|could) not|(darf|dürfen|soll|sollen|sollte|sollten|wird|kann|können) nicht)"
    rf"|cannot|(can|mustn|shouldn|won)['’]?t|never|nie|niemals|(don['’]?t|do not) want){_FILLERS}",
    re.IGNORECASE,
)
_GERMAN_VERBS = "muss|müssen|soll|sollen|sollte|sollten|wird|werden|kann|können|könnte|könnten"
_INVERTED = re.compile(rf"(should|could|will|may|can|{_GERMAN_VERBS})\b[^,]*,", re.IGNORECASE)
"""Begins with a verb that may stand for "if" ("Should an item expire, ...")."""
_FRAGMENTS: Mapping[str, tuple[str, re.Pattern[str]]] = {
    "en": (
        "The system",
        re.compile(
            r"(?i:must|shall|has to|have to|needs? to|ought to|should|could) "
            r"(?!(?:an?|the|it|its|this|that|these|those|we|you|he|she|they|any|all|every|each|some|no|my|our|your|their|"
            r"users?|people|somebody|someone|anybody|anyone|there)\b)[a-z]"
        ),
    ),
    "de": (
        "Das System",
        re.compile(
            rf"(?i:{_GERMAN_VERBS}) "
            r"(?!(?:der|die|das|den|dem|ein\w*|er|sie|es|man|ich|wir|ihr|jede\w*|alle\w*|kein\w*|dies\w*|jemand|etwas)\b)\w"
        ),
    ),
}
"""By language: who is obliged where a sentence begins with its verb, and how such a sentence begins. Behind the verb
stands another verb; before somebody or something, the sentence could as well be a condition."""
_GERMAN = re.compile(rf"\b(der|die|das|und|ist|nicht|ein|eine|für|mit|kein|keine|{_GERMAN_VERBS})\b", re.IGNORECASE)
_ENGLISH = re.compile(
    r"\b(the|and|is|not|a|an|for|with|to|must|shall|should|will|could|may|can|no|never)\b", re.IGNORECASE
)
_FOREIGN = re.compile(
    r"\b(le|la|les|un|une|et|est|du|que|qui|dans|avec|ne|pas|doit|el|los|las|una|para|con|debe|il|che|di|non|deve|os|um|"
    r"uma|não|het|een|van|moet|niet)\b",
    re.IGNORECASE,
)
"""Small words of other languages in Latin letters, so that their "a" and "no" are not taken for English."""


class Sense(Enum):
    """What a sentence does by its own words."""

    OBLIGES = "obliges"
    FORBIDS = "forbids"
    ASKS = "asks"
    UNTOLD = "untold"
    """Neither, or not to be told."""


def sense_of(words: str) -> Sense:
    """What a sentence does. What forbids and obliges in turn is not told apart, except that an obligation comes
    first."""
    if asks(words) or _OPEN.search(words):
        return Sense.ASKS
    main = _main_clause(words)
    obliges, forbids, inverted = _OBLIGES.search(main), _FORBIDS.search(main), _INVERTED.match(main)
    if _RELEASES.search(main) or (inverted and _OBLIGES.search(main, inverted.end())):
        return Sense.UNTOLD
    if forbids and (obliges is None or forbids.start() <= obliges.start()):
        mixed = forbids.start() > 0 and _OBLIGES.search(_FORBIDS.sub(" ", main))
        return Sense.UNTOLD if mixed else Sense.FORBIDS
    return Sense.OBLIGES if obliges else Sense.UNTOLD


def asks(words: str) -> bool:
    """Whether the words are a question."""
    return bool(_ASKS.search(words))


def releases(words: str) -> bool:
    """Whether a sentence says that something is not needed."""
    return bool(_RELEASES.search(words))


def priority_of(words: str) -> str:
    """By the first verb that obliges; "must" where there is none."""
    found = _OBLIGES.search(_main_clause(words)) or _OBLIGES.search(words)
    return str(found.lastgroup) if found else "must"


def sentence(words: str, language: str) -> str | None:
    """The words as a sentence: behind a frame where they begin with the verb that obliges, else as they are.

    None where it is not to be told whether that verb obliges or stands for "if".
    """
    if not _OBLIGES.match(words):
        return words[0].upper() + words[1:]
    frame, begins = _FRAGMENTS.get(language, ("", None))
    if begins is None or _INVERTED.match(words) or not begins.match(words):
        return None
    return f"{frame} {words[0].lower()}{words[1:]}"


def denies(words: str) -> bool:
    """Whether what stands below such a lead-in or heading may be unwanted, or an open question."""
    return bool(_DENIES.search(_main_clause(words)) or _QUESTIONS.search(words))


def excludes(words: str) -> bool:
    """Whether the words say that what stands below is no goal, and cannot be a product's title."""
    return bool(_EXCLUDES.search(words))


def leads_on(words: str) -> bool:
    """Whether a lead-in, without its colon, ends with a verb that obliges, so that what it leads to ends its
    sentence."""
    return bool(_LEADS_ON.search(words))


def forbids_on(words: str) -> bool:
    """The same of a denial."""
    return bool(_FORBIDS_ON.search(words))


def language_of(text: str) -> str:
    """en, de, or `UNDETERMINED`: whichever has most small words."""
    german, english, foreign = (len(words.findall(text)) for words in (_GERMAN, _ENGLISH, _FOREIGN))
    if max(german, english) <= foreign:
        return UNDETERMINED
    return "de" if german > english else "en"


def _main_clause(words: str) -> str:
    """Without the conditions that it begins with, which oblige and forbid nothing."""
    found = _CONDITION.match(words)
    return words[found.end() :] if found else words
