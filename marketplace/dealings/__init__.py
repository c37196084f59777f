"""What passes between a need and a supplier: looks, interest, contact, introduction, intent, signing; teams."""
