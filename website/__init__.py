"""The roof: home, search, navigation, standard pages and the demo."""
