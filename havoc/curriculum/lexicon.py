"""Names that people in plants and laboratories use: factors with units and ranges, measurements, groups."""

from __future__ import annotations

# name, unit spellings, low, high, decimals
FACTORS: tuple[tuple[str, tuple[str, ...], float, float, int], ...] = (
    ("temperature", ("degC", "C", "°C", "deg C", ""), 20, 400, 0), ("temp", ("C", "degC", "°C", "F", ""), 20, 300, 0),
    ("pressure", ("bar", "psi", "kPa", "MPa", ""), 1, 200, 0), ("time", ("min", "s", "h", "minutes", ""), 1, 120, 0),
    ("speed", ("rpm", "mm/s", "m/min", ""), 50, 3000, 0), ("feed rate", ("mm/min", "kg/h", ""), 5, 400, 0),
    ("feed", ("mm/min", ""), 1, 90, 0), ("flow", ("l/min", "ml/min", ""), 1, 50, 1), ("gas flow", ("sccm", "l/min", ""), 10, 200, 0),
    ("power", ("W", "kW", ""), 10, 900, 0), ("voltage", ("V", "kV", ""), 5, 400, 0), ("current", ("A", "mA", ""), 1, 90, 0),
    ("pH", ("",), 2, 12, 1), ("concentration", ("g/l", "mol/l", "%", ""), 1, 60, 1), ("catalyst", ("g", "%", ""), 0.1, 8, 1),
    ("catalyst loading", ("mol%", "%", ""), 0.5, 9, 1), ("humidity", ("%", ""), 20, 80, 0), ("stirring speed", ("rpm",), 100, 900, 0),
    ("stir rate", ("rpm",), 100, 900, 0), ("cure time", ("min", "h", ""), 5, 90, 0), ("dwell", ("s", "min", ""), 1, 60, 0),
    ("dwell time", ("s", "min"), 1, 60, 0), ("holding pressure", ("bar", "MPa"), 10, 120, 0), ("mold temp", ("C", "°C"), 30, 120, 0),
    ("melt temperature", ("C", "degC"), 180, 300, 0), ("cooling time", ("s",), 5, 60, 0), ("injection speed", ("mm/s",), 10, 150, 0),
    ("screw speed", ("rpm",), 50, 400, 0), ("laser power", ("W",), 50, 500, 0), ("scan speed", ("mm/s",), 100, 2000, 0),
    ("layer thickness", ("um", "µm", "mm"), 20, 100, 0), ("wire tension", ("N",), 2, 30, 0), ("belt speed", ("m/min",), 1, 20, 1),
    ("bake temperature", ("C", "F"), 150, 260, 0), ("bake time", ("min",), 10, 60, 0), ("anneal temp", ("C",), 300, 900, 0),
    ("etch time", ("s",), 10, 200, 0), ("RF power", ("W",), 50, 800, 0), ("gap", ("mm", "cm", ""), 0.5, 5, 1), ("depth of cut", ("mm",), 0.2, 4, 1),
    ("cutting speed", ("m/min",), 50, 300, 0), ("nozzle diameter", ("mm",), 0.2, 2, 1), ("load", ("kg", "N", "kN", ""), 1, 50, 0),
    ("force", ("N", "kN"), 5, 500, 0), ("dose", ("mg", ""), 5, 100, 0), ("binder", ("%", "g", ""), 1, 10, 1), ("water", ("%", "ml", ""), 5, 60, 0),
    ("resin", ("%", "g"), 10, 60, 0), ("filler", ("%",), 5, 40, 0), ("solvent", ("ml", "%"), 5, 90, 0), ("amount", ("g", ""), 1, 90, 0),
    ("angle", ("deg", ""), 5, 85, 0), ("thickness", ("mm", "um", ""), 1, 20, 1), ("agitation", ("rpm", ""), 50, 500, 0), ("vacuum", ("mbar", ""), 1, 90, 0),
    ("preheat", ("C", ""), 60, 200, 0), ("air flow", ("m/s", ""), 1, 20, 1), ("moisture", ("%", ""), 2, 20, 1), ("ratio", ("",), 0.5, 5, 1),
    ("viscosity", ("cP", ""), 10, 900, 0), ("A", ("",), -1, 60, 0), ("B", ("",), 1, 60, 0), ("C", ("",), 1, 60, 0), ("X1", ("",), 1, 60, 0),
    ("X2", ("",), 1, 90, 0), ("x1", ("",), 1, 60, 0), ("x2", ("",), 1, 90, 0), ("x3", ("",), 1, 90, 0),
)
LEVEL_FACTORS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("catalyst", ("A", "B")), ("supplier", ("Acme", "Bolt")), ("supplier", ("S1", "S2", "S3")), ("material", ("steel", "brass")),
    ("resin", ("epoxy", "acrylic")), ("operator", ("Ann", "Ben")), ("machine", ("M1", "M2")), ("tool", ("old", "new")), ("coolant", ("on", "off")),
    ("gas", ("argon", "nitrogen")), ("nozzle", ("short", "long")), ("mixer", ("paddle", "ribbon")), ("coating", ("none", "TiN")), ("mold", ("1", "2")),
    ("shift", ("day", "night")), ("solvent", ("ethanol", "water")), ("wire", ("copper", "gold")), ("method", ("manual", "auto")), ("line", ("L1", "L2")),
    ("oven", ("north", "south")), ("batch", ("b1", "b2")), ("adhesive", ("X", "Y")), ("fixture", ("old", "new")), ("blade", ("flat", "curved")),
)
MEASUREMENTS: tuple[str, ...] = (
    "thickness", "weight", "fill weight", "diameter", "length", "width", "height", "hardness", "strength", "tensile strength", "yield", "viscosity",
    "torque", "pressure", "temperature", "density", "resistance", "voltage", "moisture", "purity", "roughness", "gap", "depth", "volume", "time",
    "cycle time", "flow", "pH", "concentration", "response", "y", "rate", "etch rate", "shrinkage", "adhesion", "peel force", "burst pressure",
    "elongation", "stiffness", "gloss", "color", "assay", "dissolution", "fill", "wear", "runout", "flatness", "concentricity", "output", "current",
    "conductivity", "score", "reading", "Measurement", "value", "result", "cost", "price", "delay", "lead_time", "speed", "force", "deflection",
    "width_mm", "od", "id", "mass", "energy", "noise", "brightness", "deviation", "position", "Thickness_um", "leak rate", "porosity", "turbidity",
)
GROUP_NAMES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("supplier", ("Acme", "Bolt", "Corex", "Delta", "Eastern")), ("machine", ("M1", "M2", "M3", "M4", "M5")), ("operator", ("Ann", "Ben", "Cem", "Dora", "Eli")),
    ("shift", ("day", "swing", "night", "weekend")), ("line", ("L1", "L2", "L3", "L4")), ("batch", ("B1", "B2", "B3", "B4", "B5")), ("lot", ("lot1", "lot2", "lot3", "lot4")),
    ("group", ("control", "treated", "placebo", "high")), ("treatment", ("none", "heat", "acid", "both", "laser")), ("method", ("old", "new", "hybrid")),
    ("material", ("steel", "brass", "alloy", "nylon")), ("region", ("north", "south", "east", "west")), ("cavity", ("c1", "c2", "c3", "c4")), ("tool", ("T1", "T2", "T3")),
    ("mold", ("A", "B", "C", "D")), ("oven", ("front", "middle", "back")), ("catalyst", ("X", "Y", "Z")), ("plant", ("Lyon", "Turin", "Porto", "Gent")), ("type", ("basic", "plus", "pro")),
    ("grade", ("low", "mid", "high")), ("vendor", ("V1", "V2", "V3", "V4")), ("head", ("H1", "H2", "H3", "H4")), ("lab", ("lab1", "lab2", "lab3")), ("day", ("Mon", "Tue", "Wed", "Thu", "Fri")),
)
WIDE_LABELS: tuple[tuple[str, ...], ...] = (
    ("A", "B", "C", "D", "E"), ("before", "after"), ("old", "new"), ("control", "treated"), ("line 1", "line 2", "line 3", "line 4"), ("machine A", "machine B", "machine C"),
    ("supplier 1", "supplier 2", "supplier 3"), ("group1", "group2", "group3", "group4", "group5"), ("x", "y"), ("day", "night"), ("left", "right"), ("Acme", "Bolt", "Corex"),
    ("method1", "method2", "method3"), ("batch 1", "batch 2", "batch 3", "batch 4"), ("S1", "S2", "S3", "S4"), ("cavity1", "cavity2", "cavity3", "cavity4"), ("M1", "M2", "M3", "M4", "M5"),
    ("lab a", "lab b", "lab c"), ("current", "proposed"), ("standard", "modified"), ("untreated", "coated"), ("front", "middle", "back"), ("low", "medium", "high"), ("op1", "op2", "op3"),
)
FILES: tuple[str, ...] = ("data.csv", "measurements.csv", "results.csv", "export.xlsx", "line3.csv", "study.csv", "etch.csv", "fill.csv", "runs.csv", "log.csv", "samples.parquet", "mydata.csv")

OPENERS: tuple[str, ...] = (
    "hi,", "hello,", "hi team,", "quick question:", "quick one:", "please", "could you", "can you", "would you", "help:", "hey,", "good morning,", "urgent:", "for the audit:",
    "for a report:", "boss wants this:", "I have a question.", "need help.", "for tomorrow's meeting:", "question:", "task:", "ok so", "we have a problem:", "dear all,",
)
CLOSERS: tuple[str, ...] = (
    "thanks", "thx", "thank you", "pls", "please", "asap", "cheers", "many thanks", "thanks in advance", "explain briefly", "show me the result", "and a short conclusion please", "show your work",
    "in plain words please", "keep it short", "with a short explanation",
)
ASIDES: tuple[str, ...] = (
    "This is for our {w} line.", "The customer asked for it.", "We run {n} shifts.", "It comes from line {n}.", "The gauge was calibrated {n} weeks ago.", "My manager wants an answer by {n} pm.",
    "We changed the {w} last week.", "The lot number is {n}.", "I am new to this.", "Our old software could not do it.", "The tool is {n} years old.", "It is about the {w} of our product.",
    "The supplier says all is fine.", "This came up in the last audit.", "The plant makes {n} parts per day.", "Machine {n} is involved.",
)
