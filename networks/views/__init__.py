"""Views of networks, one subject a file. A network one cannot know of is 404 in all of them."""
