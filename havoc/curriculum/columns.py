"""Columns of tables people bring: names from many fields, written as files write them, and groups with their levels."""

from __future__ import annotations

import random

# What is measured, in words; ``styled`` writes it as a file's header would.
QUANTITIES: tuple[str, ...] = tuple(
    """open price, close price, closing price, high price, low price, adjusted close, trading volume, turnover, revenue,
net income, gross profit, operating cost, market cap, dividend, interest rate, exchange rate, unit price, discount,
units sold, order quantity, stock level, lead time, invoice amount, balance, credit limit, loan amount, loan term,
applicant income, monthly salary, hourly wage, tax, rent, age, years of experience, years of education, household size,
number of children, siblings, population, population density, life expectancy, birth rate, literacy, gdp per capita,
unemployment rate, happiness score, freedom index, votes, turnout, percent democrats, body mass index, bmi, height cm,
weight kg, blood pressure, systolic, diastolic, heart rate, cholesterol, glucose, insulin, haemoglobin, white cells,
dose mg, recovery days, pain score, number of visits, charges, premium, cases, deaths, vaccinations, tests performed,
mpg, horsepower, displacement, engine size, acceleration, top speed, mileage, fuel use, axle load, tire wear, fare,
distance km, trip duration, waiting time, delay minutes, passengers, ticket price, stops, temperature max,
temperature min, rainfall, precipitation, snow depth, wind speed, gust, air pressure, relative humidity, visibility,
sunshine hours, dew point, pm25, ozone, no2, co2 level, river level, salinity, turbidity, latitude, longitude,
elevation, area, floor area, number of rooms, bedrooms, bathrooms, lot size, house value, median income, price per sqm,
year built, points, goals, assists, rebounds, minutes played, fouls, win rate, serve speed, batting average, rank,
sessions, page views, clicks, impressions, bounce rate, conversion rate, load time, latency ms, memory use, cpu load,
requests, error count, retries, followers, likes, shares, comments, watch time, rating, review count, exam score,
math score, reading score, attendance, study hours, grade point average, class size, test result, reaction time,
petal length, petal width, sepal length, shell weight, rings, leaf area, root length, plant height, yield per hectare,
soil ph, nitrogen, phosphorus, potassium, organic carbon, clay content, moisture content, protein, fat, sugar, alcohol,
acidity, sulphates, chlorides, free sulfur, colour intensity, hue, ash, magnesium, phenols, energy use, power output,
voltage drop, current draw, resistance ohm, capacitance, gain, noise level, signal strength, frequency, phase angle,
torque nm, spindle load, vibration rms, bearing temperature, oil pressure, flow rate, pump speed, valve position,
tank level, feed rate, dwell time, cooling time, mold temperature, melt pressure, screw speed, clamp force, cycle time,
scrap rate, downtime, throughput, oee, fill volume, seal strength, peel force, tensile strength, yield strength,
elongation, hardness hrc, impact energy, grain size, porosity, coating thickness, surface roughness, ra, flatness,
roundness, runout, wall thickness, hole diameter, slot width, depth, shaft length, bore, crack length, corrosion rate,
weight loss, defect count, particles, void area, bow, warp, sheet resistance, etch rate, line width, overlay, dose,
focus, contact resistance, leakage current, threshold voltage, breakdown voltage, mobility, yield pct, assay pct,
impurity, dissolution 30 min, disintegration, tablet weight, friability, content uniformity, bioburden, endotoxin,
viscosity cp, density, refractive index, flash point, melting point, boiling point, solubility, absorbance, transmittance,
peak area, retention time, mass to charge, concentration, recovery pct, matrix effect, signal to noise""".replace(
        "\n", " "
    ).split(", ")
)
GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("country", ("France", "Japan", "Brazil", "Kenya", "Canada", "India")),
    ("region", ("Europe", "Asia", "Africa", "Americas")),
    ("continent", ("Europe", "Asia", "Africa", "Oceania")),
    ("city", ("Lyon", "Osaka", "Austin", "Porto", "Leeds")),
    ("state", ("CA", "TX", "NY", "WA")),
    ("gender", ("male", "female")),
    ("sex", ("M", "F")),
    ("smoker", ("yes", "no")),
    ("married", ("Yes", "No")),
    ("education", ("Graduate", "Not Graduate")),
    ("education level", ("primary", "secondary", "tertiary")),
    ("department", ("sales", "finance", "IT", "quality", "logistics")),
    ("job", ("clerk", "manager", "technician", "engineer")),
    ("team", ("red", "blue", "green", "white")),
    ("league", ("first", "second", "third")),
    ("position", ("guard", "forward", "center")),
    ("brand", ("Alfa", "Norda", "Kyro", "Vesta")),
    ("model", ("S1", "S2", "X5", "X7")),
    ("category", ("toys", "food", "books", "tools", "garden")),
    ("product", ("widget", "gasket", "bracket", "valve")),
    ("segment", ("retail", "business", "public")),
    ("channel", ("web", "shop", "phone")),
    ("store", ("A12", "B07", "C33", "D01")),
    ("payment", ("card", "cash", "invoice")),
    ("status", ("ok", "failed", "pending")),
    ("result", ("pass", "fail")),
    ("quality", ("good", "bad", "medium")),
    ("priority", ("low", "medium", "high", "urgent")),
    ("size", ("small", "medium", "large")),
    ("color", ("red", "black", "white", "grey")),
    ("species", ("setosa", "virginica", "versicolor")),
    ("breed", ("angus", "holstein", "jersey")),
    ("season", ("spring", "summer", "autumn", "winter")),
    ("month", ("Jan", "Feb", "Mar", "Apr", "May", "Jun")),
    ("weekday", ("Mon", "Tue", "Wed", "Thu", "Fri")),
    ("period", ("before", "after")),
    ("phase", ("baseline", "trial", "followup")),
    ("arm", ("placebo", "drug A", "drug B")),
    ("diet", ("control", "low fat", "vegan")),
    ("variety", ("Victory", "Marvel", "Golden")),
    ("fertilizer", ("none", "NPK", "compost")),
    ("field", ("north", "south", "hill")),
    ("site", ("Lille", "Graz", "Turku")),
    ("inspector", ("Kim", "Lea", "Max", "Noa")),
    ("analyst", ("AB", "CD", "EF")),
    ("instrument", ("GC1", "GC2", "HPLC")),
    ("reactor", ("R1", "R2", "R3")),
    ("furnace", ("F1", "F2")),
    ("press", ("P1", "P2", "P3", "P4")),
    ("spindle", ("S1", "S2", "S3")),
    ("fixture", ("old", "new")),
    ("resin", ("epoxy", "acrylic", "PU")),
    ("coating", ("none", "TiN", "DLC")),
    ("wafer", ("W1", "W2", "W3", "W4")),
    ("product code", ("K-10", "K-20", "K-30")),
    ("ship mode", ("air", "sea", "road")),
    ("browser", ("Chrome", "Firefox", "Safari")),
    ("device", ("mobile", "desktop", "tablet")),
    ("embarked", ("S", "C", "Q")),
    ("fuel", ("petrol", "diesel", "electric")),
    ("gearbox", ("manual", "automatic")),
    ("room type", ("single", "double", "suite")),
    ("neighbourhood", ("Center", "Harbor", "Hills")),
)


def styled(name: str, rng: random.Random) -> str:
    """The name as a file's header writes it: snake case, camel case, capitals, an abbreviation, with a unit."""
    words = name.split()
    match rng.randrange(9):
        case 0:
            return "_".join(words)
        case 1:
            return "".join(w.capitalize() for w in words)
        case 2:
            return " ".join(w.capitalize() for w in words)
        case 3:
            return "_".join(words).upper() if len(name) < 12 else "_".join(words)
        case 4:
            return ".".join(words)
        case 5:
            return words[0] + "".join(w.capitalize() for w in words[1:])
        case 6 if len(words) > 1:
            return "".join(w[:3].capitalize() for w in words)
        case 7:
            return name.capitalize()
    return name
