"""Data of publications, typed from them; the results that go with them stand in the tests."""

from pathlib import Path

import numpy as np

# Shrout & Fleiss 1979, Psychological Bulletin 86, table 2: six targets, four judges
SHROUT_FLEISS = np.array(
    [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], float
)

# Bland & Altman 1986, Lancet i, 307–310: peak expiratory flow, l/min, first readings with a Wright and a mini meter
WRIGHT = [494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427]
MINI = [512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451]

# Davies 1947, as in lme4's Dyestuff: yield of dyestuff, grams, six batches of five preparations
DYESTUFF = {
    "A": [1545, 1440, 1440, 1520, 1580],
    "B": [1540, 1555, 1490, 1560, 1495],
    "C": [1595, 1550, 1605, 1510, 1560],
    "D": [1445, 1440, 1595, 1465, 1545],
    "E": [1595, 1630, 1515, 1635, 1625],
    "F": [1520, 1455, 1450, 1480, 1445],
}

# Rubin 1981, Journal of Educational Statistics 6, 377–401: effect of coaching and its standard error, eight schools
SCHOOLS = [(28, 15), (8, 10), (-3, 16), (7, 11), (-1, 9), (1, 11), (18, 10), (12, 18)]

# Colditz et al. 1994, JAMA 271, 698–702: tuberculosis with and without BCG vaccine. Cases and others of either arm
BCG = [
    (4, 119, 11, 128),
    (6, 300, 29, 274),
    (3, 228, 11, 209),
    (62, 13536, 248, 12619),
    (33, 5036, 47, 5761),
    (180, 1361, 372, 1079),
    (8, 2537, 10, 619),
    (505, 87886, 499, 87892),
    (29, 7470, 45, 7232),
    (17, 1699, 65, 1600),
    (186, 50448, 141, 27197),
    (5, 2493, 3, 2338),
    (27, 16886, 29, 17825),
]


def cardiac_output():
    """Bland & Altman 1999, Statistical Methods in Medical Research 8, table 4: subject, RV and IC, l/min, 60 pairs."""
    path = Path(__file__).parents[1] / "golden" / "cardiac_output.csv"
    return np.loadtxt(path, delimiter=",", skiprows=1, unpack=True)
