"""Pantry pal: what is in the cupboard, and what to eat first."""

from datetime import date, timedelta


class Pantry:
    def __init__(self):
        self.items = []

    def add(self, name, best_before):
        self.items.append((date.fromisoformat(best_before), name))

    def to_eat(self, today):
        return [name for day, name in self.items if day <= today + timedelta(days=3)]

    def eaten(self, name):
        self.items = [item for item in self.items if item[1] != name]
