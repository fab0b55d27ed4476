"""A rule as a sentence: While Door is raised, Horn is on, only during nights."""

from nvrdevice.digital_io import channels
from nvrdevice.digital_io.settings import OUTPUT, token
from nvrdevice.rules import book
from nvrdevice.rules.settings import (
    INPUT,
    MOTION,
    OFF,
    ON,
    PULSE,
    RECORDING,
    SCHEDULE,
    START,
    WHILE,
    Rule,
)

STATES = {INPUT: "{} is raised", MOTION: "{} sees motion", SCHEDULE: "the schedule {} is active"}
STARTS = {INPUT: "{} is raised", MOTION: "{} sees motion", SCHEDULE: "the schedule {} begins"}
ENDS = {
    INPUT: "{} is lowered",
    MOTION: "{} sees no motion any more",
    SCHEDULE: "the schedule {} ends",
}
ACTS = {ON: "{} is switched on", OFF: "{} is switched off", PULSE: "{} pulses"}


def sentence(rule: Rule) -> str:
    of = book.sources(rule.when).get(rule.of, rule.of)
    if rule.do == RECORDING:
        camera = book.sources(MOTION).get(rule.camera, rule.camera)
        who, record = (camera, "records") if rule.camera else ("all cameras", "record")
        words = f"While {STATES[rule.when].format(of)}, {who} {record}"
        if rule.act == PULSE:
            edge = (STARTS if rule.at == START else ENDS)[rule.when]
            words = f"When {edge.format(of)}, {who} {record} once"
        return _limited(words, rule)
    output = channels.names().get(token(OUTPUT, rule.output), f"output {rule.output}")
    if rule.act == WHILE:
        words = f"While {STATES[rule.when].format(of)}, {output} is on"
    else:
        edge = (STARTS if rule.at == START else ENDS)[rule.when]
        words = f"When {edge.format(of)}, {ACTS[rule.act].format(output)}"
    return _limited(words, rule)


def _limited(words: str, rule: Rule) -> str:
    return f"{words}, only during {rule.during}." if rule.during else f"{words}."
