"""One test a requirement, named after it. The standard library alone runs it (run_tests.py)."""

import unittest
from datetime import date

from pantry import Pantry

TODAY = date(2026, 11, 24)


class PantryTest(unittest.TestCase):
    def test_req_001_an_item_is_added_with_its_date(self):
        pantry = Pantry()
        pantry.add("milk", "2026-11-25")
        self.assertEqual(pantry.items, [(date(2026, 11, 25), "milk")])

    def test_req_002_what_expires_within_three_days_comes_soonest_first(self):
        pantry = Pantry()
        pantry.add("yoghurt", "2026-11-27")
        pantry.add("milk", "2026-11-25")
        pantry.add("rice", "2027-05-01")
        self.assertEqual(pantry.to_eat(TODAY), ["milk", "yoghurt"])

    def test_req_003_a_date_that_is_none_is_refused(self):
        pantry = Pantry()
        with self.assertRaises(ValueError):
            pantry.add("milk", "2026-02-30")
        self.assertEqual(pantry.items, [])

    def test_req_004_an_eaten_item_is_gone(self):
        pantry = Pantry()
        pantry.add("milk", "2026-11-25")
        pantry.eaten("milk")
        self.assertEqual(pantry.items, [])
