"""From an intake to an edition."""

