"""Sources of Waymark's own H5P library and of the lessons made with it, and what packs them."""
