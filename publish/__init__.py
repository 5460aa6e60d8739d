"""From a build file to one published file per audience, and the only ways to read them."""
