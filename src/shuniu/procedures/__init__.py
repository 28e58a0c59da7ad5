"""关键: who must answer what by when: seats, answers, due dates."""
