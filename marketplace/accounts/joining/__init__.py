"""How people and organisations come in: memberships, requests, verification, claims and takedowns."""
