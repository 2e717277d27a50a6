"""The Merrowdale demo: a fictional borough built through the domain; works in demo mode only."""
