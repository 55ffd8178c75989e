"""What holds other widgets: layouts, cards, drawers, banners."""
