"""Making a round: its texts, who is appointed, its approval, its publication, addenda and its end before time."""
